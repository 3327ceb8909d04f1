import type { Ternary } from '../core/ternary.ts';

/** What claims make together. What is not known stays open only where the rest does not settle it. */
export const all = (claims: readonly Ternary[]): Ternary => (claims.includes('no') ? 'no' : claims.includes('unknown') ? 'unknown' : 'yes');
export const any = (claims: readonly Ternary[]): Ternary => (claims.includes('yes') ? 'yes' : claims.includes('unknown') ? 'unknown' : 'no');
