import type { Page } from 'playwright-core';
import type { Hono } from 'hono';
import type { Workspace } from '../src/app/views.ts';
import { hashPassword } from '../src/auth/password.ts';
import type { Means } from '../src/auth/means.ts';
import { addUser, type Newcomer, type User } from '../src/auth/people.ts';
import { api } from '../src/server/api/api.ts';
import { type Hub, hub } from '../src/server/api/hub.ts';
import { dashboard } from '../src/server/dashboard.ts';
import { listen, site } from '../src/server/server.ts';
import { principals, withSignIn } from '../src/server/sign-in/gate.ts';
import { signInMeans } from '../src/server/sign-in/means.ts';
import { PASSWORD } from '../src/server/sign-in/testing/ground.ts';

/** A workspace as `tickmark serve` serves it, with sign-in before it. */
export interface SignedServed extends Pick<Hub, 'tell'> {
  /** Under `localhost`: a passkey is bound to a name, and an address is none. */
  readonly url: string;
  readonly means: Means;
  /** What nobody foresaw. */
  readonly failures: readonly unknown[];
  add(user: Pick<Newcomer, 'email' | 'name' | 'role'> & Partial<Newcomer>): Promise<User>;
  close(): Promise<void>;
}

/** Cheap: what is tested is not how long a password takes. */
const COST = 4;

export async function signedServed(workspace: Workspace, dist?: string): Promise<SignedServed> {
  let url = '';
  const failures: unknown[] = [];
  const means = signInMeans(workspace, () => url, COST);
  const who = principals(means);
  const its = hub();
  const served = api({ services: { workspace, hub: its, signIn: means, failed: (error) => void failures.push(error) }, principalOf: who.principalOf });
  const server = await listen(withSignIn(means, site({ api: served, dashboard: dashboard(dist) }), who) as unknown as Hono, 0);
  url = server.url.replace('127.0.0.1', 'localhost');
  const password = await hashPassword(PASSWORD, COST);
  return { url, means, failures, tell: its.tell, add: (user) => addUser(means, { cameBy: 'invitation', password, ...user }), close: server.close };
}

/** Comes in by address and password, as people do. */
export async function comeIn(page: Page, { url }: Pick<SignedServed, 'url'>, email: string, to = '/'): Promise<void> {
  await page.goto(`${url}/sign-in?to=${encodeURIComponent(to)}`);
  await page.fill('[name=email]', email);
  await page.fill('[name=password]', PASSWORD);
  await page.click('button.go');
  await settled(page);
}

/** Until everything that was asked for is there. */
export async function settled(page: Page): Promise<void> {
  await page.waitForSelector('.app main h1');
  await page.waitForFunction(() => document.querySelectorAll('.skeleton, .older, .pending').length === 0);
}

/** Goes to another page as a link within the dashboard does: nothing is loaded anew. */
export async function went(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    document.querySelector('main h1')?.setAttribute('data-before', '');
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);
  await page.waitForSelector('main h1:not([data-before])').catch((cause: unknown) => {
    throw new Error(`${path} does not come`, { cause });
  });
  await settled(page);
}
