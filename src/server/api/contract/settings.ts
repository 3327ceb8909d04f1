import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { id, Ids, Milliseconds, Moment } from './fields.ts';

const At = z.object({ record: z.int(), at: Moment }).nullable();
const Key = z.object({
  role: z.enum(['log', 'statement']).describe('log: signs checkpoints. statement: signs what a collector, or the workspace, says'),
  who: z.string().describe('The log’s origin, a collector’s id, or workspace'),
  key: z.string(),
  fingerprint: z.string().describe('The first 16 hexadecimal digits of the SHA-256 of `key`'),
  introduced: At.describe('null of the first key of its signer, which needs no record'),
  ended: At.describe('null while it signs'),
});
const Pass = z
  .object({
    startedAt: Moment,
    finishedAt: Moment.nullable(),
    position: z.int().describe('So many records were read again'),
    size: z.int(),
    payloads: z.int(),
    disposed: z.int(),
    problems: z.array(z.object({ code: z.string(), file: z.string().nullable(), index: z.int().nullable(), says: z.string() })).readonly(),
  })
  .nullable();
const Read = z.object({ running: Pass, last: Pass.describe('The last that read everything') });

const reads = { permission: 'settings.read', bounds: 'free', answer: 'fresh', method: 'GET', tag: 'Settings' } as const;
const acts = { permission: 'settings.write', bounds: 'refused', answer: 'fresh', method: 'POST', tag: 'Settings' } as const;

const configures = { permission: 'alerts.configure', bounds: 'refused', answer: 'fresh', tag: 'Settings' } as const;
/** A company has tens of rules, and no thousands. */
const Written = z
  .record(z.string().max(100), z.unknown())
  .describe('As `alerts` of tickmark.yaml, without secrets: channels, routes, rules, quiet, resume, reopen, recheck');

export const settings = {
  notifications: endpoint({ ...reads, path: '/settings/notifications', summary: 'When nobody is woken, and when what was answered is asked about again' })
    .input(z.strictObject({}))
    .output(
      z.object({
        quiet: z
          .object({
            from: z.string().describe('Local time, like 22:00'),
            to: z.string(),
            weekends: z.boolean().describe('Saturdays and Sundays are quiet as a whole'),
            timezone: z.string(),
          })
          .nullable(),
        resume: Milliseconds.describe('Acknowledged and not resolved for so long: the escalation goes on'),
        reopen: Milliseconds.describe('The same cause so soon after it was resolved reopens the alert'),
        recheck: z.object({ real: Milliseconds, other: Milliseconds }).describe('So long after it was resolved is evidence waited for, by conclusion'),
      }),
    ),

  notificationsForm: endpoint({
    ...configures,
    method: 'GET',
    path: '/settings/notifications/form',
    summary: 'What is alarmed about as it stands in the configuration, to be changed: which secrets there are, and never what they are',
  })
    .input(z.strictObject({}))
    .output(
      z.object({
        alerts: Written,
        secrets: z.record(z.string(), z.record(z.string(), z.string())).describe('By channel and field the reference: kept, env:NAME, file:PATH'),
        timezone: z.string().describe('Of quiet hours'),
        digest: z.string().describe('Of tickmark.yaml as it stands'),
        refused: z.string().nullable().describe('Why it may not be changed from here'),
      }),
    ),

  changeNotifications: endpoint({
    ...configures,
    method: 'PUT',
    path: '/settings/notifications',
    summary: 'Changes when alerts are raised, whom they reach and how: in force at once, and a record of the log',
    description:
      'By a session, only within ten minutes of having shown who it is. Secrets that are left out stay as they are, unless they would be sent to another place than before. Mail servers are asked at public addresses, and in networks that whoever runs the server allows (TICKMARK_SOURCE_NETWORKS, alerts.allow).',
  })
    .input(
      z.strictObject({
        alerts: Written,
        secrets: z
          .record(z.string().max(100), z.record(z.string().max(100), z.string().max(4000)))
          .default({})
          .describe('By channel and field, typed in: encrypted at once, never shown again'),
        digest: z.string().min(1).max(64).describe('Of the configuration that was looked at: of another one nothing is written'),
      }),
    )
    .output(
      z.object({ digest: z.string(), restart: Ids.describe('Settings that have changed in the file too, and are taken up when the server begins anew') }),
    ),

  keys: endpoint({ ...reads, path: '/keys', summary: 'Which keys sign what, since when, and who keeps the keys of the evidence' })
    .input(z.strictObject({}))
    .output(
      z.object({
        asOf: Moment,
        keys: z.array(Key).readonly(),
        began: Moment.nullable().describe('When the log began: since then a first key signs'),
        overlap: z.object({ record: z.int(), until: Moment }).nullable().describe('While two keys of the log sign'),
        payloads: z.object({ keeper: z.enum(['files', 'aws-kms']), says: z.string() }),
      }),
    ),

  rotate: endpoint({
    ...acts,
    path: '/keys/rotate',
    status: 201,
    summary: 'Lets a new key sign, with a record that says so',
    description:
      'The old key of the log goes on signing beside the new one for `overlapDays`, and is then retired by the server; of a collector or the workspace the new key signs at once. A session that has not confirmed a moment ago who holds it is refused as `not-confirmed`.',
  })
    .input(
      z.strictObject({
        who: z.union([z.literal('log'), id]).describe('`log`, a collector’s id, or `workspace`'),
        overlapDays: z.int().min(1).max(366).default(30),
      }),
    )
    .output(z.object({ record: z.int() })),

  room: endpoint({ ...reads, path: '/log/room', summary: 'Where the archive lies, and how much room it takes on this machine' })
    .input(z.strictObject({}))
    .output(
      z.object({
        place: z.string(),
        lock: z.enum(['compliance', 'governance', 'none']).nullable(),
        parts: z.array(z.object({ part: z.string(), bytes: z.int(), files: z.int() })).readonly(),
      }),
    ),

  readAgain: endpoint({ ...reads, path: '/log/scrub', summary: 'What the reading again of the log has found, and how far it has come' })
    .input(z.strictObject({}))
    .output(Read),

  readOn: endpoint({ ...acts, path: '/log/scrub', summary: 'Reads the log again, on from where that was left, for some seconds' })
    .input(z.strictObject({ seconds: z.int().min(1).max(20).default(5) }))
    .output(Read),

  attend: endpoint({ ...acts, path: '/log/attend', summary: 'Brings the newest checkpoint to witnesses and time-stamping authorities now' })
    .input(z.strictObject({}))
    .output(z.object({ witnessed: z.boolean(), timestamped: z.boolean() })),
};
