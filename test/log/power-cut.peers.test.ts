import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CALLS, type Calls } from '../../src/evidence/files.ts';
import { draft } from './drafts.ts';
import { examine, type Fault, type Known, open } from './examine.ts';
import { cases, folder, impossible, spread } from './scale.ts';
import { tally } from './tally.ts';
import { VARIANTS } from './variants.ts';

/** The journal is written when somebody asks, and not by chance meanwhile; and the kernel makes nothing up for a missing fsync. */
const STERN = 'commit=600,noauto_da_alloc';
const BATCHES = [['c', 'd'], ['e']] as const;

const DESIGNED = 'as designed';

const run = (program: string, ...rest: readonly string[]): string => execFileSync(program, rest, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

interface Disk {
  readonly image: string;
  readonly mounted: string;
}

/** Makes a file system with a log on it: two records, durable. */
async function makeDisk(root: string): Promise<Disk> {
  const disk = { image: join(root, 'base'), mounted: join(root, 'disk') };
  mkdirSync(disk.mounted);
  run('truncate', '-s', '24M', disk.image);
  run('mkfs.ext4', '-q', '-F', disk.image);
  await on(disk, STERN, async (dir) => {
    const archive = await open(dir);
    await archive.append([draft('a'), draft('b')]);
    await archive.close();
  });
  return disk;
}

async function on<Result>({ image, mounted }: Disk, options: string, act: (dir: string) => Promise<Result>): Promise<Result> {
  run('mount', '-o', `loop,${options}`, image, mounted);
  try {
    return await act(join(mounted, 'state'));
  } finally {
    run('umount', mounted);
  }
}

/** Cuts the power just before the n-th call that durability rests on. */
function cutting(at: number, cut: () => void): { readonly calls: Calls; count(): number; end(): void } {
  let count = 0;
  const left = new Set<number>();
  const counted =
    <Arguments extends readonly unknown[], Result>(call: (...all: Arguments) => Promise<Result>) =>
    (...all: Arguments) => {
      count++;
      if (count === at) cut();
      return call(...all);
    };
  const { write, fsync, rename, unlink, mkdir } = CALLS;
  const opened = async (path: string, flags: number, mode: number) => {
    const fd = await CALLS.open(path, flags, mode);
    left.add(fd);
    return fd;
  };
  const close = async (fd: number) => {
    left.delete(fd);
    await CALLS.close(fd);
  };
  const calls: Calls = {
    open: counted(opened),
    close: counted(close),
    write: counted(write),
    fsync: counted(fsync),
    rename: counted(rename),
    unlink: counted(unlink),
    mkdir: counted(mkdir),
  };
  return {
    calls,
    count: () => count,
    /** What a process leaves open when it ends, this one must close itself. */
    end() {
      for (const fd of left) closeSync(fd);
    },
  };
}

interface Cut {
  readonly at: number;
  readonly calls: number;
  readonly faults: readonly Fault[];
}

/** Appends two batches to a copy of the disk, cuts its power, mounts it again and examines it. */
async function cutOnce(base: Disk, variant: string, at: number): Promise<Cut> {
  const disk = { ...base, image: `${base.image}.cut` };
  copyFileSync(base.image, disk.image);
  const acknowledged: (readonly string[])[] = [['a', 'b']];
  const counting = cutting(at, () => run('python3', join(import.meta.dirname, 'shutdown.py'), disk.mounted));
  const seen = await on(disk, STERN, async (dir) => {
    const archive = await open(dir, { calls: VARIANTS[variant]?.(dir, counting.calls) ?? CALLS });
    const before = await archive.checkpoint();
    for (const batch of BATCHES) {
      const done = await archive.append(batch.map((text) => draft(text))).then(
        () => true,
        () => false,
      );
      if (!done) break;
      acknowledged.push(batch);
    }
    await archive.close();
    counting.end();
    return before;
  });
  const isLeft = (batch: readonly string[]) => !acknowledged.includes(batch);
  const known: Known = { acknowledged, attempted: BATCHES.filter(isLeft), seen: [seen] };
  return { at, calls: counting.count(), faults: await on(disk, 'defaults', (dir) => examine(dir, known)) };
}

/** `null` where a file system can be mounted and shut down here, otherwise what is amiss. */
function cannotCut(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux can mount a disk to take its power';
  const missing = ['mkfs.ext4', 'losetup', 'python3'].filter((program) => spawnSync('which', [program]).status !== 0);
  if (missing.length > 0) return `${missing.join(' and ')} is not on this machine`;
  const free = spawnSync('losetup', ['-f'], { encoding: 'utf8' });
  return free.status === 0 ? null : `there is no loop device: ${free.stderr.trim()}`;
}

const why = cannotCut();
if (why !== null) it.skipIf(impossible('power cuts of a real file system', why))('power cuts', () => undefined);
else {
  describe('a power cut of a real file system', () => {
    const wrong = ['no fsync of a file before its rename', 'no fsync at all', 'checkpoint published before the tiles'];

    it('leaves a log that goes on, wherever it falls', async () => {
      const { cuts, all } = await cutEverywhere(DESIGNED, 0, cases(8, 60));
      const found = cuts.filter(({ faults }) => faults.length > 0);
      tally('power cuts', DESIGNED, cuts.length, found.length, { says: `of ${all}` });
      expect(found).toEqual([]);
      expect(cuts.length).toBeGreaterThanOrEqual(cases(8, 40));
    }, 3_600_000);

    it.each(wrong)(
      'finds out an archive that is wrong: %s',
      async (variant) => {
        const { cuts, all } = await cutEverywhere(variant, 1 / 3, cases(4, 40));
        const found = cuts.filter(({ faults }) => faults.length > 0);
        tally('power cuts', variant, cuts.length, found.length, { control: true, says: `of ${all}` });
        expect(found.length).toBeGreaterThan(0);
      },
      3_600_000,
    );
  });
}

/** `most` cuts in an equal distance, from a part of all calls onward. */
async function cutEverywhere(variant: string, from: number, most: number): Promise<{ readonly cuts: readonly Cut[]; readonly all: number }> {
  const disk = await makeDisk(folder());
  const whole = await cutOnce(disk, variant, Number.POSITIVE_INFINITY);
  if (variant === DESIGNED) expect(whole.faults).toEqual([]);
  const cuts: Cut[] = [];
  const points = Array.from({ length: whole.calls }, (_, place) => place + 1).slice(Math.floor(whole.calls * from));
  for (const at of spread(points, most)) cuts.push(await cutOnce(disk, variant, at));
  return { cuts, all: whole.calls };
}
