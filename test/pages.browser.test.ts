import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAny } from '../src/app/demo.ts';
import { renderReport } from '../src/app/render.ts';
import type { Workspace } from '../src/app/views.ts';
import { listen, pages } from '../src/server/server.ts';
import { layAcme, NOW } from './acme-workspace.ts';
import { missing } from './postgres.ts';

const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));
const shots = process.env.SCREENSHOTS;

if (program === undefined) it.skipIf(missing('Chromium', 'Install chromium.'))('the pages in a browser', () => undefined);
else {
  describe('the pages', () => {
    const dir = mkdtempSync(join(tmpdir(), 'pages-'));
    let workspace: Workspace;
    let server: Awaited<ReturnType<typeof listen>>;
    let browser: Browser;

    beforeAll(async () => {
      await layAcme(dir);
      workspace = await openAny({ dir, clock: () => NOW });
      server = await listen(pages(workspace, { rendersReport: async (month) => renderReport(await workspace.accessReview(month), 'html') }), 0);
      browser = await chromium.launch({
        executablePath: program,
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
      });
      if (shots) mkdirSync(shots, { recursive: true });
    }, 600_000);
    afterAll(async () => {
      await browser.close();
      await server.close();
      await workspace.close();
      rmSync(dir, { recursive: true });
    });

    it('lead in four clicks from a criterion to the bytes', async () => {
      const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
      const errors: string[] = [];
      page.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())));
      page.on('pageerror', (error) => void errors.push(error.message));

      await page.goto(server.url);
      expect(await page.locator('h1').innerText()).toMatch(/^22 criteria fail and 15 are unknown\.$/);
      expect(await page.locator('.cell').count()).toBe(61);
      await page.click('.cell >> text=CC6.2');
      expect(await page.locator('h1').innerText()).toMatch(/^CC6\.2 fails/);
      await page.click('main a:has-text("AC-03")');
      expect(await page.locator('main').innerText()).toMatch(/Zoe Petrov[\s\S]*still holds zoe-petrov in github/);
      await page.click('tr:has-text("Zoe Petrov") a.link >> nth=-1');
      expect(await page.locator('main').innerText()).toMatch(/Included\.[\s\S]*hashes lead from this record to the root/);
      await page.click('main table a.link >> nth=0');
      expect(await page.locator('h1').innerText()).toMatch(/as it was said$/);
      expect(errors).toEqual([]);
      await page.close();
    });

    const PAGES = [
      '/',
      '/criteria/CC6.1',
      '/criteria/CC1.1',
      '/controls/AC-12',
      '/findings?state=waived',
      '/findings/F-dmj3ytz4j2',
      '/controls/AC-03?period=2026-06-01T00:00:00Z..2026-09-20T00:00:00Z',
      '/records',
      '/records/3',
      '/sources',
      '/reports/access-review',
      '/controls/nothing',
    ];

    it.each(['light', 'dark'] as const)(
      'can be used by everyone, in %s',
      async (colorScheme) => {
        const context = await browser.newContext({ colorScheme, viewport: { width: 1440, height: 1000 } });
        const page = await context.newPage();
        for (const path of PAGES) {
          await page.goto(`${server.url}${path}`);
          const axe = new AxeBuilder({ page });
          // Nothing but colours differs in the dark.
          const asked =
            colorScheme === 'dark' ? axe.withRules(['color-contrast', 'link-in-text-block']) : axe.withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']);
          const { violations } = await asked.analyze();
          expect(violations.map(({ id, nodes }) => `${path} ${id}: ${nodes[0]?.html}`)).toEqual([]);
          if (shots)
            await page.screenshot({
              path: join(shots, `${colorScheme}${path.replace(/\?.*/, '-asked').replaceAll('/', '-')}.png`),
              fullPage: path !== '/records',
            });
        }
        await context.close();
      },
      120_000,
    );

    it('fit a phone without scrolling sideways', async () => {
      const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
      for (const path of PAGES) {
        await page.goto(`${server.url}${path}`);
        expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(390);
      }
      await page.close();
    });

    it('draw the period as strips in which no failure vanishes, and say the same in tables', async () => {
      const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
      await page.goto(server.url);
      expect(await page.locator('svg.strip').count()).toBe(39);
      // A year is 340 pixels here, and AC-14 failed for two days of it: three pixels are left of that.
      const failed = page.locator('.srow:has-text("AC-14") .l-fail');
      expect(await failed.evaluate((line) => getComputedStyle(line).strokeWidth)).toBe('3px');
      expect(await page.locator('svg.strip[aria-label^="AC-14: "]').getAttribute('aria-label')).toMatch(/^AC-14: fail 1 d 23 h/);
      await page.goto(`${server.url}/controls/AC-03?period=2026-07-01T00:00:00Z..2026-08-01T00:00:00Z`);
      const rows = await page.locator('.twin:has-text("Statuses of AC-03") tbody tr').allTextContents();
      expect(rows).toEqual(['Pass2026-07-01 00:00 UTC2026-07-27 23:00 UTC26 d 23 h', 'Fail2026-07-27 23:00 UTC2026-08-01 00:00 UTC4 d 1 h']);
      expect(await page.locator('.s-future:not(.key *)').count()).toBe(0);
      expect(await page.locator('main .quote >> nth=1').innerText()).toMatch(/1 July 2026 to 31 July 2026, both days included/);
      await page.click('.crumbs a >> nth=0');
      expect(page.url()).toContain('period=2026-07-01T00:00:00Z..2026-08-01T00:00:00Z');
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('.twin >> nth=0').isVisible()).toBe(true);
      await page.goto(`${server.url}/?period=2026-07-01..2026-08-01`);
      expect(await page.locator('main').innerText()).toMatch(/"period" is not a period: 2026-07-01\.\.2026-08-01\. Write it like/);
      await page.close();
    });

    it('show what was, at an instant', async () => {
      const page = await browser.newPage();
      await page.goto(server.url);
      await page.fill('#at', '2026-06-19T12:00:00Z');
      await page.click('.time button');
      expect(page.url()).toContain('at=2026-06-19T12%3A00%3A00Z');
      expect(await page.locator('.live').innerText()).toMatch(/Held at\s+2026-06-19T12:00:00Z/);
      expect(await page.locator('main').innerText()).toMatch(/has given no complete evidence|there is a way around it/);
      await page.fill('#at', 'yesterday');
      await page.click('.time button');
      expect(await page.locator('main').innerText()).toMatch(/not an instant/);
      await page.close();
    });

    it('answer no other name, and are held to a strict policy', async () => {
      const { port } = new URL(server.url);
      const { request } = await import('node:http');
      const strange = await new Promise<number>((resolve) =>
        request({ host: '127.0.0.1', port, headers: { host: 'evil.example' } }, ({ statusCode }) => resolve(statusCode ?? 0)).end(),
      );
      expect(strange).toBe(421);
      const { headers } = await fetch(server.url);
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'self';/);
    });
  });
}
