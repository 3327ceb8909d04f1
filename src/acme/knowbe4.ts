import { days, type Instant, iso } from '../core/instant.ts';
import type { WireAnswer, WireRequest } from '../sources/wire.ts';
import { jsonAnswer } from './directory-answer.ts';
import { WORKFORCE_CAST, WORKFORCE_DAYS } from './workforce-stories.ts';
import { DAYS, during } from './stories.ts';
import { type Person, person, type World } from './world.ts';

const AWARENESS = { id: 7001, name: 'Security Awareness Foundations' } as const;
const CODING = { id: 7002, name: 'Secure Coding' } as const;
const PRIVACY = 'Handling Personal Data';

export const KNOWBE4_READING = {
  region: 'eu',
  domain: 'acme.example',
  courses: {
    [AWARENESS.name]: { kind: 'security-awareness', topics: ['phishing', 'social-engineering', 'password-hygiene', 'data-handling'] },
    [CODING.name]: { kind: 'role-based', topics: ['secure-coding'], audience: ['Engineering'] },
    [PRIVACY]: { kind: 'privacy', topics: ['data-handling'], audience: ['Support', 'People'] },
  },
} as const;
/** Smaller than what is asked for, so that paging is walked. */
const PAGE = 60;

/** KnowBe4 in the wire format of its reporting API: everybody is trained on joining and each year after, but for those of whom the stories tell. */
export function knowbe4(world: World, at: Instant, { url }: WireRequest): WireAnswer | null {
  const { host, pathname, searchParams } = new URL(url);
  if (host !== 'eu.api.knowbe4.com') return null;
  if (during(world, at, DAYS.trainingRefusal)) return jsonAnswer(401, { message: 'Unauthorized' }, at);
  const topic = pathname.replace('/v1/', '');
  const paged = (entries: readonly unknown[]) => {
    const page = Number(searchParams.get('page') ?? 1) - 1;
    return jsonAnswer(200, entries.slice(page * PAGE, (page + 1) * PAGE), at);
  };
  if (topic === 'account')
    return jsonAnswer(200, { name: 'Acme', type: 'paid', domains: ['acme.example'], admins: [], subscription_level: 'Gold', number_of_seats: 80 }, at);
  if (topic === 'training/store_purchases') return paged([AWARENESS, CODING].map(purchaseOf));
  if (topic === 'training/policies')
    return paged([{ policy_id: 31, content_type: 'Uploaded Policy', name: PRIVACY, minimum_time: 3, default_language: 'en-us', status: 'published' }]);
  if (topic === 'training/campaigns') return paged([CAMPAIGN]);
  if (topic === 'training/enrollments') return paged(enrollmentsOf(world, at));
  return jsonAnswer(404, { message: 'Not found' }, at);
}

const purchaseOf = ({ id, name }: { readonly id: number; readonly name: string }) => ({
  store_purchase_id: id,
  content_type: 'Store Purchase',
  name,
  description: '',
  type: 'Training Module',
  duration: 25,
  retired: false,
  retirement_date: null,
  publish_date: '2025-01-15T00:00:00.000Z',
  publisher: 'KnowBe4',
  purchase_date: '2025-02-01T00:00:00.000Z',
  policy_url: null,
});

const CAMPAIGN = {
  campaign_id: 51,
  name: 'Everybody',
  groups: [{ group_id: 0, name: 'All Users' }],
  status: 'In Progress',
  content: [
    { store_purchase_id: AWARENESS.id, content_type: 'Store Purchase', name: AWARENESS.name },
    { policy_id: 31, content_type: 'Uploaded Policy', name: PRIVACY },
  ],
  duration_type: 'Relative Duration',
  start_date: '2025-03-01T08:00:00.000Z',
  end_date: null,
  relative_duration: '2 weeks',
  auto_enroll: true,
  allow_multiple_enrollments: true,
};

/** The yearly training was assigned to all who were there, so many days before the last day, and again 350 days later. */
const FIRST_ASSIGNED = 390;

type Module = { readonly id: number | null; readonly name: string };
const PRIVACY_MODULE: Module = { id: null, name: PRIVACY };

function enrollmentsOf(world: World, at: Instant): readonly unknown[] {
  return world.people.flatMap((it, place) => {
    const modules: readonly Module[] = [
      AWARENESS,
      ...(it.department === 'Engineering' ? [CODING] : []),
      ...(['Support', 'People'].includes(it.department) ? [PRIVACY_MODULE] : []),
    ];
    const first = Math.max(it.startAt, world.ago(FIRST_ASSIGNED));
    return [0, 1].flatMap((year) =>
      modules.flatMap((module, number) => {
        const assigned = first + days(350 * year);
        const gone = it.endAt !== null && it.endAt <= assigned;
        return assigned > at || gone
          ? []
          : [
              enrollmentOf(
                world,
                it,
                module,
                { id: 100_000 + place * 20 + year * 5 + number, assigned, isLast: year === 1 || it.startAt >= world.firstDay },
                at,
              ),
            ];
      }),
    );
  });
}

interface Assigned {
  readonly id: number;
  readonly assigned: Instant;
  /** The newest that the person has, or will have, in the time that is told of. */
  readonly isLast: boolean;
}

function enrollmentOf(world: World, it: Person, module: Module, { id, assigned, isLast }: Assigned, at: Instant) {
  const is = (story: keyof typeof WORKFORCE_CAST) => it.id === person(world, WORKFORCE_CAST[story]).id && module === AWARENESS && isLast;
  const isLateCoding = it.id === person(world, WORKFORCE_CAST.lateCoding).id && module === CODING;
  const tried = assigned + days(isLateCoding ? 40 : is('lateTraining') ? 11 : 3);
  const done = is('failedTraining') ? world.ago(WORKFORCE_DAYS.passedAgain, 10) : tried;
  const isDone = done <= at && !is('untrained');
  const status = isDone ? 'Passed' : is('failedTraining') && tried <= at ? 'Failed' : at > assigned + days(14) ? 'Past Due' : 'Not Started';
  const [first_name, last_name] = it.name.split(' ');
  return {
    enrollment_id: id,
    content_type: module.id === null ? 'Uploaded Policy' : 'Store Purchase',
    module_name: module.name,
    user: {
      id: 7000 + Number(it.id.slice(2)),
      first_name,
      last_name,
      email: it.email,
      employee_number: it.id === person(world, WORKFORCE_CAST.addressOnly).id ? null : it.id,
    },
    campaign_id: CAMPAIGN.campaign_id,
    campaign_name: CAMPAIGN.name,
    enrollment_date: iso(assigned),
    start_date: isDone ? iso(done) : null,
    completion_date: isDone ? iso(done) : null,
    status,
    time_spent: isDone ? 1500 : 0,
    policy_acknowledged: module.id === null && isDone,
    store_purchase_id: module.id,
  };
}
