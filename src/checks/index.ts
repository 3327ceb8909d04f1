import { accessKeysRotated } from './access-keys-rotated.ts';
import { accountsIndividual } from './accounts-individual.ts';
import { accountsOwned } from './accounts-owned.ts';
import { adminRolesGrantedByOthers } from './admin-roles-granted-by-others.ts';
import { adminsFew } from './admins-few.ts';
import { branchProtectionEnforced } from './branch-protection-enforced.ts';
import { branchProtectionUnbypassable } from './branch-protection-unbypassable.ts';
import { changesIndependentlyApproved } from './changes-independently-approved.ts';
import { changesTicketed } from './changes-ticketed.ts';
import type { Check } from './check.ts';
import { checksRequired } from './checks-required.ts';
import { commitsLandedThroughReview } from './commits-landed-through-review.ts';
import { deployedCommitsLanded } from './deployed-commits-landed.ts';
import { deploymentsApproved } from './deployments-approved.ts';
import { deploymentsMadeByPipeline } from './deployments-made-by-pipeline.ts';
import { deploymentsVerified } from './deployments-verified.ts';
import { directPushesReviewed } from './direct-pushes-reviewed.ts';
import { dormantAccountsDisabled } from './dormant-accounts-disabled.ts';
import { environmentsProtected } from './environments-protected.ts';
import { exceptionsClosed } from './exceptions-closed.ts';
import { failedDeploymentsReversed } from './failed-deployments-reversed.ts';
import { forcePushesBlocked } from './force-pushes-blocked.ts';
import { landedCommitsExplained } from './landed-commits-explained.ts';
import { leaverAccessRemoved } from './leaver-access-removed.ts';
import { leaverKeysRemoved } from './leaver-keys-removed.ts';
import { mfaEnforced } from './mfa-enforced.ts';
import { mfaEnrolled } from './mfa-enrolled.ts';
import { outsideCollaboratorsOwned } from './outside-collaborators-owned.ts';
import { passwordsStrong } from './passwords-strong.ts';
import { policiesScoped } from './policies-scoped.ts';
import { registerChangesApproved } from './register-changes-approved.ts';
import { registerEntriesOwned } from './register-entries-owned.ts';
import { registerEntriesReviewed } from './register-entries-reviewed.ts';
import { requiredChecksPassed } from './required-checks-passed.ts';
import { rootKeysRemoved } from './root-keys-removed.ts';
import { rootMfaEnabled } from './root-mfa-enabled.ts';
import { ruleBypassesReviewed } from './rule-bypasses-reviewed.ts';
import { secretsRevoked } from './secrets-revoked.ts';
import { serviceAccountsOwned } from './service-accounts-owned.ts';
import { staleApprovalsDismissed } from './stale-approvals-dismissed.ts';
import { unapprovedChangesReviewed } from './unapproved-changes-reviewed.ts';
import { unusedKeysRemoved } from './unused-keys-removed.ts';

/** Every check there is. A test compares the list with the folder. */
export const checks: readonly Check[] = [
  accessKeysRotated,
  accountsIndividual,
  accountsOwned,
  adminRolesGrantedByOthers,
  adminsFew,
  branchProtectionEnforced,
  branchProtectionUnbypassable,
  changesIndependentlyApproved,
  changesTicketed,
  checksRequired,
  commitsLandedThroughReview,
  deployedCommitsLanded,
  deploymentsApproved,
  deploymentsMadeByPipeline,
  deploymentsVerified,
  directPushesReviewed,
  dormantAccountsDisabled,
  environmentsProtected,
  exceptionsClosed,
  failedDeploymentsReversed,
  forcePushesBlocked,
  landedCommitsExplained,
  leaverAccessRemoved,
  leaverKeysRemoved,
  mfaEnforced,
  mfaEnrolled,
  outsideCollaboratorsOwned,
  passwordsStrong,
  policiesScoped,
  registerChangesApproved,
  registerEntriesOwned,
  registerEntriesReviewed,
  requiredChecksPassed,
  rootKeysRemoved,
  rootMfaEnabled,
  ruleBypassesReviewed,
  secretsRevoked,
  serviceAccountsOwned,
  staleApprovalsDismissed,
  unapprovedChangesReviewed,
  unusedKeysRemoved,
];
