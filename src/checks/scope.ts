import type { System } from '../datasets/asset/systems.ts';
import { notYet, type Verdict } from './check.ts';

/**
 * Systems are in scope by being declared. An item of any other system is not examined; the access review report counts
 * those accounts, so that leaving a system out of the scope is never silent.
 */
export const outOfScope = (systems: readonly System[]): Verdict | null => (systems.length === 0 ? notYet() : null);
