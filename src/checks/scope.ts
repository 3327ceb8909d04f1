import type { System } from '../datasets/asset/systems.ts';
import type { RegisterEntry } from '../datasets/register/entries.ts';
import { notYet, type Verdict } from './check.ts';

/**
 * Systems are in scope by being declared. An item of any other system is not examined; the access review report counts
 * those accounts, so that leaving a system out of the scope is never silent.
 * @param scope of the join of that name
 */
export const outOfScope = (scope: readonly System[]): Verdict | null => (scope.length === 0 ? OUT : null);
/** Nobody knows what is out of scope before the declarations were read. */
const OUT = notYet({ rests: ['scope'] });

/** Registers whose entries are acts that were done once: nobody goes on answering for them, and nobody looks at them again. */
const ACTS = ['access-requests', 'change-reviews'];
/** Registers whose entries are rows of datasets: what is asked of them the checks of those say. */
const ROWS = [
  ...['asset-servers', 'policies', 'policy-acceptances', 'policy-clauses'],
  ...['access-birthright-rules', 'access-privileged-sessions', 'access-roles', 'access-sod-rules', 'change-rollback-tests', 'cloud-accounts'],
  ...['config-drift', 'dlp-external-shares', 'dlp-policies', 'env-data-usage', 'governance-reports', 'hr-job-changes', 'hr-terminations'],
  ...['people-keys', 'product-auth-settings', 'product-isolation-tests', 'review-campaigns', 'review-decisions', 'training-completions', 'training-courses'],
];
export const standing = ({ register }: RegisterEntry): boolean => !ACTS.includes(register) && !ROWS.includes(register);

/** Registers whose entries end of themselves: by the day they name, or with the deviation that they speak of. */
const ENDING = ['waivers', 'findings'];
export const lasting = (entry: RegisterEntry): boolean => standing(entry) && !ENDING.includes(entry.register);
