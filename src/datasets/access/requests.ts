import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, list, maybeAt, maybeText, systemId, text } from '../fields.ts';

export const AccessRequest = z.object({
  systemId,
  requestId: text('Id of the tracker, which stays when it is moved'),
  ticketId: text('Key that people call it by: ACC-12'),
  title: text('Title, as it is now'),
  type: z
    .enum(['joiner', 'additional', 'temporary', 'mover-review', 'emergency', 'unknown'])
    .describe('What is asked for; unknown where the configuration does not say, or two kinds fit'),
  decision: z.enum(['approved', 'rejected', 'pending', 'unknown']).describe('What was decided last; unknown where the source is not asked about approvals'),
  told: list(
    'Which of these the source can tell as it is configured: approval, beneficiary, fulfilment, role, target. An empty field of what is not among them says nothing',
  ),
  beneficiaryId: maybeText('Account in the tracker of who is to get access'),
  beneficiary: maybeText('Their name or whatever else the request calls them'),
  beneficiaryEmails: list('Their addresses, lower case, where the tracker shows any'),
  target: maybeText('System that access is asked for: its id in the scope where the configuration says so, else in the words of the request'),
  role: maybeText('Role, group or right that is asked for, in the words of the request'),
  requesterId: maybeText('Account that asked'),
  requester: text('Its name, or unknown'),
  requesterEmail: maybeText('Its address, lower case, where the tracker shows it'),
  requestedAt: at('When it was asked'),
  approverId: maybeText('Account that took the decision'),
  approver: maybeText('Its name'),
  approverEmail: maybeText('Its address, lower case, where the tracker shows it'),
  decidedAt: maybeAt('When that was taken, by the history of the tracker'),
  fulfillerId: maybeText('Account that recorded it as carried out'),
  fulfiller: maybeText('Its name'),
  fulfilledAt: maybeAt('When that was recorded'),
  until: maybeAt('When the access is to end, by the request'),
});
export type AccessRequest = z.infer<typeof AccessRequest>;

export const accessRequests = defineDataset<AccessRequest>({
  id: 'access.requests',
  title: 'One request for access, or for looking through that of somebody who moved, with what was decided and when',
  row: AccessRequest,
  key: ({ requestId }) => requestId,
  label: ({ ticketId, title }) => `${ticketId} ${title}`,
  freshness: hours(36),
  happened: ({ requestedAt }) => requestedAt,
});
