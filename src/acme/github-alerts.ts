import { days, type Instant, iso } from '../core/instant.ts';
import type { WireAnswer, WireRequest } from '../sources/wire.ts';
import { ALERT_DAYS } from './alert-stories.ts';
import { githubAccount, REPOSITORIES } from './github.ts';
import { person, type World } from './world.ts';

type Json = Readonly<Record<string, unknown>>;

const PAGE = 20;
/** Nothing in them can be analysed. */
const NO_CODE: readonly string[] = ['docs', 'handbook', 'sandbox'];
const encoder = new TextEncoder();

/** What GitHub answers about what it found at Acme; `null` where it is asked for something else. */
export function alertsOfAcme(world: World, at: Instant, { method, url, body }: WireRequest): WireAnswer | null {
  if (!url.startsWith('https://api.github.com/')) return null;
  const address = new URL(url);
  if (method === 'POST') return switches(at, JSON.parse(new TextDecoder().decode(body ?? undefined)));
  if (address.pathname === '/orgs/acme/secret-scanning/alerts')
    return paged(at, address, secrets(world, at, address.searchParams.get('hide_secret') === 'true'));
  if (address.pathname === '/orgs/acme/dependabot/alerts') return paged(at, address, dependencies(world, at));
  if (address.pathname === '/orgs/acme/code-scanning/alerts') return paged(at, address, weaknesses(world, at));
  const repo = /^\/repos\/acme\/([^/]+)\/code-scanning\/analyses$/.exec(address.pathname)?.[1];
  if (repo === undefined) return null;
  if (NO_CODE.includes(repo)) return answer(at, 404, { message: 'no analysis found', documentation_url: 'https://docs.github.com/rest', status: '404' });
  const older = new URL(address);
  older.searchParams.set('page', '2');
  const newest = { ref: 'refs/heads/main', tool: { name: 'CodeQL' }, created_at: iso(world.firstDay - days(1)), results_count: 0 };
  return answer(at, 200, [newest], { link: `<${older.href}>; rel="next"` });
}

function answer(at: Instant, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): WireAnswer {
  return {
    status,
    headers: { date: new Date(at).toUTCString(), 'content-type': 'application/json; charset=utf-8', ...headers },
    body: encoder.encode(JSON.stringify(body)),
  };
}

/** Lists of alerts name the next page by the last entry of this one. */
function paged(at: Instant, address: URL, all: readonly Json[]): WireAnswer {
  const start = Number(address.searchParams.get('after') ?? 0);
  const next = new URL(address);
  next.searchParams.set('after', String(start + PAGE));
  return answer(at, 200, all.slice(start, start + PAGE), start + PAGE < all.length ? { link: `<${next.href}>; rel="next"` } : {});
}

function switches(at: Instant, { query, variables }: { readonly query: string; readonly variables: { readonly after: string | null } }): WireAnswer | null {
  if (!/^\s*query Switches\b/.test(query)) return null;
  const start = Number(variables.after ?? 0);
  const nodes = REPOSITORIES.slice(start, start + PAGE).map((name, place) => ({
    databaseId: 4000 + start + place,
    hasVulnerabilityAlertsEnabled: name !== 'legacy-importer',
  }));
  const pageInfo = { hasNextPage: start + nodes.length < REPOSITORIES.length, endCursor: String(start + nodes.length) };
  const repositories = { totalCount: REPOSITORIES.length, pageInfo, nodes };
  return answer(at, 200, { data: { viewer: { login: 'amara-okafor' }, organization: { databaseId: 77, login: 'acme', repositories } } });
}

const inRepo = (name: string): Json => ({ id: 4000 + (REPOSITORIES as readonly string[]).indexOf(name), name, full_name: `acme/${name}` });
const lead = (world: World) => githubAccount(person(world, 1));

interface Found {
  readonly repo: string;
  readonly found: number;
  /** When it was dealt with, so many days before the last one. */
  readonly ended: number | null;
  readonly how: string;
  /** When somebody thought better of it, and what was done then. */
  readonly after?: { readonly day: number; readonly how: string };
}

/** Those that are known at an instant, each with whether it has been dealt with. */
function known<Entry extends Found>(world: World, at: Instant, all: readonly Entry[]) {
  return all.flatMap((entry, place) => {
    const foundAt = world.ago(entry.found, 10);
    const { after } = entry;
    const again = after && world.ago(after.day, 14) <= at ? after : null;
    const endedAt = again ? world.ago(again.day, 14) : entry.ended === null ? null : world.ago(entry.ended, 14);
    const its = again ? { ...entry, how: again.how } : entry;
    return foundAt <= at ? [{ entry: its, number: place + 1, foundAt, endedAt: endedAt !== null && endedAt <= at ? endedAt : null }] : [];
  });
}

const { lateRevocation, unfixed, overdue, byRule } = ALERT_DAYS;
const SECRETS: readonly (Found & { readonly kind: string })[] = [
  { repo: 'web', kind: 'stripe_test_secret_key', found: 210, ended: 210, how: 'used_in_tests' },
  { repo: lateRevocation.repo, kind: 'slack_api_token', found: lateRevocation.found, ended: lateRevocation.revoked, how: 'revoked' },
  {
    repo: unfixed.repo,
    kind: 'google_api_key',
    found: unfixed.found,
    ended: unfixed.closed,
    how: 'wont_fix',
    after: { day: unfixed.revoked, how: 'revoked' },
  },
  { repo: 'infrastructure', kind: 'npm_access_token', found: 35, ended: 35, how: 'revoked' },
];

function secrets(world: World, at: Instant, hidden: boolean): readonly Json[] {
  return known(world, at, SECRETS).map(({ entry, number, foundAt, endedAt }) => ({
    number,
    created_at: iso(foundAt),
    updated_at: iso(endedAt ?? foundAt),
    state: endedAt === null ? 'open' : 'resolved',
    resolution: endedAt === null ? null : entry.how,
    resolved_at: endedAt === null ? null : iso(endedAt),
    resolved_by: endedAt === null ? null : lead(world),
    secret_type: entry.kind,
    validity: 'unknown',
    push_protection_bypassed: false,
    repository: inRepo(entry.repo),
    ...(hidden ? {} : { secret: 'made-up-and-worth-nothing' }),
  }));
}

interface Advisory extends Found {
  readonly name: string;
  readonly severity: string;
  readonly summary: string;
}
const ADVISORIES: readonly Advisory[] = [
  {
    repo: byRule.repo,
    name: 'page-press',
    severity: 'low',
    summary: 'Slow parsing of long headings',
    found: byRule.found,
    ended: byRule.found,
    how: 'auto_dismissed',
    after: { day: byRule.fixed, how: 'fixed' },
  },
  { repo: 'web', name: 'tiny-router', severity: 'high', summary: 'Paths are not normalised', found: 120, ended: 112, how: 'fixed' },
  {
    repo: 'design-system',
    name: 'colour-wheel',
    severity: 'medium',
    summary: 'A pattern takes long on long names',
    found: 90,
    ended: 88,
    how: 'tolerable_risk',
  },
  { repo: 'billing', name: 'decimal-box', severity: 'critical', summary: 'Code in a number is run', found: 60, ended: 57, how: 'fixed' },
  {
    repo: overdue.repo,
    name: 'gate-keeper',
    severity: 'critical',
    summary: 'A token is taken without its signature',
    found: overdue.found,
    ended: null,
    how: 'fixed',
  },
  { repo: 'mobile', name: 'pixel-cache', severity: 'medium', summary: 'Files outside the cache can be read', found: 20, ended: null, how: 'fixed' },
];

function dependencies(world: World, at: Instant): readonly Json[] {
  return known(world, at, ADVISORIES).map(({ entry, number, foundAt, endedAt }) => {
    const { repo, name, severity, summary, how } = entry;
    const asPackage = { ecosystem: 'npm', name };
    const ended = (wanted: boolean) => (endedAt !== null && wanted ? iso(endedAt) : null);
    const byPerson = how !== 'fixed' && how !== 'auto_dismissed';
    return {
      number,
      state: endedAt === null ? 'open' : byPerson ? 'dismissed' : how,
      dependency: { package: asPackage, manifest_path: 'package-lock.json', scope: 'runtime' },
      security_advisory: { ghsa_id: `GHSA-acme-made-up0${number}`, cve_id: null, summary, severity },
      security_vulnerability: { package: asPackage, severity, vulnerable_version_range: '< 2.0.0', first_patched_version: { identifier: '2.0.0' } },
      created_at: iso(foundAt),
      updated_at: iso(endedAt ?? foundAt),
      fixed_at: ended(how === 'fixed'),
      auto_dismissed_at: ended(how === 'auto_dismissed'),
      dismissed_at: ended(byPerson),
      dismissed_by: ended(byPerson) === null ? null : lead(world),
      dismissed_reason: ended(byPerson) === null ? null : how,
      dismissed_comment: ended(byPerson) === null ? null : 'Names are our own, and short',
      repository: inRepo(repo),
    };
  });
}

interface Weakness extends Found {
  readonly rule: string;
  readonly severity: string;
  readonly description: string;
  readonly path: string;
}
const WEAKNESSES: readonly Weakness[] = [
  {
    repo: 'billing',
    rule: 'js/sql-injection',
    severity: 'high',
    description: 'Query made from text of a user',
    path: 'src/invoices.ts',
    found: 205,
    ended: 196,
    how: 'fixed',
  },
  { repo: 'platform', rule: 'js/weak-hash', severity: 'medium', description: 'Weak hash', path: 'src/etag.ts', found: 140, ended: 138, how: 'false positive' },
];

function weaknesses(world: World, at: Instant): readonly Json[] {
  return known(world, at, WEAKNESSES).map(({ entry, number, foundAt, endedAt }) => {
    const dismissed = endedAt !== null && entry.how !== 'fixed';
    return {
      number,
      created_at: iso(foundAt),
      updated_at: iso(endedAt ?? foundAt),
      state: endedAt === null ? 'open' : dismissed ? 'dismissed' : 'fixed',
      fixed_at: endedAt !== null && !dismissed ? iso(endedAt) : null,
      dismissed_at: dismissed ? iso(endedAt) : null,
      dismissed_by: dismissed ? lead(world) : null,
      dismissed_reason: dismissed ? entry.how : null,
      dismissed_comment: dismissed ? 'The hash names a cache entry and protects nothing' : null,
      rule: { id: entry.rule, severity: 'error', security_severity_level: entry.severity, description: entry.description },
      tool: { name: 'CodeQL', version: '2.20.0' },
      most_recent_instance: { ref: 'refs/heads/main', state: 'open', location: { path: entry.path, start_line: 40 } },
      repository: inRepo(entry.repo),
    };
  });
}
