import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { acmeConfiguration, acmeFiles, acmeRuns } from '../acme/configuration.ts';
import { acmeWire } from '../acme/wire.ts';
import { makeWorld, type World } from '../acme/world.ts';
import { collectors } from '../collectors/index.ts';
import { parseConfiguration, type Source } from '../configuration/read.ts';
import { startOfDay } from '../core/calendar.ts';
import { days, duration, type Instant } from '../core/instant.ts';
import type { Draft } from '../evidence/record.ts';
import { compiledHere } from '../log/threads.ts';
import { openSource } from '../sources/open.ts';
import { perform } from './run.ts';

/** How many days of records are told, and sealed under one checkpoint, at once: a year of nights, each on its own, would take a minute. */
const DAYS_A_BATCH = 7;
/** Batches that a thread may be ahead of what was sealed: what is told too early has to be held. */
const AHEAD = 2;
/** What tells a thread that it is one of these. */
const ROLE = 'tickmark: acme';
/** Made up, and written nowhere else: what a source says is told without the words of its credential. */
export const CREDENTIALS = { token: 'made-up-token', accessKeyId: 'made-up-key-id', secretAccessKey: 'made-up-secret' };

export interface Told {
  readonly at: Instant;
  /** Place of its run among all runs of Acme. */
  readonly place: number;
  readonly draft: Draft;
}

/** Some of Acme's sources: the `index`th of `of` parts. */
interface Share {
  readonly role: typeof ROLE;
  readonly now: Instant;
  /** The workspace. */
  readonly dir: string;
  readonly index: number;
  readonly of: number;
}

/**
 * What the real collectors say of Acme in eight months of nights, asked in threads beside this one, for asking is most
 * of the work. Gives the records of a week at once, in the order of
 * their runs, and how many of all runs that makes so far.
 */
export async function* tellOfAcme({
  now,
  dir,
  threads,
}: {
  readonly now: Instant;
  readonly dir: string;
  readonly threads: number;
}): AsyncGenerator<{ readonly told: readonly Told[]; readonly done: number; readonly of: number }> {
  module.flushCompileCache?.(); // the threads begin with the code that this one has read
  const shares = Array.from({ length: threads }, (_, index) => thread({ role: ROLE, now, dir, index, of: threads }));
  const runs = acmeRuns(makeWorld(now), now);
  try {
    for (const { to } of batches(runs)) {
      const parts = await Promise.all(shares.map((share) => share.next()));
      yield { told: parts.flat().sort((a, b) => a.place - b.place), done: to, of: runs.length };
    }
  } finally {
    await Promise.all(shares.map((share) => share.end()));
  }
}

/** The runs of each batch, by their places. */
function batches(runs: ReturnType<typeof acmeRuns>): readonly { readonly from: number; readonly to: number }[] {
  const starts = runs.flatMap(({ at }, place) => (place === 0 || batchOf(at, runs) !== batchOf(runs[place - 1]?.at ?? at, runs) ? [place] : []));
  return starts.map((from, place) => ({ from, to: starts[place + 1] ?? runs.length }));
}

const batchOf = (at: Instant, runs: ReturnType<typeof acmeRuns>): number => Math.floor((at - (runs[0]?.at ?? at)) / days(DAYS_A_BATCH));

function thread(share: Share): { next(): Promise<readonly Told[]>; end(): Promise<unknown> } {
  const worker = new Worker(new URL(import.meta.url), { workerData: share, ...compiledHere() });
  const come: (readonly Told[])[] = [];
  let failure: unknown = null;
  let wake: (() => void) | null = null;
  const fail = (error: unknown) => {
    failure ??= error;
    wake?.();
  };
  worker.on('message', (told: readonly Told[]) => {
    come.push(told);
    wake?.();
  });
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('a thread that tells of Acme ended early')));
  for (let ahead = 0; ahead < AHEAD; ahead++) worker.postMessage('go on');
  return {
    async next() {
      while (come.length === 0 && failure === null)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      const told = come.shift();
      if (!told) throw failure;
      worker.postMessage('go on');
      return told;
    },
    end: () => worker.terminate(),
  };
}

const given: unknown = workerData;
if (!isMainThread && (given as Share | null)?.role === ROLE) await answer(given as Share);

/** In the thread: one batch for each word. */
async function answer(share: Share): Promise<void> {
  const told = tell(share);
  let turn = Promise.resolve();
  parentPort?.on('message', () => {
    turn = turn.then(async () => {
      const { value, done } = await told.next();
      if (!done) parentPort?.postMessage(value);
    });
  });
}

async function* tell({ now, dir, index, of }: Share): AsyncGenerator<readonly Told[]> {
  const world = makeWorld(now);
  const runs = acmeRuns(world, now);
  const { sources, file } = parseConfiguration(acmeConfiguration(world), collectors);
  const own = new Map(shareOf(sources, index, of).map((source) => [`${source.collector.id}/${source.name}`, source]));
  const context = { world, dir, timezone: file.timezone, since: startOfDay(world.periods.ready.from, file.timezone), files: new Map(), marks: new Map() };
  for (const { from, to } of batches(runs)) {
    const told: Told[] = [];
    for (let place = from; place < to; place++) {
      const run = runs[place];
      const source = own.get(run?.source ?? '');
      if (run && source) for await (const { at, draft } of ask(context, source, run.at)) told.push({ at, place, draft });
    }
    yield told;
  }
}

/** Those that take longest to ask, in tenths of a second of computing for all nights; any other takes {@link SOME}. */
const HEAVY: Readonly<Record<string, number>> = {
  'aws/iam': 54,
  'files/registers': 15,
  'okta/users': 11,
  'github/repositories': 10,
  'aws/cloudtrail': 10,
  'github/changes': 9,
  'fleet/hosts': 8,
  'okta/applications': 8,
  'github/deployments': 6,
};
const SOME = 3;
/** All that read files. */
const FILES = 16;

/** Dealt out so that the threads end at about one time. Sources that read files are asked by one thread, for it writes them as they stood then. */
function shareOf(sources: readonly Source[], index: number, of: number): readonly Source[] {
  const inFiles = sources.filter(({ collector }) => collector.transport === 'file');
  const others = sources.filter(({ collector }) => collector.transport !== 'file').map((source) => ({ source, takes: HEAVY[source.collector.id] ?? SOME }));
  const shares = Array.from({ length: of }, (_, thread) => ({ sources: thread === 0 ? inFiles : [], takes: thread === 0 ? FILES : 0 }));
  for (const { source, takes } of others.sort((a, b) => b.takes - a.takes)) {
    const least = shares.reduce((lightest, share) => (share.takes < lightest.takes ? share : lightest));
    least.sources = [...least.sources, source];
    least.takes += takes;
  }
  return shares[index]?.sources ?? [];
}

interface Context {
  readonly world: World;
  readonly dir: string;
  readonly timezone: string;
  readonly since: Instant;
  /** What was written before. */
  readonly files: Map<string, string>;
  /** Where the last run of a source and partition left off. */
  readonly marks: Map<string, string>;
}

/** One night of one source. */
async function* ask(context: Context, source: Source, night: Instant): AsyncGenerator<Omit<Told, 'place'>> {
  const { collector, name, config } = source;
  let at = night;
  const wire = acmeWire(context.world, () => at);
  if (collector.transport === 'file') writeFiles(context.dir, context.world, at, context.files);
  for (const partition of collector.partitions(config)) {
    const line = `${collector.id}/${name} ${partition}`;
    for (let more = true; more; ) {
      const { timezone, since } = context;
      const after = context.marks.get(line) ?? null;
      const order = { collector, name, partition, config, endpoint: null, slot: at, every: duration(source.every), timezone, since, demo: true, after };
      const options = { config, partition, credentials: CREDENTIALS, endpoint: null, root: context.dir, wire, clock: () => at, sleep: async () => undefined };
      const ran = await perform(
        order,
        async () => openSource(collector, options),
        () => at,
      );
      more = ran.more;
      if (ran.draft.body.kind === 'run' && ran.draft.body.mark !== null) context.marks.set(line, ran.draft.body.mark);
      yield { at, draft: ran.draft };
      if (more) at += 1000; // no two runs begin at one instant
    }
  }
}

/** As the files stood then; `known` holds what was written before, and is not written again. */
export function writeFiles(dir: string, world: World, at: Instant, known?: Map<string, string>): void {
  for (const [name, text] of Object.entries(acmeFiles(world, at))) {
    const path = join(dir, name);
    if (known?.get(path) === text) continue;
    known?.set(path, text);
    mkdirSync(dirname(path), { recursive: true });
    rmSync(path, { force: true }); // some file systems confirm what is written over at once, which takes as long as to ask a source
    writeFileSync(path, text);
  }
}
