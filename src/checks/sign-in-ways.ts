import type { Account } from '../datasets/people/accounts.ts';

/**
 * Whether somebody may sign in with an account: with one of a machine too, unless its system says that it has no password.
 * A machine is excused from what is asked of sign-ins only where nobody can.
 */
export const canSignIn = ({ status, password }: Account): boolean => status === 'active' && password !== 'no';

/** Why what is wrong with the sign-in of a machine is not certain; `null` where it is. */
export const doubtOf = ({ kind, password, systemId }: Account): string | null =>
  kind === 'service' && password === 'unknown' ? `${systemId} does not say whether anybody can sign in with it` : null;
