import { accessGrantsRequested } from './access-grants-requested.ts';
import { automatedGrantsCovered } from './automated-grants-covered.ts';
import { accessKeysOwned } from './access-keys-owned.ts';
import { accessKeysRotated } from './access-keys-rotated.ts';
import { accessReportsDelivered } from './access-reports-delivered.ts';
import { accessReviewDecisionsConsidered } from './access-review-decisions-considered.ts';
import { accessReviewDecisionsIndependent } from './access-review-decisions-independent.ts';
import { accessReviewPopulationsDecided } from './access-review-populations-decided.ts';
import { accessReviewsCompleted } from './access-reviews-completed.ts';
import { accountCreationsLogged } from './account-creations-logged.ts';
import { accountCreationsMatched } from './account-creations-matched.ts';
import { accountsIndividual } from './accounts-individual.ts';
import { accountsOwned } from './accounts-owned.ts';
import { adminChangesAttributed } from './admin-changes-attributed.ts';
import { adminFactorsStrong } from './admin-factors-strong.ts';
import { adminRolesGrantedByOthers } from './admin-roles-granted-by-others.ts';
import { adminsFew } from './admins-few.ts';
import { alertsAcknowledged } from './alerts-acknowledged.ts';
import { alertsEscalated } from './alerts-escalated.ts';
import { alertsInvestigated } from './alerts-investigated.ts';
import { branchProtectionEnforced } from './branch-protection-enforced.ts';
import { branchProtectionUnbypassable } from './branch-protection-unbypassable.ts';
import { breakGlassReviewed } from './break-glass-reviewed.ts';
import { carriedAccessConfirmed } from './carried-access-confirmed.ts';
import { certificateKeysStrong } from './certificate-keys-strong.ts';
import { certificatesRenewed } from './certificates-renewed.ts';
import { certificatesTrusted } from './certificates-trusted.ts';
import { changeTicketsApproved } from './change-tickets-approved.ts';
import { changeTicketsCompleted } from './change-tickets-completed.ts';
import { changesIndependentlyApproved } from './changes-independently-approved.ts';
import { changesLandedUnderRules } from './changes-landed-under-rules.ts';
import { changesTicketed } from './changes-ticketed.ts';
import type { Check } from './check.ts';
import { checksRequired } from './checks-required.ts';
import { cloudAccountsDeclared } from './cloud-accounts-declared.ts';
import { cloudAccountsSeparated } from './cloud-accounts-separated.ts';
import { commitsLandedThroughReview } from './commits-landed-through-review.ts';
import { conflictingDutiesSeparated } from './conflicting-duties-separated.ts';
import { courseAudiencesKnown } from './course-audiences-known.ts';
import { customerSignInHardened } from './customer-sign-in-hardened.ts';
import { deactivationsMatched } from './deactivations-matched.ts';
import { deployedCommitsLanded } from './deployed-commits-landed.ts';
import { deployedCommitsTested } from './deployed-commits-tested.ts';
import { deploymentsApproved } from './deployments-approved.ts';
import { deploymentsMadeByPipeline } from './deployments-made-by-pipeline.ts';
import { deploymentsVerified } from './deployments-verified.ts';
import { devicesAssigned } from './devices-assigned.ts';
import { devicesEncrypted } from './devices-encrypted.ts';
import { devicesLocked } from './devices-locked.ts';
import { devicesManaged } from './devices-managed.ts';
import { devicesProtected } from './devices-protected.ts';
import { devicesSupported } from './devices-supported.ts';
import { directPushesReviewed } from './direct-pushes-reviewed.ts';
import { dlpPoliciesEnforced } from './dlp-policies-enforced.ts';
import { dormantAccountsDisabled } from './dormant-accounts-disabled.ts';
import { driftResolved } from './drift-resolved.ts';
import { elevatedAccessUsed } from './elevated-access-used.ts';
import { emergencyChangesFew } from './emergency-changes-few.ts';
import { emergencyChangesReviewed } from './emergency-changes-reviewed.ts';
import { environmentsProtected } from './environments-protected.ts';
import { escalationPathsClosed } from './escalation-paths-closed.ts';
import { exceptionsClosed } from './exceptions-closed.ts';
import { externalSharesApproved } from './external-shares-approved.ts';
import { failedDeploymentsReversed } from './failed-deployments-reversed.ts';
import { forcePushesBlocked } from './force-pushes-blocked.ts';
import { grantsGivenThroughRoles } from './grants-given-through-roles.ts';
import { isolationFailuresMended } from './isolation-failures-mended.ts';
import { joinersTrained } from './joiners-trained.ts';
import { landedCommitsExplained } from './landed-commits-explained.ts';
import { leaverAccessRemoved } from './leaver-access-removed.ts';
import { leaverKeysRemoved } from './leaver-keys-removed.ts';
import { leaverSignInsStopped } from './leaver-sign-ins-stopped.ts';
import { localPasswordsRemoved } from './local-passwords-removed.ts';
import { mfaEnforced } from './mfa-enforced.ts';
import { mfaEnrolled } from './mfa-enrolled.ts';
import { moverAccessReviewed } from './mover-access-reviewed.ts';
import { outsideCollaboratorsOwned } from './outside-collaborators-owned.ts';
import { passwordsStrong } from './passwords-strong.ts';
import { plainHttpClosed } from './plain-http-closed.ts';
import { policiesScoped } from './policies-scoped.ts';
import { privilegedSessionsAllowed } from './privileged-sessions-allowed.ts';
import { productionDataKeptOutOfTest } from './production-data-kept-out-of-test.ts';
import { provisioningAutomated } from './provisioning-automated.ts';
import { registerChangesApproved } from './register-changes-approved.ts';
import { registerEntriesOwned } from './register-entries-owned.ts';
import { registerEntriesReviewed } from './register-entries-reviewed.ts';
import { removableMediaBlocked } from './removable-media-blocked.ts';
import { repoAccessJustified } from './repo-access-justified.ts';
import { requiredChecksPassed } from './required-checks-passed.ts';
import { retiredDevicesSilent } from './retired-devices-silent.ts';
import { reviewRevocationsExecuted } from './review-revocations-executed.ts';
import { reviewRevocationsProven } from './review-revocations-proven.ts';
import { revokedAccessKeptRemoved } from './revoked-access-kept-removed.ts';
import { roleCoursesCompleted } from './role-courses-completed.ts';
import { rolesDefined } from './roles-defined.ts';
import { rollbackPlansRecorded } from './rollback-plans-recorded.ts';
import { rollbacksRehearsed } from './rollbacks-rehearsed.ts';
import { rootKeysRemoved } from './root-keys-removed.ts';
import { rootMfaEnabled } from './root-mfa-enabled.ts';
import { rootUseRecorded } from './root-use-recorded.ts';
import { ruleBypassesReviewed } from './rule-bypasses-reviewed.ts';
import { ruleLooseningsApproved } from './rule-loosenings-approved.ts';
import { ruleLooseningsUndone } from './rule-loosenings-undone.ts';
import { ruleOverridesReviewed } from './rule-overrides-reviewed.ts';
import { scanningEnabled } from './scanning-enabled.ts';
import { scansRun } from './scans-run.ts';
import { secondFactorUsed } from './second-factor-used.ts';
import { secretsKeptOutOfCode } from './secrets-kept-out-of-code.ts';
import { secretsRevoked } from './secrets-revoked.ts';
import { securityChecksPassed } from './security-checks-passed.ts';
import { securityChecksRequired } from './security-checks-required.ts';
import { serviceAccountsOwned } from './service-accounts-owned.ts';
import { sessionsLimited } from './sessions-limited.ts';
import { singleSignOnEnforced } from './single-sign-on-enforced.ts';
import { staleApprovalsDismissed } from './stale-approvals-dismissed.ts';
import { storesEncryptedInCode } from './stores-encrypted-in-code.ts';
import { systemsReviewedQuarterly } from './systems-reviewed-quarterly.ts';
import { tlsVersionsCurrent } from './tls-versions-current.ts';
import { trainingRecordsProven } from './training-records-proven.ts';
import { trainingTopicsCovered } from './training-topics-covered.ts';
import { unapprovedChangesReviewed } from './unapproved-changes-reviewed.ts';
import { unusedKeysRemoved } from './unused-keys-removed.ts';
import { vulnerabilitiesFixedOnTime } from './vulnerabilities-fixed-on-time.ts';
import { vulnerabilityDismissalsExplained } from './vulnerability-dismissals-explained.ts';
import { weakCiphersRefused } from './weak-ciphers-refused.ts';
import { workersEquipped } from './workers-equipped.ts';
import { workersTrained } from './workers-trained.ts';
import { departuresRecorded } from './departures-recorded.ts';
import { identityLogsCollected } from './identity-logs-collected.ts';
import { statedDeparturesRecorded } from './stated-departures-recorded.ts';
import { statedLeaverAccessRemoved } from './stated-leaver-access-removed.ts';
import { personalTokensLimited } from './personal-tokens-limited.ts';
import { serversProtected } from './servers-protected.ts';
import { policiesAcceptedByNewWorkers } from './policies-accepted-by-new-workers.ts';
import { revisedPoliciesAcceptedByWorkforce } from './revised-policies-accepted-by-workforce.ts';
import { policyClausesEnforced } from './policy-clauses-enforced.ts';
import { hardeningRulesKept } from './hardening-rules-kept.ts';
import { handChangesTicketed } from './hand-changes-ticketed.ts';
import { runningArtifactsBuilt } from './running-artifacts-built.ts';

/** Every check there is. A test compares the list with the folder. */
export const checks: readonly Check[] = [
  accessGrantsRequested,
  accessKeysOwned,
  accessKeysRotated,
  accessReportsDelivered,
  accessReviewDecisionsConsidered,
  accessReviewDecisionsIndependent,
  accessReviewPopulationsDecided,
  accessReviewsCompleted,
  accountCreationsLogged,
  accountCreationsMatched,
  accountsIndividual,
  accountsOwned,
  adminChangesAttributed,
  adminFactorsStrong,
  adminRolesGrantedByOthers,
  adminsFew,
  alertsAcknowledged,
  alertsEscalated,
  alertsInvestigated,
  automatedGrantsCovered,
  branchProtectionEnforced,
  branchProtectionUnbypassable,
  breakGlassReviewed,
  carriedAccessConfirmed,
  certificateKeysStrong,
  certificatesRenewed,
  certificatesTrusted,
  changeTicketsApproved,
  changeTicketsCompleted,
  changesIndependentlyApproved,
  changesLandedUnderRules,
  changesTicketed,
  checksRequired,
  cloudAccountsDeclared,
  cloudAccountsSeparated,
  commitsLandedThroughReview,
  conflictingDutiesSeparated,
  courseAudiencesKnown,
  customerSignInHardened,
  deactivationsMatched,
  departuresRecorded,
  deployedCommitsLanded,
  deployedCommitsTested,
  deploymentsApproved,
  deploymentsMadeByPipeline,
  deploymentsVerified,
  devicesAssigned,
  devicesEncrypted,
  devicesLocked,
  devicesManaged,
  devicesProtected,
  devicesSupported,
  directPushesReviewed,
  dlpPoliciesEnforced,
  dormantAccountsDisabled,
  driftResolved,
  elevatedAccessUsed,
  emergencyChangesFew,
  emergencyChangesReviewed,
  environmentsProtected,
  escalationPathsClosed,
  exceptionsClosed,
  externalSharesApproved,
  failedDeploymentsReversed,
  forcePushesBlocked,
  grantsGivenThroughRoles,
  handChangesTicketed,
  hardeningRulesKept,
  identityLogsCollected,
  isolationFailuresMended,
  joinersTrained,
  landedCommitsExplained,
  leaverAccessRemoved,
  leaverKeysRemoved,
  leaverSignInsStopped,
  localPasswordsRemoved,
  mfaEnforced,
  mfaEnrolled,
  moverAccessReviewed,
  outsideCollaboratorsOwned,
  passwordsStrong,
  personalTokensLimited,
  plainHttpClosed,
  policiesAcceptedByNewWorkers,
  policiesScoped,
  policyClausesEnforced,
  privilegedSessionsAllowed,
  productionDataKeptOutOfTest,
  provisioningAutomated,
  registerChangesApproved,
  registerEntriesOwned,
  registerEntriesReviewed,
  removableMediaBlocked,
  repoAccessJustified,
  requiredChecksPassed,
  retiredDevicesSilent,
  reviewRevocationsExecuted,
  reviewRevocationsProven,
  revisedPoliciesAcceptedByWorkforce,
  revokedAccessKeptRemoved,
  roleCoursesCompleted,
  rolesDefined,
  rollbackPlansRecorded,
  rollbacksRehearsed,
  rootKeysRemoved,
  rootMfaEnabled,
  rootUseRecorded,
  ruleBypassesReviewed,
  ruleLooseningsApproved,
  ruleLooseningsUndone,
  ruleOverridesReviewed,
  runningArtifactsBuilt,
  scanningEnabled,
  scansRun,
  secondFactorUsed,
  secretsKeptOutOfCode,
  secretsRevoked,
  securityChecksPassed,
  securityChecksRequired,
  serversProtected,
  serviceAccountsOwned,
  sessionsLimited,
  singleSignOnEnforced,
  staleApprovalsDismissed,
  statedDeparturesRecorded,
  statedLeaverAccessRemoved,
  storesEncryptedInCode,
  systemsReviewedQuarterly,
  tlsVersionsCurrent,
  trainingRecordsProven,
  trainingTopicsCovered,
  unapprovedChangesReviewed,
  unusedKeysRemoved,
  vulnerabilitiesFixedOnTime,
  vulnerabilityDismissalsExplained,
  weakCiphersRefused,
  workersEquipped,
  workersTrained,
];
