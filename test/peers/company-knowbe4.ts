import type { Instant } from '../../src/core/instant.ts';
import { iso } from '../../src/core/instant.ts';
import type { Answered, Asked } from './company.ts';

const ALL = 'Security for everybody';
const SHORT = 'Phishing in ten minutes';
const CODING = 'Secure coding';
const LAW = 'Contracts and data';
const COURSES = [ALL, SHORT, CODING, LAW];

/** Who passed what so many days ago. */
const PASSED: readonly (readonly [worker: number, name: string, course: string, ago: number])[] = [
  [1, 'Ines Duarte', ALL, 100],
  [1, 'Ines Duarte', CODING, 90],
  [2, 'Bruno Novak', ALL, 380], // a year and two weeks
  [2, 'Bruno Novak', CODING, 100],
  [3, 'Chloe Martin', SHORT, 60], // two of four topics
  [4, 'Dan Weiss', ALL, 200],
  [5, 'Eva Sato', ALL, 35],
  [7, 'Gina Rossi', ALL, 150],
  [9, 'Ida Kern', ALL, 41], // and, of Engineering, not Secure coding
  [8, 'Hugo Blanc', ALL, 150],
];

/** KnowBe4 in the shape of its answers that somebody else kept (shapes/knowbe4.json). Femi, who began last week, has passed nothing. */
export function knowbe4Of({ ago }: { readonly ago: (count: number, hour?: number) => Instant }): (asked: Asked) => Answered {
  const lists: Readonly<Record<string, readonly unknown[]>> = {
    '/v1/training/store_purchases': [],
    '/v1/training/policies': [],
    '/v1/training/campaigns': [
      { campaign_id: 1, name: 'Everybody', groups: [{ group_id: 0, name: 'All Users' }], status: 'In Progress', content: COURSES.map((name) => ({ name })) },
    ],
    '/v1/training/enrollments': [
      ...PASSED.map(([worker, name, course, count], place) => enrollment(1000 + place, worker, name, course, iso(ago(count + 5)), iso(ago(count)))),
      enrollment(1100, 6, 'Femi Cole', ALL, iso(ago(11)), null),
      enrollment(1101, 1, 'Ines Duarte', LAW, iso(ago(20)), null),
    ],
  };
  return ({ url }) => {
    if (url.pathname === '/v1/account') return { status: 200, body: { name: 'Acme', type: 'paid', domains: ['acme.example'], admins: [] } };
    const list = lists[url.pathname];
    if (!list) return { status: 404, body: { message: 'Not found' } };
    return { status: 200, body: url.searchParams.get('page') === '1' ? list : [] };
  };
}

function enrollment(id: number, worker: number, name: string, course: string, assigned: string, completed: string | null) {
  const [first_name, last_name] = name.split(' ');
  const user = { id: 7000 + worker, first_name, last_name, email: `${name.replace(' ', '.').toLowerCase()}@acme.example`, employee_number: `W-${worker}` };
  return {
    ...{ enrollment_id: id, content_type: 'Uploaded Content', module_name: course, user, campaign_id: 1, campaign_name: 'Everybody', store_purchase_id: null },
    ...{ enrollment_date: assigned, start_date: completed, completion_date: completed, status: completed === null ? 'Not Started' : 'Passed', time_spent: 600 },
    policy_acknowledged: false,
  };
}
