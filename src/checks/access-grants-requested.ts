import { days, iso, minutes } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { lifecycleEvents } from '../datasets/identity/lifecycle-events.ts';
import { engagements } from '../datasets/people/engagements.ts';
import { type RegisterEntry, registerEntries } from '../datasets/register/entries.ts';
import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

const GRANTS = ['created', 'group-added', 'app-added', 'role-added'];
const TOLERANCE = minutes(5);
/** Registers are read once a week. */
const PATIENCE = days(8);
const requests = registerEntries.where(({ register }) => register === 'access-requests');

export const accessGrantsRequested = defineCheck({
  id: 'access-grants-requested',
  title: 'Access is requested before it is granted',
  version: 1,
  asserts:
    'Every account, group, application or role of the identity provider was given by a rule that runs by itself, or by hand after a request for it that somebody other than its recipient approved.',
  population: lifecycleEvents.where(({ type, succeeded }) => GRANTS.includes(type) && succeeded !== 'no'),
  with: {
    scope: systems.on('systemId'),
    holders: engagements.on('userId'),
    byLogin: requests.on('subject', 'login'),
    byAccount: requests.on('subject', 'userId'),
  },
  parameters: {
    tolerance: '5 minutes between the clocks',
    patience: '8 days until the register must be seen to hold the request',
    register: 'access-requests, with the login or the id of the account as subject and what is asked for in its title',
  },

  examine({ systemId, login, detail, actor, actorKind, succeeded, occurredAt }, { at, scope, holders, byLogin, byAccount }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (succeeded === 'unknown') return unknown('the log does not say whether the grant took effect');
    if (actorKind === 'automation') return conforms();
    if (actorKind === 'unknown') return unknown(`the log does not say what kind of actor ${actor} is`);
    const [holder] = holders.filter((account) => account.systemId === systemId);
    const recipient = holder?.personId ?? holder?.ownerId ?? null;
    const named = [...byLogin, ...byAccount].filter((entry) => asks(entry, detail) && stood(entry, occurredAt));
    const approved = named.filter(({ reviewerId }) => reviewerId !== null && reviewerId !== recipient);
    if (approved.length > 0 && recipient !== null) return conforms();
    if (at < occurredAt + PATIENCE) return notYet({ until: occurredAt + PATIENCE });
    if (approved.length > 0) return unknown(`nobody knows whose account ${login} is, and so who may not approve`);
    const given = `${detail ?? 'the account'} was given by ${actor} on ${iso(occurredAt)}`;
    if (named.length > 0) return deviates(`${given}, and nobody but its recipient had approved the request`);
    return deviates(`${given}, and no request for it was on record`);
  },
});

const asks = ({ title }: RegisterEntry, detail: string | null): boolean => detail === null || title.toLowerCase().includes(detail.toLowerCase());

/** It was on record by then: when it was committed, or by its own word where it is under no version control. */
function stood({ committedAt, reviewedAt, until }: RegisterEntry, then: number): boolean {
  const since = committedAt ?? reviewedAt;
  return since !== null && since <= then + TOLERANCE && (until === null || then < until);
}
