import { describe, expect, it } from 'vitest';
import { folded } from '../../src/alerts/alert.ts';
import { type Desk, desk } from '../../src/alerts/desk.ts';
import { keptIn } from '../../src/alerts/kept.ts';
import type { Sight } from '../../src/alerts/signals.ts';
import { AT, policy } from '../../src/alerts/testing/made.ts';
import { minutes } from '../../src/core/instant.ts';
import type { Posture } from '../../src/engine/posture.ts';
import { type Channel, SENT } from '../../src/notify/channel.ts';
import { openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { databases } from './databases.ts';

const { skip, fresh } = databases('alerts');
const SERVERS = 4;
const MARIA = 'maria.lopez@acme.example';

describe.skipIf(skip)('alerts of several servers on one PostgreSQL server', () => {
  it('are raised once, acted on once and told once for each step, however the servers come in between each other', async () => {
    const { url } = await fresh();
    const opened = await Promise.all(Array.from({ length: SERVERS }, () => openDatabase({ url })));
    for (const { sql } of opened.slice(0, 1)) await migrate(sql);
    let now = AT;
    const told: string[] = [];
    const sealed = new Map<string, number>();
    const channel: Channel = {
      kind: 'webhook',
      escalates: false,
      async send({ delivery }) {
        await new Promise((done) => setTimeout(done, 5)); // others come in between
        told.push(delivery);
        return SENT;
      },
    };
    const posture = {
      controls: ['AC-01', 'AC-02', 'AC-03'].map((id) => ({ id, title: id, alert: 'fail', severity: 'high', checks: [] })),
      checks: [],
      findings: [],
    };
    const see = async (undelivered: Sight['undelivered']): Promise<Sight> => ({
      now,
      posture: posture as unknown as Posture,
      silences: [],
      deadlines: () => [],
      occurrences: [],
      complaints: [],
      jobs: [],
      undelivered,
    });
    const desks: readonly Desk[] = opened.map((database, place) =>
      desk({
        kept: keptIn(() => database),
        policy: policy(),
        channels: new Map(['chat', 'pager', 'mail'].map((name) => [name, channel])),
        clock: () => now,
        holder: `server ${place}`,
        teller: { company: 'Acme', url: null, demo: false },
        // As the archive does: what has its id already keeps its index.
        seal: async (acts) =>
          acts.map(({ alert, seq }) => {
            const id = `${alert} ${seq}`;
            if (!sealed.has(id)) sealed.set(id, sealed.size);
            return sealed.get(id) as number;
          }),
      }),
    );
    const all = (act: (its: Desk) => Promise<unknown>) => Promise.all(desks.map(act));
    try {
      await all((its) => its.look(see));
      await all((its) => its.tick());
      now += minutes(31);
      await all((its) => its.tick());
      const kept = keptIn(() => opened[0] as (typeof opened)[number]);
      const [first] = await kept.list(true);
      const outcomes = await all((its) => its.act(first?.id ?? '', { do: 'acknowledge' }, MARIA));
      expect(outcomes.filter((it) => typeof it === 'object' && it !== null && 'refused' in it)).toHaveLength(SERVERS - 1);
      now += minutes(31);
      await all((its) => its.tick());
      await all((its) => its.look(see));

      const alerts = await kept.list(false);
      expect(alerts).toHaveLength(3);
      const ids = alerts.map(({ id }) => id).sort();
      const steps = ids.flatMap((id) => ['1.0.chat', '1.1.chat', '1.1.pager', ...(id === first?.id ? [] : ['1.2.mail'])].map((step) => `${id}.${step}`));
      expect(told.toSorted()).toEqual(steps.toSorted());
      for (const alert of alerts) {
        const acts = await kept.acts(alert.id);
        expect(folded(alert.id, acts)).toEqual(alert);
        expect(acts.map(({ record }) => record !== null)).toEqual(acts.map(() => true));
      }
      expect(sealed.size).toBe((await Promise.all(ids.map((id) => kept.acts(id)))).flat().length);
      expect([await kept.undelivered(), await kept.nextTry(), await kept.isEmpty()]).toEqual([[], null, false]);
    } finally {
      await Promise.all(opened.map((database) => database.close()));
    }
  });
});
