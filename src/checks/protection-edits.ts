import { type Instant, iso } from '../core/instant.ts';
import type { Ternary } from '../core/ternary.ts';
import { systems } from '../datasets/asset/systems.ts';
import { type Account, accounts } from '../datasets/people/accounts.ts';
import { type Worker, workers } from '../datasets/people/workers.ts';
import { type Exception, exceptions } from '../datasets/policy/exceptions.ts';
import { type ProtectionChange, protectionChanges } from '../datasets/repo/protection-changes.ts';
import { span } from './check.ts';
import { departsFrom } from './stated.ts';

const CONTROLS = ['CM-02', 'rule-loosenings-approved', 'rule-loosenings-undone'];

/** Registers are read once a week. */
export const PATIENCE = span('8 days', 'until the register must be seen to hold the exception');

/** Whatever made the rules of a branch refuse less, or may have. That somebody went around a rule that stands is another matter. */
export const LOOSENINGS = {
  population: protectionChanges.where(({ loosened, change }) => loosened !== 'no' && change !== 'overridden'),
  with: {
    scope: systems.on('systemId'),
    actors: accounts.on('userId', 'actorId'),
    // All of them, for a register that holds others has said enough: one that is taken out when it has ended need not stand until the register is read again.
    allowed: exceptions.all(),
    people: workers.all(),
  },
} as const;

interface Given {
  readonly actors: readonly Account[];
  readonly allowed: readonly Exception[];
  readonly people: readonly Worker[];
}

/** Exceptions from the control that had been approved before, and had not ended; of a rule of the whole organization those that speak of the system. */
export const standingExceptions = (edit: ProtectionChange, given: Given): readonly Exception[] =>
  exceptionsFor(edit, given).filter((it) => departsFrom(it, CONTROLS) === 'yes' && it.approvedAt !== null && it.approvedAt <= edit.occurredAt);

/** Why it may be that one allowed it: nobody tells whether it was approved, or from what it departs. `null` where none may. */
export function doubtOfExceptions(edit: ProtectionChange, given: Given): string | null {
  const its = exceptionsFor(edit, given).filter(({ approved, approvedAt }) => (approvedAt === null ? approved === 'unknown' : approvedAt <= edit.occurredAt));
  const named = (among: readonly Exception[]) =>
    among
      .map(({ exceptionId }) => exceptionId)
      .sort()
      .join(', ');
  const unapproved = its.filter((it) => it.approvedAt === null && departsFrom(it, CONTROLS) === 'yes');
  if (unapproved.length > 0) return `whether the exception ${named(unapproved)} was approved is not told`;
  const nameless = its.filter((it) => departsFrom(it, CONTROLS) === 'unknown');
  return nameless.length > 0 ? `from which control the exception ${named(nameless)} departs is not told` : null;
}

function exceptionsFor({ systemId, repoId, repo, occurredAt }: ProtectionChange, { allowed }: Given): readonly Exception[] {
  const names = repoId === null ? [systemId] : [repoId, repo];
  return allowed.filter(({ subjectId, until }) => names.includes(subjectId) && (until === null || occurredAt < until));
}

/** Whether one of them was approved by a person who is not the one that made the edit. */
export function allowedByOther(edit: ProtectionChange, standing: readonly Exception[], { actors, people }: Given): 'yes' | 'no' | 'unknown' {
  const [actor, another] = actors.filter(({ systemId }) => systemId === edit.systemId);
  const actorId = another ? null : (actor?.personId ?? actor?.ownerId ?? null);
  const approvers = standing.flatMap(({ approverEmails, authorEmail }) => {
    const author = idsOf(authorEmail === null ? [] : [authorEmail], people);
    return idsOf(approverEmails, people).filter((id) => !author.includes(id));
  });
  if (approvers.length === 0) return 'no';
  if (actorId === null) return 'unknown';
  return approvers.some((id) => id !== actorId) ? 'yes' : 'no';
}

const idsOf = (emails: readonly string[], people: readonly Worker[]): readonly string[] => [
  ...new Set(people.filter((worker) => worker.emails.some((email) => emails.includes(email))).map(({ workerId }) => workerId)),
];

/** `protected_branch.destroy of main in acme/web by ines-duarte on 2026-05-20T11:55:00Z`. */
export const editNamed = ({ action, target, repo, systemId, actor, occurredAt }: ProtectionChange): string =>
  `${action}${target === null ? '' : ` of ${target}`} in ${repo ?? systemId} by ${actor} on ${iso(occurredAt)}`;

/**
 * Whether by an instant all that an edit took away came back: the rule was made anew, or edits that loosen nothing named
 * every field of it. Unknown where the fields are not told, or only edits name them of which it is not told what they did.
 */
export function cameBack(edit: ProtectionChange, later: readonly ProtectionChange[], by: Instant): Ternary {
  const its = later.filter((other) => isOfRule(other, edit) && isAfter(other, edit) && other.occurredAt <= by);
  if (its.some(({ change, loosened }) => change === 'created' && loosened === 'no')) return 'yes';
  const edits = its.filter(({ change, loosened }) => change === 'changed' && loosened !== 'yes');
  if (edit.change === 'removed' || edits.length === 0) return 'no';
  const fields = fieldsOf(edit);
  if (fields.length === 0) return 'unknown';
  const named = (among: readonly ProtectionChange[]) => fields.every((field) => among.some((other) => fieldsOf(other).includes(field)));
  if (named(edits.filter(({ loosened }) => loosened === 'no'))) return 'yes';
  return named(edits) ? 'unknown' : 'no';
}

/** Of the same rule, where it is told which one. */
const isOfRule = (other: ProtectionChange, { systemId, repoId, kind, target }: ProtectionChange): boolean =>
  target !== null && other.systemId === systemId && other.repoId === repoId && other.kind === kind && other.target === target;

export const inOrder = (a: ProtectionChange, b: ProtectionChange): number => a.occurredAt - b.occurredAt || (a.eventId < b.eventId ? -1 : 1);
const isAfter = (other: ProtectionChange, edit: ProtectionChange): boolean => other.eventId !== edit.eventId && inOrder(edit, other) < 0;

/**
 * What an edit changed: `rules` of rules that were added, deleted or updated alike. The enforcement of a ruleset stands in
 * every edit of it, and is changed only where the old one stands beside it; a name refuses nothing.
 */
function fieldsOf({ what }: ProtectionChange): readonly string[] {
  const names = what.map((field) => field.replace(/:.*$/s, ''));
  const changed = names.filter((name) => !/name$/.test(name) && (name !== 'ruleset_enforcement' || names.includes('ruleset_old_enforcement')));
  return [...new Set(changed.map((name) => name.replace(/^ruleset_(old_)?/, '').replace(/_(added|deleted|updated)$/, '')))];
}
