import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { IntegrityError } from '../core/error.ts';
import { sha256 } from './merkle.ts';

/** c2sp.org/signed-note: a text, and lines of signatures over it. */
const ED25519 = 1;
/** c2sp.org/tlog-cosignature: the same keys, under a number of their own. */
export const COSIGNATURE = 4;
type KeyType = typeof ED25519 | typeof COSIGNATURE;
const DASH = '\u2014';
/** Ed25519 keys in the wrapping that Node reads, before and after the 32 bytes. */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

export interface NoteVerifier {
  readonly name: string;
  readonly keyId: Buffer;
  readonly publicKey: Buffer;
}

export interface NoteSigner extends NoteVerifier {
  readonly privateKey: KeyObject;
}

export interface Note {
  /** What is signed, its last newline included. */
  readonly text: string;
  readonly signatures: readonly { readonly name: string; readonly keyId: Buffer; readonly signature: Buffer }[];
}

export const keyId = (name: string, type: number, key: Uint8Array): Buffer =>
  sha256(Buffer.concat([Buffer.from(`${name}\n`), Buffer.from([type]), key])).subarray(0, 4);

/** `name+hex key id+base64(type || key)`. */
export function verifierKey({ name, publicKey }: NoteVerifier, type: KeyType = ED25519): string {
  return `${name}+${keyId(name, type, publicKey).toString('hex')}+${Buffer.concat([Buffer.from([type]), publicKey]).toString('base64')}`;
}

export function parseVerifierKey(vkey: string, type: KeyType = ED25519): NoteVerifier {
  const [, name = '', id = '', encoded = ''] = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(vkey) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  const publicKey = bytes.subarray(1);
  if (bytes[0] !== type || publicKey.length !== 32 || bytes.toString('base64') !== encoded)
    throw new IntegrityError('VKEY', `not an Ed25519 ${type === ED25519 ? 'verifier' : 'witness'} key: ${vkey}`);
  const expected = keyId(name, type, publicKey);
  if (expected.toString('hex') !== id) throw new IntegrityError('VKEY', `the key id of ${vkey} does not fit its key`);
  return { name, keyId: expected, publicKey };
}

export function noteSigner(name: string, pkcs8: string, type: KeyType = ED25519): NoteSigner {
  if (!/^[^+\s]+$/.test(name)) throw new RangeError(`a key name without spaces or "+", not ${name}`);
  const privateKey = createPrivateKey(pkcs8);
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).subarray(SPKI.length);
  return { name, privateKey, publicKey, keyId: keyId(name, type, publicKey) };
}

/** `— name base64(key id || signature)`, without its newline. */
export const signatureLine = ({ name, keyId: id }: Pick<NoteVerifier, 'name' | 'keyId'>, signature: Uint8Array): string =>
  `${DASH} ${name} ${Buffer.concat([id, signature]).toString('base64')}`;

export function signNote(text: string, signer: NoteSigner): string {
  if (!text.endsWith('\n')) throw new RangeError('a note ends with a newline');
  return `${text}\n${signatureLine(signer, sign(null, Buffer.from(text), signer.privateKey))}\n`;
}

/** Takes a note apart. Everything in it is attacker-controlled. Throws `IntegrityError`. */
export function parseNote(bytes: Buffer): Note {
  const whole = bytes.toString('utf8');
  if (!Buffer.from(whole).equals(bytes)) throw new IntegrityError('NOTE', 'the note is not UTF-8');
  for (let place = 0; place < whole.length; place++)
    if (whole.charCodeAt(place) < 0x20 && whole[place] !== '\n') throw new IntegrityError('NOTE', 'the note holds a control character');
  const split = whole.lastIndexOf('\n\n');
  if (split < 0 || !whole.endsWith('\n')) throw new IntegrityError('NOTE', 'the note has no signature');
  const lines = whole.slice(split + 2, -1).split('\n');
  if (lines.length > 100) throw new IntegrityError('NOTE', 'the note has more than 100 signatures');
  const signatures = lines.map((line) => {
    const [, name = '', encoded = ''] = /^\u2014 ([^+\s]+) ([A-Za-z0-9+/=]+)$/.exec(line) ?? [];
    const decoded = Buffer.from(encoded, 'base64');
    if (decoded.length < 5 || decoded.toString('base64') !== encoded) throw new IntegrityError('NOTE', 'the note has a malformed signature line');
    return { name, keyId: decoded.subarray(0, 4), signature: decoded.subarray(4) };
  });
  return { text: whole.slice(0, split + 1), signatures };
}

/** What a key has signed in a note: usually one line, none where it has not. */
export const signaturesOf = ({ signatures }: Note, { name, keyId: id }: Pick<NoteVerifier, 'name' | 'keyId'>): readonly Buffer[] =>
  signatures.filter((line) => line.name === name && line.keyId.equals(id)).map(({ signature }) => signature);

export const verifyEd25519 = (message: Uint8Array, { publicKey }: Pick<NoteVerifier, 'publicKey'>, signature: Uint8Array): boolean =>
  verify(null, message, keyObjectOf(publicKey), signature);

const KEYS = new WeakMap<Buffer, KeyObject>();

/** Imported once: a log has one key and many checkpoints. */
function keyObjectOf(publicKey: Buffer): KeyObject {
  const key = KEYS.get(publicKey) ?? createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' });
  KEYS.set(publicKey, key);
  return key;
}

/** The text, once the known key has signed it. Unknown signatures are ignored; a bad one of the known key is fatal. */
export function verifyNote(bytes: Buffer, known: NoteVerifier): string {
  const note = parseNote(bytes);
  const its = signaturesOf(note, known);
  if (its.length === 0) throw new IntegrityError('SIGNATURE', `${known.name} has not signed the note`);
  for (const signature of its)
    if (!verifyEd25519(Buffer.from(note.text), known, signature)) throw new IntegrityError('SIGNATURE', `the signature of ${known.name} does not fit the note`);
  return note.text;
}
