import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Hono } from 'hono';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missing } from '../../../test/postgres.ts';
import { startLink } from '../../auth/links.ts';
import { sessionsOf } from '../../auth/sessions.ts';
import { listen } from '../server.ts';
import { type Ground, openGround, PASSWORD } from './testing/ground.ts';

const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));
const shots = process.env.SCREENSHOTS;
const MARIA = 'maria.lopez@acme.example';

if (program === undefined) it.skipIf(missing('Chromium', 'Install chromium.'))('sign-in in a browser', () => undefined);
else {
  describe('signing in', () => {
    let ground: Ground;
    let server: Awaited<ReturnType<typeof listen>>;
    let browser: Browser;
    const where = { url: 'http://localhost' };

    beforeAll(async () => {
      ground = await openGround({}, { url: () => where.url, real: true });
      server = await listen(ground.app as unknown as Hono, 0);
      where.url = server.url.replace('127.0.0.1', 'localhost'); // a passkey is bound to a name, and an address is none
      browser = await chromium.launch({
        executablePath: program,
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
      });
      if (shots) mkdirSync(shots, { recursive: true });
    }, 300_000);
    afterAll(async () => {
      await browser.close();
      await server.close();
      await ground.close();
    });

    const byPassword = async (page: Page) => {
      await page.goto(`${where.url}/sign-in`);
      await page.fill('[name=email]', MARIA);
      await page.fill('[name=password]', PASSWORD);
      await page.click('button.go');
    };

    it('works by a passkey alone, and by one after the password', async () => {
      const user = await ground.add({ email: MARIA, role: 'admin' });
      const context = await browser.newContext();
      const page = await context.newPage();
      const errors: string[] = [];
      page.on('console', (message) => void (message.type() === 'error' && !/401/.test(message.text()) && errors.push(message.text())));
      page.on('pageerror', (error) => void errors.push(error.message));
      const cdp = await context.newCDPSession(page);
      await cdp.send('WebAuthn.enable');
      await cdp.send('WebAuthn.addVirtualAuthenticator', {
        options: {
          protocol: 'ctap2',
          transport: 'internal',
          hasResidentKey: true,
          hasUserVerification: true,
          isUserVerified: true,
          automaticPresenceSimulation: true,
        },
      });

      await byPassword(page);
      await expect.poll(() => page.locator('body').innerText()).toBe('inside /');
      await page.goto(`${where.url}/account`);
      await page.fill('#passkey-name', 'Laptop');
      await Promise.all([page.waitForEvent('load'), page.click('text=Add a passkey')]);
      await expect.poll(() => page.locator('section:has(#factors) tbody tr').innerText()).toMatch(/^Passkey\s+Laptop/);
      await page.click('text=Sign out');

      await Promise.all([page.waitForURL(`${where.url}/`), page.click('text=Use a passkey')]);
      await expect.poll(() => page.locator('body').innerText()).toBe('inside /');
      expect((await sessionsOf(ground.means, user.id))[0]).toMatchObject({ methods: ['passkey'], strong: true });

      await page.goto(`${where.url}/account`);
      await page.click('text=Sign out');
      await byPassword(page);
      await expect.poll(() => page.locator('h1').innerText()).toBe('One more thing');
      await Promise.all([page.waitForURL(`${where.url}/`), page.click('text=Use a passkey')]);
      expect((await sessionsOf(ground.means, user.id))[0]).toMatchObject({ methods: ['password', 'passkey'], strong: true });

      // Of another user the same authenticator shows nothing.
      await ground.means.db().deleteFrom('auth.factor').execute();
      await page.goto(`${where.url}/account`);
      await page.click('text=Sign out');
      await page.click('text=Use a passkey');
      await page.waitForSelector('#passkey-says:not([hidden])');
      await expect.poll(() => page.locator('#passkey-says').innerText()).toBe('This passkey opens nothing here.');
      expect(errors).toEqual([]);
      await context.close();
    });

    it('can be done by everyone, in light and dark, and on a phone', async () => {
      await ground.reset();
      const link = (await startLink(ground.means)) ?? '';
      await ground.add({ email: MARIA, role: 'admin' });
      const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
      const page = await context.newPage();
      const look = async (path: string) => {
        await page.goto(path.startsWith('http') ? path : `${where.url}${path}`);
        expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(390);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          const axe = new AxeBuilder({ page }).setLegacyMode(); // no page has frames
          // Nothing but colours differs in the dark.
          const asked =
            colorScheme === 'dark' ? axe.withRules(['color-contrast', 'link-in-text-block']) : axe.withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']);
          const { violations } = await asked.analyze();
          expect(violations.map(({ id, nodes }) => `${path} ${colorScheme} ${id}: ${nodes[0]?.html}`)).toEqual([]);
          if (shots) await page.screenshot({ path: join(shots, `sign-in-${colorScheme}${path.replaceAll(/[^a-z]/g, '-').slice(0, 30)}.png`), fullPage: true });
        }
      };
      await look('/sign-in');
      await look('/sign-in/second');
      await look(link);
      await byPassword(page);
      await page.waitForURL(`${where.url}/`);
      await look('/sign-in/again?to=/users');
      await look('/account');
      await look('/account/authenticator');
      await look('/users');
      await context.close();
    });
  });
}
