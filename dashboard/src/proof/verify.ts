import { base64, type Bytes, hex, isSame, joined, sha256, unbase64, utf8 } from './bytes.ts';
import { leafHash, rootOf, type Rung } from './merkle.ts';

/** What is verified, as the server gave it. None of it is believed. */
export interface Given {
  readonly index: number;
  /** What the page calls the record by: SHA-256 of the envelope, hex. */
  readonly digest: string;
  readonly envelope: Bytes;
  readonly leaf: Bytes;
  readonly hashes: readonly string[];
  /** The signed checkpoint that the proof leads to. */
  readonly note: string;
  /** Of the log: name+id+base64. */
  readonly verifierKey: string;
}

export interface Rising {
  readonly step: 'envelope' | 'signature' | 'leaf' | 'root' | 'checkpoint';
  readonly holds: boolean;
  readonly says: string;
}

export interface Verified {
  readonly steps: readonly Rising[];
  readonly rungs: readonly Rung[];
  readonly root: string | null;
  readonly size: number | null;
}

/** From the bytes of a statement to the signed root of the log, by the browser's own arithmetic. The first step that does not hold is the last. */
export async function verify({ index, digest, envelope, leaf, hashes, note, verifierKey }: Given): Promise<Verified> {
  const steps: Rising[] = [];
  const add = (step: Rising['step'], holds: boolean, says: string): boolean => {
    steps.push({ step, holds, says });
    return holds;
  };
  const ended = (rungs: readonly Rung[] = [], root: Bytes | null = null, size: number | null = null): Verified => ({
    steps,
    rungs,
    root: root && base64(root),
    size,
  });

  const found = hex(await sha256(envelope));
  if (
    !add(
      'envelope',
      found === digest,
      found === digest ? `SHA-256 of the envelope is ${found}` : `the envelope has the digest ${found}, and the record is called ${digest}`,
    )
  )
    return ended();

  const { payloadType, payload, signatures } = JSON.parse(new TextDecoder().decode(envelope)) as DsseEnvelope;
  const body = unbase64(payload);
  const signed = joined(utf8(`DSSEv1 ${utf8(payloadType).length} ${payloadType} ${body.length} `), body);
  const signature = unbase64(signatures[0]?.sig ?? '');
  const key = publicKeyIn(leaf);
  const whole = key !== null && (await isSigned(signed, signature, key));
  if (!add('signature', whole, whole ? 'the statement is signed by the key in its entry (ECDSA P-256)' : 'the signature of the statement does not verify'))
    return ended();

  const made = utf8(
    `{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":{"algorithm":"SHA2_256","digest":"${base64(await sha256(signed))}"},` +
      `"signature":{"content":"${base64(signature)}","verifier":{"keyDetails":"PKIX_ECDSA_P256_SHA_256","publicKey":{"rawBytes":"${base64(key ?? new Uint8Array())}"}}}}}}`,
  );
  const isEntry = isSame(made, leaf);
  if (!add('leaf', isEntry, isEntry ? 'the entry of the log commits to this statement and this signature' : 'the entry of the log is about another statement'))
    return ended();

  const parsed = parseNote(note);
  if (!parsed) {
    add('root', false, 'the checkpoint cannot be read');
    return ended();
  }
  const { size, root } = parsed;
  const led = await rootOf(index, size, await leafHash(leaf), hashes.map(unbase64));
  const leads = led !== null && isSame(led.root, root);
  if (
    !add(
      'root',
      leads,
      leads ? `${hashes.length} hashes lead from the entry to the root at size ${size}` : 'the hashes do not lead to the root of the checkpoint',
    )
  )
    return ended(led?.rungs, root, size);

  const isTheirs = await isNoteOf(parsed, verifierKey);
  add(
    'checkpoint',
    isTheirs,
    isTheirs ? `the root is signed by ${verifierKey.split('+')[0]} (Ed25519)` : 'the checkpoint is not signed by the key of this log',
  );
  return ended(led?.rungs, root, size);
}

interface DsseEnvelope {
  readonly payloadType: string;
  readonly payload: string;
  readonly signatures: readonly { readonly sig: string }[];
}

/** SubjectPublicKeyInfo of the entry; `null` where there is none. */
function publicKeyIn(leaf: Bytes): Bytes | null {
  const [, key] = /"rawBytes":"([A-Za-z0-9+/=]+)"\}\}\}\}\}\}$/.exec(new TextDecoder().decode(leaf)) ?? [];
  return key === undefined ? null : unbase64(key);
}

async function isSigned(message: Bytes, der: Bytes, spki: Bytes): Promise<boolean> {
  const signature = plainSignature(der);
  if (!signature) return false;
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const key = await crypto.subtle.importKey('spki', spki, algorithm, false, ['verify']).catch(() => null);
  return key !== null && crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, signature, message);
}

/** WebCrypto wants the two numbers of a signature side by side, 32 bytes each; the log keeps them in DER. */
export function plainSignature(der: Bytes): Bytes | null {
  if (der[0] !== 0x30 || der[1] !== der.length - 2) return null;
  const numbers: Bytes[] = [];
  for (let place = 2; place < der.length; ) {
    const length = der[place + 1] ?? 0;
    if (der[place] !== 0x02 || length === 0 || place + 2 + length > der.length) return null;
    const number = der.slice(place + 2, place + 2 + length);
    const bare = number[0] === 0 ? number.slice(1) : number;
    if (bare.length > 32) return null;
    numbers.push(joined(new Uint8Array(32 - bare.length), bare));
    place += 2 + length;
  }
  return numbers.length === 2 ? joined(...numbers) : null;
}

interface Note {
  readonly text: string;
  readonly origin: string;
  readonly size: number;
  readonly root: Bytes;
  readonly signatures: readonly { readonly name: string; readonly bytes: Bytes }[];
}

/** A signed checkpoint (c2sp.org/tlog-checkpoint); `null` of anything else. */
export function parseNote(note: string): Note | null {
  const split = note.lastIndexOf('\n\n');
  const [origin = '', size = '', root = ''] = note.split('\n');
  if (split < 0 || !/^(0|[1-9]\d{0,15})$/.test(size) || !/^[A-Za-z0-9+/]{43}=$/.test(root)) return null;
  const signatures = note
    .slice(split + 2)
    .split('\n')
    .flatMap((line) => {
      const [, name, encoded] = /^\u2014 (\S+) ([A-Za-z0-9+/=]+)$/.exec(line) ?? [];
      return name === undefined || encoded === undefined ? [] : [{ name, bytes: unbase64(encoded) }];
    });
  return { text: note.slice(0, split + 1), origin, size: Number(size), root: unbase64(root), signatures };
}

async function isNoteOf({ text, origin, signatures }: Note, verifierKey: string): Promise<boolean> {
  const [, name, id, encoded] = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(verifierKey) ?? [];
  if (name === undefined || encoded === undefined || name !== origin) return false;
  const typed = unbase64(encoded);
  const named = (await sha256(joined(utf8(`${name}\n`), typed))).slice(0, 4);
  if (typed[0] !== 1 || typed.length !== 33 || hex(named) !== id) return false;
  const key = await crypto.subtle.importKey('raw', typed.slice(1), 'Ed25519', false, ['verify']).catch(() => null);
  if (key === null) return false;
  const theirs = signatures.filter((line) => line.name === name && isSame(line.bytes.slice(0, 4), named));
  for (const { bytes } of theirs) if (await crypto.subtle.verify('Ed25519', key, bytes.slice(4), utf8(text))) return true;
  return false;
}
