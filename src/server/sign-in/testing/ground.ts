import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { sql } from 'kysely';
import type { Act, Means, SignInSettings } from '../../../auth/means.ts';
import { hashPassword } from '../../../auth/password.ts';
import { addUser, type Newcomer, type User } from '../../../auth/people.ts';
import type { Principal } from '../../../auth/roles.ts';
import { hours, instant } from '../../../core/instant.ts';
import { masterKey } from '../../../evidence/master-key.ts';
import { openDatabase } from '../../../store/database.ts';
import { migrate } from '../../../store/migrate.ts';
import { principals, withSignIn } from '../gate.ts';
import type { Env } from '../http.ts';

export const PASSWORD = 'seven green lanterns';
/** Cheap: what is tested here is not how long it takes. */
const COST = 4;

export interface Ground {
  readonly means: Means;
  /** What was sealed, in order. */
  readonly acts: readonly Act[];
  readonly app: Hono<Env>;
  principalOf(request: Request): Promise<Principal | null>;
  /** Moves the clock on. */
  wait(milliseconds: number): void;
  add(user: Partial<Newcomer> & { readonly email: string }): Promise<User>;
  /** The same database, under other settings. */
  with(settings: Partial<SignInSettings>, how: How): Ground;
  /** The same database by another server. */
  another(): Hono<Env>;
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** Sign-in on a database of its own, with a clock that stands still. Behind it a page for every path that says "inside". */
const START = instant('2026-03-02T09:00:00Z');

interface How {
  readonly url?: string | (() => string);
  readonly demo?: boolean;
  /** The clock of this machine, for whoever speaks with somebody who has one. */
  readonly real?: boolean;
}

export async function openGround(settings: Partial<SignInSettings> = {}, how: How = {}): Promise<Ground> {
  const dir = mkdtempSync(join(tmpdir(), 'sign-in-'));
  const database = await openDatabase({ dir });
  await migrate(database.sql);
  const clock = { now: START };
  const secrets = masterKey(randomBytes(32));
  const inner = new Hono();
  const looks = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
  inner.get('/tickmark.css', (context) => context.body(looks('tickmark.css'), 200, { 'content-type': 'text/css' }));
  inner.get('/icon.svg', (context) => context.body(looks('icon.svg'), 200, { 'content-type': 'image/svg+xml' }));
  inner.all('*', (context) => context.text(`inside ${new URL(context.req.url).pathname}`));

  const over = (its: Partial<SignInSettings>, { url = 'http://localhost:7400', demo = false, real = false }: How): Ground => {
    const acts: Act[] = [];
    const means: Means = {
      db: () => database.sql,
      record: async (some) => some.map((act) => acts.push(act) - 1),
      clock: () => (real ? Date.now() : clock.now),
      settings: { secondFactor: 'optional', idle: hours(12), lasts: hours(24 * 7), proxies: 0, groups: {}, oidc: [], saml: [], ...its },
      url: typeof url === 'string' ? () => url : url,
      company: 'Acme',
      demo,
      secrets,
      cost: COST,
    };
    const who = principals(means);
    return {
      means,
      acts,
      app: withSignIn(means, inner, who),
      principalOf: who.principalOf,
      with: over,
      wait: (milliseconds) => {
        clock.now += milliseconds;
      },
      async add({ password = PASSWORD, ...user }) {
        const hashed = password === null ? null : await hashPassword(password, COST);
        return addUser(means, { name: 'Maria Lopez', role: 'member', cameBy: 'invitation', ...user, password: hashed });
      },
      another: () => withSignIn({ ...means }, inner),
      async reset() {
        await sql`truncate auth."user", auth.link, auth.pending, auth.attempt, auth.failure, auth."group", auth.token cascade`.execute(database.sql);
        acts.length = 0;
        clock.now = START;
      },
      async close() {
        await database.close();
        rmSync(dir, { recursive: true });
      },
    };
  };
  return over(settings, how);
}

/** A browser: it keeps cookies, and says where it comes from. */
export interface Browser {
  readonly cookies: Map<string, string>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  post(path: string, form: Readonly<Record<string, string>>, headers?: Readonly<Record<string, string>>): Promise<Response>;
}

export function browserOf(
  app: Pick<Hono<Env>, 'request'>,
  { address = '203.0.113.7', origin = 'http://localhost:7400' }: { readonly address?: string; readonly origin?: string } = {},
): Browser {
  const cookies = new Map<string, string>();
  const ask = async (path: string, init: RequestInit, headers: Readonly<Record<string, string>>): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const all = { host: new URL(origin).host, ...(cookie === '' ? {} : { cookie }), 'user-agent': 'a browser', ...headers };
    const answer = await app.request(
      new URL(path, origin).href,
      { ...init, headers: all, redirect: 'manual' },
      { incoming: { socket: { remoteAddress: address } } },
    );
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (/Max-Age=0/.test(set)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  };
  return {
    cookies,
    get: (path, headers = {}) => ask(path, {}, headers),
    post: (path, form, headers = {}) =>
      ask(
        path,
        { method: 'POST', body: new URLSearchParams(form) },
        { 'content-type': 'application/x-www-form-urlencoded', origin, 'sec-fetch-site': 'same-origin', ...headers },
      ),
  };
}

/** Signs in by password, and gives the browser that is in. */
export async function inside({ app }: Pick<Ground, 'app'>, email: string, password = PASSWORD): Promise<Browser> {
  const browser = browserOf(app);
  const answer = await browser.post('/sign-in', { email, password });
  if (answer.status !== 303 || answer.headers.get('location') !== '/')
    throw new Error(`${email} is not let in: ${answer.status} ${answer.headers.get('location') ?? ''}`);
  return browser;
}
