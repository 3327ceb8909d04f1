import { accessKeysRotated } from './access-keys-rotated.ts';
import { accountsIndividual } from './accounts-individual.ts';
import { accountsOwned } from './accounts-owned.ts';
import { adminsFew } from './admins-few.ts';
import { branchProtectionEnforced } from './branch-protection-enforced.ts';
import { branchProtectionUnbypassable } from './branch-protection-unbypassable.ts';
import type { Check } from './check.ts';
import { dormantAccountsDisabled } from './dormant-accounts-disabled.ts';
import { leaverAccessRemoved } from './leaver-access-removed.ts';
import { leaverKeysRemoved } from './leaver-keys-removed.ts';
import { mfaEnforced } from './mfa-enforced.ts';
import { mfaEnrolled } from './mfa-enrolled.ts';
import { outsideCollaboratorsOwned } from './outside-collaborators-owned.ts';
import { passwordsStrong } from './passwords-strong.ts';
import { policiesScoped } from './policies-scoped.ts';
import { rootKeysRemoved } from './root-keys-removed.ts';
import { rootMfaEnabled } from './root-mfa-enabled.ts';
import { scansRun } from './scans-run.ts';
import { secretsKeptOutOfCode } from './secrets-kept-out-of-code.ts';
import { serviceAccountsOwned } from './service-accounts-owned.ts';
import { storesEncryptedInCode } from './stores-encrypted-in-code.ts';
import { unusedKeysRemoved } from './unused-keys-removed.ts';
import { vulnerabilitiesFixedOnTime } from './vulnerabilities-fixed-on-time.ts';
import { vulnerabilityDismissalsExplained } from './vulnerability-dismissals-explained.ts';

/** Every check there is. A test compares the list with the folder. */
export const checks: readonly Check[] = [
  accessKeysRotated,
  accountsIndividual,
  accountsOwned,
  adminsFew,
  branchProtectionEnforced,
  branchProtectionUnbypassable,
  dormantAccountsDisabled,
  leaverAccessRemoved,
  leaverKeysRemoved,
  mfaEnforced,
  mfaEnrolled,
  outsideCollaboratorsOwned,
  passwordsStrong,
  policiesScoped,
  rootKeysRemoved,
  rootMfaEnabled,
  scansRun,
  secretsKeptOutOfCode,
  serviceAccountsOwned,
  storesEncryptedInCode,
  unusedKeysRemoved,
  vulnerabilitiesFixedOnTime,
  vulnerabilityDismissalsExplained,
];
