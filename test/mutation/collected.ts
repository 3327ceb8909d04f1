// Stands in for vitest where tests are collected to be run again and again: what `describe` and `it` are given is kept, and run by nobody.

export { expect, expectTypeOf } from 'vitest';

/** A test as its file tells it. */
export interface Collected {
  /** Path of its file. */
  readonly file: string;
  readonly name: string;
  run(): unknown;
}

const collected: Collected[] = [];
let file = '';
let names: readonly string[] = [];

/** Every test of a file, once importing it has told them. */
export async function collect(path: string, load: () => Promise<unknown>): Promise<readonly Collected[]> {
  file = path;
  const before = collected.length;
  await load();
  return collected.slice(before);
}

type Body = (...given: unknown[]) => unknown;
type Cases = readonly unknown[];

export function describe(name: string, body: () => void): void {
  const outer = names;
  names = [...outer, name];
  body();
  names = outer;
}

const add = (name: string, run: () => unknown): void => void collected.push({ file, name: [...names, name].join(' > '), run });

export const it = Object.assign((name: string, body: () => unknown): void => add(name, body), {
  /** A case that is a list is the arguments, any other is the one argument. */
  each:
    (cases: Cases) =>
    (name: string, body: Body): void => {
      for (const [place, given] of cases.entries()) add(`${name} ${place}`, () => body(...(Array.isArray(given) ? given : [given])));
    },
});
describe.each =
  (cases: Cases) =>
  (name: string, body: (...given: never[]) => void): void => {
    for (const [place, given] of cases.entries()) describe(`${name} ${place}`, () => body(...((Array.isArray(given) ? given : [given]) as never[])));
  };
