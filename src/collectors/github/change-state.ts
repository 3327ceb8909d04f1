import { z } from 'zod';
import { type Instant, minutes } from '../../core/instant.ts';
import type { CheckRun } from '../../datasets/change/check-runs.ts';
import type { Commit as CommitRow } from '../../datasets/change/commits.ts';
import type { PullRequest } from '../../datasets/change/pull-requests.ts';
import type { Review } from '../../datasets/change/reviews.ts';
import type { RuleBypass } from '../../datasets/change/rule-bypasses.ts';
import type { GithubConfig } from './answers.ts';
import type { Repository } from './change-queries.ts';
import type { Place } from './change-rows.ts';

/** Events may be listed this long after they happened. */
export const LATENESS = minutes(10);
/** Where one repository was left off. */
export const Left = z.object({
  branch: z.string(),
  /** The last commit told, and the last update of the branch. */
  head: z.string().nullable(),
  last: z.object({ at: z.int(), id: z.int() }).nullable(),
  /** Where the list of updates goes on, while it is not read to its end. */
  next: z.string().nullable(),
  /** A head that no update explains, and when it was first seen. */
  stray: z.object({ sha: z.string(), at: z.int() }).nullable(),
  /** The last push of which all is told; `null` while something may come late. */
  pushedAt: z.int().nullable(),
  /** The last merged pull request told, in the order in which they were touched. */
  merges: z.object({ cursor: z.string().nullable(), at: z.int() }).nullable(),
  /** Up to when uses of a bypass are told. */
  bypasses: z.int(),
});
export type Left = z.infer<typeof Left>;

export interface Config extends z.infer<z.ZodObject<typeof GithubConfig>> {
  readonly tickets: readonly string[];
  readonly bypasses: boolean;
}

/** Rows by key: of two tellings of one thing in a run, one counts. */
export interface Told {
  readonly commits: Map<string, CommitRow>;
  readonly pullRequests: Map<string, PullRequest>;
  readonly reviews: Map<string, Review>;
  readonly checkRuns: Map<string, CheckRun>;
  readonly bypasses: Map<string, RuleBypass>;
}

/** One run. */
export interface Run {
  readonly config: Config;
  readonly at: Instant;
  readonly since: Instant;
  readonly told: Told;
  /** It has asked enough: what is left waits for the next run. */
  spent(): boolean;
}

/** One repository in a run. */
export interface Visit {
  readonly run: Run;
  readonly repository: Repository;
  readonly place: Place;
  /** The default branch, and what it was called when it was last seen. */
  readonly branches: readonly string[];
  /** Address of the repository in the REST API. */
  readonly root: string;
  /** Numbers the questions for commits. */
  readonly counter: { commits: number };
}
