import { days, hours, type Instant, minutes } from '../core/instant.ts';
import { type Change, changesOf, hash } from './changes.ts';
import { MOVES } from './stated-stories.ts';
import { TRACKER_DAYS, type TrackerWrong } from './tracker-stories.ts';
import { isEngineer, type Person, person, type World } from './world.ts';

/** One step in the history of an issue: into another status, or of something else that trackers keep a history of. */
export interface Step {
  readonly at: Instant;
  readonly by: Person | null;
  readonly field: 'status' | 'labels' | 'Key';
  readonly from: string;
  readonly to: string;
}

/** An issue of a tracker of Acme, with all that will ever happen to it. */
export interface TrackedIssue {
  readonly number: number;
  readonly key: string;
  readonly title: string;
  /** Sections of the description: heading, and what stands below. */
  readonly sections: readonly (readonly [heading: string, text: string])[];
  readonly labels: readonly string[];
  readonly risk: 'Low' | 'Medium' | 'High' | null;
  readonly noticed: boolean;
  readonly creator: Person | null;
  readonly createdAt: Instant;
  readonly steps: readonly Step[];
  readonly closedAt: Instant | null;
  readonly wrong: TrackerWrong | null;
}

const kept = new WeakMap<World, { readonly changes: readonly TrackedIssue[]; readonly requests: readonly TrackedIssue[] }>();

/** Tickets of changes, one for each pull request, and requests for access, in the order in which they were opened. */
export function trackedOf(world: World): { readonly changes: readonly TrackedIssue[]; readonly requests: readonly TrackedIssue[] } {
  const known = kept.get(world);
  if (known) return known;
  const made = { changes: inOrder(ticketsOf(world)), requests: inOrder(requestsOf(world)) };
  kept.set(world, made);
  return made;
}

const inOrder = (issues: readonly TrackedIssue[]): readonly TrackedIssue[] => issues.toSorted((a, b) => a.createdAt - b.createdAt || (a.key < b.key ? -1 : 1));

/** As the issue is at an instant; `null` before it was opened. */
export function issueAt(issue: TrackedIssue, at: Instant): (TrackedIssue & { readonly status: string; readonly updatedAt: Instant }) | null {
  if (issue.createdAt > at) return null;
  const steps = issue.steps.filter((step) => step.at <= at);
  const status = steps.findLast(({ field }) => field === 'status')?.to ?? 'To Do';
  const closedAt = issue.closedAt !== null && issue.closedAt <= at ? issue.closedAt : null;
  return { ...issue, steps, status, closedAt, updatedAt: Math.max(issue.createdAt, ...steps.map((step) => step.at)) };
}

function ticketsOf(world: World): readonly TrackedIssue[] {
  const wrongs = new Map<Change, TrackerWrong>();
  const usual = changesOf(world).filter(
    ({ pullRequest, how }) => how !== 'push' && pullRequest?.author.login !== 'acme-bot' && pullRequest?.labels.length === 0,
  );
  for (const wrong of CHANGES_GONE_WRONG) {
    const change = usual.find(({ landedAt }) => landedAt >= world.ago(TRACKER_DAYS[wrong]));
    if (change) wrongs.set(change, wrong);
  }
  const keys = new Set<string>();
  return changesOf(world).flatMap((change) => {
    const key = /ACME-\d+/.exec(change.pullRequest?.body ?? '')?.[0];
    if (key === undefined || keys.has(key)) return [];
    keys.add(key);
    return [ticketOf(world, change, key, wrongs.get(change) ?? null)];
  });
}

const CHANGES_GONE_WRONG = ['selfApproved', 'lateApproval', 'withdrawn', 'noRollback', 'neverClosed', 'emergencyUnreviewed', 'moved'] as const;

function ticketOf(world: World, { pullRequest, landedAt, repo }: Change, key: string, wrong: TrackerWrong | null): TrackedIssue {
  const seed = hash(key);
  const author = world.people.find(({ email }) => email === pullRequest?.author.email) ?? null;
  const approver = wrong === 'selfApproved' ? author : leadBeside(world, author, landedAt);
  const urgent = wrong === 'emergencyUnreviewed' || (pullRequest?.labels.includes('emergency') ?? false);
  const labels = author === null ? ['standard-change'] : urgent ? ['emergency'] : [];
  const createdAt = (pullRequest?.createdAt ?? landedAt) - hours(20);
  const released = landedAt + hours(1);
  const approved = wrong === 'lateApproval' ? released + days(1) : urgent ? released + hours(20) : createdAt + hours(4);
  const moves: (readonly [Instant, Person | null, string])[] = [];
  if (author !== null) moves.push([approved, approver, 'Approved']);
  if (wrong === 'withdrawn') moves.push([approved + hours(1), approver, 'Rejected']);
  moves.push([released - minutes(90), author, 'Implementing'], [released, author, 'Released']);
  if (urgent && wrong === null) moves.push([released + days(2), approver, 'Reviewed']);
  const closedAt = wrong === 'neverClosed' ? null : released + days(3);
  if (closedAt !== null) moves.push([closedAt, approver, 'Done']);
  const elsewhere = key.replace('ACME', 'PLAT');
  const move: Step = { at: createdAt + hours(1), by: approver, field: 'Key', from: key, to: elsewhere };
  return {
    number: Number(key.slice('ACME-'.length)),
    key: wrong === 'moved' ? elsewhere : key,
    title: pullRequest?.title ?? '',
    sections: [
      ['Purpose', `What customers of ${repo} asked for.`],
      ...(wrong === 'noRollback' ? [] : ([['Rollback', `Deploy the release of ${repo} before this one.`]] as const)),
    ],
    labels,
    risk: (['Low', 'Medium', 'High'] as const)[seed % 3] ?? null,
    noticed: seed % 4 === 0,
    creator: author ?? approver,
    createdAt,
    steps: [...statusSteps(moves), ...(wrong === 'moved' ? [move] : []), ...labelSteps(labels, createdAt, approver)].sort((a, b) => a.at - b.at),
    closedAt,
    wrong,
  };
}

/** Of one thing at one status after another. */
function statusSteps(moves: readonly (readonly [Instant, Person | null, string])[]): readonly Step[] {
  const sorted = moves.toSorted(([a], [b]) => a - b);
  return sorted.map(([at, by, to], place): Step => ({ at, by, field: 'status', from: sorted[place - 1]?.[2] ?? 'To Do', to }));
}

const labelSteps = (labels: readonly string[], at: Instant, by: Person | null): readonly Step[] =>
  labels.map((label, place): Step => ({ at: at + minutes(place + 1), by, field: 'labels', from: '', to: label }));

const LEADS = [1, 2, 3] as const;

/** Somebody who may approve, and is another person. */
function leadBeside(world: World, other: Person | null, at: Instant): Person {
  const there = LEADS.map((place) => person(world, place)).filter((it) => it.id !== other?.id && it.startAt <= at && (it.endAt === null || at < it.endAt));
  return there[hash(String(at)) % there.length] ?? person(world, 0);
}

function requestsOf(world: World): readonly TrackedIssue[] {
  const joiners = world.people.filter(({ startAt }) => startAt >= world.firstDay);
  const further = world.people.filter((it) => isEngineer(it) && it.endAt === null && it.startAt < world.firstDay).slice(0, 8);
  const asked = [
    ...joiners.map((whom) => ({ whom, at: whom.startAt - days(5), label: 'joiner', wrong: null })),
    ...further.map((whom, place) => ({ whom, at: world.ago(380 - place * 40, 10), label: 'additional', wrong: null })),
    ...(['ownRequest', 'grantedFirst', 'rejectedGranted'] as const).map((wrong, place) => ({
      whom: person(world, 5 + place),
      at: world.ago(TRACKER_DAYS[wrong], 10),
      label: 'additional',
      wrong,
    })),
    ...[MOVES['M-1'], MOVES['M-2']].map(({ place, day }) => ({ whom: person(world, place), at: world.ago(day - 2, 10), label: 'mover', wrong: null })),
  ].sort((a, b) => a.at - b.at);
  return asked.map(({ whom, at, label, wrong }, place) => requestOf(world, whom, at, label, wrong, place + 1));
}

function requestOf(world: World, whom: Person, createdAt: Instant, label: string, wrong: TrackerWrong | null, number: number): TrackedIssue {
  const approver = wrong === 'ownRequest' ? whom : leadBeside(world, whom, createdAt);
  const [decided, granted] = wrong === 'grantedFirst' ? [hours(48), hours(20)] : [hours(20), hours(48)];
  const moves = [
    [createdAt + decided, approver, wrong === 'rejectedGranted' ? 'Rejected' : 'Approved'],
    [createdAt + granted, person(world, 3), 'Granted'],
    [createdAt + hours(60), person(world, 3), 'Done'],
  ] as const;
  return {
    number,
    key: `ITA-${number}`,
    title: `Access for ${whom.name}`,
    sections: [
      ['For', whom.email],
      ['System', wrong === null && number % 2 === 0 ? 'Okta' : 'GitHub'],
      ['Role', whom.department],
    ],
    labels: ['access', label],
    risk: null,
    noticed: false,
    creator: label !== 'additional' ? person(world, 1) : whom,
    createdAt,
    steps: statusSteps(moves),
    closedAt: createdAt + hours(60),
    wrong,
  };
}
