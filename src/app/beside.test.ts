import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { collectors } from '../collectors/index.ts';
import { readConfiguration } from '../configuration/read.ts';
import { beginCompany, besideOf, isWorkspace } from './beside.ts';

const dir = mkdtempSync(join(tmpdir(), 'beside-'));
afterAll(() => rmSync(dir, { recursive: true }));

const LANTERN = {
  company: 'Lantern "Works"',
  timezone: 'Europe/Berlin',
  period: { from: '2026-01-01', to: '2026-07-01' },
  categories: ['Security', 'Availability'],
  systems: [{ id: 'okta', name: 'Okta', identityProvider: true }],
};

it('lies beside the made-up company', () => {
  expect(besideOf('/srv/acme')).toBe('/srv/company');
  expect(besideOf('/srv/company')).toBe('/srv/my-company');
});

it('is written with its scope, and every comment of a new workspace', () => {
  const own = join(dir, 'company');
  beginCompany(own, LANTERN);
  const { file } = readConfiguration(own, collectors);
  expect(file).toMatchObject({ company: 'Lantern "Works"', timezone: 'Europe/Berlin', period: LANTERN.period, categories: LANTERN.categories, sources: [] });
  expect(file.scope.systems).toMatchObject([{ id: 'okta', name: 'Okta', identityProvider: true, sources: [] }]);
  const text = readFileSync(join(own, 'tickmark.yaml'), 'utf8');
  expect(text.match(/^#/gm)?.length).toBeGreaterThan(30);
  expect(existsSync(join(own, 'registers'))).toBe(true);
  expect(() => beginCompany(own, LANTERN)).toThrow('there is a company in');
});

it('is not begun by half', () => {
  const other = join(dir, 'other');
  expect(() => beginCompany(other, { ...LANTERN, timezone: 'Europe/Nowhere' })).toThrow('expected an IANA time zone');
  expect(() => beginCompany(other, { ...LANTERN, period: { from: '2026-07-01', to: '2026-01-01' } })).toThrow('before it begins');
  expect([existsSync(other), isWorkspace(other)]).toEqual([false, false]);
});
