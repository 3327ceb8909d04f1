/** What a claim says, in one byte. A waived deviation is a deviation. */
export const KIND = { conforms: 0, deviates: 1, unknown: 2, waived: 3 } as const;

/** Claims of the items of one block. Those of its `i`th item are those from `starts[i]` up to `starts[i + 1]`, in order of time and apart from each other. */
export interface ClaimBlock {
  /** Where the engine has them, ascending. */
  readonly places: Int32Array;
  readonly starts: Int32Array;
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly kind: Uint8Array;
  /** Of events: when each item happened. */
  readonly happened: Float64Array | null;
}

export function longer<Column extends Float64Array | Int32Array | Uint8Array>(column: Column): Column {
  const made = new (column.constructor as new (length: number) => Column)(2 * column.length + 16);
  made.set(column);
  return made;
}
