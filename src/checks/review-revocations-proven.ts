import { days, iso } from '../core/instant.ts';
import { grants } from '../datasets/access/grants.ts';
import { memberships } from '../datasets/identity/memberships.ts';
import { users } from '../datasets/identity/users.ts';
import { repoPermissions } from '../datasets/repo/permissions.ts';
import { decisions } from '../datasets/review/decisions.ts';
import { conforms, defineCheck, deviates, notYet, span, unknown } from './check.ts';

const PATIENCE = days(2);

export const reviewRevocationsProven = defineCheck({
  id: 'review-revocations-proven',
  title: 'What a review took away is seen to be gone',
  version: 1,
  asserts: 'Of every right that an access review took away, a complete collection after the deadline shows that the account no longer holds it.',
  population: decisions.where(({ decision }) => decision === 'revoke'),
  with: {
    granted: grants.where(({ status }) => status !== 'inactive').on('userId'),
    belonging: memberships.on('userId'),
    permitted: repoPermissions.on('principalId', 'userId'),
    accounts: users.on('systemId'),
  },
  parameters: { deadline: span('7 days'), patience: '2 days more for the collection that proves it' },

  examine({ systemId, right, decidedAt }, { at, granted, belonging, permitted, accounts }, { deadline }) {
    const due = decidedAt + deadline + PATIENCE;
    if (at < due) return notYet({ until: due });
    const wanted = right.toLowerCase();
    const held = [
      ...granted.filter((row) => row.systemId === systemId && [row.role, row.roleId].some((name) => name.toLowerCase() === wanted)),
      ...belonging.filter((row) => row.systemId === systemId && row.name.toLowerCase() === wanted),
      ...permitted.filter(
        (row) => row.systemId === systemId && [row.repo, row.repoId, `${row.permission} on ${row.repo}`].some((name) => name.toLowerCase() === wanted),
      ),
    ];
    if (held.length > 0) return deviates(`it was taken away on ${iso(decidedAt)}, and still held on ${iso(due)}`, { cites: held });
    if (accounts.length === 0) return unknown(`no source tells of accounts in ${systemId}`);
    return conforms();
  },
});
