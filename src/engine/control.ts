import { type Instant, NEVER } from '../core/instant.ts';
import { clip, intersect, type Period, type Periods } from '../core/interval.ts';
import { type ControlStatus, type Status, worst } from '../core/status.ts';
import type { BesidesReader } from './besides.ts';
import type { Catalog } from './catalog.ts';
import type { Observed, StatusInterval } from './period-posture.ts';
import type { Besides, DutySpell } from './posture.ts';
import { worstOf } from './timeline.ts';

type Control = Catalog['controls'][number];

/** One period, and up to where something is told of it. */
interface Told {
  readonly period: Period;
  readonly until: Instant;
  readonly now: Instant;
}

const NOTHING: Besides = { excluded: null, notExcluded: null, duties: [], unfed: [], unexamined: [] };

/** What bears on a control in a period besides its checks. */
export function besidesOf(reader: BesidesReader | undefined, control: Pick<Control, 'id' | 'unexamined'>, within: Period, now: Instant): Besides {
  return reader?.of(control.id, within, now) ?? { ...NOTHING, unexamined: control.unexamined ?? [] };
}

/** From when on a control is left out: nothing of it is examined from then on, and what was so before counts. */
export const examinedUntil = ({ excluded }: Pick<Besides, 'excluded'>, { from, to }: Period): Instant =>
  excluded ? Math.min(to, Math.max(from, excluded.since)) : to;

/** Its checks and what it missed, the worst of them. What has no check is unknown, whatever it did in time, and so is one that nothing feeds. */
export const controlStatus = (checks: readonly Status[], { duties, unfed }: Pick<Besides, 'duties' | 'unfed'>): Status =>
  worst([...(checks.length > 0 && unfed.length === 0 ? [] : (['unknown'] as const)), ...checks, ...duties.map(({ status }) => status)]);

/**
 * A control over a period: its checks and what it missed up to when it was left out, `excluded` from then on.
 * `observe` gives a check over a period; one that there is not is unknown.
 */
export function controlOver(
  control: Pick<Control, 'id' | 'title' | 'checks'>,
  besides: Besides,
  told: Told,
  observe: (check: string, told: Told) => Observed | undefined,
): Observed<ControlStatus> {
  const { id, title, checks } = control;
  const { from } = told.period;
  const until = Math.min(told.until, examinedUntil(besides, { from, to: told.until }));
  const span = { from, to: until };
  const rest: readonly StatusInterval<ControlStatus>[] = until < told.until ? [{ from: until, to: told.until, status: 'excluded', alert: 'excluded' }] : [];
  if (besides.excluded && until <= from && told.until > from) return { id, title, status: 'excluded', alert: 'excluded', intervals: rest };
  const clipped = until === told.until ? told : { ...told, period: span, until };
  const its = checks.map((check) => observe(check, clipped));
  const duties = besides.duties.filter((spell) => spell.from < until && from < spell.to);
  const statuses = (of: 'status' | 'alert') => its.map((it) => it?.[of] ?? 'unknown');
  const unknown: readonly StatusInterval[] = [{ ...span, status: 'unknown', alert: 'unknown' }];
  const bare = its.length === 0 || besides.unfed.length > 0 ? [unknown] : [];
  const timelines = [...bare, ...its.map((it) => it?.intervals ?? unknown), ...duties.map((duty) => timelineOfDuty(duty, span))];
  return {
    id,
    title,
    status: controlStatus(statuses('status'), { ...besides, duties }),
    alert: controlStatus(statuses('alert'), { ...besides, duties }),
    intervals: [...worstOf(timelines, span), ...rest],
  };
}

/** A criterion over a period: the worst of its controls, without those that are left out, and unknown where all are. */
export function criterionOver(id: string, title: string, controls: readonly Observed<ControlStatus>[], span: Period): Observed {
  const counted = controls.filter(({ status }) => status !== 'excluded');
  const none = controls.length === 0 ? [] : controls.map(leftOut).reduce(intersect);
  const unknown = none.map((period) => timelineOfDuty({ ...period, status: 'unknown' }, span));
  const of = (read: 'status' | 'alert') => worst(counted.flatMap((control) => (control[read] === 'excluded' ? [] : control[read])));
  return {
    id,
    title,
    status: of('status'),
    alert: of('alert'),
    intervals: worstOf([...counted.map(({ intervals }) => intervals.map(neutral)), ...unknown], span),
  };
}

const leftOut = ({ intervals }: Observed<ControlStatus>): Periods => intervals.filter(({ status }) => status === 'excluded');

/** What is left out never makes others worse. */
const neutral = ({ from, to, status, alert }: StatusInterval<ControlStatus>): StatusInterval => ({
  from,
  to,
  status: status === 'excluded' ? 'empty' : status,
  alert: alert === 'excluded' ? 'empty' : alert,
});

/** Alone it says nothing but while it lasts. */
function timelineOfDuty({ from, to, status }: Pick<DutySpell, 'from' | 'to' | 'status'>, span: Period): readonly StatusInterval[] {
  return clip(
    [
      { from: -NEVER, to: from, status: 'empty', alert: 'empty' },
      { from, to, status, alert: status },
      { from: to, to: NEVER, status: 'empty', alert: 'empty' },
    ] satisfies readonly StatusInterval[],
    span,
  ).filter((part) => part.from < part.to);
}
