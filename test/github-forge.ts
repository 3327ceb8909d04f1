import { shaOf } from '../src/acme/changes.ts';
import {
  type Host,
  type HostActor,
  type HostBypass,
  type HostCommit,
  type HostPull,
  type HostReview,
  type HostUpdate,
  ZEROS,
} from '../src/acme/github-model.ts';
import { days, hours, type Instant, minutes } from '../src/core/instant.ts';

/** Where commits are made: in memory, or in a repository of git. */
export interface Workshop {
  commit(parents: readonly string[], message: string, at: Instant): string;
}

/** In memory, a commit has an id that follows from what it is. */
export const imagined: Workshop = { commit: (parents, message, at) => shaOf(`${parents.join()} ${message} ${at}`) };

/** How a commit reached the branch, by the word of who put it there. */
export interface Fate {
  readonly sha: string;
  readonly at: Instant;
  readonly how: 'merged' | 'merge-queue' | 'pushed' | 'force-pushed' | 'created' | 'unexplained';
  readonly pull: number | null;
}

/** Numbers that follow from a seed. */
export function dice(seed: number): (sides: number) => number {
  let state = seed >>> 0;
  return (sides) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}

export const PEOPLE: readonly HostActor[] = ['ada', 'ben', 'cleo', 'dan'].map((login, place) => ({ id: 2001 + place, login, type: 'User' }));
const ROBOT: HostActor = { id: 2900, login: 'updates[bot]', type: 'Bot' };

/** A repository with a history made at random: every way in which a branch is moved, in whatever order. */
export class Forge {
  readonly id: number;
  readonly name: string;
  readonly branch = 'trunk';
  readonly createdAt: Instant;
  readonly root: string | null;
  readonly updates: HostUpdate[] = [];
  readonly unlisted = new Set<number>();
  readonly pulls: HostPull[] = [];
  readonly bypasses: HostBypass[] = [];
  readonly commits = new Map<string, HostCommit>();
  /** Every commit that reached the branch, in order. */
  readonly fates: Fate[] = [];
  readonly #roll: (sides: number) => number;
  readonly #workshop: Workshop;
  readonly #since: Instant;
  #head: string | null;
  #at: Instant;
  #count = 0;

  /** Before `since` every update is listed: when the commits of an unlisted one came is known to nobody. */
  constructor(
    id: number,
    { createdAt, from, since, seed, empty }: { createdAt: Instant; from: Instant; since: Instant; seed: number; empty: boolean },
    workshop: Workshop = imagined,
  ) {
    this.#since = since;
    this.id = id;
    this.name = `made-${id}`;
    this.createdAt = createdAt;
    this.#roll = dice(seed);
    this.#workshop = workshop;
    this.#at = from;
    this.#head = empty ? null : this.#commit([], createdAt).sha;
    this.root = this.#head;
  }

  commitOf = (sha: string): HostCommit | undefined => this.commits.get(sha);

  /** Moves the branch so many times, within so long. */
  live(moves: number, span: number): this {
    const ways = [this.#squash, this.#merge, this.#rebase, this.#queue, this.#push, this.#pushMerge, this.#land, this.#rewrite, this.#elsewhere];
    for (let move = 0; move < moves; move++) {
      this.#at += 1000 + this.#roll(Math.floor(span / moves / 1000)) * 1000;
      if (this.#head === null) this.#create();
      else ways[this.#roll(ways.length)]?.call(this, this.#head);
    }
    return this;
  }

  /** Squashes a pull request at each of these instants. */
  landAt(...instants: readonly Instant[]): this {
    for (const at of instants) {
      this.#at = at;
      if (this.#head === null) this.#create();
      else this.#squash(this.#head);
    }
    return this;
  }

  #create(): void {
    const first = this.#commit([]);
    const second = this.#commit([first.sha]);
    this.#move([first, second], 'branch_creation', 'created', null);
  }

  #squash(head: string): void {
    const branch = this.#branchOff(head);
    const landed = this.#commit([head], this.#at, true);
    this.#move([landed], 'pr_merge', 'merged', this.#pull(branch, landed.sha));
  }

  #merge(head: string): void {
    const branch = this.#branchOff(head);
    const landed = this.#commit([head, branch.at(-1)?.sha ?? ''], this.#at, true);
    this.#move([...branch, landed], 'pr_merge', 'merged', this.#pull(branch, landed.sha));
  }

  /** The commits of the branch are made anew on top; the pull request knows the last of them. */
  #rebase(head: string): void {
    const branch = this.#branchOff(head);
    const landed: HostCommit[] = [];
    for (const _ of branch) landed.push(this.#commit([landed.at(-1)?.sha ?? head], this.#at, true));
    this.#move(landed, 'pr_merge', 'merged', this.#pull(branch, landed.at(-1)?.sha ?? ''));
  }

  /** Two pull requests by one update. */
  #queue(head: string): void {
    const [one, other] = [this.#branchOff(head), this.#branchOff(head)];
    const first = this.#commit([head, one.at(-1)?.sha ?? ''], this.#at, true);
    const second = this.#commit([first.sha], this.#at, true);
    const [pull, next] = [this.#pull(one, first.sha), this.#pull(other, second.sha)];
    this.#move([...one, first, second], 'merge_queue_merge', 'merge-queue', null);
    for (const { sha } of [...one, first]) this.#came(sha, pull);
    this.#came(second.sha, next);
  }

  #push(head: string): void {
    const first = this.#commit([head]);
    const all = this.#roll(2) === 0 ? [first] : [first, this.#commit([first.sha])];
    this.#move(all, 'push', 'pushed', null);
  }

  /** A branch that had no pull request is merged by hand. */
  #pushMerge(head: string): void {
    const branch = this.#branchOff(head);
    this.#move([...branch, this.#commit([head, branch.at(-1)?.sha ?? ''])], 'push', 'pushed', null);
  }

  /** A pull request is merged by hand, or its commits are pushed as they are. */
  #land(head: string): void {
    if (this.#roll(2) === 0) {
      const branch = this.#branchOff(head);
      const landed = this.#commit([head, branch.at(-1)?.sha ?? '']);
      this.#move([...branch, landed], 'push', 'pushed', this.#pull(branch, landed.sha));
      return;
    }
    const first = this.#commit([head]);
    const branch = [first, this.#commit([first.sha])];
    this.#move(branch, 'push', 'pushed', this.#pull(branch, branch.at(-1)?.sha ?? ''));
  }

  /** The last commit is taken off, and another one put in its place. */
  #rewrite(head: string): void {
    const below = this.commits.get(head)?.parents[0];
    if (below === undefined) return;
    this.#move([this.#commit([below])], 'force_push', 'force-pushed', null);
  }

  /** Merged into another branch: no change of this one. */
  #elsewhere(head: string): void {
    const branch = this.#branchOff(head);
    this.#pull(branch, this.#commit([branch.at(-1)?.sha ?? head]).sha, 'release');
  }

  #move(commits: readonly HostCommit[], type: HostUpdate['type'], how: Fate['how'], pull: number | null): void {
    const id = this.id * 100_000 + ++this.#count;
    const before = this.#head ?? ZEROS;
    const after = commits.at(-1)?.sha ?? ZEROS;
    const update: HostUpdate = { id, before, after, at: this.#at, type, actor: this.#person() };
    this.updates.push(update);
    this.#head = after;
    const hidden = this.#at >= this.#since && type !== 'force_push' && type !== 'branch_creation' && this.#roll(8) === 0;
    if (hidden) this.unlisted.add(id);
    if (type === 'push' && this.#roll(3) === 0) this.bypasses.push({ id: id + 50_000, update, rules: [{ type: 'pull_request', ruleset: 'Reviewed' }] });
    for (const { sha } of commits) this.fates.push({ sha, at: this.#at, how: hidden ? 'unexplained' : how, pull });
  }

  #came(sha: string, pull: number): void {
    const place = this.fates.findIndex((fate) => fate.sha === sha);
    const fate = this.fates[place];
    if (fate) this.fates[place] = { ...fate, pull };
  }

  /** Commits on a branch of their own, the trunk merged into them now and then. */
  #branchOff(head: string): readonly HostCommit[] {
    const old = this.commits.get(head)?.parents[0] ?? head;
    const commits = [this.#commit([this.#roll(2) === 0 ? old : head], this.#at - hours(1))];
    for (let more = this.#roll(3); more > 0; more--) commits.push(this.#commit([commits.at(-1)?.sha ?? head], this.#at - minutes(50)));
    if (this.#roll(4) === 0) commits.push(this.#commit([commits.at(-1)?.sha ?? head, head], this.#at - minutes(40)));
    return commits;
  }

  #commit(parents: readonly string[], at: Instant = this.#at, web = false): HostCommit {
    const author = this.#person();
    const commit = { sha: this.#workshop.commit(parents, `change ${this.id} ${++this.#count}`, at), parents, author, name: author.login, at, web };
    this.commits.set(commit.sha, commit);
    return commit;
  }

  #pull(commits: readonly HostCommit[], mergeSha: string, base: string = this.branch): number {
    const id = this.id * 100_000 + ++this.#count;
    const head = commits.at(-1)?.sha ?? '';
    const reviews = Array.from({ length: this.#roll(4) }, (_, place): HostReview => {
      const late = this.#roll(4) === 0;
      const at = late ? this.#at + hours(1 + this.#roll(40)) : this.#at - minutes(5 + this.#roll(20));
      const state = (['APPROVED', 'CHANGES_REQUESTED', 'COMMENTED'] as const)[this.#roll(3)] ?? 'COMMENTED';
      return { id: id * 10 + place, by: this.#person(), state, at, sha: head, dismissedAt: this.#roll(3) === 0 ? at + minutes(2) : null };
    });
    this.pulls.push({
      id,
      number: this.#count,
      title: `Change ${this.#count}`,
      body: 'For ACME-7.',
      base,
      headName: `topic-${this.#count}`,
      mergeSha,
      author: this.#roll(5) === 0 ? ROBOT : this.#roll(9) === 0 ? null : this.#person(),
      mergedBy: this.#person(),
      createdAt: this.#at - hours(2),
      mergedAt: this.#at,
      commits,
      reviews,
      checks: Array.from({ length: this.#roll(4) }, (_, place) => ({
        id: id * 10 + place,
        name: `check ${place}`,
        conclusion: 'SUCCESS' as const,
        startedAt: this.#at - minutes(4),
        completedAt: this.#at - minutes(2),
        required: place === 0,
      })),
      labels: Array.from({ length: this.#roll(5) }, (_, place) => `label-${place}`),
      closes: Array.from({ length: this.#roll(3) }, (_, place) => place + 1),
      rewrittenAt: this.#roll(5) === 0 ? [this.#at - minutes(30)] : [],
    });
    return id;
  }

  #person(): HostActor {
    return PEOPLE[this.#roll(PEOPLE.length)] ?? ROBOT;
  }
}

/** Three repositories: one with a past, one that is empty at first, one that comes later. */
export function madeUp(
  seed: number,
  since: Instant,
  page: number,
  workshops: (id: number) => Workshop = () => imagined,
): Omit<Host, 'repositories'> & { readonly repositories: readonly Forge[] } {
  const repositories = [
    new Forge(11, { createdAt: since - days(400), from: since - days(20), since, seed, empty: false }, workshops(11)).live(22, days(28)),
    new Forge(12, { createdAt: since - days(1), from: since + hours(5), since, seed: seed + 1, empty: true }, workshops(12)).live(6, days(6)),
    new Forge(13, { createdAt: since + days(3), from: since + days(3), since, seed: seed + 2, empty: true }, workshops(13)).live(6, days(4)),
  ];
  return { org: 'acme', viewer: 'reader', id: 77, page, repositories };
}
