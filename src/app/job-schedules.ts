import { days, hours, type Instant, minutes } from '../core/instant.ts';
import { gridSlots, laterSlots, listedSlots, monthlySlots, newestSlot, type Schedule } from '../jobs/schedule.ts';
import { SENT_AFTER, type Sending } from './job-reports.ts';
import type { Context } from './schedule.ts';
import { sourceSchedules } from './source-schedules.ts';
import type { Workspace } from './views.ts';

/** The report that makes itself. */
export const REPORT = 'report access-review';

/** Duties change with the configuration and the day: so often they are looked up again. */
const DUTIES_KNOWN = hours(1);
/** What was done just before a deadline is told by a source that is asked once a day. */
const TOLD_BY = days(1);
/** So far back a duty that fell due while nobody looked is still looked at. */
const BACK = days(400);

/**
 * Everything that is due by itself. Slots follow from the configuration alone, so that every process, and one whose
 * database was lost, computes the same.
 */
export function schedulesOf(context: Context, workspace: Pick<Workspace, 'occurrences'>): () => Promise<readonly Schedule[]> {
  const { configuration, clock } = context;
  const { witnesses, timestamps } = configuration.file;
  const sources = known(() => sourceSchedules(context), { lasts: null, clock, of: () => configuration.text });
  const duties = known(() => dutySchedules(workspace, clock), { lasts: DUTIES_KNOWN, clock, of: () => configuration.text });
  return async () => [
    ...(await sources()),
    ...(await duties()),
    ...(await reports(context)),
    house({ kind: 'watch', every: minutes(1), priority: 10 }),
    ...(witnesses.length + timestamps.length > 0 ? [house({ kind: 'attend', every: 30_000, priority: 20 })] : []),
    house({ kind: 'upkeep', every: hours(1), priority: 0 }),
  ];
}

/** Per control the instants at which something had to be done at the latest. */
async function dutySchedules(workspace: Pick<Workspace, 'occurrences'>, clock: () => Instant): Promise<readonly Schedule[]> {
  const now = clock();
  const duties = (await workspace.occurrences({ period: { from: now - BACK, to: now + 1 }, controls: null })).filter(({ kind }) => kind === 'duty');
  const byControl = Map.groupBy(duties, ({ controls }) => controls[0] ?? '');
  return [...byControl].map(
    ([control, its]): Schedule => ({
      id: `occurrence ${control}`,
      kind: 'occurrence',
      says: `when a duty of ${control} has fallen due`,
      data: { control },
      priority: 0,
      interval: days(366),
      makesUp: 'each',
      tells: 'each',
      filled: null,
      slots: listedSlots(its.map(({ due }) => lookedAt(due))),
    }),
  );
}

/** When it is looked whether what was due at an instant was done. */
export const lookedAt = (due: Instant): Instant => due + TOLD_BY;

/** The report that makes itself, and each way by which it is sent. */
async function reports({ cache, clock, configuration }: Context): Promise<readonly Schedule[]> {
  const { timezone, alerts } = configuration.file;
  const [first] = (await cache.sync()).history;
  const monthly = { priority: 0, interval: days(31), makesUp: 'each', tells: 'each' } as const;
  // Of a month in which there was no log yet there is nothing to report.
  const filledOf = (slots: Schedule['slots']) => {
    const newest = newestSlot({ slots }, clock());
    return first && newest !== null && newest <= first.at ? first.at : null;
  };
  const made = monthlySlots(timezone);
  const sent = laterSlots(made, SENT_AFTER);
  const says = `on the first of the month in ${timezone}`;
  return [
    { ...monthly, id: REPORT, kind: 'report', says, data: null, filled: filledOf(made), slots: made },
    ...(alerts?.reports['access-review']?.to ?? []).map((channel): Schedule => {
      const data = { report: 'access-review', channel } satisfies Sending;
      return { ...monthly, id: `send access-review ${channel}`, kind: 'send', says: `${says}, once it is made`, data, filled: filledOf(sent), slots: sent };
    }),
  ];
}

function house({ kind, every, priority }: Pick<Schedule, 'kind' | 'priority'> & { readonly every: number }): Schedule {
  const says = every >= hours(1) ? 'every hour' : every >= minutes(1) ? 'every minute' : 'every 30 seconds';
  return { id: kind, kind, says, data: null, priority, interval: every, makesUp: 'newest', tells: 'together', filled: null, slots: gridSlots(every, 0) };
}

interface Keeping {
  /** `null`: until the configuration changes. */
  readonly lasts: number | null;
  readonly clock: () => Instant;
  /** By what it was found out. */
  readonly of: () => string;
}

/** Asked every few seconds, and found out seldom. */
function known<Result>(find: () => Promise<Result>, { lasts, clock, of }: Keeping): () => Promise<Result> {
  let last: { readonly at: Instant; readonly of: string; readonly its: Result } | null = null;
  return async () => {
    if (last === null || last.of !== of() || (lasts !== null && Math.abs(clock() - last.at) >= lasts)) last = { at: clock(), of: of(), its: await find() };
    return last.its;
  };
}
