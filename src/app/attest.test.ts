import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitReply, type MadeCommit } from '../acme/git.ts';
import { ConfigurationError, IntegrityError } from '../core/error.ts';
import { type Instant, hours, instant, iso } from '../core/instant.ts';
import { worldWire } from '../sources/wire.ts';
import type { Statement } from './attest.ts';
import { openWorkspace } from './open.ts';
import { type Identity, newIdentity, parseIdentity, readSigned, signedBy } from './signed.ts';
import type { Workspace } from './views.ts';

const dir = mkdtempSync(join(tmpdir(), 'attesting-'));

let now: Instant = instant('2026-03-02T09:00:00Z');
const [maria, ines, otto] = ['maria.lopez', 'ines.duarte', 'otto.berg'].map((name) => newIdentity(`${name}@acme.example`)) as [Identity, Identity, Identity];
const stranger = newIdentity('maria.lopez@acme.example');

const KEYS = [maria, ines, otto].map(({ keyId, email }, place) => `- id: ${keyId}\n  title: Key ${place}\n  email: ${email}\n`);
const WORKERS =
  'employee_id,name,employment_type,email,start_date\nW-1,Maria Lopez,employee,maria.lopez@acme.example,2020-01-01\nW-2,Ines Duarte,employee,ines.duarte@acme.example,2020-01-01\nW-3,Otto Berg,employee,otto.berg@acme.example,2020-01-01\n';
const person = (name: string, email: string) => ({ name, email });
const INES = person('Ines Duarte', 'ines.duarte@acme.example');
const MARIA = person('Maria Lopez', 'maria.lopez@acme.example');
const commit = (sha: string, parents: readonly string[], by: typeof INES, message: string, files: MadeCommit['files']): MadeCommit => ({
  sha: sha.repeat(40),
  parents: parents.map((parent) => parent.repeat(40)),
  author: by,
  committer: by,
  at: instant('2026-03-01T09:00:00Z'),
  message,
  signature: null,
  files,
});

/** Otto's key was put there by Maria alone; the other two were merged by Ines. */
const REQUESTS =
  '- id: AR-1\n  title: Cloud\n  for: [otto.berg@acme.example]\n  system: aws\n  role: read\n  requested: 2026-02-27T08:00:00Z\n- id: AR-9\n  title: A mistake\n  requested: 2026-02-27T09:00:00Z\n';
const two = { 'registers/people-keys.yaml': KEYS.slice(0, 2).join(''), 'registers/access-requests.yaml': REQUESTS };
const three = { ...two, 'registers/people-keys.yaml': KEYS.join('') };
const taken = { ...three, 'registers/access-requests.yaml': REQUESTS.replace('  title: A mistake\n', '  title: A mistake\n  withdrawn: it was never asked\n') };
const commits = [
  commit('a', [], INES, 'Start', {}),
  commit('b', ['a'], MARIA, 'Keys', two),
  commit('c', ['a', 'b'], INES, 'Merge: keys', two),
  commit('d', ['c'], MARIA, 'One more key', three),
  commit('e', ['d'], MARIA, 'Taken back', taken),
];
let head = 'd';
const wire = worldWire(
  {
    GIT: async ({ body }) =>
      gitReply({ branch: 'main', head: head.repeat(40), commits: new Map(commits.map((made) => [made.sha, made])), fetchedAt: null }, body),
  },
  () => Promise.reject(new Error('nothing is asked over the network')),
);

/** Opened once: a database takes its time. */
let opened: Workspace;
afterAll(async () => {
  await opened.close();
  rmSync(dir, { recursive: true, force: true });
});
const within = <Result>(use: (workspace: Workspace) => Promise<Result>): Promise<Result> => use(opened);

beforeAll(async () => {
  writeFileSync(join(dir, 'workers.csv'), `# generated ${iso(now)}\n${WORKERS}`);
  writeFileSync(
    join(dir, 'tickmark.yaml'),
    [
      'company: Acme',
      'timezone: Europe/Berlin',
      'period: { from: 2026-01-01, to: 2027-01-01 }',
      'attested: [training-completions]',
      'sources:',
      '  - { collector: hr/csv, name: people, config: { path: workers.csv } }',
      '  - { collector: files/registers, name: main, config: { kinds: [people-keys, access-requests] } }',
      '',
    ].join('\n'),
  );
  opened = await openWorkspace({ dir, clock: () => now, wire, env: {} });
  const runs = await opened.collect();
  expect(runs.map(({ complete, reason, rows }) => [complete, reason, rows])).toEqual([
    [true, null, { 'hr.workers': 3, 'hr.departures': 0 }],
    [true, null, { 'register.entries': 5, 'people.keys': 3, 'access.requests': 2 }],
  ]);
});

const request = (id: string, more: Statement['entry'] = {}) => ({
  kind: 'access-requests',
  act: 'state' as const,
  entry: { id, title: 'Cloud, read', for: 'otto.berg@acme.example', system: 'aws', role: 'read', requested: '2026-03-02', ...more },
});
const state = (workspace: Workspace, by: Statement['by'], id: string, more: Statement['entry'] = {}) => workspace.attest([{ ...request(id, more), by }]);
const approve = (workspace: Workspace, by: Statement['by'], id: string) => workspace.attest([{ kind: 'access-requests', act: 'approve', entry: { id }, by }]);

describe('a statement', () => {
  it('is authenticated by a key that another approved, and approved by another who signs', async () => {
    await within(async (workspace) => {
      const [stated] = await state(workspace, maria, 'AR-2');
      expect(stated).toMatchObject({ by: 'maria.lopez@acme.example', keyId: maria.keyId, authenticated: true, because: null });
      now += hours(1);
      const [approved] = await approve(workspace, ines, 'AR-2');
      expect(approved).toMatchObject({ act: 'approve', by: 'ines.duarte@acme.example', authenticated: true, record: (stated?.record ?? 0) + 1 });
      expect(await workspace.statements('access-requests')).toEqual([
        {
          kind: 'access-requests',
          entry: 'AR-2',
          title: 'Cloud, read',
          by: 'maria.lopez@acme.example',
          knownBy: 'key',
          authenticated: true,
          at: now - hours(1),
          approvedBy: ['ines.duarte@acme.example'],
          needsApproval: true,
          record: approved?.record,
        },
      ]);
      const { record, rows } = await workspace.record(approved?.record ?? 0);
      expect(rows).toEqual({ 'register.entries': 1, 'access.requests': 1 });
      expect(record.body).toMatchObject({ kind: 'attestation', act: 'approve', previous: stated?.record, entryId: 'AR-2', authenticated: true });
      const { bytes } = await workspace.artifact(approved?.record ?? 0, 'statement');
      expect(readSigned(bytes)).toMatchObject({
        keyId: ines.keyId,
        document: { act: 'approve', by: 'ines.duarte@acme.example', entry: { id: 'AR-2', role: 'read' } },
      });
    });
  });

  it('loses its approval where it is corrected', async () => {
    await within(async (workspace) => {
      await state(workspace, maria, 'AR-3');
      await approve(workspace, ines, 'AR-3');
      now += hours(1);
      await state(workspace, maria, 'AR-3', { role: 'administrator' });
      expect((await workspace.statements())[0]).toMatchObject({ entry: 'AR-3', approvedBy: [] });
    });
  });

  it.each([
    ['nobody signed', () => ({ email: 'maria.lopez@acme.example' }), 'it is not signed'],
    ['a stranger signed', () => stranger, /^the key [0-9a-f]{12} is in no register people-keys that was collected$/],
    [
      'somebody signed whose key one person alone put there',
      () => otto,
      /^nobody else approved that the key [0-9a-f]{12} is theirs: commit dddddddddddd by Maria Lopez was approved by nobody else$/,
    ],
    ['a key signed under another address', () => ({ ...maria, email: 'ines.duarte@acme.example' }), /^the key [0-9a-f]{12} is bound to another address$/],
  ])('that %s is kept and marked, and approves nothing', async (_, who, because) => {
    await within(async (workspace) => {
      const id = `U-${_.length}`;
      const [stated] = await state(workspace, who(), id);
      expect(stated).toMatchObject({ authenticated: false, because: typeof because === 'string' ? because : expect.stringMatching(because) });
      expect((await workspace.record(stated?.record ?? 0)).rows).toEqual({ 'register.entries': 1, 'access.requests': 1 });
      expect((await workspace.statements())[0]).toMatchObject({ entry: id, authenticated: false, approvedBy: [] });
      await expect(approve(workspace, ines, id)).rejects.toThrow(`nothing shows who stated access-requests/${id}`);
      await state(workspace, maria, 'AR-4');
      await expect(approve(workspace, who(), 'AR-4')).rejects.toThrow('an unauthenticated statement approves nothing');
      await expect(state(workspace, who(), 'AR-4', { role: 'owner' })).rejects.toThrow('an unauthenticated statement does not change it');
    });
  });

  it('is not approved by who made it', async () => {
    await within(async (workspace) => {
      await state(workspace, maria, 'AR-5');
      await expect(approve(workspace, maria, 'AR-5')).rejects.toThrow('maria.lopez@acme.example stated access-requests/AR-5: somebody else has to approve it.');
    });
  });

  it('is taken back by another statement, which says why', async () => {
    await within(async (workspace) => {
      await state(workspace, maria, 'AR-6');
      const withdraw = (withdrawn: string | null) =>
        workspace.attest([{ kind: 'access-requests', act: 'withdraw', entry: { id: 'AR-6', withdrawn }, by: maria }]);
      await expect(withdraw(null)).rejects.toThrow('say why access-requests/AR-6 is taken back: --reason TEXT');
      now += hours(1);
      const [taken] = await withdraw('asked for by mistake');
      expect((await workspace.record(taken?.record ?? 0)).rows).toEqual({ 'register.entries': 0, 'access.requests': 0 });
      expect((await workspace.statements()).map(({ entry }) => entry)).not.toContain('AR-6');
      await expect(approve(workspace, ines, 'AR-6')).rejects.toThrow('nobody has stated access-requests/AR-6');
    });
  });

  it.each([
    [{ ...request('AR-7', { approvr: 'me' }), by: maria }, /^access-requests, approvr: access-requests has no such field/],
    [
      { ...request('AR-7'), entry: { id: 'AR-7' }, by: maria },
      /^access-requests, title: it is missing: Title, as it is now\.\naccess-requests, requested: it is missing/,
    ],
    [{ ...request('AR-7'), kind: 'access-request', by: maria }, /^no kind of statement is called access-request \(did you mean "access-requests"\?\)/],
    [{ ...request('AR-1'), by: maria }, /^access-requests\/AR-1 is an entry of registers\/access-requests\.yaml\. Change it there/],
    [{ ...request('AR-7'), by: { email: 'maria' } }, /^maria: expected the address of who says so/],
  ])('that cannot be read is refused before anything is sealed: %#', async (statement, says) => {
    await within(async (workspace) => {
      const [newest] = await workspace.records(null, 1);
      const refused = workspace.attest([{ ...request('AR-8'), by: maria }, statement as Statement]);
      await expect(refused).rejects.toThrow(ConfigurationError);
      await expect(refused).rejects.toThrow(says);
      expect((await workspace.records(null, 1))[0]?.index).toBe(newest?.index);
    });
  });

  it('says the same after everything is made again from the log', async () => {
    await within(async (workspace) => {
      const before = await workspace.statements();
      await workspace.rebuild();
      expect(await workspace.statements()).toEqual(before);
      expect(before.length).toBeGreaterThan(6);
    });
  });
});

describe('a statement that was disposed of', () => {
  const early = { early: true, reason: 'captured by mistake', approver: 'maria.lopez@acme.example' };
  const standing = async (id: string) => (await opened.statements('access-requests')).filter(({ entry }) => entry === id);

  it('brings back nothing that it took away: nobody can tell what stands of its entry, until it is stated anew', async () => {
    await state(opened, maria, 'AR-7');
    now += hours(1);
    await approve(opened, ines, 'AR-7');
    now += hours(1);
    const [withdrawal] = await opened.attest([{ kind: 'access-requests', act: 'withdraw', entry: { id: 'AR-7', withdrawn: 'never asked' }, by: maria }]);
    const { record = -1 } = withdrawal ?? {};
    now += hours(1);
    await opened.dispose({ records: [record], ...early });
    expect(await standing('AR-7')).toEqual([]);
    expect((await opened.record(record)).record).toMatchObject({ body: { act: 'withdraw', entryId: 'AR-7', by: null }, disposed: {} });
    await expect(approve(opened, ines, 'AR-7')).rejects.toThrow(
      /nobody can tell what stands of access-requests\/AR-7: .*disposed of in record \d+.*State it anew/,
    );
    now += hours(1);
    await state(opened, maria, 'AR-7');
    expect(await standing('AR-7')).toMatchObject([{ approvedBy: [] }]);
  });
});

describe('the bytes that are signed', () => {
  const document = { origin: 'acme.example', register: 'risks', act: 'state' as const, entry: { id: 'R-1' }, by: maria.email, at: iso(now), of: null };
  const changed = (change: (envelope: Record<string, unknown>) => void): Buffer => {
    const envelope = JSON.parse(signedBy(maria, document).toString()) as Record<string, unknown>;
    change(envelope);
    return Buffer.from(JSON.stringify(envelope));
  };
  const payload = (more: object) => Buffer.from(JSON.stringify({ ...readSigned(signedBy(maria, document)).document, ...more })).toString('base64');

  it('are read with who signed them', () => {
    expect(readSigned(signedBy(maria, document)).keyId).toBe(maria.keyId);
    expect(readSigned(signedBy(null, document))).toEqual({ document: { ...document, version: 1, publicKey: null }, keyId: null });
  });

  it.each([
    ['another entry', changed((it) => Object.assign(it, { payload: payload({ entry: { id: 'R-2' } }) })), /not signed by the key that it names/],
    ['no signature under a key', changed((it) => Object.assign(it, { signatures: [] })), /another number of keys than of signatures/],
    ['a signature under no key', changed((it) => Object.assign(it, { payload: payload({ publicKey: null }) })), /another number of keys/],
    ['another kind of document', changed((it) => Object.assign(it, { payloadType: 'text/plain' })), /cannot be read/],
    [
      'a fingerprint of another key',
      changed((it) => Object.assign((it.signatures as { keyid: string }[])[0] ?? {}, { keyid: ines.keyId })),
      /a fingerprint that is not its own/,
    ],
    ['no JSON', Buffer.from('no'), /cannot be read/],
  ])('are refused with %s', (_, bytes, says) => {
    expect(() => readSigned(bytes)).toThrow(IntegrityError);
    expect(() => readSigned(bytes)).toThrow(says);
  });

  it('need the file of a key, and never quote it', () => {
    expect(parseIdentity(JSON.stringify(maria), 'maria.json')).toEqual(maria);
    expect(() => parseIdentity('{', 'maria.json')).toThrow(/^maria\.json: it is not the key of a person/);
    expect(() => parseIdentity(JSON.stringify({ ...maria, keyId: ines.keyId }), 'k')).toThrow('its keyId is not the fingerprint of its key');
    expect(() => parseIdentity(JSON.stringify({ ...maria, privateKey: '-----BEGIN PRIVATE KEY-----\nAAAA' }), 'k')).toThrow(
      /^k: its private key cannot be read\. "tickmark identity/,
    );
  });
});

it('an entry of a file is taken back in words, and an event that was told is no more', async () => {
  await within(async (workspace) => {
    head = 'e';
    now += hours(1);
    const [run] = await workspace.collect('files/registers');
    expect(run).toMatchObject({ complete: true, rows: { 'register.entries': 5, 'people.keys': 3, 'access.requests': 1 } });
  });
});
