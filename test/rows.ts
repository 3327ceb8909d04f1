import { instant } from '../src/core/instant.ts';
import type { Application } from '../src/datasets/access/applications.ts';
import type { BirthrightRule } from '../src/datasets/access/birthright-rules.ts';
import type { AccessRequest } from '../src/datasets/access/requests.ts';
import type { AlertEvent } from '../src/datasets/alert/events.ts';
import type { Grant } from '../src/datasets/access/grants.ts';
import type { Group } from '../src/datasets/access/groups.ts';
import type { PrivilegedSession } from '../src/datasets/access/privileged-sessions.ts';
import type { Role } from '../src/datasets/access/roles.ts';
import type { RoleDefinition } from '../src/datasets/access/role-definitions.ts';
import type { SodRule } from '../src/datasets/access/sod-rules.ts';
import type { GovernanceReport } from '../src/datasets/governance/reports.ts';
import type { JobChange } from '../src/datasets/hr/job-changes.ts';
import type { AuthPolicy } from '../src/datasets/identity/auth-policies.ts';
import type { Membership } from '../src/datasets/identity/memberships.ts';
import type { Exception } from '../src/datasets/policy/exceptions.ts';
import type { AuthSetting } from '../src/datasets/product/auth-settings.ts';
import type { RepoPermission } from '../src/datasets/repo/permissions.ts';
import type { Campaign } from '../src/datasets/review/campaigns.ts';
import type { Decision } from '../src/datasets/review/decisions.ts';
import type { System } from '../src/datasets/asset/systems.ts';
import type { Worker } from '../src/datasets/hr/workers.ts';
import type { AccessKey } from '../src/datasets/iam/access-keys.ts';
import type { KeyActivity } from '../src/datasets/iam/key-activity.ts';
import type { PasswordPolicy } from '../src/datasets/iam/password-policies.ts';
import type { Permission } from '../src/datasets/iam/permissions.ts';
import type { RoleTaker } from '../src/datasets/iam/role-takers.ts';
import type { Policy } from '../src/datasets/iam/policies.ts';
import type { RoleActivity } from '../src/datasets/iam/role-activity.ts';
import type { RootAccount } from '../src/datasets/iam/root-accounts.ts';
import type { RootUse } from '../src/datasets/iam/root-uses.ts';
import type { CheckRun } from '../src/datasets/change/check-runs.ts';
import type { Commit } from '../src/datasets/change/commits.ts';
import type { Deployment } from '../src/datasets/change/deployments.ts';
import type { Environment } from '../src/datasets/change/environments.ts';
import type { PullRequest } from '../src/datasets/change/pull-requests.ts';
import type { Review } from '../src/datasets/change/reviews.ts';
import type { RuleBypass } from '../src/datasets/change/rule-bypasses.ts';
import type { WorkflowRun } from '../src/datasets/change/workflow-runs.ts';
import type { Resource } from '../src/datasets/config/resources.ts';
import type { Certificate } from '../src/datasets/crypto/certificates.ts';
import type { TlsEndpoint } from '../src/datasets/crypto/tls-endpoints.ts';
import type { Activity } from '../src/datasets/identity/activity.ts';
import type { AdminEvent } from '../src/datasets/identity/admin-events.ts';
import type { LifecycleEvent } from '../src/datasets/identity/lifecycle-events.ts';
import type { SignIn } from '../src/datasets/identity/sign-ins.ts';
import type { MfaEnforcement } from '../src/datasets/identity/mfa-enforcement.ts';
import type { MfaFactor } from '../src/datasets/identity/mfa-factors.ts';
import type { User } from '../src/datasets/identity/users.ts';
import type { Account } from '../src/datasets/people/accounts.ts';
import type { Alias } from '../src/datasets/people/aliases.ts';
import type { Engagement } from '../src/datasets/people/engagements.ts';
import type { BranchProtection } from '../src/datasets/repo/branch-protection.ts';
import type { RegisterEntry } from '../src/datasets/register/entries.ts';
import type { RepoCommit } from '../src/datasets/repo/commits.ts';
import type { RepoAccess } from '../src/datasets/repo/access.ts';
import type { Repository } from '../src/datasets/repo/repositories.ts';

import type { Coverage } from '../src/datasets/secrets/coverage.ts';
import type { SecretFinding } from '../src/datasets/secrets/findings.ts';
import type { Vulnerability } from '../src/datasets/vulnerability/findings.ts';
import type { Scan } from '../src/datasets/vulnerability/scans.ts';

/** The instant at which cases are examined unless they say otherwise. */
export const AT = instant('2026-06-01T00:00:00Z');
const made = instant('2026-01-01T00:00:00Z');
export const row =
  <R>(defaults: R) =>
  (over: Partial<R> = {}): R => ({ ...defaults, ...over });

export const system = row<System>({
  systemId: 'okta',
  name: 'Okta',
  critical: true,
  identityProvider: true,
  environment: 'production',
  ownerId: null,
  ssoRequired: 'unknown',
  ssoEnforced: 'unknown',
  accessReviewed: 'unknown',
  deployed: 'unknown',
  provisioning: 'unknown',
  dataClasses: [],
});
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
export const alias = row<Alias>({ workerId: 'W-1', emails: ['ines@home.example'] });
export const engagement = row<Engagement>({
  systemId: 'okta',
  userId: 'u1',
  login: 'ines.duarte',
  kind: 'human',
  personId: 'W-1',
  ownerId: null,
  emails: ['ines.duarte@acme.example'],
  department: 'Engineering',
  startAt: made,
  endAt: null,
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
  inForce: 'yes',
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
  level: 'admin',
  atMost: 'admin',
  escalates: 'no',
  ways: [],
  grants: ['everything on everything'],
  keys: [],
  unreadable: [],
  held: ['AdministratorAccess, through group administrators'],
  direct: [],
  createdAt: made,
});
export const roleTaker = row<RoleTaker>({
  ...{ systemId: 'aws', accountId: '123456789012', principalId: 'arn:1', kind: 'user', name: 'ada' },
  ...{ takes: ['arn:role/Administrator'], mayTake: [], keys: [] },
});
export const roleUse = row<RoleActivity>({ principalId: 'arn:1', lastUsedAt: instant('2026-05-31T00:00:00Z') });
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
export const repoRights = row<RepoAccess>({
  systemId: 'github',
  organization: 'acme',
  userId: 'g1',
  login: 'ines-duarte',
  role: 'member',
  level: 'write',
  ways: ['read on every repository, by the base permission of acme', 'write on acme/web, through team Core'],
  undecided: [],
  direct: [],
  directUndecided: [],
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

const SHA = 'a'.repeat(40);
const HEAD = 'b'.repeat(40);
const landed = instant('2026-05-20T12:00:00Z');
const inRepo = { systemId: 'github', repoId: 'r1', repo: 'acme/web' } as const;
export const commit = row<Commit>({
  ...inRepo,
  sha: SHA,
  branch: 'main',
  first: true,
  broughtBy: SHA,
  prId: 'PR_1',
  prNumber: 7,
  how: 'merged',
  pusherId: 'g2',
  pusher: 'bruno-novak',
  authorId: 'g1',
  author: 'ines-duarte',
  verified: 'yes',
  parents: ['c'.repeat(40)],
  committedAt: landed,
  landedAt: landed,
});
export const pullRequest = row<PullRequest>({
  ...inRepo,
  prId: 'PR_1',
  number: 7,
  title: 'Shorter sessions',
  branch: 'main',
  authorId: 'g1',
  author: 'ines-duarte',
  authorKind: 'human',
  contributorIds: ['g1'],
  strangers: [],
  reviewerIds: ['g2'],
  mergedById: 'g2',
  mergedBy: 'bruno-novak',
  headSha: HEAD,
  mergeSha: SHA,
  labels: [],
  tickets: ['ACME-12'],
  createdAt: instant('2026-05-19T09:00:00Z'),
  lastPushAt: instant('2026-05-19T10:00:00Z'),
  mergedAt: landed,
});
export const review = row<Review>({
  systemId: 'github',
  reviewId: 'PRR_1',
  prId: 'PR_1',
  reviewerId: 'g2',
  reviewer: 'bruno-novak',
  reviewerKind: 'human',
  mayApprove: 'yes',
  state: 'approved',
  dismissedAt: null,
  stateBefore: 'approved',
  sha: HEAD,
  submittedAt: instant('2026-05-20T11:00:00Z'),
});
export const checkRun = row<CheckRun>({
  systemId: 'github',
  checkRunId: 'CR_1',
  prId: 'PR_1',
  sha: HEAD,
  mergeSha: SHA,
  name: 'ci',
  app: 'github-actions',
  required: 'yes',
  conclusion: 'success',
  completedAt: instant('2026-05-19T10:10:00Z'),
  startedAt: instant('2026-05-19T10:05:00Z'),
});
export const ruleBypass = row<RuleBypass>({
  ...inRepo,
  bypassId: 'RS_1',
  branch: 'main',
  sha: SHA,
  actorId: 'g1',
  actor: 'ines-duarte',
  rules: ['pull_request'],
  occurredAt: landed,
});
export const deployment = row<Deployment>({
  ...inRepo,
  deploymentId: 'D_1',
  environment: 'production',
  production: true,
  sha: SHA,
  ref: 'main',
  task: 'deploy',
  creatorId: 'g9',
  creator: 'github-actions',
  creatorKind: 'pipeline',
  runId: '77',
  approvalsTold: 'yes',
  approverIds: ['g2'],
  approvedAt: instant('2026-05-20T12:05:00Z'),
  state: 'success',
  succeededAt: instant('2026-05-20T12:20:00Z'),
  failedAt: null,
  verification: 'passed',
  verifiedAt: instant('2026-05-20T12:30:00Z'),
  createdAt: instant('2026-05-20T12:10:00Z'),
});
export const workflowRun = row<WorkflowRun>({
  ...inRepo,
  runId: '76',
  attempt: 1,
  workflow: 'CI',
  file: '.github/workflows/ci.yml',
  event: 'push',
  sha: SHA,
  branch: 'main',
  actorId: 'g1',
  actor: 'ines-duarte',
  triggeringActorId: 'g1',
  triggeringActor: 'ines-duarte',
  status: 'completed',
  conclusion: 'success',
  startedAt: instant('2026-05-20T12:00:00Z'),
  updatedAt: instant('2026-05-20T12:06:00Z'),
  createdAt: instant('2026-05-20T12:00:00Z'),
});
export const environment = row<Environment>({
  ...inRepo,
  environmentId: 'E_1',
  environment: 'production',
  production: true,
  reviewers: ['team core'],
  selfReviewPrevented: 'yes',
  adminsBypass: 'no',
  branches: ['main'],
  waitMinutes: null,
});
export const secretFinding = row<SecretFinding>({
  systemId: 'github',
  findingId: 'acme/web/1',
  repoId: 'r1',
  place: 'acme/web',
  kind: 'stripe_api_key',
  status: 'resolved',
  resolution: 'revoked',
  validity: 'inactive',
  resolvedById: 'g2',
  resolvedBy: 'bruno-novak',
  pushedPastProtection: 'no',
  detectedAt: instant('2026-05-20T12:00:00Z'),
  resolvedAt: instant('2026-05-20T14:00:00Z'),
});
export const coverage = row<Coverage>({
  systemId: 'github',
  repoId: 'r1',
  repo: 'acme/web',
  secretScanning: 'yes',
  pushProtection: 'yes',
  dependencyAlerts: 'yes',
  codeScanning: 'yes',
});
export const vulnerability = row<Vulnerability>({
  systemId: 'github',
  findingId: 'acme/web/dependency/1',
  kind: 'dependency',
  tool: 'Dependabot',
  target: 'acme/web',
  repoId: 'r1',
  weakness: 'CVE-2026-0001',
  title: 'Prototype pollution',
  location: 'left-pad',
  severity: 'high',
  status: 'open',
  firstSeenAt: instant('2026-05-20T00:00:00Z'),
  fixedAt: null,
  dismissedAt: null,
  dismissedById: null,
  dismissedBy: null,
  dismissedBecause: null,
});
export const scan = row<Scan>({
  systemId: 'aws',
  scanId: 'Prowler 123456789012',
  tool: 'Prowler',
  toolVersion: '5.2.0',
  scope: '123456789012',
  outcome: 'complete',
  examined: 300,
  findings: 12,
  finishedAt: instant('2026-05-30T03:00:00Z'),
});
export const tlsEndpoint = row<TlsEndpoint>({
  systemId: 'web',
  endpointId: 'app.acme.example:443',
  host: 'app.acme.example',
  port: 443,
  accepted: ['TLSv1.2', 'TLSv1.3'],
  refused: ['SSLv3', 'TLSv1', 'TLSv1.1'],
  notExamined: ['SSLv2'],
  weakCiphers: [],
  cipher: 'TLS_AES_256_GCM_SHA384',
  chainTrusted: 'yes',
  chainProblem: null,
  nameMatches: 'yes',
  hstsSeconds: 31_536_000,
  plain: 'redirected',
  fingerprint: 'f'.repeat(64),
});
export const certificate = row<Certificate>({
  systemId: 'web',
  endpointId: 'app.acme.example:443',
  fingerprint: 'f'.repeat(64),
  role: 'leaf',
  subject: 'CN=app.acme.example',
  issuer: 'CN=Made-up authority',
  names: ['app.acme.example'],
  keyType: 'ec',
  keyBits: 256,
  signature: null,
  notBefore: instant('2026-05-01T00:00:00Z'),
  notAfter: instant('2026-08-01T00:00:00Z'),
});
export const resource = row<Resource>({
  systemId: 'aws',
  resourceId: 'infrastructure/main.tf aws_ebs_volume.data',
  origin: 'code',
  address: 'aws_ebs_volume.data',
  mode: 'managed',
  type: 'aws_ebs_volume',
  name: 'data',
  module: null,
  state: null,
  attributes: '{"encrypted":true}',
  file: 'main.tf',
  firstLine: 3,
  lastLine: 8,
  commit: SHA,
});
export const registerEntry = row<RegisterEntry>({
  register: 'vendors',
  entryId: 'V-1',
  title: 'Cloud host',
  ownerId: 'W-2',
  subject: null,
  reviewedAt: instant('2026-03-01T00:00:00Z'),
  until: null,
  reviewerId: null,
  body: '{"id":"V-1"}',
  file: 'registers/vendors.yaml',
  line: 3,
  commit: SHA,
  author: 'Ines Duarte',
  authorEmail: 'ines.duarte@acme.example',
  committedAt: instant('2026-03-01T10:00:00Z'),
  approverEmails: ['bruno.novak@acme.example'],
  approval: 'merge',
  claimedEmails: [],
  statement: null,
  keyId: null,
});
export const repoCommit = row<RepoCommit>({
  systemId: 'github',
  repo: 'acme/web',
  sha: SHA,
  branch: 'main',
  first: true,
  parents: ['c'.repeat(40)],
  author: 'Ines Duarte',
  authorEmail: 'ines.duarte@acme.example',
  committer: 'GitHub',
  committerEmail: 'merge@acme.example',
  coAuthorEmails: [],
  signature: 'pgp',
  verified: 'unknown',
  signerKey: null,
  subject: 'Shorter sessions',
  authoredAt: instant('2026-05-19T10:00:00Z'),
  committedAt: landed,
});
export const lifecycleEvent = row<LifecycleEvent>({
  systemId: 'okta',
  eventId: 'e1',
  userId: '00u0maria',
  login: 'maria@acme.example',
  type: 'role-added',
  detail: 'Super Administrator',
  actorId: '00u0boss',
  actor: 'boss@acme.example',
  actorKind: 'human',
  succeeded: 'yes',
  occurredAt: landed,
});
export const signIn = row<SignIn>({
  systemId: 'okta',
  eventId: 'e2',
  userId: 'u1',
  login: 'ines.duarte',
  kind: 'session',
  factor: null,
  sessionId: 's1',
  federated: 'no',
  succeeded: 'yes',
  occurredAt: landed,
});
export const adminEvent = row<AdminEvent>({
  systemId: 'okta',
  eventId: 'e3',
  type: 'policy.rule.update',
  actorId: '00u0boss',
  actor: 'boss@acme.example',
  actorKind: 'human',
  target: 'Workforce sign-on',
  succeeded: 'yes',
  occurredAt: landed,
});
/** An entry that its author alone stands behind. */
const stated = { authorEmail: 'ines.duarte@acme.example', knownBy: 'commit', approved: 'no', approverEmails: [], approvedAt: null } as const;
export const birthrightRule = row<BirthrightRule>({
  ruleId: 'BR-1',
  title: 'Chat for everyone',
  systemId: 'okta',
  grants: ['everyone'],
  audience: [],
  ownerId: 'W-2',
  ...stated,
});
export const accessRequest = row<AccessRequest>({
  systemId: 'jira',
  requestId: '1',
  ticketId: 'ACC-1',
  title: 'Access',
  type: 'additional',
  decision: 'pending',
  told: ['approval', 'beneficiary', 'role', 'target'],
  beneficiaryId: null,
  beneficiary: null,
  beneficiaryEmails: [],
  target: null,
  role: null,
  requesterId: null,
  requester: 'ines.duarte',
  requesterEmail: null,
  requestedAt: made,
  approverId: null,
  approver: null,
  approverEmail: null,
  decidedAt: null,
  fulfillerId: null,
  fulfiller: null,
  fulfilledAt: null,
  until: null,
});
export const grant = row<Grant>({
  systemId: 'okta',
  grantId: 'g1',
  userId: 'u1',
  login: 'ines.duarte',
  kind: 'application',
  roleId: 'app1',
  role: 'GitHub',
  limitedTo: null,
  status: 'active',
  via: 'direct',
  groupIds: [],
  groups: [],
  ruleIds: [],
  privileged: 'unknown',
  grantedAt: made,
});
export const application = row<Application>({
  systemId: 'okta',
  applicationId: 'app1',
  name: 'GitHub',
  product: 'githubcloud',
  signOn: 'federated',
  signOnMode: 'SAML_2_0',
  status: 'active',
  features: [],
  policyId: null,
  createdAt: made,
});
export const role = row<Role>({
  systemId: 'okta',
  roleId: 'role1',
  name: 'Supporter',
  description: null,
  origin: 'custom',
  permissions: [],
  createdAt: made,
});
export const roleDefinition = row<RoleDefinition>({
  roleId: 'support',
  systemId: 'okta',
  title: 'Support',
  description: 'Resets passwords of customers',
  grants: ['supporter'],
  ownerId: 'W-1',
  ...stated,
});
export const sodRule = row<SodRule>({
  ruleId: 'S-1',
  title: 'Who deploys does not approve',
  active: true,
  one: ['Deployers'],
  other: ['Change approvers'],
  reason: 'A change could reach production unseen',
  compensating: null,
  ...stated,
});
export const rootUse = row<RootUse>({ systemId: 'aws', accountId: '123456789012', credential: 'password', told: true, usedAt: made });
export const privilegedSession = row<PrivilegedSession>({
  sessionId: 'P-1',
  type: 'break-glass',
  workerId: 'W-1',
  systemId: 'aws',
  account: null,
  reason: 'The database did not answer',
  ticketId: 'INC-1',
  allowedById: 'W-2',
  allowedAt: made,
  startedAt: made,
  endedAt: null,
  reviewerId: null,
  reviewedAt: null,
  finding: null,
  ...stated,
});
export const report = row<GovernanceReport>({
  reportId: 'R-1',
  title: 'Access review of March',
  type: 'access-review',
  fromAt: made,
  toAt: made,
  generatedAt: made,
  deliveredAt: null,
  deliveredTo: [],
  ...stated,
});
export const jobChange = row<JobChange>({
  changeId: 'M-1',
  workerId: 'W-1',
  effectiveAt: instant('2026-04-01T00:00:00Z'),
  fromDepartment: 'Support',
  toDepartment: 'Engineering',
  fromTitle: null,
  toTitle: null,
  recordedAt: made,
  ...stated,
});
export const authPolicy = row<AuthPolicy>({
  systemId: 'okta',
  policyId: 'p1',
  ruleId: 'r1',
  policy: 'Sign-on',
  rule: 'Everybody',
  kind: 'session',
  status: 'enforced',
  policyPriority: 1,
  rulePriority: 1,
  groupIds: [],
  groups: [],
  userIds: [],
  exceptGroupIds: [],
  exceptUserIds: [],
  applicationIds: [],
  conditions: [],
  access: 'allow',
  secondFactor: 'yes',
  rememberedFor: null,
  sessionLifetimeMinutes: 480,
  sessionIdleMinutes: null,
  persistentCookie: 'no',
});
export const membership = row<Membership>({ systemId: 'okta', userId: 'u1', kind: 'group', name: 'Everyone', role: 'member', privileged: false });
export const group = row<Group>({
  systemId: 'okta',
  groupId: 'grp1',
  name: 'Everyone',
  description: null,
  origin: 'own',
  ruleIds: [],
  privileged: 'no',
  createdAt: null,
});
export const exception = row<Exception>({
  exceptionId: 'E-1',
  title: 'No single sign-on',
  policyId: null,
  controlId: null,
  subjectId: 'crm',
  reason: 'The vendor has none',
  requesterId: 'W-1',
  ownerId: 'W-1',
  until: null,
  compensating: null,
  ...stated,
});
export const authSetting = row<AuthSetting>({
  settingId: 'A-1',
  product: 'Acme',
  mfaAvailable: 'yes',
  passwordHash: 'argon2id',
  lockout: 'yes',
  adminInvitesOnly: 'yes',
  ...stated,
});
export const repoPermission = row<RepoPermission>({
  systemId: 'github',
  repoId: 'r1',
  repo: 'acme/web',
  kind: 'user',
  principalId: 'g1',
  principal: 'ines-duarte',
  permission: 'write',
  via: 'direct',
  archived: false,
});
export const campaign = row<Campaign>({
  campaignId: 'Q2',
  title: 'Access review of the second quarter',
  systemIds: ['okta'],
  fromAt: made,
  toAt: made,
  items: 1,
  populationDigest: 'ab'.repeat(32),
  launchedAt: made,
  dueAt: made,
  completedAt: null,
  status: 'open',
  signedOffById: null,
  ...stated,
});
export const decision = row<Decision>({
  decisionId: 'D-1',
  campaignId: 'Q2',
  systemId: 'okta',
  userId: 'u1',
  right: 'GitHub',
  workerId: 'W-1',
  reviewerId: 'W-2',
  decision: 'keep',
  decidedAt: made,
  reason: null,
  executedAt: null,
  ...stated,
});

export const alertEvent = row<AlertEvent>({
  systemId: 'pagerduty',
  alertId: 'Q1',
  title: 'Sign-ins from two continents',
  rule: 'Identity',
  severity: 'high',
  told: ['acknowledgement', 'escalation', 'conclusion'],
  firedAt: instant('2026-05-20T12:00:00Z'),
  acknowledgedAt: instant('2026-05-20T12:10:00Z'),
  acknowledgedByKind: 'human',
  acknowledgedBy: 'Maria Lopez',
  escalatedAt: null,
  resolvedAt: instant('2026-05-20T15:00:00Z'),
  resolvedByKind: 'human',
  conclusion: 'true_positive',
  investigation: 'OPS-12',
  incidentId: null,
  notified: 1,
});
