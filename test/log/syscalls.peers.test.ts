import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CALLS } from '../../src/evidence/files.ts';
import { draft } from './drafts.ts';
import { doubted, examine, type Fault, type Known, open } from './examine.ts';
import { cases, folder, FULL, impossible, share, spread } from './scale.ts';
import { tally } from './tally.ts';
import { cannotTrace, type Injection, type Point, points, strike } from './tracer.ts';
import { BATCH } from './variants.ts';

const ALL: readonly Injection[] = ['signal=KILL', 'error=EIO', 'error=ENOSPC'];
/** Calls that answer "no space left on device" in earnest. */
const TAKES_SPACE = ['openat', 'mkdir', 'rename', 'fsync', 'fdatasync', 'write', 'pwrite64'];

/** How the state folder stands before the victim comes, and what is known of it. */
type Scene = (dir: string) => Promise<Known>;

const SCENES: Readonly<Record<string, Scene>> = {
  'a first batch': async () => ({ acknowledged: [], attempted: [BATCH], seen: [] }),
  'a batch across the end of a tile': async (dir) => {
    const archive = await open(dir);
    const texts = Array.from({ length: 254 }, (_, place) => `${place % 16}`);
    await archive.append(texts.map((text) => draft(text)));
    const seen = await archive.checkpoint();
    await archive.close();
    return { acknowledged: [texts], attempted: [BATCH], seen: [seen] };
  },
  'a recovery and a batch': async (dir) => {
    const before = await open(dir);
    await before.append([draft('0'), draft('1')]);
    const seen = await before.checkpoint();
    await before.close();
    const committed = async (from: string, to: string) => {
      await CALLS.rename(from, to);
      if (to === join(dir, 'log/.state/lock')) throw new Error('the process ends as soon as the batch is committed');
    };
    const archive = await open(dir, { calls: { ...CALLS, rename: committed } });
    await expect(archive.append([draft('2'), draft('3')])).rejects.toBeInstanceOf(Error);
    await archive.close();
    return { acknowledged: [['0', '1']], attempted: [['2', '3'], BATCH], seen: [seen] };
  },
};

/** Of 254 records each examination costs more. */
const REDUCED: Readonly<Record<string, number>> = { 'a batch across the end of a tile': 6 };

interface Case {
  readonly point: Point;
  readonly injection: Injection;
}

interface Found extends Case {
  readonly faults: readonly Fault[];
}

const why = cannotTrace();
if (why !== null) it.skipIf(impossible('system calls that fail', why))('every system call of a batch', () => undefined);
else {
  describe('every system call of a batch, killed or failing', () => {
    it.each(Object.entries(SCENES))(
      'leaves a log that goes on: %s',
      async (name, scene) => {
        const { found, all } = await struck(scene, 'as designed', ALL, FULL ? 600 : (REDUCED[name] ?? 12));
        tally('system calls', name, found.length, failing(found).length, { says: `of ${all}` });
        expect(failing(found)).toEqual([]);
        expect(found.length).toBeGreaterThanOrEqual(cases(REDUCED[name] ?? 12, 500));
      },
      7_200_000,
    );

    it.each(['acknowledged before it is committed', 'checkpoint published before the tiles'])(
      'finds out an archive that is wrong: %s',
      async (variant) => {
        const scene = SCENES['a recovery and a batch'] as Scene;
        // Where it shows is a few calls wide, and which calls those are differs a little from run to run: one after another, until it does.
        const { found, all } = await struck(scene, variant, ['signal=KILL'], Infinity, cases(1, 5));
        tally('system calls', variant, found.length, harmed(found).length, { control: true, says: `of ${all}` });
        expect(harmed(found).length).toBeGreaterThanOrEqual(cases(1, 5));
      },
      3_600_000,
    );
  });
}

/** In another order: each is far from those just before it, so that a part of them is spread over all. */
function farApart<Item>(items: readonly Item[]): readonly Item[] {
  const step = Math.max(1, Math.round(Math.sqrt(items.length)));
  return Array.from({ length: step }, (_, first) => items.filter((__, place) => place % step === first)).flat();
}

const failing = (found: readonly Found[]): readonly Found[] => found.filter(({ faults }) => faults.length > 0);
const harmed = (found: readonly Found[]): readonly Found[] => found.filter(({ faults }) => faults.some(({ kind }) => kind !== 'case'));

/**
 * Strikes copies of one scene at its points, two at a time, and examines what each leaves.
 *
 * @param most points at most, spread over all of them
 * @param enough faults: where so many are found, no further point is struck
 */
async function struck(
  scene: Scene,
  variant: string,
  injections: readonly Injection[],
  most: number,
  enough = Infinity,
): Promise<{ readonly found: Found[]; readonly all: number }> {
  const root = folder();
  const base = join(root, 'base');
  const known = await scene(base);
  const counted = join(root, 'counted');
  copy(base, counted);
  const every = (await points(counted, variant, join(root, 'count'))).flatMap((point) =>
    injections.filter((injection) => injection !== 'error=ENOSPC' || TAKES_SPACE.includes(point.syscall)).map((injection): Case => ({ point, injection })),
  );
  const chosen = [...farApart(share(spread(every, most))).entries()];
  const found: Found[] = [];
  await Promise.all([lane(), lane()]);
  return { found, all: every.length };

  async function lane(): Promise<void> {
    for (let next = chosen.shift(); next && harmed(found).length < enough; next = chosen.shift()) {
      const [place, its] = next;
      found.push({ ...its, faults: await strikeOnce(join(root, `${place}`), base, known, variant, its) });
    }
  }
}

/** Which thread reads when differs a little from run to run: where the last of the counted calls did not come this time, the one before it is struck. */
async function strikeOnce(dir: string, base: string, known: Known, variant: string, { point, injection }: Case): Promise<readonly Fault[]> {
  copy(base, dir);
  const { acknowledged, refused, signal, hits } = await strike(dir, variant, point, injection, `${dir}.strace`);
  if (hits.length === 0 && acknowledged && point.nth > 1) {
    rmSync(dir, { recursive: true });
    return strikeOnce(dir, base, known, variant, { point: { ...point, nth: point.nth - 1 }, injection });
  }
  const says = (text: string, kind: Fault['kind'] = 'recovery'): readonly Fault[] => [
    { kind, says: `${text}: ${JSON.stringify({ acknowledged, refused, signal, hits })}` },
  ];
  if (hits.length === 0) return says('nothing was hit', 'case');
  if (injection === 'signal=KILL' && signal !== 'SIGKILL') return says('it was not killed', 'case');
  if (point.syscall === 'fsync' && injection !== 'signal=KILL' && signal !== 'SIGABRT') return says('it went on after an fsync that failed');
  const doubt = await doubted(dir);
  if (point.syscall === 'fsync' && injection !== 'signal=KILL' && !doubt) return says('an fsync failed, and the next start does not know');
  return examine(dir, settled(known, acknowledged));
}

function settled(known: Known, acknowledged: boolean): Known {
  if (!acknowledged) return known;
  const isBatch = (batch: readonly string[]) => batch === BATCH;
  return { ...known, acknowledged: [...known.acknowledged, BATCH], attempted: known.attempted.filter((batch) => !isBatch(batch)) };
}

const copy = (from: string, to: string): void => {
  if (existsSync(from)) cpSync(from, to, { recursive: true });
};
