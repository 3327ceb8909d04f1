import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recorded, root, tested } from '../../../test/recorded.ts';
import { openSource } from '../../sources/open.ts';
import { IncompleteError } from '../../core/error.ts';
import { days, instant } from '../../core/instant.ts';
import type { Collector } from '../collector.ts';
import { csvDataset } from './dataset.ts';

const write = (name: string, text: string) => writeFileSync(join(root, name), text);
const USERS = { path: 'users.csv', dataset: 'identity.users', attestedBy: 'W-001', company: 'acme' };
const COLUMNS = {
  systemId: { value: 'crm' },
  userId: 'Id',
  login: 'Name',
  handles: 'Name',
  emails: 'Mail',
  kind: 'Kind',
  status: { header: 'State', map: { Enabled: 'active', Off: 'suspended' } },
  privileged: 'Admin',
  createdAt: 'Made',
};
const HEAD = '# generated 2026-06-01T06:00:00Z\nId,Name,Mail,Kind,State,Admin,Made\n';
write('users.csv', `${HEAD}1,Ines,Ines@acme.example; i@acme.example,human,Enabled,yes,2026-03-01\n2,bruno,,,Off,,2026-03-01T12:00:00+02:00\n`);

tested(csvDataset, { ...USERS, columns: COLUMNS }, 'acme', (rows) => {
  const silent = { displayName: null, hrId: null, password: 'unknown' };
  expect(rows('identity.users')).toEqual([
    {
      ...silent,
      systemId: 'crm',
      userId: '1',
      login: 'Ines',
      handles: ['ines'],
      emails: ['ines@acme.example', 'i@acme.example'],
      kind: 'human',
      status: 'active',
      privileged: 'yes',
      createdAt: instant('2026-03-01T00:00:00Z'),
    },
    {
      ...silent,
      systemId: 'crm',
      userId: '2',
      login: 'bruno',
      handles: ['bruno'],
      emails: [],
      kind: 'unknown',
      status: 'suspended',
      privileged: 'unknown',
      createdAt: instant('2026-03-01T10:00:00Z'),
    },
  ]);
});

async function run(config: object) {
  const given = recorded(csvDataset, config, 'company');
  const of = { config: given.config as never, partition: 'company', at: given.at, after: null, since: given.at - days(90), timezone: 'Europe/Berlin' };
  const { source } = openSource(csvDataset as unknown as Collector, { ...given, endpoint: null, clock: () => given.at, sleep: async () => undefined });
  const artifacts = [];
  for await (const artifact of csvDataset.collect(source as never, of)) artifacts.push(artifact);
  return csvDataset.normalize(artifacts, of);
}

describe('a line that cannot be read makes the run incomplete, with its place', () => {
  it.each([
    ['1,ines,,robot,Enabled,,\n', /line 3, column Kind: "robot" is none of human, .*map it/],
    ['1,ines,,,Gone,,\n', /line 3, column State: "Gone" is none of active, /],
    [',ines,,,Enabled,,\n', /line 3, column Id: is empty/],
    ['1,ines,,,Enabled,maybe,\n', /line 3, column Admin: "maybe" is none of yes, no, unknown/],
    ['1,ines,,,Enabled,,yesterday\n', /line 3, column Made: not an instant: yesterday/],
    ['1,ines,,,Enabled,,\n1,bruno,,,Enabled,,\n', /line 4: it is about .*, as line 3 is/],
  ])('%j', async (lines, says) => {
    write('bad.csv', `${HEAD}${lines}`);
    const asked = run({ ...USERS, path: 'bad.csv', columns: COLUMNS });
    await expect(asked).rejects.toBeInstanceOf(IncompleteError);
    await expect(run({ ...USERS, path: 'bad.csv', columns: COLUMNS })).rejects.toThrow(says);
  });

  it('and so do a column that is missing and a file that does not say when it was made', async () => {
    await expect(run({ ...USERS, columns: { ...COLUMNS, hrId: 'Number' } })).rejects.toThrow(/column Number: there is no such column \(there are Id, Name/);
    write('undated.csv', 'Id\n1\n');
    await expect(run({ ...USERS, path: 'undated.csv', columns: COLUMNS })).rejects.toThrow(/does not say when it was generated/);
  });
});

it.each([
  [{ dataset: 'people.accounts' }, /people\.accounts follows from others or from the configuration/],
  [{ dataset: 'asset.systems' }, /asset\.systems follows from others or from the configuration/],
  [{ dataset: 'no.such' }, /there is no dataset no\.such. Those that take one: .*hr\.workers/],
  [{ columns: { ...COLUMNS, colour: 'Colour' } }, /identity\.users has no field colour. It has: systemId/],
  [{ columns: { userId: 'Id' } }, /never empty and have no column: systemId, login/],
])('refuses a mapping that cannot be: %j', (over, says) => {
  const { error } = csvDataset.config.safeParse({ ...USERS, columns: COLUMNS, ...over });
  expect(error?.issues.map(({ message }) => message).join('\n')).toMatch(says);
});

it('tells of events from the start of what the file holds to when it was made', async () => {
  const columns = { systemId: { value: 'crm' }, eventId: 'Id', userId: 'User', login: 'User', kind: { value: 'session' }, succeeded: 'Ok', occurredAt: 'When' };
  write('sign-ins.csv', '# generated 2026-10-20T06:00:00Z\nId;User;Ok;When\n7;ines;1;2026-10-19T06:00:00Z\n');
  const config = { path: 'sign-ins.csv', dataset: 'identity.sign-ins', attestedBy: 'W-001', columns, delimiter: ';' };
  const [told] = await run({ ...config, from: '2026-10-01T00:00:00Z' });
  expect(told?.polled).toEqual({ from: instant('2026-10-01T00:00:00Z'), to: instant('2026-10-20T06:00:00Z') });
  expect(told?.rows).toMatchObject([{ eventId: '7', succeeded: 'yes', sessionId: null, occurredAt: instant('2026-10-19T06:00:00Z') }]);
});
