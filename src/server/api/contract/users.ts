import { z } from 'zod';
import { PERMISSIONS, ROLES } from '../../../auth/roles.ts';
import { endpoint } from './endpoint.ts';
import { id, Moment, page, Next, period } from './fields.ts';

const Role = z.enum(ROLES);
const Permission = z.enum(PERMISSIONS);
const address = z.string().min(3).max(254);
const controls = z.array(id).min(1).max(500);

const Bounds = z
  .object({ period: z.object({ from: Moment, to: Moment }).nullable(), controls: z.array(z.string()).readonly().nullable() })
  .nullable()
  .describe('What an auditor may see; null: everything that the role may');
const bounds = z
  .strictObject({ period: period.nullable(), controls: controls.nullable() })
  .nullable()
  .describe('Bounds of an auditor: a period as FROM..TO, and controls; null: none');

const Factor = z.object({ id: z.string(), kind: z.enum(['totp', 'passkey', 'recovery']), name: z.string(), createdAt: Moment, usedAt: Moment.nullable() });
const User = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: Role,
  bounds: Bounds,
  active: z.boolean(),
  hasPassword: z.boolean(),
  cameBy: z.string().describe('owner, demo, invitation, sso, scim'),
  createdAt: Moment,
  changedAt: Moment,
});
const UserLine = User.extend({
  factors: z.int().describe('Second factors that they have here; a provider may ask for others'),
  seenAt: Moment.nullable().describe('When a session of theirs that has not ended was last used'),
});
const Session = z.object({
  id: z.string(),
  methods: z.array(z.string()).readonly().describe('By what its holder showed who they are'),
  strong: z.boolean().describe('With a second factor, a passkey or a single sign-on that vouches for one'),
  createdAt: Moment,
  seenAt: Moment,
  endsAt: Moment,
  address: z.string().describe('The network that it was opened from'),
  agent: z.string(),
  record: z.int().describe('The record of the sign-in'),
});
const Token = z.object({
  id: z.string(),
  kind: z.enum(['api', 'scim']),
  name: z.string(),
  userId: z.string().nullable(),
  scopes: z.array(Permission).readonly().nullable().describe('What it was limited to; null: all that its user may'),
  madeBy: z.string(),
  createdAt: Moment,
  endsAt: Moment.nullable(),
  usedAt: Moment.nullable(),
});
const Invitation = z.object({
  id: z.string(),
  email: z.string().nullable(),
  role: Role,
  bounds: Bounds,
  madeBy: z.string(),
  createdAt: Moment,
  endsAt: Moment,
});
const Ended = z.object({ ended: z.int().describe('How many') });

const own = { permission: 'self', bounds: 'free', answer: 'fresh', tag: 'You' } as const;
const reads = { permission: 'users.read', bounds: 'refused', answer: 'fresh', method: 'GET', tag: 'Users' } as const;
const writes = { permission: 'users.write', bounds: 'refused', answer: 'fresh', tag: 'Users' } as const;
const tokensOf = { permission: 'tokens.write', bounds: 'refused', answer: 'fresh', tag: 'Users' } as const;
const CONFIRMED = 'A session that has not confirmed a moment ago who holds it is refused as `not-confirmed`.';

export const users = {
  me: endpoint({ ...own, method: 'GET', path: '/me', summary: 'Who you are, what you may, and by what you are signed in' })
    .input(z.strictObject({}))
    .output(
      z.object({
        id: z.string(),
        kind: z.enum(['user', 'token']),
        name: z.string(),
        email: z.string().nullable(),
        role: Role,
        permissions: z.array(Permission).readonly(),
        bounds: Bounds,
        strong: z.boolean(),
        session: Session.nullable().describe('null of a token'),
        hasPassword: z.boolean(),
        confirmedUntil: Moment.nullable().describe(
          'Up to when what is dangerous is done without showing once more that it is you; null of a token, which is shown each time',
        ),
        factors: z.array(Factor).readonly(),
      }),
    ),

  mySessions: endpoint({ ...own, method: 'GET', path: '/me/sessions', summary: 'Your sessions' })
    .input(z.strictObject({}))
    .output(z.object({ sessions: z.array(Session).readonly() })),

  endMySessions: endpoint({ ...own, method: 'POST', path: '/me/sessions/end', summary: 'Ends one of your sessions, or all but the one that asks' })
    .input(z.strictObject({ session: id.optional() }))
    .output(Ended),

  myTokens: endpoint({ ...own, method: 'GET', path: '/me/tokens', summary: 'Your tokens' })
    .input(z.strictObject({}))
    .output(z.object({ tokens: z.array(Token).readonly() })),

  makeMyToken: endpoint({
    ...own,
    method: 'POST',
    path: '/me/tokens',
    status: 201,
    summary: 'Makes a token that speaks for you, within what you may. It is shown this once',
    description: `${CONFIRMED} A token makes no tokens.`,
  })
    .input(
      z.strictObject({ name: z.string().min(1).max(60), days: z.int().min(1).max(366), scopes: z.array(Permission).min(1).max(PERMISSIONS.length).optional() }),
    )
    .output(z.object({ token: Token, secret: z.string() })),

  revokeMyToken: endpoint({ ...own, method: 'POST', path: '/me/tokens/{id}/revoke', summary: 'Revokes a token of yours' })
    .input(z.strictObject({ id }))
    .output(Ended),

  list: endpoint({ ...reads, path: '/users', summary: 'Everybody who may sign in, or could once, by address' })
    .input(z.strictObject({ ...page }))
    .output(z.object({ users: z.array(UserLine).readonly(), next: Next })),

  one: endpoint({ ...reads, path: '/users/{id}', summary: 'One user, with factors and sessions' })
    .input(z.strictObject({ id }))
    .output(z.object({ user: User, factors: z.array(Factor).readonly(), sessions: z.array(Session).readonly() })),

  change: endpoint({
    ...writes,
    method: 'PATCH',
    path: '/users/{id}',
    summary: 'Changes role, bounds or name of a user, activates or deactivates them',
    description: `Their sessions end where role or bounds change, and their tokens too where they are deactivated. The last admin stays one. ${CONFIRMED}`,
  })
    .input(
      z.strictObject({ id, role: Role.optional(), bounds: bounds.optional(), name: z.string().min(1).max(120).optional(), active: z.boolean().optional() }),
    )
    .output(User),

  endSessions: endpoint({ ...writes, method: 'POST', path: '/users/{id}/sessions/end', summary: 'Ends one session of a user, or all' })
    .input(z.strictObject({ id, session: id.optional() }))
    .output(Ended),

  reset: endpoint({
    ...writes,
    method: 'POST',
    path: '/users/{id}/reset',
    summary: 'Takes password and factors of a user, ends their sessions, and gives a link to begin anew',
    description: CONFIRMED,
  })
    .input(z.strictObject({ id }))
    .output(z.object({ link: z.string() })),

  invitations: endpoint({ ...reads, path: '/invitations', summary: 'Who is invited and has not come yet' })
    .input(z.strictObject({}))
    .output(z.object({ invitations: z.array(Invitation).readonly() })),

  invite: endpoint({
    ...writes,
    method: 'POST',
    path: '/invitations',
    status: 201,
    summary: 'Makes a link by which somebody new comes in, once',
    description: CONFIRMED,
  })
    .input(z.strictObject({ email: address, name: z.string().max(120).optional(), role: Role, bounds: bounds.optional() }))
    .output(z.object({ invitation: Invitation, link: z.string() })),

  withdraw: endpoint({ ...writes, method: 'POST', path: '/invitations/{id}/withdraw', summary: 'Withdraws an invitation' })
    .input(z.strictObject({ id }))
    .output(Ended),

  tokens: endpoint({ ...tokensOf, method: 'GET', path: '/tokens', summary: 'Every token, whoever made it' })
    .input(z.strictObject({}))
    .output(z.object({ tokens: z.array(Token).readonly() })),

  makeScimToken: endpoint({
    ...tokensOf,
    method: 'POST',
    path: '/tokens',
    status: 201,
    summary: 'Makes a token by which an identity provider keeps users and groups over SCIM. It is shown this once',
    description: CONFIRMED,
  })
    .input(z.strictObject({ name: z.string().min(1).max(60), days: z.int().min(1).max(366) }))
    .output(z.object({ token: Token, secret: z.string() })),

  revokeToken: endpoint({ ...tokensOf, method: 'POST', path: '/tokens/{id}/revoke', summary: 'Revokes a token' })
    .input(z.strictObject({ id }))
    .output(Ended),
};
