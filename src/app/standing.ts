import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { File } from '../configuration/schema.ts';
import type { Instant } from '../core/instant.ts';
import type { Archive } from '../evidence/archive.ts';
import { DESCRIPTION, parseDescription } from '../log/description.ts';
import { isKey, overlapOf } from '../log/disposal.ts';
import type { Unsealed } from '../log/statement.ts';

/** A key that signs, or signed once. */
export interface KeyLine {
  /** Of the log: checkpoints. Of a statement: what a collector, or the workspace, says. */
  readonly role: 'log' | 'statement';
  /** The log's origin, a collector's id, or `workspace`. */
  readonly who: string;
  /** As `log.json` spells it: a verifier key of signed-note, or a SubjectPublicKeyInfo in base64. */
  readonly key: string;
  /** The first 16 hexadecimal digits of the SHA-256 of that spelling: to be read out. */
  readonly fingerprint: string;
  /** The record that introduced it, and when that was sealed; `null` of the first key of its signer, which needs none. */
  readonly introduced: { readonly record: number; readonly at: Instant } | null;
  /** The record that ended it; `null` while it signs. */
  readonly ended: { readonly record: number; readonly at: Instant } | null;
}

export interface Keys {
  /** The log's first, then by who signs; those that sign before those that ended. */
  readonly keys: readonly KeyLine[];
  /** When the log began: the age of a first key. `null` of an empty log. */
  readonly began: Instant | null;
  /** While two keys of the log sign: up to when. */
  readonly overlap: { readonly record: number; readonly until: Instant } | null;
  /** Who wraps the keys of the payloads. */
  readonly payloads: { readonly keeper: 'files' | 'aws-kms'; readonly says: string };
}

/** Where the archive lies, and how much room it takes. */
export interface Room {
  /** A folder below the workspace, or the address of a bucket. */
  readonly place: string;
  /** Object Lock of a bucket; `null` of a folder. */
  readonly lock: 'compliance' | 'governance' | 'none' | null;
  /** Bytes on this machine, by part. */
  readonly parts: readonly { readonly part: string; readonly bytes: number; readonly files: number }[];
}

/** What settings pages show of a workspace, beside what it does. */
export interface Standing {
  /** How long evidence is kept, by class: `7 years`. */
  readonly retention: Readonly<Record<string, string>>;
  keys(): Promise<Keys>;
  room(): Promise<Room>;
}

export interface StandingFrom {
  readonly archive: Archive;
  readonly file: Pick<File, 'retention' | 'archive' | 'keys'>;
  /** The state folder. */
  readonly state: string;
}

export function standing({ archive, file, state }: StandingFrom): Standing {
  let measured: { readonly size: number; readonly room: Promise<Room> } | null = null;
  return {
    retention: file.retention,

    async keys() {
      const bytes = await archive.files.read(DESCRIPTION);
      const { origin, verifierKey, statementKeys } = parseDescription(bytes ?? Buffer.alloc(0));
      const about = await archive.about();
      const signing = [
        { role: 'log' as const, who: origin, key: verifierKey },
        ...Object.entries(statementKeys).map(([who, key]) => ({ role: 'statement' as const, who, key })),
      ];
      const { size } = await archive.checkpoint();
      const overlap = overlapOf(about);
      return {
        keys: linesOf(signing, about),
        began: size === 0 ? null : (await archive.record(0)).sealedAt,
        overlap: overlap && { record: overlap.record, until: overlap.until },
        payloads: file.keys.kms
          ? { keeper: 'aws-kms', says: `AWS KMS in ${file.keys.kms.region}, a key for each class and quarter, alias/${file.keys.kms.alias}/…` }
          : { keeper: 'files', says: 'Files of this machine, a key for each class and quarter, readable by their owner alone' },
      };
    },

    async room() {
      const { size } = await archive.checkpoint();
      // A long log is many files: they are counted once for each size that it has.
      if (measured?.size !== size) measured = { size, room: roomIn(state, file) };
      return measured.room;
    },
  };
}

/** The keys that sign now, and those that records say were replaced. */
function linesOf(signing: readonly Pick<KeyLine, 'role' | 'who' | 'key'>[], about: readonly Unsealed[]): readonly KeyLine[] {
  const all = new Map(signing.map((its) => [`${its.role} ${its.who} ${its.key}`, { ...lineOf(its) }]));
  for (const { head, index: record, sealedAt: at } of about) {
    if (!isKey(head)) continue;
    const { role, who, key, step, replaces } = head;
    const named = (its: string) => {
      const place = `${role} ${who} ${its}`;
      const line = all.get(place) ?? { ...lineOf({ role, who, key: its }) };
      all.set(place, line);
      return line;
    };
    if (step === 'retired') named(key).ended = { record, at };
    else {
      named(key).introduced = { record, at };
      // A key of a statement ends with the record that names the next; one of the log when a record retires it.
      if (replaces !== null && role === 'statement') named(replaces).ended = { record, at };
      else if (replaces !== null) named(replaces);
    }
  }
  const order = ({ role, ended, who }: KeyLine) => `${role === 'log' ? 0 : 1} ${ended === null ? 0 : 1} ${who === 'workspace' ? '' : who}`;
  return [...all.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

type Writable = { -readonly [Name in keyof KeyLine]: KeyLine[Name] };

const lineOf = ({ role, who, key }: Pick<KeyLine, 'role' | 'who' | 'key'>): Writable => ({
  role,
  who,
  key,
  fingerprint: createHash('sha256').update(key).digest('hex').slice(0, 16),
  introduced: null,
  ended: null,
});

/** Folders of the state folder, as somebody who looks for room knows them. */
const PARTS = { log: 'Log: entries, tiles, checkpoints', packs: 'Payloads, in packs', payloads: 'Payloads, single', keys: 'Keys', database: 'Database' };

async function roomIn(state: string, { archive }: StandingFrom['file']): Promise<Room> {
  const parts = [];
  for (const [folder, part] of Object.entries(PARTS)) {
    const path = join(state, folder);
    if (existsSync(path)) parts.push({ part, ...(await measure(path)) });
  }
  return archive ? { place: archive.url, lock: archive.lock, parts } : { place: '.tickmark', lock: null, parts };
}

async function measure(path: string): Promise<{ readonly bytes: number; readonly files: number }> {
  let [bytes, files] = [0, 0];
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    // What another process has removed meanwhile takes no room.
    const its = await lstat(join(entry.parentPath, entry.name)).catch(() => null);
    bytes += its?.size ?? 0;
    files += its ? 1 : 0;
  }
  return { bytes, files };
}
