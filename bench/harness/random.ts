/** A seeded generator (sfc32): the same seed gives the same data on every machine and in every year. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, below). */
  below(below: number): number;
  /** True this often, from 0 to 1. */
  often(share: number): boolean;
  pick<Value>(values: readonly Value[]): Value;
}

export function random(seed: number): Random {
  let [a, b, c, d] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, seed ^ 0xdeadbeef];
  const next = (): number => {
    const sum = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  };
  for (let warm = 0; warm < 15; warm++) next();
  const below = (count: number): number => Math.floor(next() * count);
  return {
    next,
    below,
    often: (share) => next() < share,
    pick: (values) => values[below(values.length)] as (typeof values)[number],
  };
}
