import type { Tally } from '../test/log/tally.ts';

/** A share of one harness, of a few minutes. */
export interface Part {
  readonly name: string;
  /** Which of how many shares; each has its own seed. */
  readonly part: number;
  readonly of: number;
  readonly project: 'faults' | 'peers';
  readonly file: string;
  /** Names of its tests, as a regular expression. */
  readonly test: string;
}

/** What came of a part. */
export interface Told {
  readonly seconds: number;
  readonly failed: boolean;
  readonly tallies: readonly Tally[];
  /** The end of what was printed, of a part that failed. */
  readonly output: string;
}

/** The code that is tried, and what tries it. */
export const LINES = ['src/core', 'src/log', 'src/evidence', 'src/verify', 'test/log', 'test/peers'] as const;

const CUTS = 'test/log/simulated-cut.test.ts';
const TAMPER = 'test/log/tamper.test.ts';
const CALLS = 'test/log/syscalls.peers.test.ts';
const POWER = 'test/log/power-cut.peers.test.ts';
const STRANGERS = 'test/peers/foreign.peers.test.ts';

const HARNESSES: readonly (Omit<Part, 'part'> & { readonly of: number })[] = [
  { name: 'cuts, new log', of: 10, project: 'faults', file: CUTS, test: 'from the making of the log onward' },
  { name: 'cuts, end of a tile', of: 4, project: 'faults', file: CUTS, test: 'across the end of a tile' },
  { name: 'cuts, after a kill', of: 8, project: 'faults', file: CUTS, test: 'where a process had been killed before' },
  { name: 'cuts, names in memory', of: 1, project: 'faults', file: CUTS, test: 'name in memory alone' },
  { name: 'cuts, after a cut', of: 2, project: 'faults', file: CUTS, test: 'is cut in turn' },
  { name: 'cuts, controls', of: 1, project: 'faults', file: CUTS, test: 'finds out an archive that is wrong' },
  ...[1, 255, 256, 257, 1500].map(
    (size) => ({ name: `mutations, ${size}`, of: 4, project: 'faults', file: TAMPER, test: `is found out in a log of ${size} records` }) as const,
  ),
  { name: 'mutations, none', of: 2, project: 'faults', file: TAMPER, test: 'is not found where there is none' },
  ...['a first batch', 'a batch across the end of a tile', 'a recovery and a batch'].map(
    (scene) => ({ name: `system calls, ${scene}`, of: 4, project: 'faults', file: CALLS, test: `leaves a log that goes on: ${scene}` }) as const,
  ),
  { name: 'system calls, controls', of: 1, project: 'faults', file: CALLS, test: 'finds out an archive that is wrong' },
  { name: 'power cuts', of: 1, project: 'faults', file: POWER, test: 'leaves a log that goes on' },
  { name: 'power cuts, controls', of: 1, project: 'faults', file: POWER, test: 'finds out an archive that is wrong' },
  { name: 'calls that seemed to fail', of: 1, project: 'faults', file: 'test/log/persisted.test.ts', test: '' },
  { name: 'edges of tiles', of: 1, project: 'faults', file: 'test/log/boundaries.test.ts', test: '' },
  { name: 'hostile bytes', of: 1, project: 'faults', file: 'test/log/hostile.test.ts', test: '' },
  { name: 'a crowd of workers', of: 1, project: 'faults', file: 'test/jobs/crowd.peers.test.ts', test: '' },
  ...['golang.org/x/mod/sumdb', '@sigstore/verify', 'filippo.io/torchwood', 'python3-cryptography', 'openssl'].map(
    (who) => ({ name: `70,000 before ${who}`, of: who === '@sigstore/verify' ? 2 : 1, project: 'peers', file: STRANGERS, test: `before ${who}` }) as const,
  ),
];

export const PARTS: readonly Part[] = HARNESSES.flatMap((harness) => Array.from({ length: harness.of }, (_, place) => ({ ...harness, part: place + 1 })));

export const nameOf = ({ name, part, of }: Part): string => (of === 1 ? name : `${name} ${part}/${of}`);

/** Those whose names begin with one of these; all, where none are given. Throws `RangeError` where one begins none. */
export function chosen(parts: readonly Part[], only: readonly string[]): readonly Part[] {
  const strange = only.find((name) => !parts.some((part) => nameOf(part).startsWith(name)));
  if (strange !== undefined) throw new RangeError(`no harness is called ${strange}. There are: ${[...new Set(parts.map(({ name }) => name))].join('; ')}`);
  return only.length === 0 ? parts : parts.filter((part) => only.some((name) => nameOf(part).startsWith(name)));
}

/** What came of one part, in a line. */
export function says(told: Told | null): string {
  if (told === null) return 'not run';
  const [cases, found, wrong] = [sum(told.tallies, false, 'cases'), sum(told.tallies, true, 'failures'), sum(told.tallies, false, 'failures')];
  const controls = told.tallies.some(({ control }) => control) ? `, ${found} of ${sum(told.tallies, true, 'cases')} wrong ones found out` : '';
  return `${told.failed ? 'FAILED' : 'held'}, ${cases.toLocaleString('en')} cases, ${wrong} failures${controls}, ${told.seconds} s`;
}

/** What came of all, and how long the rest may take: as long as what was run of the same harness, where any was. */
export function total(parts: readonly Part[], told: Readonly<Record<string, Told>>): string {
  const done = parts.filter((part) => told[nameOf(part)] !== undefined);
  const its = done.map((part) => told[nameOf(part)] as Told);
  const seconds = its.reduce((all, one) => all + one.seconds, 0);
  const cases = its.reduce((all, { tallies }) => all + sum(tallies, false, 'cases'), 0);
  const left = parts.filter((part) => told[nameOf(part)] === undefined);
  const known = left.map(({ name }) => meanOf(done.filter((part) => part.name === name).map((part) => told[nameOf(part)] as Told)));
  const rest = known.every((it) => it !== null) ? `, about ${Math.ceil(known.reduce((all, it) => all + (it ?? 0), 0) / 60)} minutes` : '';
  const failed = done.filter((part) => told[nameOf(part)]?.failed).map(nameOf);
  return [
    `${done.length} of ${parts.length} parts: ${cases.toLocaleString('en')} cases in ${Math.ceil(seconds / 60)} minutes; ${left.length} left${left.length > 0 ? rest : ''}.`,
    ...(failed.length > 0 ? [`FAILED: ${failed.join('; ')}`] : []),
  ].join('\n');
}

const sum = (tallies: readonly Tally[], control: boolean, what: 'cases' | 'failures'): number =>
  tallies.filter((it) => it.control === control).reduce((all, it) => all + it[what], 0);

const meanOf = (all: readonly Told[]): number | null => (all.length === 0 ? null : all.reduce((sum, { seconds }) => sum + seconds, 0) / all.length);
