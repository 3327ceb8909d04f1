import { sign } from 'node:crypto';
import { IntegrityError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';
import {
  COSIGNATURE,
  type NoteSigner,
  type NoteVerifier,
  noteSigner,
  parseNote,
  parseVerifierKey,
  signatureLine,
  signaturesOf,
  verifierKey,
  verifyEd25519,
} from './note.ts';

/** c2sp.org/tlog-cosignature, the Ed25519 kind: a witness saw that a log at this checkpoint continues all it saw of it before. */
export interface Cosignature {
  readonly name: string;
  /** By the clock of the witness; whole seconds. */
  readonly at: Instant;
  /** As it stands in a note, without its newline. */
  readonly line: string;
}

/** Beyond this a JavaScript date ends, long before the 2^63 - 1 seconds that the format allows. */
const LAST_SECOND = 8_640_000_000_000n;

export const parseWitnessKey = (vkey: string): NoteVerifier => parseVerifierKey(vkey, COSIGNATURE);
export const witnessKey = (witness: NoteVerifier): string => verifierKey(witness, COSIGNATURE);
export const witnessSigner = (name: string, pkcs8: string): NoteSigner => noteSigner(name, pkcs8, COSIGNATURE);

/** The line that a witness adds to a checkpoint of this text at an instant, which is cut to seconds. */
export function cosign(text: string, witness: NoteSigner, at: Instant): string {
  const seconds = BigInt(Math.floor(at / 1000));
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(seconds);
  return signatureLine(witness, Buffer.concat([time, sign(null, message(text, seconds), witness.privateKey)]));
}

/**
 * What these witnesses have signed of a note; lines of others, and of kinds that we do not know, are passed over. Throws
 * `IntegrityError` where the note cannot be read, or where a line of a known witness does not fit.
 */
export function cosignatures(bytes: Buffer, witnesses: readonly NoteVerifier[]): readonly Cosignature[] {
  const note = parseNote(bytes);
  return witnesses.flatMap((witness) => signaturesOf(note, witness).map((signature) => read(note.text, witness, signature)));
}

/** The note with this line of a witness, in place of any that it had from it before. */
export function withLine(note: string, { name, keyId }: Pick<NoteVerifier, 'name' | 'keyId'>, line: string): string {
  const { text, signatures } = parseNote(Buffer.from(note));
  const [, lines] = split(note);
  const others = lines.filter((_, place) => !(signatures[place]?.name === name && signatures[place].keyId.equals(keyId)));
  return `${text}\n${[...others, line].map((it) => `${it}\n`).join('')}`;
}

/** The note with the lines of another note of the same text added, each line once. The order of the first stays. */
export function mergeLines(note: string, other: string): string {
  const [text, lines] = split(note);
  const [otherText, otherLines] = split(other);
  if (text !== otherText) throw new IntegrityError('NOTE', 'signatures of one note cannot be added to another');
  return `${text}\n${[...new Set([...lines, ...otherLines])].map((line) => `${line}\n`).join('')}`;
}

function read(text: string, witness: NoteVerifier, signature: Buffer): Cosignature {
  const seconds = signature.length === 72 ? signature.readBigUInt64BE(0) : 0n;
  if (seconds === 0n || seconds > LAST_SECOND || !verifyEd25519(message(text, seconds), witness, signature.subarray(8)))
    throw new IntegrityError('COSIGNATURE', `the cosignature of ${witness.name} does not fit the checkpoint`);
  return { name: witness.name, at: Number(seconds) * 1000, line: signatureLine(witness, signature) };
}

const message = (text: string, seconds: bigint): Buffer => Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);

function split(note: string): readonly [text: string, lines: readonly string[]] {
  const { text } = parseNote(Buffer.from(note));
  return [text, note.slice(text.length + 1, -1).split('\n')];
}
