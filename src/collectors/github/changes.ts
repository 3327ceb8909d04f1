import { z } from 'zod';
import { checkRuns } from '../../datasets/change/check-runs.ts';
import { commits } from '../../datasets/change/commits.ts';
import { pullRequests } from '../../datasets/change/pull-requests.ts';
import { reviews } from '../../datasets/change/reviews.ts';
import { ruleBypasses } from '../../datasets/change/rule-bypasses.ts';
import { pagesOf } from '../answers.ts';
import { defineCollector, events } from '../collector.ts';
import { GITHUB, GithubConfig } from './answers.ts';
import { ask, replay } from './change-asking.ts';
import { sweep } from './change-sweep.ts';

export const ChangesConfig = z.strictObject({
  ...GithubConfig,
  tickets: z
    .array(z.string().regex(/^[A-Za-z][A-Za-z0-9]*$/, 'expected the key of a project, like ACME'))
    .default([])
    .describe('Keys of projects in the ticket system: ACME reads ACME-12 as a ticket. Without any, only issues that a pull request closes are tickets'),
  bypasses: z.boolean().default(true).describe('Ask for uses of a bypass of rulesets; GitHub answers only to those who may change the rules'),
});
type ChangesConfig = z.infer<typeof ChangesConfig>;

export const githubChanges = defineCollector<ChangesConfig, 'http'>({
  id: 'github/changes',
  title:
    'Changes of the repositories of a GitHub organization: every commit that reached a default branch, the pull requests, reviews and checks behind it, and rules gone around',
  version: 1,
  ...GITHUB,
  permissions: [
    { right: 'Repository permissions: Metadata, read (all repositories)', why: 'the repositories' },
    { right: 'Repository permissions: Contents, read', why: 'updates of the default branch and the commits that they brought' },
    { right: 'Repository permissions: Pull requests, read', why: 'pull requests and reviews' },
    { right: 'Repository permissions: Checks, read', why: 'results of checks' },
    { right: 'Repository permissions: Commit statuses, read', why: 'results of checks that report in the older way' },
    { right: 'Repository permissions: Issues, read', why: 'the issues that a pull request closes' },
    {
      right: 'Repository permissions: Administration, write (only for bypasses; leave out with "bypasses: false")',
      why: 'who went around a ruleset: GitHub asks for no less; nothing is ever written',
    },
  ],
  credentials: { token: 'a fine-grained personal access token, or a token of an installed app' },
  every: '1d',
  config: ChangesConfig,
  feeds: [commits, pullRequests, reviews, checkRuns, ruleBypasses],
  feedsOf: ({ bypasses }) => [commits, pullRequests, reviews, checkRuns, ...(bypasses ? [ruleBypasses] : [])],
  cannotTell: [
    'what reached a repository between the last run and the day on which it was deleted or moved to another organization',
    'uses of a bypass more than thirty days before a run, and those of classic branch protection: GitHub keeps no list of them',
    'whether a reviewer could write to the repository when the review was given, and which checks were required when it was merged: GitHub says what holds when it is asked',
    'when a commit of a pull request was pushed: the time written in the commit stands in for it, and whoever made it can have set that',
    'a check that ended after its pull request was last touched',
    'changes of branches other than the default one, and pull requests merged into them',
    'a commit that reached a branch, was taken off it and reached it again is told once: as it came through no pull request, else as it came last',
    'deployments, and which repositories reach production',
    'how long GitHub takes to list an update of a branch: while one is not listed its commits are told as unexplained, and they stay so if a later one was told meanwhile',
    'a commit that reached a branch by an update that is never listed, through no pull request, and was taken off it again minutes before a run: it is told by the next run',
    'whether a place in a list of pull requests holds while others are touched: GitHub promises it nowhere; whatever is touched moves to the end of the list and is read there',
    'whether GitHub still says of a merged pull request which checks it required: where it says so of none, the rules of the branch at the merge stand in',
    'whether the right that GitHub names for uses of a bypass is enough everywhere: where it refuses, the run is incomplete until they are left out',
  ],
  partitions: ({ org }) => [org],

  collect: (source, of) => ask(source, sweep(of)),

  mark: (artifacts, of) => replay(artifacts, sweep(of)).mark,

  witness(artifacts, of) {
    const { caller, organization, repositories } = replay(artifacts, sweep(of));
    const scopes = pagesOf(artifacts, 'organization')[0]?.headers['x-oauth-scopes'];
    return {
      askedAs: caller,
      answeredBy: organization,
      granted: scopes === undefined ? null : scopes.split(/,\s*/),
      totals: { repositories },
    };
  },

  normalize(artifacts, of) {
    const { told, polled, polledBypasses } = replay(artifacts, sweep(of));
    return [
      events(commits, [...told.commits.values()], polled),
      events(pullRequests, [...told.pullRequests.values()], polled),
      events(reviews, [...told.reviews.values()], polled),
      events(checkRuns, [...told.checkRuns.values()], polled),
      ...(of.config.bypasses ? [events(ruleBypasses, [...told.bypasses.values()], polledBypasses)] : []),
    ];
  },
});
