import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, list, maybeAt, maybeText, said, systemId, text } from '../fields.ts';

/** What a tracker may be able to tell of a ticket. What it is not asked about is not told, be the field empty or not. */
const TOLD = 'approval, implementation, review, risk, rollback';

export const Ticket = z.object({
  systemId,
  issueId: text('Id of the tracker, which stays when it is moved'),
  ticketId: text('Key that people call it by, as it is now: OPS-12'),
  ticketIds: list('That key and those it had before: what a pull request may name'),
  title: text('Title, as it is now'),
  type: z
    .enum(['standard', 'normal', 'emergency', 'other', 'unknown'])
    .describe('Kind of change: standard is approved beforehand for its kind; other is no change by the configuration; unknown where two kinds fit'),
  told: list(`Which of these the source can tell as it is configured: ${TOLD}. Of what is not among them an empty field says nothing`),
  purpose: maybeText('The beginning of its description; null where it has none'),
  risk: z.enum(['low', 'medium', 'high', 'unknown']).nullable().describe('Risk it records; unknown where the word is not known, null where it records none'),
  rollbackPlan: maybeText('The beginning of what it says of undoing it; null where it says nothing'),
  customerImpacting: said('Customers will notice'),
  labels: list('Labels, lower case'),
  status: text('State, in the words of the tracker'),
  creatorId: maybeText('Account that opened it'),
  creator: text('Its name, or unknown'),
  approverId: maybeText('Account that gave the approval that stood last before the implementation, or else the first after it'),
  approver: maybeText('Its name'),
  approverEmail: maybeText('Its address, lower case, where the tracker shows it'),
  approvedAt: maybeAt('When that was given, by the history of the tracker'),
  implementerId: maybeText('Account that brought it into the state of being implemented'),
  implementer: maybeText('Its name'),
  implementerEmail: maybeText('Its address, lower case, where the tracker shows it'),
  implementedAt: maybeAt('When it last came into that state'),
  reviewerId: maybeText('Account that reviewed it after the implementation'),
  reviewer: maybeText('Its name'),
  reviewerEmail: maybeText('Its address, lower case, where the tracker shows it'),
  reviewedAt: maybeAt('When that was done'),
  createdAt: at('When it was opened'),
  closedAt: maybeAt('When it was closed; null of one that is open, or open again'),
});
export type Ticket = z.infer<typeof Ticket>;

export const tickets = defineDataset<Ticket>({
  id: 'change.tickets',
  title: 'One ticket of a tracker, with who approved, implemented and reviewed the change and when',
  row: Ticket,
  key: ({ issueId }) => issueId,
  label: ({ ticketId, title }) => `${ticketId} ${title}`,
  freshness: hours(36),
  happened: ({ createdAt }) => createdAt,
});
