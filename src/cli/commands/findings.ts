import { CASE_STATES, type Case, type CasesQuery, type CasesView, type TimeToFix } from '../../app/findings.ts';
import { ConfigurationError } from '../../core/error.ts';
import { iso } from '../../core/instant.ts';
import { several, spokenDuration, spokenInstant, spokenWaiver } from '../../core/spoken.ts';
import { instantArgument, periodArgument, wordArgument } from '../arguments.ts';
import type { AddCommand } from '../command.ts';
import { columnLines, instantOrNull } from '../output.ts';
import { restsOn } from '../rests.ts';
import { AS_KNOWN_AT, knownThen, thenOf } from '../then.ts';

interface Options {
  readonly state?: string;
  readonly control?: string;
  readonly asOf?: string;
  readonly asKnownAt?: string;
  readonly period?: string;
}

export const addFindings: AddCommand = (program, run) => {
  program
    .command('findings')
    .description('deviations as cases: whose they are, by when they are to be fixed, how they stand, and how long fixing took')
    .option('--state <STATE>', `${CASE_STATES.join(', ')}, or overdue`)
    .option('--control <ID>', 'of this control only')
    .option('--as-of <INSTANT>', 'as they stood then')
    .option('--as-known-at <RECORD>', AS_KNOWN_AT)
    .option('--period <FROM..TO>', 'those that deviated at any time in this period, as they stood at its end')
    .action(
      run<Options>(async ({ output, within }, { state, control, asOf, asKnownAt, period }) => {
        if (asOf !== undefined && period !== undefined) throw new ConfigurationError('--as-of and --period exclude each other: an instant or a period.');
        const query: CasesQuery = {
          ...(state === undefined ? {} : { state: wordArgument(state, '--state', [...CASE_STATES, 'overdue']) }),
          ...(control === undefined ? {} : { control }),
          ...(asOf === undefined ? {} : { asOf: instantArgument(asOf, '--as-of') }),
          ...(period === undefined ? {} : { period: periodArgument(period, '--period') }),
        };
        const then = thenOf(asKnownAt, output);
        const exit = await within(async (workspace) => {
          const view = await workspace.cases({ ...query, ...(then ? { then } : {}) });
          await output.giveLong({ ...machine(view), ...(await restsOn(workspace, then)) });
          await output.sayLong(() => people(view));
          return view.problems.length > 0 || Iterator.from(view.cases.standings()).some(({ state: its }) => isOpen(its)) ? 1 : 0;
        });
        if (then) output.note(knownThen(then.record));
        return exit;
      }),
    );
};

const isOpen = (state: Case['state']): boolean => state === 'open' || state === 'in remediation';

const machine = ({ asOf, cases, timesToFix, problems }: CasesView) => ({
  asOf: iso(asOf),
  findings: Iterator.from(cases).map(machineCase),
  timesToFix: timesToFix.map(({ severity, fixed, mean, longest, unfixed, overdue }) => ({
    severity,
    fixed,
    meanMs: mean,
    longestMs: longest,
    unfixed,
    overdue,
  })),
  problems,
});

const machineCase = (one: Case) => ({
  id: one.id,
  state: one.state,
  overdue: one.overdue,
  severity: one.severity,
  check: one.check,
  controls: one.controls,
  item: one.item,
  owner: one.owner,
  assigned: one.assigned,
  ownerId: one.ownerId,
  event: one.event,
  awaitsProof: one.awaitsProof,
  opened: instantOrNull(one.opened),
  due: iso(one.due),
  fixedAt: one.fixedAt === null ? null : iso(one.fixedAt),
  timeToFixMs: one.timeToFix,
  reopened: one.reopened,
  unknown: one.unknown,
  waiver: one.waiver && { ...one.waiver, until: iso(one.waiver.until) },
  spells: one.spells.map(({ from, to, due, because, records, end }) => ({
    from: instantOrNull(from),
    to: instantOrNull(to),
    due: iso(due),
    because,
    records,
    end,
  })),
  entries: one.notes.map(({ id, kind, owner, by, written, reason, problem, place, records, from, to }) => ({
    id,
    kind,
    owner,
    by,
    written: iso(written),
    reason,
    problem,
    place,
    records,
    from: iso(from),
    to: instantOrNull(to),
  })),
});

function* people({ asOf, cases, timesToFix, problems }: CasesView): Iterable<string> {
  yield `${several(cases.count, 'finding')} at ${spokenInstant(asOf)}.`;
  yield* columnLines(() => Iterator.from(cases).map(line));
  yield* timesToFix.filter(({ fixed, unfixed }) => fixed + unfixed > 0).map(timeInWords);
  yield* problems;
}

const line = (one: Case): readonly string[] => [
  one.overdue ? `${one.state}, overdue` : one.state,
  one.id,
  one.severity,
  one.controls.join(' '),
  one.item.label,
  one.owner,
  whenOf(one),
];

function whenOf(one: Case): string {
  const again = one.reopened === 0 ? '' : `, reopened ${several(one.reopened, 'time')}`;
  const unknown = one.unknown ? ', and the evidence that would tell is missing now' : '';
  if (one.fixedAt !== null) return `fixed ${spokenInstant(one.fixedAt)} after ${spokenDuration(one.timeToFix ?? 0)}${again}`;
  if (one.waiver !== null) return `${spokenWaiver(one.waiver)}${again}${unknown}`;
  const said = one.notes.findLast(({ kind, problem }) => kind === one.state && problem === null);
  const who = said ? `, ${said.id} by ${said.by} of ${spokenInstant(said.written)}` : '';
  return `since ${spokenInstant(one.spells.at(-1)?.from ?? one.opened)}, due ${spokenInstant(one.due)}${who}${again}${unknown}`;
}

/** What is not fixed has no time to fix, so it is said beside the mean. */
const timeInWords = ({ severity, fixed, mean, longest, unfixed, overdue }: TimeToFix): string =>
  `${severity}: ${fixed === 0 ? 'none fixed' : `${fixed} fixed after ${spokenDuration(mean ?? 0)} on average, ${spokenDuration(longest ?? 0)} at most`}; ${unfixed} not fixed, ${overdue} overdue`;
