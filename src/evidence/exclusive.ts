import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * A lock of the kernel, by way of SQLite: this process has the folder until it gives it back or ends, however that ends.
 * `null` where another has it.
 */
export function takeFolder(dir: string, name: string): (() => void) | null {
  const lock = new DatabaseSync(join(dir, name), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return () => lock.close();
  } catch (error) {
    lock.close();
    if (error instanceof Error && /locked|busy/i.test(error.message)) return null;
    throw error;
  }
}
