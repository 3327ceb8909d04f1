import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { minutes } from '../../core/instant.ts';
import { receiver } from '../../notify/testing/receiver.ts';
import { type Company, company, principal } from './testing/company.ts';

const SECRET = 'a secret that nobody reads';
const hook = await receiver();
const URL = `http://127.0.0.1:${hook.port}/hook`;
const COMMENT = '# whom alerts reach is decided by the head of security';
const LINES = `alerts:\n  ${COMMENT}\n  allow: [127.0.0.1]\n`;

let acme: Company;
beforeAll(async () => {
  const resolve = async (host: string) => [{ address: host.endsWith('.internal') ? '10.0.0.7' : '8.8.8.8', family: 4 as const }];
  acme = await company({ more: LINES, trial: { resolve } });
});
afterAll(async () => {
  await acme.close();
  await hook.close();
});
beforeEach(() => acme.as(principal('admin')));

interface Form {
  readonly alerts: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly digest: string;
}
interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly fields?: readonly { readonly name: string; readonly says: string }[];
}

const file = () => readFileSync(join(acme.workspace.dir, 'tickmark.yaml'), 'utf8');
const form = async (): Promise<Form> => (await acme.ask('/settings/notifications/form')).json() as Promise<Form>;
async function put(alerts: object, secrets: object = {}, digest?: string): Promise<Answer> {
  const body = JSON.stringify({ alerts, secrets, digest: digest ?? (await form()).digest });
  const response = await acme.ask('/settings/notifications', { method: 'PUT', headers: { 'content-type': 'application/json' }, body });
  const text = await response.text();
  expect(text).not.toContain(SECRET);
  return { ...(JSON.parse(text) as Answer), status: response.status };
}

const trial = () => acme.ask('/alerts/channels/hook/test', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });

const HOOK = { hook: { kind: 'webhook', url: URL } };
const DEFAULT = { default: [{ to: ['hook'] }, { after: '30m', to: ['hook', 'terminal'] }] };

it('are changed, in force at once, and a record that says by whom, from what and to what', async () => {
  expect(await put({ channels: HOOK, routes: DEFAULT, quiet: { from: '22:00', to: '07:00' } }, { hook: { secret: SECRET } })).toMatchObject({
    status: 200,
    restart: [],
  });
  expect(file()).toContain(COMMENT);
  expect(file()).toContain('allow: [ 127.0.0.1 ]');
  expect(file()).not.toContain(SECRET);
  const { policy } = acme.workspace.alerts.rules();
  expect([policy.quiet?.from, policy.routes]).toEqual([
    22 * 60,
    [
      {
        name: 'default',
        steps: [
          { after: 0, to: ['hook'] },
          { after: minutes(30), to: ['hook', 'terminal'] },
        ],
      },
    ],
  ]);
  expect(await (await trial()).json()).toEqual({ channel: 'hook', taken: true, because: null });
  expect(hook.got).toHaveLength(1);
  const act = (await acme.workspace.record((await acme.workspace.checkpoint()).size - 1)).record.body;
  expect(act).toMatchObject({
    kind: 'act',
    act: 'alerts-change',
    by: 'admin@acme.example',
    says: { before: '{"allow":["127.0.0.1"]}', retyped: ['hook/secret'] },
  });
});

it('tell which secrets there are, and never what they are', async () => {
  const answer = await (await acme.ask('/settings/notifications/form')).text();
  expect(answer).not.toContain(SECRET);
  expect(JSON.parse(answer)).toMatchObject({ alerts: { channels: HOOK }, secrets: { hook: { secret: 'kept' } }, refused: null, timezone: 'Europe/Berlin' });
  const held = readdirSync(acme.workspace.dir, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes(SECRET),
  );
  expect(held).toEqual([]);
});

it('keep a secret that is left out, but for another place', async () => {
  expect(await put({ channels: HOOK, routes: DEFAULT })).toMatchObject({ status: 200 });
  await trial();
  expect(hook.got).toHaveLength(2);
  const moved = await put({ channels: { hook: { kind: 'webhook', url: 'https://elsewhere.example/hook' } }, routes: DEFAULT });
  expect(moved).toMatchObject({
    status: 400,
    fields: [{ name: 'channels.hook.secret', says: 'type it in again: it is now to be sent to another place than before' }],
  });
});

it.each([
  ['a rule to no route', { rules: [{ on: 'deadline', route: 'urgent' }] }, {}, 'rules.0.route'],
  ['a step to no channel', { routes: { default: [{ to: ['pager'] }] } }, {}, 'routes.default.0.to.0'],
  ['a setting that there is none of', { rules: [{ on: 'deadline', whithin: '7d' }] }, {}, 'rules.0.whithin'],
  ['a channel without its secret', { channels: { chat: { kind: 'slack' } } }, {}, 'channels.chat.url'],
  ['a secret among the rest', { channels: { chat: { kind: 'slack', url: 'https://hooks.slack.example/x' } } }, {}, 'channels.chat.url'],
  ['a secret of the machine by a reference', { channels: { hook: { kind: 'webhook', url: 'env:HOME' } } }, { hook: { secret: 'x' } }, 'channels.hook.url'],
  ['an address that is none', { channels: { chat: { kind: 'slack' } } }, { chat: { url: 'file:/etc/passwd' } }, 'channels.chat.url'],
  [
    'a mail server inside',
    { channels: { mail: { kind: 'email', host: 'mail.internal', from: 'a@acme.example', to: ['b@acme.example'] } } },
    {},
    'channels.mail.host',
  ],
  ['what only the operator sets', { allow: ['10.0.0.0/8'] }, {}, 'allow'],
  ['a secret of no channel', {}, { ghost: { url: 'https://x.example' } }, 'channels.ghost'],
])('refuse %s', async (_, alerts, secrets, name) => {
  const [before, size] = [file(), (await acme.workspace.checkpoint()).size];
  const { status, fields } = await put(alerts, secrets);
  expect([status, fields?.map((field) => field.name)]).toEqual([400, [name]]);
  expect([file(), (await acme.workspace.checkpoint()).size]).toEqual([before, size]);
  expect((await form()).secrets).toEqual({ hook: { secret: 'kept' } });
});

it('forget the secret of a channel that is taken away', async () => {
  expect(await put({ channels: {}, routes: {} })).toMatchObject({ status: 200 });
  expect(acme.workspace.alerts.rules().channels.map(({ name }) => name)).toEqual(['terminal']);
  expect(await put({ channels: HOOK })).toMatchObject({ status: 400, fields: [{ name: 'channels.hook.secret' }] });
});

it('are written over no change that somebody else made meanwhile', async () => {
  const { digest } = await form();
  writeFileSync(join(acme.workspace.dir, 'tickmark.yaml'), `${file()}# by hand\n`);
  expect(await put({}, {}, digest)).toMatchObject({ status: 409 });
});

it('are changed by who may', async () => {
  for (const [role, status] of [
    ['manager', 200],
    ['member', 403],
    ['auditor', 403],
  ] as const) {
    acme.as(principal(role));
    expect([role, (await acme.ask('/settings/notifications/form')).status]).toEqual([role, status]);
  }
});
