import type { State } from '../engine.ts';

/** A state to compare with another: sorted, one line for each look, fact and step. */
export const told = ({ looks, facts, steps }: State): readonly (readonly string[])[] =>
  [looks.map(({ rows: _, ...look }: State['looks'][number] & { readonly rows?: unknown }) => look), facts, steps].map((list) => list.map(lineOf).sort());

const lineOf = (it: object): string =>
  JSON.stringify(
    Object.entries(it)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, value === Infinity ? 'never' : value === -Infinity ? 'always' : value])
      .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  );
