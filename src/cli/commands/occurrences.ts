import { type Occurrence, type OccurrenceSeries, seriesOf } from '../../app/findings.ts';
import { iso } from '../../core/instant.ts';
import { spokenInstant } from '../../core/spoken.ts';
import { instantArgument, periodArgument } from '../arguments.ts';
import type { AddCommand } from '../command.ts';
import { columns } from '../output.ts';
import { restsOn } from '../rests.ts';
import { AS_KNOWN_AT, knownThen, thenOf } from '../then.ts';
import { another } from './report.ts';

interface Options {
  readonly period?: string;
  readonly control?: readonly string[];
  readonly all?: boolean;
  readonly asOf?: string;
  readonly asKnownAt?: string;
}

export const addOccurrences: AddCommand = (program, run) => {
  program
    .command('occurrences')
    .description('what had to happen in a period, by schedule and by calendar: done, missed, not known, or still due')
    .requiredOption('--period <FROM..TO>', 'what was to begin in it: 2026-01-01T00:00:00Z..2026-04-01T00:00:00Z')
    .option('--control <ID>', 'of this control only; may be given again', another)
    .option('--all', 'those that were done too, one by one')
    .option('--as-of <INSTANT>', 'as they stood then')
    .option('--as-known-at <RECORD>', AS_KNOWN_AT)
    .action(
      run<Options>(async ({ output, within }, { period, control, all, asOf, asKnownAt }) => {
        const then = thenOf(asKnownAt, output);
        const query = {
          period: periodArgument(period ?? '', '--period'),
          controls: control ?? null,
          ...(asOf === undefined ? {} : { asOf: instantArgument(asOf, '--as-of') }),
          ...(then ? { then } : {}),
        };
        const { occurrences, rests } = await within(async (workspace) => ({
          occurrences: await workspace.occurrences(query),
          rests: await restsOn(workspace, then),
        }));
        const listed = occurrences.filter(({ state }) => all === true || state !== 'met');

        output.give({ ...rests, series: seriesOf(occurrences).map(machineSeries), occurrences: listed.map(machine) });
        output.say(people(seriesOf(occurrences), listed));
        if (then) output.note(knownThen(then.record));
        return occurrences.some(({ state }) => state === 'missed' || state === 'unknown') ? 1 : 0;
      }),
    );
};

const machineSeries = ({ kind, what, controls, expected, met, missed, unknown, due }: OccurrenceSeries) => ({
  kind,
  what,
  controls,
  expected,
  met,
  missed,
  unknown,
  due,
});

const machine = ({ kind, what, controls, from, to, due, state, at, late, because, records }: Occurrence) => ({
  kind,
  what,
  controls,
  state,
  from: iso(from),
  to: iso(to),
  due: iso(due),
  at: at === null ? null : iso(at),
  late: late === null ? null : iso(late),
  because,
  records,
});

function people(series: readonly OccurrenceSeries[], listed: readonly Occurrence[]): string {
  if (series.length === 0) return 'Nothing had to happen in this period by any schedule or calendar that stood then.';
  const counts = series.map(({ what, expected, met, missed, unknown, due }) => [
    what,
    `${expected} expected`,
    `${met} done`,
    `${missed} missed`,
    `${unknown} unknown`,
    `${due} due`,
  ]);
  const rows = listed.map(({ state, what, from, due, because, at, late, records }) => [
    state,
    what,
    `of ${spokenInstant(from)}`,
    `due ${spokenInstant(due)}`,
    `${at === null ? `${because ?? 'not done yet'}${late === null ? '' : `; done after all ${spokenInstant(late)}`}` : `done ${spokenInstant(at)}`}${records.length === 0 ? '' : ` [${records.map((index) => `#${index}`).join(' ')}]`}`,
  ]);
  return [columns(counts), ...(rows.length === 0 ? [] : ['', columns(rows)])].join('\n');
}
