import type { Block, Engine, State } from '../engine.ts';

/** A state to compare with another: sorted, one line for each look, fact and step, whatever the order of their fields. */
export const told = ({ looks, facts, steps }: State): readonly (readonly string[])[] =>
  [looks.map(({ rows: _, ...look }: State['looks'][number] & { readonly rows?: unknown }) => look), facts, steps].map((list) => list.map(lineOf).sort());

const lineOf = (it: object): string =>
  JSON.stringify(it, (_, value: unknown) => {
    if (value === Infinity || value === -Infinity) return value > 0 ? 'never' : 'always';
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });

/** All that an engine keeps, as it is when it was written and read again. */
export const keptBy = (engine: Engine): readonly Block[] => JSON.parse(JSON.stringify([...engine.kept()])) as readonly Block[];
