import { describe, expect, it } from 'vitest';
import type { Workspace } from '../../app/views.ts';
import type { Principal } from '../../auth/roles.ts';
import { api } from './api.ts';
import { hub } from './hub.ts';
import { principal, START } from './testing/company.ts';

const checkpoint = { origin: 'acme.example', size: 7, root: 'AAAA' };

/** Listens to `/api/events`, and reads it event by event. */
function listening(first: Principal | null) {
  let who = first;
  const its = hub('life');
  const workspace = { now: () => START, checkpoint: async () => checkpoint } as unknown as Workspace;
  const app = api({
    services: { workspace, hub: its, signIn: {} as never, failed: (error) => Promise.reject(error), heartbeat: 20 },
    principalOf: async () => who,
  });
  const listen = async (headers: Record<string, string> = {}) => {
    const response = await app.request('http://127.0.0.1:7400/api/events', { headers });
    const reader = (response.body ?? new ReadableStream<Uint8Array>()).getReader();
    const decoder = new TextDecoder();
    let text = '';
    const next = async (): Promise<{
      readonly event: string;
      readonly id: string | null;
      readonly data: { readonly type: string; readonly [field: string]: unknown };
    } | null> => {
      for (;;) {
        const end = text.indexOf('\n\n');
        if (end !== -1) {
          const lines = text.slice(0, end).split('\n');
          text = text.slice(end + 2);
          const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? null;
          const data = field('data');
          if (data !== null) return { event: field('event') ?? '', id: field('id'), data: JSON.parse(data) };
          continue;
        }
        const { done, value } = await reader.read();
        if (done) return null;
        text += decoder.decode(value, { stream: true });
      }
    };
    /** The next that is no heartbeat. */
    const news = async () => {
      for (;;) {
        const event = await next();
        if (event?.data.type !== 'heartbeat') return event;
      }
    };
    return { response, next, news, close: () => reader.cancel() };
  };
  const as = (principal: Principal | null) => {
    who = principal;
  };
  return { hub: its, listen, as };
}

const posture = (controls: readonly string[] | null, data: string) => ({ type: 'posture', at: START, permission: 'posture.read' as const, controls, data });
const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
};

describe('the stream of events', () => {
  it('begins with where the log stands, and tells what happens with an id', async () => {
    const { hub: its, listen } = listening(principal('auditor'));
    const stream = await listen();
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream');
    expect(await stream.next()).toEqual({
      event: 'message',
      id: null,
      data: { type: 'heartbeat', at: '2026-03-02T09:00:00Z', controls: null, checkpoint, data: null },
    });
    its.tell(posture(['AC-01'], 'one'));
    expect(await stream.news()).toEqual({
      event: 'message',
      id: 'life-1',
      data: { type: 'posture', at: '2026-03-02T09:00:00Z', controls: ['AC-01'], checkpoint: null, data: 'one' },
    });
    await stream.close();
    await until(() => its.listeners === 0);
  });

  it('tells who comes back what they missed, and to ask anew where that is not known', async () => {
    const { hub: its, listen } = listening(principal('auditor'));
    for (const word of ['one', 'two', 'three']) its.tell(posture(null, word));
    const back = await listen({ 'last-event-id': 'life-1' });
    expect([(await back.news())?.data.data, (await back.news())?.data.data]).toEqual(['two', 'three']);
    await back.close();
    const stranger = await listen({ 'last-event-id': 'another-9' });
    expect((await stranger.news())?.data.type).toBe('reset');
    await stranger.close();
  });

  it('ends when the session does', async () => {
    const { hub: its, listen, as } = listening(principal('manager'));
    const stream = await listen();
    await stream.next();
    as(null);
    its.tell(posture(null, 'told before it is known'));
    let last = await stream.next();
    for (let next = last; next; next = await stream.next()) last = next;
    expect(last?.event).not.toBe('error');
    await until(() => its.listeners === 0);
  });

  it('ends when another comes in its place, or may not read any more', async () => {
    const { listen, as, hub: its } = listening(principal('manager'));
    const stream = await listen();
    as(principal('manager', { scopes: ['sources.read'] }));
    while (await stream.next());
    expect(its.listeners).toBe(0);
  });

  it('tells only what one may read, and of one’s own controls', async () => {
    const { hub: its, listen } = listening(principal('auditor', { scopes: ['posture.read'], bounds: { period: null, controls: ['AC-01'] } }));
    const stream = await listen();
    await stream.next();
    its.tell({ type: 'alert', at: START, permission: 'alerts.read', controls: ['AC-01'], data: 'not yours to read' });
    its.tell(posture(['CM-01'], 'of another control'));
    its.tell(posture(null, 'of everything'));
    its.tell(posture(['AC-01', 'CM-01'], 'of both'));
    its.tell(posture(['AC-01'], 'yours'));
    expect((await stream.news())?.data).toMatchObject({ controls: ['AC-01'], data: null });
    expect((await stream.news())?.data).toMatchObject({ controls: ['AC-01'], data: 'yours' });
    await stream.close();
  });

  it('tells nothing of what happens after the period that one is bounded to', async () => {
    const { hub: its, listen } = listening(principal('auditor', { bounds: { period: { from: START - 10, to: START }, controls: null } }));
    const stream = await listen();
    await stream.next();
    its.tell(posture(null, 'too late'));
    its.tell({ ...posture(null, 'in time'), at: START - 5 });
    expect((await stream.news())?.data.data).toBe('in time');
    await stream.close();
  });
});
