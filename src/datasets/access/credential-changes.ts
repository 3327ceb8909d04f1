import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, list, maybeText, said, systemId, text } from '../fields.ts';

export const CredentialChange = z.object({
  systemId,
  eventId: text('Id of the event in its source'),
  action: text('What was done, in the words of the source'),
  kind: z
    .enum(['personal-token', 'sso-credential', 'oauth-app', 'installed-app', 'deploy-key', 'ssh-key', 'ssh-authority'])
    .describe(
      'A token of a person, a token or key that single sign-on let through, an application that acts for people, one that acts by itself, a key of one repository, one of a person, or an authority that signs keys',
    ),
  change: z
    .enum(['requested', 'granted', 'changed', 'denied', 'revoked', 'unknown'])
    .describe('What became of it; unknown of a change whose direction the source does not tell'),
  name: maybeText('Name of the application, token or key; null where the source does not say'),
  credentialId: maybeText('Its id in the source'),
  holderId: maybeText('Id of the account whose token it is; null of what belongs to nobody'),
  holder: maybeText('Its login'),
  repoId: maybeText('The one repository that it opens; null where there is more, or none is told'),
  repo: maybeText('Owner and name of that repository'),
  rights: list('What it may do, in the words of the source; empty where it does not say'),
  readOnly: said('It may only read'),
  actorId: text('Id of who or what did it'),
  actor: text('Its name'),
  actorKind: z.enum(['automation', 'human', 'unknown']).describe('A person, or a service acting by itself; unknown where the source does not say'),
  occurredAt: at('When it happened'),
});
export type CredentialChange = z.infer<typeof CredentialChange>;

export const credentialChanges = defineDataset<CredentialChange>({
  id: 'access.credential-changes',
  title: 'One token, key or application that was let in, changed or shut out',
  row: CredentialChange,
  key: ({ eventId }) => eventId,
  label: ({ kind, name, change, systemId: system }) => `${kind} ${name ?? '(no name)'} in ${system}: ${change}`,
  freshness: hours(36),
  happened: ({ occurredAt }) => occurredAt,
});
