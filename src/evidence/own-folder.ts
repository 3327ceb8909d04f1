import { type Stats, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError } from '../core/error.ts';

/**
 * The folder for sockets of this user, made if there is none: paths of sockets are short, those of folders are not. Its
 * name is known to every user of the machine, so what is found there is taken only where nobody else can have laid it.
 * Throws as {@link ownFolder} does.
 */
export const socketFolder = (): string => ownFolder(join(tmpdir(), `tickmark-${process.getuid?.() ?? 0}`));

/**
 * Makes a folder that only its owner reaches, or takes the one that is there. Throws `ConfigurationError` where that is
 * a link, belongs to another user or is open to others: whoever laid it could read what passes there, and answer in our place.
 *
 * @param uid who must own it; `undefined` where the system knows no users by number
 */
export function ownFolder(path: string, uid: number | undefined = process.getuid?.()): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const why = uid === undefined ? null : againstIt(lstatSync(path), uid);
  if (why === null) return path;
  throw new ConfigurationError(
    `${path} ${why}, and processes of Tickmark would hand each other evidence there. Find out who made it, have it removed, or name another folder for temporary files by TMPDIR, the same for every process of this workspace.`,
  );
}

function againstIt(its: Stats, uid: number): string | null {
  if (its.isSymbolicLink()) return 'is a link';
  if (its.uid !== uid) return `belongs to user ${its.uid} and not to ${uid}`;
  return (its.mode & 0o077) === 0 ? null : 'is open to other users';
}
