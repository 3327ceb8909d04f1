import type { Instant } from '../core/instant.ts';

// What GitHub knows of changes, of whatever repositories it is given.

export interface HostActor {
  readonly id: number;
  readonly login: string;
  readonly type: 'User' | 'Bot';
}
export interface HostCommit {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly author: HostActor | null;
  readonly name: string;
  readonly at: Instant;
  /** Made on the site: committed and signed by GitHub itself. */
  readonly web: boolean;
}
export interface HostUpdate {
  readonly id: number;
  readonly before: string;
  readonly after: string;
  readonly at: Instant;
  readonly type: 'push' | 'force_push' | 'branch_creation' | 'branch_deletion' | 'pr_merge' | 'merge_queue_merge';
  readonly actor: HostActor;
}
export interface HostReview {
  readonly id: number;
  readonly by: HostActor;
  readonly state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED';
  readonly at: Instant;
  readonly sha: string;
  readonly dismissedAt: Instant | null;
}
export interface HostCheck {
  readonly id: number;
  readonly name: string;
  readonly conclusion: 'SUCCESS' | 'FAILURE';
  readonly startedAt: Instant;
  readonly completedAt: Instant;
  readonly required: boolean;
}
export interface HostPull {
  readonly id: number;
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly base: string;
  readonly headName: string;
  readonly mergeSha: string;
  readonly author: HostActor | null;
  readonly mergedBy: HostActor | null;
  readonly createdAt: Instant;
  readonly mergedAt: Instant;
  /** The head last. */
  readonly commits: readonly HostCommit[];
  readonly reviews: readonly HostReview[];
  readonly checks: readonly HostCheck[];
  readonly labels: readonly string[];
  readonly closes: readonly number[];
  /** When its branch was rewritten. */
  readonly rewrittenAt: readonly Instant[];
}
export interface HostBypass {
  readonly id: number;
  readonly update: HostUpdate;
  readonly rules: readonly { readonly type: string; readonly ruleset: string }[];
}
export interface HostRepository {
  readonly id: number;
  readonly name: string;
  readonly branch: string;
  readonly createdAt: Instant;
  /** Where the branch stood when the first update came; `null` of a repository that was empty. */
  readonly root: string | null;
  /** In order. */
  readonly updates: readonly HostUpdate[];
  /** Updates that happened and are not listed. */
  readonly unlisted: ReadonlySet<number>;
  readonly pulls: readonly HostPull[];
  readonly bypasses: readonly HostBypass[];
  commitOf(sha: string): HostCommit | undefined;
  /** Everything that the second holds and the first does not, by the word of something else than this file. */
  readonly between?: (base: string, after: string) => readonly string[];
}
export interface Host {
  readonly org: string;
  readonly viewer: string;
  readonly id: number;
  readonly repositories: readonly HostRepository[];
  /** The most that a page holds, however much is asked for. */
  readonly page: number;
}

export const ZEROS = '0'.repeat(40);

export const existing = ({ repositories }: Host, at: Instant): readonly HostRepository[] => repositories.filter(({ createdAt }) => createdAt <= at);

export const happened = ({ updates }: HostRepository, at: Instant): readonly HostUpdate[] => updates.filter((update) => update.at <= at);

export function headAt(repository: HostRepository, at: Instant): string | null {
  const after = happened(repository, at).at(-1)?.after ?? repository.root;
  return after === ZEROS ? null : after;
}
