import { z } from 'zod';
import { IncompleteError } from '../../core/error.ts';
import { secretsCoverage } from '../../datasets/secrets/coverage.ts';
import { secretFindings } from '../../datasets/secrets/findings.ts';
import { vulnerabilities } from '../../datasets/vulnerability/findings.ts';
import { arrayOf, pagesOf, parse, readAll } from '../answers.ts';
import { defineCollector, table } from '../collector.ts';
import type { Artifact, HttpSource } from '../source.ts';
import { CodeAlert, codeFinding, coverageRow, DependencyAlert, dependencyFinding, ScannedRepo, SecretAlert, secretFinding } from './alert-rows.ts';
import { GITHUB, GithubConfig, path } from './answers.ts';
import { ask, replay } from './change-asking.ts';
import { overviewOf } from './overview.ts';

export const AlertsConfig = z.strictObject(GithubConfig);
type AlertsConfig = z.infer<typeof AlertsConfig>;

const SWITCHES = `query Switches($org: String!, $after: String) {
  viewer { login }
  organization(login: $org) {
    databaseId
    login
    repositories(first: 100, after: $after, orderBy: { field: CREATED_AT, direction: ASC }) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { databaseId hasVulnerabilityAlertsEnabled }
    }
  }
}`;
const Switches = z.object({ databaseId: z.int(), hasVulnerabilityAlertsEnabled: z.boolean() });
const switches = (org: string) => overviewOf(org, (page) => `switches ${page}`, SWITCHES, Switches);

/** In these words, and no others, GitHub says that a feature is off or has found nothing to speak of. */
const said = (status: number, ...words: readonly string[]) =>
  words.flatMap((says) => [
    { status, says },
    { status, says: `${says}.` },
  ]);
const NO_SECRET_SCANNING = said(404, 'Secret scanning is disabled on this repository');
const NO_DEPENDENCY_ALERTS = said(403, 'Dependabot alerts are disabled for this repository');
const NO_CODE_SCANNING = [
  ...said(404, 'no analysis found'),
  ...said(
    403,
    'Advanced Security must be enabled for this repository to use code scanning',
    'Code Security must be enabled for this repository to use code scanning',
    'Code scanning is not enabled for this repository',
  ),
];
const analyses = ({ id }: ScannedRepo): string => `analyses of ${id}`;

export const githubAlerts = defineCollector<AlertsConfig, 'http'>({
  id: 'github/alerts',
  title: 'What GitHub found in an organization: leaked credentials, weak dependencies, weak code; and which repositories it scans at all',
  version: 1,
  ...GITHUB,
  permissions: [
    { right: 'Repository permissions: Secret scanning alerts, read (all repositories)', why: 'credentials that were found; never the credentials themselves' },
    { right: 'Repository permissions: Dependabot alerts, read', why: 'weak dependencies' },
    { right: 'Repository permissions: Code scanning alerts, read', why: 'weak code, and whether it was analysed' },
    { right: 'Repository permissions: Administration, read', why: 'what is switched on; without it GitHub leaves the settings out' },
  ],
  credentials: { token: 'a fine-grained personal access token of an owner or security manager, or a token of an installed app' },
  every: '1d',
  config: AlertsConfig,
  feeds: [secretFindings, vulnerabilities, secretsCoverage],
  cannotTell: [
    'whether a credential was revoked: who closed the alert says so; GitHub tries some kinds itself and says what it saw',
    'credentials by patterns that no vendor stands behind, and passwords: GitHub leaves them out of the list',
    'how serious weak code is, where the tool gives no severity for security',
    'how old the last analysis of the code is, and of which languages',
    'what is found in an archived repository by the analysis of code: it is not asked for',
  ],
  partitions: ({ org }) => [org],

  async *collect(source, { config: { org } }) {
    yield* ask(source, switches(org));
    const repositories: ScannedRepo[] = [];
    for await (const page of source.pages('repositories', `/orgs/${path(org)}/repos?type=all&per_page=100`)) {
      repositories.push(...parse(page, arrayOf(ScannedRepo)));
      yield page;
    }
    yield* secretAlerts(source, org);
    const lists = `/orgs/${path(org)}`;
    yield* source.pages('dependency alerts', `${lists}/dependabot/alerts?sort=created&direction=asc&per_page=100`, { facts: NO_DEPENDENCY_ALERTS });
    yield* source.pages('code alerts', `${lists}/code-scanning/alerts?sort=created&direction=asc&per_page=100`, { facts: NO_CODE_SCANNING });
    for (const repository of repositories) {
      if (!repository.archived) yield* newestAnalysis(source, org, repository);
    }
  },

  witness(artifacts, { config: { org } }) {
    const { caller, organization, total } = replay(artifacts, switches(org));
    const received = readAll(artifacts, 'repositories', ScannedRepo).length;
    return { askedAs: caller, answeredBy: String(organization), granted: null, totals: { repositories: { received, total } } };
  },

  normalize(artifacts, { config: { org, system } }) {
    const watched = new Map(replay(artifacts, switches(org)).repositories.map((it) => [it.databaseId, it.hasVulnerabilityAlertsEnabled]));
    return [
      table(
        secretFindings,
        unique(told(artifacts, 'secret alerts', SecretAlert)).map((alert) => secretFinding(alert, system)),
      ),
      table(vulnerabilities, [
        ...unique(told(artifacts, 'dependency alerts', DependencyAlert)).map((alert) => dependencyFinding(alert, system)),
        ...unique(told(artifacts, 'code alerts', CodeAlert)).map((alert) => codeFinding(alert, system)),
      ]),
      table(
        secretsCoverage,
        readAll(artifacts, 'repositories', ScannedRepo).map((repository) =>
          coverageRow(repository, watched.get(repository.id) ?? false, repository.archived ? null : isAnalysed(artifacts, repository), system),
        ),
      ),
    ];
  },
});

const Secrets = z.array(z.object({ secret: z.string().nullish() }));

/** Alerts without what was found: an answer that holds a credential all the same is refused before it can be kept. */
async function* secretAlerts(source: HttpSource, org: string) {
  const url = `/orgs/${path(org)}/secret-scanning/alerts?hide_secret=true&sort=created&direction=asc&per_page=100`;
  for await (const page of source.pages('secret alerts', url, { facts: NO_SECRET_SCANNING })) {
    const open = page.status === 200 && parse(page, Secrets).some(({ secret }) => secret);
    if (open)
      throw new IncompleteError('"secret alerts" were answered with the credentials in them, although they were to be left out: the answer is not kept');
    yield page;
  }
}

/** That there is one is all that is asked: GitHub keeps every analysis there ever was. */
async function* newestAnalysis(source: HttpSource, org: string, repository: ScannedRepo) {
  const url = `/repos/${path(org)}/${path(repository.name)}/code-scanning/analyses?per_page=1`;
  for await (const page of source.pages(analyses(repository), url, { facts: NO_CODE_SCANNING })) {
    yield page;
    return;
  }
}

const told = <Entry>(artifacts: readonly Artifact[], question: string, schema: z.ZodType<Entry>): readonly Entry[] =>
  pagesOf(artifacts, question).flatMap((page) => (page.status === 200 ? parse(page, arrayOf(schema)) : []));

/** A list that moves while it is read tells an alert twice: the later page says how it is now. */
function unique<Alert extends { readonly number: number; readonly repository: { readonly id: number } }>(alerts: readonly Alert[]): readonly Alert[] {
  return [...new Map(alerts.map((alert) => [`${alert.repository.id}/${alert.number}`, alert])).values()];
}

const isAnalysed = (artifacts: readonly Artifact[], repository: ScannedRepo): boolean => told(artifacts, analyses(repository), z.unknown()).length > 0;
