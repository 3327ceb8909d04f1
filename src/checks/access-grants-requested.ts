import { days, type Duration, type Instant, iso } from '../core/instant.ts';
import type { Ternary } from '../core/ternary.ts';
import { type AccessRequest, accessRequests } from '../datasets/access/requests.ts';
import { systems } from '../datasets/asset/systems.ts';
import { type Declaration, declarations } from '../datasets/people/declarations.ts';
import { engagements } from '../datasets/people/engagements.ts';
import { type Worker, workers } from '../datasets/people/workers.ts';
import { type RegisterEntry, registerEntries } from '../datasets/register/entries.ts';
import { conforms, defineCheck, deviates, notYet, span, unknown } from './check.ts';
import { grantOf, grantsGiven, TOLERANCE } from './grants.ts';
import { handOf, handsApart } from './ticket-people.ts';

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

/** Who is who, where somebody approves. */
interface Known {
  readonly people: readonly Worker[];
  readonly declared: readonly Declaration[];
  readonly recipient: readonly Worker[];
  /** Addresses of the recipient. */
  readonly emails: readonly string[];
}

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

const isSilent = ({ approverId, approverEmail }: AccessRequest): boolean => approverId === null && approverEmail === null;

/** Whether a person other than who asked and than who was to get access approved it. */
function ticketApart(ticket: AccessRequest, { people, declared, recipient, emails }: Known): Ternary {
  const { systemId, requesterId, requesterEmail, approverId, approverEmail, beneficiaryId, beneficiaryEmails } = ticket;
  if (isSilent(ticket)) return 'unknown';
  if (approverEmail !== null && [requesterEmail, ...beneficiaryEmails, ...emails].includes(approverEmail)) return 'no';
  const by = handOf(approverId, approverEmail === null ? [] : [approverEmail], people, declared);
  const asking = handOf(requesterId, requesterEmail === null ? [] : [requesterEmail], people, declared);
  return all([handsApart(systemId, by, asking), handsApart(systemId, by, { id: beneficiaryId, people: recipient, declared: [] })]);
}

/** The same of an entry: who wrote it asked, and who merged or signed it has approved it. Its own word approves nothing. */
function entryApart({ approval, authorEmail, approverEmails }: RegisterEntry, { people, recipient }: Known): Ternary {
  if (approverEmails.length === 0) return approval === 'unknown' ? 'unknown' : 'no';
  const of = (emails: readonly string[]) => handOf(null, emails, people, []);
  const author = of(authorEmail === null ? [] : [authorEmail]);
  const each = approverEmails.map((email) =>
    all([handsApart('', of([email]), author), handsApart('', of([email]), { id: null, people: recipient, declared: [] })]),
  );
  return each.includes('yes') ? 'yes' : each.includes('unknown') ? 'unknown' : 'no';
}

const all = (each: readonly Ternary[]): Ternary => (each.includes('no') ? 'no' : each.includes('unknown') ? 'unknown' : 'yes');
