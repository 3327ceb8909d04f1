import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Told } from './hub.ts';
import { type Company, company, principal } from './testing/company.ts';

let acme: Company;
const heard: Told[] = [];
const end = new AbortController();
beforeAll(async () => {
  acme = await company();
  void (async () => {
    for await (const told of acme.hub.listen(null, end.signal)) if (told) heard.push(told);
  })();
});
afterAll(async () => {
  end.abort();
  await acme.close();
});

const PEOPLE = 'collect hr/csv/people company';
interface Asked {
  readonly asked: readonly string[];
  readonly jobs: readonly { readonly schedule: string; readonly slot: string; readonly state: string; readonly byHand: string | null }[];
}
const collect = async () => {
  const response = await acme.ask('/collect', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"source":"hr/csv/people"}' });
  return { status: response.status, ...((await response.json()) as Asked) };
};
const read = async <Answer>(path: string): Promise<Answer> => (await acme.ask(path)).json() as Promise<Answer>;
const ended = () => until(() => heard.some(({ type, data }) => type === 'collection' && (data as { state: string }).state === 'ended'));
const said = () =>
  heard.splice(0).map(({ type, data }) => `${type} ${String((data as { state?: string }).state ?? (data as { complete?: boolean }).complete)}`);

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const late = Date.now() + 60_000; !(await holds()); ) {
    if (Date.now() > late) throw new Error('it did not come to pass');
    await new Promise((done) => setTimeout(done, 20));
  }
}

it('asks by itself where no worker lives, one collection at a time', async () => {
  acme.as(principal('manager'));
  const [first, second] = await Promise.all([collect(), collect()]);
  expect([first.status, second.status].sort()).toEqual([202, 503]);
  expect(first.status === 202 ? first : second).toMatchObject({ asked: ['hr/csv/people'], jobs: [] });
  await ended();
  expect(said()).toEqual(['collection begun', 'run true', 'collection ended']);
});

it('hands a job to the queue where a worker lives, tells how it goes on, and gives who asks again the same job', async () => {
  acme.as(principal('admin'));
  const worker = await acme.workspace.jobs().work({
    tell: () => undefined,
    tolerance: Number.MAX_SAFE_INTEGER,
    look: 100,
    patience: { heartbeat: 10, supervise: 1, poll: 0.5, retryDelay: 1 },
  });
  await until(async () => (await acme.workspace.jobs().slots({ schedule: 'watch', state: 'done', limit: 1 })).length > 0);
  const { sources } = await read<{ sources: { partitions: { nextAt: string }[] }[] }>('/sources');
  const { schedules } = await read<{ schedules: { schedule: string; next: string }[] }>('/jobs');
  const next = schedules.find(({ schedule }) => schedule === PEOPLE)?.next;
  expect(sources.flatMap(({ partitions }) => partitions.map(({ nextAt }) => nextAt))).toEqual([next]);
  expect(next).toMatch(/^2026-03-0[23]T\d\d:\d\d:00Z$/);

  acme.pass(1000);
  acme.as(principal('manager'));
  const [first, second] = [await collect(), await collect()];
  const slot = '2026-03-02T09:00:01Z';
  expect(first).toMatchObject({ status: 202, asked: ['hr/csv/people'], jobs: [{ schedule: PEOPLE, slot, byHand: 'manager@acme.example' }] });
  expect(second.jobs.map((job) => [job.schedule, job.slot])).toEqual([[PEOPLE, slot]]);
  await ended();
  await worker.stop(5000);
  const told = said();
  expect(told.filter((it) => it === 'job done')).not.toEqual([]);
  expect(told[0]).toBe('collection begun');
  const runs = (await acme.workspace.jobs().slots({ schedule: PEOPLE, limit: 9 })).filter(({ byHand }) => byHand !== null);
  expect(runs.map(({ byHand, state }) => [byHand, state])).toEqual([['manager@acme.example', 'done']]);
  const acts = (await acme.workspace.records(null, 20)).flatMap(({ title }) => (title.includes('collect sources/') ? [title] : []));
  expect(acts).toEqual(Array(3).fill('manager@acme.example: collect sources/hr/csv/people'));
  expect((await acme.workspace.sources()).map(({ nextAt }) => nextAt)).toEqual([Date.parse(next ?? '')]); // what was asked by hand moves no slot
});
