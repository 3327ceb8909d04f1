import { days, type Instant, iso, minutes } from '../core/instant.ts';
import type { WireAnswer, WireRequest } from '../sources/wire.ts';
import { jsonAnswer } from './directory-answer.ts';
import { DEPLOYMENT_DAYS } from './github-deployments.ts';
import { WATCH_DAYS } from './watch-stories.ts';
import { person, type World } from './world.ts';

/** Smaller than what is asked for, so that paging is walked. */
const PAGE = 10;

/** PagerDuty in the wire format of its REST API, version 2: what failed, who was paged and what they found. */
export function pagerduty(world: World, at: Instant, { url }: WireRequest): WireAnswer | null {
  const { host, pathname, searchParams } = new URL(url);
  if (host !== 'api.pagerduty.com') return null;
  const topic = pathname.slice(1);
  if (topic !== 'incidents' && topic !== 'log_entries') return jsonAnswer(404, { error: { message: 'Not Found', code: 2100 } }, at);
  const [since, until] = ['since', 'until'].map((name) => Date.parse(searchParams.get(name) ?? '')) as [Instant, Instant];
  const within = ({ at: its }: { readonly at: Instant }) => since <= its && its < Math.min(until, at + 1);
  const pages = pagesOf(world);
  const told =
    topic === 'incidents'
      ? pages.filter(within).map((it) => incident(it, at))
      : pages.flatMap((it) => logOf(world, it).filter(within)).map(({ entry }) => entry);
  const offset = Number(searchParams.get('offset') ?? 0);
  // A whole page is as many as were asked for, be they told in smaller ones: the next offset counts by what was asked.
  const start = (offset / Number(searchParams.get('limit') ?? PAGE)) * PAGE;
  return jsonAnswer(200, { [topic]: told.slice(start, start + PAGE), limit: PAGE, offset, more: start + PAGE < told.length, total: null }, at);
}

/** One thing that woke somebody. */
interface Page {
  readonly id: string;
  readonly at: Instant;
  readonly title: string;
  readonly service: string;
  readonly priority: 'P1' | 'P2' | 'P3' | 'P4';
  /** Place of who took it, and after how many minutes. */
  readonly taker: number;
  readonly taken: number;
  /** After how many minutes nobody had taken it, and the next in line was called. */
  readonly passedOn: number | null;
  readonly over: number;
  readonly note: string | null;
}

const kept = new WeakMap<World, readonly Page[]>();

function pagesOf(world: World): readonly Page[] {
  const known = kept.get(world);
  if (known) return known;
  const made = [...usual(world), ...ofDeployments(world), unexplained(world)].sort((a, b) => a.at - b.at);
  kept.set(world, made);
  return made;
}

const USUAL = [
  ['Queue of invoices grows', 'Billing', 'P3', 'no harm: a customer sent a year of orders at once'],
  ['Certificate of api.acme.example ends in two weeks', 'Edge', 'P4', 'no harm: it was renewed the next day'],
  ['Database has little room', 'Storage', 'P2', 'confirmed: old exports filled it, and they are kept elsewhere now'],
  ['Sign-in from a new country', 'Identity', 'P2', 'false alarm: a colleague on a journey'],
  ['Requests wait too long', 'Web', 'P1', 'confirmed: a slow query, taken out of the release'],
] as const;

/** Every 23 days something, taken in time and found out. One is passed on, for who was on duty slept. */
const usual = (world: World): readonly Page[] =>
  Array.from({ length: 14 }, (_, place) => {
    const [title, service, priority, note] = USUAL[place % USUAL.length] ?? USUAL[0];
    const passedOn = place % 7 === 3 ? 20 : null;
    const day = 282 - 23 * place;
    return {
      ...{ id: `Q${String(place + 1).padStart(2, '0')}ACME`, at: world.ago(day, 3 + place) + minutes(7 * place), title, service, priority, note },
      ...{ taker: 1 + (place % 3), taken: passedOn === null ? 2 + place : 26, passedOn, over: 80 + 11 * place },
    };
  });

/** Failed deployments: one was reversed within the hour, and of one nobody heard until the morning. */
function ofDeployments(world: World): readonly Page[] {
  const { rolledBack, rolledBackLate } = DEPLOYMENT_DAYS;
  const failed = ({ day, repo, after }: typeof rolledBack | typeof rolledBackLate, taken: number, passedOn: number | null): Page => ({
    ...{ id: `QD${day}ACME`, at: world.ago(day, 18) + minutes(26), title: `Checkout answers 500 in ${repo}`, service: 'Web', priority: 'P1' },
    ...{ taker: 2, taken, passedOn, over: after + 5, note: 'confirmed: the newest release, which was taken back' },
  });
  return [failed(rolledBack, 6, null), failed(rolledBackLate, 850, 845)];
}

const unexplained = (world: World): Page => ({
  ...{ id: 'QX1ACME', at: world.ago(WATCH_DAYS.unexplained, 14), title: 'Sign-ins from two continents', service: 'Identity', priority: 'P2' },
  ...{ taker: 3, taken: 9, passedOn: null, over: 45, note: null },
});

const reference = (type: string, id: string, summary: string) => ({ id, type: `${type}_reference`, summary, self: null, html_url: null });
const service = ({ service: name }: Page) => reference('service', `PS${name.toUpperCase()}`, name);

function incident(page: Page, at: Instant) {
  const { id, title, priority, taken, over } = page;
  const [acknowledged, resolved] = [page.at + minutes(taken) <= at, page.at + minutes(over) <= at];
  return {
    ...{ id, type: 'incident', summary: title, self: `https://api.pagerduty.com/incidents/${id}`, html_url: `https://acme.pagerduty.com/incidents/${id}` },
    ...{ incident_number: 100 + Math.floor(page.at / days(1)) - 20_000, title, created_at: iso(page.at), incident_key: `key-${id}` },
    status: resolved ? 'resolved' : acknowledged ? 'acknowledged' : 'triggered',
    resolved_at: resolved ? iso(page.at + minutes(over)) : null,
    urgency: priority === 'P1' || priority === 'P2' ? 'high' : 'low',
    priority: reference('priority', `PP${priority}`, priority),
    service: service(page),
    updated_at: iso(page.at + minutes(resolved ? over : acknowledged ? taken : 0)),
    assignments: [],
    teams: [],
  };
}

/** What PagerDuty writes down of it, step by step. */
function logOf(world: World, page: Page): readonly { readonly at: Instant; readonly entry: object }[] {
  const { id, taker, taken, passedOn, over, note } = page;
  const who = person(world, taker);
  const user = reference('user', `PU${who.id.replace('-', '')}`, who.name);
  const step = (type: string, minute: number, agent: object, channel: object = { type: 'mobile' }) => ({
    at: page.at + minutes(minute),
    entry: {
      ...{ id: `R${type.slice(0, 2).toUpperCase()}${minute}${id}`, type: `${type}_log_entry`, summary: type, created_at: iso(page.at + minutes(minute)) },
      self: `https://api.pagerduty.com/log_entries/R${type.slice(0, 2).toUpperCase()}${minute}${id}`,
      ...{ agent, channel, service: service(page), incident: reference('incident', id, page.title) },
    },
  });
  return [
    step('trigger', 0, service(page), { type: 'api' }),
    step('notify', 1, service(page), { type: 'auto' }),
    ...(passedOn === null ? [] : [step('escalate', passedOn, service(page), { type: 'timeout' })]),
    step('acknowledge', taken, user),
    ...(note === null ? [] : [step('annotate', over - 1, user, { type: 'note', summary: note })]),
    step('resolve', over, user),
  ];
}
