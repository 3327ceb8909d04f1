import type { Json } from '../core/canonical.ts';
import { hours, type Instant } from '../core/instant.ts';
import { ACCOUNT } from './aws.ts';
import { person, type World } from './world.ts';

export type StatedEntry = Readonly<Record<string, Json>>;

/** What was committed to a register so many days before the last one. */
export interface Addition {
  readonly day: number;
  readonly by: number;
  /** Who merged it; `null` where the author pushed it. */
  readonly merger: number | null;
  readonly message: string;
  readonly register: string;
  readonly entries: readonly StatedEntry[];
  /** What is different of entries that stand, by their ids; `null` of one that goes. */
  readonly amends?: Readonly<Record<string, StatedEntry | null>>;
}

/** Registers of Acme whose entries are rows of datasets. */
export const ACME_KINDS: readonly string[] = [
  ...['people-keys', 'access-roles', 'access-sod-rules', 'access-birthright-rules', 'access-privileged-sessions', 'review-campaigns', 'review-decisions'],
  ...['change-rollback-tests', 'config-drift', 'env-data-usage', 'product-isolation-tests', 'product-auth-settings', 'dlp-policies', 'dlp-external-shares'],
  ...['cloud-accounts', 'exceptions', 'governance-reports', 'hr-job-changes', 'policies', 'policy-clauses'],
];

/** Kinds that the people of Acme state by themselves, from an instant on. */
export const attestedAt = (world: World, at: Instant): readonly string[] => ['hr-terminations', ...(at < world.connectedAt ? [] : ['policy-acceptances'])];

/** Whose key signs, by their place in the world. The keys follow from these words, and are nobody's secret. */
export const SIGNERS: readonly { readonly place: number; readonly seed: string; readonly keyId: string }[] = [
  { place: 1, seed: 'Acme, first key', keyId: 'b7f19e7f4fbe468b22b2b269467f0d419dca13dbaf1f7da5e31be687d4df03cb' },
  { place: 2, seed: 'Acme, second key', keyId: '4153c18b8e7034b75b7d94d731c1d031389a2674f1c4357e481b64d42cf5a66d' },
];

/** What stood from the beginning of the registers. */
export function statedAtFirst(world: World): Readonly<Record<string, readonly StatedEntry[]>> {
  const owner = (place: number) => person(world, place).id;
  return {
    ...policyClauses(),
    'people-keys': SIGNERS.map(({ place, keyId }) => ({ id: keyId, title: `Key of ${person(world, place).name}`, email: person(world, place).email })),
    'access-roles': [
      { id: 'RO-1', title: 'Developer', system: 'github', description: 'Writes code and reviews it', grants: ['core'], owner: owner(2) },
      { id: 'RO-2', title: 'Operator', system: 'aws', description: 'Runs production', grants: ['operators'], owner: owner(1) },
      {
        id: 'RO-3',
        title: 'Directory administrator',
        system: 'okta',
        description: 'Keeps the identity provider',
        grants: ['Super Administrator'],
        owner: owner(1),
      },
    ],
    'access-sod-rules': [
      {
        ...{ id: 'SD-1', title: 'Who keeps the identity provider does not sell', active: true, one: ['Super Administrator'], other: ['Sales'] },
        reason: 'one person could act under any name and change what was ordered',
      },
      {
        ...{ id: 'SD-2', title: 'Who keeps the books does not run production', active: true, one: ['AWS'], other: ['Finance'] },
        reason: 'one person could hide what production costs',
      },
    ],
    'access-birthright-rules': [
      { id: 'BR-1', title: 'Mail and chat for everyone', system: 'okta', grants: ['everyone', 'Mail'], audience: [], owner: owner(1) },
      { id: 'BR-2', title: 'Repositories for engineers', system: 'github', grants: ['core', 'acme/product'], audience: ['Engineering'], owner: owner(2) },
      { id: 'BR-3', title: 'Cloud and code for engineers', system: 'okta', grants: ['AWS', 'GitHub'], audience: ['Engineering'], owner: owner(1) },
      ...[...new Set(world.people.map(({ department }) => department))].map((department, place) => ({
        ...{ id: `BR-${4 + place}`, title: `The group of ${department}`, system: 'okta', grants: [department], audience: [department], owner: owner(1) },
      })),
    ],
    'product-auth-settings': [
      { id: 'AS-1', product: 'Acme Web', mfaAvailable: true, passwordHash: 'argon2id', lockout: true, adminInvitesOnly: true },
      { id: 'AS-2', product: 'Acme Mobile', mfaAvailable: true, passwordHash: 'sha256', lockout: true, adminInvitesOnly: true },
    ],
    'dlp-policies': [
      { id: 'DP-1', title: 'No customer lists by mail', channel: 'email', required: true, enabled: true, enforcement: 'block' },
      { id: 'DP-2', title: 'No copies to sticks', channel: 'removable', required: true, enabled: true, enforcement: 'monitor' },
    ],
    'cloud-accounts': [
      { id: ACCOUNT, title: 'Production', provider: 'aws', status: 'active', environment: 'production', mixed: false, system: 'aws' },
      { id: '210987654321', title: 'Laboratory', provider: 'aws', status: 'active', environment: 'unknown', mixed: true, owner: owner(2) },
    ],
    'env-data-usage': [
      {
        id: 'DU-1',
        title: 'Orders for load tests',
        system: 'aws',
        environment: 'nonproduction',
        fromProduction: true,
        masked: true,
        subject: 'staging/orders',
      },
      {
        id: 'DU-2',
        title: 'Copy for the support desk',
        system: 'aws',
        environment: 'nonproduction',
        fromProduction: true,
        masked: false,
        subject: 'staging/support',
      },
    ],
  };
}

/** Clauses of policies that can be measured. */
const policyClauses = (): Readonly<Record<string, readonly StatedEntry[]>> => {
  const clause = (id: string, policy: string, promise: string, more: StatedEntry): StatedEntry => ({ id, policy, promise, active: true, ...more });
  return {
    'policy-clauses': [
      clause('PC-1', 'Access control', 'Keys that nobody uses are removed within 45 days', {
        ...{ value: '45 days', check: 'unused-keys-removed', parameter: 'idle' },
      }),
      clause('PC-2', 'Encryption', 'Databases are encrypted', { resource: 'aws_db_instance.main', attribute: 'storage_encrypted' }),
      clause('PC-3', 'Encryption', 'Shared files are encrypted', {}),
      clause('PC-4', 'Malicious software', 'Servers that are replaced are replaced within 30 days', {
        ...{ value: '30 days', check: 'servers-protected', parameter: 'longest' },
      }),
    ],
  };
};

/** A statement that somebody of Acme made: signed, where they have a key. */
export interface MadeStatement {
  readonly at: Instant;
  readonly place: number;
  readonly seed: string | null;
  readonly register: string;
  readonly entry: StatedEntry;
}

/** Three departures, each told by statement: one late and without a signature, two in time and signed, of which one ended hours before HR says. */
export function madeStatements(world: World): readonly MadeStatement[] {
  const [early, late, west] = world.people
    .flatMap(({ id, endAt, endDate }) =>
      endAt !== null && endDate !== null && world.ago(330) < endAt && endAt < world.ago(10) ? [{ id, endAt, endDate }] : [],
    )
    .sort((a, b) => b.endAt - a.endAt);
  if (!early || !late || !west) return [];
  const entry = (id: string, { id: worker, endDate }: typeof early): StatedEntry => ({ id, worker, type: 'voluntary', effective: endDate });
  return [
    { at: late.endAt + hours(50), place: 7, seed: null, register: 'hr-terminations', entry: entry('T-1', late) },
    { at: early.endAt - hours(70), place: 1, seed: SIGNERS[0]?.seed ?? null, register: 'hr-terminations', entry: entry('T-2', early) },
    { at: west.endAt - hours(30), place: 1, seed: SIGNERS[0]?.seed ?? null, register: 'hr-terminations', entry: entry('T-3', west) },
  ];
}
