import type { Duration, Instant } from '../core/instant.ts';
import { iso } from '../core/instant.ts';
import type { SlotRow, TimetableRow, WorkerRow } from '../store/roster.ts';

/** Something that would let the schedule die silently. It stands until its cause has ended. */
export interface JobTrouble {
  readonly kind: 'schedule' | 'job' | 'queue' | 'worker' | 'clock';
  /** What it is about: a schedule, or a worker. Two of one kind about the same are one. */
  readonly what: string;
  readonly since: Instant;
  readonly says: string;
}

/** What the roster holds, at one moment. */
export interface Snapshot {
  readonly timetable: readonly TimetableRow[];
  readonly open: readonly SlotRow[];
  readonly ended: readonly SlotRow[];
  readonly workers: readonly WorkerRow[];
}

/** A worker that says nothing for so long has died, or hangs. */
export const SILENT: Duration = 30_000;
/** One that died so long ago is history. */
const HISTORY: Duration = 3_600_000;
/** Longer nothing waits where a worker lives. */
const WAITS: Duration = 300_000;
/** A schedule that comes every few seconds may be so late. */
const LATE: Duration = 120_000;

/** `now` is the workspace's clock, `database` that of the database, by which workers are told alive. */
export function troubles(
  snapshot: Snapshot,
  { now, database, tolerance }: { readonly now: Instant; readonly database: Instant; readonly tolerance: Duration },
): readonly JobTrouble[] {
  const { timetable } = snapshot;
  return [
    ...timetable.flatMap((row) => (row.paused ? [] : [...overdue(row, snapshot, now), ...failing(row, snapshot)])),
    ...waiting(snapshot, now),
    ...silent(snapshot, database),
    ...apart(snapshot, tolerance, database),
  ];
}

/** A schedule without a finished slot in twice its interval. */
function overdue({ schedule, interval, firstAt, says }: TimetableRow, { ended }: Snapshot, now: Instant): readonly JobTrouble[] {
  const done = ended.find((row) => row.schedule === schedule && row.state === 'done');
  const since = done?.finishedAt ?? firstAt;
  if (since > now + LATE)
    return [{ kind: 'clock', what: schedule, since: now, says: `${schedule} was last run at ${iso(since)}, which is yet to come: a clock was put back` }];
  if (now - since <= Math.max(2 * interval, LATE)) return [];
  return [
    {
      kind: 'schedule',
      what: schedule,
      since,
      says: `${schedule} (${says}) ${done ? `has finished no slot since ${iso(since)}` : `was announced at ${iso(since)} and has finished no slot yet`}`,
    },
  ];
}

function failing({ schedule }: TimetableRow, { ended, open }: Snapshot): readonly JobTrouble[] {
  const newest = ended.filter((row) => row.schedule === schedule).toSorted((a, b) => b.slot - a.slot)[0];
  if (newest?.state === 'failed')
    return [
      {
        kind: 'job',
        what: schedule,
        since: newest.finishedAt ?? newest.slot,
        says: `${schedule} failed for its slot of ${iso(newest.slot)}: ${newest.note ?? ''}`,
      },
    ];
  const again = open.find((row) => row.schedule === schedule && row.state === 'retry' && row.attempt > 0);
  return again
    ? [
        {
          kind: 'job',
          what: schedule,
          since: again.startedAt ?? again.slot,
          says: `${schedule} has failed ${again.attempt + 1} times for its slot of ${iso(again.slot)}: ${again.note ?? ''}`,
        },
      ]
    : [];
}

/** The queue does not drain. */
function waiting({ open }: Snapshot, now: Instant): readonly JobTrouble[] {
  const oldest = open.filter(({ state, queuedAt }) => state === 'queued' && now - queuedAt > WAITS).toSorted((a, b) => a.queuedAt - b.queuedAt);
  const [first] = oldest;
  if (!first) return [];
  return [
    {
      kind: 'queue',
      what: 'queue',
      since: first.queuedAt,
      says: `${oldest.length} of the jobs that wait were not begun within five minutes, the first of them ${first.schedule}`,
    },
  ];
}

function silent({ workers, timetable }: Snapshot, database: Instant): readonly JobTrouble[] {
  const alive = workers.filter(({ stoppedAt, beatAt }) => stoppedAt === null && database - beatAt <= SILENT);
  const gone = workers.filter(({ stoppedAt, beatAt }) => stoppedAt === null && database - beatAt > SILENT);
  const none: JobTrouble[] =
    alive.length > 0 || timetable.length === 0
      ? []
      : [
          {
            kind: 'worker',
            what: 'workers',
            since: Math.max(0, ...workers.map(({ beatAt }) => beatAt)),
            says: 'no worker is alive: nothing that is due is done',
          },
        ];
  return [
    ...none,
    ...gone
      .filter(({ beatAt }) => database - beatAt < HISTORY)
      .map(
        ({ id, beatAt, doing }): JobTrouble => ({
          kind: 'worker',
          what: id,
          since: beatAt,
          says: `the worker ${id} has said nothing since ${iso(beatAt)}${doing.length === 0 ? '' : `; it was at ${doing.join(', ')}`}`,
        }),
      ),
  ];
}

function apart({ workers }: Snapshot, tolerance: Duration, database: Instant): readonly JobTrouble[] {
  return workers
    .filter(({ stoppedAt, beatAt, skew }) => stoppedAt === null && database - beatAt <= SILENT && Math.abs(skew) > tolerance)
    .map(({ id, skew, beatAt }) => ({
      kind: 'clock',
      what: id,
      since: beatAt,
      says: `the clock of the worker ${id} is ${Math.round(Math.abs(skew) / 1000)} seconds ${skew > 0 ? 'ahead of' : 'behind'} the database's: it runs nothing`,
    }));
}
