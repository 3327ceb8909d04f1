import { AxeBuilder } from '@axe-core/playwright';
import { TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLink } from '../src/auth/links.ts';
import { type Role, ROLES } from '../src/auth/roles.ts';
import { instant, minutes, seconds } from '../src/core/instant.ts';
import { PASSWORD } from '../src/server/sign-in/testing/ground.ts';
import { type Company, company } from '../src/server/api/testing/company.ts';
import { buildDashboard } from '../tools/dashboard.ts';
import { launched, program } from './browser.ts';
import { missing } from './postgres.ts';
import { comeIn, type SignedServed, settled, signedServed, went } from './signed-served.ts';

if (program === undefined) it.skipIf(missing('Chromium', 'Install chromium.'))('the dashboard as each role', () => undefined);
else {
  const OWNER = 'ada.park@acme.example';
  const emailOf = (role: Role | 'bounded') => `${role}@acme.example`;
  const PERIOD = { from: instant('2026-01-01T00:00:00Z'), to: instant('2027-01-01T00:00:00Z') };

  let acme: Company;
  let served: SignedServed;
  let browser: Browser;

  beforeAll(async () => {
    [acme] = await Promise.all([company(), buildDashboard()]);
    served = await signedServed(acme.workspace);
    browser = await launched();
  }, 300_000);
  afterAll(async () => {
    await browser.close();
    await served.close();
    await acme.close();
  });

  /** A browser of its own, which tells of every error there is but refusals. */
  async function opened(options: Parameters<Browser['newContext']>[0] = {}): Promise<{ readonly page: Page; readonly errors: string[] }> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 1000 }, ...options });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('console', (message) => void (message.type() === 'error' && !/status of 40[013]/.test(message.text()) && errors.push(message.text())));
    page.on('pageerror', (error) => void errors.push(error.message));
    return { page, errors };
  }

  async function go(page: Page, path: string): Promise<void> {
    await page.goto(`${served.url}${path}`);
    await settled(page);
  }

  /** What makes the page wider than the screen; `null` where nothing does. Runs in the page. */
  const widest = (): string | null => {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return null;
    const kept = (its: Element) => its.closest('.scroll, .subnav, .lbox, .long') !== null;
    const wide = [...document.querySelectorAll('main *')].find((its) => its.getBoundingClientRect().right > room + 1 && !kept(its));
    return `${document.documentElement.scrollWidth} wide, by ${wide?.outerHTML.slice(0, 200)}`;
  };

  const codeOf = (secret: string): string => new TOTP({ secret }).generate({ timestamp: acme.pass(0) });

  describe('setting up, and signing in', () => {
    let secret = '';
    let codes: readonly string[] = [];

    it('leads from the link of the terminal to an account with an authenticator and recovery codes', async () => {
      const { page, errors } = await opened();
      await page.goto((await startLink(served.means)) ?? '');
      await page.fill('[name=email]', OWNER);
      await page.fill('[name=name]', 'Ada Park');
      await page.fill('[name=password]', PASSWORD);
      await page.click('button.go');
      await settled(page);
      await page.click('.me');
      await page.waitForSelector('h1:has-text("You sign in by a password alone.")');
      await page.click('text=Add an authenticator');
      await page.click('text=Show the picture');
      secret = (await page.locator('.acting code.secret').innerText()).replace(/\s/g, '');
      expect(secret).toMatch(/^[A-Z2-7]{32}$/);
      await expect.poll(() => page.locator('svg.qr path').getAttribute('d')).toMatch(/^M2 2h1v1h-1zM3 2h1v1h-1z/);
      await page.fill('#totp-code', '000000');
      await page.click('text=Add it');
      await page.waitForSelector('.wrong:has-text("That is not the code.")');
      await page.fill('#totp-code', codeOf(secret));
      await page.click('text=Add it');
      await page.waitForSelector('h1:has-text("You sign in by a password and an authenticator.")');
      await page.click('button:has-text("Make recovery codes")');
      await page.waitForSelector('.codes li');
      codes = await page.locator('.codes li').allInnerTexts();
      expect(codes).toHaveLength(10);
      await page.click('text=I have it');
      expect(await page.locator('.codes').count()).toBe(0);
      await page.waitForSelector('text=1, and 10 recovery codes left');
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      await page.click('text=Sign out');
      await page.waitForURL('**/sign-in');
      expect(errors).toEqual([]);
      await page.context().close();
    });

    const second = async (page: Page, code: string) => {
      await page.goto(`${served.url}/sign-in`);
      await page.fill('[name=email]', OWNER);
      await page.fill('[name=password]', PASSWORD);
      await page.click('button.go');
      await page.fill('[name=code]', code);
      await page.click('button.go');
    };

    it('asks for a code of the authenticator, each of which counts once', async () => {
      acme.pass(seconds(30)); // the code that was shown before is none any more
      const { page } = await opened();
      const code = codeOf(secret);
      await second(page, code);
      await settled(page);
      await page.click('.me');
      await page.waitForSelector('td:has-text("password, authenticator")');
      await page.context().close();
      const { page: another } = await opened();
      await second(another, code);
      await another.waitForSelector('text=That is not the code.');
      await another.context().close();
    });

    it('takes a recovery code where the phone is lost, once', async () => {
      const { page } = await opened();
      await second(page, codes[0] ?? '');
      await settled(page);
      await page.click('.me');
      await page.waitForSelector('text=1, and 9 recovery codes left');
      await page.context().close();
    });

    it('asks again who it is before something dangerous, in place, and then does it', async () => {
      const { page } = await opened();
      acme.pass(seconds(60));
      await second(page, codeOf(secret));
      await settled(page);
      acme.pass(minutes(11));
      await go(page, '/settings/retention');
      await page.fill('#hold-reason', 'The court asked for it');
      await page.click('text=Record the hold');
      await page.waitForSelector('[role=dialog]:has-text("Show that it is you")');
      await page.fill('#confirm-by', '123456');
      await page.click('text=Confirm and go on');
      await page.waitForSelector('[role=dialog] .wrong:has-text("That is not it.")');
      await page.fill('#confirm-by', codeOf(secret));
      await page.click('text=Confirm and go on');
      await page.waitForSelector('.done:has-text("places the hold")');
      await page.waitForSelector('.next li:has-text("The court asked for it")');
      await expect.poll(() => page.locator('.next li').innerText()).toContain(OWNER);
      await go(page, '/settings/trail');
      await page.waitForSelector('.lrow:has-text("hold placed")');
      await page.click('.lrow:has-text("hold placed") a.mono');
      await page.waitForSelector('.verified:has-text("Verified in this browser.")');
      await page.context().close();
    });
  });

  describe('as each role', () => {
    beforeAll(async () => {
      for (const role of ROLES) await served.add({ email: emailOf(role), name: `The ${role}`, role });
      await served.add({ email: emailOf('bounded'), name: 'The bounded auditor', role: 'auditor', bounds: { period: PERIOD, controls: ['AC-01'] } });
    });

    /** Of every page, who may open it. */
    const PAGES: Readonly<Record<string, readonly (Role | 'bounded')[]>> = {
      '/': ['admin', 'manager', 'member', 'auditor', 'bounded'],
      '/findings': ['admin', 'manager', 'member', 'auditor', 'bounded'],
      '/alerts': ['admin', 'manager', 'member', 'auditor', 'bounded'],
      '/log': ['admin', 'manager', 'auditor', 'bounded'],
      '/people': ['admin', 'manager', 'auditor'],
      '/sources': ['admin', 'manager', 'member', 'auditor', 'bounded'],
      '/reports': ['admin', 'manager', 'auditor', 'bounded'],
      '/jobs': ['admin', 'manager', 'auditor'],
      '/settings': ['admin', 'manager', 'member', 'auditor', 'bounded'],
      '/settings/account': ['admin', 'manager', 'member', 'auditor', 'bounded'],
      '/settings/tokens': ['admin', 'manager', 'member', 'auditor', 'bounded'],
      '/settings/users': ['admin', 'manager'],
      '/settings/notifications': ['admin', 'manager', 'auditor', 'bounded'],
      '/settings/retention': ['admin', 'manager', 'auditor'],
      '/settings/keys': ['admin', 'manager', 'auditor', 'bounded'],
      '/settings/log': ['admin', 'manager', 'auditor', 'bounded'],
      '/settings/trail': ['admin', 'manager', 'auditor', 'bounded'],
    };
    /** Ways to do something, by the page that they are on, and who is shown them. */
    const ACTS: readonly (readonly [path: string, selector: string, who: readonly (Role | 'bounded')[]])[] = [
      ['/settings/users', 'button:has-text("Make the invitation")', ['admin']],
      ['/settings/notifications', 'button:has-text("Send a trial message")', ['admin', 'manager']],
      ['/settings/retention', 'button:has-text("Record the hold")', ['admin']],
      ['/settings/keys', 'button:has-text("Replace")', ['admin']],
      ['/settings/log', 'button:has-text("Read on for five seconds")', ['admin']],
      ['/settings/tokens', 'button:has-text("Make the token")', ['admin', 'manager', 'member', 'auditor', 'bounded']],
      ['/settings/tokens', 'h2:has-text("Everybody’s")', ['admin']],
    ];

    it.each([...ROLES, 'bounded'] as const)(
      'shows %s what they may see and do, and refuses the rest with a reason',
      async (role) => {
        const { page, errors } = await opened();
        await comeIn(page, served, emailOf(role));
        await page.waitForSelector(`.me:has-text("${emailOf(role)}")`);
        const shown = await page.locator('nav.nav a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
        await go(page, '/settings');
        const sections = await page.locator('.sections a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
        await went(page, '/nowhere');
        for (const [path, who] of Object.entries(PAGES)) {
          if (role === 'bounded' && path === '/people') continue; // it depends on the controls of the audit
          const may = who.includes(role);
          const isListed = [...shown, ...sections, '/people'].includes(path);
          if (path !== '/people' && path !== '/') expect([role, path, isListed]).toEqual([role, path, may]);
          await went(page, path);
          const refused = /^(You may not see this|This lies outside of your audit)$/.test(await page.locator('main h1').first().innerText());
          expect([role, path, refused]).toEqual([role, path, !may]);
          if (!may) await expect.poll(() => page.locator('.refused .sub').count()).toBe(2);
          for (const [, selector, to] of ACTS.filter(([at]) => at === path && may)) {
            if (to.includes(role)) await page.waitForSelector(selector);
            else expect([role, selector, await page.locator(selector).count()]).toEqual([role, selector, 0]);
          }
        }
        expect(errors).toEqual([]);
        await page.context().close();
      },
      120_000,
    );

    it('lets an admin invite an auditor, who comes in by the link and sees their audit alone', async () => {
      const { page } = await opened();
      await comeIn(page, served, emailOf('admin'), '/settings/users');
      await page.fill('#invite-email', 'ines.berger@auditors.example');
      await page.selectOption('#invite-role', 'auditor');
      await page.fill('#bounds-period', '2026-01-01..2026-07-01');
      await page.click('text=Make the invitation');
      const link = await page.locator('.once code.secret').innerText();
      await page.click('text=I have it');
      await page.waitForSelector('td:has-text("ines.berger@auditors.example")');
      const { page: theirs } = await opened();
      await theirs.goto(link);
      await theirs.fill('[name=name]', 'Ines Berger');
      await theirs.fill('[name=password]', PASSWORD);
      await theirs.click('button.go');
      await settled(theirs);
      await expect.poll(() => theirs.locator('.me').innerText()).toContain('auditor, bounded to an audit');
      await theirs.context().close();

      // The role is taken away again: what they had open ends.
      await page.reload();
      await page.click('a:has-text("Ines Berger")');
      await page.waitForSelector('h1:has-text("may sign in as auditor.")');
      await page.click('text=Do not let them in any more');
      await page.waitForSelector('h1:has-text("may not sign in any more.")');
      await go(page, '/settings/trail');
      await page.waitForSelector('.lrow:has-text("user-deactivate")');
      await page.context().close();
    });

    it('makes a token that is shown once, speaks within what it may, and is revoked', async () => {
      const { page } = await opened();
      await comeIn(page, served, emailOf('manager'), '/settings/tokens');
      await page.waitForSelector('h1:has-text("You have no token")');
      await page.fill('#token-name', 'nightly export');
      await page.selectOption('#token-may', 'some');
      await page.check('label:has-text("posture.read") input');
      await page.click('text=Make the token');
      const secret = await page.locator('.once code.secret').innerText();
      const asked = (path: string) => fetch(`${served.url}/api${path}`, { headers: { authorization: `Bearer ${secret}` } }).then(({ status }) => status);
      expect([await asked('/posture'), await asked('/people')]).toEqual([200, 403]);
      await page.click('text=I have it');
      await page.waitForSelector('h1:has-text("1 token speaks for you")');
      await page.click('[aria-label="Revoke nightly export"]');
      await page.waitForSelector('h1:has-text("You have no token")');
      expect(await asked('/posture')).toBe(401);
      await page.context().close();
    });

    it('has settings that everyone can use: in both themes, at three widths', async () => {
      const { page, errors } = await opened();
      const { id } = await served.add({ email: 'maria.lopez@acme.example', name: 'Maria Lopez', role: 'auditor' });
      await comeIn(page, served, emailOf('admin'));
      const found: string[] = [];
      const looked = async (path: string, axe: AxeBuilder) => {
        const { violations } = await axe.analyze();
        found.push(...violations.map(({ id: rule, nodes }) => `${path} ${rule}: ${nodes[0]?.html}`));
      };
      for (const path of [...Object.keys(PAGES).filter((its) => its.startsWith('/settings')), `/settings/users/${id}`]) {
        await page.setViewportSize({ width: 1440, height: 1000 });
        await page.emulateMedia({ colorScheme: 'light' });
        await went(page, path);
        await looked(path, new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']));
        await page.emulateMedia({ colorScheme: 'dark' });
        // Nothing but colours differs in the dark, and nothing but room on a phone.
        await looked(`${path} in the dark`, new AxeBuilder({ page }).withRules(['color-contrast', 'link-in-text-block']));
        for (const width of [820, 360]) {
          await page.setViewportSize({ width, height: 800 });
          const wide = await page.evaluate(widest);
          if (wide !== null) found.push(`${path} at ${width}: ${wide}`);
        }
        await looked(`${path} on a phone`, new AxeBuilder({ page }).withRules(['scrollable-region-focusable', 'target-size']));
      }
      expect(found).toEqual([]);
      expect(errors).toEqual([]);
      await page.context().close();
    }, 300_000);

    it('is used by keys alone, from the door to the bytes of a record', async () => {
      const { page } = await opened();
      const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
      /** Tab until something of that text has the focus. */
      const tabTo = async (text: RegExp) => {
        for (let presses = 0; presses < 80; presses++) {
          await page.keyboard.press('Tab');
          if (text.test(await focused())) return;
        }
        throw new Error(`nothing of ${text} is reached by Tab`);
      };
      await page.goto(`${served.url}/sign-in`);
      while ((await page.evaluate(() => document.activeElement?.getAttribute('name'))) !== 'email') await page.keyboard.press('Tab');
      await page.keyboard.type(emailOf('admin'));
      await page.keyboard.press('Tab');
      await page.keyboard.type(PASSWORD);
      await page.keyboard.press('Enter');
      await settled(page);
      await page.keyboard.press('Tab');
      expect(await focused()).toBe('Skip to the page');
      await page.keyboard.press('Control+k');
      await page.keyboard.type('audit trail');
      await page.waitForSelector('[role=option]:has-text("Audit trail")');
      const chosen = page.locator('[role=option][aria-selected=true]');
      while ((await chosen.innerText()).replace(/\s+/g, ' ').trim() !== 'Page Audit trail') await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.waitForURL('**/settings/trail');
      await page.waitForSelector('.lrow');
      await page.keyboard.press('j');
      await tabTo(/^#\d+$/);
      await page.keyboard.press('Enter');
      await page.waitForSelector('.verified:has-text("Verified in this browser.")');
      await page.keyboard.press('g');
      await page.keyboard.press('f');
      await page.waitForURL('**/findings');
      await page.context().close();
    });
  });
}
