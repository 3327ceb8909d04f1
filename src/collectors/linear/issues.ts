import { z } from 'zod';
import { IncompleteError } from '../../core/error.ts';
import { iso } from '../../core/instant.ts';
import { accessRequests } from '../../datasets/access/requests.ts';
import { tickets } from '../../datasets/change/tickets.ts';
import { parse, read, wasAsked } from '../answers.ts';
import { defineCollector } from '../collector.ts';
import type { Artifact, HttpSource } from '../source.ts';
import { leftAt, polledBy, sweepOf } from '../sweep.ts';
import { fieldsOf, NOTHING_TRACKED, statusesOf, TRACKED, type Tracked, tracksSomething } from '../ticket-config.ts';
import { tablesOf } from '../tickets.ts';
import { AllLabels, ISSUES, Issues, issueOf, LABELS, type LinearIssue, personOf, REST, Rest, type Step, WHO, Who } from './queries.ts';

export const LinearConfig = z
  .strictObject({
    organization: z
      .string()
      .regex(/^[a-z0-9-]+$/i, 'expected the key of the workspace: acme of linear.app/acme')
      .describe('Key of the workspace in its addresses: acme of linear.app/acme'),
    teams: z
      .array(z.string().regex(/^[A-Z0-9]+$/, 'expected the key of a team, like OPS'))
      .min(1)
      .describe('Keys of the teams'),
    ...TRACKED,
    system: z.string().min(1).default('linear').describe('Id of the system in the scope'),
  })
  .refine(tracksSomething, NOTHING_TRACKED)
  .refine(
    (config) => fieldsOf(config).length === 0 && !hasTypes(config),
    'an issue of Linear has neither a type nor fields of its own: use labels and headings',
  );
type LinearConfig = z.infer<typeof LinearConfig>;

const GRAPHQL = '/graphql';
/** So many pages in one run; what is left is asked in the next, at once. */
const PAGES = 10;

export const linearIssues = defineCollector<LinearConfig, 'http'>({
  id: 'linear/issues',
  title: 'Tickets and requests for access from Linear, with who approved, implemented and reviewed them by their history',
  version: 2,
  transport: 'http',
  hosts: () => ['api.linear.app'],
  operations: [],
  headers: ({ token }) => ({ accept: 'application/json', authorization: token ?? '', 'user-agent': 'tickmark' }),
  permissions: [{ right: 'Read, of the teams named (scope read; an API key may be restricted to reading and to teams)', why: 'issues and their history' }],
  credentials: { token: 'an API key that may only read, or an access token, then with "Bearer " before it' },
  every: '1d',
  config: LinearConfig,
  feeds: [tickets, accessRequests],
  feedsOf: ({ changes, requests }) => [...(changes ? [tickets] : []), ...(requests ? [accessRequests] : [])],
  cannotTell: [
    'issues that were deleted for good, and those of private teams that the key may not see',
    'issues that were last changed more than a year before the observation period',
    'who stands behind an integration that moves an issue: it goes by its own name, and has no address',
    'what was approved: an issue that is edited after its approval is not told apart',
    'a step into a state that was renamed since: it goes by the name of today',
  ],
  partitions: ({ organization }) => [organization.toLowerCase()],

  async *collect(source, of) {
    const { teams } = of.config;
    const who = await source.query('who', GRAPHQL, WHO, { teams });
    known(who, of.config);
    yield who;
    const sweep = sweepOf(of);
    const since = iso(sweep.until);
    const seen = new Set<string>();
    for (let [page, after]: [number, string | null] = [1, sweep.next]; page <= PAGES; page++) {
      const answer = await source.query(nameOf(page), GRAPHQL, ISSUES, { teams, since, after });
      yield answer;
      for (const issue of parse(answer, Issues).data.issues.nodes) yield* theRest(source, issue);
      after = nextOf(answer);
      if (after === null) break;
      if (seen.has(after)) throw new IncompleteError(`"${nameOf(page)}" names a page as the next one that it had given before`);
      seen.add(after);
    }
  },

  mark(artifacts, of) {
    return leftAt(sweepOf(of), nextIn(artifacts));
  },

  witness(artifacts) {
    const { viewer, organization } = read(artifacts, 'who', Who).data;
    return { askedAs: viewer.email ?? personOf(viewer, null)?.name ?? viewer.id, answeredBy: organization.id, granted: null, totals: {} };
  },

  normalize(artifacts, of) {
    const found = pagesIn(artifacts).flatMap((page) => parse(page, Issues).data.issues.nodes);
    const issues = [...new Map(found.map((it) => [it.id, it])).values()].map((it) => issueOf(it, stepsOf(it, artifacts), labelsOf(it, artifacts)));
    return tablesOf(issues, of.config, of.timezone, polledBy(sweepOf(of), nextIn(artifacts)));
  },
});

function hasTypes({ changes, requests }: Tracked): boolean {
  const matches = [changes?.normal, changes?.standard, changes?.emergency, requests?.issues, ...Object.values(requests?.kinds ?? {})];
  return matches.some((match) => match?.types !== undefined);
}

/** A team or a state that Linear does not know would look like one without issues. */
function known(who: Artifact, config: LinearConfig): void {
  const { organization, teams } = parse(who, Who).data;
  if (organization.urlKey.toLowerCase() !== config.organization.toLowerCase())
    throw new IncompleteError(`the workspace ${organization.urlKey} answered for ${config.organization}`);
  const team = config.teams.find((key) => !teams.nodes.some((it) => it.key === key));
  if (team !== undefined) throw new IncompleteError(`Linear shows no team ${team}: it does not exist, or the key may not see it`);
  if (teams.nodes.some(({ states }) => states.pageInfo.hasNextPage)) throw new IncompleteError('a team has more than a hundred states');
  const states = teams.nodes.flatMap((it) => it.states.nodes.map(({ name }) => name.toLowerCase()));
  const state = statusesOf(config).find((name) => !states.includes(name.toLowerCase()));
  if (state !== undefined) throw new IncompleteError(`none of the teams has a state "${state}", and the configuration relies on it`);
}

const nameOf = (page: number): string => `issues ${page}`;

function pagesIn(artifacts: readonly Artifact[]): readonly Artifact[] {
  const page = ({ name }: Artifact) => Number(/^issues (\d+)$/.exec(name)?.[1] ?? 0);
  return artifacts.flatMap((artifact) => (page(artifact) > 0 ? [artifact] : [])).sort((a, b) => page(a) - page(b));
}

function nextOf(answer: Artifact): string | null {
  const { hasNextPage, endCursor } = parse(answer, Issues).data.issues.pageInfo;
  if (!hasNextPage) return null;
  if (!endCursor) throw new IncompleteError(`"${answer.name}" says that there is more, and not where`);
  return endCursor;
}

const nextIn = (artifacts: readonly Artifact[]): string | null => {
  const last = pagesIn(artifacts).at(-1);
  if (!last) throw new RangeError('no issues were asked for');
  return nextOf(last);
};

/** What of an issue did not fit into the list. */
async function* theRest(source: HttpSource, { id, history, labels }: LinearIssue): AsyncIterable<Artifact> {
  for (let [part, { hasNextPage, endCursor }] = [1, history.pageInfo]; hasNextPage; part++) {
    const answer = await source.query(`history of ${id} ${part}`, GRAPHQL, REST, { id, after: endCursor ?? null });
    const { pageInfo } = parse(answer, Rest).data.issue.history;
    if (pageInfo.hasNextPage && pageInfo.endCursor === endCursor) throw new IncompleteError(`the history of issue ${id} comes to no end`);
    yield answer;
    ({ hasNextPage, endCursor } = pageInfo);
  }
  if (!labels.pageInfo.hasNextPage) return;
  const answer = await source.query(`labels of ${id}`, GRAPHQL, LABELS, { id });
  if (parse(answer, AllLabels).data.issue.labels.pageInfo.hasNextPage) throw new IncompleteError(`issue ${id} has more than 250 labels`);
  yield answer;
}

function stepsOf(issue: LinearIssue, artifacts: readonly Artifact[]): readonly Step[] {
  const isRest = ({ name }: Artifact) => name.startsWith(`history of ${issue.id} `);
  return [...issue.history.nodes, ...artifacts.flatMap((page) => (isRest(page) ? parse(page, Rest).data.issue.history.nodes : []))];
}

function labelsOf({ id, labels }: LinearIssue, artifacts: readonly Artifact[]): readonly string[] {
  const all = wasAsked(artifacts, `labels of ${id}`) ? read(artifacts, `labels of ${id}`, AllLabels).data.issue.labels : labels;
  return all.nodes.map(({ name }) => name);
}
