import { hours, type Instant } from '../core/instant.ts';
import type { WireAnswer, WireRequest } from '../sources/wire.ts';
import { jsonAnswer } from './directory-answer.ts';
import { SLACK_CAST, SLACK_DAYS } from './slack-stories.ts';
import { CAST, during } from './stories.ts';
import { type Person, person, type World } from './world.ts';

export const TEAM = 'T0ACME001';
const PAGE = 25;

/** Slack as it answers over its Web API; a failure is told in the answer, with status 200. */
export function slack(world: World, at: Instant, { url }: WireRequest): WireAnswer | null {
  const { host, pathname, searchParams } = new URL(url);
  if (host !== 'slack.com') return null;
  if (pathname === '/api/auth.test')
    return said(at, { ok: true, url: 'https://acme.slack.com/', team: 'Acme', user: 'tickmark', team_id: TEAM, user_id: 'U0TICKMARK', bot_id: 'B0TICKMARK' });
  if (pathname !== '/api/users.list') return said(at, { ok: false, error: 'unknown_method' });
  const all = membersOf(world, at);
  const start = Number(
    Buffer.from(searchParams.get('cursor') ?? '', 'base64')
      .toString()
      .replace('place:', ''),
  );
  const end = start + Math.min(PAGE, Number(searchParams.get('limit') ?? PAGE));
  const next_cursor = end < all.length ? Buffer.from(`place:${end}`).toString('base64') : '';
  return said(at, { ok: true, cache_ts: Math.floor(at / 1000), members: all.slice(start, end), response_metadata: { next_cursor } });
}

function said(at: Instant, body: unknown): WireAnswer {
  const answer = jsonAnswer(200, body, at);
  return { ...answer, headers: { ...answer.headers, 'x-oauth-scopes': 'users:read,users:read.email' } };
}

function membersOf(world: World, at: Instant) {
  const { guest, studio, bot } = SLACK_DAYS;
  return [
    ...world.people.filter(({ startAt }) => startAt <= at).map((it) => memberOf(world, it, at)),
    machine('USLACKBOT', 'slackbot', 'Slackbot', false),
    machine('U0TICKMARK', 'tickmark', 'Tickmark', true),
    ...(during(world, at, bot) ? [machine('U0POLLS', SLACK_CAST.bot, 'Polls', true)] : []),
    ...(at < world.ago(studio.to) ? [guestOf('U0STUDIO', 'studio.kim', 'studio.kim@acme.example', 'app')] : []),
    ...(during(world, at, guest) ? [guestOf('U0GUEST', SLACK_CAST.guest, `${SLACK_CAST.guest}@acme.example`, 'sms')] : []),
  ];
}

const NOBODY = {
  is_admin: false,
  is_owner: false,
  is_primary_owner: false,
  is_restricted: false,
  is_ultra_restricted: false,
  is_bot: false,
  is_app_user: false,
};

function memberOf(world: World, it: Person, at: Instant) {
  const is = (place: number) => it.id === person(world, place).id;
  const forgotten = is(CAST.openLeaver) || (is(SLACK_CAST.leaver) && at < world.ago(SLACK_DAYS.leaver.removed, 15));
  const gone = it.endAt !== null && it.endAt + hours(1) <= at && !forgotten;
  const account = {
    id: `U0${it.id.replace('-', '')}`,
    team_id: TEAM,
    name: it.login.replace('-', '.'),
    deleted: gone,
    updated: Math.floor(it.startAt / 1000),
    profile: { real_name: it.name, display_name: it.name, email: it.email, title: it.title, team: TEAM },
  };
  if (gone) return { ...account, is_bot: false, is_app_user: false };
  return {
    ...account,
    ...NOBODY,
    real_name: it.name,
    is_admin: is(1) || is(2),
    is_owner: is(1),
    is_primary_owner: is(1),
    is_email_confirmed: true,
    has_2fa: false,
  };
}

const machine = (id: string, name: string, real: string, bot: boolean) => ({
  id,
  team_id: TEAM,
  name,
  deleted: false,
  real_name: real,
  profile: { real_name: real, team: TEAM },
  ...NOBODY,
  is_bot: bot,
});

const guestOf = (id: string, name: string, email: string, factor: string) => ({
  id,
  team_id: TEAM,
  name,
  deleted: false,
  real_name: name,
  profile: { real_name: name, email, team: TEAM },
  ...NOBODY,
  is_restricted: true,
  is_ultra_restricted: factor === 'sms',
  has_2fa: true,
  two_factor_type: factor,
});
