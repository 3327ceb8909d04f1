import { describe, expect, it } from 'vitest';
import { type Collector, fedBy, type Of, type Table } from '../src/collectors/collector.ts';
import type { Artifact } from '../src/collectors/source.ts';
import { IncompleteError } from '../src/core/error.ts';
import type { Dataset } from '../src/datasets/dataset.ts';
import { openSource } from '../src/sources/open.ts';
import type { Wire, WireAnswer, WireRequest } from '../src/sources/wire.ts';

/** A collector on a recorded company. */
export interface Recorded {
  readonly config: unknown;
  readonly partition: string;
  readonly credentials: Readonly<Record<string, string>>;
  readonly wire: Wire;
  readonly at: number;
  readonly root: string;
  /** Where a run before left off. */
  readonly after?: string;
  /** Start of the observation period; ninety days before, unless said. */
  readonly since?: number;
}

const SECRET = /secret-of-the-tests/;
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (body: Uint8Array) => new TextDecoder().decode(body);
const plain = (status: number, headers: Readonly<Record<string, string>> = {}) => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: bytes('{"message":"of the tests"}'),
});

/** What may become of one answer. Each must make the run incomplete. */
const FAULTS: Readonly<Record<string, (answer: WireAnswer) => WireAnswer>> = {
  'is lost': () => {
    throw new TypeError('connection reset');
  },
  'becomes a 401': () => plain(401),
  'becomes a 403': () => plain(403),
  'becomes a 404': () => ({ ...plain(404), body: bytes('{"message":"Not Found"}') }),
  'becomes a 429 without end': () => plain(429, { 'retry-after': '1' }),
  'becomes a 500': () => plain(500),
  'becomes a web page': (answer) => ({ ...answer, headers: { 'content-type': 'text/html' }, body: bytes('<!doctype html><html><body>Sign in</body></html>') }),
  'is cut short': (answer) => ({ ...answer, body: answer.body.slice(0, -2) }),
  'is empty': (answer) => ({ ...answer, body: new Uint8Array() }),
};

/** What may become of an answer of this machine itself: no network lies between that could cut it or put a page in its place. */
const LOCAL_FAULTS: typeof FAULTS = {
  'is lost': () => {
    throw new TypeError('no such program');
  },
  fails: () => ({ status: 500, headers: {}, body: bytes('fatal: of the tests') }),
};

async function collect(collector: Collector, recorded: Recorded, wire: Wire): Promise<readonly Artifact[]> {
  const { config, partition, credentials, at, root } = recorded;
  const { source } = openSource(collector, { config, partition, credentials, endpoint: null, root, wire, clock: () => at, sleep: async () => undefined });
  const artifacts: Artifact[] = [];
  for await (const artifact of collector.collect(source as never, of(recorded))) artifacts.push(artifact);
  return artifacts;
}

const of = ({ config, partition, at, after, since }: Recorded): Of<unknown> => ({
  config,
  partition,
  at,
  timezone: 'UTC',
  after: after ?? null,
  since: since ?? at - 90 * 86_400_000,
});
/** A GraphQL query is the one thing that is posted. */
function isQuery({ method, url, body }: WireRequest): boolean {
  if (method !== 'POST' || !new URL(url).pathname.endsWith('/graphql')) return false;
  const { query } = JSON.parse(text(body ?? new Uint8Array())) as { readonly query: string };
  return /^\s*query\b/.test(query) && !/\b(mutation|subscription)\b/.test(query);
}
const keyOf = ({ method, url, body }: WireRequest) => `${method} ${url} ${body ? text(body) : ''}`;

/** Of a collector that asks more than so many questions, each fault is put into some of the answers in CI, and into all of them with TICKMARK_FULL=1. */
const REQUESTS = 15;

/** The laws of every collector. Each yields what breaks it; nothing breaks it where it yields nothing. */
export const LAWS: Readonly<Record<string, (collector: Collector, recorded: Recorded) => Promise<readonly string[]>>> = {
  async 'an answer that is lost or wrong makes the run incomplete'(collector, recorded) {
    if (collector.transport === 'file') return [];
    const requests = new Map<string, WireAnswer>();
    const recording: Wire = async (request) => {
      const answer = await recorded.wire(request);
      requests.set(keyOf(request), answer);
      return answer;
    };
    await collect(collector, recorded, recording);
    const broken: string[] = [];
    const every = process.env.TICKMARK_FULL ? 1 : Math.ceil(requests.size / REQUESTS);
    for (const [place, [key, said]] of [...requests].entries()) {
      for (const [turn, [fault, apply]] of Object.entries(collector.transport === 'git' || collector.transport === 'tls' ? LOCAL_FAULTS : FAULTS).entries()) {
        if ((place + turn) % every !== 0) continue;
        const wire: Wire = async (request) => (keyOf(request) === key ? apply(said) : (requests.get(keyOf(request)) ?? recorded.wire(request)));
        const outcome = await collect(collector, recorded, wire).then(
          () => 'complete',
          (error: unknown) => (error instanceof IncompleteError ? 'incomplete' : `threw ${String(error)}`),
        );
        if (outcome !== 'incomplete') broken.push(`${key} ${fault}: ${outcome}`);
      }
    }
    return broken;
  },

  async 'a page that repeats makes the run incomplete'(collector, recorded) {
    if (collector.transport === 'file') return [];
    const broken: string[] = [];
    if (collector.transport === 'git' || collector.transport === 'tls') return [];
    if (collector.transport === 'aws') {
      const repeated: Wire = async (request) => {
        const { status, headers, body } = await recorded.wire(request);
        const { 'content-length': _, ...rest } = headers;
        const said = text(body).startsWith('{')
          ? JSON.stringify({ ...(JSON.parse(text(body)) as object), NextToken: 'again' })
          : text(body).replace(/<IsTruncated>\w+<\/IsTruncated>(<Marker>[^<]*<\/Marker>)?/, '<IsTruncated>true</IsTruncated><Marker>again</Marker>');
        return { status, headers: rest, body: bytes(said) };
      };
      await collect(collector, recorded, repeated).then(
        () => broken.push('it came to an end'),
        (error: unknown) => void (error instanceof IncompleteError || broken.push(String(error))),
      );
      return broken;
    }
    const again: Wire = async (request) => {
      const answer = await recorded.wire(request);
      return { ...answer, headers: { ...answer.headers, link: `<${request.url}>; rel="next"` } };
    };
    await collect(collector, recorded, again).then(
      () => broken.push('it came to an end'),
      (error: unknown) => void (error instanceof IncompleteError || broken.push(String(error))),
    );
    const away: Wire = async (request) => ({
      ...(await recorded.wire(request)),
      headers: { 'content-type': 'application/json', link: '<https://elsewhere.example/next>; rel="next"' },
    });
    await collect(collector, recorded, away).then(
      () => broken.push('it followed a page to another host'),
      (error: unknown) => void (error instanceof IncompleteError || broken.push(String(error))),
    );
    return broken;
  },

  async 'only declared hosts are asked, and nothing is written'(collector, recorded) {
    const broken: string[] = [];
    const hosts = collector.hosts(recorded.config as never);
    const watching: Wire = async (request) => {
      const { host } = collector.transport === 'git' ? { host: '' } : new URL(request.url);
      if (collector.transport === 'http' && ((request.method !== 'GET' && !isQuery(request)) || !hosts.includes(host)))
        broken.push(`${request.method} ${host}`);
      if (collector.transport === 'aws' && !host.endsWith('.amazonaws.com')) broken.push(host);
      return recorded.wire(request);
    };
    await collect(collector, recorded, watching);
    return broken;
  },

  async 'bytes are kept as they were said, and no credential with them'(collector, recorded) {
    const said: string[] = [];
    const watching: Wire = async (request) => {
      const answer = await recorded.wire(request);
      said.push(text(answer.body));
      return answer;
    };
    const artifacts = await collect(collector, recorded, watching);
    const names = artifacts.map(({ name }) => name);
    return [
      ...artifacts.filter(({ body }) => collector.transport !== 'file' && !said.includes(text(body))).map(({ name }) => `${name} was changed`),
      ...artifacts
        .filter((artifact) => SECRET.test(JSON.stringify({ ...artifact, body: text(artifact.body) })))
        .map(({ name }) => `${name} holds the credential`),
      ...names.filter((name, place) => names.indexOf(name) < place).map((name) => `two artifacts are called ${name}`),
    ];
  },

  async 'rows fit their datasets, keys are unique, and addresses are made up'(collector, recorded) {
    const tables = collector.normalize(await collect(collector, recorded, recorded.wire), of(recorded));
    const fed = tables.map(({ dataset }) => dataset.id);
    const feeds = fedBy(collector, recorded.config);
    return [
      ...feeds.filter(({ id }) => fed.filter((other) => other === id).length !== 1).map(({ id }) => `it feeds ${id} not exactly once`),
      ...fed.filter((id) => !feeds.some((known) => known.id === id)).map((id) => `it does not say that it feeds ${id}`),
      ...tables.flatMap(({ dataset, rows }) => {
        const keys = rows.map((row) => (dataset as Dataset).key(row));
        return [
          ...rows.filter((row) => !dataset.row.safeParse(row).success).map((row) => `${dataset.id}: ${JSON.stringify(row)}`),
          ...keys.filter((key, place) => keys.indexOf(key) < place).map((key) => `${dataset.id}: two rows of ${key}`),
          ...[...JSON.stringify(rows).matchAll(/[\w.+-]+@[\w.-]+/g)]
            .map(([address]) => address)
            .filter((address) => !/@(acme\.example|example\.com|sha256|refs)$/.test(address)),
        ];
      }),
    ];
  },

  async 'the same answers give the same rows, in whatever order'(collector, recorded) {
    const artifacts = await collect(collector, recorded, recorded.wire);
    const rows = (its: readonly Artifact[]) => JSON.stringify(sorted(collector.normalize(its, of(recorded))));
    return rows(artifacts) === rows(artifacts.toReversed()) ? [] : ['rows depend on the order of the answers'];
  },
};

const sorted = (tables: readonly Table[]) => tables.map(({ dataset, rows, at }) => [dataset.id, at, rows.map((row) => JSON.stringify(row)).sort()]);

/** Holds a collector to every law on a recorded company, and to its own cases. */
export function collectorTester(
  collector: Collector,
  recorded: Recorded,
  cases: (rows: (dataset: string) => readonly Readonly<Record<string, unknown>>[]) => void,
): void {
  describe(collector.id, () => {
    it.each(Object.keys(LAWS))('%s', async (law) => expect(await LAWS[law]?.(collector, recorded)).toEqual([]));

    it('refuses a setting that it does not know', () => {
      expect(collector.config.safeParse({ ...(recorded.config as object), unheardOf: 1 }).success).toBe(false);
    });

    it('reads what was said', async () => {
      const tables = collector.normalize(await collect(collector, recorded, recorded.wire), of(recorded));
      cases((dataset) => tables.find((table) => table.dataset.id === dataset)?.rows ?? []);
    });
  });
}
