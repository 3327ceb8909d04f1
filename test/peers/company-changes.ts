import { execFileSync } from 'node:child_process';
import { days, type Instant, iso, minutes } from '../../src/core/instant.ts';

// How the code of a made-up company changed: the commits are made by git, and the host of this company tells them.

export type Ago = (count: number, hour?: number) => Instant;
export interface Login {
  readonly __typename: 'User' | 'Bot';
  readonly type: 'User' | 'Bot';
  readonly id: number;
  readonly databaseId: number;
  readonly login: string;
}
const login = (id: number, name: string, type: Login['type'] = 'User'): Login => ({ __typename: type, type, id, databaseId: id, login: name });
export const [INES, BRUNO, CHLOE] = [login(1, 'ines'), login(2, 'bruno'), login(3, 'chloe')] as [Login, Login, Login];
export const ROBOT = login(900, 'github-actions[bot]', 'Bot');

export interface Commit {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly by: Login;
  readonly at: Instant;
  readonly message: string;
}
interface Review {
  readonly by: Login;
  readonly at: Instant;
}
export interface Pull {
  readonly number: number;
  readonly title: string;
  readonly by: Login;
  readonly mergedBy: Login;
  readonly mergedAt: Instant;
  readonly head: Commit;
  readonly merge: Commit;
  readonly reviews: readonly Review[];
  /** Required checks that did not succeed. */
  readonly failing: readonly string[];
}
/** One move of the branch. */
export interface Update {
  readonly id: number;
  readonly before: string;
  readonly after: string;
  readonly at: Instant;
  readonly by: Login;
  readonly type: 'push' | 'pr_merge';
}
export interface Deployed {
  readonly id: number;
  readonly sha: string;
  readonly at: Instant;
  readonly approver: Login | null;
  readonly states: readonly { readonly state: string; readonly at: Instant; readonly description: string }[];
  readonly tested: 'success' | 'failure';
}

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** The history of one repository, in a bare clone that git made. */
export class Changes {
  readonly commits = new Map<string, Commit>();
  readonly pulls: Pull[] = [];
  readonly updates: Update[] = [];
  readonly root: Commit;
  readonly #dir: string;
  #head: Commit;

  constructor(dir: string, at: Instant) {
    this.#dir = dir;
    execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', dir]);
    this.#git(at, INES, 'hash-object', '-t', 'tree', '-w', '/dev/null');
    this.root = this.#commit([], INES, at, 'Begin');
    this.#head = this.root;
  }

  get head(): Commit {
    return this.#head;
  }

  merge(
    title: string,
    { by, mergedBy, at, ...more }: Pick<Pull, 'by' | 'mergedBy' | 'reviews'> & { readonly at: Instant; readonly failing?: readonly string[] },
  ): Pull {
    const number = this.pulls.length + 1;
    const head = this.#commit([this.#head.sha], by, at - days(1), title);
    const merge = this.#commit([this.#head.sha, head.sha], mergedBy, at, `Merge pull request #${number}`);
    const pull = { number, title, by, mergedBy, mergedAt: at, head, merge, failing: [], ...more };
    this.pulls.push(pull);
    this.#move(merge, mergedBy, at, 'pr_merge');
    return pull;
  }

  push(message: string, by: Login, at: Instant): Commit {
    const commit = this.#commit([this.#head.sha], by, at, message);
    this.#move(commit, by, at, 'push');
    return commit;
  }

  /** A commit that the clone alone has: the host tells of no such thing. */
  smuggle(message: string, by: Login, at: Instant): Commit {
    const commit = this.#commit([this.#head.sha], by, at, message);
    this.#git(at, by, 'update-ref', 'refs/heads/main', commit.sha);
    return commit;
  }

  /** What the second holds and the first does not, by the word of git, oldest first. */
  between(base: string | null, after: string): readonly Commit[] {
    const said = this.#git(0, INES, 'rev-list', '--reverse', '--topo-order', base === null ? after : `${base}..${after}`);
    return said.split('\n').flatMap((sha) => this.commits.get(sha) ?? []);
  }

  #move(to: Commit, by: Login, at: Instant, type: Update['type']): void {
    this.updates.push({ id: this.updates.length + 1, before: this.#head.sha, after: to.sha, at, by, type });
    this.#git(at, by, 'update-ref', 'refs/heads/main', to.sha);
    this.#head = to;
  }

  #commit(parents: readonly string[], by: Login, at: Instant, message: string): Commit {
    const sha = this.#git(at, by, 'commit-tree', EMPTY_TREE, ...parents.flatMap((parent) => ['-p', parent]), '-m', message);
    const commit = { sha, parents, by, at: Math.floor(at / 1000) * 1000, message };
    this.commits.set(sha, commit);
    return commit;
  }

  #git(at: Instant, { login: name }: Login, ...args: readonly string[]): string {
    const who = ['AUTHOR', 'COMMITTER'].map((role) => ({
      ...{ [`GIT_${role}_NAME`]: name, [`GIT_${role}_EMAIL`]: `${name}@acme.example`, [`GIT_${role}_DATE`]: `@${Math.floor(at / 1000)} +0000` },
    }));
    const env = Object.assign({ PATH: process.env.PATH ?? '', HOME: this.#dir, GIT_CONFIG_NOSYSTEM: '1' }, ...who);
    return execFileSync('git', ['-C', this.#dir, ...args], { env, encoding: 'utf8' }).trim();
  }
}

/** An event of the audit log, in the fields that GitHub gives. */
interface Audited {
  readonly _document_id: string;
  readonly action: string;
  readonly '@timestamp': number;
  readonly [field: string]: unknown;
}

export interface History {
  readonly web: Changes;
  readonly deployments: readonly Deployed[];
  /** Pushes for which a rule was gone around. */
  readonly bypasses: readonly Commit[];
  readonly audited: readonly Audited[];
}

/** What happened in acme/web. Each thing that is wrong says so; the others are as they should be. */
export function historyOf(clone: string, ago: Ago): History {
  const web = new Changes(clone, ago(380));
  const approvedBy = (by: Login, count: number) => [{ by, at: ago(count, 10) }];
  const first = web.merge('OPS-1 Prices in euro', { by: BRUNO, mergedBy: BRUNO, at: ago(50), reviews: approvedBy(INES, 50) });
  const unseen = web.merge('OPS-2 Faster search', { by: BRUNO, mergedBy: BRUNO, at: ago(45), reviews: [] }); // approved by nobody, ever
  const failing = web.merge('OPS-3 New checkout', { by: INES, mergedBy: INES, at: ago(40), reviews: approvedBy(BRUNO, 40), failing: ['unit'] });
  const untracked = web.merge('A quick one', { by: INES, mergedBy: INES, at: ago(38), reviews: approvedBy(BRUNO, 38) }); // no ticket
  const early = web.merge('OPS-5 Coupons', { by: INES, mergedBy: INES, at: ago(36), reviews: approvedBy(BRUNO, 36) }); // its ticket is approved a day later
  web.merge('OPS-6 Stop double charges', { by: INES, mergedBy: INES, at: ago(33), reviews: approvedBy(BRUNO, 32) }); // an emergency: seen by another afterwards
  web.merge('OPS-7 Gift cards', { by: BRUNO, mergedBy: BRUNO, at: ago(25), reviews: approvedBy(INES, 25) }); // while the rules were off
  const alone = web.push('Hotfix', INES, ago(20)); // past the rules, and looked at by nobody
  const seen = web.push('Hotfix of the hotfix', INES, ago(18)); // past the rules as well, and reviewed in time
  web.smuggle('Nothing to see here', CHLOE, ago(45)); // in the clone alone

  const deployed = (
    id: number,
    sha: string,
    at: Instant,
    end: 'SUCCESS' | 'FAILURE',
    more: Partial<Deployed> & { readonly isVerified?: boolean } = {},
  ): Deployed => ({
    ...{ id, sha, at, approver: null, tested: 'success' },
    states: [
      { state: 'IN_PROGRESS', at: at + minutes(1), description: '' },
      { state: end, at: at + minutes(5), description: '' },
      ...(end === 'SUCCESS' && more.isVerified !== false ? [{ state: 'SUCCESS', at: at + minutes(20), description: 'Smoke test: all answers are right' }] : []),
    ],
    ...more,
  });
  const deployments = [
    deployed(1, first.merge.sha, ago(49), 'SUCCESS', { approver: INES }),
    // Before anybody merged it, when its tests had failed, approved by nobody and looked at by nothing afterwards; it carries no check of security either.
    deployed(2, unseen.head.sha, ago(46, 15), 'SUCCESS', { isVerified: false, tested: 'failure' }),
    deployed(3, failing.merge.sha, ago(39), 'FAILURE', { approver: BRUNO }), // and stays so for three days
    deployed(4, early.merge.sha, ago(35), 'FAILURE', { approver: BRUNO }),
    deployed(5, untracked.merge.sha, ago(35, 13), 'SUCCESS', { approver: BRUNO }), // puts it right within an hour
  ];

  const event = (count: number, hour: number, action: string, more: object): Audited => {
    const at = ago(count, hour);
    const common = { actor: INES.login, actor_id: INES.id, org: 'acme', org_id: 77, repo: 'acme/web', repo_id: 101, created_at: at };
    return { '@timestamp': at, _document_id: `event-${count}-${hour}`, action, ...common, ...more };
  };
  const ruleset = (count: number, hour: number, before: string, after: string) =>
    event(count, hour, 'repository_ruleset.update', { ruleset_id: 301, ruleset_name: 'main', ruleset_old_enforcement: before, ruleset_enforcement: after });
  const audited = [
    ruleset(30, 10, 'enabled', 'disabled'), // allowed, and put back after four hours
    ruleset(30, 14, 'disabled', 'enabled'),
    ruleset(26, 10, 'enabled', 'disabled'), // allowed by nobody, and off for three days
    ruleset(23, 10, 'disabled', 'enabled'),
    event(17, 10, 'secret_scanning_push_protection.bypass', {}), // which nobody looked at
    event(16, 10, 'secret_scanning_push_protection.bypass', {}), // and one that somebody did
  ];
  return { web, deployments, bypasses: [alone, seen], audited };
}

export const OVERRIDDEN = { reviewed: 'event-16-10' };
export const stamp = (at: Instant): string => iso(at).replace('.000Z', 'Z');
