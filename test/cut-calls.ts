import type { Calls } from '../src/evidence/files.ts';

/** Calls of a disk that fail with `error` where `fails` says so of their number, counted from 1. */
export function failing(calls: Calls, fails: (call: number) => boolean, error: () => Error): { readonly calls: Calls; count(): number } {
  let count = 0;
  const guard =
    <Arguments extends readonly unknown[], Result>(call: (...all: Arguments) => Promise<Result>) =>
    (...all: Arguments): Promise<Result> =>
      fails(++count) ? Promise.reject(error()) : call(...all);
  const { open, write, fsync, close, rename, unlink, mkdir } = calls;
  return {
    count: () => count,
    calls: {
      open: guard(open),
      write: guard(write),
      fsync: guard(fsync),
      close: guard(close),
      rename: guard(rename),
      unlink: guard(unlink),
      mkdir: guard(mkdir),
    },
  };
}
