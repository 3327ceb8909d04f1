import { availableParallelism } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { DOUBLING, LARGE } from '../../test/doubling-thread.ts';
import { aside, type How } from './aside.ts';

type Asked = { readonly number: number };
const THREAD = new URL('../../test/doubling-thread.ts', import.meta.url).href;

/** What was done by whom: a thread doubles, this one doubles and takes the sign away. */
const how: How<number, number, Asked, number> = {
  here: (number) => -number * 2,
  ask: (number) => [{ number }, []],
  done: (doubled) => doubled,
};
/** Of which a part fails, whoever does it. */
const broken: typeof how = {
  ...how,
  here(number) {
    if (number === 7) throw new RangeError('seven');
    return how.here(number);
  },
  done(doubled) {
    if (doubled === 14) throw new RangeError('seven');
    return doubled;
  },
};
const others = aside<Asked, number>(THREAD, DOUBLING, 2);
afterAll(() => others.end());

async function shared(numbers: readonly number[], its = how): Promise<readonly number[]> {
  const sharing = others.share(its);
  for (const number of numbers) sharing.add(number);
  return sharing.all();
}

it.runIf(availableParallelism() > 1)('does every part once, in their order, here and in threads', async () => {
  const numbers = Array.from({ length: 500 }, (_, place) => place + 100);
  const done = await shared(numbers);
  expect(done.map(Math.abs)).toEqual(numbers.map((number) => number * 2));
  expect(done.some((its) => its > 0)).toBe(true);
  expect(await shared([])).toEqual([]);
});

it.each([13, 14])('does here what a thread was asked that ended by it, or had not come to (%i)', async (bad) => {
  const numbers = [bad, ...Array.from({ length: 40 }, (_, place) => place + 100)];
  expect((await shared(numbers)).map(Math.abs)).toEqual(numbers.map((number) => number * 2));
  expect((await shared([1, 2, 3])).map(Math.abs)).toEqual([2, 4, 6]);
});

it('fails as a part failed, whoever did it, once nobody is at work for it any more', async () => {
  await expect(shared([1, 2, 7, 3, 4], broken)).rejects.toThrow(new RangeError('seven'));
  expect((await shared([1, 2, 3])).map(Math.abs)).toEqual([2, 4, 6]);
});

/** Asks for each in turn. */
async function helped(numbers: readonly number[], its = how): Promise<readonly (number | string)[]> {
  const sharing = others.help(its);
  const asked = numbers.map((number) => sharing.add(number));
  const done: (number | string)[] = [];
  for (const it of asked) done.push(await it().catch((error: unknown) => String(error)));
  return done;
}

it.runIf(availableParallelism() > 1)('helps threads with what they have not begun, and does nothing twice', async () => {
  const numbers = Array.from({ length: 1000 }, (_, place) => place + LARGE); // neither is done with all before the other begins
  const by = { here: 0, threads: 0 };
  const slow: typeof how = {
    ...how,
    here(number) {
      by.here++;
      for (const from = performance.now(); performance.now() - from < 0.5; );
      return how.here(number);
    },
    done(doubled) {
      by.threads++;
      return doubled;
    },
  };
  expect((await helped(numbers, slow)).map(Number).map(Math.abs)).toEqual(numbers.map((number) => number * 2));
  expect(by.here + by.threads).toBe(1000);
  expect(by.here).toBeGreaterThan(0);
  expect(by.threads).toBeGreaterThan(0);
});

it.each([13, 14])('helps where a thread ended by what it was asked, or before it came to it (%i)', async (bad) => {
  const numbers = [bad, ...Array.from({ length: 40 }, (_, place) => place + 100)];
  const sharing = others.help(how);
  const asked = numbers.map((number) => sharing.add(number));
  await wait(500); // so that a thread has begun with it
  for (const [place, it] of asked.entries()) expect(Math.abs(await it())).toBe((numbers[place] as number) * 2);
});

it('fails where the part failed that is asked for, as often as it is, and with no other', async () => {
  expect((await helped([1, 7, 3], broken)).map((it) => (typeof it === 'number' ? Math.abs(it) : it))).toEqual([2, 'RangeError: seven', 6]);
  const its = others.help(broken).add(7);
  for (let times = 0; times < 2; times++) await expect(its()).rejects.toThrow(new RangeError('seven'));
});

it('has no threads where none may be, and does all itself', async () => {
  const alone = aside<Asked, number>(THREAD, DOUBLING, 0);
  expect(alone.isThere).toBe(false);
  const sharing = alone.share(how);
  for (const number of [1, 2]) sharing.add(number);
  expect(await sharing.all()).toEqual([-2, -4]);
  const asked = [1, 2, 3].map((number) => alone.help(how).add(number));
  expect(await asked[2]?.()).toBe(-6);
  expect(await asked[0]?.()).toBe(-2);
});
