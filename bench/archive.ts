import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openArchive } from '../src/evidence/directory.ts';
import type { Draft } from '../src/evidence/record.ts';
import { verifyLog } from '../src/verify/log.ts';
import { madeRun } from '../test/run-draft.ts';
import { CALLS, Files } from '../src/evidence/files.ts';

/**
 * Speed of the archive, as ratios to what the disk does in the same run: `npm run bench -- archive`.
 * A disk's speed swings tenfold from hour to hour; a ratio does not.
 */
const BATCH = 256;
const SIZE = 4096;

export async function benchArchive(): Promise<readonly (readonly [what: string, measured: string, goal: string])[]> {
  const root = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'bench-'));
  try {
    const fsyncs = { count: 0 };
    const fsync = (fd: number) => {
      fsyncs.count++;
      return CALLS.fsync(fd);
    };
    const calls = { ...CALLS, fsync };
    const archive = await openArchive({ dir: join(root, 'archive'), clock: Date.now, origin: 'bench.example/log', calls });
    const batches = Array.from({ length: 24 }, () => Array.from({ length: BATCH }, (_, place) => draft(randomBytes(SIZE), place)));
    await archive.append(batches[0] ?? []); // the first makes keys and reads code
    fsyncs.count = 0;
    const appended = await timed(async () => {
      for (const batch of batches.slice(1)) await archive.append(batch);
    });
    const written = (batches.length - 1) * BATCH;
    const perBatch = Math.round(fsyncs.count / (batches.length - 1));
    const raw = rawAppend(join(root, 'raw'), batches.length - 1, perBatch);
    const one = await median(41, () => archive.append([draft(randomBytes(SIZE), 0)]));
    const durable = await median(41, async () => durableWrite(join(root, 'raw-one')));
    await archive.close();
    const records = batches.length * BATCH + 41;

    const verified = await timed(() => verifyLog(new Files(join(root, 'archive'))));
    const opened = await timed(async () => {
      const again = await openArchive({ dir: join(root, 'archive'), clock: Date.now });
      await again.append([draft(randomBytes(10), 0)]);
      await again.close();
    });
    const bytes = sizeOf(join(root, 'archive/log/tile'));
    return [
      ['append, 256 records of 4 KiB a batch, each signed and encrypted', `${perSecond(written, appended)} records/s`, 'at least 3,000/s on a quiet machine'],
      ['  of a raw append of the same bytes with the same fsyncs', `${Math.round((raw / appended) * 100)} % (${perBatch} fsyncs a batch)`, 'at least 40 %'],
      ['one record, median', `${one.toFixed(1)} ms, ${(one / durable).toFixed(1)} durable writes`, 'at most 15 durable writes'],
      ['verify with signatures and payloads', `${perSecond(records, verified)} records/s`, 'at least 10,000/s'],
      ['open, recover and append one', `${opened.toFixed(0)} ms`, 'a million records within 2 s'],
      ['tiles and entries of the log', `${Math.round(bytes / (records + 1))} bytes a record`, 'at most 600'],
    ];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** The same bytes appended to one file, made durable as often. */
function rawAppend(path: string, batches: number, fsyncs: number): number {
  const block = randomBytes(BATCH * SIZE);
  const started = performance.now();
  const fd = openSync(path, 'w');
  for (let batch = 0; batch < batches; batch++) {
    const part = Math.ceil(block.length / fsyncs);
    for (let place = 0; place < fsyncs; place++) {
      writeSync(fd, block, place * part, Math.max(0, Math.min(part, block.length - place * part)));
      fsyncSync(fd);
    }
  }
  closeSync(fd);
  return performance.now() - started;
}

function durableWrite(path: string): void {
  const fd = openSync(path, 'w');
  writeSync(fd, Buffer.alloc(SIZE, 7));
  fsyncSync(fd);
  closeSync(fd);
}

const draft = (bytes: Buffer, place: number): Draft =>
  madeRun({ body: { slot: Date.now(), partition: `p${place % 16}`, every: 86_400_000 }, artifacts: { members: bytes } });

async function timed(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await act();
  return performance.now() - started;
}

async function median(times: number, act: () => Promise<unknown>): Promise<number> {
  const all: number[] = [];
  for (let count = 0; count < times; count++) all.push(await timed(act));
  return all.toSorted((a, b) => a - b)[Math.floor(times / 2)] ?? 0;
}

const perSecond = (count: number, milliseconds: number): string => Math.round((count / milliseconds) * 1000).toLocaleString('en');

const sizeOf = (dir: string): number =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((it) => it.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
