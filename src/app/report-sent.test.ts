import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { days, type Instant, instant, minutes } from '../core/instant.ts';
import type { RunningWorker } from './job-views.ts';
import { openWorkspace } from './open.ts';
import type { Workspace } from './views.ts';

const dir = mkdtempSync(join(tmpdir(), 'report-sent-'));
const SECRET = 'secret-of-the-tests';
let now: Instant = instant('2026-03-28T09:00:00Z');
let workspace: Workspace;
let worker: RunningWorker | null = null;
const mails: string[] = [];
const posts: { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
let mail: SMTPServer;
let hook: Server;

beforeAll(async () => {
  mail = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mails.push(Buffer.concat(chunks).toString());
        done();
      });
    },
  });
  hook = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      posts.push({ path, headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.statusCode = path === '/gone' ? 410 : posts.filter((it) => it.path === path).length === 1 ? 503 : 204;
      response.end();
    });
  });
  await new Promise<void>((resolve) => mail.listen(0, '127.0.0.1', resolve));
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  const [mailPort, hookPort] = [mail.server, hook].map((server) => (server.address() as AddressInfo).port);
  writeFileSync(
    join(dir, 'people.csv'),
    '# generated 2026-03-27T06:00:00Z\nemployee_id,name,employment_type,email,start_date\nW-1,Maria Lopez,employee,maria.lopez@acme.example,2020-01-01\n',
  );
  writeFileSync(
    join(dir, 'tickmark.yaml'),
    `company: Acme
timezone: Europe/Berlin
period: { from: 2026-01-01, to: 2027-01-01 }
server: { url: "https://tickmark.acme.example" }
sources:
  - { collector: hr/csv, name: people, config: { path: people.csv } }
alerts:
  allow: [127.0.0.1/32]
  channels:
    mail: { kind: email, host: 127.0.0.1, port: ${mailPort}, tls: none, from: tickmark@acme.example, to: [auditor@audit.example] }
    hook: { kind: webhook, url: "http://127.0.0.1:${hookPort}/reports", secret: env:HOOK_SECRET }
    gone: { kind: webhook, url: "http://127.0.0.1:${hookPort}/gone", secret: env:HOOK_SECRET }
  reports:
    access-review: { to: [mail, hook, gone] }
`,
  );
  workspace = await openWorkspace({ dir, clock: () => now, env: { HOOK_SECRET: SECRET } });
});
afterAll(async () => {
  await worker?.stop(0);
  await workspace.close();
  await new Promise<void>((done) => mail.close(() => done()));
  hook.close();
  rmSync(dir, { recursive: true });
});

const work = async () => {
  worker = await workspace.jobs().work({
    tell: () => undefined,
    look: 200,
    tolerance: Number.MAX_SAFE_INTEGER,
    patience: { heartbeat: 10, supervise: 1, poll: 0.5, retryDelay: 1 },
  });
};
const rest = async () => {
  await worker?.stop(5000);
  worker = null;
};
const slotOf = async (schedule: string) => (await workspace.jobs().slots({ schedule, limit: 1 }))[0];
const slots = () => Promise.all(['mail', 'hook', 'gone'].map(async (channel) => (await slotOf(`send access-review ${channel}`))?.state ?? 'none'));

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; !(await holds()); ) {
    if (Date.now() > end) throw new Error(`it did not come to pass: ${JSON.stringify(await workspace.jobs().slots({ limit: 20 }))}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

it('is sent to whom the file names, with its digest, its record and a link, and each sending is a record', async () => {
  now = instant('2026-03-31T22:00:30Z'); // April in Berlin
  await work();
  await until(async () => (await slotOf('report access-review'))?.state === 'done');
  expect(await slots()).toEqual(['none', 'none', 'none']); // not before it can be made
  now += minutes(5);
  await until(async () => (await slots()).join() === 'done,done,failed');
  await rest();

  const [{ record = -1, act: made = null } = {}] = await workspace.acts('report-publish');
  const sha256 = String(made?.says?.sha256);
  expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(mails).toHaveLength(1);
  expect(mails[0]).toContain('Subject: [report] Acme: The access review of 2026-03 is made');
  expect(mails[0]).toContain('X-Tickmark-Report: report-access-review-2026-03');
  expect(mails[0]).toContain(`Record ${record} of the log, artifact access-review-2026-03.html`);
  expect(mails[0]).toContain(`SHA-256 ${sha256}`);
  expect(mails[0]).toContain(`https://tickmark.acme.example/log/${record}`);
  expect(mails[0]).not.toContain('Maria');

  const told = posts.filter(({ path }) => path === '/reports');
  expect(told.map(({ headers }) => headers['tickmark-delivery'])).toEqual(Array(2).fill('report-access-review-2026-03.hook')); // it failed first
  const [, { headers = {}, body = '' } = {}] = told;
  const signed = createHmac('sha256', SECRET)
    .update(`${String(headers['tickmark-timestamp'])}.report-access-review-2026-03.hook.${body}`)
    .digest('hex');
  expect(headers['tickmark-signature']).toBe(`v1=${signed}`);
  expect(JSON.parse(body)).toMatchObject({
    says: 'reported',
    url: `https://tickmark.acme.example/log/${record}`,
    report: { id: 'access-review', month: '2026-03', record, artifact: 'access-review-2026-03.html', sha256 },
  });

  const sent = (await workspace.acts('report-send')).map(({ act }) => act);
  expect(sent.map(({ by, target }) => [by, target])).toEqual(Array(2).fill(['tickmark', 'reports/access-review-2026-03.html']));
  expect(sent.map(({ says }) => says).toSorted((a, b) => String(a?.channel).localeCompare(String(b?.channel)))).toEqual([
    { report: 'access-review', month: '2026-03', record, sha256, channel: 'hook', attempts: 2 },
    { report: 'access-review', month: '2026-03', record, sha256, channel: 'mail', attempts: 1 },
  ]);
  expect((await workspace.verify()).problems).toEqual([]);
});

it('raises an alert where a channel refuses it, keeps that in the log, and tries again when somebody says so', async () => {
  const unsent = await workspace.acts('report-unsent');
  expect(unsent.map(({ act }) => act.says)).toEqual([
    { report: 'access-review', month: '2026-03', channel: 'gone', because: 'gone did not take the access review of 2026-03: it answered 410' },
  ]);
  expect(posts.filter(({ path }) => path === '/gone')).toHaveLength(1); // a refusal is not tried again
  await workspace.alerts.look(await workspace.jobs().troubles());
  const alerts = (await workspace.alerts.list(true)).map(({ signal }) => signal.key);
  expect(alerts).toContain('job job send access-review gone');
  await workspace.jobs().retry('send access-review gone', (await slotOf('send access-review gone'))?.slot ?? 0, 'ada@acme.example');
  await work();
  await until(async () => posts.filter(({ path }) => path === '/gone').length === 2);
  await rest();
});

it('is not sent twice, whatever is asked again', async () => {
  const before = [mails.length, posts.length];
  now += days(1);
  const slot = await workspace.jobs().run('send access-review mail', 'ada@acme.example');
  await work();
  await until(async () => (await slotOf('send access-review mail'))?.state === 'done');
  await rest();
  const asked = await slotOf('send access-review mail');
  expect([asked?.slot, asked?.note]).toEqual([slot, expect.stringMatching(/^sent by mail before, record \d+$/)]);
  expect([mails.length, posts.length]).toEqual(before);
});
