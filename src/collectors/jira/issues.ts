import { z } from 'zod';
import { IncompleteError } from '../../core/error.ts';
import { hours, type Instant } from '../../core/instant.ts';
import { accessRequests } from '../../datasets/access/requests.ts';
import { tickets } from '../../datasets/change/tickets.ts';
import { pagesOf, parse, read } from '../answers.ts';
import { defineCollector, type Of } from '../collector.ts';
import type { Artifact, HttpSource } from '../source.ts';
import { leftAt, polledBy, type Sweep, sweepOf } from '../sweep.ts';
import { fieldsOf, NOTHING_TRACKED, statusesOf, TRACKED, tracksSomething } from '../ticket-config.ts';
import { tablesOf } from '../tickets.ts';
import { Caller, Fields, Found, Histories, type History, issueOf, type JiraIssue, READ, Statuses } from './answers.ts';

export const JiraConfig = z
  .strictObject({
    site: z
      .string()
      .regex(/^[a-z0-9-]+\.atlassian\.net$/i, 'expected the host name of a site of Jira Cloud, like acme.atlassian.net')
      .describe('Host name of the site: acme.atlassian.net'),
    projects: z
      .array(z.string().regex(/^[A-Z][A-Z0-9_]+$/, 'expected the key of a project, like OPS'))
      .min(1)
      .describe('Keys of the projects'),
    ...TRACKED,
    system: z.string().min(1).default('jira').describe('Id of the system in the scope'),
  })
  .refine(tracksSomething, NOTHING_TRACKED);
type JiraConfig = z.infer<typeof JiraConfig>;

const PAGE = 100;
/** So many pages in one run; what is left is asked in the next, at once. */
const PAGES = 10;
/** A list gives the newest steps of an issue, forty or a hundred of them: so many may not be all. */
const STEPS = 40;
const ROOT = '/rest/api/3';

export const jiraIssues = defineCollector<JiraConfig, 'http'>({
  id: 'jira/issues',
  title: 'Tickets and requests for access from Jira Cloud, with who approved, implemented and reviewed them by their history',
  version: 2,
  transport: 'http',
  hosts: ({ site }) => [site.toLowerCase()],
  operations: [],
  headers: ({ token }) => ({ accept: 'application/json', authorization: `Basic ${btoa(token ?? '')}`, 'user-agent': 'tickmark' }),
  permissions: [
    { right: 'Browse projects, of the projects named and of every issue security level in use there', why: 'issues and their history' },
    { right: 'Service project agent or customer access, where approvals of Jira Service Management are read', why: 'the field of approvals' },
  ],
  credentials: { token: 'the address of an account and an API token of it, with a colon in between' },
  every: '1d',
  config: JiraConfig,
  feeds: [tickets, accessRequests],
  feedsOf: ({ changes, requests }) => [...(changes ? [tickets] : []), ...(requests ? [accessRequests] : [])],
  cannotTell: [
    'issues that were deleted, and those of a security level that the account may not see',
    'addresses of people who do not show theirs: they are known by their account',
    'issues that were last changed more than a year before the observation period',
    'a change that Jira’s search does not show within an hour; the next look goes back at least twelve hours further',
    'who stands behind an automation that moves an issue: the account that it acts by',
    'what was approved: an issue that is edited after its approval is not told apart',
    'Jira Data Center and Server: they search and page in another way',
  ],
  partitions: ({ site }) => [site.toLowerCase()],

  async *collect(source, of) {
    yield await source.get('caller', `${ROOT}/myself`);
    const [statuses, fields] = [await source.get('statuses', `${ROOT}/status`), await source.get('fields', `${ROOT}/field`)];
    known(statuses, fields, of.config);
    yield statuses;
    yield fields;
    const sweep = sweepOf(of);
    let pages = 0;
    const long = new Set<string>();
    for await (const page of source.walk('issues', addressOf(sweep, of, sweep.next), (answer) => following(answer, sweep, of))) {
      yield page;
      pages++;
      for (const issue of parse(page, Found).issues) if (isLong(issue)) long.add(issue.id);
      if (pages === PAGES) break;
    }
    for (const id of long) yield* historyOf(source, id);
  },

  mark(artifacts, of) {
    return leftAt(sweepOf(of), nextIn(artifacts));
  },

  witness(artifacts, { config: { site } }) {
    const { accountId, displayName, emailAddress } = read(artifacts, 'caller', Caller);
    return { askedAs: emailAddress || displayName || accountId, answeredBy: site.toLowerCase(), granted: null, totals: {} };
  },

  normalize(artifacts, of) {
    const names = new Map(read(artifacts, 'statuses', Statuses).map(({ id, name }) => [id, name]));
    const found = pagesOf(artifacts, 'issues').flatMap((page) => parse(page, Found).issues);
    const issues = [...new Map(found.map((it) => [it.id, it])).values()].map((it) => issueOf(it, stepsOf(it, artifacts), names));
    return tablesOf(issues, of.config, of.timezone, polledBy(sweepOf(of), nextIn(artifacts)));
  },
});

/** A status or a field that Jira does not know would look like one that no issue ever had. */
function known(statuses: Artifact, fields: Artifact, config: JiraConfig): void {
  const names = parse(statuses, Statuses).map(({ name }) => name.toLowerCase());
  const status = statusesOf(config).find((name) => !names.includes(name.toLowerCase()));
  if (status !== undefined) throw new IncompleteError(`${config.site} knows no status "${status}", and the configuration relies on it`);
  const ids = parse(fields, Fields).map(({ id }) => id);
  const field = fieldsOf(config).find((id) => !ids.includes(id));
  if (field !== undefined) throw new IncompleteError(`${config.site} shows no field ${field}, and the configuration relies on it`);
}

function addressOf(sweep: Sweep, of: Of<JiraConfig>, token: string | null): string {
  const { projects } = of.config;
  const jql = `project in (${projects.map((key) => `"${key}"`).join(', ')}) AND updated >= "${dayBefore(sweep.until)}" ORDER BY created ASC, key ASC`;
  const query = new URLSearchParams({ jql, maxResults: String(PAGE), fields: [...READ, ...fieldsOf(of.config)].join(','), expand: 'changelog' });
  return `${ROOT}/search/jql?${query}${token === null ? '' : `&nextPageToken=${encodeURIComponent(token)}`}`;
}

/** A date begins in the time zone of whoever asks: this one has begun everywhere by then. */
const dayBefore = (at: Instant): string => new Date(at - hours(12)).toISOString().slice(0, 10);

function following(answer: Artifact, sweep: Sweep, of: Of<JiraConfig>): string | null {
  const token = parse(answer, Found).nextPageToken;
  return token ? addressOf(sweep, of, token) : null;
}

const nextIn = (artifacts: readonly Artifact[]): string | null => {
  const last = pagesOf(artifacts, 'issues').at(-1);
  return (last && parse(last, Found).nextPageToken) || null;
};

const isLong = ({ changelog }: JiraIssue): boolean => {
  const count = changelog?.histories.length ?? 0;
  return !changelog || count >= STEPS || (changelog.total ?? 0) > count;
};

function historyOf(source: HttpSource, id: string): AsyncIterable<Artifact> {
  const url = (from: number) => `${ROOT}/issue/${encodeURIComponent(id)}/changelog?startAt=${from}&maxResults=${PAGE}`;
  return source.walk(`history of ${id}`, url(0), (page) => {
    const { values, startAt, total } = parse(page, Histories);
    const reached = startAt + values.length;
    if (values.length === 0 && reached < total) throw new IncompleteError(`the history of issue ${id} ends after ${reached} of ${total} steps`);
    return reached < total ? url(reached) : null;
  });
}

const stepsOf = (issue: JiraIssue, artifacts: readonly Artifact[]): readonly History[] =>
  isLong(issue) ? pagesOf(artifacts, `history of ${issue.id}`).flatMap((page) => parse(page, Histories).values) : (issue.changelog?.histories ?? []);
