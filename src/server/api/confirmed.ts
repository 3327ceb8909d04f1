import type { SignedIn } from '../../auth/sessions.ts';
import { heldBy } from '../sign-in/http.ts';
import { type Asking, principalOf } from './asking.ts';
import { problem } from './problem.ts';

const STALE = 'This is not done by a session that anybody may have found open, and you have not shown for ten minutes that it is you.';

/** Who does something dangerous by a session has shown a moment ago that it is them. A token is shown each time. */
export async function confirmed(context: Asking): Promise<void> {
  if (principalOf(context).kind === 'token') return;
  const who = await heldBy(context.services.signIn, context.request);
  if (!who?.fresh) throw problem('not-confirmed', STALE);
}

/** The same of what only a person does for themselves: a token that could change how its user signs in would outlive them. */
export async function confirmedSelf(context: Asking): Promise<SignedIn> {
  const who = principalOf(context).kind === 'user' ? await heldBy(context.services.signIn, context.request) : null;
  if (!who) throw problem('not-permitted', 'This looks after how a person signs in: it is done by their own session, and by no token.');
  if (!who.fresh) throw problem('not-confirmed', STALE);
  return who;
}
