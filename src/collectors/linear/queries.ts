import { z } from 'zod';
import type { Issue, Move, Person } from '../tickets.ts';

/** Linear counts what a query may give, not what it does: ten thousand points are the most. */
export const PAGE = 25;
export const STEPS = 50;

const PERSON = 'id name displayName email';
const STEP = `id createdAt actor { ${PERSON} } botActor { id name } fromState { name } toState { name }`;

export const WHO = `query Who($teams: [String!]) {
  viewer { ${PERSON} }
  organization { id urlKey }
  teams(first: 50, filter: { key: { in: $teams } }) { nodes { key states(first: 100) { nodes { name } pageInfo { hasNextPage } } } }
}`;

/** By when they were made, which no change moves from one page to another. */
export const ISSUES = `query Issues($teams: [String!], $since: DateTimeOrDuration!, $after: String) {
  issues(first: ${PAGE}, after: $after, includeArchived: true, orderBy: createdAt, filter: { team: { key: { in: $teams } }, updatedAt: { gte: $since } }) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id identifier previousIdentifiers title description createdAt completedAt canceledAt
      state { name }
      creator { ${PERSON} } botActor { id name } assignee { ${PERSON} }
      labels(first: 20) { nodes { name } pageInfo { hasNextPage } }
      history(first: ${STEPS}) { nodes { ${STEP} } pageInfo { hasNextPage endCursor } }
    }
  }
}`;

export const REST = `query Rest($id: String!, $after: String) {
  issue(id: $id) { id history(first: ${STEPS}, after: $after) { nodes { ${STEP} } pageInfo { hasNextPage endCursor } } }
}`;

/** Labels of one issue beyond the first twenty. */
export const LABELS = `query Labels($id: String!) {
  issue(id: $id) { id labels(first: 250) { nodes { name } pageInfo { hasNextPage } } }
}`;

const moment = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const User = z.object({ id: z.string().min(1), name: z.string().nullish(), displayName: z.string().nullish(), email: z.string().nullish() }).nullish();
const Bot = z.object({ id: z.string().nullish(), name: z.string().nullish() }).nullish();
const State = z.object({ name: z.string().min(1) });
const Page = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() });

const Step = z.object({ id: z.string().min(1), createdAt: moment, actor: User, botActor: Bot, fromState: State.nullish(), toState: State.nullish() });
export type Step = z.infer<typeof Step>;
const Steps = z.object({ nodes: z.array(Step), pageInfo: Page });
const Labels = z.object({ nodes: z.array(z.object({ name: z.string().min(1) })), pageInfo: Page.pick({ hasNextPage: true }) });

export const LinearIssue = z.object({
  id: z.string().min(1),
  identifier: z.string().min(1),
  previousIdentifiers: z.array(z.string()).nullish(),
  title: z.string(),
  description: z.string().nullish(),
  createdAt: moment,
  completedAt: moment.nullish(),
  canceledAt: moment.nullish(),
  state: State,
  creator: User,
  botActor: Bot,
  assignee: User,
  labels: Labels,
  history: Steps,
});
export type LinearIssue = z.infer<typeof LinearIssue>;

export const Who = z.object({
  data: z.object({
    viewer: User.unwrap().unwrap(),
    organization: z.object({ id: z.string().min(1), urlKey: z.string().min(1) }),
    teams: z.object({ nodes: z.array(z.object({ key: z.string(), states: z.object({ nodes: z.array(State), pageInfo: Page.pick({ hasNextPage: true }) }) })) }),
  }),
});
export const Issues = z.object({ data: z.object({ issues: z.object({ nodes: z.array(LinearIssue), pageInfo: Page }) }) });
export const Rest = z.object({ data: z.object({ issue: z.object({ id: z.string(), history: Steps }) }) });
export const AllLabels = z.object({ data: z.object({ issue: z.object({ id: z.string(), labels: Labels }) }) });

export function issueOf(issue: LinearIssue, steps: readonly Step[], labels: readonly string[]): Issue {
  const inOrder = [...new Map(steps.map((it) => [it.id, it])).values()].sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  const creator = personOf(issue.creator, issue.botActor);
  return {
    id: issue.id,
    key: issue.identifier,
    formerKeys: issue.previousIdentifiers ?? [],
    title: issue.title,
    description: issue.description ?? '',
    type: null,
    labels,
    status: issue.state.name,
    creator,
    requester: creator,
    assignee: personOf(issue.assignee, null),
    createdAt: issue.createdAt,
    closedAt: issue.completedAt ?? issue.canceledAt ?? null,
    moves: inOrder.flatMap(moveOf),
    text: () => null,
    people: () => [],
    decisions: () => [],
  };
}

const moveOf = ({ createdAt, actor, botActor, fromState, toState }: Step): readonly Move[] =>
  toState ? [{ at: createdAt, by: personOf(actor, botActor), from: fromState?.name ?? '', to: toState.name }] : [];

/** What an integration or a rule did has no person behind it: it goes by its own name. */
export function personOf(user: z.infer<typeof User>, bot: z.infer<typeof Bot>): Person | null {
  if (user) return { id: user.id, name: user.displayName || user.name || user.id, email: user.email?.toLowerCase() || null };
  return bot ? { id: bot.id || null, name: bot.name || 'an integration', email: null } : null;
}
