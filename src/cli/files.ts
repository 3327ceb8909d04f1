import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConfigurationError } from '../core/error.ts';

/** Writes the file that a flag names. Throws `ConfigurationError` where it cannot be written. */
export async function writeOut(flag: string, file: string, text: string): Promise<void> {
  await writeFile(resolve(file), text).catch((cause: Error) => Promise.reject(new ConfigurationError(`${flag} ${file}: ${cause.message}`, cause)));
}
