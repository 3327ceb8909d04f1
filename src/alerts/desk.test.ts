import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { days, hours, minutes } from '../core/instant.ts';
import type { Occurrence } from '../engine/occurrences.ts';
import type { Posture } from '../engine/posture.ts';
import { type Channel, type Message, notSent, SENT, type Sent } from '../notify/channel.ts';
import { openDatabase } from '../store/database.ts';
import { migrate } from '../store/migrate.ts';
import { type Alert, folded } from './alert.ts';
import { type Desk, desk, type Sealing } from './desk.ts';
import { keptIn } from './kept.ts';
import type { Policy } from './policy.ts';
import type { Sight } from './signals.ts';
import { cases } from '../engine/testing/cases.ts';
import { AT, policy } from './testing/made.ts';

const dir = mkdtempSync(join(tmpdir(), 'alerts-'));
const database = await openDatabase({ dir });
await migrate(database.sql);
const kept = keptIn(() => database);
afterAll(async () => {
  await database.close();
  rmSync(dir, { recursive: true, force: true });
});

let now = AT;
let sent: { readonly channel: string; readonly message: Message; readonly at: number }[] = [];
let log: Sealing[] = [];
let answer: (channel: string) => Sent = () => SENT;
beforeEach(async () => {
  await sql`truncate alerts.alert, alerts.act, alerts.notice, alerts.turn`.execute(database.sql);
  [now, sent, log, answer] = [AT, [], [], () => SENT];
});

const channel = (name: string): Channel => ({
  kind: 'webhook',
  escalates: name === 'pager',
  async send(message) {
    const its = answer(name);
    if (its.ok) sent.push({ channel: name, message, at: now });
    return its;
  },
});
const channels = new Map(['chat', 'pager', 'mail'].map((name) => [name, channel(name)]));

function server(holder: string, its: Policy = policy()): Desk {
  return desk({
    kept,
    policy: its,
    channels,
    clock: () => now,
    holder,
    teller: { company: 'Acme', url: 'https://tickmark.acme.example/', demo: false },
    // As the archive does: what has its id already is not sealed again.
    seal: async (acts) =>
      acts.map((act) => {
        const there = log.findIndex(({ alert, seq }) => alert === act.alert && seq === act.seq);
        return there >= 0 ? there : log.push(act) - 1;
      }),
  });
}

const posture = (failing: readonly string[]): Posture =>
  ({
    controls: failing.map((id) => ({ id, title: `Control ${id}`, alert: 'fail', severity: 'high', checks: [] })),
    checks: [],
    unwaived: new Map(),
  }) as unknown as Posture;
const sight = (failing: readonly string[], over: Partial<Sight> = {}): ((undelivered: Sight['undelivered']) => Promise<Sight>) => {
  const nothing = { silences: [], deadlines: () => [], occurrences: [] as Occurrence[], complaints: [], jobs: [] };
  return async (undelivered) => ({ now, posture: posture(failing), ...nothing, undelivered, ...over });
};
const told = () => sent.map(({ channel: name, message: { says, delivery } }) => `${says} ${name} ${delivery.split('.').slice(1, -1).join('.')}`);
const only = async (): Promise<Alert> => {
  const [alert, more] = await kept.list(false);
  if (!alert || more) throw new RangeError('not one alert');
  return alert;
};
const MARIA = 'maria.lopez@acme.example';
const resolve = { do: 'resolve', conclusion: 'true_positive', cause: 'a group was left out of the policy', incident: null } as const;

describe('an alert', () => {
  it('is raised once however often it is seen, passed on step by step until somebody takes it, and over when its cause is', async () => {
    const [one, two] = [server('one'), server('two')];
    await one.look(sight(['AC-02']));
    await two.look(sight(['AC-02']));
    await Promise.all([one.tick(), two.tick()]);
    expect(told()).toEqual(['raised chat 1.0']);
    now += minutes(30);
    await Promise.all([one.tick(), two.tick()]);
    expect(told().slice(1).sort()).toEqual(['raised chat 1.1', 'raised pager 1.1']);
    const { id } = await only();
    now += minutes(5);
    expect(await two.act(id, { do: 'acknowledge' }, MARIA)).toMatchObject({ state: 'acknowledged', acknowledged: { at: now, by: MARIA } });
    now += hours(2);
    await one.tick();
    expect(told().slice(3)).toEqual(['acknowledged pager acknowledged.5']); // the mail of the third step is never sent
    await one.look(sight([]));
    await two.tick();
    expect(told().slice(4).sort()).toEqual(['resolved chat resolved.7', 'resolved pager resolved.7']);
    expect(sent.at(-1)?.message.lines[0]).toBe('Of itself: its cause has ended');
    expect(await only()).toMatchObject({ state: 'resolved', escalatedAt: AT + minutes(30) });
  });

  it('leaves a record of every act, from which all of it follows', async () => {
    const one = server('one');
    await one.look(sight(['AC-02']));
    await one.tick();
    const { id } = await only();
    await one.act(id, { do: 'note', text: 'the new group has no factor' }, MARIA);
    await one.act(id, { do: 'assign', to: 'jonas.keller@acme.example' }, MARIA);
    await one.act(id, resolve, MARIA);
    await one.tick();
    expect(log.map(({ seq, by, deed }) => `${seq} ${by} ${deed.do}`)).toEqual([
      '1 tickmark raise',
      '2 tickmark notify',
      `3 ${MARIA} note`,
      `4 ${MARIA} assign`,
      `5 ${MARIA} resolve`,
      '6 tickmark notify',
    ]);
    expect(folded(id, log)).toEqual(await only());
    expect(log.map(({ after }) => after.state)).toEqual(['open', 'open', 'open', 'open', 'resolved', 'resolved']);
    expect((await kept.acts(id)).map(({ record }) => record)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(log[4]?.after.resolved).toMatchObject({ by: MARIA, conclusion: 'true_positive', cause: 'a group was left out of the policy' });
  });

  it('is refused what makes no sense, and there is none that nobody raised', async () => {
    const one = server('one');
    await one.look(sight(['AC-02']));
    const { id } = await only();
    await one.act(id, { do: 'acknowledge' }, MARIA);
    expect(await one.act(id, { do: 'acknowledge' }, MARIA)).toEqual({ refused: `${id} is acknowledged already` });
    expect(await one.act('A-none', { do: 'acknowledge' }, MARIA)).toBeNull();
  });

  it('waits for the morning, unless it is critical', async () => {
    const quiet = { from: 22 * 60, to: 7 * 60, weekends: false, timezone: 'UTC' };
    const one = server('one', policy({ quiet }));
    now = Date.parse('2026-03-04T23:00:00Z');
    await one.look(sight(['AC-02'], { complaints: [{ code: 'FORK', grave: true }] }));
    await one.tick();
    expect(sent.map(({ message: { title } }) => title)).toEqual(['The log is not what was sealed (FORK)']);
    now = Date.parse('2026-03-05T07:00:00Z');
    await one.tick();
    expect(told().filter((line) => line.endsWith(' 1.0'))).toHaveLength(2);
    expect(await one.next()).toBe(now + minutes(5));
  });
});

describe('a channel', () => {
  const FAILS = notSent('it answered 500', true);

  it('that fails is tried again, later and later, and raises an alert that goes elsewhere', async () => {
    const one = server('one');
    answer = (name) => (name === 'chat' ? FAILS : SENT);
    await one.look(sight(['AC-02']));
    const { id } = await only();
    const tries: number[] = [];
    for (let minute = 0; minute < 10; minute++, now += minutes(1)) {
      await one.tick();
      tries.push((await kept.notices(id)).find(({ id: its }) => its === `${id}.1.0.chat`)?.attempts ?? 0);
    }
    expect(tries).toEqual([1, 2, 3, 4, 4, 5, 5, 5, 5, 5]);
    await one.look(sight(['AC-02']));
    const failing = (await kept.list(true)).find(({ signal }) => signal.on === 'delivery');
    expect(failing?.signal).toMatchObject({ key: 'channel chat', avoid: 'chat', severity: 'high' });
    expect(log.find(({ deed }) => deed.do === 'fail')?.deed).toEqual({
      do: 'fail',
      delivery: { round: 1, step: 0, channel: 'chat', says: 'raised', attempts: 5, because: 'it answered 500' },
    });
    now += minutes(60);
    await one.tick();
    expect(sent.filter(({ message }) => message.alert === failing?.id).map(({ channel: name }) => name)).toEqual(['pager', 'mail']);
    // It goes again: the next look ends the alert.
    answer = () => SENT;
    now += minutes(30);
    await one.tick();
    expect(sent.some(({ channel: name }) => name === 'chat')).toBe(true);
    await one.look(sight(['AC-02']));
    expect((await kept.alert(failing?.id ?? ''))?.state).toBe('resolved');
  });

  it('that asks for time is given it', async () => {
    const one = server('one');
    answer = () => notSent('it answered 429', true, minutes(5));
    await one.look(sight(['AC-02']));
    await one.tick();
    answer = () => SENT;
    now += minutes(5) - 1;
    await one.tick();
    expect(sent).toEqual([]);
    now += 1;
    await one.tick();
    expect(told()).toEqual(['raised chat 1.0']);
  });

  it('is not told what somebody has taken meanwhile', async () => {
    const one = server('one');
    answer = () => FAILS;
    await one.look(sight(['AC-02']));
    await one.tick();
    const { id } = await only();
    await one.act(id, { do: 'acknowledge' }, MARIA);
    answer = () => SENT;
    now += minutes(1);
    await one.tick();
    expect([sent, (await kept.notices(id)).map(({ state, error }) => `${state}: ${error}`)]).toEqual([
      [],
      ['withheld: it was acknowledged before it could be told'],
    ]);
  });

  it('can be tried, and what is tried is no alert', async () => {
    const one = server('one');
    expect([await one.test('chat'), await one.test('nowhere')]).toEqual([SENT, null]);
    expect([sent[0]?.message.trial, await kept.list(false)]).toEqual([true, []]);
  });
});

it('lets one server look at a time, and another one where that one is gone', async () => {
  const [one, two] = [server('one'), server('two')];
  let answered: (() => void) | undefined;
  const slow = one.look(async (undelivered) => {
    await new Promise<void>((done) => {
      answered = done;
    });
    return sight([])(undelivered);
  });
  while (!answered) await new Promise((done) => setTimeout(done, 5));
  expect(await two.look(sight(['AC-02']))).toBe(false);
  answered();
  expect([await slow, await two.look(sight([]))]).toEqual([true, true]);
  await expect(one.look(() => Promise.reject(new Error('the log cannot be read')))).rejects.toThrow('the log cannot be read');
  expect([await two.look(sight([])), await kept.turn('crashed', now, minutes(5)), await two.look(sight([]))]).toEqual([true, true, false]);
  now += minutes(5);
  expect(await two.look(sight([]))).toBe(true);
});

/** What may happen, in any order, to one alert and two servers that may crash at any moment. */
type Event =
  | { readonly is: 'passes'; readonly minutes: number }
  | { readonly is: 'looks' | 'ticks' | 'restarts'; readonly who: 0 | 1 }
  | { readonly is: 'both tick' }
  | { readonly is: 'fails' | 'ends' | 'channels fail' | 'channels work' | 'acknowledge' | 'resolve' }
  | { readonly is: 'snooze'; readonly minutes: number };
const who = fc.constantFrom<0 | 1>(0, 1);
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ is: fc.constant('passes' as const), minutes: fc.constantFrom(1, 7, 30, 61, 500) }),
  fc.record({ is: fc.constantFrom('looks' as const, 'ticks' as const, 'restarts' as const), who }),
  fc.record({ is: fc.constant('both tick' as const) }),
  fc.record({
    is: fc.constantFrom('fails' as const, 'ends' as const, 'channels fail' as const, 'channels work' as const, 'acknowledge' as const, 'resolve' as const),
  }),
  fc.record({ is: fc.constant('snooze' as const), minutes: fc.constantFrom(5, 90) }),
);

it('tells each step once and loses none, whatever happens to alerts, people, channels and two servers', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc
      .asyncProperty(fc.array(event, { minLength: 5, maxLength: 25 }), async (events) => {
        const servers = [server('one'), server('two')] as [Desk, Desk];
        let [failing, restarts] = [true, 0];
        const see = () => sight(failing ? ['AC-02'] : []);
        await servers[0].look(see());
        const act = async (deed: Parameters<Desk['act']>[1]) => {
          const [alert] = await kept.list(true);
          if (alert) await servers[1].act(alert.id, deed, MARIA);
        };
        for (const it of events) {
          if (it.is === 'passes') now += minutes(it.minutes);
          else if (it.is === 'looks') await servers[it.who].look(see());
          else if (it.is === 'ticks') await servers[it.who].tick();
          else if (it.is === 'both tick') await Promise.all(servers.map((its) => its.tick()));
          else if (it.is === 'restarts') servers[it.who] = server(`again ${++restarts}`);
          else if (it.is === 'fails' || it.is === 'ends') failing = it.is === 'fails';
          else if (it.is === 'channels fail') answer = () => notSent('it answered 500', true);
          else if (it.is === 'channels work') answer = () => SENT;
          else if (it.is === 'snooze') await act({ do: 'snooze', until: now + minutes(it.minutes), text: 'later' });
          else if (it.is === 'acknowledge') await act({ do: 'acknowledge' });
          else await act(resolve);
        }
        answer = () => SENT;
        // Time for all that waits, and for no more: nobody looks any more.
        for (let round = 0; round < 12; round++, now += minutes(15)) await servers[round % 2 === 0 ? 0 : 1].tick();

        const keys = sent.map(({ message }) => message.delivery);
        expect(new Set(keys).size).toBe(keys.length);
        for (const alert of await kept.list(false)) {
          const notices = await kept.notices(alert.id);
          expect(notices.filter(({ state, nextAt }) => state === 'waiting' && nextAt <= now - minutes(15))).toEqual([]);
          expect(notices.filter(({ state }) => state === 'sent').map(({ id }) => id)).toEqual(
            expect.arrayContaining(keys.filter((key) => key.startsWith(alert.id))),
          );
          const acts = await kept.acts(alert.id);
          expect(folded(alert.id, acts)).toEqual(alert);
          expect(acts.every(({ record }) => record !== null)).toBe(true);
          // Every step that came due while it was open has been told, has failed, or was withheld for a reason.
          if (alert.state === 'open' && alert.snoozedUntil === null) {
            const since = now - minutes(15) - alert.openedAt;
            const due = [
              [0, 'chat'],
              [30, 'chat'],
              [30, 'pager'],
              [60, 'mail'],
            ].filter(([after]) => minutes(Number(after)) <= since);
            expect(notices.filter(({ round, says }) => round === alert.round && says === 'raised')).toHaveLength(due.length);
          }
        }
        expect(log.length).toBe(new Set(log.map(({ alert, seq }) => `${alert} ${seq}`)).size);
      })
      .beforeEach(async () => {
        await sql`truncate alerts.alert, alerts.act, alerts.notice, alerts.turn`.execute(database.sql);
        [now, sent, log, answer] = [AT, [], [], () => SENT];
      }),
    { numRuns: cases(3) },
  );
});

it('brings again what a server took and never brought, under the same name', async () => {
  const one = server('one');
  await one.look(sight(['AC-02']));
  const { id } = await only();
  await kept.plan(id, (alert) => [{ id: `${alert.id}.1.0.chat`, round: 1, step: 0, channel: 'chat', says: 'raised', due: now }]);
  const taken = await kept.claim('crashed', now, minutes(2));
  expect(taken?.id).toBe(`${id}.1.0.chat`);
  await one.tick();
  expect(sent).toEqual([]);
  now += minutes(2);
  await one.tick();
  expect(told()).toEqual(['raised chat 1.0']);
  // The one that was thought to be gone comes back, and has no say any more.
  expect(taken && (await kept.finish(taken, 'crashed', now, { state: 'sent' }))).toBe(false);
  expect((await kept.acts(id)).map(({ deed }) => deed.do)).toEqual(['raise', 'notify']);
  now += days(1);
});
