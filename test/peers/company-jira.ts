import { days, type Instant } from '../../src/core/instant.ts';
import type { Answered, Asked } from './company.ts';

const STATUSES = ['To Do', 'Approved', 'Released', 'Reviewed', 'Done'] as const;
type Status = (typeof STATUSES)[number];
const [INES, BRUNO] = ['ines.duarte', 'bruno.novak'];

interface Issue {
  readonly number: number;
  readonly title: string;
  /** So many days ago, by whom. */
  readonly moves: readonly (readonly [Status, ago: number, by: string | undefined])[];
  readonly emergency?: boolean;
  readonly rollback?: string;
}
/** Approved, released and done as it should be. */
const planned = (number: number, title: string, released: number, approved = released + 3): Issue => ({
  ...{ number, title, rollback: 'Deploy the version before' },
  moves: [
    ['Approved', approved, BRUNO],
    ['Released', released, INES],
    ['Done', released - 1, INES],
  ],
});
const emergency = (number: number, title: string, moves: Issue['moves']): Issue => ({
  number,
  title,
  moves,
  emergency: true,
  rollback: 'Deploy the version before',
});

const ISSUES: readonly Issue[] = [
  planned(1, 'Prices in euro', 49, 52),
  planned(2, 'Faster search', 44, 47),
  planned(3, 'New checkout', 39, 42),
  planned(5, 'Coupons', 34, 35), // merged a day before it was approved
  emergency(6, 'Stop double charges', [
    ['Released', 33, INES],
    ['Reviewed', 32, BRUNO],
  ]),
  planned(7, 'Gift cards', 24, 28),
  emergency(8, 'Mend the search', [['Released', 30, INES]]), // reviewed by nobody
  { ...planned(9, 'A new database', 29), moves: [['Released', 29, INES]] }, // approved by nobody, and never closed
  { ...planned(10, 'A new queue', 27), rollback: 'TBD' },
];

/** Jira Cloud in the answers of its REST API, version 3. */
export function jiraOf({ ago }: { readonly ago: (count: number, hour?: number) => Instant }): (asked: Asked) => Answered {
  const users = new Map([INES, BRUNO].map((name = '') => [name, userOf(name)]));
  const bodies = ISSUES.map((issue) => bodyOf(issue, ago, (name) => users.get(name ?? '')));
  const topics: Readonly<Record<string, unknown>> = {
    myself: userOf(INES ?? ''),
    status: STATUSES.map(statusOf),
    field: ['summary', 'description', 'issuetype', 'status', 'customfield_10101'].map((id) => ({ id, key: id, name: id, custom: id.startsWith('custom') })),
    'search/jql': { issues: bodies, isLast: true },
  };
  return ({ url }) => {
    const body = topics[url.pathname.replace('/rest/api/3/', '')];
    return body === undefined ? { status: 404, body: { errorMessages: ['Not found'], errors: {} } } : { status: 200, body };
  };
}

const userOf = (name: string) => ({
  ...{ accountId: `712020:${name}`, emailAddress: `${name}@acme.example`, displayName: name, active: true, timeZone: 'UTC', accountType: 'atlassian' },
});
const statusOf = (name: Status) => ({ id: String(1 + STATUSES.indexOf(name)), name, description: '' });
/** Jira writes an offset without a colon. */
const written = (at: Instant): string => new Date(at).toISOString().replace('Z', '+0000');

function bodyOf(
  { number, title, moves, emergency: isEmergency = false, rollback }: Issue,
  ago: (count: number) => Instant,
  user: (name: string | undefined) => unknown,
) {
  const id = String(10_000 + number);
  const last = moves.at(-1)?.[0] ?? 'To Do';
  const steps = moves.map(([status, count, by], place) => {
    const from = moves[place - 1]?.[0] ?? 'To Do';
    const item = {
      field: 'status',
      fieldtype: 'jira',
      fieldId: 'status',
      from: statusOf(from).id,
      fromString: from,
      to: statusOf(status).id,
      toString: status,
    };
    return { id: `${id}${place}`, author: user(by), created: written(ago(count)), items: [item] };
  });
  const closed = moves.find(([status]) => status === 'Done');
  return {
    ...{ id, key: `OPS-${number}`, changelog: { startAt: 0, maxResults: steps.length, total: steps.length, histories: steps.toReversed() } },
    fields: {
      ...{ summary: title, issuetype: { id: '10', name: 'Change', subtask: false }, status: statusOf(last), labels: isEmergency ? ['emergency'] : [] },
      ...{ creator: user(INES), reporter: user(INES), assignee: null, created: written(ago(moves[0]?.[1] ?? 0) - days(1)) },
      ...{ resolutiondate: closed ? written(ago(closed[1])) : null, customfield_10101: { id: '1', value: 'low' } },
      description: documentOf([
        ['Purpose', `So that customers have it: ${title}`],
        ['Rollback', rollback ?? ''],
      ]),
    },
  };
}

const documentOf = (sections: readonly (readonly [string, string])[]) => ({
  ...{ type: 'doc', version: 1 },
  content: sections.flatMap(([heading, text]) => [
    { type: 'heading', attrs: { level: 2 }, content: [{ type: 'text', text: heading }] },
    { type: 'paragraph', content: [{ type: 'text', text }] },
  ]),
});
