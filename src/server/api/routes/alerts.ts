import { deedLine } from '../../../app/alert-words.ts';
import { type Alert, type AlertView, type Deed, TICKMARK } from '../../../app/alerts.ts';
import { iso } from '../../../core/instant.ts';
import { type Asking, implementing, principalOf } from '../asking.ts';
import { alerts as contract } from '../contract/alerts.ts';
import { pageOf, placeOf } from '../cursor.ts';
import { notFound } from '../problem.ts';

const endpoints = implementing(contract);

export const alertRoutes = endpoints.router({
  list: endpoints.list.handler(async ({ input: { limit, cursor, ...asked }, context }) => {
    const all = await context.services.workspace.alerts.list(asked.state !== undefined && asked.state !== 'resolved');
    const wanted = (alert: Alert) => asked.state === undefined || asked.state === 'unresolved' || alert.state === asked.state;
    const shown = all.filter((alert) => wanted(alert) && sees(context, alert));
    const keys = ({ raisedAt, id }: Alert) => [raisedAt, id];
    const { entries, next } = pageOf(shown, keys, { question: asked, limit, place: placeOf(asked, cursor), asOf: null, descending: true });
    return { alerts: entries.map(alertLine), next };
  }),

  rules: endpoints.rules.handler(({ context: { services } }) => {
    const { policy, channels } = services.workspace.alerts.rules();
    return { rules: policy.rules.map(({ name, on, severity, route, quiet }) => ({ name, on, severity, route, quiet })), routes: policy.routes, channels };
  }),

  times: endpoints.times.handler(async ({ input: { period }, context: { services } }) => ({ times: await services.workspace.alerts.times(period ?? null) })),

  read: endpoints.read.handler(async ({ input: { id }, context }) => {
    const view = await context.services.workspace.alerts.show(id);
    if (!sees(context, view.alert)) throw notFound(`alert ${id}`, 'among those you may see');
    return whole(view);
  }),

  acknowledge: endpoints.acknowledge.handler(({ input: { id, note }, context }) =>
    done(context, id, [{ do: 'acknowledge' }, ...(note === undefined ? [] : [{ do: 'note', text: note } as const])]),
  ),
  note: endpoints.note.handler(({ input: { id, note }, context }) => done(context, id, [{ do: 'note', text: note }])),
  assign: endpoints.assign.handler(({ input: { id, to }, context }) => done(context, id, [{ do: 'assign', to }])),
  resolve: endpoints.resolve.handler(({ input: { id, conclusion, cause, incident }, context }) =>
    done(context, id, [{ do: 'resolve', conclusion, cause, incident: incident ?? null }]),
  ),
  snooze: endpoints.snooze.handler(({ input: { id, until, note }, context }) => done(context, id, [{ do: 'snooze', until, text: note }])),

  test: endpoints.test.handler(async ({ input: { channel }, context: { services } }) => {
    const sent = await services.workspace.alerts.test(channel);
    return { channel, taken: sent.ok, because: sent.ok ? null : sent.because };
  }),
});

async function done(context: Asking, id: string, deeds: readonly Deed[]) {
  const { alerts } = context.services.workspace;
  const { name, vouched } = principalOf(context);
  for (const deed of deeds) await alerts.act(id, deed, name, vouched);
  return whole(await alerts.show(id));
}

/** Whoever is bounded sees the alerts of their period about their controls. */
function sees(context: Asking, { raisedAt, signal }: Alert): boolean {
  const { period = null, controls = null } = principalOf(context).bounds ?? {};
  const within = period === null || (period.from <= raisedAt && raisedAt < period.to);
  return within && (controls === null || signal.controls.some((id) => controls.includes(id)));
}

const alertLine = ({ signal, ...alert }: Alert) => ({
  id: alert.id,
  state: alert.state,
  severity: signal.severity,
  title: signal.title,
  rule: signal.rule,
  cause: signal.on,
  path: signal.path,
  controls: signal.controls,
  raisedAt: iso(alert.raisedAt),
  acknowledged: timed(alert.acknowledged),
  firstAcknowledged: timed(alert.firstAcknowledged),
  escalatedAt: orNull(alert.escalatedAt),
  assignee: alert.assignee,
  snoozedUntil: orNull(alert.snoozedUntil),
  resolved: alert.resolved && { ...alert.resolved, at: iso(alert.resolved.at) },
  lasts: alert.lasts,
  reopened: alert.reopened,
  changedAt: iso(alert.changedAt),
});

const whole = ({ alert, acts, notices, steps }: AlertView) => ({
  ...alertLine(alert),
  steps: steps.map(({ at, to }) => ({ at: iso(at), to })),
  acts: acts.map(({ seq, at, by, deed, record }) => ({ seq, at: iso(at), by, act: deed.do, says: deedLine(deed), knownBy: knownBy(by, deed), record })),
  notifications: notices.map(({ id, channel, says, step, round, due, state, attempts, error, doneAt }) => ({
    id,
    channel,
    says,
    step,
    round,
    due: iso(due),
    state,
    attempts,
    error,
    doneAt: orNull(doneAt),
  })),
});

const knownBy = (by: string, { vouched }: Deed): 'session' | 'token' | 'none' | null => (by === TICKMARK ? null : (vouched?.by ?? 'none'));

const orNull = (at: number | null): string | null => (at === null ? null : iso(at));
const timed = (it: { readonly at: number; readonly by: string } | null) => it && { at: iso(it.at), by: it.by };
