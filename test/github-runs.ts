import { days, hours, type Instant, iso, minutes } from '../src/core/instant.ts';
import type { Wire, WireAnswer } from '../src/sources/wire.ts';

// A GitHub that knows runs of workflows, as they begin, end, are begun again and are removed. It shares nothing with Acme's.

export interface MadeAttempt {
  readonly at: Instant;
  readonly endedAt: Instant;
  readonly conclusion: string;
}
export interface MadeRun {
  readonly id: number;
  readonly repo: string;
  readonly sha: string;
  readonly event: string;
  readonly name: string | null;
  readonly attempts: readonly MadeAttempt[];
  /** When the list shows it. */
  readonly shownAt: Instant;
  readonly removedAt: Instant | null;
}
export interface RunHost {
  readonly repositories: readonly { readonly name: string; readonly deployedFrom: Instant }[];
  readonly runs: readonly MadeRun[];
  /** Entries in a page of a list. */
  readonly page: number;
  /** The credential may not see runs. */
  readonly hidden?: boolean;
  /** By how much the count of a list is off. */
  readonly miscounts?: number;
}

export const begunAt = ({ attempts }: MadeRun): Instant => attempts[0]?.at ?? 0;

export function madeRun(over: Partial<MadeRun> & { readonly id: number; readonly at: Instant; readonly conclusion?: string }): MadeRun {
  const { at, conclusion = 'success', ...rest } = over;
  return {
    repo: 'web',
    sha: String(over.id).padStart(40, '0'),
    event: 'push',
    name: 'CI',
    attempts: [{ at, endedAt: at + minutes(6), conclusion }],
    shownAt: at,
    removedAt: null,
    ...rest,
  };
}

/** Runs of two repositories over days, some of which last long, are shown late or are begun again. */
export function madeUpRuns(seed: number, from: Instant, span: number): RunHost {
  let state = seed * 2_654_435_761 + 1;
  const random = (below: number): number => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) >>> 0;
    return state % below;
  };
  const times = Array.from({ length: 14 + random(14) }, () => from - days(1) + Math.floor(((random(1_000_000) / 1_000_000) * (span + days(1))) / 1000) * 1000);
  const runs = times
    .sort((a, b) => a - b)
    .map((at, place) => {
      const failed = random(4) === 0;
      const first = { at, endedAt: at + (random(4) === 0 ? hours(random(90)) : minutes(9)), conclusion: failed ? 'failure' : 'success' };
      const again = { at: first.endedAt + hours(random(20)), endedAt: first.endedAt + hours(21), conclusion: 'success' };
      return madeRun({
        id: 9_000_000_001 + place,
        at,
        repo: random(3) === 0 ? 'billing' : 'web',
        shownAt: at + minutes(random(15)),
        attempts: failed && random(2) === 0 ? [first, again] : [first],
      });
    });
  return { repositories: ['billing', 'web'].map((name) => ({ name, deployedFrom: 0 })), runs, page: 2 + random(3) };
}

type Json = Readonly<Record<string, unknown>>;
const answer = (status: number, body: unknown, link?: string): WireAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...(link === undefined ? {} : { link }) },
  body: new TextEncoder().encode(JSON.stringify(body)),
});
const NOT_FOUND = answer(404, { message: 'Not Found' });

export function runWire(host: RunHost, at: Instant): Wire {
  const there = host.runs.filter(({ shownAt, removedAt }) => shownAt <= at && (removedAt === null || at < removedAt));
  return async ({ method, url, body }) => {
    const address = new URL(url);
    if (method === 'POST') {
      const { variables } = JSON.parse(new TextDecoder().decode(body ?? undefined)) as { variables: Json };
      return answer(200, { data: overview(host, at, Number(variables.after ?? 0)) });
    }
    const [, , , repo = '', , , id] = address.pathname.split('/').map(decodeURIComponent);
    if (host.hidden) return NOT_FOUND;
    const mine = there.filter((it) => it.repo === repo);
    if (id === undefined) return listed(host, mine, at, address);
    const one = mine.find((it) => String(it.id) === id);
    return one ? answer(200, runOf(one, at)) : NOT_FOUND;
  };
}

/** Newest first, both ends of the time included, and never more than a thousand. */
function listed(host: RunHost, mine: readonly MadeRun[], at: Instant, address: URL): WireAnswer {
  const [from = 0, to = Number.POSITIVE_INFINITY] = (address.searchParams.get('created') ?? '')
    .split('..')
    .flatMap((it) => (it === '' ? [] : [Date.parse(it)]));
  const within = mine.filter((it) => from <= begunAt(it) && begunAt(it) <= to).toSorted((a, b) => begunAt(b) - begunAt(a) || b.id - a.id);
  const size = Math.min(host.page, Number(address.searchParams.get('per_page') ?? 30));
  const page = Number(address.searchParams.get('page') ?? 1);
  const shown = within.slice(0, 1000).slice((page - 1) * size, page * size);
  const next = new URL(address);
  next.searchParams.set('page', String(page + 1));
  return answer(
    200,
    { total_count: within.length + (host.miscounts ?? 0), workflow_runs: shown.map((it) => runOf(it, at)) },
    page * size < Math.min(1000, within.length) ? `<${next.href}>; rel="next"` : undefined,
  );
}

const account = (id: number, login: string, type = 'User') => ({ id, login, type });

function runOf(it: MadeRun, at: Instant): Json {
  const begun = it.attempts.filter((attempt) => attempt.at <= at);
  const last = begun.at(-1) ?? { at: begunAt(it), endedAt: begunAt(it), conclusion: 'success' };
  const ended = last.endedAt <= at;
  return {
    id: it.id,
    run_attempt: begun.length,
    name: it.name,
    path: '.github/workflows/ci.yml@main',
    event: it.event,
    head_sha: it.sha,
    head_branch: 'main',
    actor: account(7, 'ines-duarte'),
    triggering_actor: begun.length > 1 ? account(8, 'amara-okafor') : account(7, 'ines-duarte'),
    status: ended ? 'completed' : 'in_progress',
    conclusion: ended ? last.conclusion : null,
    run_started_at: iso(last.at),
    updated_at: iso(ended ? last.endedAt : last.at),
    created_at: iso(begunAt(it)),
  };
}

function overview(host: RunHost, at: Instant, start: number): Json {
  const nodes = host.repositories.slice(start, start + 1).map(({ name, deployedFrom }, place) => ({
    databaseId: 4000 + start + place,
    name,
    nameWithOwner: `acme/${name}`,
    environments: { totalCount: 0 },
    deployments: { totalCount: deployedFrom <= at ? 3 : 0 },
  }));
  const pageInfo = { hasNextPage: start + 1 < host.repositories.length, endCursor: String(start + 1) };
  return {
    viewer: { login: 'reader' },
    organization: { databaseId: 77, login: 'acme', repositories: { totalCount: host.repositories.length, pageInfo, nodes } },
  };
}
