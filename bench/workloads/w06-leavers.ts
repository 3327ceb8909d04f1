import { z } from 'zod';
import { type Check, conforms, defineCheck, deviates, notYet } from '../../src/checks/check.ts';
import { days, hours, type Instant } from '../../src/core/instant.ts';
import { defineDataset } from '../../src/datasets/dataset.ts';
import { Engine } from '../../src/engine/engine.ts';
import { itemParts, type Run } from '../../src/engine/facts.ts';
import type { Workload } from '../harness/bench.ts';
import type { Participant } from '../harness/measure.ts';
import { random } from '../harness/random.ts';
import { DAY, START } from '../iam/year.ts';
import { sqlite } from '../peers/peers.ts';
import { intoSqlite, tableOf } from '../peers/table.ts';
import { readerOf } from '../product.ts';

type Worker = { readonly person: string; readonly leftAt: Instant | null };
type Account = { readonly id: string; readonly person: string; readonly active: boolean };

const shape = { title: 'Rows of the benchmark', freshness: hours(36) };
const workers = defineDataset<Worker>({ ...shape, id: 'bench.workers', row: z.custom<Worker>(), key: ({ person }) => person, label: ({ person }) => person });
const accounts = defineDataset<Account>({ ...shape, id: 'bench.accounts', row: z.custom<Account>(), key: ({ id }) => id, label: ({ id }) => id });

const SLA = hours(24);
const removed = defineCheck({
  id: 'leaver-access-removed',
  title: 'Leavers lose their access within a day',
  version: 1,
  asserts: 'No account of a person who left is active 24 hours later.',
  population: workers.where((worker): worker is Worker & { leftAt: Instant } => worker.leftAt !== null),
  with: { accounts: accounts.where(({ active }) => active).on('person') },
  examine({ leftAt }, { at, accounts: theirs }) {
    const deadline = leftAt + SLA;
    if (at < deadline) return notYet({ until: deadline });
    return theirs.length === 0 ? conforms() : deviates(`still active: ${theirs.map(({ id }) => id).join(', ')}`, { cites: theirs });
  },
}) as unknown as Check;

/** Person, and from when to when an account of theirs was active that should not have been. */
type Answer = readonly (readonly [person: string, from: number, to: number])[];

const OURS = 'Tickmark, read of the kept verdicts';
const PEER = 'SQLite, range join';
const SYSTEMS = 5;

export const leavers: Workload = {
  id: 'W6',
  title: 'Leavers of a year and the accounts they kept for longer than a day',
  why: 'The read takes a millisecond, of which the names of items are half; SQLite is faster with its index on both ends of an interval than was expected when the goal was set.',
  async run(bench) {
    const [count, length] = [bench.options.users ?? 10_000, bench.options.days ?? 365];
    const company = companyOf(count, length);
    bench.size(`${count.toLocaleString('en')} workers, ${company.left} leavers, ${SYSTEMS} systems, ${length} days`);

    const started = performance.now();
    const engine = Engine.from([removed], company.runs);
    bench.note(`Told and examined once: ${Math.round(performance.now() - started)} ms for ${company.runs.length.toLocaleString('en')} snapshots.`);
    const end = START + (length - 1) * DAY + 1;
    const expected = [
      { dataset: workers.id, source: 'bench/hr', partition: 'all', from: -Infinity, to: Infinity },
      ...systems.map((source) => ({ dataset: accounts.id, source, partition: 'all', from: -Infinity, to: Infinity })),
    ];
    const read = readerOf(engine, [workers, accounts], expected, [removed]);
    const ours = (): Answer => {
      const answer: Answer[number][] = [];
      read({ from: START, to: end }, end - 1, (_, item, from, to) => answer.push([itemParts(item).key, from, Math.min(to, end)]));
      return answer;
    };
    const participants: readonly Participant<Answer>[] = [
      { name: OURS, ours: true, run: ours },
      { name: PEER, run: rangeJoin(bench, company, end) },
    ];
    const compared = await bench.compare('every time that an account outlived its leaver', participants, { pairs: 7, digest });
    await bench.profile('the read', ours);
    bench.goal(PEER, compared.ratio(PEER), { least: 20 }, 'x');
  },
};

const systems = Array.from({ length: SYSTEMS }, (_, place) => `bench/system-${place + 1}`);

interface Company {
  readonly runs: readonly Run[];
  readonly left: number;
  readonly workers: readonly { readonly person: string; readonly leftAt: Instant | null; readonly vf: Instant; readonly vt: Instant }[];
  readonly accounts: readonly { readonly id: string; readonly person: string; readonly vf: Instant; readonly vt: Instant }[];
}

/** One in twenty leaves in a year. Of those, most accounts go with the next look, some within weeks, a few never. */
function companyOf(count: number, length: number): Company {
  const its = random(42);
  const people = Array.from({ length: count }, (_, number) => {
    const leaves = its.often((0.05 * length) / 365) ? 1 + its.below(length - 1) : null;
    return { person: `p${String(number).padStart(6, '0')}`, leaves };
  });
  const held = systems.map(() =>
    people
      .filter(() => its.often(0.8))
      .map(({ person, leaves }) => {
        const stays = its.often(0.9) ? its.below(2) : its.often(0.8) ? 2 + its.below(20) : length;
        return { account: { id: `${person}-login`, person, active: true }, gone: leaves === null ? length : Math.min(length, leaves + stays) };
      }),
  );
  const at = (day: number) => START + day * DAY;
  const staff = people.map(({ person, leaves }) => ({
    leaves: leaves ?? length,
    is: { person, leftAt: null },
    was: { person, leftAt: leaves === null ? null : at(leaves) - hours(9) },
  }));
  const run = (dataset: string, source: string, day: number, rows: Run['rows']): Run => ({
    ...{ dataset, source, partition: 'all', at: at(day), complete: true, reason: null, rows, record: day },
  });
  const runs = Array.from({ length }, (_, day) => [
    run(
      workers.id,
      'bench/hr',
      day,
      staff.map(({ leaves, is, was }) => (day < leaves ? is : was)),
    ),
    ...systems.map((source, place) =>
      run(
        accounts.id,
        source,
        day,
        (held[place] ?? []).filter(({ gone }) => day < gone).map(({ account }) => account),
      ),
    ),
  ]).flat();
  const end = at(length - 1) + 1;
  return {
    runs,
    left: people.filter(({ leaves }) => leaves !== null).length,
    workers: staff.flatMap(({ leaves, is, was }) => [
      { ...is, vf: START, vt: leaves < length ? at(leaves) : end },
      ...(leaves < length ? [{ ...was, vf: at(leaves), vt: end }] : []),
    ]),
    accounts: held.flatMap((its, place) =>
      its.map(({ account: { id, person }, gone }) => ({ id: `${place}-${id}`, person, vf: START, vt: gone < length ? at(gone) : end })),
    ),
  };
}

/** Overlaps of leavers and accounts, and those of one person that touch made one. */
function rangeJoin(bench: Parameters<Workload['run']>[0], company: Company, end: Instant): () => Answer {
  const db = sqlite(bench);
  intoSqlite(db, tableOf('workers', { person: 'text', leftAt: 'bigint', vf: 'bigint', vt: 'bigint' }, company.workers));
  intoSqlite(db, tableOf('accounts', { id: 'text', person: 'text', vf: 'bigint', vt: 'bigint' }, company.accounts));
  db.exec('create index by_person on accounts (person, vf, vt); analyze');
  const query = db.prepare(`
    with late as (
      select w.person, max(w.vf, a.vf, w.leftAt + ${days(1)}) as f, min(w.vt, a.vt, ${end}) as t
      from workers w join accounts a on a.person = w.person and a.vf < w.vt and a.vt > w.vf
      where w.leftAt is not null
    ),
    before as (select *, max(t) over (partition by person order by f, t rows between unbounded preceding and 1 preceding) as ended from late where f < t),
    parts as (select *, sum(case when f <= ended then 0 else 1 end) over (partition by person order by f, t rows unbounded preceding) as part from before)
    select person, min(f), max(t) from parts group by person, part`);
  query.setReturnArrays(true);
  return () => query.all() as unknown as Answer;
}

function digest(answer: Answer): string {
  const joined: [string, number, number][] = [];
  for (const [person, from, to] of answer.toSorted(([a, from], [b, other]) => (a < b ? -1 : a > b ? 1 : from - other))) {
    const last = joined.at(-1);
    if (last && last[0] === person && last[2] >= from) last[2] = Math.max(last[2], to);
    else joined.push([person, from, to]);
  }
  return joined.map((its) => its.join(' ')).join('\n');
}
