import { z } from 'zod';
import { list, maybeAt, maybeText, said } from './fields.ts';

/**
 * Who stands behind a row that people state. Never by the word of an entry: by the commit that last changed it, or by the
 * signature of a statement. Only who is known can have approved anything.
 */
export const stated = {
  authorEmail: maybeText('Address of who stated it, lower case; null where nothing tells'),
  knownBy: z
    .enum(['commit', 'key', 'session', 'none', 'unknown'])
    .describe(
      'How it is known who that is: by the name in a commit, by a key that is bound to the address, by a session or token of theirs with a second factor, not at all (none: it approves nothing)',
    ),
  approved: said('Somebody else than its author approved it as it stands; whether that is another person is for a check to say'),
  approverEmails: list('Addresses, lower case, of those other than its author who approved it as it stands'),
  approvedAt: maybeAt('When they did'),
};
