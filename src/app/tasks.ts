import { kinds } from '../attestations/index.ts';
import { type Policy, stepsOf } from '../alerts/policy.ts';
import { days, type Instant } from '../core/instant.ts';
import { several } from '../core/spoken.ts';
import type { CaseList } from '../engine/case-list.ts';
import type { Case } from '../engine/cases.ts';
import type { Catalog } from '../engine/catalog.ts';
import type { Occurrence, Recurring } from '../engine/occurrences.ts';
import type { WaiverLine } from '../engine/waivers.ts';
import type { Alert } from '../alerts/alert.ts';
import type { OwedAcceptance } from './acceptances.ts';
import type { StandingStatement } from './attest.ts';

/** Who asks what they owe: what their role lets them do decides what is asked of them. */
export interface Owes {
  readonly email: string;
  /** Findings are theirs to act on. */
  readonly acts: boolean;
  /** They approve what others state, and see to it that what is owed has somebody. */
  readonly decides: boolean;
  readonly states: boolean;
  readonly answers: boolean;
}

/** Something that somebody has to do. */
export interface Task {
  /** The same for as long as it is the same thing. */
  readonly id: string;
  readonly kind: 'finding' | 'assign' | 'waiver' | 'expiring' | 'approval' | 'duty' | 'alert' | 'acceptance';
  /** Verb first: `Decide on the waiver of acme/platform`. */
  readonly title: string;
  readonly because: string;
  /** By when; `null` where nothing says. */
  readonly due: Instant | null;
  /** The record that doing it makes, in words. */
  readonly makes: string;
  /** What it is about: a finding, an alert, an entry `KIND/ID`, a control, `POLICY/VERSION`, each part percent-encoded. */
  readonly about: string;
  /** The kind of statement whose form does it; `null` where it is done otherwise. */
  readonly form: string | null;
}

export interface Owed {
  readonly tasks: readonly Task[];
  readonly now: Instant;
}

export interface OwedFrom {
  readonly now: Instant;
  readonly cases: Iterable<Case> & Pick<CaseList, 'byId'>;
  readonly waivers: readonly WaiverLine[];
  readonly statements: readonly StandingStatement[];
  readonly occurrences: readonly Occurrence[];
  readonly controls: Catalog['controls'];
  readonly alerts: readonly Alert[];
  /** Versions of policies that they are to accept. */
  readonly acceptances: readonly OwedAcceptance[];
  readonly policy: { readonly policy: Policy; readonly channels: readonly { readonly name: string; readonly people: readonly string[] }[] };
}

type Me = Owes & { readonly workerIds: readonly string[] };

/** So long before a waiver ends somebody is asked. */
const EXPIRING = days(30);
/** The item of a waiver as the pages show it. */
const itemOf = ({ finding, item }: WaiverLine, cases: OwedFrom['cases']): string => (finding === null ? undefined : cases.byId(finding))?.item.label ?? item;

/** Entries about findings are acts themselves, and waivers are decided where they are asked for. */
const ELSEWHERE = ['findings', 'waivers'];

/** What somebody owes, the most urgent first. */
export function owedBy(from: OwedFrom, me: Me): Owed {
  const tasks = [
    ...(me.acts ? findings(from, me) : []),
    ...(me.decides ? [...unassigned(from), ...waiversToDecide(from, me), ...approvals(from, me), ...duties(from)] : []),
    ...(me.acts ? expiring(from, me) : []),
    ...(me.answers ? alerts(from, me) : []),
    ...(me.states ? acceptances(from) : []),
  ];
  return { now: from.now, tasks: tasks.sort((a, b) => (a.due ?? Infinity) - (b.due ?? Infinity) || (a.id < b.id ? -1 : 1)) };
}

const isOpen = ({ state }: Case): boolean => state === 'open' || state === 'in remediation';

const findings = ({ cases }: OwedFrom, { workerIds }: Me): Task[] =>
  Iterator.from(cases)
    .filter((one) => isOpen(one) && one.ownerId !== null && workerIds.includes(one.ownerId))
    .map(
      ({ id, item, title, due, spells }): Task => ({
        id: `finding ${id}`,
        kind: 'finding',
        title: `Fix ${item.label}`,
        because: `${title}: ${spells.at(-1)?.because ?? ''}`,
        due,
        makes: 'the next collection that shows it gone',
        about: id,
        form: null,
      }),
    )
    .toArray();

/** What nobody answers for by name, one task for each role that its controls name. */
function unassigned({ cases }: OwedFrom): Task[] {
  const open = new Map<string, { count: number; due: Instant; readonly first: string }>();
  for (const one of cases) {
    if (!isOpen(one) || one.assigned) continue;
    const its = open.get(one.owner) ?? { count: 0, due: one.due, first: one.id };
    open.set(one.owner, its);
    its.count++;
    its.due = Math.min(its.due, one.due);
  }
  return [...open].map(([owner, { count, due, first }]) => ({
    id: `assign ${owner}`,
    kind: 'assign',
    title: `Assign ${several(count, 'finding')} of ${owner}`,
    because: 'their controls name a role, and no person answers for them yet',
    due,
    makes: 'an entry of findings',
    about: count === 1 ? first : '',
    form: null,
  }));
}

function waiversToDecide({ waivers, cases }: OwedFrom, { email }: Me): Task[] {
  return waivers
    .filter((it) => it.state === 'not approved' && it.statement !== null && it.askedBy !== email)
    .map((it) => ({
      id: `waiver ${it.id}`,
      kind: 'waiver',
      title: `Decide on the waiver of ${itemOf(it, cases)}`,
      because: `${it.askedBy ?? 'somebody'} asks: ${it.reason}`,
      due: (it.finding === null ? undefined : cases.byId(it.finding))?.due ?? it.askedAt,
      makes: 'an approval, or a refusal',
      about: it.finding ?? '',
      form: null,
    }));
}

const approvals = ({ statements }: OwedFrom, { email }: Me): Task[] =>
  statements
    .filter((it) => it.needsApproval && it.authenticated && it.approvedBy.length === 0 && it.by !== email && !ELSEWHERE.includes(it.kind))
    .map(({ kind, entry, title, by, at }) => ({
      id: `approval ${kind}/${entry}`,
      kind: 'approval',
      title: `Approve ${title}`,
      because: `${by} stated it, and it counts once another approves it`,
      due: at + days(14),
      makes: `an approval in ${kind}`,
      about: `${kind}/${entry}`,
      form: null,
    }));

function expiring({ waivers, cases, now }: OwedFrom, { email, workerIds }: Me): Task[] {
  const isTheirs = ({ owner, askedBy }: WaiverLine) => askedBy === email || (owner !== null && workerIds.includes(owner));
  return waivers
    .filter((it) => it.state === 'in force' && it.until !== null && it.until < now + EXPIRING && isTheirs(it))
    .map((it) => ({
      id: `expiring ${it.id}`,
      kind: 'expiring',
      title: `Fix ${itemOf(it, cases)} before its waiver ends`,
      because: `${it.reason}; it counts as an open deviation from then on`,
      due: it.until,
      makes: 'the next collection that shows it gone, or a waiver that is asked for anew',
      about: it.finding ?? '',
      form: null,
    }));
}

/** What recurs by the calendar: missed and not done since, or to be done. */
function duties({ occurrences, controls }: OwedFrom): Task[] {
  const owed = occurrences.filter(({ kind, state, late }) => kind === 'duty' && ((state === 'missed' && late === null) || state === 'due'));
  return owed.map(({ what, controls: of, due, state, from }) => {
    const control = controls.find(({ id }) => id === of[0]);
    const form = kindFor(control?.occurs.find(({ duty }) => duty === what));
    return {
      id: `duty ${of[0] ?? ''} ${what} ${from}`,
      kind: 'duty',
      title: form === null ? `See to it: ${lower(what)}` : `State: ${lower(what)}`,
      because: `${control?.id ?? ''} demands it${control ? ` of ${control.owner}` : ''}${state === 'missed' ? '; it was missed, and the control fails until it is done' : ''}`,
      due,
      makes: form === null ? 'the next collection that shows it done' : `an entry of ${form}`,
      about: control?.id ?? '',
      form,
    };
  });
}

const lower = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);

/** The kind of statement that shows a duty done. */
function kindFor(duty: Recurring | undefined): string | null {
  if (!duty) return null;
  const register = duty.shownBy === undefined ? duty.where.register : undefined;
  return kinds.find(({ id, dataset }) => (register === undefined ? dataset?.id === duty.dataset : id === register))?.id ?? null;
}

const acceptances = ({ acceptances: owed }: OwedFrom): Task[] =>
  owed.map(({ policy, title, version, location, due }) => ({
    id: `acceptance ${policy} ${version}`,
    kind: 'acceptance',
    title: `Accept ${title}, version ${version}`,
    because: `everybody who works here accepts it${location === null ? '' : `; its text: ${location}`}`,
    due,
    makes: 'an entry of policy-acceptances',
    about: [policy, version].map(encodeURIComponent).join('/'),
    form: null,
  }));

function alerts({ alerts: all, policy: { policy, channels }, now }: OwedFrom, { email, decides }: Me): Task[] {
  const mine = new Set(channels.filter(({ people }) => people.includes(email)).map(({ name }) => name));
  const reaches = (alert: Alert) => stepsOf(policy, alert.signal.route).some(({ to }) => to.some((name) => mine.has(name)));
  return all
    .filter((it) => it.state !== 'resolved' && (it.snoozedUntil === null || it.snoozedUntil <= now))
    .filter((it) => it.assignee === email || (it.state === 'open' && it.assignee === null && (decides || reaches(it))) || it.acknowledged?.by === email)
    .map((it) => ({
      id: `alert ${it.id}`,
      kind: 'alert',
      title: it.state === 'open' ? `Acknowledge: ${it.signal.title}` : `Resolve: ${it.signal.title}`,
      because: it.state === 'open' ? 'nobody has taken it, and its escalation goes on' : 'it is taken, and has no cause yet',
      due: it.state === 'open' ? nextStepOf(it, policy, now) : (it.acknowledged?.at ?? it.openedAt) + policy.resume,
      makes: it.state === 'open' ? 'an acknowledgement' : 'a resolution with its cause',
      about: it.id,
      form: null,
    }));
}

/** When it is passed on to whoever comes next; where all were told, it has been due since. */
function nextStepOf({ openedAt, signal }: Alert, policy: Policy, now: Instant): Instant {
  const steps = stepsOf(policy, signal.route).map(({ after }) => openedAt + after);
  return steps.find((at) => at > now) ?? steps.at(-1) ?? openedAt;
}
