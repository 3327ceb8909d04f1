import { instant } from '../src/core/instant.ts';
import type { Server } from '../src/datasets/asset/servers.ts';
import type { CheckParameter } from '../src/datasets/config/parameters.ts';
import type { BuiltArtifact } from '../src/datasets/change/built-artifacts.ts';
import type { RunningArtifact } from '../src/datasets/change/running-artifacts.ts';
import type { CloudChange } from '../src/datasets/config/cloud-changes.ts';
import type { HardeningRule } from '../src/datasets/config/rules.ts';
import type { Clause } from '../src/datasets/policy/clauses.ts';
import type { Departure } from '../src/datasets/hr/departures.ts';
import type { Leaver } from '../src/datasets/people/leavers.ts';
import type { Termination } from '../src/datasets/hr/terminations.ts';
import type { Token } from '../src/datasets/iam/tokens.ts';
import { row } from './rows.ts';

export const departure = row<Departure>({
  workerId: 'W-1',
  fullName: 'Ines Duarte',
  startAt: instant('2024-01-01T00:00:00Z'),
  effectiveAt: instant('2026-05-31T22:00:00Z'),
  toldAt: instant('2026-05-04T02:00:00Z'),
  untoldAt: instant('2026-05-03T02:00:00Z'),
});

export const leaver = row<Leaver>({
  workerId: 'W-1',
  fullName: 'Ines Duarte',
  startAt: instant('2026-01-01T00:00:00Z'),
  endAt: instant('2026-05-01T00:00:00Z'),
  hrEndAt: instant('2026-05-01T00:00:00Z'),
  statedEndAt: null,
  statement: null,
});

export const termination = row<Termination>({
  terminationId: 'T-1',
  workerId: 'W-1',
  type: 'contract-end',
  effectiveAt: instant('2026-04-01T00:00:00Z'),
  notifiedAt: null,
  recordedAt: instant('2026-03-20T10:00:00Z'),
  returnedAt: null,
  authorEmail: 'ines.duarte@acme.example',
  knownBy: 'key',
  approved: 'no',
  approverEmails: [],
  approvedAt: null,
});

export const token = row<Token>({
  systemId: 'github',
  tokenId: 'fine-grained 7',
  kind: 'personal',
  name: 'release notes',
  userId: '1001',
  login: 'ines-duarte',
  allowedAt: instant('2026-03-01T09:00:00Z'),
  ends: 'yes',
  expiresAt: instant('2026-05-30T09:00:00Z'),
});

export const server = row<Server>({
  systemId: 'fleet',
  serverId: '31',
  name: 'db-1',
  environment: 'production',
  protection: 'yes',
  replaced: 'no',
  startedAt: instant('2026-01-05T00:00:00Z'),
});

export const clause = row<Clause>({
  clauseId: 'PC-1',
  policy: 'Access control',
  promise: 'Access keys are replaced within 90 days',
  value: '90 days',
  checkId: 'access-keys-rotated',
  parameter: 'maxAge',
  resource: null,
  attribute: null,
  active: true,
  authorEmail: 'bruno.novak@acme.example',
  knownBy: 'commit',
  approved: 'yes',
  approverEmails: ['chloe.martin@acme.example'],
  approvedAt: instant('2026-03-01T10:00:00Z'),
});

export const checkParameter = row<CheckParameter>({ checkId: 'access-keys-rotated', parameter: 'maxAge', value: '90 days' });

export const hardeningRule = row<HardeningRule>({
  systemId: 'aws',
  tool: 'Prowler',
  scope: '123456789012',
  ruleId: 'ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22',
  title: 'No security group lets the internet in on port 22',
  severity: 'high',
  evaluated: true,
  failed: [],
  undecided: [],
});

export const cloudChange = row<CloudChange>({
  systemId: 'aws',
  eventId: 'e1',
  accountId: '123456789012',
  region: 'eu-central-1',
  action: 'ec2:AuthorizeSecurityGroupIngress',
  happenedAs: 'call',
  outcome: 'success',
  actorKind: 'person',
  actor: 'ines.duarte@acme.example',
  role: 'AWSReservedSSO_Admin_0123',
  actorEmail: 'ines.duarte@acme.example',
  ticketId: 'OPS-12',
  happenedAt: instant('2026-05-04T10:00:00Z'),
});

export const runningArtifact = row<RunningArtifact>({
  systemId: 'aws',
  environment: 'production',
  workload: '123456789012 eu-central-1 main/service:web',
  artifact: 'web',
  image: 'registry.acme.example/web:v12',
  digest: `sha256:${'a'.repeat(64)}`,
  foreign: false,
});

export const builtArtifact = row<BuiltArtifact>({
  digest: `sha256:${'a'.repeat(64)}`,
  name: 'registry.acme.example/web',
  repo: 'acme/web',
  sha: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  builder: 'https://github.com/acme/web/.github/workflows/release.yml@refs/heads/main',
  byPipeline: 'yes',
  builtAt: instant('2026-05-20T10:00:00Z'),
});
