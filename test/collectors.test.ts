import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { awsIam } from '../src/collectors/aws/iam.ts';
import type { Collector } from '../src/collectors/collector.ts';
import type { HttpSource } from '../src/collectors/source.ts';
import { githubOrganization } from '../src/collectors/github/organization.ts';
import { githubRepositories } from '../src/collectors/github/repositories.ts';
import { hrCsv } from '../src/collectors/hr/csv.ts';
import { collectors } from '../src/collectors/index.ts';
import { oktaUsers } from '../src/collectors/okta/users.ts';
import { DAYS } from '../src/acme/stories.ts';
import { IncompleteError } from '../src/core/error.ts';
import { users } from '../src/datasets/identity/users.ts';
import { LAWS } from './collector-tester.ts';
import { at, recorded, root, tested, world } from './recorded.ts';

tested(
  githubOrganization,
  { org: 'acme' },
  'acme',
  (rows) => {
    expect(rows('identity.users').find(({ login }) => login === 'ghost-42')).toMatchObject({
      systemId: 'github',
      status: 'active',
      kind: 'unknown',
      emails: [],
      privileged: 'no',
    });
    expect(rows('identity.users').find(({ login }) => login === 'studio-kit')).toMatchObject({ kind: 'external' });
    expect(rows('identity.memberships').filter(({ kind, privileged }) => kind === 'organization' && privileged)).toHaveLength(2);
    expect(rows('identity.mfa-enforcement').every(({ enforced }) => enforced === 'yes')).toBe(true);
    expect(rows('repo.organizations')).toEqual([{ systemId: 'github', organizationId: '77', name: 'acme', basePermission: 'read' }]);
    expect(rows('repo.members').filter(({ role }) => role === 'owner')).toMatchObject([
      { teams: ['301 Core', '302 Product engineering'] },
      { teams: ['301 Core'] },
    ]);
    expect(rows('repo.members').find(({ principalIds }) => (principalIds as string[]).includes('303'))).toMatchObject({
      teams: ['302 Product engineering, by its team Checkout', '303 Checkout'],
      unresolved: [],
    });
  },
  world.ago(DAYS.orphan.from - 3),
);

tested(githubRepositories, { org: 'acme' }, 'acme', (rows) => {
  expect(rows('repo.repositories')).toHaveLength(12);
  expect(rows('repo.repositories').filter(({ empty }) => empty)).toMatchObject([{ name: 'acme/sandbox' }]);
  const [platform, web] = ['acme/platform', 'acme/web'].map((repo) => rows('repo.branch-protection').find((row) => row.repo === repo));
  expect(platform).toMatchObject({
    inForce: 'yes',
    sources: ['ruleset Reviewed changes'],
    requiredApprovals: 1,
    bypassActors: ['RepositoryRole 5 (always) in ruleset Reviewed changes'],
    adminsBound: 'no',
    forcePush: 'no',
  });
  expect(web).toMatchObject({ inForce: 'yes', sources: ['classic'], requiredChecks: ['ci', 'semgrep'], adminsBound: 'yes' });
  expect(rows('repo.permissions').filter(({ kind }) => kind === 'outside-collaborator')).toHaveLength(1);
});

tested(oktaUsers, { org: 'acme.okta.com' }, 'acme.okta.com', (rows) => {
  expect(rows('identity.users').filter(({ status }) => status === 'deactivated').length).toBeGreaterThan(3);
  expect(rows('identity.users').find(({ login }) => login === 'maria.former@acme.example')).toMatchObject({ hrId: null, status: 'active' });
  expect(rows('identity.mfa-enforcement').filter(({ enforced }) => enforced === 'yes')).toHaveLength(
    rows('identity.users').filter(({ status }) => status !== 'deactivated').length,
  );
  expect(rows('identity.mfa-enforcement').filter(({ enforced }) => enforced === 'no')).toEqual([]);
  expect(rows('iam.password-policies')).toMatchObject([{ minLength: 14, reusePrevention: 8, lockoutAttempts: 8 }]);
});

tested(awsIam, { accounts: [{ id: '123456789012' }] }, '123456789012', (rows) => {
  expect(rows('iam.root-accounts')).toMatchObject([{ credentials: 'yes', mfa: 'yes', keys: 'no' }]);
  expect(rows('iam.root-uses')).toEqual([
    { systemId: 'aws', accountId: '123456789012', credential: 'password', told: true, usedAt: world.ago(92, 2) + 20 * 60_000 },
  ]);
  expect(rows('iam.principals').find(({ boundaryId }) => boundaryId !== null)).toMatchObject({
    boundaryId: 'arn:aws:iam::123456789012:policy/developer-boundary',
    directPolicyIds: [expect.stringMatching(/#debugging$/)],
    groupPolicies: ['everyone arn:aws:iam::123456789012:policy/second-factor', 'readers arn:aws:iam::123456789012:policy/reader'],
  });
  expect(rows('iam.role-activity').map(({ principalId, lastUsedAt }) => [String(principalId).split('/')[1], lastUsedAt])).toEqual([
    ['TickmarkReader', world.ago(31)],
    ['Administrator', world.ago(36)],
    ['data-migration', world.ago(112)],
    ['function-deployer', world.ago(31)],
  ]);
  expect(rows('identity.mfa-enforcement').filter(({ enforced }) => enforced === 'yes').length).toBeGreaterThan(5);
  expect(rows('iam.key-activity').find(({ keyId }) => keyId === 'AKIAACMEMETRIC000001')).toMatchObject({ lastUsedAt: world.ago(70) });
});

tested(hrCsv, { path: 'workers.csv', company: 'acme' }, 'acme', (rows) => {
  expect(rows('hr.workers').find(({ workerId }) => workerId === 'W-005')).toMatchObject({
    employmentType: 'employee',
    timezone: 'Europe/Berlin',
    terminationAt: world.people[4]?.endAt,
  });
  expect(rows('hr.workers').find(({ workerId }) => workerId === 'W-001')).toMatchObject({ terminationAt: null, managerId: null });
});

it('lists every collector of the folder, each with its prose', () => {
  const folder = join(import.meta.dirname, '../src/collectors');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'));
  expect(collectors.map(({ id }) => `${id}.md`).sort()).toEqual(files.filter((path) => path.endsWith('.md')).sort());
  for (const { id } of collectors) expect(files).toContain(`${id}.ts`);
});

it('refuses an export that does not say when it was made', async () => {
  writeFileSync(join(root, 'undated.csv'), 'employee_id,name,start_date\nW-1,A,2026-01-01\n');
  const { source } = (await import('../src/sources/open.ts')).openSource(hrCsv as unknown as Collector, {
    ...recorded(hrCsv, { path: 'undated.csv' }, 'company'),
    endpoint: null,
    clock: () => at,
    sleep: async () => undefined,
  });
  const asked = hrCsv
    .collect(source as never, { config: hrCsv.config.parse({ path: 'undated.csv' }), partition: 'company', at, since: at, timezone: 'UTC', after: null })
    [Symbol.asyncIterator]();
  await expect(asked.next()).rejects.toBeInstanceOf(IncompleteError);
});

// A law that cannot fail proves nothing: each is shown a collector that breaks it.
const { collect, normalize } = githubOrganization;
const people = recorded(githubOrganization, { org: 'acme' }, 'acme');
const broken: Readonly<Record<keyof typeof LAWS, Partial<Collector>>> = {
  'an answer that is lost or wrong makes the run incomplete': {
    async *collect(source, of) {
      try {
        yield* collect(source as never, of as never);
      } catch {
        return; // "not an owner, so be it"
      }
    },
  },
  'a page that repeats makes the run incomplete': {
    async *collect(source) {
      yield await (source as HttpSource).get('organization', '/orgs/acme').catch(() => ({}) as never);
    },
  },
  'only declared hosts are asked, and nothing is written': {
    // It declares one host to the law and asks another.
    hosts: (() => {
      let asked = 0;
      return () => (asked++ === 0 ? ['github.example.com'] : ['api.github.com']);
    })(),
  },
  'bytes are kept as they were said, and no credential with them': {
    async *collect(source, of) {
      for await (const artifact of collect(source as never, of as never))
        yield { ...artifact, body: new TextEncoder().encode(`${new TextDecoder().decode(artifact.body)} `) };
    },
  },
  'rows fit their datasets, keys are unique, and addresses are made up': {
    normalize(artifacts, of) {
      return normalize(artifacts, of as never).map((table) =>
        table.dataset.id === users.id ? { ...table, rows: [...table.rows, ...table.rows.slice(0, 1)] } : table,
      );
    },
  },
  'the same answers give the same rows, in whatever order': {
    normalize(artifacts, of) {
      const [first] = artifacts;
      return normalize(artifacts, of as never).map((table) => ({ ...table, at: first?.name.length ?? 0 }));
    },
  },
};

it.each(Object.keys(broken))('a collector that breaks it is caught: %s', async (law) => {
  const found = await LAWS[law]?.({ ...githubOrganization, ...broken[law] } as unknown as Collector, people);
  expect(found?.length).toBeGreaterThan(0);
});

it('has a collector that breaks each law', () => expect(Object.keys(broken).sort()).toEqual(Object.keys(LAWS).sort()));
