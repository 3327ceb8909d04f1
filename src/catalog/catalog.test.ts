import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checks } from '../checks/index.ts';
import { forEngine, readCatalog } from './catalog.ts';
import { checkCatalog } from './laws.ts';

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
const ids = checks.map(({ id }) => id);
const HEAD = 'id: XX-01\ntitle: T\ncriteria: [CC6.1]\nowner: me\nfamily: f\ncadence: daily\nchecks: []';

it('is read as its files stand, however often', () => {
  const dir = overlay({});
  mkdirSync(join(dir, 'controls'));
  const write = (title: string) => writeFileSync(join(dir, 'controls/XX-01.md'), `---\n${HEAD.replace('title: T', `title: ${title}`)}\n---\n\nWe do this.\n`);
  const titles = () => readCatalog(dir).controls.map(({ title }) => title);
  write('First');
  expect([titles(), titles()]).toEqual([['First'], ['First']]);
  write('Other');
  expect(titles()).toEqual(['Other']);
  const { digest } = readCatalog(dir);
  write('First');
  expect([titles(), readCatalog(dir).digest === digest]).toEqual([['First'], false]);
});

const TOPICS = [
  ...['Information security', 'Acceptable use', 'Access management', 'Incident response', 'Risk management', 'Change management', 'Cryptography'],
  ...['Data classification', 'Retention and disposal', 'Vendor management', 'Business continuity', 'Backup', 'Logging and monitoring'],
  ...['Vulnerability management', 'Secure development', 'People security', 'Physical security', 'Asset management', 'Privacy', 'Code of conduct'],
];

describe('the catalogue that ships', () => {
  const catalog = readCatalog(shipped);

  it('has the 61 criteria, in order', () => {
    expect(catalog.criteria).toHaveLength(61);
    expect(new Set(catalog.criteria.map(({ id }) => id)).size).toBe(61);
    expect(catalog.criteria.filter(({ id }) => id.startsWith('CC'))).toHaveLength(33);
    expect([catalog.criteria[0]?.id, catalog.criteria[60]?.id]).toEqual(['CC1.1', 'P8.1']);
  });

  it('keeps the laws between controls, checks and criteria', () => {
    expect(() => checkCatalog(catalog, ids)).not.toThrow();
  });

  it('has a statement in every control', () => {
    for (const { id, statement } of catalog.controls) expect(statement, id).toMatch(/^[A-Z].*\.$/);
  });

  it('has every control of the families of access, change, devices and training', () => {
    const numbered = (family: string, count: number) => Array.from({ length: count }, (_, place) => `${family}-${String(place + 1).padStart(2, '0')}`);
    const those = catalog.controls.map(({ id }) => id).filter((id) => /^(AC|CM|EP|TR)-/.test(id));
    expect(those).toEqual([...numbered('AC', 15), ...numbered('CM', 10), ...numbered('EP', 3), ...numbered('TR', 2)]);
  });

  it('says of every control how it is shown over a period, who operates it, and of one without a check what nothing examines', () => {
    for (const { id, overPeriod, kind, checks: its, unexamined = [] } of catalog.controls) {
      expect(overPeriod, id).toMatch(/^[A-Z].*\.$/);
      expect(kind, id).toMatch(/^(automated|hybrid)$/);
      if (its.length === 0) expect(unexamined.length, id).toBeGreaterThan(0);
    }
  });

  it('names of every control the policy whose words it carries out, one of the topics on which there has to be a policy', () => {
    for (const { id, policy } of catalog.controls) expect(TOPICS, id).toContain(policy);
    const of = (family: string) => [...new Set(catalog.controls.flatMap(({ id, policy }) => (id.startsWith(family) ? [policy] : [])))].sort();
    expect([of('AC'), of('CM'), of('EP'), of('TR')]).toEqual([
      ['Access management'],
      ['Change management', 'Secure development'],
      ['Asset management', 'Data classification'],
      ['People security'],
    ]);
    expect(forEngine(catalog, ['Security']).controls.map(({ id, policy }) => [id, policy])).toEqual(catalog.controls.map(({ id, policy }) => [id, policy]));
  });

  it('states a gap of no criterion that a control answers', () => {
    const answered = new Set(catalog.controls.flatMap(({ criteria }) => criteria));
    expect(catalog.criteria.filter(({ id, gap }) => gap !== null && answered.has(id)).map(({ id }) => id)).toEqual([]);
  });

  it('carries the 102 required items, and which controls answer them', () => {
    expect(catalog.required).toHaveLength(102);
    expect(new Set(catalog.required.map(({ id }) => id)).size).toBe(102);
    expect(catalog.required.find(({ id }) => id === 'R2.d')).toEqual({
      id: 'R2.d',
      group: 'Ten reasons companies fail',
      parent: 'R2',
      text: 'quarterly access reviews',
    });
    expect(catalog.controls.filter(({ answers = [] }) => answers.includes('R2.d')).map(({ id }) => id)).toEqual(['AC-08', 'AC-09']);
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

  it('keeps a control that is left out, with the reason: whether that counts is not for a file to say', () => {
    const laid = readCatalog(shipped, overlay({ 'CM-07.md': '---\nid: CM-07\nexcluded: { because: no code of our own, approvedBy: Ada }\n---\n' }));
    const [was, is] = [readCatalog(shipped), laid].map(({ controls }) => controls.find(({ id }) => id === 'CM-07'));
    expect(was?.excluded).toBeNull();
    expect(is?.excluded).toEqual({ because: 'no code of our own', approvedBy: 'Ada' });
    expect(is?.checks).toEqual(was?.checks);
    expect(() => checkCatalog(laid, ids)).not.toThrow();
  });

  it('changes one parameter and leaves the others as they are', () => {
    const parameters = 'parameters:\n  access-keys-rotated: { maxAge: 60 days }';
    const first = overlay({ 'AC-15.md': `---\nid: AC-15\n${parameters}\n---\n` });
    const own = `---\nid: XX-01\ntitle: T\ncriteria: [CC6.1]\nowner: me\nfamily: f\ncadence: daily\nchecks: [admins-few]\nparameters: { admins-few: { most: 5 } }\n---\nWe.`;
    expect(readCatalog(shipped, first).controls.find(({ id }) => id === 'AC-15')?.parameters).toEqual({
      'access-keys-rotated': { maxAge: '60 days' },
      'unused-keys-removed': { idle: '45 days' },
    });
    const fewer = readCatalog(shipped, overlay({ 'AC-15.md': '---\nid: AC-15\nchecks: [access-keys-rotated]\n---\n' }));
    expect(fewer.controls.find(({ id }) => id === 'AC-15')?.parameters).toEqual({ 'access-keys-rotated': { maxAge: '90 days' } });
    expect(readCatalog(shipped, overlay({ 'XX-01.md': own })).controls.find(({ id }) => id === 'XX-01')?.parameters).toEqual({ 'admins-few': { most: '5' } });
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
    ['a capture without a cadence', `---\n${HEAD}\ncaptures: [{ duty: a, dataset: b }]\n---\nx`, /AC-99\.md:\d+: captures\.0\.cadence/],
    ['a cadence that is none', `---\n${HEAD}\noccurs: [{ duty: a, dataset: b, cadence: often }]\n---\nx`, /AC-99\.md:\d+: occurs\.0\.cadence/],
    ['a severity that is none', `---\n${HEAD}\nseverity: bad\n---\nx`, /AC-99\.md:\d+: severity/],
    ['a required item that cannot be', `---\n${HEAD}\nanswers: [R99x]\n---\nx`, /AC-99\.md:\d+: answers\.0: expected the id of a required item/],
    ['a parameter without a unit of text', `---\n${HEAD}\nparameters: { a: { b: [1] } }\n---\nx`, /AC-99\.md:\d+: parameters\.a\.b/],
    ['an exclusion of nothing', '---\nid: ZZ-01\nexcluded: { because: a, approvedBy: b }\n---\n', /no such control/],
  ])('is refused with %s', (_, body, says) => {
    expect(() => readCatalog(shipped, overlay({ 'AC-99.md': body }))).toThrow(says);
  });
});

it.each([
  ['a check that does not exist', `---\n${HEAD.replace('checks: []', 'checks: [nothing-done]')}\n---\nx`, /nothing-done, which does not exist/],
  ['a criterion that does not exist', `---\n${HEAD.replace('CC6.1', 'CC9.9')}\n---\nx`, /CC9\.9, which does not exist/],
  ['a required item that does not exist', `---\n${HEAD}\nanswers: [R77]\n---\nx`, /XX-01 answers the required item R77, which does not exist/],
  [
    'parameters of a check that is another control’s',
    `---\n${HEAD}\nparameters: { mfa-enrolled: { a: 1 } }\n---\nx`,
    /XX-01 sets parameters of mfa-enrolled, which is none of its checks: it has none/,
  ],
  ['more than four criteria without a reason', `---\n${HEAD.replace('CC6.1', 'CC6.1, CC6.2, CC6.3, CC6.6, CC6.7')}\n---\nx`, /maps to 5 criteria/],
])('catches %s', (_, body, says) => {
  const laid = readCatalog(shipped, overlay({ 'XX-01.md': body }));
  expect(() => checkCatalog(laid, ids)).toThrow(says);
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
  const others = { ...laid, controls: laid.controls.map((control) => (control.id === 'XX-01' ? control : { ...control, occurs: [], captures: [] })) };
  expect(() => checkCatalog(others, ids, tables)).toThrow(says);
  const fine = readCatalog(shipped, overlay({ 'XX-01.md': `---\n${HEAD}\noccurs: [{ duty: a, dataset: acts, cadence: yearly }]\n---\nx` }));
  expect(() =>
    checkCatalog(
      { ...fine, controls: fine.controls.map((control) => (control.id === 'XX-01' ? control : { ...control, occurs: [], captures: [] })) },
      ids,
      tables,
    ),
  ).not.toThrow();
});

it('catches a capture of a dataset that no source tells of', () => {
  const laid = readCatalog(shipped, overlay({ 'XX-01.md': `---\n${HEAD}\ncaptures: [{ duty: a, dataset: nothing, cadence: daily }]\n---\nx` }));
  const only = { ...laid, controls: laid.controls.map((control) => (control.id === 'XX-01' ? control : { ...control, occurs: [], captures: [] })) };
  const tables = { acts: { fields: ['id'], events: true } };
  expect(() => checkCatalog(only, ids, tables)).toThrow('"a" goes by the dataset nothing, of which no source tells. There are: acts');
  const on = (dataset: string) =>
    forEngine(readCatalog(shipped, overlay({ 'XX-01.md': `---\n${HEAD}\ncaptures: [{ duty: a, dataset: ${dataset}, cadence: daily }]\n---\nx` })), []);
  expect(on('acts').controls.find(({ id }) => id === 'XX-01')?.occurs).toEqual([{ shownBy: 'looks', duty: 'a', dataset: 'acts', cadence: 'daily' }]);
});

it('catches a check that no control uses, and a criterion without control or gap', () => {
  const catalog = readCatalog(shipped);
  expect(() => checkCatalog(catalog, [...ids, 'unused-check'])).toThrow(/no control uses the check unused-check/);
  expect(() => checkCatalog({ ...catalog, criteria: catalog.criteria.map((it) => ({ ...it, gap: null })) }, ids)).toThrow(/neither a control nor a stated gap/);
});
