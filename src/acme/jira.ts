import type { Instant } from '../core/instant.ts';
import type { WireAnswer, WireRequest } from '../sources/wire.ts';
import { jsonAnswer } from './directory-answer.ts';
import { issueAt, type Step, trackedOf } from './tracker.ts';
import { type Person, person, type World } from './world.ts';

const HOST = 'acme.atlassian.net';
/** Smaller than Jira's, so that paging is walked. */
const PAGE = 60;
/** So many steps of an issue in a list; the rest has to be asked for. */
const LISTED = 4;
const JIRA_STATUSES = ['To Do', 'Approved', 'Rejected', 'Implementing', 'Released', 'Reviewed', 'Done'] as const;
const FIELDS = [
  ['summary', 'Summary'],
  ['description', 'Description'],
  ['issuetype', 'Issue Type'],
  ['status', 'Status'],
  ['customfield_10101', 'Risk'],
  ['customfield_10102', 'Customers notice'],
] as const;

/** Jira Cloud in the wire format of its REST API, version 3: changes have their tickets there. */
export function jira(world: World, at: Instant, { url }: WireRequest): WireAnswer | null {
  const { host, pathname, searchParams } = new URL(url);
  if (host !== HOST) return null;
  const topic = pathname.replace('/rest/api/3/', '');
  if (topic === 'myself') return jsonAnswer(200, { ...userOf(person(world, 1)), locale: 'en_US' }, at);
  if (topic === 'status') return jsonAnswer(200, JIRA_STATUSES.map(statusOf), at);
  if (topic === 'field')
    return jsonAnswer(
      200,
      FIELDS.map(([id, name]) => ({ id, key: id, name, custom: id.startsWith('custom'), navigable: true })),
      at,
    );
  if (topic === 'search/jql') return found(world, at, searchParams);
  const id = /^issue\/(\d+)\/changelog$/.exec(topic)?.[1];
  if (id !== undefined) return history(world, at, Number(id), searchParams);
  return jsonAnswer(404, { errorMessages: ['Not found'], errors: {} }, at);
}

function found(world: World, at: Instant, asked: URLSearchParams): WireAnswer {
  const jql = asked.get('jql') ?? '';
  const projects = /project in \(([^)]*)\)/.exec(jql)?.[1]?.replaceAll('"', '').split(', ') ?? [];
  if (projects.some((key) => !['ACME', 'PLAT'].includes(key)))
    return jsonAnswer(400, { errorMessages: ['The value does not exist for the field project.'], errors: {} }, at);
  const since = Date.parse(`${/updated >= "([\d-]+)"/.exec(jql)?.[1]}T00:00:00Z`);
  const all = issuesAt(world, at).filter(({ updatedAt }) => updatedAt >= since);
  const start = Number(asked.get('nextPageToken')?.replace('from-', '') ?? 0);
  const page = all.slice(start, start + PAGE);
  const isLast = start + PAGE >= all.length;
  return jsonAnswer(200, { issues: page.map((it) => bodyOf(it)), ...(isLast ? {} : { nextPageToken: `from-${start + PAGE}` }), isLast }, at);
}

function history(world: World, at: Instant, id: number, asked: URLSearchParams): WireAnswer {
  const issue = issuesAt(world, at).find((it) => it.number === id - 10_000);
  if (!issue) return jsonAnswer(404, { errorMessages: ['Issue does not exist or you do not have permission to see it.'], errors: {} }, at);
  const startAt = Number(asked.get('startAt') ?? 0);
  const values = issue.steps.slice(startAt, startAt + LISTED).map((step, place) => historyOf(id, step, startAt + place));
  const total = issue.steps.length;
  const self = selfOf(`issue/${id}/changelog?maxResults=${LISTED}&startAt=${startAt}`);
  return jsonAnswer(200, { self, maxResults: LISTED, startAt, total, isLast: startAt + values.length >= total, values }, at);
}

type IssueNow = NonNullable<ReturnType<typeof issueAt>>;
const issuesAt = (world: World, at: Instant): readonly IssueNow[] => trackedOf(world).changes.flatMap((it) => issueAt(it, at) ?? []);

function bodyOf(issue: IssueNow): unknown {
  const id = 10_000 + issue.number;
  const newest = issue.steps.map((step, place) => historyOf(id, step, place)).toReversed();
  return {
    expand: 'operations,versionedRepresentations,editmeta,changelog,renderedFields',
    id: String(id),
    self: selfOf(`issue/${id}`),
    key: issue.key,
    changelog: { startAt: 0, maxResults: newest.length, total: newest.length, histories: newest.slice(0, LISTED) },
    fields: {
      summary: issue.title,
      description: documentOf(issue.sections),
      issuetype: { self: selfOf('issuetype/10'), id: '10', name: 'Change', subtask: false },
      status: statusOf(issue.status),
      labels: issue.labels,
      creator: issue.creator && userOf(issue.creator),
      reporter: issue.creator && userOf(issue.creator),
      assignee: null,
      created: jiraTime(issue.createdAt),
      resolutiondate: issue.closedAt === null ? null : jiraTime(issue.closedAt),
      customfield_10101: issue.risk === null ? null : { self: selfOf('customFieldOption/1'), value: issue.risk, id: '1' },
      customfield_10102: { self: selfOf('customFieldOption/2'), value: issue.noticed ? 'Yes' : 'No', id: '2' },
    },
  };
}

function historyOf(issue: number, { at, by, field, from, to }: Step, place: number): unknown {
  const ids = field === 'status' ? { from: statusId(from), to: statusId(to) } : { from: null, to: null };
  const item = { field, fieldtype: 'jira', fieldId: field === 'Key' ? 'issuekey' : field, from: ids.from, fromString: from, to: ids.to, toString: to };
  return { id: `${issue}${String(place).padStart(3, '0')}`, ...(by === null ? {} : { author: userOf(by) }), created: jiraTime(at), items: [item] };
}

const selfOf = (path: string): string => `https://${HOST}/rest/api/3/${path}`;
/** Jira writes an offset without a colon. */
const jiraTime = (at: Instant): string => new Date(at).toISOString().replace('Z', '+0000');
const statusId = (name: string): string => String(1 + (JIRA_STATUSES as readonly string[]).indexOf(name));
const statusOf = (name: string) => ({
  self: selfOf(`status/${statusId(name)}`),
  id: statusId(name),
  name,
  description: '',
  statusCategory: { id: 2, key: 'new', name: 'To Do' },
});

export const accountIdOf = ({ id }: Person): string => `712020:${id.toLowerCase()}`;
/** Half of the people of Acme show their address. */
const showsAddress = ({ id }: Person): boolean => Number(id.slice(2)) % 2 === 0;
const userOf = (it: Person) => ({
  self: selfOf(`user?accountId=${encodeURIComponent(accountIdOf(it))}`),
  accountId: accountIdOf(it),
  ...(showsAddress(it) ? { emailAddress: it.email } : {}),
  displayName: it.name,
  active: true,
  timeZone: it.timezone,
  accountType: 'atlassian',
});

const documentOf = (sections: readonly (readonly [string, string])[]) => ({
  type: 'doc',
  version: 1,
  content: sections.flatMap(([heading, text]) => [
    { type: 'heading', attrs: { level: 2 }, content: [{ type: 'text', text: heading }] },
    { type: 'paragraph', content: [{ type: 'text', text }] },
  ]),
});
