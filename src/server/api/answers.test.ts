import { describe, expect, it } from 'vitest';
import { minutes } from '../../core/instant.ts';
import { answersOf, etagOf, holds } from './answers.ts';
import { together } from './together.ts';

const bytes = (text: string) => Buffer.from(text);
const START = minutes(100);

function known() {
  const state = { size: 1, now: START, next: Number.POSITIVE_INFINITY, looks: 0 };
  const answers = answersOf(
    {
      program: { code: '1', catalog: 'c' },
      now: () => state.now,
      checkpoint: async () => {
        state.looks++;
        return { origin: 'acme', size: state.size, root: `root ${state.size}` };
      },
      nextChange: async () => state.next,
    },
    100,
  );
  return { state, answers };
}

describe('what an answer stands on', () => {
  it('changes with the log, at the instant at which a claim changes, and each minute', async () => {
    const { state, answers } = known();
    const first = await answers.footing();
    expect(first.until).toBe(START + minutes(1));
    state.now += 59_999;
    expect(await answers.footing()).toBe(first);
    state.now += 1;
    state.next = state.now + 10;
    expect((await answers.footing()).until).toBe(state.now + 10);
    state.now += 10;
    state.next = Number.POSITIVE_INFINITY;
    expect((await answers.footing()).until).toBe(START + minutes(2));
    state.size = 2;
    expect((await answers.footing()).log).toBe('acme 2 root 2 1 c');
  });

  it('is looked at once for those who ask at once, and anew for whoever asks after a look has begun', async () => {
    const { state, answers } = known();
    const asked = [answers.footing(), answers.footing(), answers.footing()];
    state.size = 2;
    expect((await Promise.all(asked)).map(({ log }) => log)).toEqual(['acme 1 root 1 1 c', 'acme 2 root 2 1 c', 'acme 2 root 2 1 c']);
    expect(state.looks).toBe(2);
  });
});

describe('an answer', () => {
  it('is made once for all who ask at once, and kept', async () => {
    const { answers } = known();
    let made = 0;
    const make = async () => bytes(`answer ${++made}`);
    const all = await Promise.all([answers.answer('a', make), answers.answer('a', make), answers.answer('b', make)]);
    expect(all.map(({ body }) => body.toString())).toEqual(['answer 1', 'answer 1', 'answer 2']);
    expect((await answers.answer('a', make)).body.toString()).toBe('answer 1');
  });

  it('is not kept where making it failed, and tells all who waited', async () => {
    const { answers } = known();
    const failing = () => Promise.reject(new Error('no'));
    const told = await Promise.allSettled([answers.answer('a', failing), answers.answer('a', failing)]);
    expect(told.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect((await answers.answer('a', async () => bytes('yes'))).body.toString()).toBe('yes');
  });

  it('gives way, the least lately asked first, and one that is too large is never kept', async () => {
    const { answers } = known();
    let made = 0;
    const of = (size: number) => async () => {
      made++;
      return bytes('x'.repeat(size));
    };
    for (const name of ['a', 'b', 'c', 'd']) await answers.answer(name, of(25));
    await answers.answer('a', of(25));
    await answers.answer('e', of(25));
    expect(made).toBe(5);
    await answers.answer('a', of(25));
    expect(made).toBe(5);
    await answers.answer('b', of(25));
    expect(made).toBe(6);
    await answers.answer('large', of(26));
    await answers.answer('large', of(26));
    expect(made).toBe(8);
  });

  it('is held by whoever names it, weakly compared', () => {
    const etag = etagOf(['question']);
    expect([holds(null, etag), holds(etag, etag), holds(`"a", ${etag.slice(2)}`, etag), holds('*', etag), holds('"a"', etag)]).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
    expect(etagOf(['other'])).not.toBe(etag);
  });
});

it('goes on after a look that failed', async () => {
  let asked = 0;
  const look = together(async () => {
    if (++asked === 1) throw new Error('once');
    return asked;
  });
  const told = await Promise.allSettled([look(), look()]);
  expect(told).toEqual([
    { status: 'rejected', reason: new Error('once') },
    { status: 'fulfilled', value: 2 },
  ]);
  expect(await look()).toBe(3);
});
