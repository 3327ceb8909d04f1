import { instant } from '../src/core/instant.ts';
import type { System } from '../src/datasets/asset/systems.ts';
import type { Worker } from '../src/datasets/hr/workers.ts';
import type { AccessKey } from '../src/datasets/iam/access-keys.ts';
import type { KeyActivity } from '../src/datasets/iam/key-activity.ts';
import type { PasswordPolicy } from '../src/datasets/iam/password-policies.ts';
import type { Permission } from '../src/datasets/iam/permissions.ts';
import type { Policy } from '../src/datasets/iam/policies.ts';
import type { RootAccount } from '../src/datasets/iam/root-accounts.ts';
import type { Activity } from '../src/datasets/identity/activity.ts';
import type { MfaEnforcement } from '../src/datasets/identity/mfa-enforcement.ts';
import type { MfaFactor } from '../src/datasets/identity/mfa-factors.ts';
import type { User } from '../src/datasets/identity/users.ts';
import type { Account } from '../src/datasets/people/accounts.ts';
import type { BranchProtection } from '../src/datasets/repo/branch-protection.ts';
import type { Repository } from '../src/datasets/repo/repositories.ts';

/** The instant at which cases are examined unless they say otherwise. */
export const AT = instant('2026-06-01T00:00:00Z');
const made = instant('2026-01-01T00:00:00Z');
const row =
  <R>(defaults: R) =>
  (over: Partial<R> = {}): R => ({ ...defaults, ...over });

export const system = row<System>({ systemId: 'okta', name: 'Okta', critical: true, identityProvider: true });
export const worker = row<Worker>({
  workerId: 'W-1',
  fullName: 'Ines Duarte',
  employmentType: 'employee',
  emails: ['ines.duarte@acme.example'],
  title: null,
  department: null,
  managerId: null,
  startAt: made,
  terminationAt: null,
  timezone: 'UTC',
});
export const user = row<User>({
  systemId: 'okta',
  userId: 'u1',
  login: 'ines.duarte',
  handles: ['ines.duarte', 'u1'],
  emails: ['ines.duarte@acme.example'],
  displayName: null,
  hrId: null,
  kind: 'unknown',
  status: 'active',
  privileged: 'no',
  password: 'yes',
  createdAt: made,
});
export const account = row<Account>({
  systemId: 'okta',
  userId: 'u1',
  login: 'ines.duarte',
  kind: 'human',
  status: 'active',
  privileged: 'no',
  password: 'yes',
  personId: 'W-1',
  ownerId: null,
  purpose: null,
  rule: 'email',
});
export const activity = row<Activity>({ systemId: 'okta', userId: 'u1', lastUsedAt: instant('2026-05-31T00:00:00Z') });
export const factor = row<MfaFactor>({ systemId: 'okta', userId: 'u1', factorId: 'f1', type: 'webauthn', status: 'active', enrolledAt: made });
export const enforcement = row<MfaEnforcement>({ systemId: 'okta', userId: 'u1', enrolled: 'unknown', enforced: 'yes', by: ['Everywhere'], bypasses: [] });
export const root = row<RootAccount>({ systemId: 'aws', accountId: '123456789012', credentials: 'yes', mfa: 'yes', keys: 'no' });
export const key = row<AccessKey>({
  systemId: 'aws',
  accountId: '123456789012',
  userId: 'u1',
  login: 'ci',
  keyId: 'AKIA1',
  status: 'active',
  createdAt: instant('2026-05-01T00:00:00Z'),
});
export const keyUse = row<KeyActivity>({ keyId: 'AKIA1', lastUsedAt: instant('2026-05-31T00:00:00Z') });
export const passwordPolicy = row<PasswordPolicy>({
  systemId: 'aws',
  accountId: '123456789012',
  policyId: 'account',
  exists: true,
  minLength: 14,
  reusePrevention: 5,
  maxAgeDays: null,
  symbols: 'no',
  numbers: 'yes',
  uppercase: 'yes',
  lowercase: 'yes',
  lockoutAttempts: null,
});
export const permission = row<Permission>({
  systemId: 'aws',
  accountId: '123456789012',
  principalId: 'arn:1',
  userId: 'u1',
  kind: 'user',
  name: 'ada',
  admin: 'yes',
  by: ['AdministratorAccess'],
});
export const policy = row<Policy>({
  systemId: 'aws',
  accountId: '123456789012',
  policyId: 'p1',
  name: 'reader',
  managedBy: 'customer',
  attachments: 1,
  boundaries: 0,
  document: '{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*"}]}',
});
export const repository = row<Repository>({
  systemId: 'github',
  repoId: 'r1',
  name: 'acme/web',
  defaultBranch: 'main',
  archived: false,
  fork: false,
  visibility: 'private',
  empty: false,
  createdAt: null,
});
export const protection = row<BranchProtection>({
  systemId: 'github',
  repoId: 'r1',
  repo: 'acme/web',
  branch: 'main',
  sources: ['classic'],
  inForce: 'yes',
  requiredApprovals: 1,
  staleReviewsDismissed: 'yes',
  requiredChecks: ['ci'],
  adminsBound: 'yes',
  bypassActors: [],
  forcePush: 'no',
  deletion: 'no',
});
