import type { JobsView, ScheduleLine, SlotRow } from '../../app/job-views.ts';
import { ConfigurationError } from '../../core/error.ts';
import { type Instant, iso } from '../../core/instant.ts';
import { several, spokenDuration, spokenInstant } from '../../core/spoken.ts';
import { instantArgument, numberArgument, wordArgument } from '../arguments.ts';
import type { AddCommand } from '../command.ts';
import { columns } from '../output.ts';

interface By {
  readonly by?: string;
}

const STATES = ['queued', 'running', 'retry', 'done', 'failed', 'skipped'] as const;
const BY = ['--by <EMAIL>', 'who does it; the record of it says so'] as const;

export const addJobs: AddCommand = (program, run) => {
  const jobs = program.command('jobs').description('what Tickmark does by itself: what runs, what waits, what failed, and what comes next');
  jobs.action(
    run(async ({ output, within }) => {
      const view = await within((workspace) => workspace.jobs().view());

      output.give(machine(view));
      output.say(people(view));
      return view.troubles.length === 0 ? 0 : 1;
    }),
  );
  jobs
    .command('list')
    .description('slots of the schedules, the newest first')
    .option('--schedule <ID>', 'of this schedule only')
    .option('--state <STATE>', STATES.join(', '))
    .option('--limit <N>', 'how many', '50')
    .action(
      run<{ schedule?: string; state?: string; limit: string }>(async ({ output, within }, { schedule, state, limit }) => {
        const query = {
          ...(schedule === undefined ? {} : { schedule }),
          ...(state === undefined ? {} : { state: wordArgument(state, '--state', STATES) }),
          limit: numberArgument(limit, '--limit', { min: 1, max: 10_000 }),
        };
        const slots = await within((workspace) => workspace.jobs().slots(query));

        output.give(slots.map(machineSlot));
        output.say(slots.length === 0 ? 'No slot of any schedule is known yet.' : columns(slots.map(slotCells)));
        return 0;
      }),
    );
  jobs
    .command('run')
    .description('run a schedule out of turn')
    .argument('<SCHEDULE>', '"tickmark jobs" names them')
    .option(...BY)
    .action(
      run<By>(async ({ output, within }, { by }, schedule = '') => {
        const slot = await within((workspace) => workspace.jobs().run(schedule, whoever(by)));

        output.give({ schedule, slot: iso(slot) });
        output.say(`"${schedule}" waits for a worker. "tickmark jobs list --schedule '${schedule}'" tells what comes of it.`);
        return 0;
      }),
    );
  jobs
    .command('retry')
    .description('try a slot again that has failed or was skipped')
    .argument('<SCHEDULE>', '"tickmark jobs" names them')
    .argument('<SLOT>', 'its instant: 2026-11-06T23:00:00Z')
    .option(...BY)
    .action(
      run<By>(async ({ output, within }, { by }, schedule = '', slot = '') => {
        await within((workspace) => workspace.jobs().retry(schedule, instantArgument(slot, 'SLOT'), whoever(by)));

        output.give({ schedule, slot });
        output.say(`The slot of ${slot} waits for a worker again.`);
        return 0;
      }),
    );
  jobs
    .command('pause')
    .description('pause a schedule: until it is resumed its slots are recorded as skipped')
    .argument('<SCHEDULE>', '"tickmark jobs" names them')
    .option('--because <TEXT>', 'why; each slot that is skipped says so')
    .option(...BY)
    .action(
      run<By & { because?: string }>(async ({ output, within }, { by, because }, schedule = '') => {
        if (!because) throw new ConfigurationError('jobs pause needs --because TEXT: a schedule that is paused is a gap in the evidence, and has to say why.');
        await within((workspace) => workspace.jobs().pause(schedule, { by: whoever(by), because }));

        output.give({ schedule, paused: true });
        output.say(`"${schedule}" is paused. "tickmark jobs resume" lets it go on.`);
        return 0;
      }),
    );
  jobs
    .command('resume')
    .description('let a paused schedule go on')
    .argument('<SCHEDULE>', '"tickmark jobs" names them')
    .option(...BY)
    .action(
      run<By>(async ({ output, within }, { by }, schedule = '') => {
        await within((workspace) => workspace.jobs().resume(schedule, whoever(by)));

        output.give({ schedule, paused: false });
        output.say(`"${schedule}" goes on.`);
        return 0;
      }),
    );
};

function whoever(by: string | undefined): string {
  if (!by || !/^\S+@\S+$/.test(by)) throw new ConfigurationError('--by EMAIL is needed: each of these acts is a record, and says whose it is.');
  return by.toLowerCase();
}

const isoOrNull = (at: Instant | null): string | null => (at === null ? null : iso(at));

const machineSlot = ({ schedule, slot, firstSlot, kind, state, attempt, byHand, queuedAt, startedAt, finishedAt, worker, note, result }: SlotRow) => ({
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
  records: recordsOf(result),
});

function recordsOf(result: SlotRow['result']): readonly number[] {
  const { records, record } = (result ?? {}) as { readonly records?: readonly number[]; readonly record?: number };
  return records ?? (record === undefined ? [] : [record]);
}

const machine = ({ asOf, schedules, workers, troubles }: JobsView) => ({
  asOf: iso(asOf),
  schedules: schedules.map(({ schedule, kind, says, next, paused, open, last, lastDone }) => ({
    schedule,
    kind,
    says,
    next: isoOrNull(next),
    paused: paused && { ...paused, at: iso(paused.at) },
    open: open && machineSlot(open),
    last: last && machineSlot(last),
    lastDone: isoOrNull(lastDone?.finishedAt ?? null),
  })),
  workers: workers.map(({ id, host, pid, version, alive, startedAt, beatAt, stoppedAt, skew, doing }) => ({
    id,
    host,
    pid,
    version,
    alive,
    startedAt: iso(startedAt),
    beatAt: iso(beatAt),
    stoppedAt: isoOrNull(stoppedAt),
    clockAheadMs: skew,
    doing,
  })),
  troubles: troubles.map(({ kind, what, since, says }) => ({ kind, what, since: iso(since), says })),
});

function people({ asOf, schedules, workers, troubles }: JobsView): string {
  if (schedules.length === 0) return 'No worker has planned anything yet. Start one with "tickmark serve" or "tickmark worker".';
  const alive = workers.filter((worker) => worker.alive);
  return [
    columns(schedules.map((line) => [line.schedule, stands(line, asOf), next(line, asOf)])),
    '',
    alive.length === 0
      ? 'No worker is alive.'
      : `${several(alive.length, 'worker')} alive: ${alive.map(({ id, doing }) => `${id}${doing.length === 0 ? '' : ` at ${doing.join(', ')}`}`).join('; ')}`,
    ...troubles.map(({ says }) => `Trouble: ${says}`),
  ].join('\n');
}

function stands({ paused, open, last }: ScheduleLine, now: Instant): string {
  if (paused) return `paused by ${paused.by}: ${paused.because}`;
  if (open?.state === 'running') return `runs since ${spokenDuration(now - (open.startedAt ?? now))}`;
  if (open?.state === 'retry') return `is tried again: ${open.note ?? ''}`;
  if (open) return `waits since ${spokenDuration(now - open.queuedAt)}`;
  if (!last) return 'not run yet';
  return `${last.state} ${spokenInstant(last.finishedAt ?? last.slot)}${last.state === 'failed' ? `: ${last.note ?? ''}` : ''}`;
}

const next = ({ next: at, paused }: ScheduleLine, now: Instant): string =>
  paused ? '' : at === null ? 'nothing lies ahead' : at <= now ? 'due' : `next ${spokenInstant(at)}`;

const slotCells = ({ state, schedule, slot, firstSlot, attempt, note, byHand }: SlotRow): readonly string[] => [
  state,
  schedule,
  firstSlot === slot ? iso(slot) : `${iso(firstSlot)}..${iso(slot)}`,
  attempt === 0 ? '' : `attempt ${attempt + 1}`,
  `${note ?? ''}${byHand === null ? '' : ` [asked for by ${byHand}]`}`,
];
