import { createHash } from 'node:crypto';

/** One way to do the work of a case. Only {@link run} is timed. */
export interface Participant<Answer> {
  readonly name: string;
  /** The product's own code. The first such one is what ratios are taken to. */
  readonly ours?: true;
  /** So slow that it takes part in no more than this many measured rounds, and not in the warm-up. */
  readonly rounds?: number;
  /** Untimed, before each run. */
  before?(round: number): void | Promise<void>;
  run(round: number): Answer | Promise<Answer>;
}

export interface Timing {
  readonly name: string;
  readonly ours: boolean;
  readonly rounds: number;
  /** Milliseconds. */
  readonly min: number;
  readonly median: number;
  readonly p95: number;
  readonly max: number;
  /** Median of what this process computed meanwhile, all its threads together: steadier than time where others compute too, and nothing of a server's. */
  readonly cpu: number;
  /** Median of its time divided by ours in the same round; `null` of ours. */
  readonly ratio: number | null;
  /** Of what it answered last. */
  readonly answer: string;
}

export interface Comparison {
  readonly label: string;
  readonly timings: readonly Timing[];
  /** All gave the same answer in every round. Where not, no figure of the case means anything. */
  readonly agreed: boolean;
}

/** Runs all participants in turns, round by round, in an order that is turned around each time; the first round warms up and does not count. */
export async function compare<Answer>(
  label: string,
  participants: readonly Participant<Answer>[],
  { pairs, digest }: { readonly pairs: number; digest(answer: Answer): string },
): Promise<Comparison> {
  const times = new Map<string, Map<number, Took>>(participants.map(({ name }) => [name, new Map()]));
  const answers = new Map<string, Map<number, string>>(participants.map(({ name }) => [name, new Map()]));
  for (let round = 0; round <= pairs; round++) {
    for (const participant of round % 2 === 0 ? participants : participants.toReversed()) {
      const { name, rounds } = participant;
      if (rounds !== undefined && (round === 0 || round > rounds)) continue;
      await participant.before?.(round);
      globalThis.gc?.();
      const [started, before] = [performance.now(), process.cpuUsage()];
      const answer = await participant.run(round);
      const [wall, { user, system }] = [performance.now() - started, process.cpuUsage(before)];
      answers.get(name)?.set(round, hash(digest(answer)));
      if (round > 0) times.get(name)?.set(round, { wall, cpu: (user + system) / 1000 });
    }
  }
  const base = times.get(participants.find(({ ours }) => ours)?.name ?? '') ?? new Map<number, Took>();
  const timings = participants.map(({ name, ours }) =>
    timing(name, { ours: ours === true, its: times.get(name) ?? new Map(), base, answer: [...(answers.get(name)?.values() ?? [])].at(-1) ?? '' }),
  );
  return { label, timings, agreed: agree([...answers.values()]) };
}

/** In each round all who took part said the same. Rounds may differ: each may be another day. */
function agree(answers: readonly ReadonlyMap<number, string>[]): boolean {
  const rounds = new Set(answers.flatMap((its) => [...its.keys()]));
  return [...rounds].every((round) => new Set(answers.flatMap((its) => its.get(round) ?? [])).size === 1);
}

/** Milliseconds of one run. */
interface Took {
  readonly wall: number;
  readonly cpu: number;
}

interface Taken {
  readonly ours: boolean;
  readonly its: ReadonlyMap<number, Took>;
  readonly base: ReadonlyMap<number, Took>;
  readonly answer: string;
}

function timing(name: string, { ours, its, base, answer }: Taken): Timing {
  const all = [...its.values()].map(({ wall }) => wall);
  const ratios = [...its].flatMap(([round, { wall }]) => {
    const ours = base.get(round);
    return ours ? [wall / ours.wall] : [];
  });
  return {
    name,
    ours,
    rounds: all.length,
    min: quantile(all, 0),
    median: quantile(all, 0.5),
    p95: quantile(all, 0.95),
    max: quantile(all, 1),
    cpu: quantile(
      [...its.values()].map(({ cpu }) => cpu),
      0.5,
    ),
    ratio: ours && its === base ? null : quantile(ratios, 0.5),
    answer,
  };
}

/** The value below which this share lies, between neighbours where none lies there. `NaN` of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(place)] ?? Number.NaN, sorted[Math.ceil(place)] ?? Number.NaN];
  return low + (high - low) * (place - Math.floor(place));
}

/** 16 hex digits: enough to tell answers apart, short enough to print. */
const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);
