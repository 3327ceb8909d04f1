// Acme, served as `tickmark serve` does it, with people who may sign in and things to look at: for pictures and measurements.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openAny } from '../src/app/open-any.ts';
import type { Workspace } from '../src/app/views.ts';
import { addFactor } from '../src/auth/factors.ts';
import { invite } from '../src/auth/links.ts';
import { makeToken } from '../src/auth/tokens.ts';
import { hours, instant } from '../src/core/instant.ts';
import { layAcme, NOW } from '../test/acme-workspace.ts';
import { type SignedServed, settled, signedServed } from '../test/signed-served.ts';
import { buildDashboard } from './dashboard.ts';

export const OWNER = 'owner@acme.example';
/** How long is waited for a page, in milliseconds: a machine that does much else is slow, and that is no fault of the page. */
export const PATIENT = 120_000;

export interface AcmeSite extends SignedServed {
  readonly workspace: Workspace;
  /** Moves its clock. */
  pass(milliseconds: number): void;
}

/** Lays Acme into a folder of its own, which goes when it is closed. */
export async function serveAcme(): Promise<AcmeSite> {
  const dir = mkdtempSync(join(tmpdir(), 'acme-site-'));
  await Promise.all([layAcme(dir), buildDashboard()]);
  let now = NOW;
  const workspace = await openAny({ dir, clock: () => now });
  const served = await signedServed(workspace);
  await peopled(workspace, served);
  await workspace.posture(); // whoever comes first would wait for it
  return {
    ...served,
    workspace,
    pass: (milliseconds) => {
      now += milliseconds;
    },
    async close() {
      await served.close();
      await workspace.close();
      rmSync(dir, { recursive: true });
    },
  };
}

const PERIOD = { from: instant('2026-01-01T00:00:00Z'), to: instant('2027-01-01T00:00:00Z') };

/** Somebody of every role, what they sign in with, what they were given. */
async function peopled(workspace: Workspace, { add, means }: SignedServed): Promise<void> {
  const owner = await add({ email: OWNER, name: 'Owner of Acme', role: 'admin', cameBy: 'owner' });
  const manager = await add({ email: 'grace.moreno@acme.example', name: 'Grace Moreno', role: 'manager' });
  await add({ email: 'samuel.ito@acme.example', name: 'Samuel Ito', role: 'member', cameBy: 'scim', password: null });
  await add({ email: 'ines.berger@auditors.example', name: 'Ines Berger', role: 'auditor', bounds: { period: PERIOD, controls: null } });
  // The owner has none: their door would ask for it.
  await addFactor(means, manager, { kind: 'passkey', name: 'Laptop', secret: null, credential: 'made-up', data: {}, step: 0 });
  await invite(means, OWNER, { email: 'tom.walsh@acme.example', name: null, role: 'member', bounds: null });
  await makeToken(means, OWNER, { kind: 'api', strong: false, name: 'nightly export', user: owner, scopes: ['posture.read', 'findings.read'], days: 90 });
  await makeToken(means, OWNER, { kind: 'scim', strong: false, name: 'Okta', user: null, scopes: null, days: 366 });
  await workspace.placeHold({ source: 'okta/users/acme' }, { reason: 'Letter of counsel of 20 November 2026, matter 26-114', by: OWNER });
  await workspace.scrub(hours(1));
}

/** Pages that no navigation leads to: what lists lead to, each the one that says most. */
const DETAILS = [
  '/criteria/CC6.2',
  '/controls/AC-03',
  '/log/3',
  '/people/W-026',
  '/sources/okta/users/acme',
  '/settings/account',
  '/settings/tokens',
  '/settings/users',
  '/settings/notifications',
  '/settings/retention',
  '/settings/keys',
  '/settings/log',
  '/settings/trail',
];
/** Lists of which the first entry is looked at too. */
const LISTS = ['/findings', '/alerts', '/settings/users'];

/** Every page there is for whoever has come in: where the navigation leads, and the details behind. */
export async function everyPage(page: Page, { url }: Pick<SignedServed, 'url'>): Promise<readonly string[]> {
  await page.goto(url);
  await settled(page);
  const hrefs = (selector: string) => page.locator(selector).evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
  const places = (await hrefs('nav.nav a[href^="/"]')).map((href) => href.split('?')[0] ?? '');
  const firsts: string[] = [];
  for (const list of LISTS) {
    await page.goto(`${url}${list}`);
    await settled(page);
    await page.waitForTimeout(300); // rows of a long table come after its head
    const [first] = (await hrefs(`main [data-row] a[href^="${list}/"]`)).map((href) => href.split('?')[0] ?? '');
    if (first !== undefined) firsts.push(first);
  }
  return [...new Set([...places, ...DETAILS, ...firsts])];
}
