import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initialFiles } from '../src/configuration/template.ts';
import { buildDashboard } from '../tools/dashboard.ts';
import { type Emulator, emulatedOkta } from './acme-emulator.ts';
import { COLOURS, violations } from './axe.ts';
import { missing } from './postgres.ts';

const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));
const shots = process.env.SCREENSHOTS;
const TOKEN = '00abc-onboarding-token';
const root = join(import.meta.dirname, '..');

if (program === undefined) it.skipIf(missing('Chromium', 'Install chromium.'))('the first ten minutes', () => undefined);
else {
  describe('the first ten minutes', () => {
    const dir = mkdtempSync(join(tmpdir(), 'onboarding-'));
    let okta: Emulator;
    let server: Serving;
    let browser: Browser;

    beforeAll(async () => {
      layDemo(join(dir, 'acme'));
      [okta] = await Promise.all([emulatedOkta(TOKEN), buildDashboard()]);
      server = await serve(join(dir, 'acme'));
      browser = await chromium.launch({
        executablePath: program,
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync'],
      });
      if (shots) mkdirSync(shots, { recursive: true });
    }, 300_000);
    afterAll(async () => {
      await browser?.close();
      await server?.stop();
      await okta?.close();
      rmSync(dir, { recursive: true });
    });

    it('lead from Acme to the own company, its first source, its first finding and the bytes of it, and back', async () => {
      const context = await browser.newContext({ viewport: { width: 1440, height: 1000 } });
      const page = await context.newPage();
      const errors: string[] = [];
      page.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())));
      page.on('pageerror', (error) => void errors.push(error.message));

      // Two doors.
      await page.goto(server.signIn);
      await page.waitForSelector('.is-demo:has-text("Demo: Acme")');
      await page.click('.companies >> text=Start with my company');
      await page.waitForSelector('h1:has-text("What is your company called")');
      await page.getByLabel('Name of the company').fill('Lantern Works');
      await page.getByLabel('Time zone').fill('Europe/Nowhere');
      await page.getByLabel('Okta').check();
      await page.click('button:has-text("Start with my company")');
      await page.waitForSelector('.wrong:has-text("expected an IANA time zone")');
      await page.getByLabel('Time zone').fill('Europe/Berlin');
      await look(page, 'begin');
      await page.click('button:has-text("Start with my company")');

      // A way in of its own.
      await page.waitForSelector('h1:has-text("Set up your sign-in")');
      await page.fill('[name=email]', 'ada@lantern.example');
      await page.fill('[name=name]', 'Ada Lantern');
      await page.fill('[name=password]', 'seven green lanterns');
      await page.click('button:has-text("Go on")');
      await page.waitForSelector('.beginning');
      await expect.poll(() => page.locator('h1').innerText()).toMatch(/^No criterion fails and \d+ criteria are unknown\.$/);
      expect(await page.locator('.is-demo').count()).toBe(0);
      await page.click('.beginning >> text=Connect the first source');

      // The first source: refused, corrected, tried out, saved.
      await page.click('.offer:has-text("okta/users")');
      await page.click('button:has-text("Save source")');
      await page.waitForSelector('text=2 fields have to be corrected.');
      expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-invalid'))).toBe('true');
      await page.getByLabel('Org', { exact: true }).fill('acme.okta.com');
      await page.getByRole('textbox', { name: 'Token' }).fill('a-wrong-token');
      await page.click('summary:has-text("Called main")');
      await page.getByRole('textbox', { name: 'Endpoint' }).fill(okta.url);
      await page.click('button:has-text("Test it")');
      await page.waitForSelector('.verdict:has-text("It did not answer whole.")');
      await expect.poll(() => page.locator('.calls tbody tr').first().innerText()).toMatch(/401.*users\/me.*Invalid token provided/s);
      await page.getByRole('textbox', { name: 'Token' }).fill(TOKEN);
      await page.click('button:has-text("Test it")');
      await page.waitForSelector('.verdict:has-text("It told everything.")');
      await expect.poll(() => page.locator('.verdict').innerText()).toMatch(/A run would tell of \d+ identity\.users/);
      expect(await page.locator('.calls').innerText()).not.toContain(TOKEN);
      await look(page, 'trial');
      await page.click('button:has-text("Save source")');
      await page.waitForSelector('h1:has-text("Nothing was asked yet.")');

      // Watched on another page: what was not known is told as it comes.
      const watching = await context.newPage();
      await watching.goto(`${server.url}/start?show=finding`);
      await watching.waitForSelector('h1:has-text("No item deviates by what was told so far.")');
      await page.click('button:has-text("Ask for the first time")');
      await page.waitForSelector('.live-runs .c-pass');
      await expect.poll(() => page.locator('.live-runs').innerText()).toMatch(/\d+ identity\.users/);
      await look(page, 'run');
      await page.click('button:has-text("Go on to people")');

      // People by an export.
      await page.setInputFiles('input[type=file]', { name: 'workers of today.csv', mimeType: 'text/csv', buffer: Buffer.from(okta.people) });
      await page.waitForSelector('text=lies in the workspace as uploads/workers-of-today.csv');
      await page.click('button:has-text("Save source")');
      await page.waitForSelector('h1:has-text("people are known.")');
      await look(page, 'people');

      // The first true finding, and its bytes.
      await watching.waitForSelector('h1.first .c-fail');
      await expect.poll(() => watching.locator('h1.first').innerText()).toMatch(/: .+\.$/);
      await look(watching, 'finding');
      await watching.click('text=Show its bytes');
      await watching.waitForSelector('.verified:has-text("Verified in this browser.")');
      await watching.locator('.code .cline').nth(3).waitFor();
      await watching.close();

      // What is unknown, by who would tell.
      await page.click('.steps >> text=What is unknown');
      await page.waitForSelector('h1:has-text("criteria are unknown.")');
      await expect.poll(() => page.locator('.collectors li').first().innerText()).toMatch(/\d+ criteria wait for it/);
      await look(page, 'unknown');

      // A source and its runs.
      await page.goto(`${server.url}/sources/okta/users/main`);
      await page.waitForSelector('.marks .mark.success');
      await expect.poll(() => page.locator('.runs').innerText()).toMatch(/Next run\s+20\d\d-/);
      await look(page, 'source');

      // Back to Acme, and to one's own again: both are still signed in.
      await page.click('.companies >> text=Look at Acme (demo)');
      await page.waitForSelector('.is-demo:has-text("Demo: Acme")');
      await page.click('.companies >> text=Go to Lantern Works');
      await page.waitForSelector('.companies >> text=Look at Acme (demo)');
      expect(await page.locator('.is-demo').count()).toBe(0);
      expect(await page.locator('.beginning').count()).toBe(0);
      expect(errors.filter((text) => !/status of (400|401)/.test(text))).toEqual([]);
      await context.close();
    }, 400_000);

    it('leave the secret in no file, and the own company in one of its own', () => {
      const own = join(dir, 'company');
      expect(readFileSync(join(own, 'tickmark.yaml'), 'utf8')).toContain('token: kept');
      const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      const holding = files.map(({ parentPath, name }) => join(parentPath, name)).filter((path) => readFileSync(path).includes(TOKEN));
      expect(holding).toEqual([]);
      expect(server.said()).not.toContain(TOKEN);
      expect(okta.asked.length).toBeGreaterThan(10);
    });

    /** Looked at by axe, at the width of a phone, and by people where pictures are asked for. */
    async function look(page: Page, name: string): Promise<void> {
      // What is drawn alike is looked at in both themes once: axe takes its time.
      for (const colorScheme of shots || name === 'trial' ? (['light', 'dark'] as const) : (['light'] as const)) {
        await page.emulateMedia({ colorScheme });
        const its = await violations(page, colorScheme === 'dark' ? { rules: COLOURS } : {});
        expect(its.map((says) => `${name}: ${says}`)).toEqual([]);
        if (shots) await page.screenshot({ path: join(shots, `onboarding-${name}-${colorScheme}.png`), fullPage: true });
      }
      await page.emulateMedia({ colorScheme: 'light' });
      const { width = 1440, height = 1000 } = page.viewportSize() ?? {};
      await page.setViewportSize({ width: 360, height: 780 });
      expect([name, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([name, 360]);
      if (shots) await page.screenshot({ path: join(shots, `onboarding-${name}-phone.png`), fullPage: true });
      await page.setViewportSize({ width, height });
    }
  });
}

/** Acme without its history, which takes minutes to tell: what is looked at here is the way out of it. */
function layDemo(dir: string): void {
  mkdirSync(join(dir, '.tickmark'), { recursive: true });
  writeFileSync(join(dir, 'tickmark.yaml'), initialFiles({ company: 'Acme', timezone: 'UTC', from: '2026-01-01', to: '2027-01-01' })['tickmark.yaml'] ?? '');
  writeFileSync(join(dir, '.tickmark/demo.json'), JSON.stringify({ lastDay: Date.parse('2026-03-01T00:00:00Z') }));
}

interface Serving {
  readonly url: string;
  /** The link to come in by. */
  readonly signIn: string;
  /** All that it said. */
  said(): string;
  stop(): Promise<void>;
}

/** `tickmark serve --demo`, as anybody starts it; this machine may be asked, for the vendor is on it. */
async function serve(workspace: string): Promise<Serving> {
  const args = ['src/cli/main.ts', 'serve', '--demo', '--workspace', workspace, '--port', '0', '--no-worker', '--json']; // nothing is asked but what is asked for
  const env = { ...process.env, TICKMARK_SOURCE_NETWORKS: '127.0.0.0/8' };
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk.toString('utf8')));
  const { url, signIn } = await first(child, said);
  return {
    url,
    signIn,
    said: () => said.join(''),
    stop: () =>
      new Promise<void>((done) => {
        child.once('exit', () => done());
        child.kill('SIGTERM');
      }),
  };
}

function first(child: ChildProcess, said: readonly string[]): Promise<{ readonly url: string; readonly signIn: string }> {
  return new Promise((done, fail) => {
    child.once('exit', (code) => fail(new Error(`it ended with ${code}: ${said.join('')}`)));
    child.stdout?.on('data', () => {
      const text = said.join('');
      const [json] = /\{[\s\S]*?"signIn"[\s\S]*?\}/.exec(text) ?? [];
      if (json) done(JSON.parse(json) as { readonly url: string; readonly signIn: string });
    });
  });
}
