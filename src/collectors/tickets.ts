import { startOfDay } from '../core/calendar.ts';
import type { Instant } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import { type AccessRequest, accessRequests } from '../datasets/access/requests.ts';
import { type Ticket, tickets } from '../datasets/change/tickets.ts';
import { events, type Table } from './collector.ts';
import type { Approval, Changes, Match, Place, Requests, Tracked } from './ticket-config.ts';

/** An account of a tracker, as far as it shows it. */
export interface Person {
  readonly id: string | null;
  readonly name: string;
  readonly email: string | null;
}

/** One step of an issue from one status into another. */
export interface Move {
  readonly at: Instant;
  readonly by: Person | null;
  readonly from: string;
  readonly to: string;
}

/** A yes or no that somebody gave. */
export interface Decision {
  readonly at: Instant | null;
  readonly by: Person | null;
  readonly yes: boolean;
}

/** An issue as any tracker tells it. */
export interface Issue {
  readonly id: string;
  readonly key: string;
  /** Keys it had before. */
  readonly formerKeys: readonly string[];
  readonly title: string;
  /** Plain text; a heading is a line that begins with `#`. */
  readonly description: string;
  readonly type: string | null;
  readonly labels: readonly string[];
  readonly status: string;
  readonly creator: Person | null;
  readonly requester: Person | null;
  readonly assignee: Person | null;
  readonly createdAt: Instant;
  readonly closedAt: Instant | null;
  /** In the order in which they happened. */
  readonly moves: readonly Move[];
  /** What a field of its own says, in words; `null` where it is empty. */
  readonly text: (field: string) => string | null;
  readonly people: (field: string) => readonly Person[];
  readonly decisions: (field: string) => readonly Decision[];
}

const SHORT = 200;
const ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** What issues tell, as the configuration reads them: every issue is a ticket, and those that ask for access are requests. */
export function tablesOf(
  issues: readonly Issue[],
  { changes, requests, system }: Tracked & { readonly system: string },
  timezone: string,
  polled: Period,
): readonly Table[] {
  const rows = changes && issues.map((issue) => ticketRow(issue, changes, system));
  const asked = requests && issues.flatMap((issue) => requestRow(issue, requests, system, timezone) ?? []);
  return [...(rows ? [events(tickets, rows, polled)] : []), ...(asked ? [events(accessRequests, asked, polled)] : [])];
}

function ticketRow(issue: Issue, changes: Changes, system: string): Ticket {
  const { approval, implementation, review, risk, rollback, impact } = changes;
  const implemented = implementation ? entered(issue, implementation.statuses).at(-1) : undefined;
  const approved = approval ? approvalBefore(decisionsOf(issue, approval), implemented?.at ?? null) : null;
  const reviewed = review && implemented ? entered(issue, review.statuses).find(({ at }) => at >= implemented.at) : undefined;
  const implementer = implemented ? (implementation?.by === 'assignee' ? issue.assignee : implemented.by) : null;
  return {
    systemId: system,
    issueId: issue.id,
    ticketId: issue.key,
    ticketIds: [issue.key, ...issue.formerKeys.filter((key) => key !== issue.key)],
    title: issue.title,
    type: kindOf(issue, { normal: changes.normal, standard: changes.standard, emergency: changes.emergency }, 'other'),
    told: told({ approval, implementation, review, risk, rollback }),
    purpose: short(issue.description.replaceAll(/^#+\s*/gm, '')),
    risk: risk ? riskOf(written(issue, risk.at), risk.words) : null,
    rollbackPlan: rollback ? short(written(issue, rollback)) : null,
    customerImpacting: impact ? impactOf(written(issue, impact.at), impact) : 'unknown',
    labels: [...new Set(issue.labels.map(lower))],
    status: issue.status,
    creatorId: issue.creator?.id ?? null,
    creator: issue.creator?.name ?? 'unknown',
    approverId: approved?.by?.id ?? null,
    approver: approved?.by?.name ?? null,
    approverEmail: approved?.by?.email ?? null,
    approvedAt: approved?.at ?? null,
    implementerId: implementer?.id ?? null,
    implementer: implementer?.name ?? null,
    implementerEmail: implementer?.email ?? null,
    implementedAt: implemented?.at ?? null,
    reviewerId: reviewed?.by?.id ?? null,
    reviewer: reviewed?.by?.name ?? null,
    reviewerEmail: reviewed?.by?.email ?? null,
    reviewedAt: reviewed?.at ?? null,
    createdAt: issue.createdAt,
    closedAt: issue.closedAt,
  };
}

/** `null` of an issue that asks for no access. */
function requestRow(issue: Issue, requests: Requests, system: string, timezone: string): AccessRequest | null {
  const { issues, kinds, approval, fulfilment, beneficiary, target, role, until } = requests;
  if (!matches(issue, issues)) return null;
  const decided = approval ? (decisionsOf(issue, approval).at(-1) ?? null) : null;
  const fulfilled = fulfilment ? entered(issue, fulfilment.statuses).at(-1) : undefined;
  const asked = target ? written(issue, target.at) : null;
  const whom = beneficiary === undefined ? [] : peopleAt(issue, beneficiary);
  const [one, another] = whom;
  return {
    systemId: system,
    requestId: issue.id,
    ticketId: issue.key,
    title: issue.title,
    type: kindOf(issue, kinds, 'unknown'),
    decision: approval === undefined ? 'unknown' : decided === null ? 'pending' : decided.yes ? 'approved' : 'rejected',
    told: told({ approval, beneficiary, fulfilment, role, target }),
    beneficiaryId: another ? null : (one?.id ?? null),
    beneficiary: whom.length === 0 ? null : whom.map(({ name }) => name).join(', '),
    beneficiaryEmails: whom.flatMap(({ email }) => email ?? []),
    target: asked === null ? null : (target?.systems[asked] ?? asked),
    role: role ? written(issue, role) : null,
    requesterId: issue.requester?.id ?? null,
    requester: issue.requester?.name ?? 'unknown',
    requesterEmail: issue.requester?.email ?? null,
    requestedAt: issue.createdAt,
    approverId: decided?.by?.id ?? null,
    approver: decided?.by?.name ?? null,
    approverEmail: decided?.by?.email ?? null,
    decidedAt: decided?.at ?? null,
    fulfillerId: fulfilled?.by?.id ?? null,
    fulfiller: fulfilled?.by?.name ?? null,
    fulfilledAt: fulfilled?.at ?? null,
    until: until ? dateOf(written(issue, until), timezone) : null,
  };
}

const told = (its: Readonly<Record<string, unknown>>): readonly string[] => Object.keys(its).filter((name) => its[name] !== undefined);

/** One kind by its labels, or else by its type. Where two fit nobody picks one. */
function kindOf<Kind extends string, None extends string>(
  issue: Issue,
  kinds: Readonly<Partial<Record<Kind, Match | undefined>>>,
  none: None,
): Kind | None | 'unknown' {
  const every = Object.entries(kinds) as [Kind, Match | undefined][];
  const labelled = every.filter(([, match]) => match && byLabel(issue, match));
  const fitting = labelled.length > 0 ? labelled : every.filter(([, match]) => match && byType(issue, match));
  const [first, second] = fitting;
  if (!first) return none;
  return second ? 'unknown' : first[0];
}

const matches = (issue: Issue, match: Match): boolean => byLabel(issue, match) || byType(issue, match);
const byLabel = ({ labels }: Issue, match: Match): boolean => labels.some((label) => has(match.labels, label));
const byType = ({ type }: Issue, match: Match): boolean => type !== null && has(match.types, type);
const has = (names: readonly string[] | undefined, name: string): boolean => names?.some((it) => lower(it) === lower(name)) ?? false;
const lower = (text: string): string => text.toLowerCase();

/** The moves that brought the issue from without into one of these statuses. */
const entered = ({ moves }: Issue, statuses: readonly string[]): readonly Move[] => moves.filter(({ from, to }) => has(statuses, to) && !has(statuses, from));

function decisionsOf(issue: Issue, approval: Approval): readonly Decision[] {
  if ('field' in approval) return issue.decisions(approval.field);
  const given = entered(issue, approval.statuses).map(({ at, by }) => ({ at, by, yes: true }));
  const refused = entered(issue, approval.rejected).map(({ at, by }) => ({ at, by, yes: false }));
  return [...given, ...refused].sort((a, b) => a.at - b.at);
}

/** The approval that stood when the change was implemented; where none did, the first that came after. */
function approvalBefore(decisions: readonly Decision[], implementedAt: Instant | null): Decision | null {
  const isBefore = ({ at }: Decision) => at !== null && (implementedAt === null || at <= implementedAt);
  const last = decisions.filter(isBefore).at(-1);
  if (last?.yes) return last;
  return decisions.find((decision) => decision.yes && !isBefore(decision)) ?? null;
}

function written(issue: Issue, place: Place): string | null {
  if ('field' in place) return issue.text(place.field);
  if ('heading' in place) return below(issue.description, place.heading);
  const label = issue.labels.find((it) => lower(it).startsWith(lower(place.label)));
  return label?.slice(place.label.length).trim() || null;
}

/** What stands below a heading, up to the next one. */
function below(description: string, heading: string): string | null {
  const lines = description.split('\n');
  const begin = lines.findIndex((line) => /^#/.test(line) && lower(line.replaceAll(/^#+[\s*]*|[\s:*]+$/g, '')) === lower(heading));
  if (begin < 0) return null;
  const rest = lines.slice(begin + 1);
  const end = rest.findIndex((line) => /^#+\s/.test(line));
  return (
    rest
      .slice(0, end < 0 ? undefined : end)
      .join('\n')
      .trim() || null
  );
}

function peopleAt(issue: Issue, place: 'requester' | Place): readonly Person[] {
  if (place === 'requester') return issue.requester ? [issue.requester] : [];
  const people = 'field' in place ? issue.people(place.field) : [];
  if (people.length > 0) return people;
  const text = written(issue, place);
  return (text ?? '').split(/[;,\n]/).flatMap((entry) => {
    const name = entry.trim();
    return name === '' ? [] : [{ id: null, name, email: ADDRESS.test(name) ? lower(name) : null }];
  });
}

function riskOf(text: string | null, words: Readonly<Record<string, 'low' | 'medium' | 'high'>>): Ticket['risk'] {
  if (text === null) return null;
  const known = Object.entries({ low: 'low', medium: 'medium', high: 'high', ...words } as const).find(([word]) => lower(word) === lower(text));
  return known?.[1] ?? 'unknown';
}

function impactOf(text: string | null, { yes, no }: { readonly yes: readonly string[]; readonly no: readonly string[] }): Ticket['customerImpacting'] {
  if (text === null) return 'unknown';
  return has(yes, text) ? 'yes' : has(no, text) ? 'no' : 'unknown';
}

function dateOf(text: string | null, timezone: string): Instant | null {
  const date = text === null ? null : /^\d{4}-\d\d-\d\d/.exec(text)?.[0];
  if (text !== null && !date) throw new RangeError(`not a date: ${text}`);
  return date ? startOfDay(date, timezone) : null;
}

function short(text: string | null): string | null {
  const plain = text?.replaceAll(/\s+/g, ' ').trim() ?? '';
  if (plain === '') return null;
  return plain.length > SHORT ? `${plain.slice(0, SHORT - 1)}…` : plain;
}
