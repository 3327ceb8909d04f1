import { days, iso } from '../core/instant.ts';
import type { Ternary } from '../core/ternary.ts';
import { type AccessRequest, accessRequests } from '../datasets/access/requests.ts';
import { systems } from '../datasets/asset/systems.ts';
import { engagements } from '../datasets/people/engagements.ts';
import { type RegisterEntry, registerEntries } from '../datasets/register/entries.ts';
import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';
import { grantOf, grantsGiven, TOLERANCE } from './grants.ts';
import { outOfScope } from './scope.ts';

/** Registers are read once a week. */
const PATIENCE = days(8);
const requests = registerEntries.where(({ register }) => register === 'access-requests');
const tickets = accessRequests.where(({ type, decision }) => type !== 'mover-review' && (decision === 'approved' || decision === 'unknown'));

export const accessGrantsRequested = defineCheck({
  id: 'access-grants-requested',
  title: 'Access is requested before it is granted',
  version: 2,
  asserts:
    'Every account, group, application or role of the identity provider that was not given by automation was given after a request for it, in a tracker or a register, that somebody other than its recipient and other than who asked had approved.',
  population: grantsGiven.where(({ actorKind }) => actorKind !== 'automation'),
  with: {
    scope: systems.on('systemId'),
    holders: engagements.on('userId'),
    byLogin: requests.on('subject', 'login'),
    byAccount: requests.on('subject', 'userId'),
    byAddress: tickets.on('beneficiaryEmails', 'login'),
    byName: tickets.on('beneficiary', 'login'),
  },
  parameters: {
    tolerance: '5 minutes between the clocks',
    patience: '8 days until the register must be seen to hold the request',
    register: 'access-requests, with the login or the id of the account as subject and what is asked for in its title',
    tracker: 'requests for the login, as address or name of who is to get access, that name what was given as role, system or in the title',
  },

  examine({ systemId, login, detail, actor, actorKind, succeeded, occurredAt }, { at, scope, holders, byLogin, byAccount, byAddress, byName }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (succeeded === 'unknown') return unknown('the log does not say whether the grant took effect');
    if (actorKind === 'unknown') return unknown(`the log does not say what kind of actor ${actor} is`);
    const [holder] = holders.filter((account) => account.systemId === systemId);
    const recipient = holder?.personId ?? holder?.ownerId ?? null;
    const named = [...byLogin, ...byAccount].filter((entry) => asks(entry, detail) && stood(entry, occurredAt));
    const wanted = detail === null ? [systemId, ...scope.map(({ name }) => name)] : [detail];
    const asked = [...byAddress, ...byName].filter((ticket) => names(ticket, wanted) && ticket.requestedAt <= occurredAt + TOLERANCE);
    const decided = asked.filter((ticket) => ticket.decision === 'approved' && decidedBy(ticket, occurredAt));
    const others = (is: Ternary) => decided.filter((ticket) => apart(ticket, holder?.emails ?? []) === is);
    const approved = named.some(({ reviewerId }) => reviewerId !== null && reviewerId !== recipient) || others('yes').length > 0;
    if (approved && recipient !== null) return conforms();
    if (at < occurredAt + PATIENCE) return notYet({ until: occurredAt + PATIENCE });
    if (approved) return unknown(`nobody knows whose account ${login} is, and so who may not approve`);
    const silent = [...others('unknown'), ...asked.filter(({ decision }) => decision === 'unknown')].map(({ ticketId }) => ticketId).sort()[0];
    if (silent !== undefined) return unknown(`${silent} asks for it, and its tracker does not say who decided`);
    const given = `${grantOf({ detail })} was given by ${actor} on ${iso(occurredAt)}`;
    if (named.length > 0) return deviates(`${given}, and nobody but its recipient had approved the request`);
    const alone = decided.map(({ ticketId }) => ticketId).sort()[0];
    if (alone !== undefined) return deviates(`${given}, and nobody but who asked or received it had approved ${alone}`, { cites: decided });
    const late = asked.map(({ ticketId }) => ticketId).sort()[0];
    if (late !== undefined) return deviates(`${given}, and ${late} was not approved for that time by then`, { cites: asked });
    return deviates(`${given}, and no request for it was on record`);
  },
});

const asks = ({ title }: RegisterEntry, detail: string | null): boolean => detail === null || title.toLowerCase().includes(detail.toLowerCase());

/** It was on record by then: when it was committed, or by its own word where it is under no version control. */
function stood({ committedAt, reviewedAt, until }: RegisterEntry, then: number): boolean {
  const since = committedAt ?? reviewedAt;
  return since !== null && since <= then + TOLERANCE && (until === null || then < until);
}

/** Whether a ticket asks for one of these things. */
function names({ role, target, title }: AccessRequest, wanted: readonly string[]): boolean {
  const said = [role ?? '', target ?? '', title].map((text) => text.toLowerCase());
  return wanted.some((thing) => said.some((text) => text.includes(thing.toLowerCase())));
}

const decidedBy = ({ decidedAt, until }: AccessRequest, then: number): boolean =>
  decidedAt !== null && decidedAt <= then + TOLERANCE && (until === null || then < until);

/** Whether another than who asked and than who was to get access approved it. */
function apart({ requesterId, requester, approverId, approverEmail, beneficiaryId, beneficiaryEmails }: AccessRequest, theirs: readonly string[]): Ternary {
  if (approverId === null && approverEmail === null) return 'unknown';
  if (approverId !== null && (approverId === requesterId || approverId === beneficiaryId)) return 'no';
  return approverEmail !== null && (approverEmail === requester || [...beneficiaryEmails, ...theirs].includes(approverEmail)) ? 'no' : 'yes';
}
