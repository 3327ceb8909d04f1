import { days, type Duration, type Instant, iso } from '../core/instant.ts';
import { type AccessRequest, accessRequests } from '../datasets/access/requests.ts';
import { systems } from '../datasets/asset/systems.ts';
import { declarations } from '../datasets/people/declarations.ts';
import { engagements } from '../datasets/people/engagements.ts';
import { workers } from '../datasets/people/workers.ts';
import { type RegisterEntry, registerEntries } from '../datasets/register/entries.ts';
import { conforms, defineCheck, deviates, notYet, span, unknown } from './check.ts';
import { grantOf, grantsGiven, TOLERANCE } from './grants.ts';
import { entryApart, isSilent, type Known, ticketApart } from './ticket-people.ts';

/** Registers are read once a week. */
const PATIENCE = days(8);
const requests = registerEntries.where(({ register }) => register === 'access-requests');
const tickets = accessRequests.where(({ type, decision }) => type !== 'mover-review' && (decision === 'approved' || decision === 'unknown'));

export const accessGrantsRequested = defineCheck({
  id: 'access-grants-requested',
  title: 'Access is requested before it is granted',
  version: 3,
  asserts:
    'Every account, group, application or role of the identity provider that was not given by automation was given after a request for it, in a tracker or a register, that a person other than its recipient and other than who asked had approved, within {validity} or up to the end that the request names.',
  population: grantsGiven.where(({ actorKind }) => actorKind !== 'automation'),
  with: {
    providers: systems.where(({ identityProvider }) => identityProvider).on('systemId'),
    holders: engagements.on('userId'),
    byLogin: requests.on('subject', 'login'),
    byAccount: requests.on('subject', 'userId'),
    byAddress: tickets.on('beneficiaryEmails', 'login'),
    byName: tickets.on('beneficiary', 'login'),
    people: workers.all(),
    declared: declarations.all(),
  },
  parameters: {
    validity: span('30 days', 'from the approval to the grant, where the request names no end'),
    tolerance: '5 minutes between the clocks',
    patience: '8 days until the register must be seen to hold the request',
    register: 'access-requests, with the login or the id of the account as subject and what is asked for in its title',
    tracker: 'requests for the login, as address or name of who is to get access, that name what was given as role, system or in the title',
  },

  examine(
    { systemId, login, detail, actor, actorKind, succeeded, occurredAt },
    { at, providers, holders, byLogin, byAccount, byAddress, byName, people, declared },
    { validity },
  ) {
    if (providers.length === 0) return notYet();
    if (succeeded === 'unknown') return unknown('the log does not say whether the grant took effect');
    if (actorKind === 'unknown') return unknown(`the log does not say what kind of actor ${actor} is`);
    const [holder] = holders.filter((account) => account.systemId === systemId);
    const recipient = people.filter(({ workerId }) => workerId === (holder?.personId ?? holder?.ownerId));
    const known: Known = { people, declared, recipient, emails: holder?.emails ?? [] };
    const wanted = detail === null ? [systemId, ...providers.map(({ name }) => name)] : [detail];

    const named = [...byLogin, ...byAccount].filter((entry) => speaks([entry.title], wanted) && stood(entry, occurredAt, validity));
    const asked = [...byAddress, ...byName].filter((ticket) => names(ticket, wanted) && ticket.requestedAt <= occurredAt + TOLERANCE);
    const decided = asked.filter(
      (ticket) => ticket.decision === 'approved' && ticket.decidedAt !== null && stands(ticket.decidedAt, ticket, occurredAt, validity),
    );
    const judged = [
      ...named.map((entry) => ({ id: entry.entryId, apart: entryApart(entry, known) })),
      ...decided.map((ticket) => ({ id: ticket.ticketId, apart: ticketApart(ticket, known) })),
    ];
    if (judged.some(({ apart }) => apart === 'yes')) return conforms();
    if (at < occurredAt + PATIENCE) return notYet({ until: occurredAt + PATIENCE });

    const silent = asked.filter((ticket) => ticket.decision === 'unknown' || (decided.includes(ticket) && isSilent(ticket)));
    const [untold] = silent.map(({ ticketId }) => ticketId).sort();
    if (untold !== undefined) return unknown(`${untold} asks for it, and its tracker does not say who decided`);
    const [doubtful] = judged.flatMap(({ id, apart }) => (apart === 'unknown' ? [id] : [])).sort();
    if (doubtful !== undefined && recipient.length === 0) return unknown(`nobody knows whose account ${login} is, and so who may not approve`);
    if (doubtful !== undefined) return unknown(`whether a person who neither asked for it nor received it approved ${doubtful} is not known`);

    const given = `${grantOf({ detail })} was given by ${actor} on ${iso(occurredAt)}`;
    if (named.length > 0) return deviates(`${given}, and nobody but who asked or received it had approved the request`, { cites: named });
    const [alone] = decided.map(({ ticketId }) => ticketId).sort();
    if (alone !== undefined) return deviates(`${given}, and nobody but who asked or received it had approved ${alone}`, { cites: decided });
    const [late] = asked.map(({ ticketId }) => ticketId).sort();
    if (late !== undefined) return deviates(`${given}, and ${late} was not approved for that time by then`, { cites: asked });
    return deviates(`${given}, and no request for it was on record`);
  },
});

/** A word that is part of another is none: IT is not named by GitHub. */
function speaks(texts: readonly string[], wanted: readonly string[]): boolean {
  return wanted.some((thing) => {
    const word = new RegExp(`(?<![\\p{L}\\p{N}])${RegExp.escape(thing)}(?![\\p{L}\\p{N}])`, 'iu');
    return texts.some((text) => word.test(text));
  });
}

const names = ({ role, target, title }: AccessRequest, wanted: readonly string[]): boolean => speaks([role ?? '', target ?? '', title], wanted);

/** Whether what was approved then still counts: up to the end that it names, else for a time. */
const stands = (since: Instant, { until }: { readonly until: Instant | null }, then: Instant, validity: Duration): boolean =>
  since <= then + TOLERANCE && (until === null ? then < since + validity : then < until);

/** It was on record by then: when it was committed, or by its own word where it is under no version control. */
function stood(entry: RegisterEntry, then: Instant, validity: Duration): boolean {
  const since = entry.committedAt ?? entry.reviewedAt;
  return since !== null && stands(since, entry, then, validity);
}
