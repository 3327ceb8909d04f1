import { z } from 'zod';
import { type Check, conforms, defineCheck, deviates } from '../../src/checks/check.ts';
import { hours, type Instant } from '../../src/core/instant.ts';
import { type Dataset, defineDataset } from '../../src/datasets/dataset.ts';
import { Engine } from '../../src/engine/engine.ts';
import { itemParts, type Run } from '../../src/engine/facts.ts';
import type { Bench, Workload } from '../harness/bench.ts';
import type { Participant } from '../harness/measure.ts';
import { random } from '../harness/random.ts';
import { DAY, START } from '../iam/year.ts';
import { sqlite } from '../peers/peers.ts';
import { intoSqlite, tableOf } from '../peers/table.ts';
import { readerOf } from '../product.ts';

type Pull = { readonly id: string; readonly author: string; readonly ticket: string | null; readonly at: Instant };
type Review = { readonly id: string; readonly pull: string; readonly reviewer: string; readonly approved: boolean; readonly at: Instant };
type Build = { readonly id: string; readonly pull: string; readonly succeeded: boolean; readonly at: Instant };

const dataset = <Event extends { readonly id: string; readonly at: Instant } & Readonly<Record<string, string | number | boolean | null>>>(id: string) =>
  defineDataset<Event>({
    ...{ id, title: 'Events of the benchmark', row: z.custom<Event>(), freshness: hours(36) },
    ...{ key: (row) => row.id, label: (row) => row.id, happened: ({ at }) => at },
  });
const pulls = dataset<Pull>('bench.pulls');
const reviews = dataset<Review>('bench.reviews');
const builds = dataset<Build>('bench.builds');

const named = (id: string) => ({ id, title: id, version: 1, asserts: `Of no change ${id} is so.`, population: pulls });
const approvals = reviews.where(({ approved }) => approved).on('pull', 'id');
const CHECKS = [
  defineCheck({
    ...named('not approved by another'),
    with: { approvals },
    examine: ({ author, at }, { approvals: its }) =>
      its.some((it) => it.reviewer !== author && it.at <= at) ? conforms() : deviates('nobody else approved it'),
  }),
  defineCheck({
    ...named('approved by its author'),
    with: { approvals },
    examine: ({ author, at }, { approvals: its }) => {
      const own = its.filter((it) => it.reviewer === author && it.at <= at);
      return own.length === 0 ? conforms() : deviates('its author approved it', { cites: own });
    },
  }),
  defineCheck({
    ...named('never built'),
    with: { builds: builds.on('pull', 'id') },
    examine: ({ at }, { builds: its }) => (its.some((it) => it.succeeded && it.at <= at) ? conforms() : deviates('no build succeeded before it')),
  }),
  defineCheck({
    ...named('last build failed'),
    with: { builds: builds.on('pull', 'id') },
    examine({ at }, { builds: its }) {
      const last = its.filter((it) => it.at <= at).reduce<Build | null>((newest, it) => (newest === null || it.at > newest.at ? it : newest), null);
      return last === null || last.succeeded ? conforms() : deviates('its last build failed', { cites: [last] });
    },
  }),
  defineCheck({ ...named('without a ticket'), examine: ({ ticket }) => (ticket === null ? deviates('no ticket') : conforms()) }),
] as unknown as readonly Check[];

/** Test and change of each that fails. */
type Answer = readonly (readonly [test: number, pull: string])[];

const OURS = 'Tickmark, told and examined';
const READ = 'Tickmark, read of the kept verdicts';
const LOOP = 'typed loop';
const ALWAYS = { from: -Infinity, to: Infinity };

export const populations: Workload = {
  id: 'W7',
  title: 'Five tests of every change of a year, with its reviews and builds',
  why: 'The loop knows the five tests and goes over the events once. Telling keeps every event with its time and the record that told it, in an index by the item it belongs to, so that one that comes late is examined with what it concerns and nothing else is: that is done once for an event. The read of what was kept takes a third of the loop.',
  async run(bench) {
    const count = bench.options.records ?? 100_000;
    const year = eventsOf(count);
    bench.size(
      `${count.toLocaleString('en')} changes, ${year.reviews.length.toLocaleString('en')} reviews, ${year.builds.length.toLocaleString('en')} builds, ${CHECKS.length} tests`,
    );

    const runs = monthly(year);
    const expected = [pulls, reviews, builds].map(({ id }) => ({ dataset: id, source: 'bench/forge', partition: 'all', ...ALWAYS }));
    const reading = (engine: Engine): (() => Answer) => {
      const read = readerOf(engine, [pulls, reviews, builds], expected, CHECKS);
      return () => {
        const answer: Answer[number][] = [];
        read({ from: START, to: END }, END, (test, item) => answer.push([test, itemParts(item).key]));
        return answer;
      };
    };
    const examined = () => reading(Engine.from(CHECKS, runs))();
    const read = reading(Engine.from(CHECKS, runs));
    const participants: readonly Participant<Answer>[] = [
      { name: OURS, ours: true, run: examined },
      { name: READ, ours: true, run: read },
      { name: LOOP, run: () => loop(year) },
      { name: 'SQLite', run: inSqlite(bench, year) },
    ];
    const digest = (answer: Answer) =>
      answer
        .map(([test, pull]) => `${test} ${pull}`)
        .sort()
        .join('\n');
    const compared = await bench.compare('the changes that fail, of all', participants, { pairs: 3, digest });
    await bench.profile('telling and examining', examined);
    await bench.profile('the read', read);
    const [slow, kept, limit] = [compared.median(OURS), compared.median(READ), compared.median(LOOP)];
    bench.goal('told and examined, of the time of the typed loop', slow !== null && limit !== null ? slow / limit : null, { most: 3 }, 'x');
    bench.goal('read of the kept verdicts, of the time of the typed loop', kept !== null && limit !== null ? kept / limit : null, { most: 3 }, 'x');
  },
};

interface Events {
  readonly pulls: readonly Pull[];
  readonly reviews: readonly Review[];
  readonly builds: readonly Build[];
}

const END = START + 365 * DAY;

function eventsOf(count: number): Events {
  const its = random(42);
  const events = { pulls: [] as Pull[], reviews: [] as Review[], builds: [] as Build[] };
  for (let number = 0; number < count; number++) {
    const id = `c${number}`;
    const author = `dev${its.below(200)}`;
    const at = START + hours(60) + Math.floor(((END - START - hours(120)) * number) / count);
    events.pulls.push({ id, author, ticket: its.often(0.95) ? `T-${its.below(50_000)}` : null, at });
    const around = () => at - its.below(172_800) * 1000 + hours(2);
    for (let review = its.below(4); review > 0; review--)
      events.reviews.push({
        id: `${id}-r${review}`,
        pull: id,
        reviewer: its.often(0.02) ? author : `dev${its.below(200)}`,
        approved: its.often(0.8),
        at: around(),
      });
    for (let build = its.below(4); build > 0; build--)
      events.builds.push({ id: `${id}-b${build}`, pull: id, succeeded: its.often(0.85), at: around() + build });
  }
  return events;
}

/** Polled once a month: what happened since the last poll. */
function monthly(events: Events): readonly Run[] {
  const edges = Array.from({ length: 13 }, (_, month) => START + Math.round((month * 365) / 12) * DAY);
  const of = ({ id }: Pick<Dataset, 'id'>, rows: readonly (Pull | Review | Build)[]) =>
    edges.slice(1).map((to, month): Run => {
      const from = edges[month] ?? START;
      return {
        ...{ dataset: id, source: 'bench/forge', partition: 'all', at: to, complete: true, reason: null, record: month, polled: { from, to } },
        rows: rows.filter(({ at }) => from <= at && at < to),
      };
    });
  return [...of(pulls, events.pulls), ...of(reviews, events.reviews), ...of(builds, events.builds)];
}

/** Events grouped by change once, then one pass: what a script for these five tests alone would do. */
function loop({ pulls: changes, reviews: said, builds: built }: Events): Answer {
  const failing: [number, string][] = [];
  const [reviewsOf, buildsOf] = [Map.groupBy(said, ({ pull }) => pull), Map.groupBy(built, ({ pull }) => pull)];
  for (const { id, author, ticket, at } of changes) {
    const approving = (reviewsOf.get(id) ?? []).filter(({ approved }) => approved);
    let [succeeded, last]: [boolean, Build | null] = [false, null];
    for (const build of buildsOf.get(id) ?? []) {
      if (build.at > at) continue;
      succeeded ||= build.succeeded;
      if (last === null || build.at > last.at) last = build;
    }
    if (!approving.some((it) => it.reviewer !== author && it.at <= at)) failing.push([0, id]);
    if (approving.some((it) => it.reviewer === author && it.at <= at)) failing.push([1, id]);
    if (!succeeded) failing.push([2, id]);
    if (last && !last.succeeded) failing.push([3, id]);
    if (ticket === null) failing.push([4, id]);
  }
  return failing;
}

function inSqlite(bench: Bench, events: Events): () => Answer {
  const db = sqlite(bench);
  intoSqlite(db, tableOf('pulls', { id: 'text', author: 'text', ticket: 'text', at: 'bigint' }, events.pulls));
  intoSqlite(db, tableOf('reviews', { id: 'text', pull: 'text', reviewer: 'text', approved: 'boolean', at: 'bigint' }, events.reviews));
  intoSqlite(db, tableOf('builds', { id: 'text', pull: 'text', succeeded: 'boolean', at: 'bigint' }, events.builds));
  db.exec('create index reviews_of on reviews (pull, approved, reviewer, at); create index builds_of on builds (pull, at, succeeded); analyze');
  const approval = 'select 1 from reviews r where r.pull = p.id and r.approved';
  const query = db.prepare(`
    select 0, id from pulls p where not exists (${approval} and r.reviewer <> p.author and r.at <= p.at)
    union all select 1, id from pulls p where exists (${approval} and r.reviewer = p.author and r.at <= p.at)
    union all select 2, id from pulls p where not exists (select 1 from builds b where b.pull = p.id and b.succeeded and b.at <= p.at)
    union all select 3, id from pulls p where (select b.succeeded from builds b where b.pull = p.id and b.at <= p.at order by b.at desc limit 1) = 0
    union all select 4, id from pulls p where ticket is null`);
  query.setReturnArrays(true);
  return () => query.all() as unknown as Answer;
}
