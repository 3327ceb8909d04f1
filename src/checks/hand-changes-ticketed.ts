import { hours, iso } from '../core/instant.ts';
import { type PrivilegedSession, privilegedSessions } from '../datasets/access/privileged-sessions.ts';
import { cloudAccounts } from '../datasets/asset/cloud-accounts.ts';
import { systems } from '../datasets/asset/systems.ts';
import { tickets } from '../datasets/change/tickets.ts';
import { type CloudChange, cloudChanges } from '../datasets/config/cloud-changes.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { workers } from '../datasets/people/workers.ts';
import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';
import { outOfScope } from './scope.ts';
import { TOLD } from './stated.ts';

const PATIENCE = hours(24 * TOLD);
/** Whoever is named by nothing is taken to work by hand: people act through roles too. */
const byHand = ({ actorKind, happenedAs, outcome }: CloudChange): boolean =>
  (actorKind === 'person' || actorKind === 'unknown') && happenedAs !== 'sign-in' && outcome === 'success';

export const handChangesTicketed = defineCheck({
  id: 'hand-changes-ticketed',
  title: 'Changes made by hand in production have a ticket that was approved before',
  version: 1,
  asserts:
    'Every change of a cloud account that is not kept from production, made under no role of the pipeline or of a program, is named by a ticket that was approved before it, or fell into a session of its maker that has a ticket and was allowed beforehand; only an emergency may be approved afterwards.',
  population: cloudChanges.where(byHand),
  with: {
    scope: systems.on('systemId'),
    owned: cloudAccounts.on('accountId'),
    named: tickets.on('ticketIds', 'ticketId'),
    holders: accounts.on('login', 'actor'),
    people: workers.on('emails', 'actorEmail'),
    sessions: privilegedSessions.on('systemId'),
  },
  parameters: { patience: '8 days until the registers must be seen to tell of a session' },

  examine(change, { at, scope, owned, named, holders, people, sessions }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (owned.length > 0 && owned.every(({ environment, mixed }) => environment === 'nonproduction' && mixed === 'no')) return notYet({ rests: ['owned'] });
    const { systemId, ticketId, happenedAt, actor } = change;
    if (named.some(({ approvedAt, type }) => approvedAt !== null && (approvedAt <= happenedAt || type === 'emergency'))) return conforms();
    const its = holders.filter((row) => row.systemId === systemId).flatMap(({ personId }) => personId ?? []);
    const makers = new Set([...its, ...people.map(({ workerId }) => workerId)]);
    if (sessions.some((session) => covers(session, change, makers))) return conforms();
    const [untold] = named.filter(({ told, approvedAt }) => approvedAt === null && !told.includes('approval'));
    if (untold) return unknown(`whether ${untold.ticketId} was approved is not told`);
    const due = happenedAt + PATIENCE;
    if (at < due) return notYet({ until: due });
    const made = `${actor} made it by hand on ${iso(happenedAt)}`;
    if (ticketId === null) return deviates(`${made}, and neither a ticket nor a session that was allowed beforehand covers it`);
    if (named.length === 0) return deviates(`${made}; no tracker knows ${ticketId}, and no session that was allowed beforehand covers it`);
    return deviates(`${made}; ${ticketId} had not been approved by then, and no session that was allowed beforehand covers it`);
  },
});

/** A session of the same person, or under the same name, within which it happened. */
function covers(
  { workerId, account, startedAt, endedAt, ticketId, type, allowedAt }: PrivilegedSession,
  { actor, happenedAt }: CloudChange,
  makers: ReadonlySet<string>,
): boolean {
  if (ticketId === null || (account !== actor && !makers.has(workerId))) return false;
  if (happenedAt < startedAt || endedAt === null || happenedAt > endedAt) return false;
  return type === 'break-glass' || (allowedAt !== null && allowedAt <= happenedAt);
}
