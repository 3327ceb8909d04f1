import { type Figures, type Goal, met, type Result } from './bench.ts';
import type { Comparison, Timing } from './measure.ts';

/** What was measured where and when: absolute times mean nothing without it. */
export interface Machine {
  readonly date: string;
  readonly node: string;
  readonly cores: number;
  readonly model: string;
  /** Gigabytes. */
  readonly memory: number;
  /** Load average of one minute when it began. */
  readonly load: number;
  /** Versions of the peers, by name. */
  readonly peers: Readonly<Record<string, string>>;
}

export interface Measured extends Result {
  readonly machine: Machine;
  /** Megabytes of old space it was held to. */
  readonly heap: number | null;
  /** The options it was asked with. */
  readonly asked: string;
}

/** What a benchmark without peers found, line by line. */
export interface Alone {
  readonly machine: Machine;
  /** As it is asked again: `archive`, `server --facts 1000000`. */
  readonly asked: string;
  readonly lines: readonly (readonly [what: string, measured: string, goal: string])[];
}

/** The page for people: first what was promised and what holds, then every figure. */
export function page(all: readonly Measured[], alone: readonly Alone[], why: (id: string) => string | undefined): string {
  return `${[
    '# Benchmarks',
    '',
    '<!-- Made by "npm run bench". Run it again instead of editing. -->',
    '',
    'Peers and Tickmark do the same work on the same data, in turns, in the same run; the first round warms up and does not count. All must give the same answer, or the row is void.',
    'Ratios are what counts: absolute times are those of the machine named with them, and of whatever else ran there. A ratio is the median over the rounds of the peer’s time divided by ours. CPU is what the measuring process computed meanwhile, all its threads together: nothing of a database server, and on a busy machine the steadier figure of the rest.',
    'Run them with `npm run bench`, or some of them with `npm run bench -- W4 W5 --users 10000 --pairs 7`; `--heap 512` holds the heap to as many megabytes.',
    '',
    '| | goal | wanted | measured | |',
    '| --- | --- | --- | --- | --- |',
    ...all.flatMap(goalRows),
    ...all.flatMap((measured) => section(measured, why(measured.id))),
    ...alone.flatMap(aloneSection),
  ].join('\n')}\n`;
}

function goalRows(measured: Measured): readonly string[] {
  const name = nameOf(measured);
  if (measured.failure !== null) return [`| ${name} | ${measured.title} | | | failed: ${measured.failure} |`];
  return measured.goals.map(
    (goal) => `| ${name} | ${goal.what} | ${wantedOf(goal)} | ${goal.measured === null ? '' : withUnit(goal.measured, goal.unit)} | ${verdictOf(goal)} |`,
  );
}

function section(measured: Measured, why: string | undefined): readonly string[] {
  const { title, size, machine, notes, comparisons, figures, profiles, rss, failure, asked } = measured;
  const versions = Object.entries(machine.peers).map(([peer, version]) => `${peer} ${version}`);
  return [
    '',
    `## ${nameOf(measured)}: ${title}`,
    '',
    `${size === '' ? 'Not measured' : size}. Measured on ${machine.date} by Node ${machine.node} on ${machine.cores} cores (${machine.model}, ${machine.memory} GB), load ${machine.load.toFixed(1)}${asked === '' ? '' : `, asked with \`${asked}\``}.`,
    `${versions.length === 0 ? '' : `Peers: ${versions.join(', ')}. `}Highest memory of the measuring process: ${Math.round(rss / 2 ** 20)} MiB.`,
    ...(failure === null ? [] : ['', `**Failed: ${failure}**`]),
    ...(why === undefined || measured.goals.every((goal) => met(goal) !== false) ? [] : ['', `Why goals are missed: ${why}`]),
    ...comparisons.flatMap(table),
    ...figures.flatMap(figuresTable),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `- ${note}`)]),
    ...profiles
      .filter(({ hot }) => hot.length > 0)
      .flatMap(({ label, hot }) => [
        '',
        `Where the time goes in ${label}: ${hot.map(({ where, share }) => `\`${where}\` ${Math.round(share * 100)} %`).join(', ')}.`,
      ]),
  ];
}

function aloneSection({ machine, asked, lines }: Alone): readonly string[] {
  return [
    '',
    `## \`npm run bench -- ${asked}\``,
    '',
    `Measured on ${machine.date} by Node ${machine.node} on ${machine.cores} cores (${machine.model}, ${machine.memory} GB), load ${machine.load.toFixed(1)}.`,
    '',
    '| | measured | goal |',
    '| --- | --- | --- |',
    ...lines.map((cells) => `| ${cells.map((cell) => cell.trim().replaceAll('|', '\\|')).join(' | ')} |`),
  ];
}

function table({ label, timings, agreed }: Comparison): readonly string[] {
  return [
    '',
    agreed ? `### ${label}` : `### ${label} (void: the answers differ)`,
    '',
    '| | rounds | min ms | median ms | p95 ms | max ms | CPU ms | times ours | answer |',
    '| --- | --: | --: | --: | --: | --: | --: | --: | --- |',
    ...timings.map((timing) => row(timing, agreed)),
  ];
}

const figuresTable = ({ label, rows }: Figures): readonly string[] => [
  '',
  `### ${label}`,
  '',
  '| | |',
  '| --- | --: |',
  ...rows.map(({ name, ours, value, unit }) => `| ${ours ? `**${name}**` : name} | ${withUnit(value, unit)} |`),
];

function row({ name, ours, rounds, min, median, p95, max, cpu, ratio, answer }: Timing, agreed: boolean): string {
  const times = [min, median, p95, max, cpu].map(figure);
  const cells = [ours ? `**${name}**` : name, rounds, ...times, ratio === null || !agreed ? '' : `${figure(ratio)}x`, `\`${answer}\``];
  return `| ${cells.join(' | ')} |`;
}

export function verdictOf(goal: Goal): string {
  const is = met(goal);
  if (is === null) return 'not measured';
  const { wanted, measured } = goal;
  const by = 'least' in wanted ? wanted.least / (measured ?? 1) : (measured ?? 1) / wanted.most;
  return is ? 'met' : `missed by ${figure(by)}x`;
}

const nameOf = ({ id, heap }: Measured): string => (heap === null ? id : `${id}, heap ${heap} MB`);
export const wantedOf = ({ wanted, unit }: Goal): string =>
  'least' in wanted ? `at least ${withUnit(wanted.least, unit)}` : `at most ${withUnit(wanted.most, unit)}`;
export const withUnit = (value: number, unit: string): string => (unit === 'x' ? `${figure(value)}x` : `${figure(value)} ${unit}`);

/** Three digits that count. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}
