import { expect, it } from 'vitest';
import type { Collector, Of } from '../collectors/collector.ts';
import type { Artifact, Witness } from '../collectors/source.ts';
import { type Order, perform, skipped } from './run.ts';

const NOW = Date.parse('2026-03-01T02:00:00Z');
const artifact = (date: string): Artifact => ({
  name: 'list',
  request: { method: 'GET', url: 'https://api.acme.example/list', body: null },
  status: 200,
  headers: { date },
  body: new Uint8Array(),
  startedAt: NOW,
  finishedAt: NOW,
});
const witness = (received: number): Witness => ({ askedAs: 'maria', answeredBy: '77', granted: ['read'], totals: { list: { received, total: 2 } } });

function order(received: number, date = new Date(NOW).toUTCString(), after: string | null = null): Order {
  const collector = {
    id: 'acme/list',
    version: 1,
    collect: async function* () {
      yield artifact(date);
    },
    witness: () => witness(received),
    mark: (_: unknown, { after: before }: Of<unknown>) => ({ after: `${before ?? ''}x`, more: before === null }),
    normalize: () => [],
  } as unknown as Collector;
  return {
    collector,
    name: 'acme',
    partition: 'acme',
    config: {},
    timezone: 'UTC',
    slot: NOW,
    every: 86_400_000,
    demo: false,
    endpoint: null,
    since: NOW,
    after,
  };
}

const run = (its: Order) =>
  perform(
    its,
    async () => ({
      source: {} as never,
      questions: () => [{ name: 'list', request: { method: 'GET', url: '/list', body: null }, pages: 1, ended: true, received: null, total: null }],
    }),
    () => NOW,
  );

it('keeps who asked, who answered, the rights, and the count of the source', async () => {
  const { draft } = await run(order(2));
  expect(draft.body).toMatchObject({ outcome: 'success', askedAs: 'maria', answeredBy: '77', granted: ['read'], clockSkew: 0 });
  expect(draft.body.kind === 'run' && draft.body.questions).toMatchObject([{ received: 2, total: 2 }]);
});

it('is incomplete where it received fewer entries than the source counts', async () => {
  const { draft, more } = await run(order(1));
  expect(draft.body).toMatchObject({ outcome: 'failure', reason: expect.stringContaining('gave 1 entries, and the source counts 2'), mark: null });
  expect(more).toBe(false);
});

it('keeps how far the clock of the source is off', async () => {
  const { draft } = await run(order(2, 'Sun, 01 Mar 2026 02:07:00 GMT'));
  expect(draft.body).toMatchObject({ clockSkew: 420_000 });
});

it('goes on where the last complete run left off, and says whether there is more', async () => {
  const first = await run(order(2));
  expect([first.draft.body, first.more]).toMatchObject([{ after: null, mark: 'x' }, true]);
  const second = await run(order(2, '', 'x'));
  expect([second.draft.body, second.more]).toMatchObject([{ after: 'x', mark: 'xx', clockSkew: null }, false]);
});

it('tells of a slot in which nothing was asked', () => {
  expect(skipped(order(2), NOW + 1).body).toMatchObject({ outcome: 'skip', slot: NOW, reason: expect.stringContaining('2026-03-01T02:00:00') });
});
