import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { POLICY_CAST } from '../src/acme/policy-stories.ts';
import { makeWorld, person } from '../src/acme/world.ts';
import { openAny } from '../src/app/open-any.ts';
import type { Workspace } from '../src/app/views.ts';
import { days } from '../src/core/instant.ts';
import { buildDashboard } from '../tools/dashboard.ts';
import { layAcme, NOW } from './acme-workspace.ts';
import { COLOURS, violations, WCAG } from './axe.ts';
import { apart, type Ink, inkOf } from './ink.ts';
import { missing } from './postgres.ts';
import { type Served, servedFor } from './served.ts';

const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));
const shots = process.env.SCREENSHOTS;
/** Of two marks so much has to be drawn by only one of them. */
const APART = 0.25;

if (program === undefined) it.skipIf(missing('Chromium', 'Install chromium.'))('the dashboard in a browser', () => undefined);
else {
  describe('the dashboard', () => {
    const dir = mkdtempSync(join(tmpdir(), 'dashboard-'));
    const world = makeWorld(NOW);
    let workspace: Workspace;
    let server: Served;
    let browser: Browser;

    beforeAll(async () => {
      await Promise.all([layAcme(dir), buildDashboard()]);
      workspace = await openAny({ dir, clock: () => NOW });
      server = await servedFor(workspace);
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

    /** A page that tells of every error there is. */
    async function opened(path: string, options: Parameters<Browser['newPage']>[0] = {}): Promise<{ readonly page: Page; readonly errors: string[] }> {
      const page = await browser.newPage({ viewport: { width: 1440, height: 1000 }, ...options });
      const errors: string[] = [];
      page.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())));
      page.on('pageerror', (error) => void errors.push(error.message));
      await go(page, path);
      return { page, errors };
    }

    async function go(page: Page, path: string): Promise<void> {
      await page.goto(`${server.url}${path}`);
      await page.waitForSelector('h1');
      // Still so two frames later: between what is asked first and what follows from it, a page is complete for a moment.
      await page.waitForFunction(async () => {
        const isWhole = () => document.querySelector('.skeleton, .older, .pending') === null && document.querySelector('h1') !== null;
        if (!isWhole()) return false;
        await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
        return isWhole();
      });
    }

    /** Waits until there are so many, and no more and no fewer. */
    const counted = (page: Page, selector: string, count: number) =>
      page.waitForFunction(([its, expected]) => document.querySelectorAll(its as string).length === expected, [selector, count]);

    it('leads in four clicks from a criterion to the bytes, verified in the browser', async () => {
      const { page, errors } = await opened('/');
      await expect.poll(() => page.locator('h1').innerText()).toMatch(/^\d+ criteria fail and \d+ are unknown\.$/);
      await counted(page, '.cell', 61);
      await page.click('.cell >> text=CC6.2');
      await page.waitForSelector('h1:has-text("CC6.2 fails")');
      await page.click('.open a:has-text("AC-03")');
      await page.waitForSelector('[role=tabpanel] tr:has-text("Zoe Petrov")');
      await page.click('[role=tabpanel] tr:has-text("Zoe Petrov") .records a >> nth=-1');
      await page.waitForSelector('.verified:has-text("Verified in this browser.")');
      await counted(page, '.rungs > li', 5);
      await page.waitForSelector('.code .cline >> nth=3');
      await expect.poll(() => page.locator('.row .note').innerText()).toContain('its SHA-256 is what the record says');
      await page.click('text=Every hash');
      await page.waitForSelector('.rungs ol li >> nth=10');
      expect(errors).toEqual([]);
      await page.close();
    });

    it('says by name who has access that they should not have, and what breaks within a week, with the proof beside it', async () => {
      const { page, errors } = await opened('/');
      const soon = (await workspace.upcoming({ within: days(7), most: 1000 })).length;
      await page.waitForSelector(`.sec:has-text("Breaks next"):has-text("${soon === 0 ? 'none' : soon} within 7 days")`);
      await page.click('nav.nav a:has-text("People")');
      await page.click('.panel:has-text("Access that should not be") li:has-text("Zoe Petrov") .records a >> nth=-1');
      await page.waitForSelector('.verified:has-text("Verified in this browser.")');
      await go(page, '/people/W-026');
      await page.waitForSelector('.lane:has-text("slack"):has-text("active")');
      await expect.poll(() => page.locator('.lane').first().innerText()).toContain('slack'); // what can still be used comes first
      await page.waitForSelector('.panel:has(h2:text-is("Training")) tbody tr, .panel:has(h2:text-is("Training")) .c-unknown');
      // Google says nothing of single factors: that none is listed is not that there is none.
      await page.waitForSelector('.panel:has-text("Access and second factors") tr:has-text("google") .c-unknown:has-text("its source does not tell")');
      await page.waitForSelector('.panel:has-text("Access and second factors") tr:has-text("okta") .faint:has-text("none that is active")');
      // What was accepted of the policies, by whose word, and who still owes it; each with its record.
      const policies = (which: string) => page.locator('.panel:has(h2:text-is("Policies")) tbody tr', { hasText: which });
      await go(page, `/people/${person(world, POLICY_CAST.owes).id}`);
      await expect.poll(() => policies('Acceptable use').innerText()).toMatch(/version 2.*version 1 on \d{4}-\d\d-\d\d\s+in the system of record.*owed since/s);
      await expect.poll(() => policies('Access management').innerText()).toContain('not asked of them');
      await go(page, `/people/${person(world, 1).id}`);
      await expect.poll(() => policies('Acceptable use').innerText()).toMatch(/version 2 on \d{4}-\d\d-\d\d\s+signed with their key.*accepted/s);
      await policies('Acceptable use').locator('.records a').first().click();
      await page.waitForSelector('.verified:has-text("Verified in this browser.")');
      await go(page, '/controls/PO-02');
      await page.click('.panel:has(h2:text-is("Findings")) tr:has-text("Acceptable use, version 2"):has-text("people operations") a');
      await page.waitForURL('**/findings/*');
      await go(page, '/families/vendors');
      await page.waitForSelector('.chip:has-text("register is vendors")');
      expect(errors).toEqual([]);
      await page.close();
    });

    it('finds out what was altered on the way, byte by byte, and a log that is another one', async () => {
      const { page } = await opened('/');
      await page.route('**/api/records/30/envelope', async (route) => {
        const response = await route.fetch();
        const body = Buffer.from(await response.body());
        body[body.length >> 1] = (body[body.length >> 1] ?? 0) ^ 1;
        await route.fulfill({ response, body });
      });
      await go(page, '/log/30');
      await expect.poll(() => page.locator('.notice.bad').innerText()).toMatch(/^Altered\. the envelope has the digest/);
      await page.route('**/api/records/31', async (route) => {
        const response = await route.fetch();
        const record = await response.json();
        record.inclusion.hashes[0] = record.inclusion.hashes[1];
        await route.fulfill({ response, json: record });
      });
      await go(page, '/log/31');
      await expect.poll(() => page.locator('.notice.bad').innerText()).toMatch(/the hashes do not lead to the root/);
      await go(page, '/log/32');
      await expect.poll(() => page.locator('.verified').innerText()).toMatch(/Verified in this browser.*(first time|goes on from)/s);
      await page.evaluate(() => {
        const seen = JSON.parse(localStorage.getItem('tickmark.checkpoint') ?? '{}');
        localStorage.setItem('tickmark.checkpoint', JSON.stringify({ ...seen, size: 20, root: `${'A'.repeat(43)}=` }));
      });
      await go(page, '/log/32');
      await expect.poll(() => page.locator('.notice.bad').innerText()).toMatch(/of 20 records, is not the beginning of this one/);
      await page.close();
    });

    const PAGES = [
      '/',
      '/criteria/CC6.1',
      '/criteria/CC1.1',
      '/controls/AC-12',
      '/controls/AC-03?period=2026-07-01T00:00:00Z..2026-09-20T00:00:00Z',
      '/findings',
      '/log',
      '/log/3',
      '/sources',
      '/sources/okta/users/acme',
      '/people',
      '/people/W-026',
      '/families/access',
      '/families/change',
      '/alerts',
      '/reports',
      '/jobs',
      '/controls/nothing',
      '/nowhere',
    ];

    /** Each is loaded once: what differs between light and dark is colours, and between a desk and a phone the room. */
    it('can be used by everyone, in light and in dark, and fits a phone without scrolling sideways', async () => {
      const waiting = [...PAGES];
      const found: string[] = [];
      const look = async () => {
        const context = await browser.newContext({ reducedMotion: 'reduce' });
        const page = await context.newPage();
        for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
          await page.setViewportSize({ width: 1440, height: 1000 });
          await page.emulateMedia({ colorScheme: 'light' });
          await go(page, path);
          found.push(...(await looked(page, path, 'light')));
          await page.emulateMedia({ colorScheme: 'dark' });
          found.push(...(await looked(page, path, 'dark')));
          await page.setViewportSize({ width: 390, height: 844 });
          const width = await page.evaluate(() => new Promise<number>((drawn) => requestAnimationFrame(() => drawn(document.documentElement.scrollWidth))));
          if (width > 390) found.push(`${path} is ${width} wide on a phone`);
        }
        await context.close();
      };
      await Promise.all([look(), look()]);
      expect(found).toEqual([]);
    }, 600_000);

    async function looked(page: Page, path: string, theme: 'light' | 'dark'): Promise<readonly string[]> {
      const its = await violations(page, theme === 'dark' ? { rules: COLOURS } : { tags: WCAG });
      if (shots) await page.screenshot({ path: join(shots, `${theme}${path.replace(/\?.*/, '-asked').replaceAll('/', '-')}.png`), fullPage: true });
      return its.map((says) => `${path} ${theme} ${says}`);
    }

    it('is used by keys alone', async () => {
      const { page } = await opened('/');
      await page.keyboard.press('g');
      await page.keyboard.press('l');
      await page.waitForURL('**/log');
      await page.keyboard.press('Control+k');
      await page.waitForFunction(() => document.activeElement instanceof HTMLInputElement);
      await page.keyboard.type('zoe petrov');
      await page.waitForSelector('[role=option]:has-text("Zoe Petrov")');
      await page.keyboard.press('Enter');
      await page.waitForURL('**/people/W-026');
      await page.waitForSelector('h1:has-text("Zoe Petrov has left")');
      await page.waitForSelector('[data-row]');
      await page.keyboard.press('j');
      expect(await page.evaluate(() => document.activeElement?.closest('[data-row]')?.textContent)).toMatch(/AC-03|zoe/i);
      await go(page, '/controls/AC-03');
      await page.locator('svg.strip').first().focus();
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => page.locator('.said').first().innerText()).toMatch(/^(Pass|Fail|Unknown|Empty), 2026-/);
      await page.keyboard.press('?');
      await page.waitForSelector('[role=dialog]:has-text("Keys")');
      await page.keyboard.press('Escape');
      await page.close();
    });

    it('holds every page at an instant, and carries a period along', async () => {
      const { page } = await opened('/');
      await page.click('#time-instant');
      await page.fill('.pop input >> nth=0', 'yesterday');
      await page.keyboard.press('Enter');
      await expect.poll(() => page.locator('.pop .wrong').innerText()).toMatch(/^Write it like/);
      await page.fill('.pop input >> nth=0', '2026-08-17 12:00');
      await page.keyboard.press('Enter');
      await page.waitForSelector('.live.held:has-text("Held at 2026-08-17 12:00 UTC")');
      await page.click('.cell >> text=CC6.2');
      await page.waitForURL(/at=2026-08-17T12/);
      await go(page, '/controls/AC-03?period=2026-07-01T00:00:00Z..2026-08-01T00:00:00Z');
      expect(await page.locator('.s-future:not(.key *)').count()).toBe(0);
      await expect.poll(() => page.locator('blockquote').innerText()).toMatch(/1 July 2026 to 31 July 2026, both days included/);
      await page.click('.crumbs a >> nth=0');
      await page.waitForURL(/period=2026-07-01T00/);
      await page.close();
    });

    it('shows what comes while it is looked at', async () => {
      const { page } = await opened('/');
      const size = async () => Number((await page.locator('.live .w').innerText()).replace(/\D/g, ''));
      const before = await size();
      await workspace.recordActs([{ act: 'trial', by: 'owner@acme.example', target: null, says: null }]);
      server.tell({ type: 'posture', at: NOW, permission: 'posture.read', controls: null, data: null });
      await page.waitForFunction((were) => Number((document.querySelector('.live .w')?.textContent ?? '').replace(/\D/g, '')) > were, before);
      expect(await size()).toBeGreaterThan(before);
      await page.close();
    });

    it('is not broken by hostile names from sources', async () => {
      const { page, errors } = await opened('/');
      const hostile = ['<img src=x onerror=alert(1)>', '\u202eevil\u202c', `${'w'.repeat(10_000)}`, '\u200b\u200b', '😀'.repeat(200), "'; drop table--"];
      await page.route('**/api/people?*', async (route) => {
        const response = await route.fetch();
        const told = await response.json();
        told.people = told.people.map((person: Record<string, unknown>, place: number) => ({ ...person, name: hostile[place % hostile.length] }));
        await route.fulfill({ response, json: told });
      });
      await go(page, '/people');
      await page.waitForSelector('.lrow >> nth=5'); // the list is drawn once its room is known
      expect(await page.locator('main img').count()).toBe(0);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1440);
      expect(errors).toEqual([]);
      await page.close();
    });

    it('draws the period as strips in which no failure vanishes, and says the same in tables', async () => {
      const { page } = await opened('/', { viewport: { width: 390, height: 844 } });
      await counted(page, 'svg.strip', (await workspace.posture()).controls.length);
      const failed = page.locator('.l-fail').first();
      expect(await failed.evaluate((line) => getComputedStyle(line).strokeWidth)).toBe('3px');
      await page.evaluate(() => void dispatchEvent(new Event('beforeprint')));
      await expect.poll(() => page.locator('.strips .astable tr', { hasText: 'AC-03' }).count()).toBeGreaterThan(0);
      await page.close();
    });

    it('tells statuses apart without colour: by the shape of the glyph, by the word, and in strips by how they are filled', async () => {
      const statuses = ['fail', 'unknown', 'waived', 'pass', 'empty', 'excluded'] as const;
      const { page } = await opened('/', { deviceScaleFactor: 2, reducedMotion: 'reduce' });
      // A control whose checks stand in every way there is.
      await page.route('**/api/controls/AC-03/period*', async (route) => {
        const response = await route.fetch();
        const told = await response.json();
        const [check] = told.control.checks;
        told.control.checks = statuses.map((status) => ({
          ...check,
          ...{ id: `is-${status}`, status: status === 'waived' ? 'fail' : status, alert: status === 'waived' ? 'pass' : status },
        }));
        await route.fulfill({ response, json: told });
      });
      await go(page, '/controls/AC-03?show=checks');
      const words = await Promise.all(statuses.map(async (status) => (await page.locator(`#is-${status} .st`).innerText()).trim()));
      expect(new Set(words).size).toBe(statuses.length);
      for (const theme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: theme });
        for (const marks of [(status: string) => `#is-${status} .st svg`, (status: string) => `.legend .key:has(.s-${status})`]) {
          const inks: (readonly [string, Ink])[] = [];
          for (const status of statuses) {
            const mark = page.locator(marks(status));
            inks.push([status, await inkOf(mark, await mark.screenshot())]);
          }
          const alike = inks.flatMap(([one, its], place) =>
            inks.slice(place + 1).flatMap(([other, ink]) => (apart(its, ink) < APART ? [`${one} and ${other} in the ${theme}: ${apart(its, ink)}`] : [])),
          );
          expect(alike).toEqual([]);
        }
      }
      await page.close();
    });

    it('answers no other name, is held to a strict policy, and is light', async () => {
      const { port } = new URL(server.url);
      const strange = await new Promise<number>((resolve) =>
        request({ host: '127.0.0.1', port, headers: { host: 'evil.example' } }, ({ statusCode }) => resolve(statusCode ?? 0)).end(),
      );
      expect(strange).toBe(421);
      const response = await fetch(server.url);
      expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
      const { page } = await opened('/');
      const bytes = await page.evaluate(() =>
        performance
          .getEntriesByType('resource')
          .reduce((sum, it) => sum + (it.name.includes('/assets/') ? (it as PerformanceResourceTiming).encodedBodySize : 0), 0),
      );
      expect(bytes).toBeLessThan(300_000);
      await page.close();
    });
  });
}
