import type { Instant } from './instant.ts';

/** What the server says of who asks: by it a statement is known to be theirs where no key of theirs signed it. */
export interface Vouched {
  /** A session, or a token of theirs. */
  readonly by: 'session' | 'token';
  /** Id of the session or the token, as the audit trail has it. */
  readonly id: string;
  /** Id of the user. */
  readonly user: string;
  /** The record of the sign-in; of a token `null`, until the record of its making is looked up. */
  readonly record: number | null;
  /** By what they have shown who they are; none of a token. */
  readonly methods: readonly string[];
  /** A second factor was among that, or a passkey; of a token, among what was shown when it was made. */
  readonly strong: boolean;
  /** When they last showed it; `null` of a token. */
  readonly verifiedAt: Instant | null;
}

/** How it is known who made a statement. */
export const KNOWN_BY = ['key', 'session', 'token', 'none'] as const;
export type KnownBy = (typeof KNOWN_BY)[number];

/** What shows who made a statement, in one word: the fingerprint of a key, `session s1`, `token t1`; `null` where nothing does. */
export const shownBy = ({ by, id }: Pick<Vouched, 'by' | 'id'>): string => `${by} ${id}`;

export function knownByOf(shown: string | null): KnownBy {
  if (shown === null) return 'none';
  if (shown.startsWith('session ')) return 'session';
  return shown.startsWith('token ') ? 'token' : 'key';
}
