import { cursorTester, type Unfolding } from '../../../test/cursor-tester.ts';
import { days, hours, type Instant, instant, minutes } from '../../core/instant.ts';
import type { Wire } from '../../sources/wire.ts';
import type { Collector } from '../collector.ts';
import { githubAuditLog } from './audit-log.ts';

const T = instant('2026-06-01T00:00:00Z');
const POLLS = [0, minutes(15), minutes(30), hours(6), hours(30)].map((later) => T + later);
/** So many are given at once: several runs follow each other. */
const PAGE = 4;

/** One event: when it happened, when it was recorded, and when it is shown. */
interface Entry {
  readonly id: string;
  readonly action: string;
  readonly happened: Instant;
  readonly recorded: Instant;
  readonly shown: Instant;
}

const json = (body: unknown, headers: Readonly<Record<string, string>> = {}, status = 200) => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: new TextEncoder().encode(JSON.stringify(body)),
});

/**
 * GitHub's rules, written from its documentation alone: ordered by when events were recorded, searched by whole seconds
 * of that, a cursor that stands for a place between two events, and what is older than 180 days is gone.
 */
function logServer(entries: readonly Entry[], at: Instant): Wire {
  const log = entries
    .filter(({ shown, recorded }) => shown <= at && recorded >= at - days(180))
    .toSorted((a, b) => a.recorded - b.recorded || (a.id < b.id ? -1 : 1));
  return async ({ url }) => {
    const address = new URL(url);
    const query = address.searchParams;
    if (address.pathname === '/user') return json({ login: 'ada' });
    if (address.pathname === '/orgs/acme') return json({ id: 77, login: 'acme' });
    if (!/^\/(orgs\/acme|organizations\/77)\/audit-log$/.test(address.pathname)) return json({ message: 'Not Found' }, {}, 404);
    const from = /^created:>=(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00)$/.exec(query.get('phrase') ?? '')?.[1];
    if (query.get('order') !== 'asc' || Number(query.get('per_page')) > 100 || from === undefined) return json({ message: 'Validation Failed' }, {}, 422);
    const [time, id = ''] = query.get('after')?.split('|') ?? [];
    const after = (entry: Entry) => time === undefined || entry.recorded > Number(time) || (entry.recorded === Number(time) && entry.id > id);
    const there = log.filter((entry) => entry.recorded >= Date.parse(from) && after(entry));
    const page = there.slice(0, PAGE);
    const last = page.at(-1);
    const next = new URL(address.href.replace('/orgs/acme/', '/organizations/77/'));
    next.searchParams.set('after', `${last?.recorded}|${last?.id}`);
    return json(
      page.map((entry) => ({
        _document_id: entry.id,
        action: entry.action,
        '@timestamp': entry.happened,
        created_at: entry.recorded,
        actor: 'ada',
        actor_id: 7,
        user: 'bo',
        user_id: 8,
        repo: 'acme/web',
      })),
      page.length < there.length ? { link: `<${next.href}>; rel="next"` } : {},
    );
  };
}

const ACTIONS = ['org.remove_member', 'repo.access', 'protected_branch.destroy', 'public_key.create', 'org.enable_saml', 'pull_request.merge'];
const DATASETS = [
  'identity.lifecycle-events',
  'repo.lifecycle-events',
  'repo.protection-changes',
  'access.credential-changes',
  'identity.admin-events',
  'identity.other-events',
];

/** A hundred and ten events of ten days, one in four of them recorded or shown late, together by up to fifty-five minutes. */
function unfold(seed: number): Unfolding {
  let state = seed + 1;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const [first, last] = [T - days(10), (POLLS.at(-1) ?? T) - hours(1)];
  const entries = Array.from({ length: 110 }, (_, place): Entry => {
    const recent = place % 3 === 0; // many about the time of the polls
    const happened = Math.floor((recent ? T - hours(2) : first) + random() * (last - (recent ? T - hours(2) : first)));
    const late = () => (random() < 0.25 ? Math.floor(random() * minutes(27)) : Math.floor(random() * 2000));
    const recorded = happened + late();
    return {
      id: `e${String(place).padStart(3, '0')}`,
      action: ACTIONS[Math.floor(random() * ACTIONS.length)] ?? '',
      happened,
      recorded,
      shown: recorded + late(),
    };
  });
  const truth = (at: Instant) =>
    Object.fromEntries(
      githubAuditLog.feeds.map(({ id }) => [
        id,
        new Map(
          entries
            .filter(({ action, happened }) => happened <= at && DATASETS[ACTIONS.indexOf(action)] === id)
            .map((entry) => [id === 'identity.lifecycle-events' ? `${entry.id} 8 ` : entry.id, entry.happened]),
        ),
      ]),
    );
  return { wireAt: (at) => logServer(entries, at), truthAt: truth };
}

cursorTester(
  {
    collector: githubAuditLog as unknown as Collector,
    config: githubAuditLog.config.parse({ org: 'acme' }),
    partition: 'acme',
    credentials: { token: 'secret-of-the-tests' },
    since: T - days(11),
    polls: POLLS,
    unfold,
  },
  { runs: process.env.TICKMARK_FULL ? 150 : 15 },
);
