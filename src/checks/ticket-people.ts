import type { Ternary } from '../core/ternary.ts';
import type { AccessRequest } from '../datasets/access/requests.ts';
import type { Apart } from '../datasets/change/approval.ts';
import { type Declaration, declarations } from '../datasets/people/declarations.ts';
import { type Worker, workers } from '../datasets/people/workers.ts';
import type { RegisterEntry } from '../datasets/register/entries.ts';

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

/** Who is who, where somebody approves. */
export interface Known {
  readonly people: readonly Worker[];
  readonly declared: readonly Declaration[];
  readonly recipient: readonly Worker[];
  /** Addresses of the recipient. */
  readonly emails: readonly string[];
}

/** Who an account or an address is, among all people and all declarations. */
const handOf = (id: string | null, emails: readonly string[], people: readonly Worker[], declared: readonly Declaration[]): Hand => ({
  id,
  people: people.filter((worker) => worker.emails.some((email) => emails.includes(email))),
  declared: declared.filter(({ account }) => id !== null && account === id.toLowerCase()),
});

/** Nothing tells who decided. */
export const isSilent = ({ approverId, approverEmail }: AccessRequest): boolean => approverId === null && approverEmail === null;

/** Whether a person other than who asked and than who was to get access approved it. */
export function ticketApart(ticket: AccessRequest, { people, declared, recipient, emails }: Known): Ternary {
  const { systemId, requesterId, requesterEmail, approverId, approverEmail, beneficiaryId, beneficiaryEmails } = ticket;
  if (isSilent(ticket)) return 'unknown';
  if (approverEmail !== null && [requesterEmail, ...beneficiaryEmails, ...emails].includes(approverEmail)) return 'no';
  const by = handOf(approverId, approverEmail === null ? [] : [approverEmail], people, declared);
  const asking = handOf(requesterId, requesterEmail === null ? [] : [requesterEmail], people, declared);
  return all([handsApart(systemId, by, asking), handsApart(systemId, by, { id: beneficiaryId, people: recipient, declared: [] })]);
}

/** The same of an entry: who wrote it asked, and who merged or signed it has approved it. Its own word approves nothing. */
export function entryApart({ approval, authorEmail, approverEmails }: RegisterEntry, { people, recipient }: Known): Ternary {
  if (approverEmails.length === 0) return approval === 'unknown' ? 'unknown' : 'no';
  const of = (emails: readonly string[]) => handOf(null, emails, people, []);
  const author = of(authorEmail === null ? [] : [authorEmail]);
  const each = approverEmails.map((email) =>
    all([handsApart('', of([email]), author), handsApart('', of([email]), { id: null, people: recipient, declared: [] })]),
  );
  return each.includes('yes') ? 'yes' : each.includes('unknown') ? 'unknown' : 'no';
}

const all = (each: readonly Ternary[]): Ternary => (each.includes('no') ? 'no' : each.includes('unknown') ? 'unknown' : 'yes');
