import { Forge, madeUp } from '../../../test/github-forge.ts';
import { hostWire } from '../../../test/github-host.ts';
import { cursorTester } from '../../../test/cursor-tester.ts';
import { days, instant, type Instant, minutes } from '../../core/instant.ts';
import { headAt, type HostRepository } from '../../acme/github-model.ts';
import type { Collector } from '../collector.ts';
import { githubChanges } from './changes.ts';

const SINCE = instant('2026-03-01T00:00:00Z');

const POLLS = [SINCE + days(2), SINCE + days(4), SINCE + days(20)];

cursorTester(
  {
    collector: githubChanges as unknown as Collector,
    config: githubChanges.config.parse({ org: 'acme' }),
    partition: 'acme',
    credentials: { token: 'secret-of-the-tests' },
    since: SINCE,
    polls: POLLS,
    unfold(seed) {
      const host = madeUp(seed, SINCE, 2 + (seed % 4));
      const hurried = new Forge(14, { createdAt: SINCE, from: SINCE, since: SINCE, seed, empty: true }).landAt(
        SINCE + days(1),
        ...POLLS.slice(0, 2).flatMap((poll) => [poll - minutes(4), poll - minutes(2)]),
      );
      const all = { ...host, repositories: [...host.repositories, hurried] };
      return {
        wireAt: (at) => hostWire({ ...all, repositories: all.repositories.map((it) => late(it, at)) }, at),
        truthAt: (at) => truth(all, at),
      };
    },
  },
  { runs: process.env.TICKMARK_FULL ? 3000 : 60 },
);

/** GitHub's lists lag behind the branch: of two merges in the last minutes it may show the second alone, and no update at all. */
function late(forge: Forge, at: Instant): HostRepository {
  return {
    ...forge,
    pulls: forge.pulls.filter(({ mergedAt }) => mergedAt <= at - minutes(5) || mergedAt > at - minutes(3)),
    unlisted: new Set([...forge.unlisted, ...forge.updates.flatMap((update) => (update.at > at - minutes(5) ? [update.id] : []))]),
  };
}

/** Whatever lies behind anything that GitHub shows: it says nothing of a commit that no update listed, and that a rewrite took off again before that was listed. */
function shownAt(repository: Forge, at: Instant): ReadonlySet<string> {
  const { updates, pulls, unlisted } = late(repository, at) as Forge;
  const listed = updates.filter((update) => update.at <= at && !unlisted.has(update.id)).flatMap(({ before, after }) => [before, after]);
  const open = [headAt(repository, at) ?? '', ...listed, ...pulls.flatMap(({ mergedAt, mergeSha }) => (mergedAt <= at ? [mergeSha] : []))];
  const shown = new Set<string>();
  for (let sha = open.pop(); sha !== undefined; sha = open.pop()) {
    if (!shown.has(sha)) open.push(...(repository.commitOf(sha)?.parents ?? []));
    shown.add(sha);
  }
  return shown;
}

/** What is part of the period: commits that landed in it, pull requests touched in it, and what belongs to those: from the merge on, for nobody asks for a review of what was not merged. */
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
    'change.commits': listed(
      repositories.flatMap((it) => {
        const shown = shownAt(it, at);
        return it.fates.filter((fate) => within(fate.at) && shown.has(fate.sha)).map((fate) => [`${it.id}/${fate.sha}`, fate.at] as const);
      }),
    ),
    'change.pull-requests': listed(pulls.map((pull) => [String(pull.id), pull.mergedAt])),
    'change.reviews': listed(
      pulls.flatMap(({ reviews, mergedAt }) => reviews.filter((it) => it.at <= at).map((it) => [String(it.id), Math.max(it.at, mergedAt)])),
    ),
    'change.check-runs': listed(pulls.flatMap(({ id, checks, mergedAt }) => checks.map((it) => [`${id}/CR_${it.id}`, mergedAt]))),
    'change.rule-bypasses': listed(
      repositories.flatMap(({ bypasses }) => bypasses.filter((it) => within(it.update.at)).map((it) => [String(it.id), it.update.at])),
    ),
  };
}
