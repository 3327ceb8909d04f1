import { accessGrantsRequested } from './access-grants-requested.ts';
import { accessKeysRotated } from './access-keys-rotated.ts';
import { accountCreationsMatched } from './account-creations-matched.ts';
import { accountsIndividual } from './accounts-individual.ts';
import { accountsOwned } from './accounts-owned.ts';
import { adminChangesAttributed } from './admin-changes-attributed.ts';
import { adminRolesGrantedByOthers } from './admin-roles-granted-by-others.ts';
import { adminsFew } from './admins-few.ts';
import { branchProtectionEnforced } from './branch-protection-enforced.ts';
import { branchProtectionUnbypassable } from './branch-protection-unbypassable.ts';
import { certificateKeysStrong } from './certificate-keys-strong.ts';
import { certificatesRenewed } from './certificates-renewed.ts';
import { certificatesTrusted } from './certificates-trusted.ts';
import { changesIndependentlyApproved } from './changes-independently-approved.ts';
import { changesTicketed } from './changes-ticketed.ts';
import type { Check } from './check.ts';
import { checksRequired } from './checks-required.ts';
import { commitsLandedThroughReview } from './commits-landed-through-review.ts';
import { deactivationsMatched } from './deactivations-matched.ts';
import { deployedCommitsLanded } from './deployed-commits-landed.ts';
import { deployedCommitsTested } from './deployed-commits-tested.ts';
import { deploymentsApproved } from './deployments-approved.ts';
import { deploymentsMadeByPipeline } from './deployments-made-by-pipeline.ts';
import { deploymentsVerified } from './deployments-verified.ts';
import { directPushesReviewed } from './direct-pushes-reviewed.ts';
import { dormantAccountsDisabled } from './dormant-accounts-disabled.ts';
import { elevatedAccessUsed } from './elevated-access-used.ts';
import { environmentsProtected } from './environments-protected.ts';
import { escalationPathsClosed } from './escalation-paths-closed.ts';
import { exceptionsClosed } from './exceptions-closed.ts';
import { failedDeploymentsReversed } from './failed-deployments-reversed.ts';
import { forcePushesBlocked } from './force-pushes-blocked.ts';
import { grantsGivenThroughRoles } from './grants-given-through-roles.ts';
import { landedCommitsExplained } from './landed-commits-explained.ts';
import { leaverAccessRemoved } from './leaver-access-removed.ts';
import { leaverKeysRemoved } from './leaver-keys-removed.ts';
import { leaverSignInsStopped } from './leaver-sign-ins-stopped.ts';
import { mfaEnforced } from './mfa-enforced.ts';
import { mfaEnrolled } from './mfa-enrolled.ts';
import { outsideCollaboratorsOwned } from './outside-collaborators-owned.ts';
import { passwordsStrong } from './passwords-strong.ts';
import { plainHttpClosed } from './plain-http-closed.ts';
import { policiesScoped } from './policies-scoped.ts';
import { provisioningAutomated } from './provisioning-automated.ts';
import { registerChangesApproved } from './register-changes-approved.ts';
import { registerEntriesOwned } from './register-entries-owned.ts';
import { registerEntriesReviewed } from './register-entries-reviewed.ts';
import { repoAccessJustified } from './repo-access-justified.ts';
import { requiredChecksPassed } from './required-checks-passed.ts';
import { rootKeysRemoved } from './root-keys-removed.ts';
import { rootMfaEnabled } from './root-mfa-enabled.ts';
import { ruleBypassesReviewed } from './rule-bypasses-reviewed.ts';
import { scanningEnabled } from './scanning-enabled.ts';
import { scansRun } from './scans-run.ts';
import { secondFactorUsed } from './second-factor-used.ts';
import { secretsKeptOutOfCode } from './secrets-kept-out-of-code.ts';
import { secretsRevoked } from './secrets-revoked.ts';
import { serviceAccountsOwned } from './service-accounts-owned.ts';
import { staleApprovalsDismissed } from './stale-approvals-dismissed.ts';
import { storesEncryptedInCode } from './stores-encrypted-in-code.ts';
import { tlsVersionsCurrent } from './tls-versions-current.ts';
import { unapprovedChangesReviewed } from './unapproved-changes-reviewed.ts';
import { unusedKeysRemoved } from './unused-keys-removed.ts';
import { vulnerabilitiesFixedOnTime } from './vulnerabilities-fixed-on-time.ts';
import { vulnerabilityDismissalsExplained } from './vulnerability-dismissals-explained.ts';
import { weakCiphersRefused } from './weak-ciphers-refused.ts';

/** Every check there is. A test compares the list with the folder. */
export const checks: readonly Check[] = [
  accessGrantsRequested,
  accessKeysRotated,
  accountCreationsMatched,
  accountsIndividual,
  accountsOwned,
  adminChangesAttributed,
  adminRolesGrantedByOthers,
  adminsFew,
  branchProtectionEnforced,
  branchProtectionUnbypassable,
  certificateKeysStrong,
  certificatesRenewed,
  certificatesTrusted,
  changesIndependentlyApproved,
  changesTicketed,
  checksRequired,
  commitsLandedThroughReview,
  deactivationsMatched,
  deployedCommitsLanded,
  deployedCommitsTested,
  deploymentsApproved,
  deploymentsMadeByPipeline,
  deploymentsVerified,
  directPushesReviewed,
  dormantAccountsDisabled,
  elevatedAccessUsed,
  environmentsProtected,
  escalationPathsClosed,
  exceptionsClosed,
  failedDeploymentsReversed,
  forcePushesBlocked,
  grantsGivenThroughRoles,
  landedCommitsExplained,
  leaverAccessRemoved,
  leaverKeysRemoved,
  leaverSignInsStopped,
  mfaEnforced,
  mfaEnrolled,
  outsideCollaboratorsOwned,
  passwordsStrong,
  plainHttpClosed,
  policiesScoped,
  provisioningAutomated,
  registerChangesApproved,
  registerEntriesOwned,
  registerEntriesReviewed,
  repoAccessJustified,
  requiredChecksPassed,
  rootKeysRemoved,
  rootMfaEnabled,
  ruleBypassesReviewed,
  scanningEnabled,
  scansRun,
  secondFactorUsed,
  secretsKeptOutOfCode,
  secretsRevoked,
  serviceAccountsOwned,
  staleApprovalsDismissed,
  storesEncryptedInCode,
  tlsVersionsCurrent,
  unapprovedChangesReviewed,
  unusedKeysRemoved,
  vulnerabilitiesFixedOnTime,
  vulnerabilityDismissalsExplained,
  weakCiphersRefused,
];
