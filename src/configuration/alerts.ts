import { z } from 'zod';
import { duration } from '../core/instant.ts';
import { meant } from '../core/near.ts';
import { SEVERITIES } from '../core/severity.ts';

const name = z.string().min(1);
const slug = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'expected lower-case letters, digits and hyphens');
const span = (meaning: string, usual: string) =>
  z
    .string()
    .regex(/^[1-9]\d{0,4}[mhdw]$/, 'expected a duration: 30m, 12h, 1d')
    .default(usual)
    .describe(meaning);
const reference = z
  .string()
  .regex(/^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+|kept)$/, 'expected a reference: env:NAME or file:PATH. A secret itself must not stand in this file');
const mailbox = z.string().regex(/^[^\s<>(),;:"[\]\\@]+@[A-Za-z0-9.-]+$/, 'expected an address, like security@acme.example');
const minute = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day, like 22:00');

const CHANNELS = ['email', 'slack', 'teams', 'pagerduty', 'webhook', 'terminal'] as const;
const channel = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('email'),
      host: name.describe('Mail server'),
      port: z.int().min(1).max(65_535).default(587),
      tls: z
        .enum(['starttls', 'implicit', 'none'])
        .default('starttls')
        .describe('starttls must succeed; implicit is TLS from the first byte (465); none only for a mail server on this machine'),
      from: mailbox,
      to: z.array(mailbox).min(1),
      user: name.optional(),
      password: reference.optional(),
    }),
    z.strictObject({ kind: z.literal('slack'), url: reference.describe('Address of an incoming webhook, by reference: whoever has it can post') }),
    z.strictObject({ kind: z.literal('teams'), url: reference.describe('Address of a workflow that posts cards, by reference: whoever has it can post') }),
    z.strictObject({
      kind: z.literal('pagerduty'),
      key: reference.describe('Integration key of a service, Events API v2'),
      region: z.enum(['us', 'eu']).default('us'),
    }),
    z.strictObject({
      kind: z.literal('webhook'),
      url: z
        .string()
        .regex(/^(https?:\/\/\S+|env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/, 'expected an address, or a reference to one: env:NAME or file:PATH')
        .describe('Where it is posted'),
      secret: reference.describe('What it is signed with (HMAC-SHA256)'),
    }),
    z.strictObject({ kind: z.literal('terminal') }),
  ],
  { error: () => `expected kind: ${CHANNELS.join(', ')}` },
);

const common = {
  name: slug.optional().describe('Told apart by it; the cause unless said'),
  severity: z.enum(SEVERITIES).optional().describe('As urgent as its cause, unless said'),
  route: slug.default('default').describe('Whom it reaches'),
  quiet: z.boolean().default(true).describe('Whether quiet hours hold it back; a critical alert is never held back'),
};
const controls = z.array(name).min(1).optional().describe('Ids; all, unless said');
const checks = z.array(name).min(1).optional().describe('Ids; all, unless said');
const CAUSES = ['control-fails', 'deviations', 'evidence-gap', 'deadline', 'missed-occurrence', 'log-integrity', 'job-trouble', 'delivery'] as const;

const rule = z.discriminatedUnion(
  'on',
  [
    z.strictObject({ on: z.literal('control-fails').describe('A control fails, waived deviations aside'), ...common, controls }),
    z.strictObject({
      on: z.literal('deviations').describe('Items deviate from a check, and more of them than before'),
      ...common,
      controls,
      checks,
      count: z.int().min(1).default(1).describe('From so many items on'),
      share: z
        .string()
        .regex(/^[1-9]\d{0,3} of [1-9]\d{0,3}$/, 'expected how many of how many, like 10 of 100')
        .optional()
        .describe('From this share of the population on'),
    }),
    z.strictObject({ on: z.literal('evidence-gap').describe('A source is silent or incomplete'), ...common, after: span('So long beyond its schedule', '6h') }),
    z.strictObject({
      on: z.literal('deadline').describe('A finding, an occurrence or a key comes due or turns too old'),
      ...common,
      controls,
      checks,
      within: span('So long ahead', '7d'),
    }),
    z.strictObject({ on: z.literal('missed-occurrence').describe('What recurs was not done by its due date'), ...common, controls }),
    z.strictObject({ on: z.literal('log-integrity').describe('The log is not what was sealed, or is not confirmed outside'), ...common }),
    z.strictObject({ on: z.literal('job-trouble').describe('Work that Tickmark does by itself is late or fails'), ...common }),
    z.strictObject({ on: z.literal('delivery').describe('A channel takes no notification'), ...common }),
  ],
  { error: () => `expected on: ${CAUSES.join(', ')}` },
);

const step = z.strictObject({
  after: z
    .string()
    .regex(/^(0m|[1-9]\d{0,4}[mhd])$/, 'expected how long after it was raised: 0m, 30m, 4h')
    .default('0m')
    .describe('How long after it was raised, quiet hours not counted'),
  to: z.array(slug).min(1).describe('Channels'),
});

/** `alerts` of `tickmark.yaml`. */
export const Alerts = z
  .strictObject({
    url: z
      .string()
      .regex(/^https?:\/\/[^\s?#]+$/, 'expected an address, like https://tickmark.acme.example')
      .optional()
      .describe('Where people reach Tickmark: notifications link there'),
    channels: z.record(slug, channel).default({}).describe('Ways to people, by your own names; "terminal" is always there'),
    routes: z.record(slug, z.array(step).min(1)).default({}).describe('Whom alerts reach, step by step, until somebody acknowledges'),
    rules: z.array(rule).optional().describe('When alerts are raised; one of each cause, unless said'),
    reports: z
      .strictObject({
        'access-review': z
          .strictObject({ to: z.array(slug).min(1).describe('Channels') })
          .optional()
          .describe('The access review of the month before, once it is made'),
      })
      .prefault({})
      .describe('Whom the reports that make themselves are sent to'),
    quiet: z
      .strictObject({ from: minute, to: minute, weekends: z.boolean().default(false).describe('Saturdays and Sundays are quiet as a whole') })
      .optional()
      .describe('When nobody is disturbed, in the time zone of the workspace; critical alerts break through'),
    resume: span('Acknowledged, and not resolved within: it is escalated anew', '8h'),
    reopen: span('The same cause so soon after: the alert is reopened, and is no other one', '24h'),
    recheck: z
      .strictObject({
        real: span('Resolved as real while its cause lasts: so long is waited for evidence that it is gone', '36h'),
        other: span('Resolved as false or benign while its cause lasts: so long that stands', '30d'),
      })
      .prefault({}),
    allow: z.array(name).default([]).describe('Networks that webhooks may reach though they are not public: 10.1.0.0/16'),
  })
  .superRefine((alerts, context) => {
    const problem = (path: readonly PropertyKey[], message: string) => context.addIssue({ code: 'custom', path: [...path], message });
    const channels = [...Object.keys(alerts.channels), 'terminal'];
    const routes = [...Object.keys(alerts.routes), 'default'];
    for (const [route, steps] of Object.entries(alerts.routes)) {
      for (const [place, { after, to }] of steps.entries()) {
        for (const [index, its] of to.entries())
          if (!channels.includes(its))
            problem(['routes', route, place, 'to', index], `no channel is called ${its}${meant(its, channels)}. There are: ${channels.join(', ')}`);
        const before = steps[place - 1]?.after;
        if (before !== undefined && spanOf(before) >= spanOf(after))
          problem(['routes', route, place, 'after'], `each step comes later than the one before it (${before})`);
      }
    }
    for (const [report, its] of Object.entries(alerts.reports))
      for (const [place, to] of (its?.to ?? []).entries()) {
        if (!channels.includes(to))
          problem(['reports', report, 'to', place], `no channel is called ${to}${meant(to, channels)}. There are: ${channels.join(', ')}`);
        if (alerts.channels[to]?.kind === 'pagerduty')
          problem(['reports', report, 'to', place], 'PagerDuty takes incidents, and a report is none. Name another channel');
        if ((its?.to ?? []).indexOf(to) < place) problem(['reports', report, 'to', place], `${to} is named twice`);
      }
    const names = (alerts.rules ?? []).map((it) => it.name ?? it.on);
    for (const [place, it] of (alerts.rules ?? []).entries()) {
      if (!routes.includes(it.route))
        problem(['rules', place, 'route'], `no route is called ${it.route}${meant(it.route, routes)}. There are: ${routes.join(', ')}`);
      if (names.indexOf(it.name ?? it.on) < place)
        problem(['rules', place], `another rule is called ${it.name ?? it.on}. Give this one a name: of its own, for alerts are told apart by it`);
    }
    for (const [its, { kind, ...way }] of Object.entries(alerts.channels)) {
      if (its === 'terminal' && kind !== 'terminal') problem(['channels', its], '"terminal" is the line where the server runs. Give this channel another name');
      if ('tls' in way && way.tls === 'none' && !/^(127\.\d+\.\d+\.\d+|localhost|::1)$/.test(way.host))
        problem(['channels', its, 'tls'], 'only a mail server on this machine is spoken to in the clear');
      if ('user' in way && (way.user === undefined) !== (way.password === undefined)) problem(['channels', its], 'a user and a password go together');
    }
    if (alerts.quiet && alerts.quiet.from === alerts.quiet.to) problem(['quiet', 'to'], 'it is quiet all day: leave the routes out instead');
    for (const [place, network] of alerts.allow.entries())
      if (!/^[0-9a-fA-F.:]+(\/\d{1,3})?$/.test(network)) problem(['allow', place], 'expected a network, like 10.1.0.0/16');
  });
export type Alerts = z.infer<typeof Alerts>;

const spanOf = (text: string): number => (text === '0m' ? 0 : duration(text));
