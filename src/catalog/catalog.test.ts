import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checks } from '../checks/index.ts';
import { checkCatalog, forEngine, readCatalog } from './catalog.ts';

const shipped = join(import.meta.dirname, '../../catalog');
const root = mkdtempSync(join(tmpdir(), 'catalog-'));
afterAll(() => rmSync(root, { recursive: true }));
let made = 0;
function overlay(files: Readonly<Record<string, string>>): string {
  const dir = join(root, `o${made++}`);
  mkdirSync(dir);
  for (const [name, body] of Object.entries(files)) writeFileSync(join(dir, name), body);
  return dir;
}
const HEAD = 'id: XX-01\ntitle: T\ncriteria: [CC6.1]\nowner: me\nfamily: f\ncadence: daily\nchecks: []';

describe('the catalogue that ships', () => {
  const catalog = readCatalog(shipped);

  it('has the 61 criteria, in order', () => {
    expect(catalog.criteria).toHaveLength(61);
    expect(new Set(catalog.criteria.map(({ id }) => id)).size).toBe(61);
    expect(catalog.criteria.filter(({ id }) => id.startsWith('CC'))).toHaveLength(33);
    expect([catalog.criteria[0]?.id, catalog.criteria[60]?.id]).toEqual(['CC1.1', 'P8.1']);
  });

  it('keeps the laws between controls, checks and criteria', () => {
    expect(() =>
      checkCatalog(
        catalog,
        checks.map(({ id }) => id),
      ),
    ).not.toThrow();
  });

  it('has a statement in every control', () => {
    for (const { id, statement } of catalog.controls) expect(statement, id).toMatch(/^[A-Z].*\.$/);
  });

  it('takes criteria out of scope by category', () => {
    const { criteria } = forEngine(catalog, ['Security']);
    expect(criteria.filter(({ inScope }) => inScope)).toHaveLength(33);
  });
});

describe('an overlay', () => {
  it('changes what it names, and the digest', () => {
    const plain = readCatalog(shipped);
    const laid = readCatalog(shipped, overlay({ 'AC-03.md': '---\nid: AC-03\nowner: Priya Raman\n---\n' }));
    const [was, is] = [plain, laid].map(({ controls }) => controls.find(({ id }) => id === 'AC-03'));
    expect(is).toMatchObject({ owner: 'Priya Raman', statement: was?.statement, checks: was?.checks });
    expect(laid.digest).not.toBe(plain.digest);
  });

  it('leaves out a control with a reason, and what remains is a stated gap', () => {
    const laid = readCatalog(shipped, overlay({ 'CM-07.md': '---\nid: CM-07\nexcluded: { because: no code of our own, approvedBy: Ada }\n---\n' }));
    expect(laid.controls.map(({ id }) => id)).not.toContain('CM-07');
    expect(forEngine(laid, ['Security']).criteria.find(({ id }) => id === 'CC4.2')?.gap).toMatch(/left out/);
  });

  it('says what recurs, and how much a deviation matters', () => {
    const occurs = 'occurs:\n  - { duty: Look at it, dataset: register.entries, where: { register: risks }, at: reviewedAt, cadence: quarterly, grace: 14d }';
    const laid = forEngine(readCatalog(shipped, overlay({ 'RM-02.md': `---\nid: RM-02\nseverity: low\n${occurs}\n---\n` })), ['Security']);
    const duty = { duty: 'Look at it', dataset: 'register.entries', where: { register: 'risks' }, at: 'reviewedAt', cadence: 'quarterly', grace: 14 };
    expect(laid.controls.find(({ id }) => id === 'RM-02')).toMatchObject({ severity: 'low', occurs: [duty] });
    expect(laid.controls.find(({ id }) => id === 'AC-01')).toMatchObject({ severity: 'medium', occurs: [] });
    const was = readCatalog(shipped, overlay({ 'RM-02.md': '---\nid: RM-02\nowner: me\n---\n' })).controls.find(({ id }) => id === 'RM-02');
    expect(was?.evidence).toHaveLength(3);
    expect(was?.occurs).toHaveLength(1);
  });

  it('adds a control of the company’s own', () => {
    const laid = readCatalog(shipped, overlay({ 'XX-01.md': `---\n${HEAD}\n---\n\nWe do this.\n` }));
    expect(laid.controls.find(({ id }) => id === 'XX-01')?.statement).toBe('We do this.');
  });

  it.each([
    ['no front matter', 'We do this.', /AC-99\.md:1: .*front matter/],
    ['an unknown field', `---\n${HEAD}\nowners: [a]\n---\nx`, /AC-99\.md:\d+: owners/],
    ['a wrong criterion', `---\n${HEAD.replace('CC6.1', 'CC66')}\n---\nx`, /AC-99\.md:4: criteria\.0/],
    ['a cadence that is none', `---\n${HEAD}\noccurs: [{ duty: a, dataset: b, cadence: often }]\n---\nx`, /AC-99\.md:\d+: occurs\.0\.cadence/],
    ['a severity that is none', `---\n${HEAD}\nseverity: bad\n---\nx`, /AC-99\.md:\d+: severity/],
    ['an exclusion of nothing', '---\nid: ZZ-01\nexcluded: { because: a, approvedBy: b }\n---\n', /no such control/],
  ])('is refused with %s', (_, body, says) => {
    expect(() => readCatalog(shipped, overlay({ 'AC-99.md': body }))).toThrow(says);
  });
});

it.each([
  ['a check that does not exist', `---\n${HEAD.replace('checks: []', 'checks: [nothing-done]')}\n---\nx`, /nothing-done, which does not exist/],
  ['a criterion that does not exist', `---\n${HEAD.replace('CC6.1', 'CC9.9')}\n---\nx`, /CC9\.9, which does not exist/],
  ['more than four criteria without a reason', `---\n${HEAD.replace('CC6.1', 'CC6.1, CC6.2, CC6.3, CC6.6, CC6.7')}\n---\nx`, /maps to 5 criteria/],
])('catches %s', (_, body, says) => {
  const laid = readCatalog(shipped, overlay({ 'XX-01.md': body }));
  expect(() =>
    checkCatalog(
      laid,
      checks.map(({ id }) => id),
    ),
  ).toThrow(says);
});

it.each([
  [
    'a dataset that no source tells of',
    '{ duty: a, dataset: nothing, cadence: yearly }',
    /"a" goes by the dataset nothing, of which no source tells\. There are: acts, things/,
  ],
  ['a field that is not there', '{ duty: a, dataset: things, at: when, cadence: yearly }', /"a" names when, which things does not have\. It has: id, at/],
  ['a state without a date', '{ duty: a, dataset: things, cadence: yearly }', /"a" does not say when it was done: name the field of things/],
])('catches a duty by %s', (_, duty, says) => {
  const tables = { acts: { fields: ['id'], events: true }, things: { fields: ['id', 'at'], events: false } };
  const laid = readCatalog(shipped, overlay({ 'XX-01.md': `---\n${HEAD}\noccurs: [${duty}]\n---\nx` }));
  const others = { ...laid, controls: laid.controls.map((control) => (control.id === 'XX-01' ? control : { ...control, occurs: [] })) };
  const ids = checks.map(({ id }) => id);
  expect(() => checkCatalog(others, ids, tables)).toThrow(says);
  const fine = readCatalog(shipped, overlay({ 'XX-01.md': `---\n${HEAD}\noccurs: [{ duty: a, dataset: acts, cadence: yearly }]\n---\nx` }));
  expect(() =>
    checkCatalog({ ...fine, controls: fine.controls.map((control) => (control.id === 'XX-01' ? control : { ...control, occurs: [] })) }, ids, tables),
  ).not.toThrow();
});

it('catches a check that no control uses, and a criterion without control or gap', () => {
  const catalog = readCatalog(shipped);
  expect(() => checkCatalog(catalog, [...checks.map(({ id }) => id), 'unused-check'])).toThrow(/no control uses the check unused-check/);
  expect(() =>
    checkCatalog(
      { ...catalog, criteria: catalog.criteria.map((it) => ({ ...it, gap: null })) },
      checks.map(({ id }) => id),
    ),
  ).toThrow(/neither a control nor a stated gap/);
});
