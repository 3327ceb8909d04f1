import { serveThread } from '../src/log/threads.ts';

export const DOUBLING = 'test: doubling';

/** A thread that doubles; it dies of 13, and throws at 14. */
serveThread<{ readonly number: number }, number>(DOUBLING, ({ number }) => {
  if (number === 13) process.exit(1);
  if (number === 14) throw new Error('fourteen');
  return [number * 2, []];
});
