// Pictures of every page, of Acme as it stood: `npm run screens`, or `npm run screens -- /settings/users` for some of them.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launched, program } from '../test/browser.ts';
import { comeIn, settled } from '../test/signed-served.ts';
import { everyPage, OWNER, PATIENT, serveAcme } from './acme-site.ts';

const folder = join(import.meta.dirname, '../docs/screens');

/** Those that are looked at in the dark too, and those that are meant for a phone. */
const DARK = ['/', '/controls/AC-03', '/findings', '/log/3', '/people/W-026'];
const PHONE = ['/', '/findings', '/alerts', '/tasks', '/reviews', '/settings/account'];

const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 390, height: 844 };
/** What is longer is cut: a picture tells how a page looks, and not all that it says. */
const TALLEST = 2200;
const QUALITY = 82;

interface Look {
  readonly suffix: string;
  readonly dark?: boolean;
  readonly size: typeof WIDE;
  readonly scale: number;
  readonly of: (path: string) => boolean;
}

const LOOKS: readonly Look[] = [
  { suffix: '', size: WIDE, scale: 1, of: () => true },
  { suffix: '.dark', dark: true, size: WIDE, scale: 1, of: (path) => DARK.includes(path) },
  { suffix: '.phone', size: NARROW, scale: 2, of: (path) => PHONE.includes(path) },
];

if (program === undefined) throw new Error('Chromium is not installed: apt-get install chromium');
const wanted = process.argv.slice(2);
const site = await serveAcme();
const browser = await launched();
try {
  const first = await browser.newPage();
  first.setDefaultTimeout(PATIENT);
  await comeIn(first, site, OWNER);
  const all = await everyPage(first, site);
  await first.close();
  const paths = wanted.length === 0 ? all : wanted;
  if (wanted.length === 0) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const look of LOOKS) await taken(browser, look, paths);
} finally {
  await browser.close();
  await site.close();
}

async function taken(its: Browser, look: Look, paths: readonly string[]): Promise<void> {
  const chosen = paths.filter((path) => look.of(path));
  if (chosen.length === 0) return;
  const context = await its.newContext({
    viewport: look.size,
    deviceScaleFactor: look.scale,
    colorScheme: look.dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    locale: 'en-GB',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENT);
  await comeIn(page, site, OWNER);
  for (const path of chosen) {
    await page.setViewportSize(look.size);
    await page.goto(`${site.url}${path}`);
    await settled(page);
    const bytes = await picture(page, look);
    writeFileSync(join(folder, `${nameOf(path)}${look.suffix}.webp`), bytes);
    process.stdout.write(`${path}${look.suffix} ${Math.round(bytes.length / 1024)} KiB\n`);
  }
  await context.close();
}

/** Of the whole page, for what stays in place to stand where it stands at first. */
async function picture(page: Page, { size }: Look): Promise<Buffer> {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: size.width, height: Math.min(Math.max(height, size.height), TALLEST) });
  await page.waitForTimeout(250); // strips are drawn once their width is known
  const cdp = await page.context().newCDPSession(page);
  const { data } = await cdp.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
  await cdp.detach();
  return Buffer.from(data, 'base64');
}

/** What has an id of its own in each run is named by its list, so that its picture replaces the one before. */
function nameOf(path: string): string {
  const [, list] = /^(.+)\/(?:u[0-9a-f]{12,}|F-\w+|a-?[0-9a-z]{8,})$/.exec(path) ?? [];
  if (list !== undefined) return `${nameOf(list)}-one`;
  return path === '/'
    ? 'posture'
    : path
        .slice(1)
        .replaceAll('/', '-')
        .replace(/[^\w.-]/g, '-');
}
