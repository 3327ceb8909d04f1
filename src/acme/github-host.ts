import { days, type Instant, iso } from '../core/instant.ts';
import type { WireAnswer, WireRequest } from '../sources/wire.ts';
import { graphql } from './github-graphql.ts';
import { existing, happened, type Host, type HostActor, type HostBypass, type HostCommit, type HostRepository, type HostUpdate } from './github-model.ts';

// GitHub's REST answers about changes, as they are at an instant; GraphQL has a file of its own.

type Json = Readonly<Record<string, unknown>>;
const encoder = new TextEncoder();
const WINDOWS: Readonly<Record<string, number>> = { day: days(1), week: days(7), month: days(30), quarter: days(91), year: days(365) };

/** `null` where it is asked for something else. */
export function hostAnswer(host: Host, at: Instant, { method, url, body }: WireRequest): WireAnswer | null {
  const address = new URL(url);
  const [scope, owner, name, ...rest] = address.pathname.slice(1).split('/').map(decodeURIComponent);
  if (method === 'POST' && scope === 'graphql') return json(at, 200, { data: graphql(host, at, JSON.parse(new TextDecoder().decode(body ?? undefined))) });
  if (scope !== 'repos' || owner !== host.org) return null;
  const repository = existing(host, at).find((it) => it.name === name);
  if (!repository) return null;
  const asked = (key: string) => address.searchParams.get(key) ?? '';
  if (rest[0] === 'activity') return activity(host, repository, at, address);
  if (rest[0] === 'commits') return paged(host, at, address, since(repository, asked('sha'), asked('since')), written);
  if (rest[0] === 'compare') return comparison(host, repository, at, address, rest[1] ?? '');
  if (rest[0] !== 'rulesets' || rest[1] !== 'rule-suites') return null;
  if (rest[2] === undefined) return paged(host, at, address, suites(repository, at, asked('ref')), (it) => suite(repository, it));
  const bypass = repository.bypasses.find(({ id }) => String(id) === rest[2]);
  return bypass ? json(at, 200, { ...suite(repository, bypass), rule_evaluations: bypass.rules.map(evaluation) }) : null;
}

function json(at: Instant, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): WireAnswer {
  return {
    status,
    headers: { date: new Date(at).toUTCString(), 'content-type': 'application/json; charset=utf-8', ...headers },
    body: encoder.encode(JSON.stringify(body)),
  };
}

/** Lists count pages, and name the next in a Link header. */
function paged<Entry>(
  host: Host,
  at: Instant,
  address: URL,
  all: readonly Entry[],
  shape: (entry: Entry) => Json,
  around: (page: readonly Json[]) => unknown = (page) => page,
): WireAnswer {
  const size = sizeOf(host, address);
  const start = Number(address.searchParams.get('page') ?? 1) * size - size;
  const page = all.slice(start, start + size).map(shape);
  return json(at, 200, around(page), start + size < all.length ? nextOf(address, 'page', start / size + 2) : {});
}

const sizeOf = (host: Host, address: URL): number => Math.min(Number(address.searchParams.get('per_page') ?? 30), host.page);

function nextOf(address: URL, parameter: string, value: number): Readonly<Record<string, string>> {
  const next = new URL(address);
  next.searchParams.set(parameter, String(value));
  return { link: `<${next.href}>; rel="next"` };
}

/** Updates are paged by a cursor that holds its place while the window moves on. */
function activity(host: Host, repository: HostRepository, at: Instant, address: URL): WireAnswer {
  const [ref, window, after] = ['ref', 'time_period', 'after'].map((name) => address.searchParams.get(name) ?? '');
  const from = at - (WINDOWS[window ?? ''] ?? Infinity);
  const mine = ref === `refs/heads/${repository.branch}` ? happened(repository, at) : [];
  const all = mine.filter(({ id, at: moved }) => !repository.unlisted.has(id) && moved >= from && id > Number(after));
  const page = all.slice(0, sizeOf(host, address));
  const last = page.at(-1);
  return json(
    at,
    200,
    page.map((update) => listed(update, ref ?? '')),
    last && page.length < all.length ? nextOf(address, 'after', last.id) : {},
  );
}

const listed = ({ id, before, after, at, type, actor }: HostUpdate, ref: string): Json => ({
  id,
  node_id: `A_${id}`,
  before,
  after,
  ref,
  timestamp: iso(at),
  activity_type: type,
  actor: account(actor),
});

const account = (it: HostActor | null): Json | null => it && { id: it.id, login: it.login, type: it.type };

function written({ sha, parents, author, name, at, web }: HostCommit): Json {
  return {
    sha,
    parents: parents.map((parent) => ({ sha: parent })),
    author: account(author),
    commit: { author: { name, date: iso(at) }, committer: { name: web ? 'GitHub' : name, date: iso(at) }, verification: { verified: web } },
  };
}

/** Commits with all that lies before them, parents first. Without recursion: histories are long. */
function ancestors(repository: HostRepository, head: string): readonly string[] {
  const order: string[] = [];
  const seen = new Set<string>();
  const open: { readonly sha: string; readonly entered: boolean }[] = [{ sha: head, entered: false }];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.entered) order.push(next.sha);
    else if (!seen.has(next.sha)) {
      seen.add(next.sha);
      open.push({ sha: next.sha, entered: true }, ...(repository.commitOf(next.sha)?.parents ?? []).map((sha) => ({ sha, entered: false })));
    }
  }
  return order;
}

const known = (repository: HostRepository, shas: readonly string[]): readonly HostCommit[] => shas.flatMap((sha) => repository.commitOf(sha) ?? []);

const since = (repository: HostRepository, sha: string, from: string): readonly HostCommit[] =>
  known(repository, ancestors(repository, sha))
    .filter(({ at }) => from === '' || at >= Date.parse(from))
    .toReversed();

function comparison(host: Host, repository: HostRepository, at: Instant, address: URL, range: string): WireAnswer | null {
  const [base = '', after = ''] = range.split('...');
  if (!repository.commitOf(base) || !repository.commitOf(after)) return null;
  const [theirs, ours] = [new Set(ancestors(repository, base)), new Set(ancestors(repository, after))];
  const missing = [...ours].filter((sha) => !theirs.has(sha));
  if (missing.length === ours.size) return json(at, 404, { message: `No common ancestor between ${base} and ${after}.` });
  const ahead = known(repository, repository.between?.(base, after) ?? missing);
  const behind = theirs.size - (ours.size - missing.length);
  const status = behind === 0 ? (ahead.length === 0 ? 'identical' : 'ahead') : ahead.length === 0 ? 'behind' : 'diverged';
  const counts = { status, ahead_by: ahead.length, behind_by: behind, total_commits: ahead.length };
  return paged(host, at, address, ahead, written, (commits) => ({ ...counts, commits }));
}

const suites = (repository: HostRepository, at: Instant, ref: string): readonly HostBypass[] =>
  repository.bypasses.filter(({ update }) => update.at <= at && update.at >= at - days(30) && ref === `refs/heads/${repository.branch}`);

const suite = ({ id: repository, name, branch }: HostRepository, { id, update }: HostBypass): Json => ({
  id,
  actor_id: update.actor.id,
  actor_name: update.actor.login,
  before_sha: update.before,
  after_sha: update.after,
  ref: `refs/heads/${branch}`,
  repository_id: repository,
  repository_name: name,
  pushed_at: iso(update.at),
  result: 'bypass',
  evaluation_result: 'bypass',
});
const evaluation = ({ type, ruleset }: HostBypass['rules'][number]): Json => ({
  rule_source: { type: 'ruleset', id: 501, name: ruleset },
  enforcement: 'active',
  result: 'fail',
  rule_type: type,
  details: null,
});
