import { existsSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Company, company } from '../src/server/api/testing/company.ts';
import { buildDashboard } from '../tools/dashboard.ts';
import { missing } from './postgres.ts';
import { type Served, servedFor } from './served.ts';

const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));

if (program === undefined) it.skipIf(missing('Chromium', 'Install chromium.'))('charts in a browser', () => undefined);
else {
  describe('charts and tables', () => {
    let acme: Company;
    let server: Served;
    let browser: Browser;

    beforeAll(async () => {
      [acme] = await Promise.all([company(), buildDashboard()]);
      server = await servedFor(acme.workspace);
      browser = await chromium.launch({
        executablePath: program,
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
      });
    }, 300_000);
    afterAll(async () => {
      await browser.close();
      await server.close();
      await acme.close();
    });

    async function opened(
      path: string,
      options: Parameters<Browser['newPage']>[0] = {},
      shown = '.figure',
    ): Promise<{ readonly page: Page; readonly errors: string[] }> {
      const page = await (await browser.newContext({ viewport: { width: 1440, height: 1000 }, ...options })).newPage();
      const errors: string[] = [];
      page.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())));
      page.on('pageerror', (error) => void errors.push(error.message));
      await page.goto(`${server.url}${path}`);
      await page.waitForSelector('h1');
      await page.waitForSelector(shown);
      await page.waitForFunction(() => document.querySelectorAll('.skeleton, .older').length === 0);
      return { page, errors };
    }

    it('read a chart out by keys, and tell the same as a table', async () => {
      const { page, errors } = await opened('/');
      const chart = page.locator('.figure .steps').first();
      await chart.focus();
      await page.keyboard.press('End');
      const said = await page.locator('.read-out').first().innerText();
      expect(said).toMatch(/^\d{4}-\d\d-\d\d .* up to 2026-03-02 09:00 UTC: \d+ fail, \d+ unknown, 0 waived of \d+/);
      const [, fail, unknown] = /: (\d+) fail, (\d+) unknown/.exec(said) ?? [];
      await page.locator('.figure summary').first().click();
      const cells = await page.locator('.figure .astable tbody tr').first().locator('td').allInnerTexts();
      expect(cells.slice(2, 4)).toEqual([fail, unknown]);
      expect(errors).toEqual([]);
      await page.context().close();
    });

    it('keeps a view of a population under a name, and goes back to it', async () => {
      const { page, errors } = await opened('/families/training?show=people.workers');
      await page.getByLabel('Field to filter by').selectOption('employmentType');
      await page.getByLabel('Value of employmentType').fill('contractor');
      await page.getByRole('button', { name: 'Add filter' }).click();
      await page.waitForSelector('.lfoot:has-text("1 in all")');
      await expect.poll(() => page.locator('.sec a:has-text("CSV of what is filtered")').getAttribute('href')).toContain('where=employmentType%3Acontractor');
      await page.getByRole('button', { name: 'Save this view' }).click();
      await page.getByLabel('Name of the view').fill('Contractors');
      await page.getByRole('button', { name: 'Save view' }).click();
      await page.waitForSelector('.views .chip[aria-current]:has-text("Contractors")');
      await page.goto(`${server.url}/families/training`);
      await page.click('.views .chip:has-text("Contractors")');
      await page.waitForSelector('.lfoot:has-text("1 in all")');
      await expect.poll(() => page.locator('.lrow bdi').first().innerText()).toBe('Otto Berg (W-3)');
      await page.getByRole('button', { name: 'Take away: employmentType is contractor' }).click();
      await page.waitForSelector('.lfoot:has-text("3 in all")');
      expect(errors).toEqual([]);
      await page.context().close();
    });

    it('shows a drawn sample by the record of its draw, whoever follows its address', async () => {
      const { page, errors } = await opened('/controls/TR-01?show=population', {}, '.lfoot');
      const population = page.locator('.panel:has(.lfoot)').first();
      await population.getByLabel('by the seed').fill('march');
      await population.getByRole('button', { name: 'Draw sample' }).click();
      await page.waitForSelector('h2:has-text("Sample of")');
      const items = () => page.locator('.numbered').first().innerText();
      const drawn = await items();
      expect(drawn).toContain('Maria Lopez');
      expect(new URL(page.url()).searchParams.get('filter')).toMatch(/^sample=\d+$/);
      await page.reload();
      await page.waitForSelector('h2:has-text("Sample of")');
      expect(await items()).toBe(drawn);
      await page.getByRole('button', { name: 'Close the sample' }).click();
      await page.waitForFunction(() => !location.search.includes('sample'));
      expect(errors).toEqual([]);
      await page.context().close();
    });

    it('scrolls to the end of 100,000 rows by windows, without holding up the page', async () => {
      const COUNT = 100_000;
      const { page, errors } = await opened('/families/training?show=people.workers');
      const asked: number[] = [];
      // The server's part is proved beside it, in row-list.test.ts: here its answers are made up.
      await page.route('**/api/datasets/people.workers/rows?*', async (route) => {
        const url = new URL(route.request().url());
        const [skip, limit] = [Number(url.searchParams.get('skip') ?? 0), Number(url.searchParams.get('limit'))];
        url.searchParams.delete('skip');
        const response = await route.fetch({ url: url.href });
        const answer = await response.json();
        const [row] = answer.rows;
        const rows = Array.from({ length: Math.max(0, Math.min(limit, COUNT - skip)) }, (_, place) => ({
          ...row,
          key: `W-${skip + place}`,
          label: `Worker ${skip + place}`,
        }));
        asked.push(skip);
        await route.fulfill({ response, json: { ...answer, count: COUNT, rows } });
      });
      await page.reload();
      await page.waitForSelector('.lfoot:has-text("100,000 in all")');
      await page.evaluate(() => {
        const held = window as unknown as { longest: number };
        held.longest = 0;
        new PerformanceObserver((list) => {
          for (const { duration } of list.getEntries()) held.longest = Math.max(held.longest, duration);
        }).observe({ type: 'longtask' });
      });
      const passes: number[] = [];
      for (let pass = 0; pass < 3; pass++) {
        await page.evaluate(async () => {
          const box = document.querySelector('.lbox');
          (window as unknown as { longest: number }).longest = 0;
          for (let step = 0; box && step <= 40; step++) {
            box.scrollTop = (box.scrollHeight * step) / 40;
            await new Promise((resolve) => requestAnimationFrame(resolve));
          }
        });
        await page.waitForSelector('.lrow:has-text("Worker 99999")');
        passes.push(await page.evaluate(() => (window as unknown as { longest: number }).longest));
      }
      await expect.poll(() => page.locator('[role=table]').first().getAttribute('aria-rowcount')).toBe('100001');
      await expect.poll(() => page.locator('.lrow:has-text("Worker 99999")').getAttribute('aria-rowindex')).toBe('100001');
      await expect.poll(() => page.locator('.lrow').count()).toBeLessThan(60);
      expect(new Set(asked).size).toBeLessThan(60); // where it rests, and not everything that passes by
      process.stderr.write(`longest tasks while 100,000 rows pass by: ${passes.map((length) => `${Math.round(length)} ms`).join(', ')}\n`);

      const focused = () => page.evaluate(() => document.activeElement?.closest('[data-row]')?.getAttribute('aria-rowindex'));
      await page.locator('.lrow:has-text("Worker 99999") a').first().focus();
      await page.keyboard.press('ArrowUp');
      await expect.poll(focused).toBe('100000');
      await page.evaluate(() => document.querySelector('.lbox')?.scrollTo(0, 0));
      await page.waitForSelector('.lrow:has-text("Worker 0")');
      expect(await focused()).toBe('100000'); // it stays, wherever the others are scrolled to
      await page.keyboard.press('ArrowDown');
      await expect.poll(focused).toBe('100001');

      await page.evaluate(() => void dispatchEvent(new Event('beforeprint')));
      const foot = await page.locator('.lfoot').innerText();
      expect(foot).toBe('Rows 1 to 100 and 99,901 to 100,000 of 100,000: those that were at hand when this was printed.');
      await expect.poll(() => page.locator('.lbox .lrow').count()).toBe(400);
      await page.evaluate(() => void dispatchEvent(new Event('afterprint')));
      await expect.poll(() => page.locator('.lrow').count()).toBeLessThan(60);
      expect(Math.min(...passes)).toBeLessThanOrEqual(100);
      expect(errors).toEqual([]);
      await page.context().close();
    });

    it.each(['light', 'dark'] as const)('is clean for axe in %s, and fits a phone', async (colorScheme) => {
      for (const path of ['/', '/families/access', '/families/endpoints', '/people']) {
        const { page, errors } = await opened(path, { colorScheme, viewport: { width: 360, height: 780 } });
        const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag22aa']).analyze();
        expect(violations.map(({ id, nodes }) => `${path} ${id}: ${nodes[0]?.html}`)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
        expect(errors).toEqual([]);
        await page.context().close();
      }
    });
  });
}
