// A process that opens an archive, appends one batch and says what it was answered: the one that is hit. Run by syscalls.peers.test.ts.
import { readSync, writeSync } from 'node:fs';
import { openArchive } from '../../src/evidence/directory.ts';
import { draft, NOW, ORIGIN } from './drafts.ts';
import { BATCH, VARIANTS } from './variants.ts';

const [dir = '', variant = 'as designed'] = process.argv.slice(2);
const say = (text: string) => writeSync(1, `${text}\n`);

say('ready');
readSync(0, Buffer.alloc(1)); // until the tracer is there

try {
  const calls = VARIANTS[variant]?.(dir);
  const archive = await openArchive({ dir, clock: () => NOW, origin: ORIGIN, ...(calls ? { calls } : {}) });
  const appended = archive.append(BATCH.map((text) => draft(text)));
  if (variant === 'acknowledged before it is committed') say('acknowledged');
  await appended;
  say('acknowledged');
  await archive.close();
} catch (error) {
  say(`refused ${error instanceof Error && 'code' in error ? error.code : error}`);
}
