import { cursorTester, type Unfolding } from '../../../test/cursor-tester.ts';
import { days, hours, type Instant, instant, iso, minutes } from '../../core/instant.ts';
import type { Wire } from '../../sources/wire.ts';
import type { Collector } from '../collector.ts';
import { pagerdutyIncidents } from './incidents.ts';

const T = instant('2026-06-01T00:00:00Z');
const POLLS = [0, days(1), days(16)].map((later) => T + later);
/** So many are given at once, for a hundred that were asked for. */
const PAGE = 5;

interface Made {
  readonly id: string;
  readonly at: Instant;
  /** Shown so much later than it was raised. */
  readonly shown: Instant;
  readonly over: Instant;
}

/** Sixteen incidents of three weeks, some of which last for weeks; each may reach the lists two minutes late. */
function unfold(seed: number): Unfolding {
  let state = seed + 1;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const made = Array.from({ length: 16 }, (_, place): Made => {
    const at = Math.floor((T - days(6) + random() * days(22)) / 1000) * 1000;
    return { id: `Q${place}`, at, shown: at + Math.floor(random() * minutes(2)), over: at + Math.floor(random() * (place % 4 === 0 ? days(30) : hours(2))) };
  });
  return {
    wireAt: (at) => server(made, at),
    truthAt: (at) => ({ 'alert.events': new Map(made.filter(({ shown }) => shown <= at).map((it) => [`pagerduty/${it.id}`, it.at])) }),
  };
}

const server =
  (made: readonly Made[], at: Instant): Wire =>
  async ({ url }) => {
    const { pathname, searchParams } = new URL(url);
    const [since, until] = [instant(searchParams.get('since') ?? ''), instant(searchParams.get('until') ?? '')];
    const there = made.filter((it) => it.shown <= at && since <= it.at && it.at < until);
    const list = pathname === '/incidents' ? there.map((it) => incident(it, at)) : [];
    const start = (Number(searchParams.get('offset')) / 100) * PAGE;
    const body = { [pathname.slice(1)]: list.slice(start, start + PAGE), more: start + PAGE < list.length };
    return { status: 200, headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode(JSON.stringify(body)) };
  };

const incident = ({ id, at, over }: Made, now: Instant) => ({
  id,
  title: `Incident ${id}`,
  created_at: iso(at),
  ...(over <= now ? { status: 'resolved', resolved_at: iso(over) } : { status: 'triggered', resolved_at: null }),
  html_url: `https://acme.pagerduty.com/incidents/${id}`,
});

cursorTester(
  {
    collector: pagerdutyIncidents as unknown as Collector,
    config: pagerdutyIncidents.config.parse({ subdomain: 'acme' }),
    partition: 'acme',
    credentials: { token: 'secret-of-the-tests' },
    since: T - days(7),
    polls: POLLS,
    unfold,
  },
  { runs: process.env.TICKMARK_FULL ? 150 : 10 },
);
