import { z } from 'zod';
import type { Instant } from '../../core/instant.ts';
import type { Decision, Issue, Move, Person } from '../tickets.ts';

/** Jira writes offsets without a colon. */
const moment = z.string().transform((text, context) => {
  const at = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  if (Number.isNaN(at)) context.addIssue({ code: 'custom', message: `not an instant: ${text}` });
  return at;
});

/** Somebody whose account was deleted, or who hides, has no address and perhaps no name. */
const User = z.object({ accountId: z.string().nullish(), displayName: z.string().nullish(), emailAddress: z.string().nullish() });
const Account = User.nullish();

const Item = z.object({
  field: z.string().nullish(),
  fieldId: z.string().nullish(),
  from: z.string().nullish(),
  fromString: z.string().nullish(),
  to: z.string().nullish(),
  toString: z
    .unknown()
    .optional()
    .transform((it) => (typeof it === 'string' ? it : null)), // every object has a function of this name
});
const History = z.object({ id: z.string().min(1), author: Account, created: moment, items: z.array(Item).default([]) });
export type History = z.infer<typeof History>;

export const JiraIssue = z.object({
  id: z.string().min(1),
  key: z.string().min(1),
  fields: z.looseObject({
    summary: z.string().nullish(),
    description: z.unknown().optional(),
    issuetype: z.object({ name: z.string().nullish() }).nullish(),
    status: z.object({ id: z.string().nullish(), name: z.string().min(1) }),
    labels: z.array(z.string()).nullish(),
    creator: Account,
    reporter: Account,
    assignee: Account,
    created: moment,
    resolutiondate: moment.nullish(),
  }),
  changelog: z.object({ histories: z.array(History).default([]), total: z.int().nullish() }).nullish(),
});
export type JiraIssue = z.infer<typeof JiraIssue>;
export const READ = ['summary', 'description', 'issuetype', 'status', 'labels', 'creator', 'reporter', 'assignee', 'created', 'resolutiondate'] as const;

export const Found = z.object({ issues: z.array(JiraIssue).default([]), nextPageToken: z.string().nullish() });
export const Histories = z.object({ values: z.array(History).default([]), startAt: z.int(), total: z.int(), isLast: z.boolean().nullish() });
export const Caller = z.object({ accountId: z.string().min(1), displayName: z.string().nullish(), emailAddress: z.string().nullish() });
export const Statuses = z.array(z.object({ id: z.string().min(1), name: z.string().min(1) }));
export const Fields = z.array(z.object({ id: z.string().min(1) }));

/** Names of statuses by their ids: a history keeps the names of its day. */
export type Names = ReadonlyMap<string, string>;

export function issueOf({ id, key, fields }: JiraIssue, histories: readonly History[], names: Names): Issue {
  const inOrder = [...new Map(histories.map((it) => [it.id, it])).values()].sort((a, b) => a.created - b.created || Number(a.id) - Number(b.id));
  const value = (field: string): unknown => fields[field];
  return {
    id,
    key,
    formerKeys: inOrder.flatMap(({ items }) => items.flatMap((it) => (it.field === 'Key' && it.fromString ? [it.fromString] : []))),
    title: fields.summary ?? '',
    description: plain(fields.description),
    type: fields.issuetype?.name ?? null,
    labels: fields.labels ?? [],
    status: fields.status.name,
    creator: personOf(fields.creator),
    requester: personOf(fields.reporter) ?? personOf(fields.creator),
    assignee: personOf(fields.assignee),
    createdAt: fields.created,
    closedAt: fields.resolutiondate ?? null,
    moves: inOrder.flatMap((history) => movesOf(history, names)),
    text: (field) => words(value(field)),
    people: (field) => peopleOf(value(field)),
    decisions: (field) => decisionsOf(value(field)),
  };
}

function movesOf({ author, created, items }: History, names: Names): readonly Move[] {
  return items.flatMap((item) => {
    if (item.fieldId !== 'status' && item.field !== 'status') return [];
    const now = (id: string | null | undefined, then: string | null | undefined) => names.get(id ?? '') ?? then ?? '';
    return [{ at: created, by: personOf(author), from: now(item.from, item.fromString), to: now(item.to, item.toString) }];
  });
}

function personOf(user: z.infer<typeof Account>): Person | null {
  if (!user) return null;
  const { accountId, displayName, emailAddress } = user;
  return { id: accountId || null, name: displayName || accountId || 'unknown', email: emailAddress?.toLowerCase() || null };
}

function peopleOf(value: unknown): readonly Person[] {
  if (Array.isArray(value)) return value.flatMap(peopleOf);
  const user = User.safeParse(value);
  const person = user.success && user.data.accountId ? personOf(user.data) : null;
  return person ? [person] : [];
}

/** What a field says: a text, a choice, several, or a document. */
function words(value: unknown): string | null {
  if (typeof value === 'string' || typeof value === 'number') return String(value).trim() || null;
  if (Array.isArray(value)) return value.flatMap((it) => words(it) ?? []).join(', ') || null;
  if (typeof value !== 'object' || value === null) return null;
  if ('type' in value && value.type === 'doc') return plain(value).trim() || null;
  const { value: choice, displayName, name } = value as { readonly value?: unknown; readonly displayName?: unknown; readonly name?: unknown };
  return words(choice ?? displayName ?? name ?? null);
}

const Approvals = z.array(
  z.object({
    finalDecision: z.string().nullish(),
    completedDate: z.object({ epochMillis: z.int().nullish(), iso8601: z.string().nullish() }).nullish(),
    approvers: z.array(z.object({ approver: User, approverDecision: z.string().nullish() })).default([]),
  }),
);

/** Approvals of Jira Service Management, each by the one who decided it; where several did, by the first that is named. */
function decisionsOf(value: unknown): readonly Decision[] {
  const read = Approvals.safeParse(value ?? []);
  if (!read.success) throw new RangeError('a field that the configuration takes for approvals holds none');
  return read.data
    .flatMap(({ finalDecision, completedDate, approvers }) => {
      if (finalDecision !== 'approved' && finalDecision !== 'declined') return [];
      const by = approvers.find(({ approverDecision }) => approverDecision === finalDecision)?.approver;
      const at: Instant | null = completedDate?.epochMillis ?? (completedDate?.iso8601 ? moment.parse(completedDate.iso8601) : null);
      return [{ at, by: personOf(by), yes: finalDecision === 'approved' }];
    })
    .sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
}

const Node = z.object({
  type: z.string().nullish(),
  text: z.string().nullish(),
  attrs: z.looseObject({ level: z.int().nullish(), text: z.string().nullish(), url: z.string().nullish() }).nullish(),
  content: z.array(z.unknown()).nullish(),
});
const BLOCKS = ['paragraph', 'heading', 'listItem', 'codeBlock', 'blockquote', 'tableRow', 'rule'];

/** The text of a document (Atlassian Document Format), one line a block; a heading begins with `#`. */
function plain(value: unknown): string {
  if (typeof value === 'string') return value;
  const read = Node.safeParse(value);
  if (!read.success) return '';
  const { type, text, attrs, content } = read.data;
  if (type === 'hardBreak') return '\n';
  const inner = text ?? attrs?.text ?? attrs?.url ?? (content ?? []).map(plain).join('');
  const line = type === 'heading' ? `${'#'.repeat(attrs?.level ?? 1)} ${inner}` : inner;
  return BLOCKS.includes(type ?? '') ? `${line}\n` : line;
}
