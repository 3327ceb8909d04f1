import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, lstatSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { collectors } from '../collectors/index.ts';
import { FILE_NAME, parseConfiguration } from '../configuration/read.ts';
import { ConfigurationError } from '../core/error.ts';
import { takeFolder } from '../evidence/exclusive.ts';
import type { Editing } from './connecting-views.ts';
import { STATE } from './schedule.ts';

const FIXED = 'TICKMARK_FIXED_CONFIGURATION';

type Environment = Readonly<Record<string, string | undefined>>;

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** Whoever runs the server keeps the file in their hands by taking away the right to write it, by a link, or by a variable. */
export function editingOf(dir: string, env: Environment): Editing {
  const path = join(dir, FILE_NAME);
  const digest = digestOf(readFileSync(path, 'utf8'));
  if ((env[FIXED] ?? '') !== '')
    return { digest, refused: `Whoever runs the server keeps ${FILE_NAME} to themselves (${FIXED} is set). Ask them to change it.` };
  if (lstatSync(path).isSymbolicLink()) return { digest, refused: `${FILE_NAME} is a link: it is kept elsewhere, and is changed there.` };
  if ((statSync(path).mode & 0o200) === 0) return { digest, refused: `${FILE_NAME} is read-only. Whoever runs the server can make it writable.` };
  return { digest, refused: null };
}

/** The file is another one than the editor has seen. */
export const CHANGED = 'changed' as const;

/**
 * Replaces `tickmark.yaml` as a whole, or not at all. What does not read as a configuration never becomes the file.
 * Gives `changed` where the file is not the one of this digest any more. Throws `ConfigurationError`.
 */
export function editFile(dir: string, env: Environment, digest: string | null, edit: (text: string) => string): typeof CHANGED | { readonly text: string } {
  const { refused } = editingOf(dir, env);
  if (refused !== null) throw new ConfigurationError(refused);
  const free = takeFolder(join(dir, STATE), 'configuration.lock');
  if (free === null) return CHANGED; // another process writes it this moment
  try {
    const path = join(dir, FILE_NAME);
    const before = readFileSync(path, 'utf8');
    if (digest !== null && digestOf(before) !== digest) return CHANGED;
    const text = edit(before);
    parseConfiguration(text, collectors);
    replace(path, text);
    return { text };
  } finally {
    free();
  }
}

function replace(path: string, text: string): void {
  const beside = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = openSync(beside, 'wx', statSync(path).mode & 0o777);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
  } catch (cause) {
    rmSync(beside, { force: true });
    throw new ConfigurationError(`${FILE_NAME} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}. Nothing was changed.`, cause);
  }
}
