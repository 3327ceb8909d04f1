import { perform, type Order } from '../../src/app/run.ts';
import { awsIam } from '../../src/collectors/aws/iam.ts';
import type { Collector } from '../../src/collectors/collector.ts';
import { scimUsers } from '../../src/collectors/scim/users.ts';
import type { Artifact } from '../../src/collectors/source.ts';
import type { Instant } from '../../src/core/instant.ts';
import type { Draft } from '../../src/evidence/record.ts';
import { openSource } from '../../src/sources/open.ts';
import type { WireAnswer, WireRequest } from '../../src/sources/wire.ts';
import { ACCOUNT, awsOf } from '../emulators/aws.ts';
import { scimOf } from '../emulators/scim.ts';
import { type Throttled, throttled } from '../emulators/throttled.ts';
import type { Workload } from '../harness/bench.ts';
import { START, type User, V0, yearOf } from '../iam/year.ts';

/** A source as a company connects it. */
interface Connected {
  readonly collector: Collector;
  readonly config: unknown;
  readonly partition: string;
  readonly credentials: Readonly<Record<string, string>>;
  readonly answers: (request: WireRequest, at: Instant) => WireAnswer;
  /** Of the rows, the user. */
  readonly dataset: string;
}

const PER_USER = 'a script with five calls for each user';

export const collect: Workload = {
  id: 'W13',
  title: 'Calls that a collection costs, and how long it waits for its source',
  why: 'The report of IAM tells of two keys and whether there is a second factor: neither the ids of keys, nor a third key, nor the kind of a factor. Users of whom it says that they have any are asked for one by one; of the others nothing is asked. A hundred users are a page in SCIM, and one question more tells what the server can do.',
  async run(bench) {
    const count = bench.options.users ?? 1000;
    const [users = []] = yearOf({ users: count, days: 1, ...V0 }).snapshots;
    bench.size(
      `${count.toLocaleString('en')} users; 20 ms latency, ten requests a second, one answer in twenty refused with 429; time is counted, not waited for`,
    );
    const sources: readonly Connected[] = [
      {
        ...{ collector: awsIam as unknown as Collector, partition: ACCOUNT, answers: awsOf(users), dataset: 'identity.users' },
        config: { accounts: [{ id: ACCOUNT, system: 'aws' }] },
        credentials: { accessKeyId: 'AKIABENCHBENCHBENCH1', secretAccessKey: 'bench' },
      },
      {
        ...{ collector: scimUsers as unknown as Collector, partition: 'scim.acme.example', answers: scimOf(users), dataset: 'identity.users' },
        config: { url: 'https://scim.acme.example/scim/v2', system: 'scim', groups: true, pageSize: 100, passwords: 'unknown' },
        credentials: { token: 'bench' },
      },
    ];
    for (const source of sources) {
      const { id } = source.collector;
      let [calls, elapsed, peerCalls, peerElapsed] = [0, 0, 0, 0];
      await bench.compare(
        `${id}, time of the program itself`,
        [
          {
            name: `Tickmark, ${id}`,
            ours: true,
            async run() {
              const world = throttled(source.answers, START);
              const collected = await once(source, world);
              [calls, elapsed] = [world.calls(), world.elapsed()];
              return named(source, collected);
            },
          },
          {
            name: PER_USER,
            async run() {
              const world = throttled(source.answers, START);
              await perUser(world, users);
              [peerCalls, peerElapsed] = [world.calls(), world.elapsed()];
              return users.map((user) => user.id);
            },
          },
        ],
        { pairs: 1, digest: (those) => those.toSorted().join('\n') },
      );
      bench.figures(`${id}, counted`, [
        { name: 'calls', ours: true, value: calls, unit: 'calls' },
        { name: 'counted time', ours: true, value: elapsed / 1000, unit: 's' },
        { name: `calls, ${PER_USER}`, ours: false, value: peerCalls, unit: 'calls' },
        { name: `counted time, ${PER_USER}`, ours: false, value: peerElapsed / 1000, unit: 's' },
      ]);
      bench.goal(`${id}: calls for 1,000 users`, (calls * 1000) / count, { most: 10 }, 'calls');
      bench.goal(`${id}: runs with a lost answer that say nothing of it`, await silent(source), { most: 0 }, 'runs');
    }
  },
};

async function once({ collector, config, partition, credentials }: Connected, { wire, clock, sleep }: Throttled): Promise<Draft> {
  const order: Order = {
    ...{ collector, config, partition, name: partition, timezone: 'UTC', slot: START, every: null, demo: true, endpoint: null, since: START, after: null },
  };
  const open = async () => openSource(collector, { config, partition, credentials, endpoint: null, root: '.', wire, clock, sleep });
  return (await perform(order, open, clock)).draft;
}

/** The users that the collector reads from what was answered; why it could not, where it was not complete. */
function named({ collector, config, partition, dataset }: Connected, { body, subjects }: Draft): readonly string[] {
  if (body.kind !== 'run' || body.outcome !== 'success') return [body.kind === 'run' ? (body.reason ?? '') : ''];
  const artifacts = subjects.map(({ bytes, ...subject }): Artifact => ({ ...subject, body: bytes }));
  const tables = collector.normalize(artifacts, { config, partition, at: START, timezone: 'UTC', after: null, since: START });
  const rows = tables.filter(({ dataset: its }) => its.id === dataset).flatMap((table) => table.rows);
  return rows.map(({ login }) => String(login).replace(/@.*/, '')).filter((login) => login !== '<root_account>' && login !== 'root');
}

const LOST = 12;

/** How many of twelve runs, each with another answer that never comes, are taken for complete. */
async function silent(source: Connected): Promise<number> {
  let unsaid = 0;
  for (let place = 0; place < LOST; place++) {
    const whole = throttled(source.answers, START, place);
    const { body } = await once(source, whole);
    if (body.kind === 'run' && body.outcome === 'success' && whole.lost()) unsaid++;
  }
  return unsaid;
}

const CALLS = 5;

/** What is asked where every user is asked for: a page of names, then five calls each. */
async function perUser({ wire, sleep }: Throttled, users: readonly User[]): Promise<void> {
  const ask = async (name: string) => {
    const request = { method: 'POST', url: `https://iam.acme.example/${name}`, headers: {}, body: Buffer.from('Action=ListMFADevices') };
    for (let answer = await wire(request); answer.status !== 200; answer = await wire(request)) await sleep(1000);
  };
  for (let page = 0; page * 100 < users.length; page++) await ask(`page-${page}`);
  for (const { id } of users) for (let call = 0; call < CALLS; call++) await ask(`${id}-${call}`);
}
