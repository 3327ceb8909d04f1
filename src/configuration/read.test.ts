import { describe, expect, it } from 'vitest';
import { collectors } from '../collectors/index.ts';
import { ConfigurationError } from '../core/error.ts';
import { instant, NEVER } from '../core/instant.ts';
import { expectations, normalizeConfiguration, sealedFile } from './normalize.ts';
import { parseConfiguration, resolveCredentials } from './read.ts';
import { initialFiles } from './template.ts';

const HEAD = 'company: Acme\ntimezone: UTC\nperiod: { from: 2026-01-01, to: 2027-01-01 }\n';
const LOG = 'arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f';
const WITNESS = 'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2';
const github = (more = '') =>
  `${HEAD}sources:\n  - collector: github/organization\n    name: main\n    config: { org: acme }\n    credentials: { token: env:TOKEN }\n${more}`;
const read = (text: string) => parseConfiguration(text, collectors);

it('reads what init writes', () => {
  expect(
    read(initialFiles({ company: 'Acme "Labs"', timezone: 'Europe/Berlin', from: '2026-01-01', to: '2027-01-01' })['tickmark.yaml'] ?? '').file.company,
  ).toBe('Acme "Labs"');
});

it.each([
  ['an unknown setting', `${HEAD}scop: {}\n`, /tickmark\.yaml:4:1: scop: there is no such setting \(did you mean "scope"\?\)/],
  ['a missing setting', 'company: Acme\ntimezone: UTC\n', /tickmark\.yaml:1:1: period: expected object/],
  ['a wrong time zone', HEAD.replace('UTC', 'Mars'), /tickmark\.yaml:2:1: timezone: expected an IANA time zone/],
  ['a period that ends before it begins', HEAD.replace('2027', '2025'), /tickmark\.yaml:3:\d+: period\.to: the period ends at .* before it begins/],
  [
    'a witness without a key',
    `${HEAD}witnesses: [{ url: "https://w.example", key: w }]\n`,
    /tickmark\.yaml:4:\d+: witnesses\[0\]\.key: expected the key of a witness/,
  ],
  [
    'the key of a log as that of a witness',
    `${HEAD}witnesses: [{ url: "https://w.example", key: "${LOG}" }]\n`,
    /witnesses\[0\]\.key: expected the key of a witness/,
  ],
  [
    'one witness twice',
    `${HEAD}witnesses: [{ url: "https://a.example", key: "${WITNESS}" }, { url: "https://b.example", key: "${WITNESS}" }]\n`,
    /witnesses\[1\]\.key: there is another witness with this name or this key/,
  ],
  [
    'a quorum that cannot be',
    `${HEAD}witnesses: [{ url: "https://w.example", key: "${WITNESS}" }]\nquorum: 2\n`,
    /tickmark\.yaml:5:1: quorum: 2 witnesses cannot sign where 1 are named/,
  ],
  [
    'an authority without an address',
    `${HEAD}timestamps: [{ name: tsa, url: tsa.example, certificates: a.pem }]\n`,
    /timestamps\[0\]\.url: expected an address/,
  ],
  [
    'a policy that is no OID',
    `${HEAD}timestamps: [{ name: tsa, url: "http://t", certificates: a.pem, policy: "1.02" }]\n`,
    /timestamps\[0\]\.policy: expected an OID/,
  ],
  [
    'two authorities of one name',
    `${HEAD}timestamps: [{ name: tsa, url: "http://t", certificates: a.pem }, { name: tsa, url: "http://u", certificates: b.pem }]\n`,
    /timestamps\[1\]\.name: there is another authority tsa/,
  ],
  ['a day that is not', HEAD.replace('2026-01-01', '2026-02-30'), /period\.from: there is no such day/],
  ['a bucket whose lock has no end', `${HEAD}archive: { url: "s3://acme-evidence" }\n`, /tickmark\.yaml:4:1: archive: say in retentionDays how long/],
  [
    'a retention where nothing is locked',
    `${HEAD}archive: { url: "s3://acme-evidence", lock: none, retentionDays: 30 }\n`,
    /tickmark\.yaml:4:\d+: archive\.retentionDays: nothing is locked/,
  ],
  ['an address that is no bucket', `${HEAD}archive: { url: "https://acme", lock: none }\n`, /archive\.url: expected an address, like s3:/],
  ['not YAML', `${HEAD}sources: [`, /tickmark\.yaml:\d+:\d+: not YAML/],
  [
    'an unknown collector',
    `${HEAD}sources: [{ collector: azure/ad, name: a }]`,
    /sources\[0\]\.collector: no collector is called azure\/ad\. There are: aws\/iam/,
  ],
  [
    'a setting that the collector does not know',
    github().replace('org: acme', 'org: acme, orgs: b'),
    /tickmark\.yaml:7:\d+: sources\[0\]\.config\.orgs: there is no such setting/,
  ],
  ['a setting of the wrong kind', github().replace('org: acme', 'org: [a]'), /tickmark\.yaml:7:\d+: sources\[0\]\.config\.org: expected string/],
  [
    'two sources of one name',
    `${github()}  - { collector: github/organization, name: main, config: { org: b }, credentials: { token: env:B } }\n`,
    /sources\[1\]\.name: there is another source/,
  ],
  ['a schedule that is too seldom', github('    every: 3d\n'), /sources\[0\]\.every: 3d is too seldom.*Write 24h or less/],
  ['a literal secret', github().replace('env:TOKEN', 'ghp_verysecret'), /sources\[0\]\.credentials\.token: expected a reference: env:NAME, file:PATH or kept/],
  ['a literal secret in place of all', github().replace('{ token: env:TOKEN }', 'ghp_verysecret'), /sources\[0\]\.credentials: expected "default"/],
  [
    'a credential that is not needed',
    github().replace('token: env:TOKEN', 'token: env:TOKEN, password: env:B'),
    /sources\[0\]\.credentials\.password: github\/organization needs no such credential/,
  ],
  [
    'a system that is not in scope',
    `${HEAD}people: { services: [{ system: aws, account: ci, owner: W-1, purpose: deploys }] }\n`,
    /people\.services\[0\]\.system: the scope has no system aws/,
  ],
  [
    'a source that is not there',
    `${HEAD}scope: { systems: [{ id: aws, name: AWS, sources: [aws/iam/main] }] }\n`,
    /scope\.systems\[0\]\.sources\[0\]: no source is called aws\/iam\/main/,
  ],
])('refuses %s', (_, text, says) => {
  expect(() => read(text)).toThrow(ConfigurationError);
  expect(() => read(text)).toThrow(says);
  expect(() => read(text)).not.toThrow(/verysecret/);
});

it('names every problem at once', () => expect(() => read(`${HEAD.replace('UTC', 'Mars')}frob: 1\n`)).toThrow(/timezone[\s\S]*frob/));

describe('credentials', () => {
  const [source] = read(github()).sources;
  it('come from where they are referred to', () => expect(source && resolveCredentials(source, '.', { TOKEN: 'x' })).toEqual({ token: 'x' }));
  it('are missed by name', () =>
    expect(() => source && resolveCredentials(source, '.', {})).toThrow(
      /the environment variable TOKEN is not set \(github\/organization\/main, credential token\)/,
    ));
});

describe('what is expected of sources', () => {
  const [first, second, third] = ['2026-01-01', '2026-02-01', '2026-03-01'].map((date) => instant(`${date}T00:00:00Z`)) as [number, number, number];
  const of = (history: readonly (readonly [number, string])[]) =>
    expectations(
      history.map(([at, text]) => ({ at, file: sealedFile(text) })),
      collectors,
    ).filter(({ dataset }) => dataset === 'identity.users');
  const one = { dataset: 'identity.users', source: 'github/organization/main', partition: 'acme' };

  it('begins with the first file that names a source', () =>
    expect(
      of([
        [first, HEAD],
        [second, github()],
        [third, github()],
      ]),
    ).toEqual([{ ...one, from: second, to: NEVER }]));
  it('does not end when the source disappears', () =>
    expect(
      of([
        [first, github()],
        [second, HEAD],
      ]),
    ).toEqual([{ ...one, from: first, to: NEVER }]));
  it('ends when the source is retired', () =>
    expect(
      of([
        [first, github()],
        [third, github('    retired: { at: 2026-02-01, because: moved }\n')],
      ]),
    ).toEqual([{ ...one, from: first, to: second }]));
});

it('declares systems and accounts as rows', () => {
  const rows = normalizeConfiguration(
    sealedFile(
      `${HEAD}people: { services: [{ system: aws, account: CI, owner: W-1, purpose: deploys }], aliases: [{ worker: W-1, emails: [Former@acme.example] }] }\nscope: { systems: [{ id: aws, name: AWS, environment: production, owner: W-1, ssoRequired: true, ssoEnforced: false, provisioning: manual, dataClasses: [customer] }] }\n`,
    ),
  );
  expect(rows.map(({ rows: its }) => its)).toEqual([
    [
      {
        systemId: 'aws',
        name: 'AWS',
        critical: true,
        identityProvider: false,
        environment: 'production',
        ownerId: 'W-1',
        ssoRequired: 'yes',
        ssoEnforced: 'no',
        accessReviewed: 'unknown',
        deployed: 'unknown',
        provisioning: 'manual',
        dataClasses: ['customer'],
      },
    ],
    [{ systemId: 'aws', account: 'ci', meaning: 'service', workerId: 'W-1', purpose: 'deploys' }],
    [{ workerId: 'W-1', emails: ['former@acme.example'] }],
  ]);
});
