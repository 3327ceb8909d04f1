import { z } from 'zod';
import { SEVERITIES } from '../../../core/severity.ts';
import { endpoint } from './endpoint.ts';
import { Ids, id, instant, Milliseconds, Moment, Next, page, period } from './fields.ts';

const STATES = ['open', 'acknowledged', 'resolved'] as const;
const CONCLUSIONS = ['true_positive', 'false_positive', 'benign'] as const;
const CAUSES = ['control-fails', 'deviations', 'evidence-gap', 'deadline', 'missed-occurrence', 'log-integrity', 'job-trouble', 'delivery'] as const;
const Severity = z.enum(SEVERITIES);
const Done = z.object({ at: Moment, by: z.string() }).nullable();

const Alert = z.object({
  id: z.string(),
  state: z.enum(STATES),
  severity: Severity,
  title: z.string(),
  rule: z.string(),
  cause: z.string(),
  path: z.string().describe('Page that says more of what it is about'),
  controls: Ids,
  raisedAt: Moment,
  acknowledged: Done.describe('Since it was last told anew'),
  firstAcknowledged: Done,
  escalatedAt: Moment.nullable(),
  assignee: z.string().nullable(),
  snoozedUntil: Moment.nullable(),
  resolved: z
    .object({
      at: Moment,
      by: z.string(),
      conclusion: z.enum([...CONCLUSIONS, 'auto_resolved']).describe('auto_resolved: its cause ended before anybody concluded'),
      cause: z.string(),
      incident: z.string().nullable(),
    })
    .nullable(),
  lasts: z.boolean().describe('Its cause was there when it was looked at last'),
  reopened: z.int(),
  changedAt: Moment,
});

const Act = z.object({
  seq: z.int(),
  at: Moment,
  by: z.string(),
  act: z.string(),
  says: z.string().describe('In words'),
  knownBy: z.enum(['session', 'token', 'none']).nullable().describe('What shows who did it: a session, a token, or nothing; null of what Tickmark did'),
  record: z.int().nullable().describe('The record that sealed it; null for a moment'),
});

const Notification = z.object({
  id: z.string(),
  channel: z.string(),
  says: z.enum(['raised', 'acknowledged', 'resolved']),
  step: z.int(),
  round: z.int(),
  due: Moment,
  state: z.enum(['waiting', 'sent', 'failed', 'withheld']),
  attempts: z.int(),
  error: z.string().nullable(),
  doneAt: Moment.nullable(),
});

const Whole = Alert.extend({
  acts: z.array(Act).readonly(),
  notifications: z.array(Notification).readonly(),
  steps: z
    .array(z.object({ at: Moment, to: z.array(z.string()).readonly() }))
    .readonly()
    .describe('Whom it is passed on to while nobody takes it, and when'),
});

const Times = z.object({
  count: z.int(),
  mean: Milliseconds.nullable(),
  longest: Milliseconds.nullable(),
  open: z.int().describe('No time is known of these'),
  unknown: z.int().describe('The source does not tell'),
});

const Rule = z.object({ name: z.string(), on: z.enum(CAUSES), severity: Severity.nullable(), route: z.string(), quiet: z.boolean() });
const Route = z.object({ name: z.string(), steps: z.array(z.object({ after: Milliseconds, to: z.array(z.string()).readonly() })).readonly() });

const note = z.string().min(1).max(4000);
const reads = { permission: 'alerts.read', bounds: 'clipped', answer: 'fresh', method: 'GET', tag: 'Alerts' } as const;
const acts = { permission: 'alerts.act', bounds: 'refused', answer: 'fresh', method: 'POST', tag: 'Alerts' } as const;

export const alerts = {
  list: endpoint({ ...reads, path: '/alerts', summary: 'What somebody has to look at, the newest first' })
    .input(z.strictObject({ state: z.enum([...STATES, 'unresolved']).optional(), ...page }))
    .output(z.object({ alerts: z.array(Alert).readonly(), next: Next })),

  rules: endpoint({
    ...reads,
    permission: 'settings.read',
    bounds: 'free',
    path: '/alerts/rules',
    summary: 'When alerts are raised, and whom they reach',
  })
    .input(z.strictObject({}))
    .output(
      z.object({
        rules: z.array(Rule).readonly(),
        routes: z.array(Route).readonly(),
        channels: z.array(z.object({ name: z.string(), kind: z.string() })).readonly(),
      }),
    ),

  times: endpoint({
    ...reads,
    bounds: 'refused',
    path: '/alerts/times',
    summary: 'Mean times to acknowledge and to resolve, by system and severity, of Tickmark’s own alerts and of every source that tells of some',
  })
    .input(z.strictObject({ period: period.optional().describe('Alerts raised in it; the observation period up to now unless said') }))
    .output(
      z.object({ times: z.array(z.object({ system: z.string(), severity: z.string(), raised: z.int(), acknowledge: Times, resolve: Times })).readonly() }),
    ),

  read: endpoint({ ...reads, path: '/alerts/{id}', summary: 'One alert: every act with its record, and every notification' })
    .input(z.strictObject({ id }))
    .output(Whole),

  acknowledge: endpoint({ ...acts, path: '/alerts/{id}/acknowledge', summary: 'Takes an alert: its escalation stops' })
    .input(z.strictObject({ id, note: note.optional() }))
    .output(Whole),

  note: endpoint({ ...acts, path: '/alerts/{id}/notes', summary: 'Writes down what the investigation found' })
    .input(z.strictObject({ id, note }))
    .output(Whole),

  assign: endpoint({ ...acts, path: '/alerts/{id}/assign', summary: 'Names who investigates' })
    .input(z.strictObject({ id, to: z.email().max(200) }))
    .output(Whole),

  resolve: endpoint({ ...acts, path: '/alerts/{id}/resolve', summary: 'Ends an alert with a conclusion and its cause' })
    .input(z.strictObject({ id, conclusion: z.enum(CONCLUSIONS), cause: note, incident: id.optional() }))
    .output(Whole),

  snooze: endpoint({ ...acts, path: '/alerts/{id}/snooze', summary: 'Puts an alert off until an instant' })
    .input(z.strictObject({ id, until: instant, note }))
    .output(Whole),

  test: endpoint({
    ...acts,
    permission: 'alerts.configure',
    path: '/alerts/channels/{channel}/test',
    summary: 'Sends a trial to a channel',
  })
    .input(z.strictObject({ channel: id }))
    .output(z.object({ channel: z.string(), taken: z.boolean(), because: z.string().nullable() })),
};
