import { describe, expect, it } from 'vitest';
import { collectorTester } from '../../../test/collector-tester.ts';
import { collectOnce, one, recorded, world } from '../../../test/recorded.ts';
import { KNOWBE4_READING } from '../../acme/knowbe4.ts';
import { acmeWire } from '../../acme/wire.ts';
import { WORKFORCE_CAST, WORKFORCE_STORIES, type WorkforceStory } from '../../acme/workforce-stories.ts';
import { person } from '../../acme/world.ts';
import { days, hours } from '../../core/instant.ts';
import type { Completion } from '../../datasets/training/completions.ts';
import type { Course } from '../../datasets/training/courses.ts';
import type { Wire } from '../../sources/wire.ts';
import type { Collector } from '../collector.ts';
import { knowbe4Training } from './training.ts';

const acme = recorded(knowbe4Training, KNOWBE4_READING, 'eu');

collectorTester(knowbe4Training as unknown as Collector, acme, (rows) => {
  expect(rows('training.courses')).toMatchObject([
    { courseId: 'store 7001', kind: 'security-awareness', active: 'yes', audience: [] },
    { courseId: 'store 7002', kind: 'role-based', active: 'unknown', audience: ['Engineering'] },
    { courseId: 'title Handling Personal Data', kind: 'privacy', topics: ['data-handling'], version: null },
  ]);
  const completions = rows('training.completions') as unknown as readonly Completion[];
  expect(completions.length).toBeGreaterThan(100);
  expect(completions.find(({ passed }) => passed === 'yes')).toMatchObject({
    courseId: 'store 7001',
    learnerEmails: [expect.stringMatching(/@acme\.example$/)],
  });
  expect(new Set(completions.map(({ courseId }) => courseId)).size).toBe(3);
});

describe('what goes wrong with the training of Acme', async () => {
  const now = world.ago(14, 4); // one has failed the test and not yet passed it
  const { rows } = await collectOnce(knowbe4Training, { ...acme, at: now, since: world.ago(365), wire: acmeWire(world, () => now) });
  const all = rows('training.completions') as unknown as readonly Completion[];
  const completions = all.filter(({ courseId }) => courseId === 'store 7001');
  const open = completions.filter(({ assignedAt, passed }) => passed === 'no' && assignedAt !== null && assignedAt < now - days(20));
  const SHOWS: Readonly<Partial<Record<WorkforceStory, readonly Completion[]>>> = {
    lateTraining: completions.filter(({ assignedAt, completedAt }) => assignedAt !== null && completedAt !== null && completedAt - assignedAt > days(7)),
    lateCoding: all.filter(({ courseId, assignedAt, completedAt }) => courseId === 'store 7002' && (completedAt ?? 0) - (assignedAt ?? 0) > days(30)),
    untrained: open.filter(({ learner }) => learner !== person(world, WORKFORCE_CAST.failedTraining).name),
    failedTraining: open.filter(({ learner }) => learner !== person(world, WORKFORCE_CAST.untrained).name),
    addressOnly: completions.filter(({ hrId, learnerEmails }) => hrId === null && learnerEmails.length === 1).slice(0, 1),
  };
  it.each(WORKFORCE_STORIES.filter(({ dataset }) => dataset === 'training.completions'))('$name: $tells', ({ name }) => {
    expect(one(SHOWS[name]).learnerEmails).toEqual([person(world, WORKFORCE_CAST[name]).email]);
  });
});

// A KnowBe4 of one's own.
const answer = (body: unknown) => ({ status: 200, headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode(JSON.stringify(body)) });
const knowbe4Of =
  ({
    enrollments = [],
    purchases = [],
    campaigns = [],
    page = 1,
  }: {
    enrollments?: readonly object[];
    purchases?: readonly object[];
    campaigns?: readonly object[];
    page?: number;
  }): Wire =>
  async ({ url }) => {
    const { pathname, searchParams } = new URL(url);
    if (pathname === '/v1/account') return answer({ name: 'Acme', domains: ['acme.example'] });
    const its = { enrollments, store_purchases: purchases, campaigns, policies: [] }[pathname.replace('/v1/training/', '')] ?? [];
    const start = (Number(searchParams.get('page')) - 1) * page;
    return answer(its.slice(start, start + page));
  };
const enrollment = (id: number, over: object = {}) => ({
  enrollment_id: id,
  module_name: 'Basics',
  user: {},
  enrollment_date: '2026-03-01T08:00:00.000Z',
  ...over,
});
const run = async (given: Parameters<typeof knowbe4Of>[0], over: object = {}) =>
  collectOnce(knowbe4Training, { ...recorded(knowbe4Training, { region: 'us', ...over }, 'us'), wire: knowbe4Of(given) });
const completionOf = async (over: object) => one((await run({ enrollments: [enrollment(1, over)] })).rows('training.completions')) as Completion;
const DONE = { completion_date: '2026-03-04T08:00:00.000Z' };

describe('what an enrolment says', () => {
  it.each<[string, object, Partial<Completion>]>([
    [
      'passed',
      { status: 'Passed', ...DONE },
      { passed: 'yes', completedAt: Date.parse('2026-03-04T08:00:00Z'), knownSince: Date.parse('2026-03-04T08:00:00Z') },
    ],
    ['completed', { status: 'completed', ...DONE }, { passed: 'yes' }],
    [
      'passed at no time that anybody could count',
      { status: 'Passed' },
      { passed: 'unknown', completedAt: null, knownSince: Date.parse('2026-03-01T08:00:00Z') },
    ],
    ['failed', { status: 'Failed', ...DONE }, { passed: 'no' }],
    ['not begun', { status: 'Not Started', completion_date: '' }, { passed: 'no', completedAt: null }],
    ['a word nobody knows', { status: 'Exempt', ...DONE }, { passed: 'unknown' }],
    ['no state', { ...DONE }, { passed: 'unknown' }],
    [
      'a number given as a number',
      { user: { id: 5, employee_number: 77, email: 'A@acme.example' } },
      { hrId: '77', learnerId: '5', learnerEmails: ['a@acme.example'], learner: 'A@acme.example' },
    ],
    ['nobody', { user: {} }, { hrId: null, learnerId: null, learnerEmails: [], learner: 'learner of enrolment 1' }],
    ['what KnowBe4 does not tell', {}, { recordedBy: 'unknown', evidence: null }],
  ])('%s', async (_, over, shows) => expect(await completionOf(over)).toMatchObject(shows));

  it('without any date is an error', async () => {
    await expect(completionOf({ enrollment_date: null })).rejects.toThrow('enrolment 1 has neither a date of completion nor one of enrolment');
  });
});

describe('which courses there are', () => {
  const coursesOf = async (given: Parameters<typeof run>[0], over: object = {}) =>
    (await run(given, over)).rows('training.courses') as unknown as readonly Course[];
  const bought = { store_purchase_id: 9, name: 'Basics', retired: false, publish_date: '2025' };

  it('are those that were bought and those that somebody is enrolled in, each once', async () => {
    const enrollments = [enrollment(1, { store_purchase_id: 9 }), enrollment(2, { store_purchase_id: 9 }), enrollment(3, { module_name: 'Own slides' })];
    expect(await coursesOf({ enrollments, purchases: [bought] })).toMatchObject([
      { courseId: 'store 9', title: 'Basics', version: '2025', kind: 'unknown', active: 'unknown' },
      { courseId: 'title Own slides', active: 'unknown' },
    ]);
  });

  it('are used where a campaign that runs holds them, and not where they are retired', async () => {
    const campaigns = [{ campaign_id: 1, status: 'In Progress', content: [{ name: 'Basics' }] }];
    expect(await coursesOf({ purchases: [bought], campaigns })).toMatchObject([{ active: 'yes' }]);
    expect(await coursesOf({ purchases: [{ ...bought, retired: true }], campaigns })).toMatchObject([{ active: 'no' }]);
    expect(await coursesOf({ purchases: [bought], campaigns: [{ ...campaigns[0], status: 'Closed' }] })).toMatchObject([{ active: 'unknown' }]);
  });

  it('are what the configuration says they are, however their titles are written', async () => {
    const courses = { BASICS: { kind: 'security-awareness', topics: ['phishing'] } };
    expect(await coursesOf({ purchases: [bought] }, { courses })).toMatchObject([{ kind: 'security-awareness', topics: ['phishing'], audience: [] }]);
  });
});

it('asks page by page until one holds nothing, and for all campaigns, with numbers of employees', async () => {
  const asked: string[] = [];
  const wire = knowbe4Of({ enrollments: [enrollment(1), enrollment(2)] });
  const watching: Wire = async (request) => {
    asked.push(request.url.replace('https://us.api.knowbe4.com/v1/', ''));
    return wire(request);
  };
  await collectOnce(knowbe4Training, { ...recorded(knowbe4Training, { region: 'us' }, 'us'), wire: watching });
  const enrollments = 'training/enrollments?include_campaign_id=true&include_store_purchase_id=true&include_employee_number=true&per_page=500&page=';
  expect(asked).toEqual([
    'account',
    'training/store_purchases?per_page=500&page=1',
    'training/policies?per_page=500&page=1',
    'training/campaigns?exclude_percentages=true&per_page=500&page=1',
    `${enrollments}1`,
    `${enrollments}2`,
    `${enrollments}3`,
  ]);
});

it('tells all completions from the start of the observation period to an hour ago', async () => {
  const its = { ...recorded(knowbe4Training, { region: 'us' }, 'us'), since: acme.at - days(9), wire: knowbe4Of({}) };
  const { tables } = await collectOnce(knowbe4Training, its);
  expect(tables.map(({ dataset, polled }) => [dataset.id, polled])).toEqual([
    ['training.courses', undefined],
    ['training.completions', { from: acme.at - days(9), to: acme.at - hours(1) }],
  ]);
});

it('takes no answer of another account', async () => {
  await expect(run({}, { domain: 'elsewhere.example' })).rejects.toThrow('an account without the domain elsewhere.example answered (it has acme.example)');
});
