/** What a source says of a claim. `unknown` where it does not say: never read as `no`. */
export type Ternary = 'yes' | 'no' | 'unknown';

export const TERNARY = ['yes', 'no', 'unknown'] as const;

/** A source's boolean; `null` and `undefined` are its silence. */
export function ternary(said: boolean | null | undefined): Ternary {
  if (said === null || said === undefined) return 'unknown';
  return said ? 'yes' : 'no';
}
