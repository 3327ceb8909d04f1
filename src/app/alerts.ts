import { randomUUID } from 'node:crypto';
import { type Alert, actName, type Deed, folded, written } from '../alerts/alert.ts';
import { keyOf } from '../alerts/course.ts';
import { type Desk, desk, type Sealing } from '../alerts/desk.ts';
import { type Policy, stepsOf } from '../alerts/policy.ts';
import { alertId, type Kept, type KeptAct, keptIn } from '../alerts/kept.ts';
import { KEPT, keptSecret, secret } from '../configuration/read.ts';
import type { File } from '../configuration/schema.ts';
import { ConfigurationError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';
import { type AlertEvent, alertEvents } from '../datasets/alert/events.ts';
import { oneLine } from '../notify/inert.ts';
import { guardedSend } from '../notify/post.ts';
import type { Database } from '../store/database.ts';
import type { Store } from '../store/store.ts';
import type { Credentials } from './credentials.ts';
import { ALERT_SECRETS } from './alert-settings.ts';
import { channelsOf, networksOf, peopleBehind, policyOf } from './alert-policy.ts';
import { alertOf, stoodOf } from './alert-rows.ts';
import { sightOf } from './alert-sight.ts';
import type { Alerts, AlertView } from './alert-views.ts';
import { responseTimes } from './alert-words.ts';
import type { Ground } from './grounds.ts';
import type { Workspace } from './views.ts';

export type { Alert, Alerts, AlertView, Deed, KeptAct };
export { CONCLUSIONS, TICKMARK } from '../alerts/alert.ts';

export interface Around {
  readonly dir: string;
  /** As it is in force now. */
  readonly file: () => File;
  readonly credentials: Pick<Credentials, 'of'>;
  readonly demo: boolean;
  readonly clock: () => Instant;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly database: () => Pick<Database, 'sql'>;
  grounds(): Promise<Ground>;
  /** What the workspace does besides. */
  readonly within: () => Pick<Workspace, 'posture' | 'logStatus' | 'scrubbed' | 'recordActs' | 'record'>;
  readonly store: () => Pick<Store, 'acts'>;
}

/** Longer than anybody writes: what is longer belongs into a ticket. */
const LONGEST = 4000;

export function alerting(around: Around): Alerts {
  const { clock, demo } = around;
  const kept = keptIn(around.database);
  const lines = new Set<(line: string) => void>();
  const listeners = new Set<(act: KeptAct, alert: Alert) => void>();
  const setUp = (file: File) => ({
    file,
    policy: policyOf(file),
    channels: channelsOf(file, {
      send: guardedSend({ allowed: networksOf(file) }),
      clock,
      secret: (reference, field, channel) => secretOf(around, reference, field, channel),
      print: (line) => (lines.size === 0 ? process.stderr.write(`${line}\n`) : lines.forEach((say) => void say(line))),
    }),
    teller: { company: file.company, url: file.alerts?.url ?? file.server?.url ?? null, demo },
  });
  let set = setUp(around.file());
  const now = () => {
    if (around.file() !== set.file) set = setUp(around.file());
    return set;
  };
  const its: Desk = desk({
    get policy() {
      return now().policy;
    },
    get channels() {
      return now().channels;
    },
    get teller() {
      return now().teller;
    },
    ...{ kept, clock, holder: randomUUID(), seal: (acts) => sealed(around, acts, listeners) },
  });
  const noChannel = (name: string) => new ConfigurationError(`no channel is called ${name}. There are: ${[...now().channels.keys()].join(', ')}.`);
  let restored: Promise<void> | null = null;
  const ready = () => {
    restored ??= restore(around, kept).catch((error: unknown) => {
      restored = null;
      throw error;
    });
    return restored;
  };

  return {
    rules: () => {
      const { policy, channels, file } = now();
      return { policy, channels: [...channels].map(([name, { kind }]) => ({ name, kind, people: peopleBehind(file, name) })) };
    },

    async list(open) {
      await ready();
      return kept.list(open);
    },

    async show(id) {
      await ready();
      const alert = await kept.alert(id);
      if (!alert) throw missing(id);
      return { alert, acts: await kept.acts(id), notices: await kept.notices(id), steps: stepsAhead(alert, now().policy, clock()) };
    },

    async act(id, deed, by, vouched) {
      await ready();
      const done = await its.act(id, { ...checked(deed), ...(vouched ? { vouched } : {}) }, by);
      if (done === null) throw missing(id);
      if ('refused' in done) throw new ConfigurationError(`${done.refused}.`);
      await its.tick();
      return (await kept.alert(id)) ?? done;
    },

    async look(jobs) {
      if (demo && !around.file().alerts) return false; // what is wrong with the made-up company is told by its own rules, or not at all
      await ready();
      return its.look(async (undelivered) => {
        const ground = await around.grounds();
        const { attended } = await around.within().logStatus();
        return sightOf({
          ground,
          posture: await around.within().posture(),
          timezone: around.file().timezone,
          attended,
          scrubbed: await around.within().scrubbed(),
          jobs,
          undelivered,
        });
      });
    },

    async tick() {
      await ready();
      await its.tick();
      return its.next();
    },

    async times(period) {
      const { engine, asOf, period: observed } = await around.grounds();
      const within = period ?? { from: observed.from, to: asOf + 1 };
      const newest = [...engine.facts.items(alertEvents)].flatMap((item) => engine.facts.of(alertEvents, item).slice(-1));
      const all = newest.map(({ row }) => row as unknown as AlertEvent);
      return responseTimes(all.filter(({ firedAt }) => within.from <= firedAt && firedAt < Math.min(within.to, asOf + 1)));
    },

    async send(name, { path, ...what }) {
      const { channels, teller } = now();
      const channel = channels.get(name);
      if (!channel) throw noChannel(name);
      const url = teller.url === null ? null : `${teller.url.replace(/\/$/, '')}${path}`;
      return channel.send({ ...what, company: oneLine(teller.company), severity: 'low', url, at: clock(), trial: demo });
    },

    async test(name) {
      const sent = await its.test(name);
      if (sent === null) throw noChannel(name);
      return sent;
    },

    onLine: (listener) => listening(lines, listener),
    onAct: (listener) => listening(listeners, listener),
  };
}

function listening<Listener>(all: Set<Listener>, listener: Listener): () => void {
  all.add(listener);
  return () => void all.delete(listener);
}

/** Whom it will be passed on to while nobody takes it, and when. */
function stepsAhead({ state, openedAt, signal, snoozedUntil }: Alert, policy: Policy, now: Instant): AlertView['steps'] {
  if (state !== 'open') return [];
  return stepsOf(policy, signal.route)
    .map(({ after, to }) => ({ at: Math.max(openedAt + after, snoozedUntil ?? 0), to }))
    .filter(({ at }) => at > now);
}

/** What a reference stands for: what Tickmark keeps for the channel, or what the machine has. */
async function secretOf({ dir, env, credentials }: Around, reference: string, field: string, channel: string): Promise<string> {
  const about = { place: 'tickmark.yaml', whose: `alerts, channel ${channel}, ${field}` };
  if (reference !== KEPT) return secret(reference, about, dir, env);
  return keptSecret(await credentials.of({ collector: ALERT_SECRETS, name: channel }), field, about, 'Settings, Notifications');
}

const missing = (id: string): ConfigurationError => new ConfigurationError(`there is no alert ${id}. "tickmark alerts --all" lists them.`);

/** What people write is kept as they write it, in one piece and of a length that somebody reads. */
function checked(deed: Deed): Deed {
  const said = (text: string, what: string): string => {
    const whole = text.toWellFormed().replaceAll('\u0000', '').trim();
    if (whole === '') throw new ConfigurationError(`${what} is empty.`);
    if (whole.length > LONGEST) throw new ConfigurationError(`${what} is longer than ${LONGEST} signs. Write it down elsewhere, and say where.`);
    return whole;
  };
  if (deed.do === 'note' || deed.do === 'snooze') return { ...deed, text: said(deed.text, 'the note') };
  if (deed.do === 'assign') return { ...deed, to: oneLine(said(deed.to, 'the address')).toLowerCase() };
  if (deed.do !== 'resolve') return deed;
  return { ...deed, cause: said(deed.cause, 'the cause'), incident: deed.incident === null ? null : oneLine(said(deed.incident, 'the incident')) };
}

async function sealed({ within }: Around, acts: readonly Sealing[], listeners: ReadonlySet<(act: KeptAct, alert: Alert) => void>) {
  const records = await within().recordActs(
    acts.map(({ alert, seq, at, by, deed, after }) => ({
      id: `alerts/${alert}/${seq}`,
      act: actName(deed),
      at,
      by,
      target: `alerts/${alert}`,
      says: { seq, key: keyOf(after.signal), deed: written(deed), alert: stoodOf(after) },
    })),
  );
  for (const [place, { after, ...act }] of acts.entries()) for (const listener of listeners) listener({ ...act, record: records[place] ?? null }, after);
  return records;
}

/** Where nothing is kept and the log tells of alerts, they are made again from it: what was to be told next is told anew. */
async function restore({ grounds, store, within }: Around, kept: Kept): Promise<void> {
  if (!(await kept.isEmpty())) return;
  await grounds(); // reads the log up to now
  const acts = new Map<string, KeptAct[]>();
  for (const index of await store().acts('alert-')) {
    const { body } = (await within().record(index)).record;
    const id = body.kind === 'act' ? alertOf(body) : null;
    if (id === null || body.kind !== 'act' || typeof body.says?.seq !== 'number') continue;
    const its = acts.get(id) ?? [];
    its.push({ alert: id, seq: body.says.seq, at: body.at, by: body.by ?? '', deed: body.says.deed as unknown as Deed, record: index });
    acts.set(id, its);
  }
  for (const [id, its] of acts) {
    const all = its.sort((a, b) => a.seq - b.seq);
    const alert = folded(id, all);
    const [first] = all;
    const name = first?.deed.do === 'raise' ? keyOf(first.deed.signal) : keyOf(alert.signal);
    await kept.restore(name, ordinalOf(id, name), alert, all);
  }
}

/** An id follows from what an alert is about and its number. */
function ordinalOf(id: string, name: string): number {
  for (let ordinal = 1; ordinal <= 10_000; ordinal++) if (alertId(name, ordinal) === id) return ordinal;
  throw new RangeError(`the alert ${id} is not about ${name}`);
}
