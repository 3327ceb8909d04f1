import { iso } from '../core/instant.ts';
import { workers } from '../datasets/hr/workers.ts';
import { aliases } from '../datasets/people/aliases.ts';
import { registerEntries } from '../datasets/register/entries.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';

const idsOf = (found: readonly (readonly { readonly workerId: string }[])[]): readonly string[] => [...new Set(found.flat().map(({ workerId }) => workerId))];

/** What a line of the commit claims, after what is known; empty where none does. */
const claimed = (emails: readonly string[]): string => (emails.length === 0 ? '' : `: that ${emails.join(', ')} did is its author’s word alone`);

export const registerChangesApproved = defineCheck({
  id: 'register-changes-approved',
  title: 'Changes of registers are approved by somebody else',
  version: 2,
  asserts: 'The last change of every entry of a register was merged or signed by another person than its author.',
  population: registerEntries.where(({ statement }) => statement === null), // what people sign is no change of a file
  with: {
    author: workers.on('emails', 'authorEmail'),
    authorAlias: aliases.on('emails', 'authorEmail'),
    approvers: workers.on('emails', 'approverEmails'),
    approverAliases: aliases.on('emails', 'approverEmails'),
  },

  examine({ commit, author, committedAt, approval, approverEmails, claimedEmails }, given) {
    if (commit === null || committedAt === null) return unknown('nothing tells which commit last changed it');
    const change = `commit ${commit.slice(0, 12)} by ${author ?? 'nobody'} of ${iso(committedAt)}`;
    if (approval === 'unknown') return unknown(`${change} does not say who approved it${claimed(claimedEmails)}`);
    if (approval === 'none') return deviates(`${change} was approved by nobody else${claimed(claimedEmails)}`);
    const authors = idsOf([given.author, given.authorAlias]);
    const approvers = idsOf([given.approvers, given.approverAliases]);
    if (authors.length === 0) return unknown(`no worker has the address under which ${change} was made`);
    if (approvers.some((id) => !authors.includes(id))) return conforms();
    const addresses = [...approverEmails].sort().join(', ');
    if (approvers.length === 0) return unknown(`no worker has the address under which ${change} was approved: ${addresses}`);
    return deviates(`${change} was approved by its author under another address: ${addresses}`, {
      cites: [...given.author, ...given.authorAlias, ...given.approvers, ...given.approverAliases],
    });
  },
});
