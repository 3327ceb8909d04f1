import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Bench, Workload } from '../harness/bench.ts';
import type { Participant } from '../harness/measure.ts';
import { openIngest } from '../iam/ingest.ts';
import { type User, V0, V1, yearOf } from '../iam/year.ts';
import { repository } from '../peers/git.ts';
import { sqlite } from '../peers/peers.ts';

const OURS = 'Tickmark: sealed, learned, kept';
const GIT = 'git add and commit';
const SQLITE = 'SQLite, every row of the day inserted';

export const ingest: Workload = {
  id: 'W3',
  title: 'One more day of a source, durable: sealed in the log, compared, examined, kept',
  why: 'After a day of ours a signed statement, an answer encrypted under a key of its own, the log with its checkpoint, and the blocks of facts and verdicts that changed are on the disk, each made durable before the next says that it is; git and SQLite keep the answer alone. A changed row rewrites its block of 256 items with their history, and the embedded database writes that twice, into its own log first. The memory is that of a process with an embedded PostgreSQL in it.',
  async run(bench) {
    const users = bench.options.users ?? 10_000;
    bench.size(`${users.toLocaleString('en')} users; each round is another day`);
    const calm = await days(bench, 'state alone', users, V0);
    bench.goal('p95 of a day, state alone', calm.p95, { most: 60 }, 'ms');
    bench.goal('git add and commit', calm.git, { least: 2 }, 'x');
    const restless = await days(bench, 'with volatile fields', users, V1);
    bench.goal('p95 of a day, with volatile fields', restless.p95, { most: 200 }, 'ms');
    if (bench.options.peers === 'all') alone(bench, users);
  },
};

async function days(
  bench: Bench,
  label: string,
  users: number,
  churn: typeof V0 | typeof V1,
): Promise<{ readonly p95: number | null; readonly git: number | null }> {
  const pairs = bench.options.pairs ?? 15;
  const { snapshots, at } = yearOf({ users, days: pairs + 2, ...churn });
  const texts = snapshots.map((rows) => JSON.stringify(rows));
  const folder = label.replaceAll(' ', '-');
  const ours = await openIngest(join(bench.dir, folder));
  bench.after(() => ours.close());
  const git = repository(join(bench.dir, `${folder}-git`));
  const participants: readonly Participant<() => readonly User[]>[] = [
    {
      name: OURS,
      ours: true,
      async run(day) {
        await ours.day(texts[day] ?? '', at[day] ?? 0);
        return ours.users;
      },
    },
    {
      name: GIT,
      run(day) {
        git.commit('users.json', texts[day] ?? '');
        return () => JSON.parse(git.run('show', 'HEAD:users.json')) as readonly User[];
      },
    },
    inserting(bench, folder, texts),
  ];
  const compared = await bench.compare(label, participants, { pairs, digest });
  const last = pairs + 1;
  await bench.profile(`a day, ${label}`, () => ours.day(texts[last] ?? '', at[last] ?? 0), true);
  const megabytes = (texts[0]?.length ?? 0) / 1e6;
  const took = compared.median(OURS);
  bench.note(`${label}: a day is ${megabytes.toFixed(1)} MB${took === null ? '' : `, ${Math.round((megabytes / took) * 1000)} MB a second`}.`);
  return { p95: compared.of(OURS)?.p95 ?? null, git: compared.ratio(GIT) };
}

function inserting(bench: Bench, folder: string, texts: readonly string[]): Participant<() => readonly User[]> {
  const db = sqlite(bench, `${folder}.sqlite`);
  db.exec('pragma journal_mode = wal; pragma synchronous = full; create table snapshots (day integer, id text, row text)');
  const insert = db.prepare('insert into snapshots values (?, ?, ?)');
  return {
    name: SQLITE,
    run(day) {
      db.exec('begin');
      for (const user of JSON.parse(texts[day] ?? '[]') as readonly User[]) insert.run(day, user.id, JSON.stringify(user));
      db.exec('commit');
      return () =>
        db
          .prepare('select row from snapshots where day = ?')
          .all(day)
          .map(({ row }) => JSON.parse(String(row)) as User);
    },
  };
}

/** Memory of a process that does nothing else. */
function alone(bench: Bench, users: number): void {
  const days = bench.options.days ?? 60;
  const child = spawnSync(
    process.execPath,
    [...process.execArgv, join(import.meta.dirname, '../iam/ingest-alone.ts'), join(bench.dir, 'alone'), String(users), String(days)],
    {
      encoding: 'utf8',
    },
  );
  const rss = child.status === 0 ? Number(child.stdout) / 2 ** 20 : null;
  if (rss === null) bench.note(`${days} days in a process of their own: ${child.stderr.split('\n').find((line) => /rror|memory/.test(line)) ?? 'it ended'}`);
  bench.goal(`memory of a process that learns ${days} days (the design: 365)`, rss, { most: 300 }, 'MiB');
}

const digest = (users: () => readonly User[]): string => JSON.stringify(users().toSorted((a, b) => (a.id < b.id ? -1 : 1)));
