import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, maybeAt, maybeText, said, systemId, text } from '../fields.ts';

export const SecretFinding = z.object({
  systemId,
  findingId: text('Id of the source'),
  repoId: maybeText('Repository'),
  place: text('Where it was found: the repository by name, or another place'),
  kind: text('Kind of credential, in the words of the source'),
  status: z.enum(['open', 'resolved', 'unknown']).describe('State'),
  resolution: z
    .enum(['revoked', 'false-positive', 'used-in-tests', 'wont-fix', 'deleted', 'none', 'unknown'])
    .describe('How it was resolved, by the word of who did'),
  validity: z.enum(['active', 'inactive', 'unknown']).describe('Whether the credential still works, where the source has tried'),
  resolvedById: maybeText('Account that resolved it'),
  resolvedBy: maybeText('Its login'),
  pushedPastProtection: said('Somebody went around the protection that would have stopped it'),
  detectedAt: at('When it was found'),
  resolvedAt: maybeAt('When it was resolved'),
});
export type SecretFinding = z.infer<typeof SecretFinding>;

export const secretFindings = defineDataset<SecretFinding>({
  id: 'secrets.findings',
  title: 'One credential that was found where it does not belong, kept after it was dealt with',
  row: SecretFinding,
  key: ({ findingId }) => findingId,
  label: ({ kind, place, findingId }) => `${kind} in ${place} (${findingId})`,
  freshness: hours(36),
});
