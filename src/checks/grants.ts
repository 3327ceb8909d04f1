import { minutes } from '../core/instant.ts';
import { type LifecycleEvent, lifecycleEvents } from '../datasets/identity/lifecycle-events.ts';

const GRANTS = ['created', 'group-added', 'app-added', 'role-added'];
/** Accounts, groups, applications and roles as they were given. */
export const grantsGiven = lifecycleEvents.where(({ type, succeeded }) => GRANTS.includes(type) && succeeded !== 'no');

/** Between the clock of a log and that of whoever approved. */
export const TOLERANCE = minutes(5);

/** What was given, as a reason names it. */
export const grantOf = ({ detail }: Pick<LifecycleEvent, 'detail'>): string => detail ?? 'the account';
