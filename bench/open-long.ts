import { randomBytes } from 'node:crypto';
import { openArchive } from '../src/evidence/directory.ts';
import { madeRun } from '../test/run-draft.ts';

/** Opens a log, which recovers it, and appends one record: `open-long.ts FOLDER SIZE`. Says how many milliseconds that took, in a process that has done nothing else. */
const [dir = '', size = ''] = process.argv.slice(2);
const started = performance.now();
const archive = await openArchive({ dir, clock: Date.now });
const [index] = await archive.append([madeRun({ body: { slot: Date.now(), every: 86_400_000 }, artifacts: { members: randomBytes(10) } })]);
const took = performance.now() - started;
await archive.close();
if (index !== Number(size)) throw new Error(`record ${index} was appended, not ${size}`);
process.stdout.write(`${took}`);
