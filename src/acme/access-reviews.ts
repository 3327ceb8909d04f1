import { localDate } from '../core/calendar.ts';
import { hours, type Instant, iso } from '../core/instant.ts';
import { users } from './aws.ts';
import { hash, shaOf } from './changes.ts';
import { github, githubAccount } from './github.ts';
import { googleId } from './google.ts';
import { oktaId } from './okta.ts';
import { ACCESS_CAST, ACCESS_DAYS } from './okta-access-stories.ts';
import { AUDITORS, REVIEW_CAST, type ReviewPlan, REVIEWS } from './review-stories.ts';
import type { Addition, StatedEntry } from './statements.ts';
import { type Person, person, type World } from './world.ts';

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth'];
/** Days from the end of the time that is reviewed: to the list, to the decisions, to the due date. */
const [LAUNCH, DECIDE, DUE] = [3, 9, 21];

/** The reviews of access, each quarter: what every reviewer decided, committed by themselves, and then the review as it was closed. */
export const reviewAdditions = (world: World): readonly Addition[] =>
  REVIEWS.flatMap((plan, place) => {
    const decided = decisionsOf(world, plan);
    const reviewers = [...new Set(decided.map(({ reviewer }) => reviewer))].sort();
    return [
      ...reviewers.map((by) => ({
        day: plan.done,
        by,
        merger: by === 1 ? 0 : 1,
        message: `Decisions of ${plan.id} by ${person(world, by).name}`,
        register: 'review-decisions',
        entries: decided.filter(({ reviewer }) => reviewer === by).map(({ entry }) => entry),
      })),
      {
        day: plan.done,
        by: 1,
        merger: 0,
        message: `Review ${plan.id} is closed`,
        register: 'review-campaigns',
        entries: [campaign(world, plan, ORDINALS[place] ?? plan.id, decided)],
      },
    ];
  });

interface Right {
  readonly system: string;
  readonly user: string;
  readonly right: string;
  readonly worker: Person | null;
  /** Place of the person who decides. */
  readonly reviewer: number;
}
interface Decided extends Right {
  readonly entry: StatedEntry;
}

function campaign(world: World, { id, end, done, left }: ReviewPlan, ordinal: string, decided: readonly Decided[]): StatedEntry {
  const date = (day: number): string => localDate(world.ago(day, 12), 'UTC');
  const list = decided.map(({ system, user, right }) => `${system} ${user} ${right}`).join('\n');
  return {
    id,
    title: `Access to the cloud, the code and the directory, ${ordinal} review`,
    systems: ['aws', 'github', 'google', 'okta'],
    from: date(end + 90),
    to: date(end),
    items: decided.length + left,
    populationDigest: `${shaOf(list)}${shaOf(`${id} ${list}`)}`.slice(0, 64),
    launched: iso(world.ago(end - LAUNCH, 8)),
    due: date(end - DUE),
    completed: iso(world.ago(done, 9)),
    status: 'completed',
    signedOffBy: person(world, 0).id,
  };
}

function decisionsOf(world: World, { id, end, hasty, own }: ReviewPlan): readonly Decided[] {
  const at = new Map<number, Instant>();
  return rightsAt(world, world.ago(end - LAUNCH, 6), own).map((it, place) => {
    const { reviewer, system, user, right, worker } = it;
    const before = at.get(reviewer) ?? world.ago(end - DECIDE, 9) + hours(reviewer);
    const decidedAt = before + (hasty === reviewer ? 2 : 15 + (hash(`${id} ${place}`) % 60)) * 1000;
    at.set(reviewer, decidedAt);
    return {
      ...it,
      entry: {
        ...{ id: `${id}-${place + 1}`, campaign: id, system, user, right },
        ...(worker === null ? {} : { worker: worker.id }),
        ...{ reviewer: person(world, reviewer).id, decided: iso(decidedAt) },
        ...outcomeOf(world, id, it, decidedAt),
      },
    };
  });
}

function outcomeOf(world: World, review: string, { right, worker }: Right, decidedAt: Instant): StatedEntry {
  const auditor = AUDITORS.find((it) => it.review === review && right === 'auditors' && worker?.id === person(world, it.place).id);
  if (auditor) return { decision: 'revoke', reason: 'the audit is over', ...(auditor.to === null ? {} : { executed: iso(world.ago(auditor.to)) }) };
  if (review === 'RC-4' && right === 'administrators' && worker?.id === person(world, REVIEW_CAST.extraAdmin).id)
    return { decision: 'revoke', reason: 'the migration does not need it', executed: iso(decidedAt + hours(24 * 23)) };
  return { decision: 'keep' };
}

/** The list as it is made from the systems, in the order in which it is decided on. */
function rightsAt(world: World, at: Instant, own: number | null): readonly Right[] {
  const byAccount = new Map(world.people.map((it) => [githubAccount(it).id, it]));
  const lead = (system: string, worker: Person | null, first: number, second: number): number =>
    worker?.id === person(world, first).id && !(system === 'github' && own === first) ? second : first;
  const teams = github(world, at).teams.flatMap(({ name, maintainers, members }) =>
    [...maintainers, ...members].map(({ id }): Right => {
      const worker = byAccount.get(id) ?? null;
      return { system: 'github', user: String(id), right: name, worker, reviewer: lead('github', worker, 2, 1) };
    }),
  );
  const cloud = users(world, at).flatMap(({ id, name, groups }) =>
    groups
      .filter((right) => right !== 'everyone')
      .map((right): Right => {
        const worker = world.people.find(({ email }) => email === name) ?? null;
        return { system: 'aws', user: id, right, worker, reviewer: lead('aws', worker, 1, 2) };
      }),
  );
  const directory = [1, 2].flatMap((place): readonly Right[] => {
    const worker = person(world, place);
    return [
      { system: 'okta', user: oktaId(worker), right: 'Super Administrator', worker, reviewer: 0 },
      { system: 'google', user: googleId(worker), right: '_SEED_ADMIN_ROLE', worker, reviewer: 0 },
    ];
  });
  return [...teams, ...cloud, ...directory, ...givenByName(world, at)];
}

/** Who was given an application past all groups. */
function givenByName(world: World, at: Instant): readonly Right[] {
  const worker = person(world, ACCESS_CAST.directly);
  return at < world.ago(ACCESS_DAYS.directly.since, 11) ? [] : [{ system: 'okta', user: oktaId(worker), right: 'AWS', worker, reviewer: 0 }];
}
