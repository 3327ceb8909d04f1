import { z } from 'zod';
import { days } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, list, maybeText, text } from '../fields.ts';

export const Acceptance = z.object({
  acceptanceId: text('Id of the acceptance'),
  policyId: text('Policy that was accepted, as policy.documents names it'),
  version: text('Version of it that was accepted'),
  workerId: maybeText('Worker id of who accepted it, where the system of record keeps it'),
  emails: list('Addresses of who accepted it, lower case'),
  acceptedAt: at('When'),
  shownBy: z
    .enum(['commit', 'key', 'session', 'system', 'none', 'unknown'])
    .describe(
      'What shows that it was their own act: the commit, the signature or the sign-in by which they stated it, or a system of record that they were signed in to; none where nothing does',
    ),
});
export type Acceptance = z.infer<typeof Acceptance>;

export const acceptances = defineDataset<Acceptance>({
  id: 'policy.acceptances',
  title: 'One person accepted one version of a policy',
  row: Acceptance,
  key: ({ acceptanceId }) => acceptanceId,
  label: ({ policyId, version, workerId, emails, acceptanceId }) => `${policyId}, version ${version}: ${workerId ?? emails[0] ?? acceptanceId}`,
  freshness: days(11),
  happened: ({ acceptedAt }) => acceptedAt,
});
