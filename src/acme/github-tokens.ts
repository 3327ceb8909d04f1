import { days, type Instant, iso } from '../core/instant.ts';
import { githubAccount } from './github.ts';
import { WATCH_CAST, WATCH_DAYS } from './watch-stories.ts';
import { person, type World } from './world.ts';

interface Allowed {
  readonly place: number;
  readonly name: string;
  /** So many days before the last one. */
  readonly allowed: number;
  /** Days until it ends by itself; `null`: it never does. */
  readonly lasts: number | null;
  readonly revoked?: number;
}

const FINE: readonly Allowed[] = [
  { place: 1, name: 'rotation of keys', allowed: 120, lasts: 365 },
  { place: 10, name: 'dashboards', allowed: 60, lasts: 180 },
  { place: 18, name: 'changelog', allowed: 33, lasts: 180 },
  { place: WATCH_CAST.tokenHolder, name: 'release notes', allowed: WATCH_DAYS.endlessToken.allowed, lasts: null, revoked: WATCH_DAYS.endlessToken.revoked },
];
const there = (world: World, at: Instant) =>
  FINE.filter(({ allowed, revoked }) => world.ago(allowed, 9) <= at && (revoked === undefined || at < world.ago(revoked, 12)));

/** Fine-grained tokens that were allowed into the organization, as GitHub lists them. */
export const fineTokens = (world: World, at: Instant): readonly object[] =>
  there(world, at).map(({ place, name, allowed, lasts }) => ({
    ...{ id: 71_000 + allowed, owner: githubAccount(person(world, place)), repository_selection: 'all', token_id: 81_000 + allowed, token_name: name },
    ...{ permissions: { repository: { contents: 'read' } }, access_granted_at: iso(world.ago(allowed, 9)), token_expired: false },
    ...{ token_expires_at: lasts === null ? null : iso(world.ago(allowed, 9) + days(lasts)), token_last_used_at: null },
  }));

/** A classic token and a key for git that people signed in by the identity provider let in, as GitHub lists them. */
export function authorizedCredentials(world: World): readonly object[] {
  const [first, second] = [person(world, 2), person(world, 24)];
  return [
    {
      ...{ login: first.login, credential_id: 91_001, credential_type: 'personal access token', credential_authorized_at: iso(world.ago(100, 10)) },
      ...{ credential_accessed_at: null, authorized_credential_id: 92_001, authorized_credential_note: 'mirror of the handbook' },
      ...{ authorized_credential_expires_at: iso(world.ago(100, 10) + days(300)), scopes: ['repo'] },
    },
    {
      ...{ login: second.login, credential_id: 91_002, credential_type: 'SSH key', credential_authorized_at: iso(world.ago(320, 10)) },
      ...{ credential_accessed_at: null, authorized_credential_id: 92_002, authorized_credential_title: 'laptop', fingerprint: 'SHA256:madeUp' },
    },
  ];
}
