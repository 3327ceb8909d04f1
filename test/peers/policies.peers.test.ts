import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { contextOf } from '../../src/access/context.ts';
import { parsed } from '../../src/access/document.ts';
import { decide } from '../../src/access/evaluate.ts';
import { accessOf } from '../../src/access/levels.ts';
import { mayTake } from '../../src/access/trust.ts';
import { listed } from '../../tools/aws-actions.ts';
import { missing } from '../postgres.ts';
import { motoServer } from './moto.ts';
import { type Case, everyKind, forRoles, plain } from './policies/cases.ts';
import { publishedPackage } from './published.ts';

// Two evaluations of IAM that nobody here wrote: moto's, of identity policies without conditions, and a simulator of everything that
// Tickmark evaluates. The simulator runs as a program of its own: it is under another licence, and no part of this one.
const SCOPE = '@cloud-copilot';
const PACKAGES: readonly (readonly [name: string, sha512: string])[] = [
  ['iam-simulate@0.1.173', 'RQ29lKnj3FeWGnzENNrOZGc355JVDteYonbHOy9ypIUPhby98R4JBG5g7QwyUQhqHkevi0uDWRPlcFz1Xa3VOg=='],
  ['iam-policy@0.1.109', 'hVgOn0x/dvFd96G2/n9JIUvf85osOveNxhHOJKZ+E25yK74K/cIxCCnlNdKAa60iZbIKoHBwTKYPBR+/8DTO+Q=='],
  ['iam-utils@0.1.82', 'qtUyjSDnKFUj/cJXmr6/IpxcJEvqj6mINQKC5x0Xmm/39HXOz4Mk8cF+fSt6SbhwWiyuqW5+AQ5pz4k/LS4aLw=='],
  ['iam-data@0.21.202609261', 'fmjPChL/p+FZvKASQiw6WjdaAzKkvwVwN45tfyDiW3LJe2DoS7e/SIRQiT0y2fqE8J4iWoCIA/4pIc9AoyVd2Q=='],
];
const SEED = 20_261_126;

const dir = mkdtempSync(join(tmpdir(), 'policies-'));
const published = PACKAGES.every(
  ([name, sha512]) => publishedPackage(`${SCOPE}/${name}`, sha512, join(dir, 'node_modules', SCOPE, name.split('@')[0] ?? '')) !== null,
);
const absent = !published && missing(`${SCOPE}/iam-simulate`, 'A registry of npm must be reachable.');
afterAll(() => rmSync(dir, { recursive: true }));

/** Keys that the cases know of: one that a request does not name is absent from it. */
const KEYS = ['aws:username', 'aws:PrincipalTag/team', 'aws:SourceIp', 'aws:MultiFactorAuthPresent', 'aws:MultiFactorAuthAge', 'aws:CalledVia'];

function ours({ action, resource, known, identity, boundary, controls }: Case): string {
  const named = (documents: Case['identity']) => documents.map((document, place) => ({ name: `p${place}`, document: parsed(JSON.stringify(document)) }));
  const context = contextOf({ ...Object.fromEntries(KEYS.map((key) => [key, null])), ...known });
  const policies = { identity: named(identity), boundary: boundary === null ? null : named(boundary), controls: controls.map(named) };
  const { verdict, explicit } = decide(policies, { action, resource, context });
  if (verdict === 'unknown') return 'unknown';
  return verdict === 'allowed' ? 'Allowed' : explicit ? 'ExplicitlyDenied' : 'ImplicitlyDenied';
}

function takes({ resource, known, identity, boundary, trust }: Case): string {
  const arn = String(known['aws:PrincipalArn']);
  const [, , , , accountId = '', name = ''] = arn.split(/[:/]/).flatMap((part, place) => (place === 5 ? [] : [part]));
  const named = (documents: Case['identity']) => documents.map((document, place) => ({ name: `p${place}`, document: parsed(JSON.stringify(document)) }));
  const context = contextOf({ ...Object.fromEntries(KEYS.map((key) => [key, null])), ...known });
  const policies = { identity: named(identity), boundary: boundary === null ? null : named(boundary), controls: [] };
  const role = { arn: resource, accountId: '123456789012', trust: JSON.stringify(trust) };
  return mayTake(policies, { kind: 'user', arn, name, accountId }, role, context).answer;
}

function theirs(cases: readonly Case[], program: string, its: readonly string[]): readonly string[] {
  const file = join(dir, 'cases.json');
  writeFileSync(file, JSON.stringify(cases));
  return execFileSync(program, [...its, file], { encoding: 'utf8', timeout: 110_000 })
    .trim()
    .split('\n');
}

const script = (name: string) => join(import.meta.dirname, 'policies', name);

/** Known limits of the simulator, and where we say that nobody can know. */
function explained({ known, identity, boundary, controls, trust }: Case): string | null {
  const statements = [...identity, ...(boundary ?? []), ...controls.flat(), ...(trust ? [trust] : [])].flatMap(({ Statement }) => Statement);
  const address = known['aws:SourceIp'];
  const isNone = (operator: string, tests: object) =>
    operator.startsWith('NotIpAddress') &&
    typeof address === 'string' &&
    (Object.values(tests) as readonly (readonly string[])[]).flat().some((network) => network.includes(':') !== address.includes(':'));
  if (statements.some(({ Condition }) => Object.entries(Condition ?? {}).some(([operator, tests]) => isNone(operator, tests as object))))
    return 'an address of one version is in no network of the other; the simulator takes NotIpAddress for untrue then';
  if (known['aws:username'] === undefined && JSON.stringify(statements.map(({ NotResource }) => NotResource ?? null)).includes('aws:username'))
    return 'whether a variable without a value is among "all but these" AWS does not say; the simulator lets the statement go, we say unknown';
  return null;
}

const counted = (words: readonly string[]) => Object.fromEntries([...Map.groupBy(words, (word) => word)].map(([word, its]) => [word, its.length]));

describe.skipIf(absent)('policies of every kind, against a published simulator', () => {
  it('decides as it does, but for what is explained', { timeout: 120_000 }, () => {
    const cases = everyKind(SEED, 1500);
    const said = theirs(cases, process.execPath, [script('simulate.mjs'), dir]);
    expect(said).toHaveLength(cases.length);
    expect(Math.min(...Object.values(counted(said)))).toBeGreaterThan(200);
    expect(Object.keys(counted(said)).sort()).toEqual(['Allowed', 'ExplicitlyDenied', 'ImplicitlyDenied']);
    const different = cases.flatMap((it, place) => (ours(it) === said[place] ? [] : [{ it, place }]));
    expect(different.filter(({ it }) => explained(it) === null)).toEqual([]);
    expect(different.length).toBeLessThan(10);
  });

  it('says of who may take a role what it says', { timeout: 120_000 }, () => {
    const cases = forRoles(SEED, 1500);
    const said = theirs(cases, process.execPath, [script('simulate.mjs'), dir]);
    expect(said).toHaveLength(cases.length);
    expect(Object.keys(counted(said)).sort()).toEqual(['Allowed', 'ExplicitlyDenied', 'ImplicitlyDenied']);
    expect(Math.min(...Object.values(counted(said)))).toBeGreaterThan(200);
    const different = cases.flatMap((it, place) =>
      takes(it) === (said[place] === 'Allowed' ? 'yes' : 'no') ? [] : [{ it, theirs: said[place], ours: takes(it) }],
    );
    expect(different.filter(({ it }) => explained(it) === null)).toEqual([]);
    expect(different.length).toBeLessThan(10);
  });

  it('classes every action of AWS as its list does', () => {
    const all = listed(join(dir, 'node_modules', SCOPE, 'iam-data/data/actions'));
    expect(all.length).toBe(22_091);
    expect(all.filter(({ service, action, level }) => accessOf(`${service}:${action}`) !== level)).toEqual([]);
  });
});

it.skipIf(motoServer() === null && missing('moto', 'pip install "moto[server]==5.2.1"'))(
  'decides as moto does, of what moto evaluates',
  { timeout: 120_000 },
  () => {
    const cases = plain(SEED, 3000);
    const said = theirs(cases, 'python3', [script('moto-says.py')]);
    expect(Math.min(...Object.values(counted(said)))).toBeGreaterThan(400);
    expect(cases.flatMap((it, place) => (ours(it) === said[place] ? [] : [{ it, theirs: said[place] }]))).toEqual([]);
  },
);
