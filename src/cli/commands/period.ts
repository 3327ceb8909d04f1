import type { PeriodView } from '../../app/period.ts';
import { iso } from '../../core/instant.ts';
import type { Period } from '../../core/interval.ts';
import { several, spokenApplied, spokenChange, spokenDuration, spokenInstant, spokenRate, spokenWaiver } from '../../core/spoken.ts';
import type { CheckResults, ControlResults, DeviationOver, LookDistance, StatusInterval, UnknownOver } from '../../engine/period-posture.ts';
import { instantArgument, periodArgument } from '../arguments.ts';
import { besidesLines, besidesMachine } from '../besides.ts';
import type { AddCommand } from '../command.ts';
import { instantOrNull } from '../output.ts';
import { AS_KNOWN_AT, knownThen, thenOf } from '../then.ts';
import { another } from './report.ts';

interface Options {
  readonly period?: string;
  readonly control?: readonly string[];
  readonly asOf?: string;
  readonly asKnownAt?: string;
}

export const addPeriod: AddCommand = (program, run) => {
  program
    .command('period')
    .description('whether each control conformed over a period, from when to when, and how that is known')
    .option('--period <FROM..TO>', 'half-open: 2026-01-01T00:00:00Z..2026-04-01T00:00:00Z (the observation period unless said)')
    .option('--control <ID>', 'this control only; may be given again (all unless said)', another)
    .option('--as-of <INSTANT>', 'as it could be told then, by what is known today')
    .option('--as-known-at <RECORD>', AS_KNOWN_AT)
    .action(
      run<Options>(async ({ output, within }, { period, control, asOf, asKnownAt }) => {
        const then = thenOf(asKnownAt, output);
        const query = {
          ...(then ? { then } : {}),
          ...(period === undefined ? {} : { period: periodArgument(period, '--period') }),
          ...(control === undefined ? {} : { controls: control }),
          ...(asOf === undefined ? {} : { asOf: instantArgument(asOf, '--as-of') }),
        };
        let exit: 0 | 1 = 0;
        await within(async (workspace) => {
          const view = await workspace.period(query);
          if (view.controls.some(({ alert }) => alert === 'fail')) exit = 1;
          await output.giveLong({ ...machine(view), knownAt: then?.record ?? null });
          await output.sayLong(() => people(view));
        });
        if (then) output.note(knownThen(then.record));
        return exit;
      }),
    );
};

const spoken = ({ from, to }: Period) => ({ from: instantOrNull(from), to: instantOrNull(to) });

function machine({ period, asOf, until, timezone, checkpoint, catalog, code, controls, configurations, populations, ...view }: PeriodView) {
  const { origin, size, root } = checkpoint;
  return {
    period: spoken(period),
    until: iso(until),
    asOf: iso(asOf),
    timezone,
    checkpoint: { origin, size, root },
    catalog,
    code,
    configurations: configurations.map(({ at, record }) => ({ at: iso(at), record })),
    controls: controls.map(({ checks, intervals, ...control }) => ({
      ...control,
      ...besidesMachine(control),
      intervals: intervals.map(interval),
      checks: checks.map(checkMachine),
    })),
    populations,
    applied: view.applied,
    changes: view.changes.map(({ at, ...change }) => ({ at: iso(at), ...change })),
    unrecorded: view.unrecorded,
  };
}

const interval = <Of>({ from, to, status, alert }: StatusInterval<Of>) => ({ ...spoken({ from, to }), status, alert });

const checkMachine = ({ intervals, deviations, unknowns, unknownTime, gaps, looks, waived: _, ...check }: CheckResults) => ({
  ...check,
  intervals: intervals.map(interval),
  deviations: Iterator.from(deviations).map((it) => ({ ...it, ...spoken(it), waiver: it.waiver && { ...it.waiver, until: iso(it.waiver.until) } })),
  unknowns: unknowns.map((it) => ({ ...it, ...spoken(it) })),
  unknownTime: { total: unknownTime.total, intervals: unknownTime.intervals.map(spoken) },
  gaps: gaps.map((it) => ({ ...it, ...spoken(it) })),
  looks: looks.map((it) => ({ ...it, longest: it.longest && { ...it.longest, ...spoken(it.longest) } })),
});

function* people({ company, demo, asOf, checkpoint, catalog, code, controls, configurations, populations, changes, unrecorded }: PeriodView): Iterable<string> {
  for (const control of controls) {
    yield* controlLines(control, populations);
    yield '';
  }
  yield spokenApplied(changes.length, unrecorded);
  for (const change of changes) yield `  ${spokenInstant(change.at)}  ${spokenChange(change)} [#${change.record}]`;
  yield `${company}${demo ? ' (demo, made up)' : ''}, as known at ${spokenInstant(asOf)}. Performed from log ${checkpoint.origin}, size ${checkpoint.size}, root ${checkpoint.root}; catalog ${catalog.slice(0, 12)}; code ${code}; configuration ${configurations.map(({ record }) => `#${record}`).join(', ') || 'none sealed by then'}.`;
}

function* controlLines(control: ControlResults, populations: PeriodView['populations']): Iterable<string> {
  yield `${control.status}  ${control.id} ${control.title}`;
  yield control.quote;
  for (const says of besidesLines({ ...control, excluded: null, duties: [] }, control.checks.length)) yield `  ${says}`;
  for (const { from, to, status } of control.intervals)
    yield `  ${status.padEnd(8)}  ${spokenInstant(from)} up to ${spokenInstant(to)}, ${spokenDuration(to - from)}`;
  for (const check of control.checks)
    yield* checkLines(
      check,
      populations.find((it) => it.control === control.id && it.check === check.id),
    );
}

function* checkLines(check: CheckResults, population: PeriodView['populations'][number] | undefined): Iterable<string> {
  const { id, version, status, parameters, deviations, unknowns, unknownTime, gaps, looks } = check;
  const named = Object.entries(parameters).map(([name, value]) => `${name}: ${value}`);
  yield `  ${status}  ${id}, version ${version}${named.length > 0 ? ` (${named.join('; ')})` : ''}`;
  yield `    population: ${movement(check)}${population ? `; digest ${population.digest}` : ''}`;
  for (const its of deviations) yield deviation(its);
  for (const gap of gaps)
    yield `    evidence missing ${spokenInstant(gap.from)} up to ${spokenInstant(gap.to)}, ${spokenDuration(gap.to - gap.from)}: ${gap.because}`;
  for (const its of unknowns) yield unknownLine(its);
  if (unknownTime.total > 0)
    yield `    something could not be determined for ${spokenDuration(unknownTime.total)} in ${several(unknownTime.intervals.length, 'part')} of the period`;
  for (const its of looks) yield* look(its);
}

function movement({ population, tolerance }: CheckResults): string {
  const share = tolerance ? `; ${spokenRate(tolerance)}` : '';
  if (population.kind === 'events')
    return `${several(population.events, 'event')}${population.open > 0 ? `, and ${population.open} not decided yet` : ''}${share}`;
  return `${population.start} at the start, ${population.joined} joined, ${population.left} left, ${population.end} at the end${share}`;
}

const deviation = ({ item, from, to, because, lasted, waiver, records }: DeviationOver): string =>
  `    deviates  ${item.label}  ${spokenInstant(from)}${lasted === null ? '' : ` to ${spokenInstant(to)}, ${spokenDuration(lasted)} of the period`}  ${because}${waiver ? ` (${spokenWaiver(waiver)})` : ''} ${cited(records)}`;

/** So many items are named on one line; the machine's answer names more. */
const NAMED = 5;

function unknownLine({ items, count, from, to, because, lasted, records }: UnknownOver): string {
  const names = items.slice(0, NAMED).map(({ label }) => label);
  const more = count > names.length ? ` and ${count - names.length} more` : '';
  return `    unknown   ${names.join(', ')}${more}  ${spokenInstant(from)} to ${spokenInstant(to)}${lasted === null ? '' : `, ${spokenDuration(lasted)} of the period`}  ${because} ${cited(records)}`;
}

function cited(records: readonly number[]): string {
  const shown = records.slice(0, NAMED).map((index) => `#${index}`);
  return `[${shown.join(' ')}${records.length > shown.length ? ` and ${records.length - shown.length} more` : ''}]`;
}

const look = ({ dataset, looks, longest }: LookDistance): readonly string[] => {
  if (!longest) return looks === 0 ? [] : [`    ${dataset}: ${several(looks, 'look')}, with no time left between them`];
  const apart = `at most ${spokenDuration(longest.to - longest.from)} apart (${longest.source}, from ${spokenInstant(longest.from)})`;
  return [`    ${dataset}: ${several(looks, 'look')}, ${apart}; in between, what was seen is claimed`];
};
