import { systems } from './asset/systems.ts';
import { checkRuns } from './change/check-runs.ts';
import { commits } from './change/commits.ts';
import { deployments } from './change/deployments.ts';
import { environments } from './change/environments.ts';
import { pullRequests } from './change/pull-requests.ts';
import { releases } from './change/releases.ts';
import { reviews } from './change/reviews.ts';
import { ruleBypasses } from './change/rule-bypasses.ts';
import { workflowRuns } from './change/workflow-runs.ts';
import { resources } from './config/resources.ts';
import { certificates } from './crypto/certificates.ts';
import { tlsEndpoints } from './crypto/tls-endpoints.ts';
import type { Dataset } from './dataset.ts';
import { workers } from './hr/workers.ts';
import { accessKeys } from './iam/access-keys.ts';
import { keyActivity } from './iam/key-activity.ts';
import { passwordPolicies } from './iam/password-policies.ts';
import { permissions } from './iam/permissions.ts';
import { policies } from './iam/policies.ts';
import { principals } from './iam/principals.ts';
import { roleActivity } from './iam/role-activity.ts';
import { rootAccounts } from './iam/root-accounts.ts';
import { activity } from './identity/activity.ts';
import { adminEvents } from './identity/admin-events.ts';
import { lifecycleEvents } from './identity/lifecycle-events.ts';
import { memberships } from './identity/memberships.ts';
import { mfaEnforcement } from './identity/mfa-enforcement.ts';
import { mfaFactors } from './identity/mfa-factors.ts';
import { otherEvents } from './identity/other-events.ts';
import { signIns } from './identity/sign-ins.ts';
import { users } from './identity/users.ts';
import { accounts } from './people/accounts.ts';
import { aliases } from './people/aliases.ts';
import { declarations } from './people/declarations.ts';
import { engagements } from './people/engagements.ts';
import { registerEntries } from './register/entries.ts';
import { repoAccess } from './repo/access.ts';
import { branchProtection } from './repo/branch-protection.ts';
import { codeOwners } from './repo/code-owners.ts';
import { repoCommits } from './repo/commits.ts';
import { repoMembers } from './repo/members.ts';
import { repoOrganizations } from './repo/organizations.ts';
import { repoPermissions } from './repo/permissions.ts';
import { repositories } from './repo/repositories.ts';
import { secretsCoverage } from './secrets/coverage.ts';
import { secretFindings } from './secrets/findings.ts';
import { vulnerabilities } from './vulnerability/findings.ts';
import { scans } from './vulnerability/scans.ts';

/** Every dataset there is, those that are derived included. A test compares the list with the folder. */
export const datasets: readonly Dataset[] = [
  systems,
  checkRuns,
  commits,
  deployments,
  environments,
  pullRequests,
  releases,
  reviews,
  ruleBypasses,
  workflowRuns,
  resources,
  certificates,
  tlsEndpoints,
  workers,
  accessKeys,
  keyActivity,
  passwordPolicies,
  permissions,
  policies,
  principals,
  roleActivity,
  rootAccounts,
  activity,
  adminEvents,
  lifecycleEvents,
  memberships,
  mfaEnforcement,
  mfaFactors,
  otherEvents,
  signIns,
  users,
  accounts,
  aliases,
  declarations,
  engagements,
  registerEntries,
  repoAccess,
  branchProtection,
  codeOwners,
  repoCommits,
  repoMembers,
  repoOrganizations,
  repoPermissions,
  repositories,
  secretsCoverage,
  secretFindings,
  vulnerabilities,
  scans,
] as unknown as readonly Dataset[];
