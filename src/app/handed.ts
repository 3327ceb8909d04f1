import type { Act } from '../evidence/record.ts';
import type { Trail } from './vouching.ts';

/** Acts by which somebody is let in, or begins anew. */
const ACTS = ['invite', 'factors-reset', 'sign-in-link', 'factor-add'] as const;

/**
 * Addresses of whoever was handed the link by which a user came in: who makes a link could have used it, and be the user.
 * Counted are the newest invitation or reset, and links that were made since while the user had no second factor: behind
 * one that they have a link alone opens nothing. Empty of a user who came otherwise.
 */
export async function handedBy(trail: Trail, { user, email }: { readonly user: string; readonly email: string }): Promise<ReadonlySet<string>> {
  const indexes = await Promise.all(ACTS.map((name) => trail.acts(name)));
  const [givers, target] = [new Set<string>(), `users/${user}`];
  let hasFactor = false;
  for (const index of [...new Set(indexes.flat())].sort((a, b) => a - b)) {
    const { body } = await trail.archive.record(index);
    if (body.kind !== 'act' || !isOf(body)) continue;
    if (body.act === 'factor-add') hasFactor = true;
    else if (body.act !== 'sign-in-link') {
      hasFactor = false;
      givers.clear();
    }
    if (body.act !== 'factor-add' && !hasFactor && body.by !== null) givers.add(body.by);
  }
  return givers;

  function isOf({ act, target: to, says }: Act): boolean {
    return act === 'invite' ? says?.email === email : ACTS.some((name) => name === act) && to === target;
  }
}
