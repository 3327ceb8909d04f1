import type { Apart } from '../datasets/change/approval.ts';
import { type Declaration, declarations } from '../datasets/people/declarations.ts';
import { type Worker, workers } from '../datasets/people/workers.ts';

/** Who an account of a tracker is: whose address it shows, or whose it is declared to be. */
export const APPROVERS = { approvers: workers.on('emails', 'approverEmail'), approverDeclared: declarations.on('account', 'approverId') } as const;
export const IMPLEMENTERS = {
  implementers: workers.on('emails', 'implementerEmail'),
  implementerDeclared: declarations.on('account', 'implementerId'),
} as const;
export const REVIEWERS = { reviewers: workers.on('emails', 'reviewerEmail'), reviewerDeclared: declarations.on('account', 'reviewerId') } as const;

/** One account of a tracker, with what is known of its holder. */
export interface Hand {
  readonly id: string | null;
  readonly people: readonly Worker[];
  readonly declared: readonly Declaration[];
}

/** Who an account or an address is, among all people and all declarations. */
export const handOf = (id: string | null, emails: readonly string[], people: readonly Worker[], declared: readonly Declaration[]): Hand => ({
  id,
  people: people.filter((worker) => worker.emails.some((email) => emails.includes(email))),
  declared: declared.filter(({ account }) => id !== null && account === id.toLowerCase()),
});

/** Whether somebody who decides is a person, and another one than who did the work. */
export function handsApart(system: string, decider: Hand, doer: Hand): Apart {
  if (decider.id !== null && decider.id === doer.id) return 'no';
  const [by, of] = [holder(system, decider), holder(system, doer)];
  if (by === 'machine') return 'no';
  if (by === null || of === null) return 'unknown';
  return by === of ? 'no' : 'yes';
}

function holder(system: string, { people, declared }: Hand): string | null {
  const [declaration, another] = declared.filter(({ systemId }) => systemId === system);
  if (another) return null;
  if (declaration?.meaning === 'service') return 'machine';
  if (declaration) return declaration.meaning === 'person' && declaration.workerId !== null ? `person ${declaration.workerId}` : null;
  const [id, other] = [...new Set(people.map(({ workerId }) => workerId))];
  return id === undefined || other !== undefined ? null : `person ${id}`;
}
