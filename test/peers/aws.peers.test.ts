import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateLoginProfileCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  IAMClient,
  PutUserPolicyCommand,
  UpdateAccountPasswordPolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initialize } from '../../src/app/initialize.ts';
import { openWorkspace } from '../../src/app/open.ts';
import { days } from '../../src/core/instant.ts';
import { fetchWire } from '../../src/sources/wire.ts';
import { missing } from '../postgres.ts';
import { type Moto, motoServer, startMoto } from './moto.ts';

const program = motoServer();
const ACCOUNT = '123456789012';
const OTHER = '111122223333';
const ENV = { AWS_KEY: 'testing', AWS_SECRET: 'testing' };
const everything = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
const readOnly = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::acme/*' }] });
const noIam = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Deny', Action: 'iam:*', Resource: '*' },
    { Effect: 'Deny', Action: 'ec2:*', Resource: '*' },
  ],
});

if (program === null) it.skipIf(missing('moto', 'pip install "moto[server]==5.2.1"'))('AWS IAM against moto', () => undefined);
else {
  describe('AWS IAM, against moto', () => {
    const root = mkdtempSync(join(tmpdir(), 'moto-'));
    let moto: Moto;
    /** Without the policies of AWS: what goes wrong there has nothing to do with them. */
    let bare: Moto;
    let made = 0;

    const workspace = (endpoint: string) => {
      const dir = join(root, `w${made++}`);
      initialize(dir, { company: 'Acme', timezone: 'UTC', period: '2026-01-01..2030-01-01' });
      const yaml = join(dir, 'tickmark.yaml');
      const source = `sources:\n  - { collector: aws/iam, name: main, config: { accounts: [{ id: "${ACCOUNT}" }], endpoint: "${endpoint}" }, credentials: { accessKeyId: env:AWS_KEY, secretAccessKey: env:AWS_SECRET } }`;
      const text = readFileSync(yaml, 'utf8')
        .replace('sources: []', source)
        .replace('scope: {}', 'scope: { systems: [{ id: aws, name: AWS, sources: [aws/iam/main] }] }');
      writeFileSync(yaml, text);
      return dir;
    };

    beforeAll(async () => {
      [moto, bare] = await Promise.all([startMoto(program, { managed: true }), startMoto(program)]);
      const plain = new IAMClient({ endpoint: bare.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' } });
      for (const UserName of ['ada', 'ben']) await plain.send(new CreateUserCommand({ UserName }));
      const iam = new IAMClient({ endpoint: moto.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' } });
      await iam.send(new UpdateAccountPasswordPolicyCommand({ MinimumPasswordLength: 8, PasswordReusePrevention: 3 }));
      await iam.send(new CreateGroupCommand({ GroupName: 'admins' }));
      await iam.send(new AttachGroupPolicyCommand({ GroupName: 'admins', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }));
      const wide = await iam.send(new CreatePolicyCommand({ PolicyName: 'wide', PolicyDocument: everything }));
      for (const UserName of ['ada', 'ben', 'cyd', 'dee', 'denied', 'reader', 'ci']) await iam.send(new CreateUserCommand({ UserName }));
      for (const UserName of ['ada', 'ben', 'cyd', 'dee', 'denied']) await iam.send(new AddUserToGroupCommand({ GroupName: 'admins', UserName }));
      await iam.send(new PutUserPolicyCommand({ UserName: 'denied', PolicyName: 'deny', PolicyDocument: noIam }));
      await iam.send(new PutUserPolicyCommand({ UserName: 'reader', PolicyName: 'read', PolicyDocument: readOnly }));
      await iam.send(new AttachUserPolicyCommand({ UserName: 'ci', PolicyArn: wide.Policy?.Arn }));
      await iam.send(new CreateAccessKeyCommand({ UserName: 'ci' }));
      for (const UserName of ['ada', 'ben']) {
        await iam.send(new CreateLoginProfileCommand({ UserName, Password: 'Correct-Horse-9' }));
        const { VirtualMFADevice } = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: UserName }));
        if (UserName === 'ada')
          await iam.send(
            new EnableMFADeviceCommand({
              UserName,
              SerialNumber: VirtualMFADevice?.SerialNumber,
              AuthenticationCode1: '123456',
              AuthenticationCode2: '654321',
            }),
          );
      }
    }, 120_000);
    afterAll(() => {
      moto?.stop();
      bare?.stop();
      rmSync(root, { recursive: true, force: true });
    });

    it('finds exactly what was planted, item by item', async () => {
      const opened = await openWorkspace({ dir: workspace(moto.endpoint), env: ENV });
      const [run] = await opened.collect();
      expect(run).toMatchObject({
        complete: true,
        reason: null,
        rows: { 'identity.users': 7, 'iam.access-keys': 1, 'identity.mfa-factors': 1, 'iam.root-accounts': 1 },
      });
      const { findings, checks } = await opened.posture();
      const noted = (check: string) =>
        [...findings].filter((finding) => finding.check === check && finding.verdict === 'deviates').map(({ item, because }) => `${item.label}: ${because}`);
      expect(noted('admins-few')).toEqual([
        `root of ${ACCOUNT}: 5 users are granted administration: ada by AdministratorAccess; ben by AdministratorAccess; ci by wide; cyd by AdministratorAccess; dee by AdministratorAccess`,
      ]);
      expect(noted('policies-scoped')).toEqual([`policy wide in ${ACCOUNT}: grants administration of the account`]);
      expect(noted('passwords-strong')).toEqual([`password policy of ${ACCOUNT} in aws: asks for 8 characters, not 12`]);
      expect(noted('access-keys-rotated')).toEqual([]);
      expect(checks.find(({ id }) => id === 'access-keys-rotated')).toMatchObject({ status: 'pass', examined: 1 });
      expect(noted('root-keys-removed')).toEqual([]);
      // Nobody has said whose these accounts are, and HR was never asked: that is unknown, not an orphan.
      expect(checks.find(({ id }) => id === 'accounts-owned')).toMatchObject({ status: 'unknown', deviations: 0 });
      // The key comes of age by itself: nobody has to look again.
      const later = await opened.findings({ check: 'access-keys-rotated', period: { from: Date.now(), to: Date.now() + 1 } });
      expect(later).toEqual([]);
      const { record } = await opened.record(run?.record ?? -1);
      expect(record.body).toMatchObject({ endpoint: moto.endpoint });
      await opened.close();
    }, 120_000);

    it('leaves nothing green when the endpoint is dead', async () => {
      const opened = await openWorkspace({ dir: workspace('http://127.0.0.1:9'), env: ENV, sleep: async () => undefined });
      const [run] = await opened.collect();
      expect(run).toMatchObject({ complete: false, rows: {} });
      expect(run?.reason).toMatch(/gave no answer in 6 attempts/);
      const { checks } = await opened.posture(Date.now() + days(0));
      expect(checks.map(({ status }) => status)).not.toContain('pass');
      expect((await opened.verify()).problems).toEqual([]);
      await opened.close();
    }, 180_000);

    it('is incomplete when AWS dies in the middle', async () => {
      let answered = 0;
      const proxy = await forward(bare.endpoint, () => ++answered <= 6);
      const opened = await openWorkspace({ dir: workspace(proxy.endpoint), env: ENV, sleep: async () => undefined });
      const [run] = await opened.collect();
      expect(run).toMatchObject({ complete: false, rows: {} });
      expect(answered).toBeGreaterThan(6);
      expect((await opened.posture()).checks.map(({ status }) => status)).not.toContain('pass');
      expect((await opened.verify()).problems).toEqual([]);
      await opened.close();
      proxy.server.close();
    }, 180_000);

    it('is incomplete when moto itself is killed in the middle', async () => {
      const doomed = await startMoto(program);
      const gone = new Promise((resolve) => doomed.process.once('exit', resolve));
      const wire = fetchWire();
      let asked = 0;
      const opened = await openWorkspace({
        dir: workspace(doomed.endpoint),
        env: ENV,
        sleep: async () => undefined,
        wire: async (request) => {
          if (++asked === 4) {
            doomed.stop();
            await gone;
          }
          return wire(request);
        },
      });
      const [run] = await opened.collect();
      expect(asked).toBeGreaterThan(4);
      expect(run).toMatchObject({ complete: false, rows: {} });
      expect((await opened.posture()).checks.map(({ status }) => status)).not.toContain('pass');
      expect((await opened.verify()).problems).toEqual([]);
      await opened.close();
    }, 180_000);

    it('reads several accounts by assuming a role in each, and keeps no credential of it', async () => {
      const RoleArn = `arn:aws:iam::${OTHER}:role/Reader`;
      const own = { endpoint: bare.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' } };
      const { Credentials: there } = await new STSClient(own).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'seed' }));
      const credentials = { accessKeyId: there?.AccessKeyId ?? '', secretAccessKey: there?.SecretAccessKey ?? '', sessionToken: there?.SessionToken ?? '' };
      await new IAMClient({ ...own, credentials }).send(new CreateUserCommand({ UserName: 'eve' }));

      const given: string[] = [];
      const wire = fetchWire();
      const accounts = `accounts: [{ id: "${ACCOUNT}" }, { id: "${OTHER}", roleArn: "${RoleArn}" }]`;
      const dir = workspace(bare.endpoint);
      const yaml = join(dir, 'tickmark.yaml');
      writeFileSync(yaml, readFileSync(yaml, 'utf8').replace(`accounts: [{ id: "${ACCOUNT}" }]`, accounts));
      const opened = await openWorkspace({
        dir,
        env: ENV,
        wire: async (request) => {
          const answer = await wire(request);
          given.push(
            ...[
              ...Buffer.from(answer.body)
                .toString('utf8')
                .matchAll(/<(?:SecretAccessKey|SessionToken)>([^<]+)</g),
            ].map(([, secret = '']) => secret),
          );
          return answer;
        },
      });
      const runs = await opened.collect();
      expect(runs.map(({ partition, complete, rows }) => [partition, complete, rows['identity.users']])).toEqual([
        [ACCOUNT, true, 2],
        [OTHER, true, 1],
      ]);
      expect(given.length).toBeGreaterThan(0);
      const { record } = await opened.record(runs[1]?.record ?? -1);
      expect(record.body).toMatchObject({ answeredBy: OTHER, askedAs: expect.stringContaining('assumed-role/Reader/tickmark') });
      expect(record.body.kind === 'run' && record.body.questions.find(({ name }) => name === 'authorization')).toMatchObject({ received: 1, total: 1 });
      await opened.close();
      const kept = readdirSync(join(dir, '.tickmark'), { recursive: true, withFileTypes: true }).flatMap((entry) =>
        entry.isFile() ? [readFileSync(join(entry.parentPath, entry.name), 'latin1')] : [],
      );
      for (const secret of given) expect(kept.some((content) => content.includes(secret))).toBe(false);
    }, 180_000);

    it('seals an incomplete run for a process that was killed in the middle', async () => {
      let asked: (() => void) | null = null;
      const reached = new Promise<void>((resolve) => {
        asked = resolve as () => void;
      });
      let answered = 0;
      // From the fourth request on nobody answers: the process hangs until it is killed.
      const proxy = await forward(bare.endpoint, () => {
        if (++answered <= 3) return true;
        asked?.();
        return 'never';
      });
      const dir = workspace(proxy.endpoint);
      const child = spawn(process.execPath, [join(import.meta.dirname, '../../bin/tickmark.js'), 'collect', '-w', dir], {
        env: { ...process.env, ...ENV },
        stdio: 'ignore',
      });
      await reached;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
      proxy.server.closeAllConnections();
      proxy.server.close();

      const opened = await openWorkspace({ dir, env: ENV });
      const [last] = await opened.records(null, 1);
      expect(last).toMatchObject({ outcome: 'failure', title: `aws/iam main (${ACCOUNT})` });
      expect(last?.reason).toMatch(/cut short/);
      expect((await opened.verify()).problems).toEqual([]);
      expect((await opened.posture()).checks.map(({ status }) => status)).not.toContain('pass');
      await opened.close();
    }, 180_000);
  });
}

/** Stands before moto, and lets through what it is told to. */
async function forward(to: string, lets: () => boolean | 'never'): Promise<{ readonly endpoint: string; readonly server: Server }> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const may = lets();
    if (may === 'never') return;
    if (!may) {
      request.socket.destroy();
      return;
    }
    const { host: _, connection: __, 'content-length': ___, 'transfer-encoding': ____, ...headers } = request.headers as Record<string, string>;
    const answer = await fetch(`${to}${request.url ?? ''}`, { method: request.method ?? 'POST', headers, body: Buffer.concat(chunks) });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/xml' }).end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { server, endpoint: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}` };
}
