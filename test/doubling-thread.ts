import { serveAside } from '../src/log/aside.ts';

export const DOUBLING = 'test: doubling';

/** A thread that doubles; it dies of 13, and throws at 14. */
serveAside<{ readonly number: number }, number>(DOUBLING, ({ number }) => {
  if (number === 13) process.exit(1);
  if (number === 14) throw new Error('fourteen');
  return [number * 2, []];
});
