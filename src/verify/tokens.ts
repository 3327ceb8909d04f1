import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Instant, iso } from '../core/instant.ts';
import { checkpointName, readCheckpoint } from '../log/checkpoint.ts';
import { cosignatures } from '../log/cosignature.ts';
import { type NoteVerifier, parseNote } from '../log/note.ts';
import type { Tree } from '../log/tree.ts';
import type { BundleFiles } from './bundle-files.ts';
import type { Bound } from './dated.ts';
import type { Verdicts } from './verdict.ts';

export interface Confirmed {
  readonly files: BundleFiles;
  readonly tree: Tree | null;
  readonly verifier: NoteVerifier;
  /** A file of certificates that the reader trusts. */
  readonly authorities: string | null;
  /** Whose cosignatures its reader knows. */
  readonly witnesses: readonly NoteVerifier[];
}

const FOLDER = 'log/checkpoints/';
/** Each token costs a process: of more, so many are verified, spread over the whole log, for they bound the dates of what is between them. */
const TOKENS = 100;

/**
 * What others confirmed of checkpoints: each note against the tree, each timestamp (RFC 3161) by openssl, where it is at
 * hand. Resolves to the times that were confirmed.
 */
export async function verifyConfirmations({ files, tree, verifier, authorities, witnesses }: Confirmed, said: Verdicts): Promise<readonly Bound[]> {
  const names = files.names.filter((name) => name.startsWith(FOLDER)).toReversed();
  const tokens = names.filter((name) => name.endsWith('.tsr'));
  const [asked, bounds] = [new Set(spread(tokens, TOKENS)), [] as Bound[]];
  const openssl = tokens.length > 0 && spawnSync('openssl', ['version']).status === 0;
  const chain = authorities === null ? await chainOf(files) : null;
  for (const name of names) {
    const bytes = await files.readPart(name, 0, FILE);
    const [, of = '', ending = ''] = /^(\d{20}-[0-9a-f]{16})(\..+)?$/.exec(name.slice(FOLDER.length)) ?? [];
    const note = await files.readPart(`${FOLDER}${of}`, 0, FILE);
    if (!bytes || !note) {
      said.say(name, 'MISSING', `${FOLDER}${of} is not there, and it is about it`);
      continue;
    }
    const isToken = ending.endsWith('.tsr');
    said.attempt(name, () => {
      if (isToken) return;
      const checkpoint = readCheckpoint(bytes, verifier);
      if (checkpointName(checkpoint) !== of || !parseNote(bytes).text.startsWith(parseNote(note).text))
        throw new RangeError('it is not the checkpoint that its name says');
      if (!tree || checkpoint.size > tree.size || !tree.rootAt(checkpoint.size).equals(checkpoint.root))
        throw new RangeError('the log of the bundle does not lead to its root');
      if (ending === '') said.say(name, 'VERIFIED');
      else said.say(name, ...cosigned(bytes, verifier, witnesses));
    });
    if (!isToken) continue;
    if (!openssl) said.say(name, 'NOT CHECKED', 'no openssl is at hand: openssl ts -verify -in TOKEN -data TEXT -CAfile CERTIFICATES');
    else if (!asked.has(name)) said.say(name, 'NOT CHECKED', `of ${tokens.length} tokens only ${TOKENS} were checked, spread over the whole log`);
    else
      said.attempt(name, () => {
        const { word, says, at } = stamped(bytes, Buffer.from(parseNote(note).text), authorities ?? chain);
        said.say(name, word, says);
        // Of a note that is not of this log nothing follows: what is wrong with that one is said of it.
        if (at !== null && said.word(`${FOLDER}${of}`) !== 'ALTERED') bounds.push({ size: Number(of.slice(0, 20)), at, file: name });
      });
  }
  return bounds;
}

/** At most so many of them, at even distances, the first and the last among them. */
const spread = <Item>(items: readonly Item[], most: number): readonly Item[] =>
  items.length <= most ? items : Array.from({ length: most }, (_, place) => items[Math.round((place * (items.length - 1)) / (most - 1))] as Item);

const FILE = 1024 * 1024;

/** What witnesses saw whose keys its reader brings: nobody's word in the bundle makes a key a witness's. */
function cosigned(note: Buffer, verifier: NoteVerifier, witnesses: readonly NoteVerifier[]): ['VERIFIED' | 'NOT CHECKED', string] {
  const seen = cosignatures(note, witnesses);
  if (seen.length > 0) return ['VERIFIED', seen.map(({ name, at }) => `seen by ${name} ${new Date(at).toISOString()}`).join('; ')];
  return ['NOT CHECKED', `signed by ${signers(note, verifier)}: bring the keys you have of them with --witness (c2sp.org/tlog-cosignature)`];
}

const signers = (note: Buffer, { name }: NoteVerifier): string =>
  parseNote(note)
    .signatures.map((it) => it.name)
    .filter((it) => it !== name)
    .join(', ') || 'nobody else';

/** The certificates in the bundle: they show that a token is whole, and only its reader can say whom they belong to. */
async function chainOf(files: BundleFiles): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  for (const name of files.names.filter((it) => it.startsWith('log/authorities/'))) parts.push((await files.readPart(name, 0, FILE)) ?? Buffer.alloc(0));
  return parts.length === 0 ? null : Buffer.concat(parts);
}

interface Stamped {
  readonly word: 'VERIFIED' | 'NOT CHECKED' | 'ALTERED';
  readonly says: string;
  /** When the text was there, by certificates of its reader or of the bundle; `null` where no certificate says so. */
  readonly at: Instant | null;
}

function stamped(answer: Buffer, text: Buffer, authorities: string | Buffer | null): Stamped {
  const unproved = (word: 'NOT CHECKED' | 'ALTERED', says: string): Stamped => ({ word, says, at: null });
  if (authorities === null) return unproved('NOT CHECKED', 'there are no certificates to check it against: bring them with --tsa-ca');
  const folder = mkdtempSync(join(tmpdir(), 'tickmark-verify-'));
  try {
    const [tsr, token, data, chain] = ['answer.tsr', 'token', 'text', 'chain.pem'].map((name) => join(folder, name)) as [string, string, string, string];
    writeFileSync(tsr, answer);
    writeFileSync(data, text);
    if (typeof authorities !== 'string') writeFileSync(chain, authorities);
    // An answer has a status, with words that nobody signed: what it says is read of the token in it, and that alone is verified.
    const taken = spawnSync('openssl', ['ts', '-reply', '-in', tsr, '-token_out', '-out', token]);
    const shown = spawnSync('openssl', ['ts', '-reply', '-token_in', '-in', token, '-text'], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
    const [, time = ''] = /^Time stamp: (.+)$/m.exec(shown.stdout) ?? [];
    const at = Math.floor(Date.parse(time) / 1000);
    if (taken.status !== 0 || shown.status !== 0 || Number.isNaN(at)) return unproved('ALTERED', 'it is not a timestamp');
    const file = typeof authorities === 'string' ? authorities : chain;
    // At the time it says: a certificate that has ended since does not undo what it signed.
    const verified = spawnSync('openssl', ['ts', '-verify', '-token_in', '-in', token, '-data', data, '-CAfile', file, '-attime', String(at)], {
      encoding: 'utf8',
    });
    if (verified.status !== 0)
      return unproved(
        'ALTERED',
        `openssl does not verify it: ${verified.stderr.split('\n').find((line) => line.includes('error')) ?? 'no reason given'}`.slice(0, 300),
      );
    // Whoever makes a bundle can make an authority too. Its own word still binds its maker: a record must not contradict it.
    if (typeof authorities !== 'string')
      return {
        word: 'NOT CHECKED',
        says: `it says ${iso(at * 1000)}, by certificates that only the bundle names: bring the authority's, as you know them, with --tsa-ca`,
        at: at * 1000,
      };
    return { word: 'VERIFIED', says: `stamped ${iso(at * 1000)}`, at: at * 1000 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
