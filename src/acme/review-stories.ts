import { person, type World } from './world.ts';

/** A quarterly access review, by days before the last one: the time it is about ends with `end`, and it was closed on `done`. */
export interface ReviewPlan {
  readonly id: string;
  readonly end: number;
  readonly done: number;
  /** Rights of the list that nobody decided on. */
  readonly left: number;
  /** Whose decisions came in one go, two seconds apart. */
  readonly hasty: number | null;
  /** Who decided on their own access. */
  readonly own: number | null;
}

const usual = (id: string, end: number, more: Partial<ReviewPlan> = {}): ReviewPlan => ({ id, end, done: end - 14, left: 0, hasty: null, own: null, ...more });

/** The first is of the time before anything is told, so that the second is not late. */
export const REVIEWS: readonly ReviewPlan[] = [
  usual('RC-1', 510),
  usual('RC-2', 419),
  usual('RC-3', 328, { hasty: 2 }),
  usual('RC-4', 237, { left: 1, own: 2 }),
  usual('RC-5', 142, { done: 100 }),
  usual('RC-6', 55),
];

/** Memberships of the group `auditors` in the cloud that reviews took away, by place of the person. */
export const AUDITORS: readonly {
  readonly place: number;
  readonly review: string;
  readonly to: number;
  readonly again: readonly [from: number, to: number] | null;
}[] = [
  { place: 16, review: 'RC-3', to: 316, again: null },
  { place: 18, review: 'RC-4', to: 226, again: [181, 166] },
];

export const REVIEW_CAST = { extraAdmin: 10, ownDecision: 2 } as const;

export function reviewStories(world: World) {
  const extra = person(world, REVIEW_CAST.extraAdmin).id.replace('-', '');
  const story = (name: string, tells: string, check: string, item: string, open = true) => ({ name, tells, check, item, open });
  return [
    story('late review', 'a review of access was closed four weeks late', 'access-reviews-completed', 'fifth'),
    story('no review of the quarter', 'so that for a week no review covered the last quarter', 'systems-reviewed-quarterly', 'GitHub', false),
    story('waved through', 'a reviewer decided on twenty rights within a minute', 'access-review-decisions-considered', 'third'),
    story('right left open', 'one right of the list was left undecided', 'access-review-populations-decided', 'fourth'),
    story(
      'own access',
      'somebody decided on their own access',
      'access-review-decisions-independent',
      `of ${1000 + Number(person(world, REVIEW_CAST.ownDecision).id.slice(2))} in github`,
    ),
    story('late revocation of a review', 'what a review took away was taken away after three weeks', 'review-revocations-executed', `AIDAACME${extra}`),
    story('revocation not seen', 'and until then the cloud showed it', 'review-revocations-proven', `AIDAACME${extra}`),
    story('revoked and back', 'a group that a review took away came back for two weeks', 'revoked-access-kept-removed', 'auditors', false),
  ];
}
