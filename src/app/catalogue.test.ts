import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCatalog } from '../catalog/catalog.ts';
import { checks } from '../checks/index.ts';
import { collectors } from '../collectors/index.ts';
import { parseConfiguration } from '../configuration/read.ts';
import { shippedCatalog, viewCatalog } from './catalogue.ts';

const shipped = readCatalog(join(import.meta.dirname, '../../catalog'));
const configured = (sources: string) =>
  parseConfiguration(`company: Acme\ntimezone: UTC\nperiod: { from: 2026-01-01, to: 2027-01-01 }\nsources:${sources}\n`, collectors);
const OKTA = '\n  - { collector: okta/users, name: main, config: { org: acme.okta.example }, credentials: { token: env:T } }';
const viewed = (sources: string) => viewCatalog(shipped, checks, collectors, configured(sources));

describe('the catalogue without a workspace', () => {
  const view = shippedCatalog();

  it('has every required item, criterion and check, in the shape that is documented', () => {
    expect([view.requiredItems.length, view.criteria.length, view.checks.length]).toEqual([102, 61, checks.length]);
    const [item, criterion, check] = [view.requiredItems[0], view.criteria[0], view.checks[0]];
    expect(Object.keys(item ?? {}).slice(0, 4)).toEqual(['id', 'text', 'controls', 'checks']);
    expect(Object.keys(criterion ?? {}).slice(0, 3)).toEqual(['id', 'title', 'controls']);
    expect(Object.keys(check ?? {}).slice(0, 2)).toEqual(['id', 'fed']);
  });

  it('does not say what is fed', () => {
    expect(new Set(view.checks.map(({ fed }) => fed))).toEqual(new Set([null]));
    expect(new Set(view.controls.map(({ fed }) => fed))).toEqual(new Set([null]));
  });

  it('leads from a required item to its controls and their checks', () => {
    expect(view.requiredItems.find(({ id }) => id === 'Q3')).toMatchObject({
      controls: ['AC-06'],
      checks: ['mfa-enforced', 'mfa-enrolled', 'second-factor-used'],
    });
    const reviews = view.requiredItems.find(({ id }) => id === 'Q4');
    expect(reviews).toMatchObject({ controls: ['AC-08'], checks: [...(view.controls.find(({ id }) => id === 'AC-08')?.checks ?? [])].sort() });
  });

  it('tells what has to be done or looked at for a required item, which no check examines', () => {
    const of = (id: string) => view.requiredItems.find((item) => item.id === id);
    const policies = { control: 'AC-10', duty: 'Capture of permission policies', dataset: 'iam.policies', cadence: 'daily' };
    const rights = { control: 'AC-10', duty: 'Capture of rights on repositories', dataset: 'repo.permissions', cadence: 'weekly' };
    for (const id of ['E1', 'E2']) expect(of(id)?.captures, id).toEqual([policies, rights]);
    expect(of('E5')?.occurs).toContainEqual({ control: 'AC-10', duty: 'Report on access', dataset: 'governance.reports', cadence: 'monthly' });
    expect(of('Q3')).toMatchObject({ occurs: [], captures: [] });
    expect(view.controls.find(({ id }) => id === 'AC-10')).toMatchObject({ captures: [policies, rights], occurs: [{ duty: 'Report on access' }] });
  });

  it('names a gap where no control answers a criterion, and only there', () => {
    for (const { controls, gap } of view.criteria) expect(controls.length === 0).toBe(gap !== null);
  });
});

describe('the catalogue of a workspace', () => {
  it('says of every check whether a source tells of all it reads, and what would', () => {
    const { checks: lines } = viewed(OKTA);
    const enrolled = lines.find(({ id }) => id === 'passwords-strong');
    const unfed = lines.find(({ id }) => id === 'changes-ticketed');
    expect(unfed?.fed).toBe(false);
    expect(unfed?.reads).toContainEqual({ dataset: 'change.pull-requests', sources: [], collectors: ['csv/dataset', 'github/changes'] });
    expect(enrolled?.reads.find(({ dataset }) => dataset === 'asset.systems')?.sources).toEqual(['tickmark.yaml']);
    for (const { fed, reads } of lines) expect(fed).toBe(reads.every(({ sources }) => (sources ?? []).length > 0));
  });

  it('does not count a source that is retired', () => {
    const retired = OKTA.replace('credentials', 'retired: { at: 2026-03-01, because: moved away }, credentials');
    const [with_, without] = [viewed(OKTA), viewed(retired)].map(({ checks: lines }) =>
      lines.flatMap(({ reads }) => reads.filter(({ dataset }) => dataset === 'identity.users').flatMap(({ sources }) => sources ?? [])),
    );
    expect(new Set(with_)).toEqual(new Set(['okta/users/main']));
    expect(new Set(without)).toEqual(new Set());
  });

  it('counts a kind that people state', () => {
    const reads = (sources: string) =>
      viewed(sources)
        .checks.find(({ id }) => id === 'stated-leaver-access-removed')
        ?.reads.find(({ dataset }) => dataset === 'hr.terminations')?.sources;
    expect(reads(OKTA)).toEqual([]);
    expect(reads(`${OKTA}\nattested: [hr-terminations]`)).toEqual(['attestations/hr-terminations']);
  });

  it('takes a control for fed only where it has a check and every one of them is', () => {
    const { controls, checks: lines } = viewed(OKTA);
    for (const { checks: its, fed } of controls) expect(fed).toBe(its.length > 0 && its.every((id) => lines.find((line) => line.id === id)?.fed));
    expect(controls.find(({ id }) => id === 'AC-08')?.fed).toBe(false);
  });
});
