/** What is written once and locked: the log itself, which holds nothing personal, and the payloads. */
export type LockedKind = 'log' | 'payload';

/** Which lock a file is under; `null` of what is replaced or removed again: pointers, staging, partial tiles and bundles. */
export function lockedKind(path: string): LockedKind | null {
  if (/^(packs|payloads)\//.test(path)) return 'payload';
  if (/^log\/checkpoints\//.test(path)) return 'log';
  return /^log\/(tile|statements)\//.test(path) && !/\.p\/\d+$/.test(path) ? 'log' : null;
}

/** SHA-256 in hex of a file that is named by what it holds. */
export const digestInName = (path: string): string | null => /^(?:packs|payloads)\/[0-9a-f]{2}\/([0-9a-f]{64})(?:\.enc)?$/.exec(path)?.[1] ?? null;
