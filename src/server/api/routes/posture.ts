import { days } from '../../../core/instant.ts';
import type { ControlPosture, Posture } from '../../../engine/posture.ts';
import { implementing } from '../asking.ts';
import { posture as contract } from '../contract/posture.ts';
import { notFound } from '../problem.ts';
import { spelled } from '../spelled.ts';
import { given, thenGiven } from '../asked.ts';

const endpoints = implementing(contract);

export const postureRoutes = endpoints.router({
  read: endpoints.read.handler(async ({ input: { asOf, asKnownAt }, context: { reads, services } }) => {
    const { criteria, controls, checks, ...rest } = await reads.posture(asOf, thenGiven(asKnownAt).then);
    // Of another instant than now nothing is to come.
    const nextChange = asOf === undefined && asKnownAt === undefined ? await services.workspace.nextChange() : Infinity;
    return { ...stampOf(rest), ...spelled({ nextChange, criteria, controls, checks }) };
  }),

  strips: endpoints.strips.handler(async ({ input: { asKnownAt, ...query }, context: { reads } }) => {
    const { criteria, controls, checks, until, ...rest } = await reads.statuses({ ...given(query), ...thenGiven(asKnownAt) });
    return { ...stampOf(rest), ...spelled({ until, criteria, controls, checks }) };
  }),

  ahead: endpoints.ahead.handler(async ({ input: { asOf, days: within }, context: { reads } }) => {
    const [posture, ahead] = [await reads.posture(asOf), await reads.upcoming({ within: days(within), ...given({ asOf }), most: MOST_AHEAD })];
    const controls = (check: string) => posture.controls.filter(({ checks }) => checks.includes(check)).map(({ id }) => id);
    return { ...stampOf(posture), ahead: ahead.map((it) => ({ ...spelled(it), controls: controls(it.check) })) };
  }),

  criterion: endpoints.criterion.handler(async ({ input: { id, asOf, asKnownAt }, context: { reads } }) => {
    const posture = await reads.posture(asOf, thenGiven(asKnownAt).then);
    const criterion = posture.criteria.find((it) => it.id === id);
    if (!criterion) throw notFound(`criterion ${id}`, 'among those you may see');
    const controls = posture.controls.filter((control) => control.criteria.includes(id));
    return { ...stampOf(posture), criterion, controls: controls.map(controlOf) };
  }),

  check: endpoints.check.handler(async ({ input: { id, asOf, asKnownAt }, context: { reads } }) => {
    const posture = await reads.posture(asOf, thenGiven(asKnownAt).then);
    const check = posture.checks.find((it) => it.id === id);
    if (!check) throw notFound(`check ${id}`, 'among those you may see');
    const digest = posture.units.find((unit) => unit.kind === 'check' && unit.id === id)?.digest ?? null;
    return { ...stampOf(posture), check, controls: posture.controls.filter(({ checks }) => checks.includes(id)).map((control) => control.id), digest };
  }),
});

/** So much of what lies ahead is told, the soonest. */
const MOST_AHEAD = 1000;

/** What every answer about evidence is a function of. */
export const stampOf = ({
  company,
  demo,
  asOf,
  period,
  timezone,
  checkpoint,
  catalog,
  code,
}: Omit<Posture, 'criteria' | 'controls' | 'checks' | 'findings' | 'unwaived' | 'units'>) =>
  spelled({ company, demo, asOf, period, timezone, checkpoint, catalog, code });

export const controlOf = (control: ControlPosture) => spelled(control);
