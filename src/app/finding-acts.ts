import { randomBytes } from 'node:crypto';
import type { Fields } from '../attestations/kind.ts';
import { ConfigurationError } from '../core/error.ts';
import type { Case } from '../engine/cases.ts';
import type { Statement } from './attest.ts';

/** What somebody does about a finding. */
export type FindingAct =
  | { readonly do: 'assign' /** Worker id. */; readonly owner: string }
  | { readonly do: 'note'; readonly text: string }
  | { readonly do: 'remediate'; readonly text: string }
  /** Says that it is fixed, which evidence has to show. */
  | { readonly do: 'done'; readonly text: string }
  /** Of an event, which no evidence undoes; it counts once another approved it. */
  | { readonly do: 'close'; readonly text: string }
  /** Asks that it be accepted; it counts once another approved it. `until`: its last day. */
  | { readonly do: 'waive'; readonly text: string; readonly until: string };

/** So long somebody may accept what deviates: what lasts longer is a decision about the control. */
const LONGEST_DAYS = 366;

type Finding = Pick<Case, 'id' | 'check' | 'item' | 'state' | 'event' | 'ownerId' | 'waiver'>;

/**
 * The statement that an act is. Throws `ConfigurationError` where it cannot be done to a finding that stands so.
 * @param worker who asks: they answer for a waiver where nobody answers for the finding
 */
export function statementOf(
  finding: Finding,
  act: FindingAct,
  { now, worker }: { readonly now: number; readonly worker: string | null },
): Omit<Statement, 'by'> {
  refuse(finding, act, now);
  const entry = (prefix: string, fields: Fields) => ({ id: `${prefix}-${randomBytes(6).toString('hex')}`, title: finding.item.label, ...fields });
  const about = { finding: finding.id };
  switch (act.do) {
    case 'assign':
      return { kind: 'findings', act: 'state', entry: entry('N', { ...about, owner: act.owner }) };
    case 'note':
      return { kind: 'findings', act: 'state', entry: entry('N', { ...about, reason: act.text }) };
    case 'remediate':
      return { kind: 'findings', act: 'state', entry: entry('N', { ...about, status: 'in remediation', reason: act.text }) };
    case 'done':
      return { kind: 'findings', act: 'state', entry: entry('N', { ...about, status: 'done', reason: act.text }) };
    case 'close':
      return { kind: 'findings', act: 'state', entry: entry('N', { ...about, status: 'closed', reason: act.text }) };
    case 'waive': {
      const { source, partition, key } = finding.item;
      const answers = finding.ownerId ?? worker;
      const owner = answers === null ? {} : { owner: answers };
      return {
        kind: 'waivers',
        act: 'state',
        entry: entry('L', { check: finding.check, item: { source, partition, key }, reason: act.text, until: act.until, ...owner }),
      };
    }
  }
}

function refuse({ id, state, event, waiver }: Finding, act: FindingAct, now: number): void {
  if (act.do === 'note') return;
  if (state === 'fixed' || state === 'closed') throw new ConfigurationError(`${id} is ${state}: nothing is left to be done about it but to add a note.`);
  if (act.do === 'close' && !event)
    throw new ConfigurationError(`${id} is about a state, and no word closes it: evidence does. Say that it is done, and have its source collected.`);
  if (act.do !== 'waive') return;
  if (waiver !== null) throw new ConfigurationError(`${id} is waived already, by ${waiver.id}. Ask for another once that ends, or have it revoked first.`);
  const ends = Date.parse(act.until);
  if (Number.isNaN(ends) || ends <= now) throw new ConfigurationError(`a waiver ends on a day to come, like 2027-01-31: ${act.until} is none.`);
  if (ends > now + LONGEST_DAYS * 86_400_000)
    throw new ConfigurationError(
      `a waiver lasts a year at most. Ask up to ${new Date(now + LONGEST_DAYS * 86_400_000).toISOString().slice(0, 10)}, and anew then.`,
    );
}
