import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CALLS } from '../../src/evidence/files.ts';
import { draft } from './drafts.ts';
import { doubted, examine, type Fault, type Known, open } from './examine.ts';
import { cases, folder, impossible, spread } from './scale.ts';
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
        const { found, all } = await struck(scene, 'as designed', ALL, cases(REDUCED[name] ?? 12, 600));
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
        const { found, all } = await struck(scene, variant, ['signal=KILL'], cases(8, 60));
        tally('system calls', variant, found.length, failing(found).length, { control: true, says: `of ${all}` });
        expect(failing(found).length).toBeGreaterThan(0);
      },
      3_600_000,
    );
  });
}

const failing = (found: readonly Found[]): readonly Found[] => found.filter(({ faults }) => faults.length > 0);

/** Strikes copies of one scene at its points, two at a time, and examines what each leaves. */
async function struck(
  scene: Scene,
  variant: string,
  injections: readonly Injection[],
  most: number,
): Promise<{ readonly found: Found[]; readonly all: number }> {
  const root = folder();
  const base = join(root, 'base');
  const known = await scene(base);
  const counted = join(root, 'counted');
  copy(base, counted);
  const every = (await points(counted, variant, join(root, 'count'))).flatMap((point) =>
    injections.filter((injection) => injection !== 'error=ENOSPC' || TAKES_SPACE.includes(point.syscall)).map((injection): Case => ({ point, injection })),
  );
  const chosen = [...spread(every, most).entries()];
  const found: Found[] = [];
  await Promise.all([lane(), lane()]);
  return { found, all: every.length };

  async function lane(): Promise<void> {
    for (let next = chosen.shift(); next; next = chosen.shift()) {
      const [place, its] = next;
      found.push({ ...its, faults: await strikeOnce(join(root, `${place}`), base, known, variant, its) });
    }
  }
}

async function strikeOnce(dir: string, base: string, known: Known, variant: string, { point, injection }: Case): Promise<readonly Fault[]> {
  copy(base, dir);
  const { acknowledged, refused, signal, hits } = await strike(dir, variant, point, injection, `${dir}.strace`);
  const says = (text: string): readonly Fault[] => [{ kind: 'recovery', says: `${text}: ${JSON.stringify({ acknowledged, refused, signal, hits })}` }];
  if (hits.length === 0) return says('nothing was hit');
  if (injection === 'signal=KILL' && signal !== 'SIGKILL') return says('it was not killed');
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
