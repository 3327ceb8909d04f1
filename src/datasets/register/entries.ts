import { z } from 'zod';
import { days } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { count, list, maybeAt, maybeCount, maybeText, text } from '../fields.ts';

export const RegisterEntry = z.object({
  register: text('Name of the register: systems, vendors, risks'),
  entryId: text('Id within the register'),
  title: text('What it is'),
  ownerId: maybeText('Worker id of who answers for it'),
  subject: maybeText('What it speaks of, by id: a commit, an account, a vendor'),
  reviewedAt: maybeAt('When it was last reviewed, by its own word'),
  until: maybeAt('When what it allows ends, by its own word'),
  reviewerId: maybeText('Worker id of who reviewed or approved it, by its own word'),
  body: text('The whole entry as canonical JSON'),
  file: text('File within the repository'),
  line: count('First line of the entry'),
  commit: maybeText('Commit that last changed it; null of a workspace without version control'),
  author: maybeText('Author of that commit, as written in it'),
  authorEmail: maybeText('Address of the author, lower case'),
  committedAt: maybeAt('When it was committed'),
  approverEmails: list('Addresses of those who approved that commit, lower case: who merged or signed it'),
  approval: z.enum(['merge', 'signature', 'none', 'unknown']).describe('How that is known: another person merged it, signed it, not at all'),
  claimedEmails: list('Addresses, lower case, that lines of the commit such as Reviewed-by name: the word of who wrote it, which approves nothing'),
  statement: maybeCount('Record of the statement, where it is one and no entry of a file: its author signed or entered it'),
  keyId: maybeText(
    'What shows who made the statement (fingerprint of their key, session or token by its id; null where nothing does: it approves nothing), or the commit that landed it',
  ),
});
export type RegisterEntry = z.infer<typeof RegisterEntry>;

export const registerEntries = defineDataset<RegisterEntry>({
  id: 'register.entries',
  title: 'One entry of a register that people keep, with the commit that last changed it',
  row: RegisterEntry,
  key: ({ register, entryId }) => `${register}/${entryId}`,
  label: ({ title, register }) => `${title} (${register})`,
  freshness: days(11),
});
