import { expect, it } from 'vitest';
import { recalled } from './recalled.ts';

it('is worked out one after another, once for all who ask, and refused where many wait', async () => {
  const at = recalled<string>();
  const open: (() => void)[] = [];
  const begun: number[] = [];
  const ask = (record: number) =>
    at.of(record, async () => {
      begun.push(record);
      await new Promise<void>((resolve) => void open.push(resolve));
      if (record === 2) throw new Error('cannot be read');
      return `at ${record}`;
    });
  const asked = [1, 2, 1, 3, 4].map(ask);
  for (const it of asked) it.catch(() => undefined); // looked at below
  await expect(ask(5)).rejects.toMatchObject({ code: 'BUSY' });
  for (let opened = 0; opened < 4; opened++) {
    await expect.poll(() => open.length).toBe(opened + 1);
    expect(begun).toEqual([1, 2, 3, 4].slice(0, opened + 1));
    open[opened]?.();
  }
  expect((await Promise.allSettled(asked)).map((it) => (it.status === 'fulfilled' ? it.value : 'failed'))).toEqual(['at 1', 'failed', 'at 1', 'at 3', 'at 4']);
  expect(await ask(3)).toBe('at 3');
  expect(begun).toHaveLength(4);
});
