// Lighthouse over every page of Acme: accessibility and best practices are to be 100. `npm run lighthouse`. The package is
// large and nothing else needs it, so it is not among the dependencies: it is fetched once, at this version, beside them.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launched, program } from '../test/browser.ts';
import { comeIn } from '../test/signed-served.ts';
import { everyPage, OWNER, PATIENT, serveAcme } from './acme-site.ts';

const VERSION = '13.5.0';
const place = join(import.meta.dirname, '../node_modules/.cache/lighthouse', VERSION);
const PORT = 9461;
const CATEGORIES = ['accessibility', 'best-practices'] as const;

/** What is asked of the package: no more of its types than that. */
interface Lighthouse {
  default(
    url: string,
    flags: object,
  ): Promise<{
    readonly lhr: {
      readonly categories: Readonly<
        Record<string, { readonly score: number; readonly auditRefs: readonly { readonly id: string; readonly weight: number }[] }>
      >;
      readonly audits: Readonly<
        Record<string, { readonly score: number | null; readonly title: string; readonly details?: { readonly items?: readonly unknown[] } }>
      >;
    };
  }>;
}

if (program === undefined) throw new Error('Chromium is not installed: apt-get install chromium');
const entry = join(place, 'node_modules/lighthouse/core/index.js');
if (!existsSync(entry))
  execFileSync(
    'npm',
    ['install', '--prefix', place, '--ignore-scripts', '--no-save', '--no-package-lock', '--no-audit', '--no-fund', `lighthouse@${VERSION}`],
    {
      stdio: 'inherit',
    },
  );
const lighthouse = (await import(pathToFileURL(entry).href)) as Lighthouse;

const site = await serveAcme();
const browser = await launched();
// A browser of its own: the one that a test drives closes whatever page it has not opened itself.
const profile = mkdtempSync(join(tmpdir(), 'lighthouse-'));
const measured = spawn(
  program,
  ['--headless=new', '--no-sandbox', '--disable-gpu', `--remote-debugging-port=${PORT}`, `--user-data-dir=${profile}`, 'about:blank'],
  {
    stdio: 'ignore',
  },
);
let short = 0;
try {
  await listening();
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENT);
  await comeIn(page, site, OWNER);
  const paths = process.argv.length > 2 ? process.argv.slice(2) : await everyPage(page, site);
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  for (const path of paths) {
    const { lhr } = await lighthouse.default(`${site.url}${path}`, {
      port: PORT,
      onlyCategories: CATEGORIES,
      extraHeaders: { Cookie: cookie },
      disableStorageReset: true,
      logLevel: 'error',
      formFactor: 'desktop',
      screenEmulation: { mobile: false, width: 1440, height: 900, deviceScaleFactor: 1, disabled: false },
    });
    const scores = CATEGORIES.map((category) => Math.round((lhr.categories[category]?.score ?? 0) * 100));
    process.stdout.write(`${scores.join(' ')}  ${path}\n`);
    for (const category of CATEGORIES)
      for (const { id, weight } of lhr.categories[category]?.auditRefs ?? []) {
        const audit = lhr.audits[id];
        if (weight === 0 || !audit || audit.score === null || audit.score === 1) continue;
        short++;
        process.stdout.write(`  ${id}: ${audit.title}\n    ${JSON.stringify(audit.details?.items?.slice(0, 2) ?? []).slice(0, 600)}\n`);
      }
  }
} finally {
  const ended = new Promise((resolve) => measured.once('exit', resolve));
  measured.kill();
  await ended;
  rmSync(profile, { recursive: true, force: true });
  await browser.close();
  await site.close();
}
if (short > 0) process.exitCode = 1;

/** Until the browser answers at its port. Throws where it does not within half a minute. */
async function listening(): Promise<void> {
  for (let tries = 0; tries < 60; tries++) {
    const answer = await fetch(`http://127.0.0.1:${PORT}/json/version`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`Chromium does not answer at port ${PORT}.`);
}
