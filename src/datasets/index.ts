import { systems } from './asset/systems.ts';
import type { Dataset } from './dataset.ts';
import { workers } from './hr/workers.ts';
import { accessKeys } from './iam/access-keys.ts';
import { keyActivity } from './iam/key-activity.ts';
import { passwordPolicies } from './iam/password-policies.ts';
import { permissions } from './iam/permissions.ts';
import { policies } from './iam/policies.ts';
import { principals } from './iam/principals.ts';
import { rootAccounts } from './iam/root-accounts.ts';
import { activity } from './identity/activity.ts';
import { memberships } from './identity/memberships.ts';
import { mfaEnforcement } from './identity/mfa-enforcement.ts';
import { mfaFactors } from './identity/mfa-factors.ts';
import { users } from './identity/users.ts';
import { accounts } from './people/accounts.ts';
import { aliases } from './people/aliases.ts';
import { declarations } from './people/declarations.ts';
import { branchProtection } from './repo/branch-protection.ts';
import { repoPermissions } from './repo/permissions.ts';
import { repositories } from './repo/repositories.ts';

/** Every dataset there is, those that are derived included. A test compares the list with the folder. */
export const datasets: readonly Dataset[] = [
  systems,
  workers,
  accessKeys,
  keyActivity,
  passwordPolicies,
  permissions,
  policies,
  principals,
  rootAccounts,
  activity,
  memberships,
  mfaEnforcement,
  mfaFactors,
  users,
  accounts,
  aliases,
  declarations,
  branchProtection,
  repoPermissions,
  repositories,
] as unknown as readonly Dataset[];
