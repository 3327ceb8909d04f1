import { madeUp } from '../../../test/github-forge.ts';
import { hostWire } from '../../../test/github-host.ts';
import { cursorTester } from '../../../test/cursor-tester.ts';
import { days, instant, type Instant } from '../../core/instant.ts';
import type { Collector } from '../collector.ts';
import { githubChanges } from './changes.ts';

const SINCE = instant('2026-03-01T00:00:00Z');

cursorTester(
  {
    collector: githubChanges as unknown as Collector,
    config: githubChanges.config.parse({ org: 'acme' }),
    partition: 'acme',
    credentials: { token: 'secret-of-the-tests' },
    since: SINCE,
    polls: [SINCE + days(2), SINCE + days(4), SINCE + days(20)],
    unfold(seed) {
      const host = madeUp(seed, SINCE, 2 + (seed % 4));
      return {
        wireAt: (at) => hostWire(host, at),
        truthAt: (at) => truth(host, at),
      };
    },
  },
  { runs: 150 },
);

/** What is part of the period: commits that landed in it, pull requests touched in it, and what belongs to those. */
function truth({ repositories }: ReturnType<typeof madeUp>, at: Instant): Readonly<Record<string, ReadonlyMap<string, Instant>>> {
  const within = (time: Instant) => SINCE <= time && time <= at;
  const pulls = repositories.flatMap(({ branch, pulls: all }) =>
    all.filter(
      ({ base, mergedAt, reviews }) =>
        base === branch && mergedAt <= at && (mergedAt >= SINCE || reviews.some((it) => within(it.at) || within(it.dismissedAt ?? 0))),
    ),
  );
  const listed = (pairs: readonly (readonly [string, Instant])[]) => new Map(pairs);
  return {
    'change.commits': listed(repositories.flatMap(({ id, fates }) => fates.filter((it) => within(it.at)).map((it) => [`${id}/${it.sha}`, it.at]))),
    'change.pull-requests': listed(pulls.map((pull) => [String(pull.id), pull.mergedAt])),
    'change.reviews': listed(pulls.flatMap(({ reviews }) => reviews.filter((it) => it.at <= at).map((it) => [String(it.id), it.at]))),
    'change.check-runs': listed(pulls.flatMap(({ id, checks }) => checks.map((it) => [`${id}/${it.id}`, it.startedAt]))),
    'change.rule-bypasses': listed(
      repositories.flatMap(({ bypasses }) => bypasses.filter((it) => within(it.update.at)).map((it) => [String(it.id), it.update.at])),
    ),
  };
}
