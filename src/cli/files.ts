import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConfigurationError } from '../core/error.ts';

/** Writes the file that a flag names. Throws `ConfigurationError` where it cannot be written. What is iterable is written as it is read. */
export async function writeOut(flag: string, file: string, text: string | Iterable<string>): Promise<void> {
  await writeFile(resolve(file), text).catch((cause: Error) => Promise.reject(new ConfigurationError(`${flag} ${file}: ${cause.message}`, cause)));
}

/** The same, of a secret: nobody but its owner reads it, and what is there already is never overwritten. */
export async function writePrivate(flag: string, file: string, text: string): Promise<void> {
  await writeFile(resolve(file), text, { mode: 0o600, flag: 'wx' }).catch((cause: NodeJS.ErrnoException) => {
    const says = cause.code === 'EEXIST' ? 'there is a file already, and a key is never overwritten. Name another' : cause.message;
    throw new ConfigurationError(`${flag} ${file}: ${says}.`, cause);
  });
}
