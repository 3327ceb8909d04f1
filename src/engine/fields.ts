import type { Scalar, Value } from '../datasets/dataset.ts';
import type { Fact } from './fact.ts';
import { NONE } from './lists.ts';
import { BLOCK } from './places.ts';
import { hashOf } from './postings.ts';

/** What a field meets in a join: each entry of a list; `null` meets nothing. */
export function meets(value: Value | undefined): readonly Scalar[] {
  if (value === null || value === undefined) return NONE;
  return typeof value === 'object' ? value : [value];
}

/** Of each field which values the items of a block had in it at some time: {@link hashOf} of the value times {@link BLOCK}, and the item's place in the block. */
export type PackedFields = Readonly<Record<string, readonly number[]>>;

/** `null` where no item has facts. */
export function packFields(block: readonly (readonly Fact[] | undefined)[], fields: readonly string[]): PackedFields | null {
  if (fields.length === 0 || block.every((facts) => facts === undefined)) return null;
  const packed = fields.map((field) => {
    const entries = new Set<number>();
    for (const [offset, facts] of block.entries())
      for (const { row } of facts ?? NONE) for (const value of meets(row[field])) entries.add(hashOf(value) * BLOCK + offset);
    return [field, [...entries].sort((a, b) => a - b)] as const;
  });
  return Object.fromEntries(packed);
}
