import { days, hours, type Instant, minutes } from '../core/instant.ts';
import { githubAccount, REPOSITORIES } from './github.ts';
import { isEngineer, type Person, person, type World } from './world.ts';

/** Who acts on GitHub: an account in its own shape, and the person behind it, if any. */
export interface Actor {
  readonly id: number;
  readonly login: string;
  readonly type: 'User' | 'Bot';
  readonly name: string;
  readonly email: string;
}

export interface ChangeCommit {
  readonly sha: string;
  readonly author: Actor;
  readonly at: Instant;
  readonly message: string;
}

export interface ChangeReview {
  readonly id: string;
  readonly by: Actor;
  readonly state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED';
  readonly at: Instant;
  readonly sha: string;
}

export interface ChangeCheck {
  readonly id: string;
  readonly name: string;
  readonly conclusion: 'SUCCESS' | 'FAILURE';
  readonly startedAt: Instant;
  readonly completedAt: Instant;
  readonly required: boolean;
}

/** One change that landed on the default branch of a repository of Acme, and all that led to it. */
export interface Change {
  readonly repo: string;
  /** Id of the repository, as GitHub has it. */
  readonly repoId: number;
  /** Commit of the branch before, and the one that it was moved to. */
  readonly before: string;
  readonly sha: string;
  readonly message: string;
  readonly landedAt: Instant;
  /** `squash` lands one commit; `merge` a merge commit with those of the pull request behind it; `push` went past any pull request. */
  readonly how: 'squash' | 'merge' | 'push';
  readonly actor: Actor;
  /** It went around the rules of the branch. */
  readonly bypass: boolean;
  readonly pullRequest: {
    readonly id: string;
    readonly number: number;
    readonly title: string;
    readonly body: string;
    readonly branch: string;
    readonly author: Actor;
    readonly createdAt: Instant;
    /** Commits of its branch, the head last. */
    readonly commits: readonly ChangeCommit[];
    readonly reviews: readonly ChangeReview[];
    readonly checks: readonly ChangeCheck[];
    readonly labels: readonly string[];
  } | null;
}

/** What goes wrong with changes, so many days before the last one, each in a repository of its own. */
export const CHANGE_DAYS = {
  /** Merged by its author without a review, reviewed two days later by somebody else. */
  hotFix: { day: 21, repo: 'billing' },
  /** Merged by its author without a review, and nobody has looked at it since. */
  unreviewed: { day: 196, repo: 'web' },
  /** A commit was added after the approval. */
  lateCommit: { day: 203, repo: 'api-gateway' },
  /** Merged while a required check had failed. */
  failedCheck: { day: 221, repo: 'mobile' },
  /** Linked to no ticket. */
  unticketed: { day: 212, repo: 'data-pipeline' },
  /** Pushed to the default branch, past any pull request. */
  directPush: { day: 232, repo: 'infrastructure' },
  /** An administrator used the bypass of the ruleset, and nobody has followed it up. */
  bypass: { day: 188, repo: 'platform' },
  /** The same, followed up by somebody else within two days. */
  reviewedBypass: { day: 187, repo: 'platform' },
} as const;
type Wrong = keyof typeof CHANGE_DAYS;

export const BOT: Actor = { id: 9001, login: 'acme-bot', type: 'User', name: 'Acme Bot', email: 'bot@acme.example' };
const ACTIVE = REPOSITORIES.filter((name) => !['legacy-importer', 'sandbox'].includes(name));
const SUBJECTS = [
  'Shorter sessions',
  'Faster search',
  'Clearer errors',
  'Retry payments',
  'Smaller images',
  'Safer uploads',
  'New price list',
  'Fewer queries',
];

/** Forty hexadecimal digits that follow from a text. */
export function shaOf(text: string): string {
  let digits = '';
  for (let part = 0; digits.length < 40; part++) digits += hash(`${part} ${text}`).toString(16).padStart(8, '0');
  return digits.slice(0, 40);
}

/** FNV-1a, 32 bits, stirred once more. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x45d9f3b);
  return (value ^ (value >>> 13)) >>> 0;
}

export const actorOf = (it: Person): Actor => ({ ...githubAccount(it), type: 'User', name: it.name, email: it.email });

/** The commit that a repository began with, long before anything is told. */
export const rootOf = (repo: string): string => shaOf(`root of ${repo}`);

const histories = new WeakMap<World, readonly Change[]>();

/** Every change of Acme in the order in which they landed, from the first day to two months after the last. */
export function changesOf(world: World): readonly Change[] {
  const known = histories.get(world);
  if (known) return known;
  const heads = new Map<string, string>();
  const numbers = new Map<string, number>();
  const changes = plans(world).map((plan): Change => {
    const before = heads.get(plan.repo) ?? rootOf(plan.repo);
    const number = (numbers.get(plan.repo) ?? 100) + (plan.wrong === 'directPush' || plan.wrong === 'bypass' || plan.wrong === 'reviewedBypass' ? 0 : 1);
    numbers.set(plan.repo, number);
    const change = landing(world, plan, before, number);
    heads.set(plan.repo, change.sha);
    return change;
  });
  histories.set(world, changes);
  return changes;
}

/** The change that goes wrong in one way. */
export function wrongChange(world: World, name: Wrong): Change {
  const { day, repo } = CHANGE_DAYS[name];
  const found = changesOf(world).find((change) => change.repo === repo && change.landedAt === world.ago(day, 17));
  if (!found) throw new RangeError(`Acme has no change that is ${name}`);
  return found;
}

interface Plan {
  readonly repo: string;
  readonly landedAt: Instant;
  readonly seed: number;
  readonly wrong: Wrong | null;
}

function plans(world: World): readonly Plan[] {
  const usual: Plan[] = [];
  for (let day = Math.floor((world.lastDay - world.firstDay) / days(1)); day >= -60; day--) {
    const date = world.ago(day);
    if ([0, 6].includes(new Date(date).getUTCDay())) continue;
    for (let place = 0; place < 1 + (hash(`count ${day}`) % 2); place++) {
      const seed = hash(`change ${day} ${place}`);
      usual.push({ repo: ACTIVE[seed % ACTIVE.length] ?? 'web', landedAt: date + hours(9 + (seed % 7)) + minutes((seed >>> 8) % 60), seed, wrong: null });
    }
  }
  const wrong = Object.entries(CHANGE_DAYS).map(
    ([name, { day, repo }]): Plan => ({ repo, landedAt: world.ago(day, 17), seed: hash(`wrong ${name}`), wrong: name as Wrong }),
  );
  return [...usual, ...wrong].sort((a, b) => a.landedAt - b.landedAt || a.seed - b.seed);
}

function landing(world: World, { repo, landedAt, seed, wrong }: Plan, before: string, number: number): Change {
  const team = world.people.filter((it) => isEngineer(it) && it.startAt + days(7) <= landedAt && (it.endAt === null || landedAt < it.endAt)).map(actorOf);
  const bot = wrong === null && seed % 9 === 0;
  const author = bot ? BOT : pick(team, seed, null);
  const reviewer = pick(team, seed >>> 4, author);
  const name = `${repo} ${number} ${landedAt}`;
  const title = bot ? `Update dependencies of ${repo}` : `${SUBJECTS[seed % SUBJECTS.length]} in ${repo}`;
  const shared = { repo, repoId: 4000 + REPOSITORIES.indexOf(repo as (typeof REPOSITORIES)[number]), before, sha: shaOf(`landed ${name}`), landedAt };
  if (wrong === 'directPush' || wrong === 'bypass' || wrong === 'reviewedBypass') {
    const actor = wrong === 'directPush' ? author : actorOf(person(world, wrong === 'bypass' ? 2 : 1));
    return { ...shared, message: title, how: 'push', actor, bypass: wrong !== 'directPush', pullRequest: null };
  }

  const opened = landedAt - hours(3 + (seed % 40));
  const commits = Array.from(
    { length: 1 + (seed % 3) },
    (_, place): ChangeCommit => ({ sha: shaOf(`commit ${place} ${name}`), author, at: opened - minutes(5 * (3 - place)), message: title }),
  );
  const late: ChangeCommit = { sha: shaOf(`late ${name}`), author, at: landedAt - minutes(10), message: 'One more thing' };
  const approved = commits.at(-1)?.sha ?? '';
  const all = wrong === 'lateCommit' ? [...commits, late] : commits;
  const head = all.at(-1)?.sha ?? '';
  const approval = { id: `PRR_${shaOf(name).slice(0, 10)}`, by: reviewer, state: 'APPROVED', sha: approved } as const;
  const reviews: readonly ChangeReview[] =
    wrong === 'unreviewed' ? [] : [{ ...approval, at: wrong === 'hotFix' ? landedAt + days(2) : landedAt - minutes(wrong === 'lateCommit' ? 40 : 20) }];
  const checked = (check: string, required: boolean, conclusion: ChangeCheck['conclusion']): ChangeCheck => ({
    id: `CR_${shaOf(`${check} ${head}`).slice(0, 10)}`,
    name: check,
    conclusion,
    startedAt: landedAt - minutes(wrong === 'lateCommit' ? 9 : 55),
    completedAt: landedAt - minutes(wrong === 'lateCommit' ? 3 : 45),
    required,
  });
  const ticket = wrong === 'unticketed' ? '' : `ACME-${1000 + (seed % 9000)}`;
  return {
    ...shared,
    message: `${title} (#${number})`,
    how: repo === 'platform' ? 'merge' : 'squash',
    actor: wrong === 'hotFix' || wrong === 'unreviewed' || (seed % 2 === 0 && !bot) ? author : reviewer,
    bypass: false,
    pullRequest: {
      id: `PR_${shaOf(name).slice(0, 12)}`,
      number,
      title: wrong === 'hotFix' ? `Stop double charges in ${repo}` : title,
      body: ticket === '' ? 'No ticket for this one.' : `For ${ticket}.`,
      branch: `${author.login}/change-${number}`,
      author,
      createdAt: opened,
      commits: all,
      reviews,
      checks: [checked('ci', true, wrong === 'failedCheck' ? 'FAILURE' : 'SUCCESS'), checked('semgrep', true, 'SUCCESS')],
      labels: bot ? ['dependencies'] : wrong === 'hotFix' ? ['emergency'] : [],
    },
  };
}

function pick(team: readonly Actor[], seed: number, not: Actor | null): Actor {
  const others = team.filter(({ id }) => id !== not?.id);
  const found = others[seed % others.length];
  if (!found) throw new RangeError('Acme has no engineer to pick');
  return found;
}
