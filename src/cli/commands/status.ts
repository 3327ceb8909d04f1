import { iso } from '../../core/instant.ts';
import { spokenInstant, spokenRate } from '../../core/spoken.ts';
import { STATUSES } from '../../core/status.ts';
import type { Posture } from '../../engine/posture.ts';
import { instantArgument } from '../arguments.ts';
import { besidesLines, besidesMachine } from '../besides.ts';
import type { AddCommand } from '../command.ts';
import { columns } from '../output.ts';
import { AS_KNOWN_AT, knownThen, thenOf } from '../then.ts';

export const addStatus: AddCommand = (program, run) => {
  program
    .command('status')
    .description('what passes, what fails, what is unknown, and why')
    .option('--as-of <INSTANT>', 'as it was then, by what is known today: 2026-11-06T23:00:00Z')
    .option('--as-known-at <RECORD>', AS_KNOWN_AT)
    .action(
      run<{ asOf?: string; asKnownAt?: string }>(async ({ output, within }, { asOf, asKnownAt }) => {
        const then = thenOf(asKnownAt, output);
        const posture = await within((workspace) => workspace.posture(asOf === undefined ? undefined : instantArgument(asOf, '--as-of'), then));

        output.give({ ...machine(posture), knownAt: then?.record ?? null });
        output.say(people(posture));
        if (then) output.say(`\n${knownThen(then.record)}`);
        return posture.controls.some(({ alert }) => alert === 'fail') ? 1 : 0;
      }),
    );
};

function machine(posture: Posture) {
  const { asOf, period, checkpoint, criteria, controls, checks, catalog, code, units } = posture;
  const codeOf = (check: string) => units.find(({ kind, id }) => kind === 'check' && id === check)?.digest ?? null;
  return {
    asOf: iso(asOf),
    period: { from: iso(period.from), to: iso(period.to) },
    checkpoint: { origin: checkpoint.origin, size: checkpoint.size, root: checkpoint.root },
    criteria: criteria.map(({ id, status, controls: its }) => ({ id, status, controls: its })),
    controls: controls.map((control) => ({ id: control.id, status: control.status, alert: control.alert, checks: control.checks, ...besidesMachine(control) })),
    checks: checks.map(({ id, version, status, alert, examined, deviations, unknowns, tolerance, gap }) => ({
      id,
      status,
      alert,
      examined,
      deviations,
      unknowns,
      tolerance,
      gap,
      version,
      digest: codeOf(id),
    })),
    catalog,
    code,
    collectors: units.filter(({ kind }) => kind === 'collector').map(({ id, version, digest }) => ({ id, version, digest })),
  };
}

function people({ company, demo, asOf, criteria, controls, checks, checkpoint, catalog, code }: Posture): string {
  const inScope = criteria.filter(({ status }) => status !== null);
  const tally = STATUSES.map((status) => `${inScope.filter((criterion) => criterion.status === status).length} ${status}`).join(', ');
  const rows = controls.flatMap((control) => [
    [control.status, control.id, control.title],
    ...besidesLines(control, control.checks.length).map((says) => ['', '', says]),
    ...checks
      .filter(({ id }) => control.checks.includes(id))
      .map((check) => [
        `  ${check.status}`,
        `  ${check.id}`,
        `${check.examined} examined, ${check.deviations} deviate, ${check.unknowns} unknown${check.tolerance ? `; ${spokenRate(check.tolerance)}` : ''}${check.status === 'fail' && check.alert !== 'fail' ? '; every deviation that counts is waived, and stays a deviation' : ''}${check.gap === null ? '' : `. ${check.gap}`}`,
      ]),
  ]);
  return [
    `${company}${demo ? ' (demo, made up)' : ''} at ${spokenInstant(asOf)}: of ${inScope.length} criteria in scope ${tally}.`,
    '',
    columns(rows),
    '',
    `Performed from log ${checkpoint.origin}, size ${checkpoint.size}, root ${checkpoint.root}; catalog ${catalog.slice(0, 12)}; code ${code}.`,
  ].join('\n');
}
