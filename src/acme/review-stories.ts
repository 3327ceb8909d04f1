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

/** The first three are of the time before anything is told. In the fourth everything went wrong; since then all is well but for one right. */
export const REVIEWS: readonly ReviewPlan[] = [
  usual('RC-1', 510),
  usual('RC-2', 419),
  usual('RC-3', 328),
  usual('RC-4', 237, { done: 195, left: 1, hasty: 2, own: 2 }),
  usual('RC-5', 142),
  usual('RC-6', 55),
];

/** Memberships of the group `auditors` in the cloud that reviews took away, by place of the person. */
export const AUDITORS: readonly {
  readonly place: number;
  readonly review: string;
  readonly from: number;
  /** When it was taken away; `null` where nobody did. */
  readonly to: number | null;
  readonly again: readonly [from: number, to: number] | null;
}[] = [
  { place: 16, review: 'RC-3', from: 800, to: 316, again: null },
  { place: 18, review: 'RC-4', from: 800, to: 226, again: [120, 105] },
  { place: 40, review: 'RC-6', from: 90, to: null, again: null },
];

export const REVIEW_CAST = { extraAdmin: 10, ownDecision: 2, stillAuditor: 40, auditorAgain: 18 } as const;

export function reviewStories(world: World) {
  const [extra, auditor, again] = [REVIEW_CAST.extraAdmin, REVIEW_CAST.stillAuditor, REVIEW_CAST.auditorAgain].map(
    (place) => `AIDAACME${person(world, place).id.replace('-', '')}`,
  );
  const story = (name: string, tells: string, check: string, item: string, open = true) => ({ name, tells, check, item, open });
  return [
    story('late review', 'a review of access was closed three weeks late', 'access-reviews-completed', 'fourth'),
    story('no review of the quarter', 'so that for three days no review covered the last quarter', 'systems-reviewed-quarterly', 'GitHub', false),
    story('waved through', 'a reviewer decided on twenty rights within a minute', 'access-review-decisions-considered', 'fourth'),
    story('right left open', 'one right of the list was left undecided', 'access-review-populations-decided', 'fourth'),
    story(
      'own access',
      'somebody decided on their own access',
      'access-review-decisions-independent',
      `of ${1000 + Number(person(world, REVIEW_CAST.ownDecision).id.slice(2))} in github`,
    ),
    story('late revocation of a review', 'what a review took away was taken away after three weeks', 'review-revocations-executed', extra ?? ''),
    story('revocation not seen', 'and until then the cloud showed it', 'review-revocations-proven', extra ?? ''),
    story('revocation not carried out', 'what the last review took away nobody took away', 'review-revocations-executed', auditor ?? ''),
    story('revocation not to be seen', 'and the cloud still shows it', 'review-revocations-proven', auditor ?? ''),
    story('revoked and there', 'so that somebody still reads along for an audit that is over', 'revoked-access-kept-removed', auditor ?? ''),
    story('revoked and back', 'a group that a review took away came back for two weeks', 'revoked-access-kept-removed', again ?? '', false),
  ];
}
