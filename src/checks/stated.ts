import { type Ternary, ternary } from '../core/ternary.ts';
import type { Worker } from '../datasets/hr/workers.ts';
import type { Exception } from '../datasets/policy/exceptions.ts';

interface Stated {
  readonly authorEmail: string | null;
  readonly knownBy: 'commit' | 'key' | 'session' | 'none' | 'unknown';
  readonly approved: Ternary;
  readonly approverEmails: readonly string[];
}

/** Registers are read once a week, and an entry may be committed a day after it was written: so long after a deadline silence is no answer yet. */
export const TOLD = 8;

/** Whether something shows who stated it: a commit, a key, or that they were signed in. */
export const isKnown = ({ knownBy }: Pick<Stated, 'knownBy'>): boolean => knownBy !== 'none' && knownBy !== 'unknown';

/** Whether one of these people stated it, by what shows it: never by its own word. */
export function statedBy({ authorEmail, knownBy }: Stated, people: readonly Worker[]): Ternary {
  if (authorEmail === null || !isKnown({ knownBy }) || people.length === 0) return 'unknown';
  return people.some(({ emails }) => emails.includes(authorEmail)) ? 'yes' : 'no';
}

/** Whether somebody other than its author, and other than these people, approved it as it stands. */
export function approvedByOthers({ approved, approverEmails }: Stated, people: readonly Worker[] = []): Ternary {
  if (approverEmails.some((email) => !people.some(({ emails }) => emails.includes(email)))) return 'yes';
  return approverEmails.length > 0 || approved === 'no' ? 'no' : 'unknown';
}

/**
 * Whether an exception departs from a control, by the id of the control, or of a check where a company has controls of its
 * own. One that names neither may depart from any.
 */
export const departsFrom = ({ controlId }: Pick<Exception, 'controlId'>, names: readonly string[]): Ternary =>
  controlId === null ? 'unknown' : ternary(names.some((name) => name.toLowerCase() === controlId.trim().toLowerCase()));
