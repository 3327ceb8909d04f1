import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Comparison, compare, type Participant, type Timing } from './measure.ts';
import type { Options } from './options.ts';
import { type Hot, profiled } from './profile.ts';

/** A goal of the design, and what was measured. */
export interface Goal {
  readonly what: string;
  readonly wanted: { readonly least: number } | { readonly most: number };
  readonly unit: string;
  /** `null`: its peer is not on this machine, or the case is void. */
  readonly measured: number | null;
}

/** What is not a time: bytes, calls, records. */
export interface Figures {
  readonly label: string;
  readonly rows: readonly { readonly name: string; readonly ours: boolean; readonly value: number; readonly unit: string }[];
}

export interface Result {
  readonly id: string;
  readonly title: string;
  readonly size: string;
  readonly comparisons: readonly Comparison[];
  readonly figures: readonly Figures[];
  readonly goals: readonly Goal[];
  readonly notes: readonly string[];
  readonly profiles: readonly { readonly label: string; readonly hot: readonly Hot[] }[];
  /** Highest resident memory of the process that measured, in bytes. */
  readonly rss: number;
  /** Why it could not be measured. */
  readonly failure: string | null;
}

export interface Workload {
  /** `W4` */
  readonly id: string;
  readonly title: string;
  /** Why goals are missed, where any is: what the product does there that its peers do not, and what the machine gives at best. */
  readonly why?: string;
  /** Says its size, compares, and sets what it found beside its goals. */
  run(bench: Bench): Promise<void>;
}

/** A comparison as goals read it: `null` where the case is void or the participant absent. */
export interface Compared extends Comparison {
  of(name: string): Timing | null;
  /** How many times as long as ours. */
  ratio(name: string): number | null;
  median(name: string): number | null;
}

/** What a workload is given to measure with. */
export interface Bench {
  readonly options: Options;
  /** A folder that is removed in the end. */
  readonly dir: string;
  size(text: string): void;
  compare<Answer>(
    label: string,
    participants: readonly Participant<Answer>[],
    how: { readonly pairs: number; digest(answer: Answer): string },
  ): Promise<Compared>;
  goal(what: string, measured: number | null, wanted: Goal['wanted'], unit: string): void;
  figures(label: string, rows: Figures['rows']): void;
  note(text: string): void;
  /** Where the time of an act goes. It is done again and again, unless `once` is said: a second time may be other work. */
  profile(label: string, act: () => unknown, once?: boolean): Promise<void>;
  /** Done in the end, whatever happens; the last said first. */
  after(act: () => unknown): void;
}

/** Runs one workload in this process. */
export async function perform({ id, title, run }: Workload, options: Options): Promise<Result> {
  const dir = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'tickmark-bench-'));
  const comparisons: Comparison[] = [];
  const figures: Figures[] = [];
  const goals: Goal[] = [];
  const notes: string[] = [];
  const profiles: Result['profiles'][number][] = [];
  const last: (() => unknown)[] = [];
  let size = '';
  const end = async () => {
    const act = last.pop();
    try {
      await act?.();
    } finally {
      if (last.length > 0)
        await end(); // whatever became of one, the others are done
      else rmSync(dir, { recursive: true, force: true });
    }
  };
  const stopped = () => void end().finally(() => process.exit(1));
  process.once('SIGTERM', stopped).once('SIGINT', stopped); // servers of peers would go on without us
  try {
    await run({
      options,
      dir,
      size: (text) => {
        size = text;
      },
      async compare(label, participants, how) {
        const comparison = await compare(label, participants, { ...how, pairs: options.pairs ?? how.pairs });
        comparisons.push(comparison);
        return readable(comparison);
      },
      goal: (what, measured, wanted, unit) =>
        void goals.push({ what, measured: measured !== null && Number.isFinite(measured) ? measured : null, wanted, unit }),
      figures: (label, rows) => void figures.push({ label, rows }),
      note: (text) => void notes.push(text),
      profile: async (label, act, once) => void profiles.push({ label, hot: await profiled(act, once ?? options.peers === 'light') }),
      after: (act) => void last.push(act),
    });
  } finally {
    await end();
    process.off('SIGTERM', stopped).off('SIGINT', stopped);
  }
  return { id, title, size, comparisons, figures, goals, notes, profiles, rss: process.resourceUsage().maxRSS * 1024, failure: null };
}

function readable(comparison: Comparison): Compared {
  const of = (name: string) => (comparison.agreed ? (comparison.timings.find((timing) => timing.name === name) ?? null) : null);
  return { ...comparison, of, ratio: (name) => of(name)?.ratio ?? null, median: (name) => of(name)?.median ?? null };
}

/** `null`: it was not measured. */
export function met({ wanted, measured }: Goal): boolean | null {
  if (measured === null) return null;
  return 'least' in wanted ? measured >= wanted.least : measured <= wanted.most;
}
