import { localDate } from '../core/calendar.ts';
import { days, hours, type Instant, iso } from '../core/instant.ts';
import { reviewAdditions } from './access-reviews.ts';
import { ACCOUNT } from './aws.ts';
import { CHANGE_DAYS, wrongChange } from './changes.ts';
import { overrideIds } from './github-audit.ts';
import { AUDIT_DAYS } from './github-audit-stories.ts';
import { policyAdditions } from './policies.ts';
import { MOVES, STATED_DAYS } from './stated-stories.ts';
import type { Addition, StatedEntry } from './statements.ts';
import { watchAdditions } from './watch-additions.ts';
import { person, type World } from './world.ts';

type Told = (day: number, register: string, entry: StatedEntry, by?: number, merger?: number | null) => Addition;

/** What was added to the registers since they were begun, and what was changed of what stands. */
export function additions(world: World): readonly Addition[] {
  const add: Told = (day, register, entry, by = 2, merger = 1) => ({
    ...{ day, by, merger, register },
    message: `${register} ${String(entry.id)}`,
    entries: [entry],
  });
  return [
    ...reviewAdditions(world),
    ...reports(world),
    ...accessAdditions(world, add),
    ...changeAdditions(world, add),
    ...dataAdditions(world, add),
    ...watchAdditions(world),
    ...policyAdditions(world),
  ];
}

/** The month whose report was late. */
export const lateReport = (world: World): string => monthsOf(world).findLast(({ next }) => next <= world.ago(STATED_DAYS.lateReport))?.month ?? '';

function monthsOf(world: World): readonly { readonly from: Instant; readonly next: Instant; readonly month: string }[] {
  const first = new Date(world.ago(300));
  return Array.from({ length: 11 }, (_, place) => {
    const [from, next] = [0, 1].map((more) => Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + place + more, 1)) as [Instant, Instant];
    return { from, next, month: new Date(from).toISOString().slice(0, 7) };
  });
}

/** A report on access for each month, made on the day after. */
function reports(world: World): readonly Addition[] {
  const months = monthsOf(world);
  const late = lateReport(world);
  return months
    .filter(({ next }) => next <= world.lastDay - days(20))
    .map(({ from, next, month }) => {
      const isLate = month === late;
      const day = Math.floor((world.lastDay - next) / days(1)) - (isLate ? 16 : 2);
      return {
        ...{ day, by: 2, merger: 1, message: `Report of ${month}`, register: 'governance-reports' },
        entries: [
          {
            ...{ id: `GR-${month}`, title: `Access in ${month}`, type: 'access-review' },
            ...{ from: localDate(from, 'UTC'), to: localDate(next - hours(1), 'UTC'), generated: iso(next + hours(7)) },
            ...{ delivered: iso(next + hours(isLate ? 16 * 24 : 9)), deliveredTo: [person(world, 0).email] },
          },
        ],
      };
    });
}

function accessAdditions(world: World, add: Told): readonly Addition[] {
  const at = (day: number, hour = 12): string => iso(world.ago(day, hour));
  const owner = (place: number) => person(world, place).id;
  const session = (id: string, day: number, more: StatedEntry): StatedEntry => ({
    ...{ id, type: 'break-glass', worker: owner(2), system: 'aws', account: ACCOUNT, reason: 'the identity provider was down', ticket: 'ACME-812' },
    ...{ started: at(day, 2), ended: at(day, 3), ...more },
  });
  const query = (id: string, day: number, allowed: string): StatedEntry =>
    session(id, day, {
      ...{ type: 'database', reason: 'a customer asked where an order went', ticket: 'ACME-977', started: at(day, 10), ended: at(day, 12) },
      ...{ allowedBy: owner(1), allowed },
    });
  const looked = (day: number): StatedEntry => ({ reviewer: owner(1), reviewed: at(day), finding: 'only the failed service was restarted' });
  return [
    add(157, 'access-privileged-sessions', session('PS-1', 158, looked(157))),
    add(90, 'access-privileged-sessions', session('PS-2', 92, looked(91))),
    add(STATED_DAYS.unseenSession.day - 2, 'access-privileged-sessions', session('PS-3', STATED_DAYS.unseenSession.day, {}), 2, null),
    {
      ...{ day: STATED_DAYS.unseenSession.seen, by: 1, merger: 0, message: 'What was done in PS-3', register: 'access-privileged-sessions' },
      ...{ entries: [], amends: { 'PS-3': looked(STATED_DAYS.unseenSession.seen) } },
    },
    add(209, 'access-privileged-sessions', query('PS-4', 210, at(210, 9))),
    add(STATED_DAYS.lateAllowed - 1, 'access-privileged-sessions', query('PS-5', STATED_DAYS.lateAllowed, at(STATED_DAYS.lateAllowed, 15))),
    add(STATED_DAYS.allowed - 1, 'access-privileged-sessions', query('PS-6', STATED_DAYS.allowed, at(STATED_DAYS.allowed, 9))),
    add(STATED_DAYS.roleDefined, 'access-roles', {
      ...{ id: 'RO-4', title: 'Keeper of the sales groups', system: 'okta', description: 'Keeps who is in the groups of sales' },
      ...{ grants: ['Group keeper'], owner: owner(1) },
    }),
    add(88, 'access-roles', {
      ...{ id: 'RO-5', title: 'Help desk', system: 'okta', description: 'Resets what people forgot' },
      ...{ grants: ['Help Desk Administrator'], owner: owner(1) },
    }),
    {
      ...{ day: STATED_DAYS.duties.compensated, by: 2, merger: 1, message: 'Finance reads the bills of the cloud', register: 'access-sod-rules' },
      ...{ entries: [], amends: { 'SD-2': { compensating: 'the role given by name may read bills and nothing else' } } },
    },
    ...Object.entries(MOVES).map(([id, { day, place, from, to }]) =>
      add(
        day - 1,
        'hr-job-changes',
        { id, worker: owner(place), effective: localDate(world.ago(day, 12), 'UTC'), fromDepartment: from, toDepartment: to },
        7,
        0,
      ),
    ),
    {
      ...{ day: STATED_DAYS.signOnException.renewed, by: 1, merger: 0, message: 'The exception for the cloud is renewed', register: 'exceptions' },
      ...{ entries: [], amends: { 'X-4': { until: localDate(world.ago(-200, 12), 'UTC') } } },
    },
  ];
}

function changeAdditions(world: World, add: Told): readonly Addition[] {
  const at = (day: number, hour = 12): string => iso(world.ago(day, hour));
  const owner = (place: number) => person(world, place).id;
  const rollback = (id: string, day: number, minutes = 9): Addition =>
    add(day - 1, 'change-rollback-tests', { id, system: 'web', performed: at(day), result: 'success', minutes, real: false, performedBy: owner(2) });
  const isolation = (day: number, result: 'success' | 'failure' = 'success'): Addition =>
    add(day - 1, 'product-isolation-tests', { id: `IT-${day}`, system: 'web', executed: at(day), environment: 'production-like', result });
  const drift = (id: string, resource: string, day: number, more: StatedEntry): Addition =>
    add(Math.max(1, day - 2), 'config-drift', { id, resource, detected: at(day), ...more });
  const moved = (id: string, what: string, repo: string, { from, to }: { readonly from: number; readonly to: number }): readonly Addition[] => [
    add(from, 'exceptions', {
      ...{ id, title: `${what} moved to another history`, subject: `acme/${repo}`, control: 'CM-02', reason: 'the history of the old repository is laid in' },
      ...{ requestedBy: owner(2), owner: owner(2), reviewed: localDate(world.ago(from, 12), 'UTC'), until: localDate(world.ago(to, 12), 'UTC') },
    }),
    {
      ...{ day: to - 1, by: 2, merger: 1, message: `${what} moved, and the exception gone`, register: 'exceptions' },
      ...{ entries: [], amends: { [id]: null } },
    },
  ];
  const [reviewed] = overrideIds(world);
  return [
    ...[rollback('RB-1', 330), rollback('RB-2', STATED_DAYS.rehearsal), rollback('RB-3', 40, 14)],
    ...[305, STATED_DAYS.isolation.mended, 119, 32].map((day) => isolation(day)),
    ...[isolation(STATED_DAYS.isolation.failed, 'failure'), isolation(123, 'failure')],
    drift('DR-1', 'aws_security_group.web', 240, { resolved: at(239) }),
    drift('DR-2', 'aws_iam_role.reports', 72, { resolved: at(71) }),
    drift('DR-3', 'aws_s3_bucket.exports', STATED_DAYS.drift.found, {}),
    {
      ...{ day: STATED_DAYS.drift.resolved, by: 2, merger: 1, message: 'The bucket is as declared again', register: 'config-drift' },
      ...{ entries: [], amends: { 'DR-3': { resolved: at(STATED_DAYS.drift.resolved) } } },
    },
    ...moved('X-5', 'Billing is', 'billing', { from: 202, to: 194 }),
    ...moved('X-6', 'The documents are', 'docs', AUDIT_DAYS.allowedOff.exception),
    add(STATED_DAYS.override.seen - 1, 'change-reviews', {
      ...{ id: 'CR-1', title: 'Merge past the rules of the mobile application', subject: reviewed ?? '', owner: owner(2) },
      ...{ reviewer: owner(1), reviewed: localDate(world.ago(STATED_DAYS.override.seen - 1, 12), 'UTC') },
    }),
    add(CHANGE_DAYS.reviewedBypass.day - 1, 'change-reviews', {
      ...{ id: 'CR-2', title: 'Push past the rules of the platform', subject: wrongChange(world, 'reviewedBypass').sha, owner: owner(1) },
      ...{ reviewer: owner(2), reviewed: localDate(world.ago(CHANGE_DAYS.reviewedBypass.day - 1, 12), 'UTC') },
    }),
  ];
}

function dataAdditions(world: World, add: Told): readonly Addition[] {
  const owner = (place: number) => person(world, place).id;
  const date = (day: number): string => localDate(world.ago(day, 12), 'UTC');
  const amend = (day: number, register: string, id: string, more: StatedEntry): Addition => ({
    ...{ day, by: 2, merger: 1, message: `${register} ${id}`, register, entries: [], amends: { [id]: more } },
  });
  return [
    amend(STATED_DAYS.accountOwned, 'cloud-accounts', ACCOUNT, { owner: owner(1) }),
    amend(STATED_DAYS.laboratory, 'cloud-accounts', '210987654321', { environment: 'nonproduction', mixed: false }),
    amend(STATED_DAYS.masked, 'env-data-usage', 'DU-2', { masked: true }),
    amend(STATED_DAYS.sticks, 'dlp-policies', 'DP-2', { enforcement: 'block' }),
    amend(STATED_DAYS.passwords, 'product-auth-settings', 'AS-2', { passwordHash: 'argon2id' }),
    add(
      200,
      'dlp-external-shares',
      { id: 'ES-1', item: 'Roadmap', system: 'google', publicLink: false, classification: 'internal', owner: owner(3), reviewed: date(201) },
      3,
    ),
    amend(58, 'dlp-external-shares', 'ES-1', { reviewed: date(59) }),
    add(
      STATED_DAYS.share.from,
      'dlp-external-shares',
      { id: 'ES-2', item: 'Price list', system: 'google', publicLink: true, classification: 'confidential', owner: owner(5) },
      5,
      null,
    ),
    { ...amend(STATED_DAYS.share.to, 'dlp-external-shares', 'ES-2', {}), message: 'The price list is not shared any more', amends: { 'ES-2': null } },
  ];
}
