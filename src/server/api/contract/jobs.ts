import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { id, instant, Moment, Next, page } from './fields.ts';

const STATES = ['queued', 'running', 'retry', 'skipping', 'skipped', 'done', 'failed'] as const;

export const Slot = z.object({
  schedule: z.string(),
  slot: Moment,
  firstSlot: Moment.describe('Of several that were skipped together the first; else the slot'),
  kind: z.string(),
  state: z.enum(STATES).describe('`skipping`: it is being recorded as skipped'),
  attempt: z.int().describe('So many attempts came before'),
  byHand: z.string().nullable().describe('Who asked for it out of turn'),
  queuedAt: Moment,
  startedAt: Moment.nullable(),
  finishedAt: Moment.nullable(),
  worker: z.string().nullable(),
  note: z.string().nullable().describe('What came of it, or why it was skipped or failed'),
});

const Schedule = z.object({
  schedule: z.string(),
  kind: z.string(),
  says: z.string().describe('`every 1d`'),
  next: Moment.nullable().describe('Null where no slot is known ahead'),
  paused: z.object({ at: Moment, by: z.string(), because: z.string() }).nullable(),
  open: Slot.nullable().describe('The slot that waits or runs'),
  last: Slot.nullable().describe('The newest that has ended'),
  lastDone: Moment.nullable(),
});

const Worker = z.object({
  id: z.string(),
  version: z.string(),
  alive: z.boolean(),
  startedAt: Moment,
  beatAt: Moment,
  stoppedAt: Moment.nullable(),
  clockAheadMs: z.number().describe('How far its clock is ahead of the database’s'),
  doing: z.array(z.string()).readonly(),
});

const Trouble = z.object({ kind: z.enum(['schedule', 'job', 'queue', 'worker', 'clock']), what: z.string(), since: Moment, says: z.string() });

const reads = { permission: 'jobs.read', bounds: 'refused', answer: 'fresh', method: 'GET', tag: 'Jobs' } as const;
const acts = { permission: 'jobs.act', bounds: 'refused', answer: 'fresh', method: 'POST', tag: 'Jobs' } as const;

export const jobs = {
  view: endpoint({ ...reads, path: '/jobs', summary: 'What Tickmark does by itself: what runs, waits and failed, who works, and what stands in the way' })
    .input(z.strictObject({}))
    .output(z.object({ asOf: Moment, schedules: z.array(Schedule).readonly(), workers: z.array(Worker).readonly(), troubles: z.array(Trouble).readonly() })),

  slots: endpoint({ ...reads, path: '/jobs/slots', summary: 'Slots of the schedules, the newest first' })
    .input(z.strictObject({ schedule: id.optional(), state: z.enum(STATES).optional(), ...page }))
    .output(z.object({ slots: z.array(Slot).readonly(), next: Next })),

  run: endpoint({ ...acts, path: '/jobs/run', summary: 'Runs a schedule out of turn', status: 202 })
    .input(z.strictObject({ schedule: id }))
    .output(z.object({ schedule: z.string(), slot: Moment })),

  retry: endpoint({ ...acts, path: '/jobs/retry', summary: 'Tries a slot again that has failed or was skipped', status: 202 })
    .input(z.strictObject({ schedule: id, slot: instant }))
    .output(z.object({ schedule: z.string(), slot: Moment })),

  pause: endpoint({ ...acts, path: '/jobs/pause', summary: 'Pauses a schedule: until it is resumed its slots are recorded as skipped, with this reason' })
    .input(z.strictObject({ schedule: id, because: z.string().min(1).max(2000) }))
    .output(z.object({ schedule: z.string(), paused: z.boolean() })),

  resume: endpoint({ ...acts, path: '/jobs/resume', summary: 'Lets a paused schedule go on' })
    .input(z.strictObject({ schedule: id }))
    .output(z.object({ schedule: z.string(), paused: z.boolean() })),
};
