import { days, hours, instant, type Instant } from '../../src/core/instant.ts';
import { type Random, random } from '../harness/random.ts';

/** A user of an identity provider, as its credential report shows one. */
export type User = {
  readonly id: string;
  readonly arn: string;
  readonly password: boolean;
  readonly mfa: boolean;
  readonly admin: boolean;
  readonly passwordAt: Instant;
  readonly key1: boolean;
  readonly key1At: Instant;
  readonly key2: boolean;
  readonly key2At: Instant;
  readonly policies: number;
  readonly groups: number;
  readonly usedAt: Instant;
};

export const START = instant('2025-01-01T02:00:00Z');
export const DAY = days(1);
const FIRST = START - hours(2);

/** The snapshots of a year: each day all users there are, in one order. What did not change is the same object. */
export interface Year {
  readonly snapshots: readonly (readonly User[])[];
  /** When each was taken. */
  readonly at: readonly Instant[];
}

interface Churn {
  readonly users: number;
  readonly days: number;
  /** Share of users whose state changes in a day. */
  readonly changing: number;
  /** Share of users of whom a day shows another last use. */
  readonly used: number;
  readonly seed?: number;
}

export const V0 = { changing: 0.005, used: 0 } as const;
export const V1 = { changing: 0.005, used: 0.35 } as const;

export function yearOf({ users: count, days: length, changing, used, seed = 42 }: Churn): Year {
  const its = random(seed);
  let made = 0;
  const join = (at: Instant) => user(its, made++, at);
  let users: readonly User[] = Array.from({ length: count }, () => join(FIRST));
  const snapshots: (readonly User[])[] = [];
  const at = Array.from({ length }, (_, day) => START + day * DAY);
  for (const now of at) {
    if (snapshots.length > 0) users = tomorrow(its, users, { now, changing, used, join });
    snapshots.push(users);
  }
  return { snapshots, at };
}

interface Day {
  readonly now: Instant;
  readonly changing: number;
  readonly used: number;
  join(at: Instant): User;
}

function tomorrow(its: Random, users: readonly User[], { now, changing, used, join }: Day): readonly User[] {
  const next: User[] = [];
  const joiners: User[] = [];
  for (const was of users) {
    const user = used > 0 && its.often(used) ? { ...was, usedAt: now - its.below(86_400) * 1000 } : was;
    if (!its.often(changing)) next.push(user);
    else if (its.often(0.1)) joiners.push(join(now));
    else next.push(changed(its, user, now));
  }
  return [...next, ...joiners];
}

function changed(its: Random, user: User, now: Instant): User {
  const at = now - its.below(86_400) * 1000;
  return its.pick([
    () => ({ ...user, mfa: !user.mfa }),
    () => ({ ...user, key1: true, key1At: at }),
    () => ({ ...user, key1: !user.key1 }),
    () => ({ ...user, key2: !user.key2, key2At: user.key2 ? user.key2At : at }),
    () => ({ ...user, policies: user.policies === 0 ? 1 + its.below(3) : 0 }),
    () => ({ ...user, passwordAt: at }),
    () => ({ ...user, groups: its.below(5) }),
    () => ({ ...user, admin: !user.admin }),
  ])();
}

function user(its: Random, number: number, now: Instant): User {
  const ago = (most: number) => now - its.below(most * 86_400) * 1000;
  const id = `u${String(number).padStart(7, '0')}`;
  return {
    id,
    arn: `arn:aws:iam::123456789012:user/staff/${id}`,
    password: its.often(0.8),
    mfa: its.often(0.9),
    admin: its.often(0.03),
    passwordAt: ago(300),
    key1: its.often(0.4),
    key1At: ago(250),
    key2: its.often(0.08),
    key2At: ago(250),
    policies: its.often(0.15) ? 1 + its.below(3) : 0,
    groups: its.below(5),
    usedAt: ago(160),
  };
}

/** One state of one user and the time from the look that first showed it up to the one that no longer did. */
export type Spell = User & { readonly vf: Instant; readonly vt: Instant };

/** After the last look. What still holds there ends there. */
export const endOf = ({ at }: Year): Instant => (at.at(-1) ?? START) + 1;

/** What peers read: the year as intervals, found by comparing each day with the one before. */
export function spells(year: Year): readonly Spell[] {
  const found: Spell[] = [];
  let open = new Map<string, { user: User; from: Instant }>();
  year.snapshots.forEach((users, day) => {
    const at = year.at[day] ?? START;
    const next = new Map<string, { user: User; from: Instant }>();
    for (const user of users) {
      const last = open.get(user.id);
      if (last && last.user !== user) found.push({ ...last.user, vf: last.from, vt: at });
      next.set(user.id, last?.user === user ? last : { user, from: at });
      open.delete(user.id);
    }
    for (const { user, from } of open.values()) found.push({ ...user, vf: from, vt: at });
    open = next;
  });
  for (const { user, from } of open.values()) found.push({ ...user, vf: from, vt: endOf(year) });
  return found;
}
