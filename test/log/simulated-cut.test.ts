import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CheckpointSummary } from '../../src/evidence/archive.ts';
import { CALLS, type Calls } from '../../src/evidence/files.ts';
import { EMPTY_ROOT, sha256hex } from '../../src/log/merkle.ts';
import { HASTY } from '../made-log.ts';
import { afterPowerCut, type Choose, type Contents, type Event, readContents, recorder, writeContents } from './crash-disk.ts';
import { draft } from './drafts.ts';
import { examine, type Fault, type Known, open } from './examine.ts';
import { cases, folder, FULL, SEED, spread } from './scale.ts';
import { tally } from './tally.ts';
import { BATCH, VARIANTS } from './variants.ts';

const DESIGNED = 'as designed';
const EMPTY: CheckpointSummary = { origin: '', size: 0, root: EMPTY_ROOT.toString('base64') };
const BATCHES = [['0', '1'], ['2'], ['3', '4']] as const;

/** What a disk held, what was asked of it since, and what was promised meanwhile. */
interface Story {
  readonly before: Contents;
  readonly events: readonly Event[];
  /** After how many events a batch was acknowledged, and the checkpoint that then stood. */
  readonly promises: readonly { readonly after: number; readonly batch: readonly string[]; readonly seen: CheckpointSummary }[];
  readonly batches: readonly (readonly string[])[];
}

/** Appends batches in a folder, and writes down what its disk was asked. */
async function record(dir: string, before: Contents, batches: readonly (readonly string[])[], variant = DESIGNED, how = append): Promise<Story> {
  writeContents(dir, before);
  const { calls, events } = recorder(dir);
  const promises = await how(dir, VARIANTS[variant]?.(dir, calls) ?? calls, batches, () => events.length);
  return { before, events, promises, batches };
}

/** Hands them in at once: what is whole is signed while the one before it is committed. */
async function appendAtOnce(dir: string, calls: Calls, batches: readonly (readonly string[])[], now: () => number): Promise<Story['promises']> {
  const archive = await open(dir, { calls });
  const promises = await Promise.all(
    batches.map(async (batch) => {
      await archive.append(batch.map((text) => draft(text)));
      const seen = await archive.checkpoint();
      return { after: now(), batch, seen };
    }),
  );
  await archive.close();
  return promises;
}

async function append(dir: string, calls: Calls, batches: readonly (readonly string[])[], now: () => number): Promise<Story['promises']> {
  const promises: Story['promises'][number][] = [];
  const archive = await open(dir, { calls });
  for (const batch of batches) {
    await archive.append(batch.map((text) => draft(text)));
    promises.push({ after: now(), batch, seen: await archive.checkpoint() });
  }
  await archive.close();
  return promises;
}

/** A first process is killed after so many events: what it wrote is there, and part of it in memory alone. A second one goes on. */
async function recordKilled(dir: string, at: number): Promise<Story> {
  const { calls, events } = recorder(dir);
  const until =
    <Arguments extends readonly unknown[], Result>(call: (...all: Arguments) => Promise<Result>, dead: () => Promise<Result>) =>
    (...all: Arguments) =>
      events.length >= at ? dead() : call(...all);
  const refuse = () => Promise.reject(new Error('killed'));
  const nothing = () => Promise.resolve(); // a disk that does not confirm is another matter, of which a note would be made
  const mortal: Calls = {
    open: until(calls.open, refuse),
    write: until(calls.write, refuse),
    fsync: until(calls.fsync, nothing),
    close: until(calls.close, nothing),
    rename: until(calls.rename, refuse),
    unlink: until(calls.unlink, refuse),
    mkdir: until(calls.mkdir, refuse),
  };
  await expect(append(dir, mortal, BATCHES.slice(0, 1), () => events.length)).rejects.toMatchObject({ message: 'killed' });
  const promises = await append(dir, calls, BATCHES.slice(1), () => events.length);
  return { before: new Map(), events, promises, batches: BATCHES };
}

const knownAfter = ({ promises, batches }: Story, cut: number): Known => {
  const kept = promises.filter(({ after }) => after <= cut);
  return {
    acknowledged: kept.map(({ batch }) => batch),
    attempted: batches.filter((batch) => !kept.some((promise) => promise.batch === batch)),
    seen: kept.map(({ seen }) => seen),
  };
};

/** Reads answers from a tape, and lets everything be there once it ends: so a failure shrinks to what must be lost. */
const choices = (tape: readonly number[]): Choose => {
  let place = 0;
  return (options) => (tape[place++] ?? 0) % options;
};

/** Examines what cuts leave. Many leave the same, which is then examined once. */
function examiner(root: string) {
  const known = new Map<string, readonly Fault[]>();
  const digests = new WeakMap<Buffer, string>();
  let made = 0;
  const digestOf = (bytes: Buffer) => {
    const digest = digests.get(bytes) ?? sha256hex(bytes);
    digests.set(bytes, digest);
    return digest;
  };
  return {
    distinct: () => known.size,
    async examine(left: Contents, its: Known): Promise<readonly Fault[]> {
      const hash = createHash('sha256').update(JSON.stringify(its));
      for (const [path, bytes] of [...left].sort(([a], [b]) => (a < b ? -1 : 1))) hash.update(`\n${path} ${digestOf(bytes)}`);
      const digest = hash.digest('hex');
      const before = known.get(digest);
      if (before) return before;
      const dir = join(root, `x${made++}`);
      writeContents(dir, left);
      const faults = await examine(dir, its, HASTY); // what it goes on with need not outlive anything
      rmSync(dir, { recursive: true });
      known.set(digest, faults);
      return faults;
    },
  };
}

const tape = fc.array(fc.nat({ max: 3 }), { maxLength: 80 });

/** Cuts the power in these stories, at points and with losses that fast-check chooses. Answers with the cuts that did harm. */
async function cutAtRandom(stories: readonly Story[], numRuns: number): Promise<{ readonly harm: readonly string[]; readonly distinct: number }> {
  const its = examiner(folder());
  const harm: string[] = [];
  const which = fc.nat({ max: stories.length - 1 }).chain((story) => fc.tuple(fc.constant(story), fc.nat({ max: stories[story]?.events.length ?? 0 })));
  await fc.assert(
    fc.asyncProperty(which, tape, async ([place, cut], losses) => {
      const story = stories[place] as Story;
      const faults = await its.examine(afterPowerCut(story.before, story.events.slice(0, cut), choices(losses)), knownAfter(story, cut));
      if (faults.length > 0)
        harm.push(`story ${place}, after event ${cut} (${JSON.stringify(story.events[cut - 1])?.slice(0, 200)}): ${JSON.stringify(faults)}`);
    }),
    { numRuns, seed: SEED },
  );
  return { harm, distinct: its.distinct() };
}

describe('a simulated power cut', () => {
  const run = async (what: string, stories: readonly Story[], numRuns: number) => {
    const { harm, distinct } = await cutAtRandom(stories, numRuns);
    tally('simulated power cuts', what, numRuns, harm.length, { says: `${distinct} distinct` });
    expect(harm.slice(0, 3)).toEqual([]);
  };
  const after = async (batches: readonly (readonly string[])[]) => readContents(await made(batches));
  const withFirst = (story: Story): Story => ({ ...story, promises: [{ after: 0, batch: ['a'], seen: EMPTY }, ...story.promises] });
  const made = async (batches: readonly (readonly string[])[]) => {
    const dir = join(folder(), 'before');
    await append(dir, CALLS, batches, () => 0);
    return dir;
  };

  it('leaves a log that goes on, from the making of the log onward', async () => {
    await run('a new log', [await record(join(folder(), 'a'), new Map(), BATCHES)], cases(120, 50_000));
  }, 7_200_000);

  it('leaves a log that goes on, across the end of a tile', async () => {
    const base = Array.from({ length: 254 }, (_, place) => `${place % 8}`);
    const story = await record(join(folder(), 'a'), await after([base]), [BATCH]);
    const whole: Story = {
      ...story,
      batches: [...story.batches],
      promises: [{ after: 0, batch: base, seen: EMPTY }, ...story.promises],
    };
    await run('the end of a tile', [whole], cases(5, 2_000));
  }, 7_200_000);

  it('leaves a log that goes on, where a batch was signed while the one before it was committed', async () => {
    const batches = [['0'], ...['1', '2'].map((text) => Array.from({ length: 256 }, (_, place) => `${text}${place % 8}`))];
    await run('signed ahead', [await record(join(folder(), 'a'), await after([['a']]), batches, DESIGNED, appendAtOnce)].map(withFirst), cases(8, 2_000));
  }, 7_200_000);

  it('leaves a log that goes on, where a process had been killed before', async () => {
    const whole = await record(join(folder(), 'a'), new Map(), BATCHES.slice(0, 1));
    const points = Array.from({ length: (whole.promises[0]?.after ?? 0) - 1 }, (_, place) => place + 1); // once it is acknowledged, it is no batch on its way
    const stories: Story[] = [];
    for (const at of spread(points, FULL ? points.length : 12)) stories.push(await recordKilled(join(folder(), 'a'), at));
    await run('killed, then cut', stories, cases(60, 40_000));
  }, 7_200_000);

  it('leaves a log that goes on, where a process had been killed with a name in memory alone, and every such name is lost', async () => {
    const whole = await record(join(folder(), 'a'), new Map(), BATCHES.slice(0, 1));
    const [its, harm] = [examiner(folder()), [] as string[]];
    const lost: Choose = (options) => options - 1;
    let cuts = 0;
    for (const [place, { kind }] of whole.events.entries()) {
      if (kind !== 'rename' && !(FULL && kind === 'mkdir')) continue;
      const story = await recordKilled(join(folder(), 'a'), place + 1);
      for (let cut = place + 1; cut <= story.events.length; cut += FULL ? 1 : 25, cuts++) {
        const faults = await its.examine(afterPowerCut(story.before, story.events.slice(0, cut), lost), knownAfter(story, cut));
        if (faults.length > 0) harm.push(`killed after ${JSON.stringify(whole.events[place])}, cut after event ${cut}: ${JSON.stringify(faults)}`);
      }
    }
    tally('simulated power cuts', 'killed before its names were confirmed', cuts, harm.length, { says: `${its.distinct()} distinct` });
    expect(harm.slice(0, 3)).toEqual([]);
  }, 600_000);

  it('leaves a log that goes on, where the recovery from a cut is cut in turn', async () => {
    const first = await record(join(folder(), 'a'), new Map(), BATCHES.slice(0, 2));
    const stories: Story[] = [];
    const losses = fc.sample(fc.tuple(fc.nat({ max: first.events.length }), tape), { numRuns: cases(15, 400), seed: SEED });
    for (const [cut, its] of losses) {
      const left = afterPowerCut(first.before, first.events.slice(0, cut), choices(its));
      const { acknowledged, attempted, seen } = knownAfter(first, cut);
      const second = await record(join(folder(), 'a'), left, [['5']]);
      const before = acknowledged.map((batch, place) => ({ after: 0, batch, seen: seen[place] as CheckpointSummary }));
      stories.push({ ...second, promises: [...before, ...second.promises], batches: [...acknowledged, ...attempted, ...second.batches] });
    }
    await run('cut, then cut', stories, cases(40, 8_000));
  }, 7_200_000);

  it.each(['no fsync of a file before its rename', 'no fsync at all', 'checkpoint published before the tiles'])(
    'finds out an archive that is wrong: %s',
    async (variant) => {
      const story = await record(join(folder(), 'a'), await after([['a']]), BATCHES, variant);
      const runs = cases(25, 500);
      const { harm, distinct } = await cutAtRandom([withFirst(story)], runs);
      tally('simulated power cuts', variant, runs, harm.length, { control: true, says: `${distinct} distinct` });
      expect(harm.length).toBeGreaterThan(0);
    },
    600_000,
  );
});
