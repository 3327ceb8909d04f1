import { closeSync, existsSync, fsyncSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Database } from '../store/database.ts';
import { type Dump, restoreDump } from '../store/dump.ts';

/** Lays rows that follow from no evidence beside the embedded database, durably, before that is made anew. */
export function keepRows(file: string, kept: Dump): void {
  writeFileSync(file, JSON.stringify(kept), { mode: 0o600 });
  const fd = openSync(file, 'r');
  fsyncSync(fd);
  closeSync(fd);
}

/** Puts them back into the new one, and takes the file away. Where the old one is still there, they are in it already. */
export async function putRowsBack(database: Database, file: string): Promise<void> {
  if (!existsSync(file)) return;
  await restoreDump(database, JSON.parse(readFileSync(file, 'utf8')) as Dump, { beside: true });
  rmSync(file);
}
