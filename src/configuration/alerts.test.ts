import { describe, expect, it } from 'vitest';
import { parseConfiguration } from './read.ts';

const HEAD = 'company: Acme\ntimezone: Europe/Berlin\nperiod: { from: 2026-01-01, to: 2026-12-31 }\nsources: []\n';
const read = (alerts: string) => parseConfiguration(`${HEAD}alerts:\n  ${alerts.trim().replaceAll('\n', '\n  ')}\n`, []).file.alerts;

it('reads the example of the documentation', async () => {
  const { readFileSync } = await import('node:fs');
  const [, example = ''] = /```yaml\n(alerts:[\s\S]*?)```/.exec(readFileSync(new URL('../../docs/alerts.md', import.meta.url), 'utf8')) ?? [];
  const { file } = parseConfiguration(`${HEAD}${example}`, []);
  expect(Object.keys(file.alerts?.channels ?? {})).toEqual(['mail', 'chat', 'page', 'hook']);
  expect(file.alerts?.rules?.map(({ on }) => on)).toHaveLength(10);
});

it('has what is usual where nothing is said', () => {
  expect(read('{}')).toEqual({ channels: {}, routes: {}, reports: {}, resume: '8h', reopen: '24h', recheck: { real: '36h', other: '30d' }, allow: [] });
  expect(parseConfiguration(HEAD, []).file.alerts).toBeUndefined();
});

describe('what is wrong is said with its place', () => {
  it.each<[string, string, string]>([
    ['a channel of no kind', 'channels: { chat: { kind: smoke } }', 'tickmark.yaml:6:'],
    ['a channel of no kind, in words', 'channels: { chat: { kind: smoke } }', 'expected kind: email, slack, teams, pagerduty, webhook, terminal'],
    ['a secret in the file', 'channels: { chat: { kind: slack, url: "https://hooks.example/T0/B0/x" } }', 'A secret itself must not stand in this file'],
    ['a cause that there is not', 'rules: [{ on: control-fail }]', 'expected on: control-fails, deviations'],
    ['a setting of another cause', 'rules: [{ on: control-fails, within: 7d }]', 'alerts.rules[0].within: there is no such setting'],
    ['a route that there is not', 'rules: [{ on: job-trouble, route: defualt }]', 'no route is called defualt (did you mean "default"?). There are: default'],
    ['a channel that there is not', 'routes: { default: [{ to: [chat] }] }', 'no channel is called chat. There are: terminal'],
    [
      'steps out of order',
      'routes: { default: [{ after: 30m, to: [terminal] }, { after: 10m, to: [terminal] }] }',
      'each step comes later than the one before it (30m)',
    ],
    ['two rules of one name', 'rules: [{ on: delivery }, { on: delivery }]', 'another rule is called delivery'],
    [
      'mail in the clear',
      'channels: { mail: { kind: email, host: mail.acme.example, tls: none, from: a@acme.example, to: [b@acme.example] } }',
      'only a mail server on this machine',
    ],
    [
      'an address with a header in it',
      'channels: { mail: { kind: email, host: h, from: "a@acme.example\\r\\nBcc: x@evil.example", to: [b@acme.example] } }',
      'expected an address, like security@acme.example',
    ],
    [
      'a user without a password',
      'channels: { mail: { kind: email, host: h, user: u, from: a@acme.example, to: [b@acme.example] } }',
      'a user and a password go together',
    ],
    ['quiet all day', 'quiet: { from: "07:00", to: "07:00" }', 'it is quiet all day'],
    ['a time of day that there is not', 'quiet: { from: "24:00", to: "07:00" }', 'expected a time of day, like 22:00'],
    ['a network that is none', 'allow: [acme.example]', 'expected a network, like 10.1.0.0/16'],
    ['a duration that is none', 'resume: soon', 'expected a duration: 30m, 12h, 1d'],
    ['another channel called terminal', 'channels: { terminal: { kind: slack, url: env:X } }', 'Give this channel another name'],
  ])('%s', (_, alerts, says) => expect(() => read(alerts)).toThrow(says));
});
