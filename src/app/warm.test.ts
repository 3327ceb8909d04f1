import { expect, it } from 'vitest';
import type { Ground } from './grounds.ts';
import { calmly } from './warm.ts';

/** What is known, and then something else is. */
function learning() {
  const state = { known: 0, made: [] as number[] };
  const assessors = new Map<number, object>();
  const grounds = async (): Promise<Ground> => {
    const assessor = assessors.get(state.known) ?? { of: state.known };
    assessors.set(state.known, assessor);
    return { assessor } as unknown as Ground;
  };
  function* work(act: (step: number) => void): Generator<void, number> {
    const of = state.known;
    state.made.push(of);
    for (let step = 0; step < 3; step++) {
      act(step);
      yield;
    }
    return of;
  }
  return { state, grounds, work };
}

it('begins anew where something is learned meanwhile, and gives what is known at last', async () => {
  const { state, grounds, work } = learning();
  const { its } = await calmly(grounds, () =>
    work((step) => {
      if (step === 1 && state.known < 2) state.known++;
      if (step === 2 && state.known < 2) throw new Error('what it needs is not there any more');
    }),
  );
  expect([its, state.made]).toEqual([2, [0, 1, 2]]);
});

it('does it in one piece where something is learned again and again', async () => {
  const { state, grounds, work } = learning();
  const { its } = await calmly(grounds, () => work((step) => void (step === 1 && state.known++)));
  expect([its, state.made]).toEqual([3, [0, 1, 2, 3]]);
});

it('fails with what it fails with where nothing was learned', async () => {
  const { grounds, work } = learning();
  await expect(
    calmly(grounds, () =>
      work(() => {
        throw new Error('no');
      }),
    ),
  ).rejects.toThrow('no');
});
