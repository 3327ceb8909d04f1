import type pg from 'pg';
import { viewFindings } from '../../src/app/findings.ts';
import { livePosture } from '../../src/app/live.ts';
import type { Ground } from '../../src/app/grounds.ts';
import type { Workspace } from '../../src/app/views.ts';
import type { Principal } from '../../src/auth/roles.ts';
import { Assessor } from '../../src/engine/assess.ts';
import { Coverage } from '../../src/engine/coverage.ts';
import { Engine } from '../../src/engine/engine.ts';
import { periodReader } from '../../src/engine/period.ts';
import { api } from '../../src/server/api/api.ts';
import { hub } from '../../src/server/api/hub.ts';
import type { Workload } from '../harness/bench.ts';
import { quantile } from '../harness/measure.ts';
import { catalogOf, stampAt } from '../iam/catalog.ts';
import { checksOf, EXPECTED, runOf, type Test, testsOf, users } from '../iam/checks.ts';
import { failingAt, usersTable } from '../iam/sql.ts';
import { START, type User, V0, yearOf } from '../iam/year.ts';
import { postgres } from '../peers/peers.ts';
import { intoPostgres } from '../peers/table.ts';

const OURS = 'Tickmark, posture page';
const PEER = 'PostgreSQL, group by over findings';

/** Pages asked for at once, and how many in all for each participant and round. */
const AT_ONCE = 16;
const SQL_AT_ONCE = 4;

export const dashboard: Workload = {
  id: 'W11',
  title: 'The posture page while sixteen people ask for it',
  why: 'Of both the time of one answer is compared, with four at once for PostgreSQL and sixteen for us, one after another in one thread; the same number of answers takes it as many times as long as the first table says. Its table of findings was made beforehand, and ten counts are the whole answer; ours is the posture with its strips.',
  async run(bench) {
    const count = bench.options.users ?? 100_000;
    const requests = bench.options.records ?? 512;
    const tests = testsOf(10);
    const [rows = []] = yearOf({ users: count, days: 1, ...V0 }).snapshots;
    bench.size(`${count.toLocaleString('en')} users, ${tests.length} tests, ${requests} requests a round, ${AT_ONCE} at once (SQL ${SQL_AT_ONCE})`);
    const latencies = new Map<string, number[]>();
    const asking = (name: string, atOnce: number, ask: () => Promise<string>, read = (answer: string) => answer) => ({
      name,
      ...(name === OURS ? { ours: true as const } : {}),
      async run(round: number) {
        const { answers, times } = await crowd(requests, atOnce, ask);
        if (round > 0) latencies.set(name, [...(latencies.get(name) ?? []), ...times]);
        return [...new Set(answers)].map(read).join('\n');
      },
    });
    const get = served(tests, rows);
    const page = () => posture(get);
    const pool = await postgres(bench);
    if (pool) await findingsIn(pool, tests, rows);
    const participants = [asking(OURS, AT_ONCE, page, counts), ...(pool ? [asking(PEER, SQL_AT_ONCE, () => counted(pool, tests))] : [])];
    await bench.compare('deviations of each test', participants, { pairs: 2, digest: (answer) => answer });
    await bench.profile('a page', page);
    const p = (name: string, share: number) => (latencies.has(name) ? quantile(latencies.get(name) ?? [], share) : null);
    const figures = [OURS, PEER].flatMap((name) =>
      [0.5, 0.95, 0.99].map((share) => ({ name: `${name}, p${share * 100}`, ours: name === OURS, value: p(name, share) ?? Number.NaN, unit: 'ms' })),
    );
    bench.figures('Time of one answer', [
      ...figures.filter(({ value }) => Number.isFinite(value)),
      ...(await cursors(get)),
      ...(pool ? await offsets(pool) : []),
    ]);
    const [ours, theirs] = [p(OURS, 0.95), p(PEER, 0.95)];
    bench.goal(`p95 with ${AT_ONCE} at once`, ours, { most: 10 }, 'ms');
    bench.goal(PEER, ours !== null && theirs !== null ? theirs / ours : null, { least: 20 }, 'x');
  },
};

type Get = (path: string) => Promise<string>;

/** The API over what was told of the users, without a socket. */
function served(tests: readonly Test[], rows: readonly User[]): Get {
  const checks = checksOf(tests);
  const engine = Engine.from(checks, [runOf(rows, START, 0)]);
  const catalog = catalogOf(checks);
  const coverage = new Coverage(engine.facts, [users], EXPECTED);
  const grounds = { engine, coverage, assessor: new Assessor(engine, coverage), checks, catalog };
  const stamp = async (asOf: number) => stampAt(asOf);
  const on = { ...grounds, periods: periodReader(grounds), period: stampAt(START).period, waivers: [], asOf: START, stamp };
  const live = livePosture();
  const { checkpoint } = stampAt(START);
  const workspace: Partial<Workspace> = {
    program: { code: '1', catalog: 'c' },
    now: () => START,
    checkpoint: async () => ({ ...checkpoint, note: '' }),
    nextChange: async () => START + 1,
    posture: () => live(on),
    statuses: async () => on.periods.statuses(stampAt(START)),
    spoken: async () => ({ asOf: START, checkpoint, controls: [] }),
    findingList: async (query) => viewFindings(on as unknown as Ground, query),
  };
  const services = { workspace: workspace as Workspace, hub: hub(), signIn: null as never, failed: (error: unknown) => console.error(error) };
  const reader: Principal = { id: 'u', kind: 'user', name: 'u', email: null, role: 'auditor', scopes: null, bounds: null, strong: true, vouched: null };
  const app = api({ services, principalOf: async () => reader });
  return async (path) => (await app.request(`http://127.0.0.1/api${path}`)).text();
}

/** What the posture page asks of the API: the posture of now, and the strips of the period. */
async function posture(get: Get): Promise<string> {
  const [its] = await Promise.all([get('/posture'), get('/strips')]);
  return its;
}

/** What it says of the tests: read when the time is taken, for it is the browser's work. */
const counts = (posture: string): string =>
  (JSON.parse(posture) as { readonly checks: readonly { readonly deviations: number }[] }).checks
    .map(({ deviations }, test) => `${test} ${deviations}`)
    .join('\n');

/** Pages of a hundred deviations from the first to the last, each asked for once: none is kept from before. */
async function cursors(get: Get): Promise<Figure[]> {
  const times: number[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const started = performance.now();
    const page = await get(`/deviations?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    times.push(performance.now() - started);
    cursor = (JSON.parse(page) as { readonly next: string | null }).next;
  }
  const [first = 0, ...rest] = times;
  const half = Math.ceil(rest.length / 2);
  return [
    { name: 'Tickmark, the first page of deviations, which sorts them', ours: true, value: first, unit: 'ms' },
    { name: `Tickmark, the next ${half} pages, p95`, ours: true, value: quantile(rest.slice(0, half), 0.95), unit: 'ms' },
    { name: `Tickmark, the last ${rest.length - half} pages, p95`, ours: true, value: quantile(rest.slice(half), 0.95), unit: 'ms' },
  ];
}

interface Figure {
  readonly name: string;
  readonly ours: boolean;
  readonly value: number;
  readonly unit: string;
}

async function findingsIn(pool: pg.Pool, tests: readonly Test[], rows: readonly User[]): Promise<void> {
  await intoPostgres(pool, usersTable(rows));
  await pool.query(`create table findings as select row_number() over () as id, p as test, id as "user", true as deviates from (${failingAt(tests, START)}) f;
    create index on findings (test, id); analyze findings`);
}

async function counted(pool: pg.Pool, tests: readonly Test[]): Promise<string> {
  const { rows } = await pool.query<{ test: number; count: number }>('select test, count(*) as count from findings where deviates group by test');
  const counts = new Map(rows.map(({ test, count }) => [test, count]));
  return tests.map((_, test) => `${test} ${counts.get(test) ?? 0}`).join('\n');
}

/** A page of a hundred by OFFSET, the first and the last: what pages by a cursor are compared with. */
async function offsets(pool: pg.Pool): Promise<Figure[]> {
  const { rows } = await pool.query<{ count: number }>('select count(*) as count from findings');
  const last = Math.max(0, Number(rows[0]?.count) - 100);
  const figures: Figure[] = [];
  for (const offset of [0, last]) {
    const { times } = await crowd(20, SQL_AT_ONCE, async () =>
      String((await pool.query('select * from findings order by test, "user" limit 100 offset $1', [offset])).rowCount),
    );
    figures.push({ name: `PostgreSQL, a page at OFFSET ${offset}, p95`, ours: false, value: quantile(times, 0.95), unit: 'ms' });
  }
  return figures;
}

/** So many requests, so many at once, and how long each waited for its answer. */
async function crowd(
  requests: number,
  atOnce: number,
  ask: () => Promise<string>,
): Promise<{ readonly answers: readonly string[]; readonly times: readonly number[] }> {
  const answers: string[] = [];
  const times: number[] = [];
  let left = requests;
  const one = async () => {
    for (; left-- > 0; ) {
      const started = performance.now();
      answers.push(await ask());
      times.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return { answers, times };
}
