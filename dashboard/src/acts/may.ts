import { useAnswer } from '../api/answer.tsx';
import type { Answer } from '../api/ask.ts';
import { spoken, useTime } from '../time.ts';

export type Me = Answer<'users', 'me'>;
export type Permission = Me['permissions'][number];

/** Who looks at this; `undefined` until it is known. */
export const useMe = (): Me | undefined => useAnswer<Me>('/me').data;

interface Acting {
  readonly me: Me | undefined;
  may(permission: Permission): boolean;
  /** Why nothing can be done here and now, though it may; `null` where it can. */
  readonly held: string | null;
}

/** What who looks at this may do. What they may not do is not shown; what cannot be done at another time than now is, with the reason. */
export function useActing(): Acting {
  const me = useMe();
  const { at, known } = useTime();
  const past = at !== undefined ? `as of ${spoken(at)}` : known !== undefined ? `as known at record ${known}` : null;
  const held = past === null ? null : `This page is held ${past}. What is done is done now: choose Now above.`;
  return { me, may: (permission) => me?.permissions.includes(permission) ?? false, held };
}
