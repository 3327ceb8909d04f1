import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, maybeText, said, systemId, text } from '../fields.ts';

export const SignIn = z.object({
  systemId,
  eventId: text('Id of the event in its source'),
  userId: text('Id of the account'),
  login: text('Login name of that account then'),
  kind: z
    .enum(['session', 'password', 'second-factor'])
    .describe('A session that was asked for, a password that was asked of it by name, or a factor that is none'),
  factor: maybeText('What was asked for, in the words of the source; of a factor of which it does not say, null'),
  sessionId: maybeText('What ties the attempts of one session together'),
  federated: said('Another identity provider vouched for the person'),
  succeeded: said('It was let in'),
  occurredAt: at('When it happened'),
});
export type SignIn = z.infer<typeof SignIn>;

export const signIns = defineDataset<SignIn>({
  id: 'identity.sign-ins',
  title: 'One attempt to sign in, or one proof asked for in it',
  row: SignIn,
  key: ({ eventId }) => eventId,
  label: ({ kind, login, systemId: system }) => `${kind} of ${login} in ${system}`,
  freshness: hours(36),
  happened: ({ occurredAt }) => occurredAt,
});
