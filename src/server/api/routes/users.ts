import { factorsOf, resetFactors } from '../../../auth/factors.ts';
import { invitations, invite, type Link, resetLink, withdrawInvitation } from '../../../auth/links.ts';
import { type Bounds, changeUser, type User, userById, users as allUsers } from '../../../auth/people.ts';
import { GRANTS, may } from '../../../auth/roles.ts';
import { endSessions, FRESH, type Session, sessionsOf } from '../../../auth/sessions.ts';
import { standings } from '../../../auth/standing.ts';
import { makeToken, revokeToken, type Token, tokens } from '../../../auth/tokens.ts';
import { iso } from '../../../core/instant.ts';
import { heldBy } from '../../sign-in/http.ts';
import { type Asking, implementing, principalOf } from '../asking.ts';
import { confirmed } from '../confirmed.ts';
import { users as contract } from '../contract/users.ts';
import { pageOf, placeOf } from '../cursor.ts';
import { notFound, problem } from '../problem.ts';

const endpoints = implementing(contract);
const means = ({ services }: Asking) => services.signIn;
const nameOf = (context: Asking): string => principalOf(context).name;

export const userRoutes = endpoints.router({
  me: endpoints.me.handler(async ({ context }) => {
    const principal = principalOf(context);
    const who = await heldBy(means(context), context.request);
    const factors = who ? await factorsOf(means(context), who.user.id) : [];
    return {
      ...{ id: principal.id, kind: principal.kind, name: principal.name, email: principal.email, role: principal.role, strong: principal.strong },
      permissions: GRANTS[principal.role].filter((permission) => may(principal, permission)),
      bounds: shownBounds(principal.bounds),
      session: who && principal.kind === 'user' ? shownSession(who.session) : null,
      hasPassword: who?.user.hasPassword ?? false,
      confirmedUntil: who && principal.kind === 'user' ? iso(who.session.verifiedAt + FRESH) : null,
      factors: factors.map(shownFactor),
    };
  }),

  mySessions: endpoints.mySessions.handler(async ({ context }) => ({
    sessions: (await sessionsOf(means(context), principalOf(context).id)).map(shownSession),
  })),

  endMySessions: endpoints.endMySessions.handler(async ({ input: { session }, context }) => {
    const own = await heldBy(means(context), context.request);
    const which = session === undefined ? { ...(own ? { but: own.session.id } : {}) } : { only: session };
    return { ended: await endSessions(means(context), nameOf(context), principalOf(context).id, which) };
  }),

  myTokens: endpoints.myTokens.handler(async ({ context }) => ({ tokens: (await tokens(means(context), principalOf(context).id)).map(shownToken) })),

  makeMyToken: endpoints.makeMyToken.handler(async ({ input: { name, days, scopes }, context }) => {
    const { kind, email } = principalOf(context);
    if (kind === 'token') throw problem('not-permitted', 'A token makes no tokens: they would outlive it. Sign in.');
    await confirmed(context);
    const user = await userById(means(context), principalOf(context).id);
    if (!user || email === null) throw problem('not-permitted', 'You are no user of Tickmark.');
    const { token, secret } = await makeToken(means(context), email, {
      kind: 'api',
      name,
      user,
      scopes: scopes ?? null,
      days,
      strong: principalOf(context).vouched?.strong ?? false,
    });
    return { token: shownToken(token), secret };
  }),

  revokeMyToken: endpoints.revokeMyToken.handler(async ({ input: { id }, context }) => {
    const theirs = await tokens(means(context), principalOf(context).id);
    if (!theirs.some((token) => token.id === id)) throw notFound(`token ${id}`, 'of yours');
    await revokeToken(means(context), nameOf(context), id);
    return { ended: 1 };
  }),

  list: endpoints.list.handler(async ({ input: { limit, cursor }, context }) => {
    const lines = await allUsers(means(context));
    const keys = ({ email, id }: User) => [email, id];
    const { entries, next } = pageOf(lines, keys, { question: {}, limit, place: placeOf({}, cursor), asOf: null, descending: false });
    const all = await standings(means(context));
    const standing = ({ id }: User) => all.get(id) ?? { factors: 0, seenAt: null };
    return { users: entries.map((user) => ({ ...shownUser(user), factors: standing(user).factors, seenAt: orNull(standing(user).seenAt) })), next };
  }),

  one: endpoints.one.handler(async ({ input: { id }, context }) => {
    const user = await found(context, id);
    return {
      user: shownUser(user),
      factors: (await factorsOf(means(context), id)).map(shownFactor),
      sessions: (await sessionsOf(means(context), id)).map(shownSession),
    };
  }),

  change: endpoints.change.handler(async ({ input: { id, role, bounds, name, active }, context }) => {
    await confirmed(context);
    await found(context, id);
    const change = {
      ...(role === undefined ? {} : { role }),
      ...(bounds === undefined ? {} : { bounds }),
      ...(name === undefined ? {} : { name }),
      ...(active === undefined ? {} : { active }),
    };
    return shownUser(await changeUser(means(context), nameOf(context), id, change));
  }),

  endSessions: endpoints.endSessions.handler(async ({ input: { id, session }, context }) => {
    await found(context, id);
    return { ended: await endSessions(means(context), nameOf(context), id, session === undefined ? {} : { only: session }) };
  }),

  reset: endpoints.reset.handler(async ({ input: { id }, context }) => {
    await confirmed(context);
    const user = await found(context, id);
    await resetFactors(means(context), nameOf(context), user);
    return { link: await resetLink(means(context), nameOf(context), user) };
  }),

  invitations: endpoints.invitations.handler(async ({ context }) => ({ invitations: (await invitations(means(context))).map(shownInvitation) })),

  invite: endpoints.invite.handler(async ({ input: { email, name, role, bounds }, context }) => {
    await confirmed(context);
    const { link, url } = await invite(means(context), nameOf(context), { email, name: name ?? null, role, bounds: bounds ?? null });
    return { invitation: shownInvitation(link), link: url };
  }),

  withdraw: endpoints.withdraw.handler(async ({ input: { id }, context }) => {
    if (!(await invitations(means(context))).some((link) => link.id === id)) throw notFound(`invitation ${id}`, 'that waits');
    await withdrawInvitation(means(context), nameOf(context), id);
    return { ended: 1 };
  }),

  tokens: endpoints.tokens.handler(async ({ context }) => ({ tokens: (await tokens(means(context))).map(shownToken) })),

  makeScimToken: endpoints.makeScimToken.handler(async ({ input: { name, days }, context }) => {
    if (principalOf(context).kind === 'token') throw problem('not-permitted', 'A token makes no tokens: they would outlive it. Sign in.');
    await confirmed(context);
    const { token, secret } = await makeToken(means(context), nameOf(context), {
      kind: 'scim',
      name,
      user: null,
      scopes: null,
      days,
      strong: principalOf(context).strong,
    });
    return { token: shownToken(token), secret };
  }),

  revokeToken: endpoints.revokeToken.handler(async ({ input: { id }, context }) => {
    if (!(await tokens(means(context))).some((token) => token.id === id)) throw notFound(`token ${id}`, 'here');
    await revokeToken(means(context), nameOf(context), id);
    return { ended: 1 };
  }),
});

async function found(context: Asking, id: string): Promise<User> {
  const user = await userById(means(context), id);
  if (!user) throw notFound(`user ${id}`, 'here');
  return user;
}

const orNull = (at: number | null): string | null => (at === null ? null : iso(at));

const shownBounds = (bounds: Bounds) =>
  bounds && { period: bounds.period && { from: iso(bounds.period.from), to: iso(bounds.period.to) }, controls: bounds.controls && [...bounds.controls] };

const shownUser = ({ id, email, name, role, bounds, active, hasPassword, cameBy, createdAt, changedAt }: User) => ({
  ...{ id, email, name, role, active, hasPassword, cameBy },
  bounds: shownBounds(bounds),
  createdAt: iso(createdAt),
  changedAt: iso(changedAt),
});

const shownSession = ({ id, methods, strong, createdAt, seenAt, endsAt, address, agent, record }: Session) => ({
  ...{ id, methods: [...methods], strong, address, agent, record },
  createdAt: iso(createdAt),
  seenAt: iso(seenAt),
  endsAt: iso(endsAt),
});

const shownFactor = ({ createdAt, usedAt, ...factor }: Awaited<ReturnType<typeof factorsOf>>[number]) => ({
  ...factor,
  createdAt: iso(createdAt),
  usedAt: orNull(usedAt),
});

const shownToken = ({ id, kind, name, userId, scopes, madeBy, createdAt, endsAt, usedAt }: Token) => ({
  ...{ id, kind, name, userId, madeBy },
  scopes: scopes && [...scopes],
  createdAt: iso(createdAt),
  endsAt: orNull(endsAt),
  usedAt: orNull(usedAt),
});

const shownInvitation = ({ id, email, role, bounds, madeBy, createdAt, endsAt }: Link) => ({
  ...{ id, email, role, madeBy },
  bounds: shownBounds(bounds),
  createdAt: iso(createdAt),
  endsAt: iso(endsAt),
});
