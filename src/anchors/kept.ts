import type { X509Certificate } from 'node:crypto';
import { IntegrityError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';
import type { Files } from '../evidence/files.ts';
import { withLine } from '../log/cosignature.ts';
import { sha256hex } from '../log/merkle.ts';
import { type NoteVerifier, parseNote } from '../log/note.ts';
import { timeOf } from './timestamp.ts';

/*
 * What others confirmed of a published checkpoint lies beside it:
 *   log/checkpoints/<name>                     the note as the log signed it
 *   log/checkpoints/<name>.<authority>.tsr     a TimeStampResp (RFC 3161, DER) over the text of the note
 *   log/checkpoints/<name>.cosigned            the note with the lines of witnesses added
 *   (tokens of single records: see signatures.ts)
 *   log/authorities/<authority>.<digest>.pem   the certificates that led to a root when a token came
 */
export type Store = Pick<Files, 'read' | 'list' | 'replace' | 'create'>;

const FOLDER = 'log/checkpoints';
const TOKEN = /^(\d{20}-[0-9a-f]{16})\.([a-z0-9-]+)\.tsr$/;
const COSIGNED = /^(\d{20}-[0-9a-f]{16})\.cosigned$/;

/** A checkpoint that somebody confirmed. */
export interface Confirmed {
  /** As its file is called. */
  readonly name: string;
  readonly size: number;
}

export interface KeptToken extends Confirmed {
  readonly authority: string;
  readonly file: string;
}

export const sizeOfName = (name: string): number => Number(name.slice(0, 20));
export const publishedFile = (name: string): string => `${FOLDER}/${name}`;
export const tokenFile = (name: string, authority: string): string => `${FOLDER}/${name}.${authority}.tsr`;
export const cosignedFile = (name: string): string => `${FOLDER}/${name}.cosigned`;

/** The signed part of a note, as authorities are shown it. */
export const textOf = (note: Buffer): string => parseNote(note).text;

/** All tokens, by size of their checkpoints. */
export async function keptTokens(store: Store): Promise<readonly KeptToken[]> {
  return (await store.list(FOLDER)).flatMap((file) => {
    const [, name, authority] = TOKEN.exec(file) ?? [];
    return name === undefined || authority === undefined ? [] : [{ name, size: sizeOfName(name), authority, file: `${FOLDER}/${file}` }];
  });
}

/** All checkpoints that a witness confirmed, by size. */
export async function keptCosigned(store: Store): Promise<readonly Confirmed[]> {
  return (await store.list(FOLDER)).flatMap((file) => {
    const [, name] = COSIGNED.exec(file) ?? [];
    return name === undefined ? [] : [{ name, size: sizeOfName(name) }];
  });
}

/** The latest time that an authority has confirmed: before it nothing can happen any more. `null` where none ever did. A token that cannot be read, or was changed, says nothing: verifying names it. */
export async function confirmedTime(store: Store): Promise<Instant | null> {
  const times: Instant[] = [];
  for (const tokens of Map.groupBy(await keptTokens(store), ({ authority }) => authority).values()) {
    for (const { file } of tokens.toReversed()) {
      const token = await store.read(file);
      const at = token && readableTime(token);
      if (at === null) continue;
      times.push(at);
      break; // those before it are older
    }
  }
  return times.length === 0 ? null : Math.max(...times);
}

function readableTime(token: Buffer): Instant | null {
  try {
    return timeOf(token);
  } catch (error) {
    if (error instanceof IntegrityError) return null;
    throw error;
  }
}

/** Keeps a verified token of a checkpoint with its chain. */
export const keepToken = (store: Store, name: string, authority: string, token: Buffer, chain: readonly X509Certificate[]): Promise<void> =>
  keepTokenAt(store, tokenFile(name, authority), authority, token, chain);

/** Keeps a verified token in a file. Another process may have been first: then its token stays. */
export async function keepTokenAt(store: Store, file: string, authority: string, token: Buffer, chain: readonly X509Certificate[]): Promise<void> {
  const pem = Buffer.from(chain.map((certificate) => certificate.toString()).join(''));
  await store.create([[`log/authorities/${authority}.${sha256hex(pem).slice(0, 16)}.pem`, pem]]);
  try {
    await store.create([[file, token]]);
  } catch (error) {
    if (!(error instanceof IntegrityError && error.code === 'IMMUTABLE')) throw error;
  }
}

/** Adds a verified line to the cosigned note of a checkpoint, in place of an older one of the same witness. */
export async function keepCosignature(store: Store, name: string, note: string, witness: NoteVerifier, line: string): Promise<void> {
  const before = (await store.read(cosignedFile(name)))?.toString('utf8') ?? note;
  if (textOf(Buffer.from(before)) !== textOf(Buffer.from(note)))
    throw new IntegrityError('COSIGNED', `${cosignedFile(name)} is of another checkpoint than its name says`);
  await store.replace(cosignedFile(name), Buffer.from(withLine(before, witness, line)));
}
