import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, mkdtempSync, openSync, readdirSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openArchive } from '../src/evidence/directory.ts';
import type { Archive } from '../src/evidence/archive.ts';
import type { Draft } from '../src/evidence/record.ts';
import { DESCRIPTION, logVerifier, parseDescription } from '../src/log/description.ts';
import { HASH_SIZE, leafHashInto } from '../src/log/merkle.ts';
import { LogReader } from '../src/log/reader.ts';
import { TILE_WIDTH, tilePath, tilesOf } from '../src/log/tiles.ts';
import { treeOf } from '../src/log/tree.ts';
import { verifyBundle } from '../src/verify/bundle.ts';
import { openBundle } from '../src/verify/bundle-files.ts';
import { verifyLog } from '../src/verify/log.ts';
import { bundleOf, makeLog } from '../test/bundles.ts';
import { madeRun } from '../test/run-draft.ts';
import { makeLong } from './long.ts';
import { CALLS, Files } from '../src/evidence/files.ts';

/**
 * Speed of the archive, as ratios to what the disk does in the same run: `npm run bench -- archive`.
 * With `--million` it opens a log of a million records too. A disk's speed swings tenfold from hour to hour; a ratio does not.
 */
const BATCH = 256;
/** Batches before those that are measured: they make keys, read code and have it compiled, which a server that has run for a minute has behind it. With 8 of them a quarter of what was measured was the compiler. */
const WARM = 40;
const MEASURED = 96;
const TURNS = 8;
const ONES = 101;
/** What a disk in a machine takes to confirm a write that confirms slowly, or one beyond a network, in milliseconds. */
const SLOW = [1, 4];
const SIZE = 4096;

export async function benchArchive(): Promise<readonly (readonly [what: string, measured: string, goal: string])[]> {
  const root = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'bench-'));
  try {
    const { archive, appended, raw, perBatch } = await appendBeside(join(root, 'archive'), { confirms: 0, warm: WARM, measured: MEASURED });
    const slow: (readonly [what: string, measured: string, goal: string])[] = [];
    for (const confirms of SLOW) {
      const its = await appendBeside(join(root, `slow-${confirms}`), { confirms, warm: TURNS, measured: MEASURED / 4 });
      await its.archive.close();
      slow.push([
        `  the same where the disk takes ${confirms} ms to confirm`,
        `${Math.round((its.raw / its.appended) * 100)} %`,
        confirms === 1 ? 'at least 40 %' : '',
      ]);
    }
    const written = MEASURED * BATCH;
    mkdirSync(join(root, 'raw-ones'));
    const [ones, durables] = [[] as number[], [] as number[]];
    for (let place = 0; place < ONES; place++) {
      ones.push(await timed(() => archive.append([draft(randomBytes(SIZE), 0)])));
      durables.push(await timed(async () => durableWrite(join(root, 'raw-ones'), `${place}`)));
    }
    const [one, durable] = [middleOf(ones), middleOf(durables)];
    await archive.close();
    const records = (WARM + MEASURED) * BATCH + ONES;

    const verified = await median(5, () => verifyLog(new Files(join(root, 'archive'))));
    const opened = await timed(async () => {
      const again = await openArchive({ dir: join(root, 'archive'), clock: Date.now });
      await again.append([draft(randomBytes(10), 0)]);
      await again.close();
    });
    const bytes = sizeOf(join(root, 'archive/log/tile'));
    const logOnly = await logAlone(join(root, 'archive'), await openLogReader(join(root, 'archive')));
    const bundle = await bundleOf10k(root);
    const million = process.argv.includes('--million') ? await openLong(join(root, 'long'), 1_000_000) : null;
    return [
      ['append, 256 records of 4 KiB a batch, each signed and encrypted', `${perSecond(written, appended)} records/s`, 'at least 3,000/s on a quiet machine'],
      ['  of a raw append of the same bytes with the same fsyncs', `${Math.round((raw / appended) * 100)} % (${perBatch} fsyncs a batch)`, 'at least 40 %'],
      ...slow,
      ['one record, median', `${one.toFixed(1)} ms, ${(one / durable).toFixed(1)} durable writes`, 'at most 15 durable writes'],
      ['verify with signatures and payloads, median of five', `${perSecond(records, verified)} records/s`, 'at least 10,000/s'],
      ['  of the signatures alone on one processor', `${Math.round(((verifiedAlone() * records) / verified) * 100)} %`, ''],
      ['verify the log alone: entries, tiles, root', `${perSecond(logOnly.entries, logOnly.took)} entries/s`, 'at least 150,000/s'],
      [`verify a bundle of ${bundle.records} records`, `${(bundle.took / 1000).toFixed(1)} s`, 'of 10,000 within 5 s'],
      ['open, recover and append one', `${opened.toFixed(0)} ms`, 'a million records within 2 s'],
      ...(million === null ? [] : [['  of a log of a million records', `${million.toFixed(0)} ms`, 'within 2 s'] as const]),
      ['tiles and entries of the log', `${Math.round(bytes / (records + 1))} bytes a record`, 'at most 600'],
    ];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

interface Beside {
  readonly archive: Archive;
  /** Milliseconds of all batches. */
  readonly appended: number;
  readonly raw: number;
  /** How often a batch waits for the disk. */
  readonly perBatch: number;
}

/**
 * Batches appended in turns with raw ones, so that both meet the same disk: within a minute its speed changes twofold.
 * @param confirms milliseconds that the disk takes at least to confirm a write, of both; those of several at once pass together, as on a disk
 */
async function appendBeside(
  dir: string,
  { confirms, warm, measured }: { readonly confirms: number; readonly warm: number; readonly measured: number },
): Promise<Beside> {
  let fsyncs = 0;
  const fsync = async (fd: number) => {
    fsyncs++;
    await Promise.all([CALLS.fsync(fd), confirms > 0 ? delay(confirms) : null]);
  };
  const archive = await openArchive({ dir, clock: Date.now, origin: 'bench.example/log', calls: { ...CALLS, fsync } });
  const batchesOf = (count: number) => Array.from({ length: count }, () => Array.from({ length: BATCH }, (_, place) => draft(randomBytes(SIZE), place)));
  // The next batch is handed in while the one before it waits for the disk: each goes under a checkpoint of its own. What was appended is nobody's any more.
  const append = async (some: Draft[][]) => {
    let before: Promise<unknown> = Promise.resolve();
    for (let batch = some.shift(); batch; batch = some.shift()) {
      const its = archive.append(batch);
      await before;
      before = its;
    }
    await before;
  };
  await append(batchesOf(warm));
  let [appended, raw, perBatch] = [0, 0, 0];
  for (let turn = 0; turn < TURNS; turn++) {
    const batches = batchesOf(measured / TURNS);
    fsyncs = 0;
    appended += await timed(() => append(batches));
    perBatch = Math.round((fsyncs * TURNS) / measured);
    raw += rawAppend(`${dir}-raw-${turn}`, { batches: measured / TURNS, fsyncs: perBatch, confirms });
  }
  return { archive, appended, raw, perBatch };
}

async function openLogReader(dir: string): Promise<LogReader> {
  const files = new Files(dir);
  return new LogReader(files, logVerifier(parseDescription((await files.read(DESCRIPTION)) ?? Buffer.alloc(0))));
}

/** What a monitor does: entries to leaves, leaves to every tile, tiles to the signed root. As often as takes a moment. */
async function logAlone(dir: string, reader: LogReader): Promise<{ readonly entries: number; readonly took: number }> {
  const files = new Files(dir);
  const { size, root } = (await reader.checkpoint()).checkpoint;
  const rounds = Math.ceil(50_000 / size);
  const took = await timed(async () => {
    for (let round = 0; round < rounds; round++) {
      const leaves = Buffer.alloc(size * HASH_SIZE);
      for (let bundle = 0; bundle * TILE_WIDTH < size; bundle++)
        (await reader.entries(bundle, size)).forEach((entry, place) => void leafHashInto(entry, leaves, bundle * TILE_WIDTH + place));
      const tree = treeOf(leaves);
      for (const { level, index, width } of tilesOf(size))
        if (!(await files.read(`log/${tilePath(level, index, width)}`))?.equals(tree.tile(level, index, width))) throw new Error('a tile that differs');
      if (!tree.rootAt(size).equals(root)) throw new Error('a root that differs');
    }
  });
  return { entries: rounds * size, took };
}

/** As an auditor does it: one file, nothing kept from before. */
async function bundleOf10k(root: string): Promise<{ readonly records: number; readonly took: number }> {
  const file = join(root, 'bundle.tar');
  const made = await makeLog(join(root, 'bundled'), 10_000);
  const { records } = await bundleOf(made, file);
  await made.close();
  const took = await timed(async () => {
    const files = openBundle(file);
    const { sound } = await verifyBundle({ files, key: null, pin: null, authorities: null });
    files.close();
    if (!sound) throw new Error('the bundle does not verify');
  });
  return { records, took };
}

/** What a server does when it starts on a long log that was left by one that was killed: opens it, recovers, and appends one. */
async function openLong(dir: string, records: number): Promise<number> {
  await makeLong(dir, records, draft(randomBytes(10), 0));
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'open-long.ts'), dir, `${records}`], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return Number(stdout);
}

/** Milliseconds for one signature of P-256, verified by itself and over and over: what no verification does without. */
function verifiedAlone(): number {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const text = randomBytes(1400);
  const signature = sign('sha256', text, privateKey);
  const started = performance.now();
  for (let count = 0; count < SIGNATURES; count++) verify('sha256', text, publicKey, signature);
  return (performance.now() - started) / SIGNATURES;
}
const SIGNATURES = 10_000;

/** The same bytes appended to one file, made durable as often. */
function rawAppend(path: string, { batches, fsyncs, confirms }: { readonly batches: number; readonly fsyncs: number; readonly confirms: number }): number {
  const block = randomBytes(BATCH * SIZE);
  const started = performance.now();
  const fd = openSync(path, 'w');
  for (let batch = 0; batch < batches; batch++) {
    const part = Math.ceil(block.length / fsyncs);
    for (let place = 0; place < fsyncs; place++) {
      writeSync(fd, block, place * part, Math.max(0, Math.min(part, block.length - place * part)));
      const asked = performance.now();
      fsyncSync(fd);
      const left = confirms - (performance.now() - asked);
      if (left > 0) Atomics.wait(NOBODY, 0, 0, left);
    }
  }
  closeSync(fd);
  return performance.now() - started;
}
const NOBODY = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/** A new file that is there after a power cut: its bytes are confirmed before it gets its name, and then the name. */
function durableWrite(folder: string, name: string): void {
  const fd = openSync(join(folder, `${name}.tmp`), 'wx');
  writeSync(fd, Buffer.alloc(SIZE, 7));
  fsyncSync(fd);
  closeSync(fd);
  renameSync(join(folder, `${name}.tmp`), join(folder, name));
  const its = openSync(folder, 'r');
  fsyncSync(its);
  closeSync(its);
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
  return middleOf(all);
}

const middleOf = (all: readonly number[]): number => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;

const perSecond = (count: number, milliseconds: number): string => Math.round((count / milliseconds) * 1000).toLocaleString('en');

const sizeOf = (dir: string): number =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((it) => it.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
