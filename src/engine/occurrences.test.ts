import fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { daysAfter } from '../core/cadence.ts';
import { days, hours, type Instant, instant, iso, NEVER } from '../core/instant.ts';
import { type Dataset, defineDataset, type Row } from '../datasets/dataset.ts';
import { Coverage, type Expected } from './coverage.ts';
import { Facts, type Run } from './facts.ts';
import { type Capture, collectionsOf, type Duty, dutiesOf, inOrder, recurringOf, type Schedule, seriesOf } from './occurrences.ts';

type Thing = { id: string; kind: string; reviewedAt: number | null };
const things = defineDataset<Thing>({
  id: 'things',
  title: 'A dataset of the tests',
  row: z.custom<Thing>(),
  key: ({ id }) => id,
  label: ({ id }) => id,
  freshness: hours(36),
});
type Meeting = { id: string; kind: string; heldAt: number };
const meetings = defineDataset<Meeting>({
  id: 'meetings',
  title: 'A dataset of the tests',
  row: z.custom<Meeting>(),
  key: ({ id }) => id,
  label: ({ id }) => id,
  freshness: days(3),
  happened: ({ heldAt }) => heldAt,
});
const DATASETS = [things, meetings] as unknown as readonly Dataset[];
const START = instant('2026-01-01T00:00:00Z');

let record = 0;
const look = (at: Instant, rows: readonly Row[] = [], { complete = true, dataset = 'things' } = {}): Run => ({
  dataset,
  source: 'acme/things',
  partition: 'things',
  at,
  complete,
  reason: complete ? null : 'it answered 503.',
  rows,
  record: record++,
  ...(dataset === 'meetings' ? { polled: { from: -Infinity, to: at } } : {}),
});

function ground(runs: readonly Run[], expected: Partial<Expected> = {}) {
  const facts = new Facts(DATASETS);
  for (const run of runs) facts.add(run);
  const all = ['things', 'meetings'].map((dataset) => ({ dataset, source: 'acme/things', partition: 'things', from: START, to: NEVER, ...expected }));
  return { facts, coverage: new Coverage(facts, DATASETS, all), datasets: DATASETS };
}

const schedule = (more: Partial<Schedule> = {}): Schedule => ({
  source: 'acme/things',
  partition: 'things',
  datasets: ['things'],
  from: START,
  to: NEVER,
  steps: [{ from: START, every: days(1) }],
  ...more,
});
const ever = { from: -8e15, to: 8e15 };
const spelled = (all: ReturnType<typeof collectionsOf>) => all.map(({ from, state }) => `${iso(from).slice(0, 10)} ${state}`);

it('misses the slots in which nothing whole was told before the word of the last was too old', () => {
  const at = (day: number, hour = 2) => START + days(day) + hours(hour);
  const runs = [look(at(0)), look(at(1)), look(at(2), [], { complete: false }), look(at(3), [], { complete: false }), look(at(4)), look(at(5))];
  const slots = collectionsOf(ground(runs), schedule(), ['XX-01'], ever, at(6, 1));
  expect(spelled(slots)).toEqual([
    '2026-01-01 met',
    '2026-01-02 met',
    '2026-01-03 missed', // the next whole answer came 50 hours after it, and the word of the one before counts for 36
    '2026-01-04 met',
    '2026-01-05 met',
    '2026-01-06 met',
    '2026-01-07 due',
  ]);
  expect(slots[2]).toEqual({
    kind: 'collection',
    what: 'acme/things',
    controls: ['XX-01'],
    from: at(2, 0),
    to: at(3, 0),
    late: null,
    due: at(3, 12),
    state: 'missed',
    at: null,
    because: 'it answered 503.',
    records: [runs[3]?.record],
  });
  expect(slots[3]).toMatchObject({ at: at(4), records: [runs[4]?.record], because: null });
});

it('says so where nothing was told at all', () => {
  const slots = collectionsOf(ground([look(START)]), schedule(), [], ever, START + days(4));
  expect(spelled(slots)).toEqual(['2026-01-01 met', '2026-01-02 missed', '2026-01-03 missed', '2026-01-04 due', '2026-01-05 due']);
  expect(slots[1]?.because).toBe('nothing was told');
});

it('takes for the first slot what was told just before it, while its word counts', () => {
  const first = (before: number) => collectionsOf(ground([look(START - hours(before))]), schedule(), [], ever, START + days(2) + hours(13));
  expect(spelled(first(36))).toEqual(['2026-01-01 met', '2026-01-02 missed', '2026-01-03 due']);
  expect(spelled(first(37))).toEqual(['2026-01-01 missed', '2026-01-02 missed', '2026-01-03 due']);
});

it('misses nothing before the source was expected, nor what was due after it was retired', () => {
  const retired = collectionsOf(ground([look(START)]), schedule({ to: START + days(4) }), [], ever, START + days(30));
  expect(spelled(retired)).toEqual(['2026-01-01 met', '2026-01-02 missed', '2026-01-03 missed']);
  expect(collectionsOf(ground([]), schedule(), [], { from: START - days(30), to: START }, START + days(30))).toEqual([]);
});

it('goes by the schedule that stood: first daily, then weekly', () => {
  const steps = [
    { from: START, every: days(1) },
    { from: START + days(2) + hours(5), every: days(7) },
  ];
  const slots = collectionsOf(ground([]), schedule({ steps }), [], ever, START + days(20));
  expect(slots.map(({ from }) => iso(from))).toEqual([
    '2026-01-01T00:00:00Z',
    '2026-01-02T00:00:00Z',
    '2026-01-03T00:00:00Z',
    '2026-01-03T05:00:00Z',
    '2026-01-10T05:00:00Z',
    '2026-01-17T05:00:00Z',
  ]);
});

it('says of every slot what the definition says', () => {
  const moment = fc.integer({ min: 0, max: 200 }).map((hour) => START + hours(hour));
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(moment, fc.boolean()), { maxLength: 14, selector: ([at]) => at }), moment, (looks, now) => {
      const slots = collectionsOf(ground(looks.map(([at, complete]) => look(at, [], { complete }))), schedule(), [], ever, now);
      for (let slot = START, place = 0; slot <= now; slot += days(1), place++) {
        const whole = looks.filter(([at, complete]) => complete && at >= slot && at < slot + hours(36) && at <= now).map(([at]) => at);
        const state = whole.length > 0 ? 'met' : slot + hours(36) <= now ? 'missed' : 'due';
        expect(slots[place]).toMatchObject({ from: slot, state, at: whole.length > 0 ? Math.min(...whole) : null });
      }
    }),
    { numRuns: 200 },
  );
});

const REVIEW: Duty = { duty: 'Review', dataset: 'things', where: { kind: 'risk' }, at: 'reviewedAt', cadence: 'monthly', grace: 5 };
const daily = (to: number, rows: (day: number) => readonly Row[], gap: readonly number[] = []): Run[] =>
  Array.from({ length: to }, (_, day) => day)
    .filter((day) => !gap.includes(day))
    .map((day) => look(START + days(day), rows(day)));
const risk = (reviewedAt: string | null, more: Partial<Thing> = {}): Row => ({
  id: 'r',
  kind: 'risk',
  reviewedAt: reviewedAt === null ? null : instant(reviewedAt),
  ...more,
});
const states = (all: ReturnType<typeof dutiesOf>) =>
  all.map(({ from, due, state, at }) => `${iso(from)} ${iso(due)} ${state}${at === null ? '' : ` ${iso(at)}`}`);

it('is done once in every calendar month of the zone, or within the grace after it', () => {
  // In Berlin: January on 15 January, February late on 3 March, March not at all, April and May each.
  const told = ['2026-01-15T12:00:00Z', '2026-03-03T12:00:00Z', '2026-04-10T12:00:00Z', '2026-05-01T12:00:00Z'].map((at) => instant(at));
  const runs = daily(160, (day) => [risk(iso(told.findLast((at) => at <= START + days(day)) ?? START - days(3)))]);
  const duties = dutiesOf(ground(runs, { from: START - days(1) }), REVIEW, 'XX-01', 'Europe/Berlin', ever, START + days(159));
  expect(states(duties)).toEqual([
    '2025-12-31T23:00:00Z 2026-02-05T23:00:00Z met 2026-01-15T12:00:00Z',
    '2026-01-31T23:00:00Z 2026-03-05T23:00:00Z met 2026-03-03T12:00:00Z',
    '2026-02-28T23:00:00Z 2026-04-05T22:00:00Z missed',
    '2026-03-31T22:00:00Z 2026-05-05T22:00:00Z met 2026-04-10T12:00:00Z',
    '2026-04-30T22:00:00Z 2026-06-05T22:00:00Z met 2026-05-01T12:00:00Z',
    '2026-05-31T22:00:00Z 2026-07-05T22:00:00Z due',
  ]);
  expect(duties[2]?.because).toBe('by evidence without a gap nothing was done from 2026-02-28T23:00:00Z up to 2026-04-05T22:00:00Z');
});

it('counts one act for one period, and what was done on one day once', () => {
  const rows = [risk('2026-02-03T10:00:00Z', { id: 'a' }), risk('2026-02-03T15:00:00Z', { id: 'b' })];
  const duties = dutiesOf(ground(daily(70, (day) => (day < 35 ? [] : rows))), REVIEW, 'XX-01', 'UTC', ever, START + days(69));
  expect(states(duties).map((line) => line.split(' ')[2])).toEqual(['met', 'missed', 'due']); // January by grace, so February by nothing
});

it('does not count what is of another kind, says no day, or was dated back', () => {
  const other = dutiesOf(
    ground(daily(60, () => [risk('2026-01-10T00:00:00Z', { kind: 'vendor' }), risk(null, { id: 's' })])),
    REVIEW,
    'X',
    'UTC',
    ever,
    START + days(50),
  );
  expect(other.map(({ state }) => state)).toEqual(['missed', 'due']);
  const back = dutiesOf(ground(daily(60, (day) => (day < 40 ? [] : [risk('2026-01-10T00:00:00Z')]))), REVIEW, 'X', 'UTC', ever, START + days(50));
  expect(back.map(({ state }) => state)).toEqual(['missed', 'due']);
});

it('is unknown where the evidence has a gap, and due until somebody has looked after the due date', () => {
  const gap = dutiesOf(ground(daily(60, () => [], [10, 11, 12])), REVIEW, 'X', 'UTC', ever, START + days(50));
  expect(gap.map(({ state, because }) => [state, because])).toEqual([
    ['unknown', 'acme/things has given no complete evidence of things since 2026-01-10T00:00:00Z.'],
    ['due', null],
  ]);
  const due = daysAfter(instant('2026-02-01T00:00:00Z'), 5, 'UTC');
  const evening = dutiesOf(ground(Array.from({ length: 35 }, (_, day) => look(START + days(day) - hours(6)))), REVIEW, 'X', 'UTC', ever, due + hours(1));
  expect(evening.map(({ state }) => state)).toEqual(['unknown', 'due']);
  const asked = [...Array.from({ length: 37 }, (_, day) => look(START + days(day))), look(due - hours(5))];
  expect(dutiesOf(ground(asked.slice(0, 36)), REVIEW, 'X', 'UTC', ever, due + hours(1))[0]).toMatchObject({
    state: 'due',
    because: 'the evidence has not been collected since 2026-02-06T00:00:00Z',
  });
  expect(dutiesOf(ground(asked), REVIEW, 'X', 'UTC', ever, due + hours(1))[0]?.state).toBe('missed');
});

it('does not expect a period that had begun before the source was expected, or that it did not see the end of', () => {
  const late = dutiesOf(
    ground(
      daily(100, () => []),
      { from: START + hours(1) },
    ),
    REVIEW,
    'X',
    'UTC',
    ever,
    START + days(99),
  );
  expect(late.map(({ from }) => iso(from))).toEqual(['2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z', '2026-04-01T00:00:00Z']);
  const ended = dutiesOf(
    ground(
      daily(100, () => []),
      { to: START + days(45) },
    ),
    REVIEW,
    'X',
    'UTC',
    ever,
    START + days(99),
  );
  expect(ended.map(({ from }) => iso(from))).toEqual(['2026-01-01T00:00:00Z']);
});

it('goes by the own time of events', () => {
  const held: Duty = { duty: 'Meeting', dataset: 'meetings', where: {}, at: null, cadence: 'weekly', grace: 0 };
  const rows = [{ id: 'm', kind: 'board', heldAt: instant('2026-01-07T09:00:00Z') }];
  const runs = Array.from({ length: 30 }, (_, day) => look(START + days(day), day < 20 ? [] : rows, { dataset: 'meetings' }));
  const weeks = dutiesOf(ground(runs), held, 'X', 'UTC', ever, START + days(20));
  expect(states(weeks)).toEqual([
    '2026-01-05T00:00:00Z 2026-01-12T00:00:00Z met 2026-01-07T09:00:00Z',
    '2026-01-12T00:00:00Z 2026-01-19T00:00:00Z missed',
    '2026-01-19T00:00:00Z 2026-01-26T00:00:00Z due',
  ]);
});

const CAPTURE: Capture = { shownBy: 'looks', duty: 'Capture', dataset: 'things', cadence: 'daily' };
const captured = (on: ReturnType<typeof ground>, now: Instant, within = ever, timezone = 'UTC') =>
  recurringOf(on, CAPTURE, 'XX-01', timezone, within, now).map(
    ({ from, state, late }) => `${iso(from).slice(0, 10)} ${state}${late === null ? '' : ` ${iso(late)}`}`,
  );

it('captures once in every calendar day: a part is no capture, and neither is what comes after its end', () => {
  const at = (day: number, hour: number) => START + days(day) + hours(hour);
  const runs = [look(at(0, 23)), look(at(1, 3), [], { complete: false }), look(at(2, 0)), look(at(4, 12)), look(at(4, 13))];
  const on = ground(runs);
  expect(captured(on, at(5, 1))).toEqual([
    '2026-01-01 met',
    '2026-01-02 missed 2026-01-03T00:00:00Z', // at its very end the next day begins
    '2026-01-03 met',
    '2026-01-04 missed 2026-01-05T12:00:00Z',
    '2026-01-05 met',
    '2026-01-06 due',
  ]);
  expect(captured(on, at(4, 1))).toEqual(['2026-01-01 met', '2026-01-02 missed 2026-01-03T00:00:00Z', '2026-01-03 met', '2026-01-04 missed', '2026-01-05 due']);
  expect(captured(on, at(5, 1), { from: at(2, 0), to: at(3, 1) })).toEqual(['2026-01-03 met', '2026-01-04 missed 2026-01-05T12:00:00Z']);
  // In Berlin the first look is one of the second day, and the day in which it was first expected does not count: it was not whole.
  expect(captured(on, at(2, 12), ever, 'Europe/Berlin').slice(0, 2)).toEqual(['2026-01-01 met', '2026-01-02 met']);
  expect(recurringOf(on, CAPTURE, 'XX-01', 'UTC', ever, at(5, 1))[1]).toMatchObject({
    kind: 'duty',
    what: 'Capture',
    due: at(2, 0),
    at: null,
    records: [],
    because: 'acme/things gave no whole answer from 2026-01-02T00:00:00Z up to 2026-01-03T00:00:00Z',
  });
  expect(recurringOf(on, CAPTURE, 'XX-01', 'UTC', ever, at(5, 1))[4]).toMatchObject({ at: at(4, 12), records: [runs[3]?.record] });
});

it('captures by every source that is expected for the whole of the day, and by no other', () => {
  const other = (at: Instant): Run => ({ ...look(at), source: 'acme/others', partition: 'others' });
  const runs = [...daily(5, () => []), other(START + days(1) + hours(9)), other(START + days(3) + hours(2))];
  const { facts } = ground(runs);
  const source = { dataset: 'things', source: 'acme/things', partition: 'things', from: START, to: NEVER };
  const second = { ...source, source: 'acme/others', partition: 'others', from: START + hours(5), to: START + days(4) + hours(1) };
  const on = { facts, coverage: new Coverage(facts, DATASETS, [source, second]), datasets: DATASETS };
  expect(captured(on, START + days(5) - 1)).toEqual([
    '2026-01-01 met',
    '2026-01-02 met',
    '2026-01-03 missed 2026-01-04T02:00:00Z',
    '2026-01-04 met',
    '2026-01-05 met',
  ]);
  const none = { facts, coverage: new Coverage(facts, DATASETS, []), datasets: DATASETS };
  expect(captured(none, START + days(5))).toEqual([]);
});

it('counts by what it is about, duties first', () => {
  const duties = dutiesOf(ground(daily(60, () => [])), REVIEW, 'XX-01', 'UTC', ever, START + days(50));
  const slots = collectionsOf(ground([look(START)]), schedule(), ['XX-01'], ever, START + days(2));
  expect(seriesOf(inOrder([...slots, ...duties]))).toEqual([
    { kind: 'duty', what: 'Review', controls: ['XX-01'], expected: 2, met: 0, missed: 1, unknown: 0, due: 1 },
    { kind: 'collection', what: 'acme/things', controls: ['XX-01'], expected: 3, met: 1, missed: 0, unknown: 0, due: 2 },
  ]);
});
