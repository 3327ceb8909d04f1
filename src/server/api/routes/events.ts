import { AsyncIteratorClass } from '@orpc/contract';
import { withEventMeta } from '@orpc/server';
import { may, type Principal } from '../../../auth/roles.ts';
import type { Json } from '../../../core/canonical.ts';
import { iso } from '../../../core/instant.ts';
import { type Asking, implementing, principalOf } from '../asking.ts';
import { events as contract } from '../contract/events.ts';
import type { Told } from '../hub.ts';
import { problem } from '../problem.ts';

const endpoints = implementing(contract);

/** Every so many milliseconds: who asks is asked for again, and told that this is still going on. */
const HEARTBEAT = 15_000;

/** So many streams at once. */
const LISTENERS = 1000;

export const eventRoutes = endpoints.router({
  listen: endpoints.listen.handler(({ context, lastEventId }) => {
    if (context.services.hub.listeners >= LISTENERS) throw problem('busy', `${LISTENERS} listen already.`);
    const ended = new AbortController();
    const told = heard(context, lastEventId ?? null, ended);
    const close = () => ended.abort();
    context.request.signal.addEventListener('abort', close);
    return new AsyncIteratorClass(
      () => told.next(),
      async () => {
        context.request.signal.removeEventListener('abort', close);
        close();
      },
    );
  }),
});

interface Event {
  readonly type: string;
  readonly at: string;
  readonly controls: readonly string[] | null;
  readonly checkpoint: { readonly origin: string; readonly size: number; readonly root: string } | null;
  readonly data: Json;
}

async function* heard(context: Asking, after: string | null, ended: AbortController): AsyncGenerator<Event, void> {
  const { services, again } = context;
  let principal: Principal = principalOf(context);
  const heartbeats = every(context.services.heartbeat ?? HEARTBEAT, ended.signal);
  const happenings = services.hub.listen(after, ended.signal)[Symbol.asyncIterator]();
  let [beat, happened] = [heartbeats.next(), happenings.next()];
  yield await heartbeat(services);
  while (!ended.signal.aborted) {
    const first = await Promise.race([beat.then(() => 'beat' as const), happened.then((told) => told)]);
    if (first === 'beat') {
      const still = await again();
      // A role that was taken away, a token that was revoked, a session that ended: nothing more is told.
      if (!still || still.id !== principal.id || !may(still, 'posture.read')) break;
      principal = still;
      beat = heartbeats.next();
      if (!ended.signal.aborted) yield await heartbeat(services);
      continue;
    }
    if (first.done) break;
    happened = happenings.next();
    const its = first.value;
    if (its === null) yield { type: 'reset', at: iso(services.workspace.now()), controls: null, checkpoint: null, data: null };
    else if (concerns(principal, its, services.workspace.now())) yield withEventMeta(spoken(principal, its), { id: its.id });
  }
  ended.abort();
}

async function heartbeat({ workspace }: Asking['services']): Promise<Event> {
  return { type: 'heartbeat', at: iso(workspace.now()), controls: null, checkpoint: await workspace.checkpoint(), data: null };
}

/** Whether somebody is told: they may read it, it is about a control of theirs, and their period is not over. */
function concerns(principal: Principal, { permission, controls, at }: Told, now: number): boolean {
  const { bounds } = principal;
  if (!may(principal, permission)) return false;
  if (bounds?.period && !(bounds.period.from <= Math.min(at, now) && at < bounds.period.to)) return false;
  return !bounds?.controls || (controls ?? []).some((id) => bounds.controls?.includes(id));
}

/** Of an event that is about other controls too, only that theirs are concerned is told. */
function spoken({ bounds }: Principal, { type, at, controls, data }: Told): Event {
  const mine = bounds?.controls;
  const about = mine ? (controls?.filter((id) => mine.includes(id)) ?? null) : controls;
  const all = !mine || (controls?.every((id) => mine.includes(id)) ?? false);
  return { type, at: iso(at), controls: about, checkpoint: null, data: all ? data : null };
}

async function* every(milliseconds: number, signal: AbortSignal): AsyncGenerator<void, void> {
  while (!signal.aborted) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
    yield;
  }
}
