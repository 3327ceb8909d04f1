import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, maybeAt, maybeText, said, systemId, text } from '../fields.ts';

export const Token = z.object({
  systemId,
  tokenId: text('Id of the token, never the secret'),
  kind: z.enum(['personal', 'app', 'ssh-key', 'unknown']).describe('Made by a person for what they run; given to an app by a person; a key for git'),
  name: maybeText('What its holder calls it'),
  userId: maybeText('Account that holds it, as in identity.users; null where only the login is told'),
  login: text('Login of its holder'),
  allowedAt: at('When it was allowed into the organization'),
  ends: said('It ends by itself'),
  expiresAt: maybeAt('When it does'),
});
export type Token = z.infer<typeof Token>;

export const tokens = defineDataset<Token>({
  id: 'iam.tokens',
  title: 'One token with which programs act as a person, as far as the system lists them',
  row: Token,
  key: ({ tokenId }) => tokenId,
  label: ({ name, tokenId, login, systemId: system }) => `token ${name ?? tokenId} of ${login} in ${system}`,
  freshness: hours(36),
});
