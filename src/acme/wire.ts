import { days, hours, type Instant, iso } from '../core/instant.ts';
import type { Wire, WireAnswer, WireRequest } from '../sources/wire.ts';
import { aws } from './aws.ts';
import { cloud } from './cloud.ts';
import { endpoints } from './endpoints.ts';
import { github } from './github.ts';
import { alertsOfAcme } from './github-alerts.ts';
import { auditLogOfAcme } from './github-audit.ts';
import { DEPLOYING, deploymentAnswer, deploymentsOfAcme } from './github-deployments.ts';
import { githubChangesOfAcme } from './github-changes.ts';
import { runAnswer, runningOfAcme } from './github-runs.ts';
import { authorizedCredentials, fineTokens } from './github-tokens.ts';
import { expenses } from './expenses.ts';
import { fleet } from './fleet.ts';
import { google } from './google.ts';
import { infrastructureGit } from './infrastructure.ts';
import { jira } from './jira.ts';
import { knowbe4 } from './knowbe4.ts';
import { linear } from './linear.ts';
import { okta } from './okta.ts';
import { accessAnswer, alsoAssigned } from './okta-access.ts';
import { oktaLog } from './okta-log.ts';
import { pagerduty } from './pagerduty.ts';
import { acmeGit } from './registers.ts';
import { slack } from './slack.ts';
import { DAYS, during } from './stories.ts';
import { WORKFORCE_DAYS } from './workforce-stories.ts';
import type { World } from './world.ts';

const encoder = new TextEncoder();
type Around = (page: readonly unknown[], total: number) => unknown;
type Found = { readonly body: unknown; readonly status?: number } | { readonly list: readonly unknown[]; readonly around?: Around } | null;

/** One system that Acme uses, as it answers at an instant; `null` where the request is not for it. */
export type Vendor = (world: World, at: Instant, request: WireRequest) => WireAnswer | null;

/** Asked in this order. */
const VENDORS: readonly Vendor[] = [
  infrastructureGit,
  (world, at, { method, url, body }) => (method === 'GIT' ? acmeGit(world, at, url, body) : null),
  (world, at, request) =>
    duringRefusal(world, at)
      ? null
      : (auditLogOfAcme(world, at, request) ??
        alertsOfAcme(world, at, request) ??
        deploymentsOfAcme(world, at, request) ??
        runningOfAcme(world, at, request) ??
        githubChangesOfAcme(world, at, request)),
  (world, at, { url }) => {
    if (!url.startsWith('https://api.github.com/')) return null;
    return duringRefusal(world, at) ? refusal(at) : paged(githubAnswer(world, at, new URL(url)), new URL(url), at, 'page');
  },
  oktaLog,
  cloud,
  (world, at, { url }) => {
    if (!/^https:\/\/[^/]+\.okta\.com\//.test(url)) return null;
    return during(world, at, DAYS.oktaOutage) ? outage(at) : paged(oktaAnswer(world, at, new URL(url)), new URL(url), at, 'after');
  },
  (world, at, { url, body }) =>
    /^https:\/\/[^/]+\.amazonaws\.com\//.test(url) ? awsAnswer(world, at, new TextDecoder().decode(body ?? new Uint8Array())) : null,
  endpoints,
  google,
  expenses,
  slack,
  jira,
  linear,
  fleet,
  knowbe4,
  pagerduty,
];

/** The vendors as Acme knows them, in the process: every answer in the vendor's own wire format, as of the clock. */
export function acmeWire(world: World, clock: () => Instant): Wire {
  return async (request) => {
    const at = clock();
    for (const vendor of VENDORS) {
      const answer = vendor(world, at, request);
      if (answer !== null) return answer;
    }
    throw new TypeError(`nobody at Acme answers ${request.method} ${request.url}`);
  };
}

const duringRefusal = (world: World, at: Instant): boolean => during(world, at, DAYS.githubRefusal);
const json = (status: number, body: unknown, at: Instant, headers: Readonly<Record<string, string>> = {}): WireAnswer => ({
  status,
  headers: { date: new Date(at).toUTCString(), 'content-type': 'application/json; charset=utf-8', ...headers },
  body: encoder.encode(JSON.stringify(body)),
});
const refusal = (at: Instant): WireAnswer =>
  json(403, { message: 'Resource not accessible by personal access token', documentation_url: 'https://docs.github.com/rest' }, at);
const outage = (at: Instant): WireAnswer => json(503, { errorCode: 'E0000009', errorSummary: 'Internal Server Error' }, at);

/** GitHub counts pages, Okta names the last entry it gave; both say what is next in a Link header. */
function paged(found: Found, address: URL, at: Instant, parameter: 'page' | 'after'): WireAnswer {
  if (found === null)
    return json(
      404,
      parameter === 'page' ? { message: 'Not Found', documentation_url: 'https://docs.github.com/rest' } : { errorCode: 'E0000007', errorSummary: 'Not found' },
      at,
    );
  if ('body' in found) return json(found.status ?? 200, found.body, at);
  const size = Math.min(Number(address.searchParams.get('per_page') ?? address.searchParams.get('limit') ?? 100), 20); // small pages, so that paging is always walked
  const place = Number(address.searchParams.get(parameter) ?? (parameter === 'page' ? 1 : 0));
  const start = parameter === 'page' ? (place - 1) * size : place;
  const next = new URL(address);
  next.searchParams.set(parameter, String(parameter === 'page' ? place + 1 : start + size));
  const page = found.list.slice(start, start + size);
  return json(200, found.around?.(page, found.list.length) ?? page, at, start + size < found.list.length ? { link: `<${next.href}>; rel="next"` } : {});
}

function githubAnswer(world: World, at: Instant, { pathname, searchParams }: URL): Found {
  const it = state(githubStates, world, at, github);
  const [scope, , name = '', what = '', ...rest] = pathname.slice(1).split('/').map(decodeURIComponent);
  if (scope === 'user') return { body: it.owners[0] };
  if (scope === 'orgs') {
    const [, , topic = '', slug, members] = pathname.slice(1).split('/');
    if (topic === '') return { body: it.organization };
    if (topic === 'members')
      return { list: searchParams.get('filter') === '2fa_disabled' ? [] : searchParams.get('role') === 'admin' ? it.owners : it.members };
    if (topic === 'outside_collaborators') return { list: searchParams.get('filter') === '2fa_disabled' ? [] : it.outsiders };
    if (topic === 'invitations') return { list: [] };
    if (topic === 'repos') return { list: it.repositories };
    if (topic === 'rulesets') return { body: it.ruleset() };
    if (topic === 'personal-access-tokens') return { list: fineTokens(world, at) };
    if (topic === 'credential-authorizations') return { list: authorizedCredentials(world) };
    if (topic !== 'teams') return null;
    const team = it.teams.find((known) => known.slug === slug);
    if (slug === undefined) return { list: it.teams.map(teamAnswer) };
    return team && members === 'members' ? { list: searchParams.get('role') === 'maintainer' ? team.maintainers : team.members } : null;
  }
  if (scope !== 'repos' || !it.repositories.some((known) => known.name === name)) return null;
  if (what === 'actions') return runAnswer(world, at, name, rest, searchParams.get('created') ?? '');
  if (DEPLOYING.includes(what)) return deploymentAnswer(world, at, name, what, rest);
  if (what === 'collaborators') return { list: searchParams.get('affiliation') === 'outside' ? it.outside(name) : [...it.direct(name), ...it.outside(name)] };
  if (what === 'teams') return { list: it.repoTeams(name) };
  if (what === 'rulesets') return rest.length > 0 ? { body: it.ruleset() } : { list: it.rulesets(name) };
  if (what === 'rules') return { list: it.rules(name) };
  if (what !== 'branches' || rest.at(-1) !== 'protection') return null;
  const rules = it.protection(name);
  if (rules) return { body: rules };
  return {
    status: 404,
    body: { message: it.branchExists(name) ? 'Branch not protected' : 'Branch not found', documentation_url: 'https://docs.github.com/rest' },
  };
}

function teamAnswer({ id, slug, name, parent }: ReturnType<typeof github>['teams'][number]) {
  return { id, slug, name, parent: parent === undefined ? null : { id: parent } };
}

function oktaAnswer(world: World, at: Instant, address: URL): Found {
  const { pathname, searchParams } = address;
  const it = state(oktaStates, world, at, okta);
  const access = accessAnswer(world, at, it, address);
  if (access !== null) return access;
  const [topic = '', id = '', part = ''] = pathname.replace('/api/v1/', '').split('/').map(decodeURIComponent);
  if (topic === 'org') return { body: { id: '00o0acme', subdomain: 'acme', companyName: 'Acme', created: iso(world.ago(1200)) } };
  if (topic === 'users' && id === 'me') return { body: it.users.find((user) => user.id === it.admins[0]) };
  if (topic === 'users' && id === '') return { list: searchParams.get('filter')?.includes('DEPROVISIONED') ? it.deprovisioned : it.users };
  if (topic === 'users' && part === 'factors') return { body: it.factors.get(id) ?? [] };
  if (topic === 'users' && part === 'roles')
    return {
      body: it.admins.includes(id)
        ? [{ id: `ra-${id}`, type: 'SUPER_ADMIN', label: 'Super Administrator', status: 'ACTIVE', assignmentType: 'USER', created: iso(world.ago(1100)) }]
        : [],
    };
  if (topic === 'iam')
    return {
      body: {
        value: [...it.admins, ...alsoAssigned(world, at)].map((admin) => ({ id: admin, orn: `orn:okta:directory:00o0acme:users:${admin}` })),
        _links: {},
      },
    };
  if (topic === 'groups') return { list: (it.groups.find((group) => group.id === id)?.members ?? []).map((member) => ({ id: member })) };
  if (topic === 'policies' && id === '') return { list: it.policies[searchParams.get('type') as 'PASSWORD'] ?? [] };
  return topic === 'policies' && part === 'rules' ? { list: it.rules[id] ?? [] } : null;
}

function awsAnswer(world: World, at: Instant, form: string): WireAnswer {
  const parameters = new URLSearchParams(form);
  const answer = aws(world, at, parameters.get('Action') ?? '', parameters);
  const { status, body } = answer ?? {
    status: 400,
    body: '<ErrorResponse><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>Acme knows no such action</Message></Error></ErrorResponse>',
  };
  return { status, headers: { date: new Date(at).toUTCString(), 'content-type': 'text/xml' }, body: encoder.encode(body) };
}

/** What holds at an instant is asked for a hundred times in a run: the last answer is kept. */
type Kept<State> = { at: Instant; world: World | null; state: State | null };
const githubStates: Kept<ReturnType<typeof github>> = { at: -1, world: null, state: null };
const oktaStates: Kept<ReturnType<typeof okta>> = { at: -1, world: null, state: null };

function state<State>(kept: Kept<State>, world: World, at: Instant, make: (world: World, at: Instant) => State): State {
  if (kept.state === null || kept.at !== at || kept.world !== world) Object.assign(kept, { at, world, state: make(world, at) });
  return kept.state as State;
}

/** The HR export as it is made in the morning of a day: everyone whose start is known, leavers included. */
export function hrExport(world: World, at: Instant): string {
  const made = Math.floor((at - hours(1)) / days(1)) * days(1) + hours(1);
  const { renamed } = WORKFORCE_DAYS;
  const known = world.people.filter(({ startAt }) => startAt - days(14) <= made);
  const lines = known.map(({ id, name, email, type, title, department, manager, startDate, endDate, endAt, timezone }) =>
    [
      id,
      name,
      email,
      '',
      type,
      title,
      department === renamed.department && during(world, at, renamed) ? renamed.called : department,
      manager ?? '',
      startDate,
      endDate !== null && endAt !== null && endAt - days(21) <= made ? endDate : '0000-00-00',
      timezone,
    ].join(','),
  );
  return [
    `# generated ${iso(made)}`,
    'employee_id,name,email,aliases,employment_type,title,department,manager_id,start_date,end_date,timezone',
    ...lines,
    '',
  ].join('\n');
}
