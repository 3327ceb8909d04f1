import { implement } from '@orpc/server';
import type { AnyContractRouter } from '@orpc/contract';
import type { Beginning } from '../../app/beside.ts';
import type { Workspace } from '../../app/views.ts';
import type { Means } from '../../auth/means.ts';
import type { Principal } from '../../auth/roles.ts';
import type { Answers } from './answers.ts';
import type { Reads } from './bounded.ts';
import type { Hub } from './hub.ts';
import type { Refusal } from './problem.ts';

/** The companies of one server. */
export interface Companies {
  list(): readonly { readonly id: 'demo' | 'company'; readonly name: string; readonly enter: string }[];
  /** Begins one's own; gives where its owner goes to set up their way in. Throws `ConfigurationError`. */
  begin(beginning: Beginning): Promise<string>;
}

/** What routes call besides the workspace. A part that is wired later adds itself here, and to what `serve` passes. */
export interface Services {
  readonly workspace: Workspace;
  readonly hub: Hub;
  readonly signIn: Means;
  /** Of a server that serves the made-up company, and perhaps one's own beside it; `null` where a workspace is served alone. */
  readonly companies?: Companies | null;
  /** How often a stream asks again who asks, in milliseconds; 15 seconds unless said. */
  readonly heartbeat?: number;
  /** Told of what nobody foresaw, and of what goes wrong after a request was answered. */
  failed(error: unknown, instance: string): void;
}

/** One request, as the gate and the routes see it. */
export interface Asking {
  readonly request: Request;
  /** `null`: nobody has signed in. Only endpoints for `anyone` are served then. */
  readonly principal: Principal | null;
  /** Reads of the workspace within the bounds of who asks: what routes answer from. */
  readonly reads: Reads;
  readonly services: Services;
  readonly answers: Answers;
  /** Asks again who asks, so that a stream ends with its session. */
  readonly again: () => Promise<Principal | null>;
  /** Why it was refused. */
  refused: Refusal | null;
  /** A whole reply, where it is not a JSON answer. */
  reply: Response | null;
  /** Cookies that the reply sets: a session that has shown more of who holds it goes on under another secret. */
  readonly cookies: string[];
}

/** Begins the routes of one resource. */
export const implementing = <Contract extends AnyContractRouter>(contract: Contract) => implement(contract).$context<Asking>();

/** Whoever is past the gate of an endpoint that is not for `anyone`. */
export function principalOf({ principal }: Pick<Asking, 'principal'>): Principal {
  if (!principal) throw new RangeError('the gate let nobody in');
  return principal;
}
