import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collectOnce, recorded, root } from '../../../test/recorded.ts';
import { localInstant } from '../../core/calendar.ts';
import { IncompleteError } from '../../core/error.ts';
import { csvDataset } from './dataset.ts';
import { RECIPES } from './recipes.ts';

const MADE = '# generated 2026-10-20T06:00:00Z\n';
/** Exports with the heads that these products write, and more columns than are read. */
const JAMF = `${MADE}Computer Name,Serial Number,JSS Computer ID,Operating System Version,Email Address,Managed,FileVault 2 Status,Last Check-in,Last Enrollment,Model
mac-1,C02A,11,15.7.1,Ines@acme.example,Managed,All Partitions Encrypted,2026-10-19 23:30:00,2026-01-05 08:15:33,MacBook Pro
mac-2,C02B,12,14.2,,Unmanaged,Boot Partitions Encrypted,2026-10-01 08:00:00,2026-01-05,MacBook Air
mac-3,C02C,13,,bruno@acme.example,Managed,N/A,,,MacBook Air
mac-4,C02D,14,15.7.1,bruno@acme.example,Managed,Not Available,2026-10-19 08:00:00,2026-01-05 08:15:33,MacBook Air
mac-5,C02E,15,15.7.1,bruno@acme.example,Managed,Not Encrypted,2026-10-19 08:00:00,2026-01-05 08:15:33,MacBook Air
`;
const KANDJI = `${MADE}device__name,device_id,serial_number,device__user_email,blueprint_name,filevault_enabled,last_collected_at
mac-1,0d1c,C02A,ines@acme.example,Engineering,true,2026-10-19T19:00:00Z
mac-2,0d2c,C02B,,Engineering,False,2026-10-02T19:00:00.123456Z
mac-3,0d3c,C02C,bruno@acme.example,Engineering,,
`;
const INTUNE = `${MADE}Device ID,Device name,Enrollment date,Last check-in,OS version,Serial number,Primary user UPN,Primary user email address,Compliance,Managed by,Ownership,Encrypted,OS
a-1,pc-1,2026-01-05 08:15:33.0000000,2026-10-19 07:01:02.1234567,10.0.26100.1,5CD1,ines@acme.example,Ines@acme.example,Compliant,Intune,Corporate,True,Windows
a-2,pc-2,2026-01-05 08:15:33.0000000,2026-10-18 07:01:02.0000000,10.0.26100.1,5CD2,,,Noncompliant,Co-managed,Corporate,False,Windows
a-3,pad,2026-01-05 08:15:33.0000000,2026-10-18 07:01:02.0000000,18.1,5CD3,,,Not Evaluated,Intune,Personal,Unknown,iPadOS
a-4,mac,2026-01-05 08:15:33.0000000,2026-10-18 07:01:02.0000000,15.1,5CD4,,,In grace period,MDE,Corporate,Not available,macOS
`;

let files = 0;
async function rowsOf(recipe: string, text: string, over: object = {}): Promise<readonly Record<string, unknown>[]> {
  const path = `recipe-${files++}.csv`;
  writeFileSync(join(root, path), text);
  const { tables } = await collectOnce(csvDataset, { ...recorded(csvDataset, { recipe, path, attestedBy: 'W-003', ...over }, 'company') });
  expect(tables.map(({ dataset }) => dataset.id)).toEqual([RECIPES[recipe]?.dataset]);
  return tables[0]?.rows as unknown as readonly Record<string, unknown>[];
}
const its = (rows: readonly Record<string, unknown>[], field: string) => rows.map((row) => row[field]);

describe('Jamf Pro', () => {
  it('tells of computers, and only those of which all is encrypted are', async () => {
    const rows = await rowsOf('jamf/computers', JAMF);
    expect(rows[0]).toMatchObject({
      systemId: 'jamf',
      deviceId: '11',
      serial: 'C02A',
      platform: 'macos',
      userEmails: ['ines@acme.example'],
      managed: 'yes',
      screenLock: 'unknown',
      screenLockMinutes: null,
      enrolledAt: Date.parse('2026-01-05T08:15:33Z'),
    });
    expect(its(rows, 'diskEncrypted')).toEqual(['yes', 'no', 'unknown', 'unknown', 'no']);
    expect(its(rows, 'managed')).toEqual(['yes', 'no', 'yes', 'yes', 'yes']);
    expect(its(rows, 'osVersion')).toEqual(['15.7.1', '14.2', null, '15.7.1', '15.7.1']);
  });

  it('and when they were last heard of, by the day', async () => {
    expect(its(await rowsOf('jamf/last-check-in', JAMF), 'lastSeenAt').map((at) => at && new Date(Number(at)).toISOString())).toEqual([
      '2026-10-19T00:00:00.000Z',
      '2026-10-01T00:00:00.000Z',
      null,
      '2026-10-19T00:00:00.000Z',
      '2026-10-19T00:00:00.000Z',
    ]);
  });

  it('a word that is not known makes the run incomplete, and the configuration may say what it means', async () => {
    const odd = JAMF.replace(',Managed,All', ',Supervised,All');
    await expect(rowsOf('jamf/computers', odd)).rejects.toBeInstanceOf(IncompleteError);
    await expect(rowsOf('jamf/computers', odd)).rejects.toThrow('line 3, column Managed: "Supervised" is none of yes, no, unknown: map it under "map"');
    const map = { Managed: 'yes', Unmanaged: 'no', Supervised: 'yes' };
    expect(its(await rowsOf('jamf/computers', odd, { columns: { managed: { header: 'Managed', map } } }), 'managed')[0]).toBe('yes');
  });

  it('a column that is missing is named', async () => {
    const renamed = JAMF.replace('JSS Computer ID', 'Jamf Pro Computer ID');
    await expect(rowsOf('jamf/computers', renamed)).rejects.toThrow('column JSS Computer ID: there is no such column (there are Computer Name, ');
    expect(its(await rowsOf('jamf/computers', renamed, { columns: { deviceId: 'Jamf Pro Computer ID' } }), 'deviceId')[0]).toBe('11');
  });
});

it('Kandji tells whether FileVault is on, and nothing where it leaves it out', async () => {
  const rows = await rowsOf('kandji/filevault', KANDJI);
  expect(its(rows, 'diskEncrypted')).toEqual(['yes', 'no', 'unknown']);
  expect(its(rows, 'userEmails')).toEqual([['ines@acme.example'], [], ['bruno@acme.example']]);
  const seen = await rowsOf('kandji/last-collected', KANDJI);
  expect(its(seen, 'lastSeenAt')).toEqual([Date.parse('2026-10-19T00:00:00Z'), Date.parse('2026-10-02T00:00:00Z'), null]);
});

it('Intune tells of every platform, and what it has not evaluated is unknown', async () => {
  const rows = await rowsOf('intune/devices', INTUNE);
  expect(its(rows, 'platform')).toEqual(['windows', 'windows', 'ios', 'macos']);
  expect(its(rows, 'diskEncrypted')).toEqual(['yes', 'no', 'unknown', 'unknown']);
  expect(its(rows, 'policiesMet')).toEqual(['yes', 'no', 'unknown', 'no']);
  expect(its(rows, 'managed')).toEqual(['yes', 'yes', 'yes', 'no']);
  expect(its(await rowsOf('intune/last-check-in', INTUNE), 'lastSeenAt')[0]).toBe(Date.parse('2026-10-19T00:00:00Z'));
});

it('a source names a recipe or a dataset, and a recipe that there is', () => {
  const problem = (config: object) => csvDataset.config.safeParse({ path: 'x.csv', attestedBy: 'W-1', ...config }).error?.issues[0];
  expect(problem({})).toMatchObject({ path: ['dataset'], message: expect.stringMatching(/^name a dataset, or a recipe: jamf\/computers, /) });
  expect(problem({ recipe: 'jamf/phones' })).toMatchObject({ path: ['recipe'] });
  expect(problem({ recipe: 'jamf/computers', columns: { colour: 'Colour' } })).toMatchObject({ path: ['columns', 'colour'] });
});

it.each(Object.entries(RECIPES))('%s is in the documentation with every column that it needs', (name, { dataset, columns }) => {
  const line = readFileSync(join(import.meta.dirname, '../../../docs/recipes.md'), 'utf8')
    .split('\n')
    .find((it) => it.startsWith(`| \`${name}\` |`));
  const heads = Object.values(columns).flatMap((column) => (typeof column === 'string' ? column : 'header' in column ? column.header : []));
  for (const word of [dataset, ...heads]) expect(line).toContain(`\`${word}\``);
});

it.each([
  ['2026-07-01', '08:15:33', 'Europe/Berlin', '2026-07-01T06:15:33Z'],
  ['2026-03-29', '03:30', 'Europe/Berlin', '2026-03-29T01:30:00Z'],
  ['2026-03-29', '01:30', 'Europe/Berlin', '2026-03-29T00:30:00Z'],
  ['2026-10-25', '02:30', 'Europe/Berlin', '2026-10-25T00:30:00Z'],
  ['2026-10-25', '03:30', 'Europe/Berlin', '2026-10-25T02:30:00Z'],
  ['2026-11-01', '00:30', 'America/New_York', '2026-11-01T04:30:00Z'],
])('%s %s in %s is one instant', (date, time, timezone, at) =>
  expect(new Date(localInstant(date, time, timezone)).toISOString()).toBe(at.replace('Z', '.000Z')),
);
