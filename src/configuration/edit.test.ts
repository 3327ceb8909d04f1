import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { withSettings, withSource, withSourceChanged, withSourceRetired } from './edit.ts';
import { initialFiles } from './template.ts';

const FRESH = initialFiles({ company: 'Acme', timezone: 'Europe/Berlin', from: '2026-01-01', to: '2027-01-01' })['tickmark.yaml'] ?? '';
const OKTA = { collector: 'okta/users', name: 'main', config: { org: 'acme.okta.com' }, credentials: { token: 'kept' }, every: null } as const;
const WRITTEN = `company: Acme # by its register
period: { from: 2026-01-01, to: 2027-01-01 }
sources:
  # People first.
  - collector: hr/csv
    name: people
    config: { path: people.csv } # exported nightly
  - collector: okta/users
    name: main
    config:
      org: acme.okta.com # the production tenant
      system: okta
    credentials: { token: env:OKTA_TOKEN }
    retention: evidence
`;
/** Lines that one text has and the other has not. */
const apart = (before: string, after: string) => ({
  gone: before.split('\n').filter((line) => !after.split('\n').includes(line)),
  come: after.split('\n').filter((line) => !before.split('\n').includes(line)),
});

describe('a source is added', () => {
  it('to the file of a new workspace, of which every comment stays', () =>
    expect(apart(FRESH, withSource(FRESH, OKTA))).toEqual({
      gone: ['sources: []'],
      come: ['sources:', '  - collector: okta/users', '    name: main', '    config:', '      org: acme.okta.com', '    credentials:', '      token: kept'],
    }));

  it('behind others, of which none changes', () => {
    const after = withSource(WRITTEN, { ...OKTA, name: 'second', credentials: 'default', every: '12h' });
    expect(after.startsWith(WRITTEN)).toBe(true);
    expect(after.slice(WRITTEN.length)).toBe(
      '  - collector: okta/users\n    name: second\n    config:\n      org: acme.okta.com\n    credentials: default\n    every: 12h\n',
    );
  });

  it('where the file has no list of sources yet', () =>
    expect(parseDocument(withSource('company: Acme\n', { ...OKTA, credentials: {}, config: {} })).toJS()).toEqual({
      company: 'Acme',
      sources: [{ collector: 'okta/users', name: 'main' }],
    }));
});

describe('a source is changed', () => {
  it('in what is said otherwise, and nowhere else', () =>
    expect(apart(WRITTEN, withSourceChanged(WRITTEN, { ...OKTA, config: { org: 'acme.okta.com', system: 'directory' }, every: '6h' }))).toEqual({
      gone: ['      system: okta', '    credentials: { token: env:OKTA_TOKEN }'],
      come: ['      system: directory', '    credentials: { token: kept }', '    every: 6h'],
    }));

  it('to what it was: then nothing changes', () =>
    expect(withSourceChanged(WRITTEN, { ...OKTA, config: { org: 'acme.okta.com', system: 'okta' }, credentials: { token: 'env:OKTA_TOKEN' } })).toBe(WRITTEN));

  it('and loses a setting that is left out', () =>
    expect(apart(WRITTEN, withSourceChanged(WRITTEN, { ...OKTA, credentials: { token: 'env:OKTA_TOKEN' } }))).toEqual({
      gone: ['      system: okta'],
      come: [],
    }));

  it('where there is none it is said', () =>
    expect(() => withSourceChanged(WRITTEN, { ...OKTA, name: 'other' })).toThrow('tickmark.yaml names no source okta/users/other any more.'));
});

it('is retired by a line of its own', () =>
  expect(apart(WRITTEN, withSourceRetired(WRITTEN, OKTA, { at: '2026-03-02', because: 'moved: all of it' }))).toEqual({
    gone: [],
    come: ['    retired: { at: 2026-03-02, because: "moved: all of it" }'],
  }));

it('leaves a setting alone that says the same', () => expect(withSettings(FRESH, { categories: ['Security'] })).toBe(FRESH));

it('sets the scope and leaves the rest', () => {
  const after = withSettings(WRITTEN, { categories: ['Security', 'Availability'], scope: { systems: [{ id: 'okta', name: 'Okta' }] } });
  expect(after.startsWith(WRITTEN)).toBe(true);
  expect(parseDocument(after).toJS()).toMatchObject({ categories: ['Security', 'Availability'], scope: { systems: [{ id: 'okta', name: 'Okta' }] } });
});
