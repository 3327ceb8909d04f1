import { hash, type KeyObject, type verify } from 'node:crypto';

type Told = (error: Error | null, fits: boolean) => void;

/**
 * `verify` of Node, which answers at once where it was asked the very same before: the same bytes, signature and key.
 * A harness that changes one file of a log a thousand times verifies the other signatures once; what it changed is
 * always verified.
 */
export function remembering(real: typeof verify): typeof verify {
  const keys = new WeakMap<KeyObject, number>();
  const known = new Map<string, boolean>();
  let count = 0;
  const nameOf = (key: KeyObject): number => {
    const name = keys.get(key) ?? count++;
    keys.set(key, name);
    return name;
  };
  const ask = (algorithm: string | null, data: Buffer, key: KeyObject, signature: Buffer): boolean => {
    const name = `${algorithm} ${nameOf(key)} ${hash('sha256', data, 'base64')} ${signature.toString('base64')}`;
    const fits = known.get(name) ?? real(algorithm, data, key, signature);
    known.set(name, fits);
    return fits;
  };
  return ((algorithm: string | null, data: Buffer, key: KeyObject, signature: Buffer, told?: Told) => {
    const fits = ask(algorithm, data, key, signature);
    if (told) setImmediate(told, null, fits);
    return fits;
  }) as typeof verify;
}
