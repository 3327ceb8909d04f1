import { days, hours, type Instant, iso, minutes } from '../src/core/instant.ts';
import type { Wire, WireAnswer } from '../src/sources/wire.ts';

// A GitHub that knows deployments and releases, as both grow, change and are removed. It shares nothing with Acme's.

export interface MadeState {
  readonly state: string;
  readonly at: Instant;
  readonly description?: string;
  readonly logUrl?: string | null;
}
export interface MadeDeployment {
  readonly id: number;
  readonly repo: string;
  readonly sha: string;
  readonly environment: string;
  readonly at: Instant;
  /** When the lists show it. */
  readonly shownAt: Instant;
  readonly removedAt: Instant | null;
  readonly creator: { readonly id: number; readonly login: string; readonly type: string } | null;
  readonly app: string | null;
  readonly states: readonly MadeState[];
  /** Run on the commit, with who approved it when. */
  readonly run: { readonly id: number; readonly approvals: readonly { readonly userId: number; readonly at: Instant }[] } | null;
  /** By name: results on the commit. */
  readonly checks: readonly { readonly name: string; readonly conclusion: string | null; readonly startedAt: Instant; readonly completedAt: Instant | null }[];
}
export interface MadeRelease {
  readonly id: number;
  readonly repo: string;
  readonly tag: string;
  readonly createdAt: Instant;
  readonly publishedAt: Instant;
}
export interface DeployHost {
  readonly repositories: readonly string[];
  readonly deployments: readonly MadeDeployment[];
  readonly releases: readonly MadeRelease[];
  /** The credential may not see runs. */
  readonly hidden?: boolean;
  /** Entries in a page of a list. */
  readonly page: number;
}

export const BOT = { id: 41_898_282, login: 'github-actions[bot]', type: 'Bot' };

export function made(over: Partial<MadeDeployment> & Pick<MadeDeployment, 'id' | 'at'>): MadeDeployment {
  const { id, at, repo = 'web' } = over;
  const logUrl = `https://github.com/acme/${repo}/actions/runs/${id + 20_000_000_000}/job/1`;
  return {
    repo,
    sha: String(id).padStart(40, '0'),
    environment: 'production',
    shownAt: at,
    removedAt: null,
    creator: BOT,
    app: null,
    states: [
      { state: 'IN_PROGRESS', at: at + minutes(1), logUrl },
      { state: 'SUCCESS', at: at + minutes(9), logUrl },
    ],
    run: { id: id + 20_000_000_000, approvals: [] },
    checks: [],
    ...over,
  };
}

/** Deployments of two repositories over days, some of which wait, fail late or are shown late; releases whose drafts were made in another order. */
export function madeUpDeploys(seed: number, from: Instant, span: number): DeployHost {
  let state = seed * 2_654_435_761 + 1;
  const random = (below: number): number => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) >>> 0;
    return state % below;
  };
  const times = Array.from({ length: 14 + random(14) }, () => from - days(1) + Math.floor(((random(1_000_000) / 1_000_000) * (span + days(1))) / 1000) * 1000);
  const deployments = times
    .sort((a, b) => a - b)
    .map((at, place) => {
      const late = random(4) === 0 ? hours(random(90)) : minutes(9);
      return made({
        id: 3_000_000_001 + place,
        at,
        repo: random(3) === 0 ? 'billing' : 'web',
        shownAt: at + minutes(random(15)),
        states: [
          { state: 'WAITING', at },
          { state: random(5) === 0 ? 'FAILURE' : 'SUCCESS', at: at + late + minutes(2) },
        ],
      });
    });
  const releases = Array.from({ length: random(5) }, (_, place) => {
    const createdAt = from + random(span);
    return { id: 7001 + place, repo: 'web', tag: `v${place}`, createdAt, publishedAt: Math.floor((createdAt + random(days(4))) / 1000) * 1000 };
  });
  return { repositories: ['billing', 'web'], deployments, releases, page: 2 + random(3) };
}

type Json = Readonly<Record<string, unknown>>;
const answer = (status: number, body: unknown, link?: string): WireAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...(link === undefined ? {} : { link }) },
  body: new TextEncoder().encode(JSON.stringify(body)),
});
const nodeOf = ({ id }: MadeDeployment): string => `DE_${id}`;

export function deployWire(host: DeployHost, at: Instant): Wire {
  const there = host.deployments.filter(({ shownAt, removedAt }) => shownAt <= at && (removedAt === null || at < removedAt));
  return async ({ method, url, body }) => {
    const address = new URL(url);
    if (method === 'POST') {
      const { query, variables } = JSON.parse(new TextDecoder().decode(body ?? undefined)) as { query: string; variables: Json };
      return graphql(host, there, at, /^\s*query (\w+)/.exec(query)?.[1] ?? '', variables);
    }
    const [, , , repo = '', what, id, ...rest] = address.pathname.split('/').map(decodeURIComponent);
    const mine = there.filter((it) => it.repo === repo).toSorted((a, b) => b.at - a.at || b.id - a.id);
    if (what === 'environments') return answer(200, { total_count: 0, environments: [] });
    if (what === 'releases') {
      const release = host.releases.find((it) => String(it.id) === id);
      return release && release.publishedAt <= at ? answer(200, releaseOf(release)) : answer(404, { message: 'Not Found' });
    }
    if (what === 'actions' && id === 'runs' && rest.length === 0)
      return host.hidden ? answer(404, { message: 'Not Found' }) : answer(200, { total_count: 0, workflow_runs: [] });
    if (what === 'actions') {
      const run = there.find((it) => String(it.run?.id) === rest[0])?.run;
      const approved = (run?.approvals ?? []).filter((it) => it.at <= at);
      return run
        ? answer(
            200,
            approved.map(({ userId }) => ({ state: 'approved', comment: '', user: user(userId), environments: [{ name: 'production' }] })),
          )
        : answer(404, { message: 'Not Found' });
    }
    if (id !== undefined) {
      const one = mine.find((it) => String(it.id) === id);
      return one ? answer(200, deploymentOf(one)) : answer(404, { message: 'Not Found' });
    }
    const page = Number(address.searchParams.get('page') ?? 1);
    const next = new URL(address);
    next.searchParams.set('page', String(page + 1));
    const shown = mine.slice((page - 1) * host.page, page * host.page).map(deploymentOf);
    return answer(200, shown, page * host.page < mine.length ? `<${next.href}>; rel="next"` : undefined);
  };
}

const user = (id: number) => ({ id, login: `user-${id}`, type: 'User' });
const deploymentOf = (it: MadeDeployment): Json => ({
  id: it.id,
  node_id: nodeOf(it),
  sha: it.sha,
  ref: 'main',
  task: 'deploy',
  environment: it.environment,
  production_environment: false,
  creator: it.creator,
  performed_via_github_app: it.app === null ? null : { slug: it.app },
  created_at: iso(it.at),
});
const releaseOf = ({ id, tag, publishedAt, createdAt }: MadeRelease): Json => ({
  id,
  tag_name: tag,
  target_commitish: 'main',
  author: user(5),
  draft: false,
  prerelease: false,
  created_at: iso(createdAt),
  published_at: iso(publishedAt),
});

function graphql(host: DeployHost, there: readonly MadeDeployment[], at: Instant, operation: string, variables: Json): WireAnswer {
  if (operation === 'Deployed') return answer(200, { data: overview(host, there, at, Number(variables.after ?? 0)) });
  const ids = variables.ids as readonly string[];
  const nodes = ids.map((id) => there.find((it) => nodeOf(it) === id) ?? null);
  const errors = nodes.flatMap((node, place) =>
    node ? [] : [{ type: 'NOT_FOUND', path: ['nodes', place], message: `Could not resolve to a node with the global id of '${ids[place]}'` }],
  );
  const tell = operation === 'Became' ? became : (it: MadeDeployment) => checked(it, at, String(variables.check));
  return answer(200, { data: { nodes: nodes.map((it) => it && tell(it, at)) }, ...(errors.length > 0 ? { errors } : {}) });
}

function overview(host: DeployHost, there: readonly MadeDeployment[], at: Instant, start: number): Json {
  const name = host.repositories[start] ?? '';
  const newest = there.filter(({ repo }) => repo === name).reduce((latest, it) => Math.max(latest, it.at), 0);
  const releases = host.releases.filter((it) => it.repo === name && it.createdAt <= at).toSorted((a, b) => b.createdAt - a.createdAt);
  const node = {
    databaseId: 4000 + start,
    name,
    nameWithOwner: `acme/${name}`,
    environments: { totalCount: 0 },
    deployments: { nodes: newest === 0 ? [] : [{ createdAt: iso(newest) }] },
    releases: {
      nodes: releases.map(({ id, publishedAt }) => ({ databaseId: id, isDraft: publishedAt > at, publishedAt: publishedAt > at ? null : iso(publishedAt) })),
    },
  };
  const pageInfo = { hasNextPage: start + 1 < host.repositories.length, endCursor: String(start + 1) };
  return {
    viewer: { login: 'reader' },
    organization: { databaseId: 77, login: 'acme', repositories: { totalCount: host.repositories.length, pageInfo, nodes: [node] } },
  };
}

function became(it: MadeDeployment, at: Instant): Json {
  const states = it.states
    .filter((state) => state.at <= at)
    .map(({ state, at: reported, description = '', logUrl = null }, place) => ({
      id: `${nodeOf(it)}_${place}`,
      state,
      description,
      logUrl,
      createdAt: iso(reported),
    }));
  const approvals = (it.run?.approvals ?? []).filter((approval) => approval.at <= at);
  const reviews = approvals.map(({ userId }) => ({
    state: 'APPROVED',
    user: { databaseId: userId, login: `user-${userId}` },
    environments: { nodes: [{ name: it.environment }] },
  }));
  const suites = it.run
    ? [{ workflowRun: { url: `https://github.com/acme/${it.repo}/actions/runs/${it.run.id}`, deploymentReviews: { nodes: reviews } } }]
    : [];
  return {
    id: nodeOf(it),
    statuses: { totalCount: states.length, nodes: states.slice(0, 50) },
    last: { nodes: states.slice(-50) },
    commit: { checkSuites: { totalCount: suites.length, nodes: suites } },
  };
}

function checked(it: MadeDeployment, at: Instant, check: string): Json {
  const runs = it.checks
    .filter(({ name, startedAt }) => name === check && startedAt <= at)
    .map(({ conclusion, startedAt, completedAt }) => {
      const ended = completedAt !== null && completedAt <= at;
      return { conclusion: ended ? conclusion : null, startedAt: iso(startedAt), completedAt: ended ? iso(completedAt) : null };
    });
  const suites = runs.length === 0 ? [] : [{ checkRuns: { totalCount: runs.length, nodes: runs } }];
  return { id: nodeOf(it), commit: { checkSuites: { totalCount: suites.length, nodes: suites } } };
}
