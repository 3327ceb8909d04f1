import type { Check } from '../checks/check.ts';
import { type Instant, NEVER } from '../core/instant.ts';
import type { Row } from '../datasets/dataset.ts';

type Joined = Readonly<Record<string, readonly Row[]>>;

/** Between an instant and the `until` said there, nothing changes. Answers the instant at which it does. */
export function forgottenUntil(check: Check, item: Row, joined: Joined, at: Instant, within: readonly Instant[]): Instant | undefined {
  const say = (then: Instant) => check.examine(item, { ...joined, at: then } as never);
  const first = say(at);
  const told = ({ until: _, ...verdict }: ReturnType<typeof say>) => JSON.stringify(verdict);
  return within.find((then) => at < then && then < (first.until ?? NEVER) && told(say(then)) !== told(first));
}
