import { localDate } from '../core/calendar.ts';
import type { Json } from '../core/canonical.ts';
import { hours, type Instant, iso } from '../core/instant.ts';
import { ACCOUNT } from './aws.ts';
import { person, type World } from './world.ts';

export type StatedEntry = Readonly<Record<string, Json>>;

/** An entry that was added to a register so many days before the last one. */
export interface Addition {
  readonly day: number;
  readonly by: number;
  /** Who merged it; `null` where the author pushed it. */
  readonly merger: number | null;
  readonly message: string;
  readonly register: string;
  readonly entry: StatedEntry;
}

/** Registers of Acme whose entries are rows of datasets. */
export const ACME_KINDS: readonly string[] = [
  ...['people-keys', 'access-roles', 'access-sod-rules', 'access-birthright-rules', 'access-privileged-sessions', 'review-campaigns', 'review-decisions'],
  ...['change-rollback-tests', 'config-drift', 'env-data-usage', 'product-isolation-tests', 'product-auth-settings', 'dlp-policies', 'dlp-external-shares'],
  ...['cloud-accounts', 'governance-reports', 'hr-job-changes'],
];

/** Kinds that the people of Acme state by themselves. */
export const ACME_ATTESTED: readonly string[] = ['hr-terminations'];

/** Whose key signs, by their place in the world. The keys follow from these words, and are nobody's secret. */
export const SIGNERS: readonly { readonly place: number; readonly seed: string; readonly keyId: string }[] = [
  { place: 1, seed: 'Acme, first key', keyId: 'b7f19e7f4fbe468b22b2b269467f0d419dca13dbaf1f7da5e31be687d4df03cb' },
  { place: 2, seed: 'Acme, second key', keyId: '4153c18b8e7034b75b7d94d731c1d031389a2674f1c4357e481b64d42cf5a66d' },
];

/** What stood from the beginning of the registers. */
export function statedAtFirst(world: World): Readonly<Record<string, readonly StatedEntry[]>> {
  const owner = (place: number) => person(world, place).id;
  return {
    'people-keys': SIGNERS.map(({ place, keyId }) => ({ id: keyId, title: `Key of ${person(world, place).name}`, email: person(world, place).email })),
    'access-roles': [
      { id: 'RO-1', title: 'Developer', system: 'github', description: 'Writes code and reviews it', grants: ['core'], owner: owner(2) },
      { id: 'RO-2', title: 'Operator', system: 'aws', description: 'Runs production', grants: ['operators'], owner: owner(1) },
      { id: 'RO-3', title: 'Billing clerk', system: 'github', grants: ['billing'] },
    ],
    'access-sod-rules': [
      {
        id: 'SD-1',
        title: 'Who writes billing code does not run payments',
        active: true,
        one: ['billing'],
        other: ['payments-approve'],
        reason: 'one person could pay themselves',
      },
    ],
    'access-birthright-rules': [
      { id: 'BR-1', title: 'Mail and chat for everyone', system: 'okta', grants: ['everyone'], audience: [], owner: owner(1) },
      { id: 'BR-2', title: 'Repositories for engineers', system: 'github', grants: ['core'], audience: ['Engineering'], owner: owner(2) },
    ],
    'product-auth-settings': [{ id: 'AS-1', product: 'Acme Web', mfaAvailable: true, passwordHash: 'argon2id', lockout: true, adminInvitesOnly: true }],
    'dlp-policies': [
      { id: 'DP-1', title: 'No customer lists by mail', channel: 'email', required: true, enabled: true, enforcement: 'block' },
      { id: 'DP-2', title: 'No copies to sticks', channel: 'removable', required: true, enabled: true, enforcement: 'monitor' },
    ],
    'cloud-accounts': [
      { id: ACCOUNT, title: 'Production', provider: 'aws', status: 'active', environment: 'production', mixed: false, system: 'aws', owner: owner(1) },
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

/** What was added since, each entry after what it speaks of. */
export function additions(world: World): readonly Addition[] {
  const at = (day: number, hour = 12): string => iso(world.ago(day, hour));
  const date = (day: number): string => localDate(world.ago(day, 12), 'UTC');
  const owner = (place: number) => person(world, place).id;
  const merged = (day: number, register: string, entry: StatedEntry, by = 2, merger: number | null = 1): Addition => ({
    day,
    by,
    merger,
    message: `${register} ${String(entry.id)}`,
    register,
    entry,
  });
  const session = (id: string, day: number, more: StatedEntry = {}): StatedEntry => ({
    ...{ id, type: 'break-glass', worker: owner(2), system: 'aws', account: ACCOUNT, reason: 'the identity provider was down', ticket: 'ACME-812' },
    ...{ started: at(day, 2), ended: at(day, 3), ...more },
  });
  const quarter = (id: string, from: number, to: number): StatedEntry => ({
    ...{ id, title: 'Access to the cloud and the code', systems: ['aws', 'github', 'okta'], from: date(from), to: date(to), items: 3, launched: at(to - 2) },
    ...{ due: date(to - 16), completed: at(to - 9), status: 'completed', signedOffBy: owner(0) },
  });
  const decision = (id: string, day: number, reviewer: number, more: StatedEntry): StatedEntry => ({
    ...{
      id,
      campaign: 'RC-2',
      system: 'github',
      right: 'core',
      reviewer: owner(reviewer),
      decided: at(day),
      decision: 'keep',
      reason: 'works on it every day',
    },
    ...more,
  });
  return [
    merged(199, 'review-campaigns', quarter('RC-1', 300, 210), 1, 0),
    merged(100, 'review-campaigns', quarter('RC-2', 209, 112), 1, 0),
    merged(104, 'review-decisions', decision('RD-1', 105, 1, { user: person(world, 3).login, worker: owner(3) }), 1, 0),
    merged(104, 'review-decisions', decision('RD-2', 105, 1, { user: person(world, 4).login, worker: owner(4), decision: 'revoke', executed: at(104) }), 1, 0),
    merged(103, 'review-decisions', decision('RD-3', 104, 2, { user: person(world, 2).login, worker: owner(2) }), 2, 0),
    merged(90, 'access-privileged-sessions', session('PS-1', 92, { reviewer: owner(1), reviewed: at(91), finding: 'only the failed service was restarted' })),
    merged(38, 'access-privileged-sessions', session('PS-2', 40), 2, null),
    merged(150, 'change-rollback-tests', { id: 'RB-1', system: 'web', performed: at(151), result: 'success', minutes: 9, real: false, performedBy: owner(2) }),
    merged(70, 'config-drift', { id: 'DR-1', resource: 'aws_security_group.web', detected: at(72), resolved: at(71), ticket: 'ACME-790' }),
    merged(28, 'config-drift', { id: 'DR-2', resource: 'aws_s3_bucket.exports', detected: at(29) }),
    merged(160, 'product-isolation-tests', { id: 'IT-1', system: 'web', executed: at(161), environment: 'production-like', result: 'success' }),
    merged(64, 'product-isolation-tests', { id: 'IT-2', system: 'web', executed: at(65), environment: 'production-like', result: 'success' }),
    merged(
      58,
      'dlp-external-shares',
      { id: 'ES-1', item: 'Roadmap', system: 'google', publicLink: false, classification: 'internal', owner: owner(3), reviewed: date(59) },
      3,
    ),
    merged(
      24,
      'dlp-external-shares',
      { id: 'ES-2', item: 'Price list', system: 'google', publicLink: true, classification: 'confidential', owner: owner(5) },
      5,
      null,
    ),
    merged(55, 'governance-reports', {
      ...{ id: 'GR-1', title: 'Access, the month before', type: 'access-review', from: date(90), to: date(60), generated: at(59), delivered: at(58) },
      deliveredTo: [person(world, 0).email],
    }),
    merged(119, 'hr-job-changes', { id: 'M-1', worker: owner(6), effective: date(120), fromDepartment: 'Support', toDepartment: 'Engineering' }, 7, 0),
  ];
}

/** A statement that somebody of Acme made: signed, where they have a key. */
export interface MadeStatement {
  readonly at: Instant;
  readonly place: number;
  readonly seed: string | null;
  readonly register: string;
  readonly entry: StatedEntry;
}

/** Two departures, each told by statement: one in time and signed, one late and without a signature. */
export function madeStatements(world: World): readonly MadeStatement[] {
  const [early, late] = world.people
    .flatMap(({ id, endAt, endDate }) =>
      endAt !== null && endDate !== null && world.ago(330) < endAt && endAt < world.ago(10) ? [{ id, endAt, endDate }] : [],
    )
    .sort((a, b) => b.endAt - a.endAt);
  if (!early || !late) return [];
  const entry = (id: string, { id: worker, endDate }: typeof early): StatedEntry => ({ id, worker, type: 'voluntary', effective: endDate });
  return [
    { at: late.endAt + hours(50), place: 7, seed: null, register: 'hr-terminations', entry: entry('T-1', late) },
    { at: early.endAt - hours(70), place: 1, seed: SIGNERS[0]?.seed ?? null, register: 'hr-terminations', entry: entry('T-2', early) },
  ];
}
