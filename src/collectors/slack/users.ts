import { z } from 'zod';
import { IncompleteError } from '../../core/error.ts';
import { ternary } from '../../core/ternary.ts';
import { type Membership, memberships } from '../../datasets/identity/memberships.ts';
import { type MfaEnforcement, mfaEnforcement } from '../../datasets/identity/mfa-enforcement.ts';
import { type MfaFactor, mfaFactors } from '../../datasets/identity/mfa-factors.ts';
import { type User, users } from '../../datasets/identity/users.ts';
import { pagesOf, parse, read } from '../answers.ts';
import { defineCollector, table } from '../collector.ts';
import type { Artifact } from '../source.ts';

const told = z.string().nullish();
const flag = z.boolean().nullish();

export const SlackMember = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  deleted: flag,
  real_name: told,
  profile: z.object({ email: told, real_name: told }).nullish(),
  is_primary_owner: flag,
  is_owner: flag,
  is_admin: flag,
  is_restricted: flag,
  is_ultra_restricted: flag,
  is_bot: flag,
  is_workflow_bot: flag,
  is_invited_user: flag,
  has_2fa: flag,
  two_factor_type: told,
});
type SlackMember = z.infer<typeof SlackMember>;

/** What stands around every answer: the status of one that failed is 200 all the same. */
const Answer = z.object({ ok: z.boolean(), error: told, needed: told });
const Page = Answer.extend({ members: z.array(SlackMember), response_metadata: z.object({ next_cursor: told }).nullish() });
const Caller = Answer.extend({ user: told, team: told, team_id: told, is_enterprise_install: flag });

export const SlackConfig = z.strictObject({
  team: z
    .string()
    .regex(/^T[A-Z0-9]+$/, 'expected the id of a workspace, like T0123ABCD')
    .describe('Id of the workspace: it stands in the address of Slack in a browser, and begins with T'),
  system: z.string().min(1).default('slack').describe('Id of the system in the scope'),
  passwords: z
    .enum(['no', 'unknown'])
    .default('unknown')
    .describe('`no` is the company’s own word that no full member signs in here with a password, because single sign-on is enforced. Guests may all the same'),
});
type SlackConfig = z.infer<typeof SlackConfig>;

/** Slack's own account in every workspace, which it does not mark as a bot. */
const SLACKBOT = 'USLACKBOT';
const FACTORS: Readonly<Record<string, MfaFactor['type']>> = { app: 'totp', sms: 'sms' };

export const slackUsers = defineCollector<SlackConfig, 'http'>({
  id: 'slack/users',
  title: 'Accounts of a Slack workspace: members, administrators and owners, guests, bots, those that are deactivated or invited, two-factor authentication',
  version: 1,
  transport: 'http',
  hosts: () => ['slack.com'],
  operations: [],
  headers: ({ token }) => ({ accept: 'application/json', authorization: `Bearer ${token ?? ''}`, 'user-agent': 'tickmark' }),
  permissions: [
    { right: 'users:read', why: 'accounts in every state, and what they are' },
    { right: 'users:read.email', why: 'the addresses by which accounts are tied to people' },
  ],
  credentials: { token: 'a token of an app in the workspace. One of an administrator is also told who has two-factor authentication' },
  every: '1d',
  config: SlackConfig,
  feeds: [users, mfaEnforcement, mfaFactors, memberships],
  cannotTell: [
    'when an account was made or last used',
    'whether two-factor authentication is required, and of a token that is no administrator’s, who has it',
    'whether somebody may sign in past single sign-on, but for the company’s own word',
    'channels, user groups and apps, and what an app may do',
    'when a guest’s account ends',
  ],
  partitions: ({ team }) => [team],

  async *collect(source, { config: { team } }) {
    const caller = await source.get('caller', '/api/auth.test');
    yield caller;
    const { team_id: answered, is_enterprise_install: whole } = heard(caller, Caller);
    if (whole !== true && answered !== team) throw new IncompleteError(`the workspace ${answered ?? '(no id)'} answered for ${team}`);
    const seen = new Set<string>();
    let addressed = false;
    const first = `/api/users.list?limit=200&team_id=${encodeURIComponent(team)}`;
    yield* source.walk('users', first, (page) => {
      const { members, response_metadata: more } = heard(page, Page);
      for (const { id, profile } of members) {
        if (seen.has(id)) throw new IncompleteError(`"users" told of ${id} twice: the list changed while it was read`);
        seen.add(id);
        addressed ||= Boolean(profile?.email);
      }
      const cursor = more?.next_cursor;
      return cursor ? `${first}&cursor=${encodeURIComponent(cursor)}` : null;
    });
    if (seen.size === 0) throw new IncompleteError('"users" names nobody at all, and whoever asks is somebody');
    if (!addressed) throw new IncompleteError('"users" shows no address of anybody: the token lacks the scope users:read.email');
  },

  witness(artifacts) {
    const [answer] = pagesOf(artifacts, 'caller');
    const { user, team_id } = read(artifacts, 'caller', Caller);
    const scopes = answer?.headers['x-oauth-scopes'];
    return { askedAs: user || null, answeredBy: team_id || null, granted: scopes === undefined ? null : scopes.split(/,\s*/), totals: {} };
  },

  normalize(artifacts, { config }) {
    const members = pagesOf(artifacts, 'users').flatMap((page) => parse(page, Page).members);
    const people = members.flatMap((member) => (member.deleted === false && !isMachine(member) ? [member] : [])); // who can sign in
    const { team, team_id: id } = read(artifacts, 'caller', Caller);
    const name = team || id || config.team;
    return [
      table(
        users,
        members.map((member) => rowOf(member, config)),
      ),
      table(
        mfaEnforcement,
        people.map((member) => enforcementOf(member, config)),
      ),
      table(
        mfaFactors,
        people.flatMap((member) => factorsOf(member, config)),
      ),
      table(
        memberships,
        members.flatMap((member) => (member.deleted === false ? [membershipOf(member, name, config)] : [])),
      ),
    ];
  },
});

/** An answer that succeeded. Slack says in the answer itself that one did not. */
function heard<Shape>(page: Artifact, shape: z.ZodType<Shape>): Shape {
  const { ok, error, needed } = parse(page, Answer);
  if (!ok)
    throw new IncompleteError(
      `"${page.name}" failed: ${error ?? 'Slack does not say why'}. ${ADVICE[error ?? ''] ?? ''}${needed ? ` Needed: ${needed}.` : ''}`.trim(),
    );
  return parse(page, shape);
}

const EXPIRED = 'The token is missing, wrong or was revoked.';
const ADVICE: Readonly<Record<string, string>> = {
  missing_scope: 'The token lacks a scope: compare it with what "tickmark permissions" prints for this collector.',
  not_authed: EXPIRED,
  invalid_auth: EXPIRED,
  token_revoked: EXPIRED,
  token_expired: EXPIRED,
  account_inactive: 'Whoever installed the app has left the workspace: have it installed by somebody else.',
  team_access_not_granted: 'The app is not installed in this workspace.',
  ratelimited: 'Slack was asked too often: let the source run less often.',
};

const isMachine = ({ id, is_bot, is_workflow_bot }: SlackMember): boolean => id === SLACKBOT || is_bot === true || is_workflow_bot === true;
const isGuest = ({ is_restricted, is_ultra_restricted }: SlackMember): boolean => is_restricted === true || is_ultra_restricted === true;
const administers = ({ is_primary_owner, is_owner, is_admin }: SlackMember): boolean => is_primary_owner === true || is_owner === true || is_admin === true;

function rowOf(member: SlackMember, { system, passwords }: SlackConfig): User {
  const { id, name, real_name, profile, is_owner, is_admin } = member;
  return {
    systemId: system,
    userId: id,
    login: name,
    handles: [...new Set([name.toLowerCase(), id.toLowerCase()])],
    emails: profile?.email ? [profile.email.toLowerCase()] : [],
    displayName: profile?.real_name || real_name || null,
    hrId: null,
    kind: isMachine(member) ? 'service' : isGuest(member) ? 'external' : 'unknown',
    status: statusOf(member),
    privileged: administers(member) ? 'yes' : typeof is_admin === 'boolean' && typeof is_owner === 'boolean' ? 'no' : 'unknown',
    password: isMachine(member) ? 'no' : isGuest(member) ? 'unknown' : passwords,
    createdAt: null,
  };
}

function statusOf({ deleted, is_invited_user }: SlackMember): User['status'] {
  if (deleted === true) return 'deactivated';
  if (is_invited_user === true) return 'invited';
  return deleted === false ? 'active' : 'unknown';
}

const enforcementOf = ({ id, has_2fa }: SlackMember, { system }: SlackConfig): MfaEnforcement => ({
  systemId: system,
  userId: id,
  enrolled: ternary(has_2fa),
  enforced: 'unknown',
  by: [],
  bypasses: [],
});

/** Slack tells at most one kind of factor, and names it to administrators alone. */
const factorsOf = ({ id, has_2fa, two_factor_type: type }: SlackMember, { system }: SlackConfig): readonly MfaFactor[] =>
  has_2fa === true && type ? [{ systemId: system, userId: id, factorId: type, type: FACTORS[type] ?? 'unknown', status: 'active', enrolledAt: null }] : [];

const membershipOf = (member: SlackMember, team: string, { system }: SlackConfig): Membership => ({
  systemId: system,
  userId: member.id,
  kind: 'organization',
  name: team,
  role: roleOf(member),
  privileged: administers(member),
});

function roleOf(member: SlackMember): string {
  if (isMachine(member)) return 'bot';
  if (member.is_primary_owner === true) return 'primary owner';
  if (member.is_owner === true) return 'owner';
  if (member.is_admin === true) return 'admin';
  if (member.is_ultra_restricted === true) return 'single-channel guest';
  return member.is_restricted === true ? 'multi-channel guest' : 'member';
}
