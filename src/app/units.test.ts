import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { staleOf, unitsOf } from './units.ts';
import { CODE, home, PROGRAM } from './version.ts';

const dir = mkdtempSync(join(tmpdir(), 'units-'));
const { dependencies } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { readonly dependencies: Readonly<Record<string, string>> };

beforeAll(() => cpSync(join(home, 'src'), dir, { recursive: true }));
afterAll(() => rmSync(dir, { recursive: true }));

/** What is stale after a line was added to a file. */
function staleAfter(path: string): ReturnType<typeof staleOf> {
  const before = unitsOf(dir, dependencies);
  appendFileSync(join(dir, path), '\n// another line\n');
  return staleOf(before, unitsOf(dir, dependencies));
}

it('has a digest of each unit, by its code and not by where it lies', () => {
  expect(unitsOf(dir, dependencies)).toEqual(PROGRAM.units);
  expect(new Set(PROGRAM.units.map(({ digest }) => digest)).size).toBe(PROGRAM.units.length);
  expect(CODE).toMatch(/^\d+\.\d+\.\d+\+[0-9a-f]{8}$/);
});

it('knows of a changed file what rests on it, and nothing else', () => {
  const nothing = { checks: new Set(), collectors: new Set(), datasets: new Set(), house: false };
  expect(staleAfter('checks/mfa-enforced.ts')).toEqual({ ...nothing, checks: new Set(['mfa-enforced']) });
  expect(staleAfter('collectors/github/run-sweep.ts')).toEqual({ ...nothing, collectors: new Set(['github/workflow-runs']) });
  expect(staleAfter('checks/follow-up.ts').checks.size).toBeGreaterThan(0);
  const { checks, collectors, datasets, house } = staleAfter('datasets/iam/access-keys.ts');
  expect([checks.has('access-keys-rotated'), collectors.has('aws/iam'), datasets.has('iam.access-keys'), house]).toEqual([true, true, true, false]);
  expect([checks.has('mfa-enforced'), collectors.has('okta/users')]).toEqual([false, false]);
  expect(staleAfter('engine/steps.ts')).toEqual({ ...nothing, house: true });
  expect(staleAfter('server/server.ts')).toEqual(nothing);
});

it('knows that a package is another, and that a unit is new or gone', () => {
  const { collectors, checks } = staleOf(PROGRAM.units, unitsOf(join(home, 'src'), { ...dependencies, 'csv-parse': '0.0.1' }));
  expect([collectors.has('hr/csv'), checks.size]).toEqual([true, 0]);
  const [first, ...others] = PROGRAM.units;
  expect(staleOf(PROGRAM.units, others).checks).toEqual(new Set([first?.id]));
  expect(staleOf(others, PROGRAM.units).checks).toEqual(new Set([first?.id]));
});
