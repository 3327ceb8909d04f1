import { days, hours, type Instant } from '../core/instant.ts';
import { ACCOUNT } from './aws.ts';
import { CLONE } from './registers.ts';
import { ENDPOINTS } from './endpoints.ts';
import { EXPORTED, exportsOf } from './exports.ts';
import { ACCEPTING, acceptancesExport } from './policies.ts';
import { FLEET_READING } from './fleet.ts';
import { infrastructureExports, PROWLER, REPOSITORY, SEMGREP } from './infrastructure.ts';
import { accountIdOf } from './jira.ts';
import { KNOWBE4_READING } from './knowbe4.ts';
import { TEAM } from './slack.ts';
import { attestedAt, ACME_KINDS } from './statements.ts';
import { CAST } from './stories.ts';
import { JIRA_READING, LINEAR_READING } from './tracker-configuration.ts';
import { PLAN_FILE, STATE_FILE } from './terraform.ts';
import { PROVENANCE, provenanceOf } from './provenance.ts';
import { type AcmeSource, WATCHING } from './watch-configuration.ts';
import { hrExport } from './wire.ts';
import { isEngineer, type Person, person, type World } from './world.ts';

const HR_EXPORT = 'registers/workers.csv';

/** What is so of every tool of the office. */
const OFFICE = 'critical: false, environment: corporate, ssoRequired: true, ssoEnforced: true, accessReviewed: false, deployed: false, provisioning: automatic';

const GITHUB = 'credentials: { token: env:ACME_GITHUB_TOKEN }';
const OKTA = 'credentials: { token: env:ACME_OKTA_TOKEN }';

const SOURCES: readonly AcmeSource[] = [
  { source: 'hr/csv/people', entry: `collector: hr/csv, name: people, config: { path: ${HR_EXPORT}, company: acme }`, nights: 1 },
  { source: 'okta/users/acme', entry: `collector: okta/users, name: acme, config: { org: acme.okta.com }, ${OKTA}`, nights: 1 },
  {
    source: 'okta/system-log/acme',
    entry: `collector: okta/system-log, name: acme, every: 1d, config: { org: acme.okta.com }, ${OKTA}`,
    nights: 1,
  },
  { source: 'github/organization/acme', entry: `collector: github/organization, name: acme, config: { org: acme }, ${GITHUB}`, nights: 1 },
  { source: 'github/repositories/acme', entry: `collector: github/repositories, name: acme, config: { org: acme }, ${GITHUB}`, nights: 1 },
  { source: 'github/alerts/acme', entry: `collector: github/alerts, name: acme, config: { org: acme }, ${GITHUB}`, nights: 1 },
  { source: 'github/changes/acme', entry: `collector: github/changes, name: acme, config: { org: acme, tickets: [ACME] }, ${GITHUB}`, nights: 1 },
  { source: 'github/workflow-runs/acme', entry: `collector: github/workflow-runs, name: acme, config: { org: acme }, ${GITHUB}`, nights: 1 },
  { source: 'github/deployments/acme', entry: `collector: github/deployments, name: acme, config: { org: acme }, ${GITHUB}`, nights: 1 },
  {
    source: 'aws/iam/production',
    entry: `collector: aws/iam, name: production, config: { accounts: [{ id: "${ACCOUNT}" }] }, credentials: default`,
    nights: 1,
  },
  {
    source: 'files/registers/workspace',
    entry: `collector: files/registers, name: workspace, every: 1w, config: { kinds: [${ACME_KINDS.join(', ')}] }`,
    nights: 7,
  },
  { source: 'git/repository/web', entry: `collector: git/repository, name: web, config: { path: ${CLONE}, repo: acme/web }, every: 1w`, nights: 7 },
  {
    source: 'tls/endpoints/public',
    entry: `collector: tls/endpoints, name: public, config: { endpoints: [${ENDPOINTS.map((host) => `{ host: ${host} }`).join(', ')}] }`,
    nights: 1,
    since: 'connectedAt',
  },
  {
    source: 'google-workspace/users/acme',
    entry: 'collector: google-workspace/users, name: acme, config: { customer: C0acme001 }, credentials: { token: env:ACME_GOOGLE_TOKEN }',
    nights: 1,
    since: 'connectedAt',
  },
  {
    source: 'scim/users/expenses',
    entry:
      'collector: scim/users, name: expenses, config: { url: "https://expenses.acme.example/scim/v2", system: expenses, passwords: "no" }, credentials: { token: env:ACME_EXPENSES_TOKEN }',
    nights: 1,
    since: 'connectedAt',
  },
  { source: 'okta/applications/acme', entry: `collector: okta/applications, name: acme, config: { org: acme.okta.com }, ${OKTA}`, nights: 1 },
  {
    source: 'slack/users/acme',
    entry: `collector: slack/users, name: acme, config: { team: ${TEAM}, passwords: "no" }, credentials: { token: env:ACME_SLACK_TOKEN }`,
    nights: 1,
    since: 'connectedAt',
  },
  { source: 'github/audit-log/acme', entry: `collector: github/audit-log, name: acme, every: 1d, config: { org: acme }, ${GITHUB}`, nights: 1 },
  {
    source: 'terraform/configuration/infrastructure',
    entry: `collector: terraform/configuration, name: infrastructure, config: { repository: ${REPOSITORY}, state: production }, every: 7d`,
    nights: 7,
  },
  {
    source: 'terraform/state/production',
    entry: `collector: terraform/state, name: production, config: { path: ${STATE_FILE}, state: production }, every: 7d`,
    nights: 7,
  },
  { source: 'terraform/state/next', entry: `collector: terraform/state, name: next, config: { path: ${PLAN_FILE}, state: next plan }, every: 7d`, nights: 7 },
  {
    source: 'scanner/ocsf/prowler',
    entry: `collector: scanner/ocsf, name: prowler, config: { path: ${PROWLER}, scan: production, scopes: ["${ACCOUNT}"] }, every: 7d`,
    nights: 7,
  },
  { source: 'scanner/sarif/semgrep', entry: `collector: scanner/sarif, name: semgrep, config: { path: ${SEMGREP}, target: acme/web }, every: 7d`, nights: 7 },
  {
    source: 'jira/issues/acme',
    entry: `collector: jira/issues, name: acme, config: ${JSON.stringify(JIRA_READING)}, credentials: { token: env:ACME_JIRA_TOKEN }`,
    nights: 1,
  },
  {
    source: 'linear/issues/acme',
    entry: `collector: linear/issues, name: acme, config: ${JSON.stringify(LINEAR_READING)}, credentials: { token: env:ACME_LINEAR_TOKEN }`,
    nights: 1,
  },
  {
    source: 'fleet/hosts/acme',
    entry: `collector: fleet/hosts, name: acme, config: ${JSON.stringify(FLEET_READING)}, credentials: { token: env:ACME_FLEET_TOKEN }`,
    nights: 1,
    since: 'connectedAt',
  },
  {
    source: 'knowbe4/training/acme',
    entry: `collector: knowbe4/training, name: acme, config: ${JSON.stringify(KNOWBE4_READING)}, credentials: { token: env:ACME_KNOWBE4_TOKEN }`,
    nights: 1,
    since: 'connectedAt',
  },
  ...WATCHING,
  ...EXPORTED,
  ACCEPTING,
];

/** What Acme lays over the catalogue: its risks are looked through each quarter, and the log of its directory is read each night. */
export const ACME_OVERLAY: Readonly<Record<string, string>> = {
  'controls/AC-02.md': `---
id: AC-02
parameters:
  identity-logs-collected: { lag: 30 hours }
---
`,
  'controls/RM-02.md': `---
id: RM-02
occurs:
  - duty: "Review of the risk register"
    dataset: register.entries
    where: { register: risks }
    at: reviewedAt
    cadence: quarterly
    grace: 14d
---
`,
};

/** What lies in the workspace of Acme as of an instant, by path: exports that people and jobs put there. */
export const acmeFiles = (world: World, at: Instant): Readonly<Record<string, string>> => ({
  ...ACME_OVERLAY,
  [HR_EXPORT]: hrExport(world, at),
  ...infrastructureExports(world, at),
  ...exportsOf(world, at),
  ...acceptancesExport(world, at),
  ...(at < world.watchedAt ? {} : { [PROVENANCE]: provenanceOf(world, at) }),
});

/** Sources that are asked from an instant on. */
const sourcesAt = (world: World, at: Instant): readonly AcmeSource[] => SOURCES.filter(({ since }) => at >= world[since ?? 'firstDay']);

/** The `tickmark.yaml` of Acme as it was at an instant: at first to get ready by, then for the half year that is observed. */
export function acmeConfiguration(world: World, at: Instant = world.lastDay): string {
  const { ready, observed } = world.periods;
  const { from, to } = at < world.connectedAt ? ready : observed;
  const sources = sourcesAt(world, at);
  const engineers = world.people.filter(isEngineer);
  const tracking = world.people.filter((it, place) => isEngineer(it) || place <= 3);
  const [owner, second] = [person(world, 1), person(world, 2)];
  const connected = (name: string) => sources.some(({ source }) => source === name);
  const systems = systemsOf(owner, second).filter((it) => it.sources.some(connected));
  return `# The made-up company Acme. Everything in it is invented.
company: Acme
timezone: UTC
period: { from: ${from}, to: ${to} }
categories: [Security, Availability, Confidentiality]

# Nobody but people tells when a departure became known, and what they accept under their keys.
attested: [${attestedAt(world, at).join(', ')}]

sources:
${sources.map(({ entry }) => `  - { ${entry} }`).join('\n')}

people:
  aliases:
    - { worker: ${owner.id}, emails: [owner@acme.example] } # whoever looks at the demo
    - { worker: ${person(world, CAST.renamed).id}, emails: [${person(world, CAST.renamed).name.split(' ')[0]?.toLowerCase()}.former@acme.example] }
  accounts:
${engineers.map(({ login, id }) => `    - { system: github, account: ${login}, person: ${id} }`).join('\n')}
${tracking.map((it) => `    - { system: jira, account: "${accountIdOf(it)}", person: ${it.id} }`).join('\n')}
  services:
    - { system: github, account: acme-bot, owner: ${owner.id}, purpose: opens dependency updates }
    - { system: aws, account: ci-deploy, owner: ${owner.id}, purpose: deploys from the pipeline }
    - { system: aws, account: backup-runner, owner: ${owner.id}, purpose: copies backups at night }
    - { system: aws, account: metrics-export, owner: ${person(world, CAST.ownerWhoLeft).id}, purpose: exports metrics to the data team }
    - { system: slack, account: slackbot, owner: ${owner.id}, purpose: Slack's own account in every workspace }
    - { system: slack, account: tickmark, owner: ${owner.id}, purpose: reads the list of accounts }
  external:
    - { system: github, account: freelance-jo, owner: ${owner.id}, purpose: design work for the design system }
    - { system: slack, account: studio.kim, owner: ${owner.id}, purpose: talks about the design system }
  shared:
    - { system: okta, account: ops-shared@acme.example, owner: ${owner.id}, purpose: old monitoring console that knows one login }

scope:
  systems:
${systems.map(({ entry, sources: its }) => `    - { ${entry}, sources: [${its.filter(connected).join(', ')}] }`).join('\n')}
`;
}

/** The systems of Acme, and which sources tell of each. */
const systemsOf = (owner: Person, second: Person): readonly { readonly entry: string; readonly sources: readonly string[] }[] => [
  {
    entry: `id: okta, name: Okta, identityProvider: true, environment: corporate, owner: ${owner.id}, accessReviewed: true, deployed: false, provisioning: automatic`,
    sources: ['okta/users/acme', 'okta/applications/acme', 'okta/system-log/acme'],
  },
  {
    entry: `id: github, name: GitHub, environment: corporate, owner: ${second.id}, ssoRequired: true, ssoEnforced: true, accessReviewed: true, deployed: false, provisioning: automatic, dataClasses: [source code]`,
    sources: [
      'github/alerts/acme',
      'github/audit-log/acme',
      'github/changes/acme',
      'github/deployments/acme',
      'github/organization/acme',
      'github/repositories/acme',
      'github/tokens/acme',
      'github/workflow-runs/acme',
    ],
  },
  {
    entry: `id: aws, name: AWS, environment: production, owner: ${owner.id}, ssoRequired: false, accessReviewed: true, deployed: false, provisioning: manual, dataClasses: [customers]`,
    sources: ['aws/iam/production', 'aws/cloudtrail/production', 'aws/containers/production'],
  },
  {
    entry: `id: web, name: Public endpoints, environment: production, owner: ${second.id}, ssoRequired: true, ssoEnforced: true, accessReviewed: false, deployed: true, provisioning: automatic, dataClasses: [customers]`,
    sources: ['tls/endpoints/public'],
  },
  {
    entry: `id: google, name: Google Workspace, critical: false, environment: corporate, owner: ${owner.id}, ssoRequired: true, ssoEnforced: true, accessReviewed: true, deployed: false, provisioning: automatic, dataClasses: [workforce]`,
    sources: ['google-workspace/users/acme'],
  },
  { entry: `id: expenses, name: Expense tool, ${OFFICE}`, sources: ['scim/users/expenses'] },
  { entry: `id: slack, name: Slack, ${OFFICE}`, sources: ['slack/users/acme'] },
  { entry: `id: jira, name: Jira, ${OFFICE}`, sources: ['jira/issues/acme'] },
  { entry: `id: linear, name: Linear, ${OFFICE}`, sources: ['linear/issues/acme'] },
  { entry: `id: fleet, name: Fleet, ${OFFICE}`, sources: ['fleet/hosts/acme'] },
  { entry: `id: knowbe4, name: KnowBe4, ${OFFICE}`, sources: ['knowbe4/training/acme'] },
  { entry: `id: intune, name: Intune, ${OFFICE}`, sources: ['csv/dataset/windows', 'csv/dataset/windows-reports'] },
  { entry: `id: desk, name: Support desk, ${OFFICE}`, sources: ['csv/dataset/desk', 'csv/dataset/desk-use'] },
  { entry: `id: pagerduty, name: PagerDuty, ${OFFICE}`, sources: ['pagerduty/incidents/acme'] },
];

/** When each source was asked: in the night around two, a few minutes apart, to the last day. */
export function acmeRuns(world: World, until: Instant): readonly { readonly at: Instant; readonly source: string }[] {
  const runs: { at: Instant; source: string }[] = [];
  for (let day = 0; ; day++) {
    const night = world.firstDay + days(day) + hours(2);
    const asked = sourcesAt(world, night);
    for (const [place, { source, nights }] of SOURCES.entries()) {
      if (!asked.some((it) => it.source === source)) continue;
      const at = night + place * 240_000 + ((day * 7919 + place * 104_729) % 180) * 1000;
      if (at > until) return runs;
      if (day % nights === 0) runs.push({ at, source });
    }
  }
}
