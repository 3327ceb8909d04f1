import { servers } from '../datasets/asset/servers.ts';
import { rollbackTests } from '../datasets/change/rollback-tests.ts';
import { drift } from '../datasets/config/drift.ts';
import { externalShares } from '../datasets/dlp/external-shares.ts';
import { dlpPolicies } from '../datasets/dlp/policies.ts';
import { dataUsage } from '../datasets/env/data-usage.ts';
import { authSettings } from '../datasets/product/auth-settings.ts';
import { isolationTests } from '../datasets/product/isolation-tests.ts';
import { defineKind, type Kind } from './kind.ts';

/** What is stated about how systems and data are run. */
export const OPERATION: readonly Kind[] = [
  defineKind({
    id: 'change-rollback-tests',
    title: 'A rollback, rehearsed or real',
    dataset: rollbackTests,
    key: 'testId',
    example: { id: 'RB-1', system: 'aws', performed: '2026-02-10T10:00:00Z', result: 'success', minutes: 12, real: false, performedBy: 'W-003' },
    names: { performedById: 'performedBy' },
  }),
  defineKind({
    id: 'config-drift',
    title: 'A difference between what is declared and what runs',
    dataset: drift,
    key: 'driftId',
    example: { id: 'DR-1', resource: 'aws_security_group.web', detected: '2026-02-11T06:00:00Z', resolved: '2026-02-11T15:00:00Z', ticket: 'OPS-15' },
  }),
  defineKind({
    id: 'asset-servers',
    title: 'A server, where no system that a source reads tells of it',
    dataset: servers,
    key: 'serverId',
    example: { id: 'SV-1', name: 'mail-1', system: 'aws', environment: 'production', protection: true, replaced: false, started: '2026-01-15T08:00:00Z' },
  }),
  defineKind({
    id: 'env-data-usage',
    title: 'A set of data in one environment, and whether it came from production',
    dataset: dataUsage,
    key: 'usageId',
    example: {
      id: 'DU-1',
      title: 'Orders for load tests',
      system: 'aws',
      environment: 'nonproduction',
      fromProduction: false,
      masked: true,
      subject: 'staging/orders',
    },
  }),
  defineKind({
    id: 'product-isolation-tests',
    title: 'A test that no customer reaches the data of another',
    dataset: isolationTests,
    key: 'testId',
    example: {
      id: 'IT-1',
      system: 'aws',
      executed: '2026-03-12T09:00:00Z',
      environment: 'production-like',
      result: 'success',
      evidence: 'run 812 of the pipeline',
    },
  }),
  defineKind({
    id: 'product-auth-settings',
    title: 'What a product offers its customers for signing in safely',
    dataset: authSettings,
    key: 'settingId',
    example: { id: 'AS-1', product: 'Acme Web', mfaAvailable: true, passwordHash: 'argon2id', lockout: true, adminInvitesOnly: true },
  }),
  defineKind({
    id: 'dlp-policies',
    title: 'A rule on where data may go',
    dataset: dlpPolicies,
    key: 'policyId',
    example: { id: 'DP-1', title: 'No customer lists by mail', channel: 'email', required: true, enabled: true, enforcement: 'block' },
  }),
  defineKind({
    id: 'dlp-external-shares',
    title: 'A thing that is shared with people outside',
    dataset: externalShares,
    key: 'shareId',
    needsApproval: true,
    example: { id: 'ES-1', item: 'Roadmap 2026', system: 'google', publicLink: false, classification: 'internal', owner: 'W-005', reviewed: '2026-03-01' },
  }),
];
