import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { type Aside, aside, type Helped, type How, serveAside } from './aside.ts';
import { type Parcel, parcel, unparcel } from './threads.ts';

/** A signature that is yet to be verified: ECDSA P-256 over the SHA-256 of `signed`, DER. */
export interface Signature {
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
  readonly key: KeyObject;
  /** The same, SubjectPublicKeyInfo, base64. */
  readonly publicKey: string;
}

/** Of each in turn, whether it fits. */
type Fits = readonly boolean[];

interface Asked {
  /** What is signed and the signature, of one after the other. */
  readonly bytes: Parcel;
  readonly keys: readonly string[];
}

const ROLE = 'tickmark: signatures';
const THREADS = 7;
/** Fewer do not pay for a thread that has to start. */
const FEW = 200;
const [others, nobody] = [THREADS, 0].map((threads) => aside<Asked, Fits>(import.meta.url, ROLE, threads)) as [Aside<Asked, Fits>, Aside<Asked, Fits>];

/**
 * Verifies signatures in threads beside this one, and here where it would have to wait for them: P-256 is most of what
 * verifying a log costs.
 * @param count how many there will be, about
 */
export const verifying = (count: number): Helped<readonly Signature[], Fits> => (count < FEW ? nobody : others).help(HOW);

const HOW: How<readonly Signature[], Fits, Asked, Fits> = {
  here: (some) => some.map(({ signed, signature, key }) => fits(signed, signature, () => key)),
  ask(some) {
    const bytes = parcel(some.flatMap(({ signed, signature }) => [signed, signature]));
    return [{ bytes, keys: some.map(({ publicKey }) => publicKey) }, [bytes.bytes.buffer]];
  },
  done: (its) => its,
};

serveAside<Asked, Fits>(ROLE, ({ bytes, keys }) => {
  const parts = unparcel(bytes);
  return [keys.map((key, place) => fits(parts[2 * place] as Buffer, parts[2 * place + 1] as Buffer, () => keyOf(key))), []];
});

const KEYS = new Map<string, KeyObject>();

function keyOf(spki: string): KeyObject {
  const known = KEYS.get(spki);
  if (known) return known;
  if (KEYS.size >= 1000) KEYS.clear();
  const key = createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' });
  KEYS.set(spki, key);
  return key;
}

/** What cannot be read fits nothing. */
function fits(signed: Uint8Array, signature: Uint8Array, key: () => KeyObject): boolean {
  try {
    return verify('sha256', signed, key(), signature);
  } catch {
    return false;
  }
}
