import { serveAside } from '../src/log/aside.ts';

export const DOUBLING = 'test: doubling';
export const LARGE = 100_000;

/** A thread that doubles; it dies of 13, throws at 14, and takes a millisecond for what is large. */
serveAside<{ readonly number: number }, number>(DOUBLING, ({ number }) => {
  if (number === 13) process.exit(1);
  if (number === 14) throw new Error('fourteen');
  for (const from = performance.now(); number >= LARGE && performance.now() - from < 1; );
  return [number * 2, []];
});
