import { type Duration, type Instant, minutes, NEVER } from '../core/instant.ts';
import type { Channel, Sent } from '../notify/channel.ts';
import { type Act, type Alert, after, type Deed, TICKMARK } from './alert.ts';
import { byAbsence, bySignal, keyOf, refusal } from './course.ts';
import type { Kept, KeptAct, KeptNotice, Outcome } from './kept.ts';
import { messageOf, type Teller } from './message.ts';
import type { Policy } from './policy.ts';
import { LOOK_EVERY, type Sight, signalsOf } from './signals.ts';
import { byTime, dueNotices, followUps, nextStep, type Notice } from './steps.ts';

/** Of an act that is to be sealed: how the alert stood after it. */
export interface Sealing extends KeptAct {
  readonly after: Alert;
}

export interface DeskOptions {
  readonly kept: Kept;
  /** Read anew whenever something is done: it may be another by then. The channels likewise. */
  readonly policy: Policy;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly clock: () => Instant;
  /** Names this server among those that share the database. */
  readonly holder: string;
  readonly teller: Teller;
  /** Seals acts as records; the same act handed in again is sealed once. */
  readonly seal: (acts: readonly Sealing[]) => Promise<readonly number[]>;
}

/** Where alerts are raised, passed on and closed. Any number of servers may have one on the same database. */
export interface Desk {
  /** Looks at what is so and does to alerts what follows. False where another server is looking. */
  look(see: (undelivered: Sight['undelivered']) => Promise<Sight>): Promise<boolean>;
  /** Does what time demands: wakes, escalates, brings notifications, seals acts. */
  tick(): Promise<void>;
  /** What a person does. Gives the alert as it stands then, or why it cannot be done; `null` where there is no such alert. */
  act(id: string, deed: Deed, by: string): Promise<Alert | { readonly refused: string } | null>;
  /** Brings one message at once, to try a channel; it is no alert's. */
  test(channel: string): Promise<Sent | null>;
  /** The next instant at which there is something to do. */
  next(): Promise<Instant>;
}

/** So long one server answers for a notification that it has taken: longer than any channel takes to fail. */
const LEASE = minutes(2);
const TURN = minutes(5);
/** So often one notification is tried, and so long is waited after each attempt. */
const BACKOFF: readonly Duration[] = [15_000, 30_000, 60_000, 120_000];
const LONGEST_WAIT = minutes(15);
/** So many are brought side by side: one channel that hangs does not hold up the others. */
const HANDS = 4;
/** So many acts are sealed under one checkpoint. */
const SEALED = 200;

export function desk(options: DeskOptions): Desk {
  const { kept, clock, holder, seal } = options;
  const planned = new Set<string>();

  return {
    async look(see) {
      if (!(await kept.turn(holder, clock(), TURN))) return false;
      try {
        const undelivered = (await kept.undelivered()).filter(({ channel }) => options.channels.has(channel));
        await reconcile(await see(undelivered));
      } finally {
        await kept.endTurn(holder);
      }
      return true;
    },

    async tick() {
      for (const alert of await kept.list(true)) await onTime(alert);
      await Promise.all(Array.from({ length: HANDS }, bringAll));
      await sealAll();
    },

    async act(id, deed, by) {
      const now = clock();
      let refused: string | null = null;
      let over = false;
      const alert = await kept.change(
        id,
        now,
        (it) => {
          refused = refusal(it, deed, now);
          over = it.state === 'resolved';
          return refused === null ? { deed, by } : null;
        },
        (it) => (over ? [] : toldOf(it, deed, now)),
      );
      return refused === null ? alert : { refused };
    },

    async test(name) {
      const channel = options.channels.get(name);
      if (!channel) return null;
      const at = clock();
      const alert = { alert: 'A-trial', delivery: `A-trial.${name}.${at}`, says: 'raised', company: options.teller.company, severity: 'low' } as const;
      return channel.send({ ...alert, title: `This is a trial of the channel ${name}: nothing is wrong`, lines: [], url: null, at, trial: true });
    },

    async next() {
      const now = clock();
      const steps = (await kept.list(true)).map((alert) => nextStep(alert, options.policy, now));
      return Math.min(now + LOOK_EVERY, (await kept.nextTry()) ?? NEVER, ...steps);
    },
  };

  async function reconcile(sight: Sight): Promise<void> {
    const { policy } = options;
    const now = clock();
    const signals = new Map(signalsOf(sight, policy).map((signal) => [keyOf(signal), signal]));
    const live = await kept.live(now - policy.reopen);
    for (const [name, signal] of signals) {
      const newest = live.get(name) ?? null;
      const deed = bySignal(newest, signal, policy, now);
      if (deed === null) continue;
      if (newest === null || deed.do === 'raise') await kept.begin(name, now, (it) => only(['raise'], bySignal(it, signal, policy, now)));
      else await kept.change(newest.id, now, (it) => only(['reopen', 'grow'], bySignal(it, signal, policy, now)));
    }
    for (const [name, alert] of live) {
      if (signals.has(name) || !alert.lasts) continue;
      await kept.change(
        alert.id,
        now,
        (it) => only(['end'], byAbsence(it, policy)),
        (it) => (it.resolved?.conclusion === 'auto_resolved' && it.resolved.at === now ? followUps(it, 'resolved', it.told, now) : []),
      );
    }
  }

  async function onTime(alert: Alert): Promise<void> {
    const { policy } = options;
    const now = clock();
    const doing = (it: Alert) => {
      const what = byTime(it, policy, now);
      return what === null ? null : { deed: { do: what }, by: TICKMARK };
    };
    const it = (doing(alert) && (await kept.change(alert.id, now, doing))) ?? alert;
    const due = dueNotices(it, policy, now).filter(({ id }) => !planned.has(id));
    if (due.length === 0) return;
    await kept.plan(alert.id, (present) => dueNotices(present, policy, now));
    for (const { id } of due) planned.add(id);
  }

  async function bringAll(): Promise<void> {
    for (;;) {
      const notice = await kept.claim(holder, clock(), LEASE);
      if (notice === null) return;
      await kept.finish(notice, holder, clock(), await bring(notice));
    }
  }

  async function bring(notice: KeptNotice): Promise<Outcome> {
    const alert = await kept.alert(notice.alert);
    const late = alert === null ? 'there is no such alert' : withheld(alert, notice, clock());
    if (alert === null || late !== null) return { state: 'withheld', because: late ?? '' };
    const channel = options.channels.get(notice.channel);
    if (!channel) return { state: 'failed', because: 'the configuration has no such channel any more' };
    const sent = await channel.send(messageOf(alert, notice, options.teller, clock()));
    if (sent.ok) return { state: 'sent' };
    const wait = BACKOFF[notice.attempts - 1];
    if (!sent.retry || wait === undefined) return { state: 'failed', because: sent.because };
    return { state: 'waiting', because: sent.because, nextAt: clock() + Math.min(Math.max(wait, sent.retryAfter ?? 0), LONGEST_WAIT) };
  }

  function toldOf(alert: Alert, deed: Deed, now: Instant): readonly Notice[] {
    if (deed.do === 'resolve') return followUps(alert, 'resolved', alert.told, now);
    if (deed.do !== 'acknowledge') return [];
    const escalating = alert.told.filter((name) => options.channels.get(name)?.escalates === true);
    return followUps(alert, 'acknowledged', escalating, now);
  }

  async function sealAll(): Promise<void> {
    for (;;) {
      const acts = await kept.unsealed(SEALED);
      if (acts.length === 0) return;
      const sealing = await withAlerts(acts);
      await kept.sealed(sealing, await seal(sealing));
      if (acts.length < SEALED) return;
    }
  }

  /** Each act with its alert as it stood then: what the record says of it is true of that moment. */
  async function withAlerts(acts: readonly KeptAct[]): Promise<readonly Sealing[]> {
    const stood = new Map<string, Alert>();
    for (const id of new Set(acts.map(({ alert }) => alert))) {
      let alert: Alert | null = null;
      for (const act of await kept.acts(id)) {
        alert = after(id, alert, act);
        stood.set(place(act), alert);
      }
    }
    return acts.flatMap((act) => {
      const its = stood.get(place(act));
      return its ? [{ ...act, after: its }] : [];
    });
  }
}

const place = ({ alert, seq }: Pick<KeptAct, 'alert' | 'seq'>): string => `${alert} ${seq}`;

/** What may be done under this lock; what was decided otherwise meanwhile is for the next look. */
const only = (deeds: readonly Act['deed']['do'][], deed: Deed | null) => (deed !== null && deeds.includes(deed.do) ? { deed, by: TICKMARK } : null);

/** Why a notification is not brought any more; `null` where it is. */
function withheld(alert: Alert, { says, round }: KeptNotice, now: Instant): string | null {
  if (says === 'resolved') return alert.state === 'resolved' ? null : 'it was reopened before that could be told';
  if (says === 'acknowledged') return alert.state === 'acknowledged' ? null : 'it was acknowledged no more before that could be told';
  if (alert.state !== 'open') return `it was ${alert.state} before it could be told`;
  if (alert.round !== round) return 'it is told anew';
  return alert.snoozedUntil !== null && alert.snoozedUntil > now ? 'it was put off before it could be told' : null;
}
