import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes } from '../src/core/instant.ts';
import { receiver } from '../src/notify/testing/receiver.ts';
import { type Company, company } from '../src/server/api/testing/company.ts';
import { PASSWORD } from '../src/server/sign-in/testing/ground.ts';
import { buildDashboard } from '../tools/dashboard.ts';
import { COLOURS, violations, WCAG } from './axe.ts';
import { launched, program } from './browser.ts';
import { missing } from './postgres.ts';
import { comeIn, type SignedServed, settled, signedServed } from './signed-served.ts';

const SECRET = 'seven secret lanterns';

if (program === undefined) it.skipIf(missing('Chromium', 'Install chromium.'))('notifications in a browser', () => undefined);
else {
  describe('notifications, in a browser', () => {
    let acme: Company;
    let served: SignedServed;
    let browser: Browser;
    let hook: Awaited<ReturnType<typeof receiver>>;

    beforeAll(async () => {
      hook = await receiver();
      const resolve = async () => [{ address: '127.0.0.1', family: 4 as const }];
      [acme] = await Promise.all([company({ more: 'alerts: { allow: [127.0.0.1] }\n', trial: { resolve } }), buildDashboard()]);
      served = await signedServed(acme.workspace);
      await served.add({ email: 'ada.park@acme.example', name: 'Ada Park', role: 'admin' });
      browser = await launched();
    }, 300_000);
    afterAll(async () => {
      await browser.close();
      await served.close();
      await acme.close();
      await hook.close();
    });

    it('lead from nobody but the terminal to a channel, a route with two steps, a rule and quiet hours, each in force at once', async () => {
      const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
      const errors: string[] = [];
      page.on('pageerror', (error) => void errors.push(error.message));
      await comeIn(page, served, 'ada.park@acme.example', '/settings/notifications');
      await page.waitForSelector('h1:has-text("Alerts reach nobody but who looks at the terminal")');

      await page.click('text=Add a channel');
      await page.fill('#channel-name', 'hook');
      await page.selectOption('#channel-kind', 'webhook');
      await page.fill('#channel-url', 'ftp://127.0.0.1/hook');
      await page.fill('#channel-secret', SECRET);
      await page.click('button:has-text("Add the channel")');
      await page.waitForSelector('.wrong:has-text("expected an address")');
      await page.fill('#channel-url', `http://127.0.0.1:${hook.port}/hook`);
      await page.click('button:has-text("Add the channel")');
      await page.waitForSelector('h1:has-text("Alerts reach people by 1 channel, at any hour.")');
      await page.click('text=Send a trial message by hook');
      await page.waitForSelector('.done:has-text("hook took the trial message.")');
      expect(hook.got).toHaveLength(1);
      expect(await page.content()).not.toContain(SECRET);

      await page.click('text=Add a route');
      await page.fill('#route-name', 'urgent');
      await page.getByRole('group', { name: 'Channels of step 1' }).getByLabel('hook').check();
      await page.click('button:has-text("Add a step")');
      await page.getByLabel('So long after it was raised').nth(1).fill('30m');
      await page.getByRole('group', { name: 'Channels of step 2' }).getByLabel('terminal').check();
      await looked(page, 'a form');
      await page.click('button:has-text("Add the route")');
      await page.waitForSelector('.step:has-text("after 30 m terminal")');

      await page.getByRole('button', { name: 'Change the rule control-fails' }).click();
      await page.selectOption('#rule-route', 'urgent');
      await page.selectOption('#rule-severity', 'critical');
      await page.click('button:has-text("Save the rule")');
      await page.waitForSelector('tr:has-text("a control fails, waived deviations aside"):has-text("critical"):has-text("urgent")');
      expect(acme.workspace.alerts.rules().policy.rules).toHaveLength(8);

      acme.pass(minutes(11)); // so long after it was shown who this is, it is asked again
      await page.click('text=Change these times');
      await page.fill('#quiet-from', '22:00');
      await page.fill('#quiet-to', '07:00');
      await page.click('button:has-text("Save the times")');
      await page.waitForSelector('[role=dialog]:has-text("Show that it is you")');
      await page.fill('#confirm-by', PASSWORD);
      await page.click('text=Confirm and go on');
      await page.waitForSelector('h1:has-text("but for quiet hours from 22:00 to 07:00")');
      expect(acme.workspace.alerts.rules().policy.quiet).toMatchObject({ from: 22 * 60, to: 7 * 60 });

      await page.getByRole('button', { name: 'Take the channel hook away' }).click();
      await page.waitForSelector('.wrong:has-text("no channel is called hook")');
      await looked(page, 'the page');

      await page.goto(`${served.url}/settings/trail`);
      await settled(page);
      await expect.poll(() => page.locator('.lrow:has-text("alerts-change"):has-text("ada.park@acme.example")').count()).toBe(4);
      expect(errors).toEqual([]);
      await page.close();
    }, 120_000);

    async function looked(page: Page, what: string): Promise<void> {
      const light = await violations(page, { tags: WCAG });
      await page.emulateMedia({ colorScheme: 'dark' });
      const found = [...light, ...(await violations(page, { rules: COLOURS }))];
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize({ width: 360, height: 800 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      await page.setViewportSize({ width: 1440, height: 1000 });
      expect([what, found, wide]).toEqual([what, [], 360]);
    }
  });
}
