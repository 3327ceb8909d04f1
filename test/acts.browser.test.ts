import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addUser } from '../src/auth/people.ts';
import type { Role } from '../src/auth/roles.ts';
import { openSession } from '../src/auth/sessions.ts';
import { days, iso } from '../src/core/instant.ts';
import { api } from '../src/server/api/api.ts';
import { type Company, company } from '../src/server/api/testing/company.ts';
import { dashboard } from '../src/server/dashboard.ts';
import { listen, site } from '../src/server/server.ts';
import { signInOf } from '../src/server/sign-in/serve.ts';
import { buildDashboard } from '../tools/dashboard.ts';
import { COLOURS, violations, WCAG } from './axe.ts';
import { missing } from './postgres.ts';

const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));
const shots = process.env.SCREENSHOTS;
const PEOPLE =
  'employee_id,name,employment_type,email,start_date,end_date\n' +
  'W-1,Maria Lopez,employee,maria.lopez@acme.example,2020-01-01,\n' +
  'W-2,Ines Duarte,employee,ines.duarte@acme.example,2020-01-01,\n' +
  'W-3,Otto Berg,employee,otto.berg@acme.example,2020-01-01,\n';

if (program === undefined) it.skipIf(missing('Chromium', 'Install chromium.'))('acts in a browser', () => undefined);
else {
  let acme: Company;
  let signIn: ReturnType<typeof signInOf>;
  let server: Awaited<ReturnType<typeof listen>>;
  let browser: Browser;
  let url = '';
  let folder = '';
  const found: string[] = [];

  beforeAll(async () => {
    acme = await company({ people: PEOPLE, attested: ['review-campaigns', 'policies', 'policy-acceptances'], prepare: (dir) => (folder = dir) });
    acme.pass(days(40)); // a quarter has begun since, and its review is due
    await buildDashboard();
    signIn = signInOf(acme.workspace, null);
    const failed = (error: unknown, instance: string) => process.stderr.write(`${instance}: ${error instanceof Error ? error.stack : String(error)}\n`);
    const served = api({ services: { workspace: acme.workspace, hub: acme.hub, signIn: signIn.means, failed }, principalOf: signIn.principalOf });
    server = await listen(signIn.over(site({ api: served, dashboard: dashboard() })), 0);
    url = server.url.replace('127.0.0.1', 'localhost'); // a passkey is bound to a name
    signIn.listens(url);
    browser = await chromium.launch({
      executablePath: program,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    });
    const otto = await acme.workspace.attest([
      { kind: 'risks', act: 'state', entry: { id: 'R-1', title: 'Theft of a credential' }, by: { email: 'otto.berg@acme.example' } },
    ]);
    expect(otto).toHaveLength(1);
    await acme.workspace.alerts.look([{ kind: 'late', what: 'collect', since: acme.workspace.now(), says: 'it was not run' }]);
    await acme.workspace.alerts.tick();
    if (shots) mkdirSync(shots, { recursive: true });
  }, 600_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
    await acme.close();
  });

  /** Somebody who is signed in with a second factor. */
  async function inside(name: string, role: Role): Promise<{ readonly context: BrowserContext; readonly page: Page; readonly errors: readonly string[] }> {
    const user = await addUser(signIn.means, { email: `${name}@acme.example`, name, role, cameBy: 'invitation' });
    const value = await openSession(signIn.means, user, { methods: ['password', 'totp'], from: { address: '127.0.0.1', agent: 'a test' } });
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    await context.addCookies([{ name: `tickmark-session-${new URL(url).port}`, value, url }]);
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())));
    page.on('pageerror', (error) => void errors.push(error.message));
    return { context, page, errors };
  }
  async function go(page: Page, path: string): Promise<void> {
    await page.goto(`${url}${path}`);
    await page.waitForSelector('h1');
    await page.waitForFunction(() => document.querySelectorAll('.skeleton, .older').length === 0);
  }
  async function looked(page: Page, name: string): Promise<void> {
    found.push(...(await violations(page, { tags: WCAG })).map((says) => `${name} ${says}`));
    if (!shots) return;
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.screenshot({ path: join(shots, `acts-${name}-${scheme}.png`), fullPage: true });
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 360, height: 780 });
    await page.screenshot({ path: join(shots, `acts-${name}-phone.png`), fullPage: true });
    await page.setViewportSize({ width: 1280, height: 900 });
  }
  const fits = async (page: Page) => {
    await page.setViewportSize({ width: 360, height: 780 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await page.setViewportSize({ width: 1280, height: 900 });
  };

  it('is looked at by axe wherever rows differ', async () => {
    const page = await browser.newPage({ colorScheme: 'light' });
    const rows = Array.from({ length: 9 }, (_, row) => `<li${row === 6 ? ' class="pale"' : ''}><a href="/${row}">row ${row}</a></li>`).join('');
    await page.setContent(
      `<html lang="en"><title>t</title><style>li { padding: 24px } li.pale a { color: #eee; background: #fff }</style><main><ul>${rows}</ul></main></html>`,
    );
    expect(await violations(page, { rules: COLOURS })).toEqual(['color-contrast: <a href="/6">row 6</a>']);
    await page.evaluate(() => document.querySelector('.pale')?.removeAttribute('class'));
    expect(await violations(page, { tags: WCAG })).toEqual([]);
    await page.close();
  });

  it('is done by those who may, seen by all at once, and not at all by who only reads', async () => {
    const maria = await inside('maria.lopez', 'member');
    await go(maria.page, '/findings');
    await looked(maria.page, 'board');
    await fits(maria.page);
    await maria.page.click('.board-column:has-text("Open") .board-card >> nth=0');
    await maria.page.waitForSelector('[aria-label="What can be done"]');
    const path = new URL(maria.page.url()).pathname;
    await maria.page.click('summary:has-text("Assign an owner")');
    await maria.page.selectOption('select', { label: 'Maria Lopez' });
    await maria.page.click('button:has-text("Assign")');
    await maria.page.waitForSelector('.history li:has-text("assigned it to Maria Lopez")');
    await maria.page.click('summary:has-text("Ask for a waiver")');
    await maria.page.fill('textarea:visible', 'the register moves in spring');
    await maria.page.fill('input[type=date]', '2026-06-30');
    await maria.page.click('button:has-text("Ask for the waiver")');
    await maria.page.waitForSelector('.waiver-asked:has-text("A waiver is asked for")');
    expect(await maria.page.locator('button:has-text("Approve the waiver")').count()).toBe(0);
    await looked(maria.page, 'finding');
    await fits(maria.page);

    const ines = await inside('ines.duarte', 'manager');
    await withPasskey(ines);
    await go(ines.page, '/tasks');
    await looked(ines.page, 'tasks');
    await fits(ines.page);
    await ines.page.click('.task:has-text("Decide on the waiver") a');
    await ines.page.check('.waiver-asked input[type=checkbox]');
    await ines.page.click('button:has-text("Approve the waiver")');
    await ines.page.waitForSelector('.history li:has-text("signed with their passkey")');
    await maria.page.waitForSelector('.notice.waived:has-text("Waived by Ines Duarte until 2026-06-30")');
    await expect.poll(() => maria.page.locator('dl.facts').innerText()).toContain('waived');

    await go(ines.page, '/alerts');
    await looked(ines.page, 'alerts');
    await fits(ines.page);
    await ines.page.click('.board-card button:has-text("Acknowledge") >> nth=0');
    await ines.page.waitForSelector('.board-column:has-text("Acknowledged") .board-card:has-text("with ines.duarte@acme.example")');
    await ines.page.click('.board-column:has-text("Acknowledged") .board-card:has-text("with ines.duarte@acme.example") a');
    await ines.page.waitForSelector('.alert-line');
    await looked(ines.page, 'alert');
    await fits(ines.page);
    await ines.page.click('summary:has-text("Resolve")');
    await ines.page.fill('textarea:visible', 'the disk was full, and was cleared');
    await ines.page.click('button:has-text("Record resolution")');
    await ines.page.waitForSelector('.notice:has-text("Resolved")');

    await go(ines.page, '/tasks');
    const task = ines.page.locator('.task:has-text("State: access review")');
    await task.locator('summary:has-text("Do it here")').click();
    const today = '2026-04-11';
    for (const [name, value] of Object.entries({
      title: 'Access to the cloud',
      from: '2026-01-01',
      to: '2026-03-31',
      items: '12',
      launched: today,
      due: '2026-04-30',
    }))
      await task.getByLabel(name, { exact: true }).fill(value);
    await task.getByLabel('status', { exact: true }).selectOption('open');
    await looked(ines.page, 'task-form');
    await task.locator('button:has-text("State it")').click();
    await ines.page.waitForSelector('.done:has-text("It counts once somebody else approves it.")');
    expect((await acme.workspace.statements('review-campaigns')).map(({ title, by, knownBy, approvedBy }) => [title, by, knownBy, approvedBy])).toEqual([
      ['Access to the cloud', 'ines.duarte@acme.example', 'session', []],
    ]);
    await go(ines.page, '/attest/risks');
    await looked(ines.page, 'attest');
    await fits(ines.page);

    await go(ines.page, `${path}?at=2026-04-11T09:00:00Z`);
    await ines.page.waitForSelector('.held-why');
    const disabled = await ines.page
      .locator('[aria-label="What can be done"] button[type=submit]')
      .evaluateAll((all) => all.map((it) => (it as HTMLButtonElement).disabled));
    expect(disabled.length > 2 && disabled.every((it) => it)).toBe(true);

    const eva = await inside('eva', 'auditor');
    for (const page of [path, '/findings', '/alerts', '/tasks', '/attest/risks']) {
      await go(eva.page, page);
      await eva.page.waitForSelector('.demo, .stamp');
      expect([page, await eva.page.locator('main form, main .act-form, main .btn.primary').count()]).toEqual([page, 0]);
    }
    expect([maria.errors, ines.errors, eva.errors]).toEqual([[], [], []]);
    expect(found).toEqual([]);
  }, 240_000);

  it('is accepted by who owes it, in their own name', async () => {
    writeFileSync(join(folder, 'people.csv'), `# generated ${iso(acme.workspace.now())}\n${PEOPLE}W-4,Nora Sand,employee,nora.sand@acme.example,2026-04-05,\n`);
    await acme.workspace.collect('hr/csv/people'); // HR tells who works here today
    const [otto, nora] = [await inside('otto.berg', 'manager'), await inside('nora.sand', 'member')];
    const entry = {
      id: 'POL-1-1',
      policy: 'POL-1',
      title: 'Acceptable use',
      version: '1',
      effective: '2026-04-01',
      mustBeAccepted: true,
      location: 'policies/use.md',
    };
    for (const { page } of [otto, nora]) await go(page, '/tasks');
    await posted(nora.page, '/statements', { kind: 'policies', entry });
    await posted(otto.page, '/statements/policies/POL-1-1/approve', {});
    await go(otto.page, '/tasks');
    const task = otto.page.locator('.task:has-text("Accept Acceptable use, version 1")');
    await expect.poll(() => task.innerText()).toMatch(/its text: policies\/use\.md/);
    await looked(otto.page, 'accept');
    await fits(otto.page);
    await task.locator('button:has-text("I have read version 1 and accept it")').click();
    await expect.poll(() => task.count()).toBe(0);
    expect((await acme.workspace.statements('policy-acceptances')).map(({ by, knownBy, needsApproval }) => [by, knownBy, needsApproval])).toEqual([
      ['otto.berg@acme.example', 'session', false],
    ]);
    const row = otto.page.locator('.panel:has(h2:text-is("Policies")) tbody tr');
    await go(otto.page, '/people/W-3');
    await expect.poll(() => row.innerText()).toMatch(/version 1 on 2026-04-\d\d\s+signed in.*accepted/s);
    expect(await row.locator('button').count()).toBe(0);
    await go(otto.page, '/people/W-1'); // what another owes is theirs to accept
    await expect.poll(() => row.innerText()).toMatch(/owed by 2026-04-30/);
    expect(await row.locator('button').count()).toBe(0);
    expect([otto.errors, nora.errors, found]).toEqual([[], [], []]);
  }, 120_000);

  const posted = (page: Page, path: string, body: object): Promise<void> =>
    page.evaluate(
      async ([to, json]) => {
        const response = await fetch(`/api${to}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: json ?? '' });
        if (!response.ok) throw new Error(await response.text());
      },
      [path, JSON.stringify(body)],
    );

  /** An authenticator of software, and a passkey of it, added on the page of the account. */
  async function withPasskey({ context, page }: { readonly context: BrowserContext; readonly page: Page }): Promise<void> {
    const cdp = await context.newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    const options = {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    } as const;
    await cdp.send('WebAuthn.addVirtualAuthenticator', { options });
    await page.goto(`${url}/account`);
    await page.bringToFront(); // an authenticator answers the page that is looked at
    await page.fill('#passkey-name', 'Laptop');
    await page.click('[data-passkey=add]');
    await page.waitForSelector('td:has-text("Laptop"), #passkey-says:not([hidden])');
    await expect.poll(() => page.locator('#passkey-says').innerText()).toBe('');
  }
}
