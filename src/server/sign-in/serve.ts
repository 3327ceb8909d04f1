import type { Hono } from 'hono';
import type { Workspace } from '../../app/views.ts';
import { tellFailures } from '../../auth/attempts.ts';
import { startLink } from '../../auth/links.ts';
import type { Means } from '../../auth/means.ts';
import type { Principal } from '../../auth/roles.ts';
import { ConfigurationError } from '../../core/error.ts';
import { hours } from '../../core/instant.ts';
import { principals, withSignIn } from './gate.ts';
import { signInMeans } from './means.ts';

/** Failures of signing in are summed up so often. */
const TELL = hours(1);

interface SignIn {
  readonly means: Means;
  principalOf(request: Request): Promise<Principal | null>;
  /** The pages and the API behind it. */
  over(inner: Hono): Hono;
  /** Where it listens, which is where people reach it unless another address was said. */
  listens(url: string): void;
}

/** Sign-in before what is served of a workspace. `url` is where people reach it through whatever stands before it. */
export function signInOf(workspace: Workspace, url: string | null): SignIn {
  let address = url === null ? '' : originFrom(url);
  const means = signInMeans(workspace, () => address);
  const who = principals(means);
  return {
    means,
    principalOf: who.principalOf,
    over: (inner) => withSignIn(means, inner, who) as unknown as Hono,
    listens: (its) => {
      if (url === null) address = its;
    },
  };
}

/** What the terminal says of how to come in; `null` where people have their ways already. */
export async function howToComeIn(means: Means): Promise<{ readonly url: string; readonly says: string } | null> {
  const url = await startLink(means);
  if (url === null) return null;
  const says = means.demo
    ? `Open this, and you are in as Acme's owner (once, within a day): ${url}`
    : `Nobody has a way in yet. Open this to set yours up (once, within a day): ${url}`;
  return { url, says };
}

/** Sums up failed sign-ins now and then. Gives how to stop. */
export function keepTelling(means: Means, failed: (error: unknown) => void): () => void {
  const timer = setInterval(() => void tellFailures(means).catch(failed), TELL);
  return () => clearInterval(timer);
}

/** `https://tickmark.acme.example`: the origin alone. Throws `ConfigurationError`. */
export function originFrom(text: string): string {
  try {
    const { origin, protocol, pathname, search } = new URL(text);
    if (/^https?:$/.test(protocol) && pathname === '/' && search === '') return origin;
  } catch {
    // said below
  }
  throw new ConfigurationError(`--url ${text}: expected an address without a path, like https://tickmark.acme.example.`);
}
