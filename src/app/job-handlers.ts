import type { Json } from '../core/canonical.ts';
import { ConfigurationError } from '../core/error.ts';
import { days, type Duration, hours, type Instant, iso } from '../core/instant.ts';
import { several } from '../core/spoken.ts';
import type { ControlStatus } from '../core/status.ts';
import type { Handlers, Outcome, WorkerMeans } from '../jobs/means.ts';
import type { Roster } from '../store/roster.ts';
import { collect } from './collect.ts';
import { draftOf, publish, recordUnsent, send } from './job-reports.ts';
import { lookedAt } from './job-schedules.ts';
import type { JobHooks } from './job-views.ts';
import { skipped } from './run.ts';
import { type Context, orderOf, sealRetired } from './schedule.ts';
import type { Workspace } from './views.ts';

interface Means {
  readonly context: Context;
  readonly workspace: Pick<Workspace, 'upkeep' | 'attend' | 'logStatus' | 'accessReview' | 'occurrences' | 'posture' | 'acts' | 'alerts'>;
  readonly roster: Roster;
  readonly hooks: JobHooks;
  /** Before anything is asked: throws where it could not be sealed. */
  readonly ready: () => void;
  /** A worker that says nothing for so long has lost its job. */
  readonly lasts: Duration;
}

export function handlersOf(means: Means): Handlers {
  return {
    collect: (job) => collectSlot(means, job),
    report: ({ slot }) => publish(means, slot),
    send: (job) => send(means, job),
    occurrence: ({ slot, data }) => lookAtDuties(means, slot, data),
    watch: ({ before }) => watch(means, before),
    attend: () => attend(means),
    upkeep: () => upkeep(means),
  };
}

async function collectSlot(
  { context, ready, hooks, lasts }: Means,
  { data, slot, attempt, byHand, signal }: Parameters<Handlers['collect']>[0],
): Promise<Outcome> {
  ready();
  const { source, partition } = partitionOf(context, data);
  // A run out of turn is no slot of the schedule: the log counts those by their distance.
  const results = await collect(context, [{ source, partition, due: slot, attempt, byHand: byHand !== null, signal, lasts, told: hooks.asked }], {
    progress: hooks.collected,
  });
  const [last] = results.toReversed();
  const incomplete = results.find(({ complete }) => !complete);
  const records = results.map(({ record }) => record);
  const note = incomplete
    ? `incomplete: ${(incomplete.reason ?? '').replace(/\.$/, '')}, record ${incomplete.record}`
    : `complete, record ${last?.record ?? ''}`;
  return { note, result: { records }, again: incomplete !== undefined };
}

function partitionOf({ configuration }: Context, data: Json) {
  const { source: name, partition } = data as { readonly source: string; readonly partition: string };
  const source = configuration.sources.find(({ collector, name: its }) => `${collector.id}/${its}` === name);
  if (!source)
    throw new ConfigurationError(
      `no source is called ${name} any more in the tickmark.yaml that this worker has read. It takes up a changed file within a minute.`,
    );
  return { source, partition };
}

/** Slots that were not run have a record each: an auditor sees that nothing was asked, and why. */
export function skipRecorder(context: Context): WorkerMeans['skipped'] {
  return async ({ kind, data }, { slot, note }) => {
    if (kind === 'collect') await sealSkip(context, data, slot, `Nothing was asked in the slot of ${iso(slot)}: ${note ?? ''}.`);
  };
}

/** A slot that failed before anything was sealed of it would be a silence in the log, and a report that nobody was sent no word of it. */
export function failureRecorder(context: Context, dataOf: (schedule: string) => Promise<Json | null>): WorkerMeans['failed'] {
  return async ({ schedule, slot, kind, result, note }) => {
    const data = kind === 'collect' || kind === 'send' ? await dataOf(schedule) : null;
    if (kind === 'send' && data !== null) await recordUnsent(context, { slot, data, note });
    if (kind !== 'collect') return;
    const { records = [] } = (result ?? {}) as { readonly records?: readonly number[] };
    if (data !== null && records.length === 0) await sealSkip(context, data, slot, `Nothing is known of the slot of ${iso(slot)}: ${note}.`);
  };
}

async function sealSkip(context: Context, data: Json, slot: Instant, reason: string): Promise<void> {
  const { source, partition } = partitionOf(context, data);
  await context.archive.append([skipped(orderOf(context, source, partition, slot), context.clock(), reason)]);
}

/** What had to be done by an instant and was not is noted in the log, by whoever looks first. */
async function lookAtDuties({ context, workspace }: Means, slot: Instant, data: Json): Promise<Outcome> {
  const { control } = data as { readonly control: string };
  const all = await workspace.occurrences({ period: { from: slot - days(800), to: slot }, controls: [control] });
  const its = all.filter(({ kind, due }) => kind === 'duty' && lookedAt(due) === slot);
  const open = its.filter(({ state }) => state === 'missed' || state === 'unknown');
  const drafts = open.map(({ what, state, due, because, records }) =>
    draftOf(context, `occurrence ${control} ${what} ${due}`, {
      act: `occurrence-${state}`,
      target: `controls/${control}`,
      says: { what, due: iso(due), because, records: [...records] },
    }),
  );
  if (drafts.length > 0) await context.archive.append(drafts);
  const note = its.map(({ what, state }) => `${what}: ${state === 'met' ? 'done' : state}`).join('; ') || 'nothing was due any more';
  return { note, result: { due: its.length, missed: its.filter(({ state }) => state === 'missed').length } };
}

/** Compares the statuses of now with those of the look before, whichever process took it. */
async function watch({ context, workspace, hooks }: Means, before: Json | null): Promise<Outcome> {
  const posture = await workspace.posture();
  const now: Readonly<Record<string, ControlStatus>> = Object.fromEntries(posture.controls.map(({ id, status }) => [id, status]));
  const { statuses: was = null } = (before ?? {}) as { readonly statuses?: Readonly<Record<string, ControlStatus>> };
  const changes =
    was === null
      ? []
      : Object.entries(now).flatMap(([control, after]) =>
          was[control] === undefined || was[control] === after ? [] : [{ control, before: was[control], after }],
        );
  await hooks.watched?.(changes, context.clock());
  const note =
    changes.length === 0 ? 'no control changed' : changes.map(({ control, before: from, after }) => `${control} was ${from} and is ${after}`).join('; ');
  return { note, result: { statuses: { ...now } } };
}

async function attend({ workspace }: Means): Promise<Outcome> {
  await workspace.attend({ patient: true });
  const { complaints } = (await workspace.logStatus()).attended;
  return {
    note: complaints.map(({ code, says }) => `${code}: ${says}`).join('; ') || 'everybody outside confirms what they were asked to',
    result: { complaints: complaints.length },
  };
}

/** Looks are many: so long those of the house are kept, and everything else. */
const LOOKS_KEPT = hours(6);
const SLOTS_KEPT = days(400);

async function upkeep({ context, workspace, roster }: Means): Promise<Outcome> {
  await sealRetired(context);
  const { retired, left, scrubbed } = await workspace.upkeep();
  const now = context.clock();
  await roster.prune(['watch', 'attend'], now - LOOKS_KEPT);
  await roster.prune(['collect', 'report', 'send', 'occurrence', 'upkeep'], now - SLOTS_KEPT);
  const problems = (scrubbed.running ?? scrubbed.last)?.problems ?? [];
  const [damage] = problems;
  const said = [
    ...(retired === null ? [] : [`the old key of the log was retired, record ${retired}`]),
    ...left,
    ...(damage
      ? [
          `reading the log again found ${several(problems.length, 'damage')}: ${damage.file ?? ''} record ${damage.index ?? ''}: ${damage.says}. Run "tickmark log fsck"`,
        ]
      : []),
  ];
  return { note: said.join('; ') || 'nothing waited', result: { retired, left: [...left], damaged: problems.length } };
}
