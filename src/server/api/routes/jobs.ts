import type { SlotRow } from '../../../app/job-views.ts';
import { type Instant, iso } from '../../../core/instant.ts';
import { implementing, principalOf } from '../asking.ts';
import { jobs as contract } from '../contract/jobs.ts';
import { cursorOf, placeOf } from '../cursor.ts';

const endpoints = implementing(contract);

const isoOrNull = (at: Instant | null): string | null => (at === null ? null : iso(at));

/** A slot as the API tells of it. */
export const slotOf = ({ schedule, slot, firstSlot, kind, state, attempt, byHand, queuedAt, startedAt, finishedAt, worker, note }: SlotRow) => ({
  schedule,
  slot: iso(slot),
  firstSlot: iso(firstSlot),
  kind,
  state,
  attempt,
  byHand,
  queuedAt: iso(queuedAt),
  startedAt: isoOrNull(startedAt),
  finishedAt: isoOrNull(finishedAt),
  worker,
  note,
});

export const jobRoutes = endpoints.router({
  view: endpoints.view.handler(async ({ context: { services } }) => {
    const { asOf, schedules, workers, troubles } = await services.workspace.jobs().view();
    return {
      asOf: iso(asOf),
      schedules: schedules.map(({ schedule, kind, says, next, paused, open, last, lastDone }) => ({
        schedule,
        kind,
        says,
        next: isoOrNull(next),
        paused: paused && { ...paused, at: iso(paused.at) },
        open: open && slotOf(open),
        last: last && slotOf(last),
        lastDone: isoOrNull(lastDone?.finishedAt ?? null),
      })),
      workers: workers.map(({ id, version, alive, startedAt, beatAt, stoppedAt, skew, doing }) => ({
        id,
        version,
        alive,
        startedAt: iso(startedAt),
        beatAt: iso(beatAt),
        stoppedAt: isoOrNull(stoppedAt),
        clockAheadMs: skew,
        doing,
      })),
      troubles: troubles.map(({ kind, what, since, says }) => ({ kind, what, since: iso(since), says })),
    };
  }),

  slots: endpoints.slots.handler(async ({ input: { limit, cursor, ...asked }, context: { services } }) => {
    const { schedule, state } = asked;
    const [slot, id] = placeOf(asked, cursor)?.after ?? [];
    const slots = await services.workspace.jobs().slots({
      ...(schedule === undefined ? {} : { schedule }),
      ...(state === undefined ? {} : { state }),
      ...(typeof slot === 'number' && typeof id === 'string' ? { after: { slot, schedule: id } } : {}),
      limit,
    });
    const last = slots.at(-1);
    return { slots: slots.map(slotOf), next: last && slots.length === limit ? cursorOf(asked, { after: [last.slot, last.schedule], asOf: null }) : null };
  }),

  run: endpoints.run.handler(async ({ input: { schedule }, context }) => {
    const slot = await context.services.workspace.jobs().run(schedule, principalOf(context).name);
    return { schedule, slot: iso(slot) };
  }),

  retry: endpoints.retry.handler(async ({ input: { schedule, slot }, context }) => {
    await context.services.workspace.jobs().retry(schedule, slot, principalOf(context).name);
    return { schedule, slot: iso(slot) };
  }),

  pause: endpoints.pause.handler(async ({ input: { schedule, because }, context }) => {
    await context.services.workspace.jobs().pause(schedule, { by: principalOf(context).name, because });
    return { schedule, paused: true };
  }),

  resume: endpoints.resume.handler(async ({ input: { schedule }, context }) => {
    await context.services.workspace.jobs().resume(schedule, principalOf(context).name);
    return { schedule, paused: false };
  }),
});
