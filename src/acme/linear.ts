import type { Instant } from '../core/instant.ts';
import type { WireAnswer, WireRequest } from '../sources/wire.ts';
import { jsonAnswer } from './directory-answer.ts';
import { hash } from './changes.ts';
import { issueAt, type Step, trackedOf } from './tracker.ts';
import { type Person, person, type World } from './world.ts';

const STATES = ['To Do', 'Approved', 'Rejected', 'Granted', 'Done'] as const;
/** Smaller than what is asked for, so that paging is walked. */
const PAGE = 10;
/** So many steps of an issue in a list. */
const LISTED = 2;

interface Asked {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Linear in the wire format of its GraphQL API: access is asked for there. */
export function linear(world: World, at: Instant, { url, body }: WireRequest): WireAnswer | null {
  if (new URL(url).host !== 'api.linear.app') return null;
  const { query, variables } = JSON.parse(new TextDecoder().decode(body ?? new Uint8Array())) as Asked;
  const name = /^query (\w+)/.exec(query)?.[1];
  if (name === 'Who') return jsonAnswer(200, { data: whoOf(world) }, at);
  if (name === 'Issues') return jsonAnswer(200, { data: { issues: listed(world, at, variables) } }, at);
  if (name === 'Rest') return jsonAnswer(200, { data: { issue: restOf(world, at, variables) } }, at);
  return jsonAnswer(400, { errors: [{ message: 'Cannot query that', extensions: { code: 'GRAPHQL_VALIDATION_FAILED', type: 'graphql error' } }] }, at);
}

const whoOf = (world: World) => ({
  viewer: userOf(person(world, 3)),
  organization: { id: uuidOf('acme'), urlKey: 'acme' },
  teams: { nodes: [{ key: 'ITA', states: { nodes: STATES.map((name) => ({ name })), pageInfo: { hasNextPage: false } } }] },
});

function listed(world: World, at: Instant, { since, after }: Asked['variables']) {
  const changed = issuesAt(world, at).filter(({ updatedAt }) => updatedAt >= Date.parse(String(since)));
  return connection(
    changed.map((it) => ({ cursor: uuidOf(it.key), node: bodyOf(it) })),
    after,
    PAGE,
  );
}

function restOf(world: World, at: Instant, { id, after }: Asked['variables']) {
  const issue = issuesAt(world, at).find(({ key }) => uuidOf(key) === id);
  return issue ? { id, history: historyOf(issue, after) } : null;
}

type IssueNow = NonNullable<ReturnType<typeof issueAt>>;
const issuesAt = (world: World, at: Instant): readonly IssueNow[] => trackedOf(world).requests.flatMap((it) => issueAt(it, at) ?? []);

const bodyOf = (issue: IssueNow) => ({
  id: uuidOf(issue.key),
  identifier: issue.key,
  previousIdentifiers: [],
  title: issue.title,
  description: issue.sections.map(([heading, text]) => `## ${heading}\n\n${text}\n`).join('\n'),
  createdAt: timeOf(issue.createdAt),
  completedAt: issue.closedAt === null ? null : timeOf(issue.closedAt),
  canceledAt: null,
  state: { name: issue.status },
  creator: issue.creator && userOf(issue.creator),
  botActor: null,
  assignee: null,
  labels: { nodes: issue.labels.map((name) => ({ name })), pageInfo: { hasNextPage: false } },
  history: historyOf(issue, null),
});

/** Linear gives the newest step first. */
function historyOf({ key, steps }: IssueNow, after: unknown) {
  const step = ({ at, by, from, to }: Step, place: number) => ({
    id: uuidOf(`${key} ${place}`),
    createdAt: timeOf(at),
    actor: by && userOf(by),
    botActor: null,
    fromState: { name: from },
    toState: { name: to },
  });
  return connection(
    steps
      .map(step)
      .toReversed()
      .map((node) => ({ cursor: node.id, node })),
    after,
    LISTED,
  );
}

function connection<Node>(all: readonly { readonly cursor: string; readonly node: Node }[], after: unknown, size: number) {
  const start = typeof after === 'string' ? all.findIndex(({ cursor }) => cursor === after) + 1 : 0;
  const page = all.slice(start, start + size);
  return { nodes: page.map(({ node }) => node), pageInfo: { hasNextPage: start + size < all.length, endCursor: page.at(-1)?.cursor ?? null } };
}

const timeOf = (at: Instant): string => new Date(at).toISOString();
const userOf = ({ id, name, email, login }: Person) => ({ id: uuidOf(id), name, displayName: login, email });

/** Something that looks like a UUID and follows from a text. */
function uuidOf(text: string): string {
  const digits = Array.from({ length: 4 }, (_, place) => hash(`${place} ${text}`).toString(16).padStart(8, '0')).join('');
  return [digits.slice(0, 8), digits.slice(8, 12), `4${digits.slice(13, 16)}`, `a${digits.slice(17, 20)}`, digits.slice(20)].join('-');
}
