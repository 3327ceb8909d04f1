import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAMILIES } from '../src/core/families.ts';
import { hours, iso } from '../src/core/instant.ts';
import { type Company, company, START } from '../src/server/api/testing/company.ts';
import { buildDashboard } from '../tools/dashboard.ts';
import { missing } from './postgres.ts';
import { type Served, servedFor } from './served.ts';

const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));

/** Every field that was made hostile. */
const FIELDS: string[] = [];

/** What a source calls a thing: markup in every way in which it runs, which says of which field it is. */
const hostile = (field: string): string => {
  FIELDS.push(field);
  return `"'><img src=x onerror="window.ran='${field}'"><svg onload="window.ran='${field}'"></svg><script>window.ran='${field}'</script> [${field}](javascript:window.ran='${field}') \${window.ran='${field}'} {{window.ran='${field}'}} end of ${field}`;
};

/** By the field that it is about: a piece of the text that must be seen on a page as it was written. */
const seenOf = (field: string): string => `<script>window.ran='${field}'</script>`;

const AT = iso(START - hours(2));

/** Every field that a source, a file of the company or a register fills, by the dataset that tells of it. */
const SAID: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'identity.users': {
    systemId: 'okta',
    userId: 'u-1',
    login: hostile('account name'),
    handles: 'u-1',
    emails: 'nobody@elsewhere.example',
    displayName: hostile('display name'),
    kind: 'human',
    status: 'active',
    privileged: 'yes',
    password: 'yes',
    createdAt: AT,
  },
  'repo.repositories': {
    systemId: 'github',
    repoId: 'r-1',
    name: hostile('repository name'),
    defaultBranch: hostile('default branch'),
    archived: 'no',
    fork: 'no',
    visibility: 'private',
    empty: 'no',
    createdAt: AT,
  },
  'change.pull-requests': {
    systemId: 'github',
    prId: 'p-1',
    repoId: 'r-1',
    repo: hostile('repository of a change'),
    number: '7',
    title: hostile('title of a change'),
    branch: hostile('branch of a change'),
    authorId: '',
    author: hostile('author of a change'),
    authorKind: 'human',
    contributorIds: '',
    strangers: '',
    reviewerIds: '',
    mergedById: '',
    mergedBy: 'ghost',
    headSha: 'aa',
    mergeSha: 'bb',
    labels: '',
    tickets: '',
    createdAt: AT,
    lastPushAt: AT,
    mergedAt: AT,
  },
  'change.tickets': {
    systemId: 'jira',
    issueId: '10001',
    ticketId: 'OPS-1',
    ticketIds: 'OPS-1',
    title: hostile('ticket title'),
    type: 'normal',
    told: 'approval;implementation;review;risk;rollback',
    purpose: hostile('ticket purpose'),
    risk: 'high',
    rollbackPlan: '',
    customerImpacting: 'yes',
    labels: '',
    status: hostile('ticket status'),
    creatorId: '',
    creator: 'unknown',
    approverId: '',
    approver: '',
    approverEmail: '',
    approvedAt: '',
    implementerId: '',
    implementer: '',
    implementerEmail: '',
    implementedAt: AT,
    reviewerId: '',
    reviewer: '',
    reviewerEmail: '',
    reviewedAt: '',
    createdAt: AT,
    closedAt: AT,
  },
};

const fileOf = (dataset: string): string => `${dataset}.csv`;
const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;

function lay(dir: string): void {
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  };
  for (const [dataset, row] of Object.entries(SAID))
    write(fileOf(dataset), `# generated ${iso(START - hours(1))}\n${Object.keys(row).join(',')}\n${Object.values(row).map(cell).join(',')}\n`);
  const text = (field: string) => JSON.stringify(hostile(field)); // YAML reads what JSON writes
  write('controls/AC-15.md', `---\nid: AC-15\ntitle: ${text('control title')}\nowner: ${text('control owner')}\n---\n${hostile('control text')}\n`);
  write(
    'registers/policy-clauses.yaml',
    `- id: C-1\n  policy: ${text('policy name')}\n  promise: ${text('policy text')}\n  value: ${text('policy value')}\n  check: access-keys-rotated\n  parameter: maxAge\n  active: true\n`,
  );
  write(
    'registers/handbook.yaml',
    `- id: H-1\n  title: ${text('title of an entry')}\n  text: ${text('text of an entry')}\n  owner: W-1\n  reviewed: 2026-02-01\n`,
  );
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=Maria', '-c', 'user.email=maria.lopez@acme.example', '-c', 'commit.gpgsign=false', ...words], {
      cwd: dir,
      stdio: 'pipe',
    });
  git('init', '-q');
  git('add', 'registers');
  git('commit', '-q', '-m', 'Registers');
}

const SOURCES = `${Object.entries(SAID)
  .map(([dataset, row]) => {
    const columns = Object.keys(row).map((field) => `${field}: ${field}`);
    return `  - { collector: csv/dataset, name: ${dataset.replaceAll('.', '-')}, config: { path: ${fileOf(dataset)}, dataset: ${dataset}, attestedBy: W-1, columns: { ${columns.join(', ')} } } }`;
  })
  .join('\n')}\n  - { collector: files/registers, name: registers, config: { path: . } }\n`;

if (program === undefined) it.skipIf(missing('Chromium', 'Install chromium.'))('what sources call things, in a browser', () => undefined);
else
  describe('what sources and registers call things', () => {
    let acme: Company;
    let server: Served;
    let browser: Browser;
    let context: BrowserContext;
    let page: Page;
    /** What was drawn on all pages, and what was wrong with any. */
    const [drawn, wrong] = [new Set<string>(), [] as string[]];

    beforeAll(async () => {
      acme = await company({ more: SOURCES, prepare: lay });
      await buildDashboard();
      server = await servedFor(acme.workspace);
      browser = await chromium.launch({
        executablePath: program,
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync'],
      });
      // Without the policy that would keep a script from running: the pages alone must not make one of what they are told.
      context = await browser.newContext({ bypassCSP: true, viewport: { width: 1440, height: 1000 } });
      page = await context.newPage();
      page.on('dialog', (dialog) => {
        wrong.push(`${page.url()} asks ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on('pageerror', (error) => void wrong.push(`${page.url()} fails: ${error.message}`));
    }, 600_000);
    afterAll(async () => {
      await browser?.close();
      await server?.close();
      await acme?.close();
    });

    /** Opens a page and looks at what it has made of the text. */
    async function look(path: string): Promise<void> {
      await page.goto(`${server.url}${path}`);
      await page.waitForSelector('h1');
      await page.waitForFunction(() => document.querySelector('.skeleton, .older, .pending') === null);
      await inspect(path);
    }

    async function inspect(path: string): Promise<void> {
      const told = await page.evaluate(() => ({
        ran: (window as { ran?: string }).ran ?? null,
        made: [...document.querySelectorAll('img[src=x], body script:not([src]), [onerror], [onload], a[href^="javascript:" i]')].map((it) => it.outerHTML),
        text: document.body.innerText,
        titles: [...document.querySelectorAll('[title]')].map((it) => it.getAttribute('title') ?? ''),
      }));
      if (told.ran !== null || told.made.length > 0) wrong.push(`${path} made ${told.ran ?? ''} ${told.made.join()}`);
      // What a record holds is shown byte by byte: that a field is drawn is for the other pages to show.
      if (!path.startsWith('/log')) for (const text of [told.text, ...told.titles]) drawn.add(text);
    }

    it('was told by every source', async () => {
      const records = (await acme.workspace.records(null, 100)).filter(({ outcome }) => outcome !== 'configuration');
      expect(records.map(({ title, outcome, reason }) => [title, outcome, reason])).toEqual(records.map(({ title }) => [title, 'success', null]));
      expect(records).toHaveLength(Object.keys(SAID).length + 2);
    });

    it.each<readonly [string, () => Promise<readonly string[]>]>([
      ['the posture and the controls', async () => ['/', '/criteria/CC6.1', '/controls/AC-15', '/controls/CM-01']],
      ['the findings', async () => ['/findings', ...Object.keys((await acme.workspace.posture()).findings).map((id) => `/findings/${encodeURIComponent(id)}`)]],
      ['the rows of each population, all fields shown', populations],
      ['the sources', async () => ['/sources', ...Object.keys(SAID).map((dataset) => `/sources/csv/dataset/${dataset.replaceAll('.', '-')}`)]],
      ['the records and what they hold', async () => ['/log', ...(await acme.workspace.records(null, 100)).map(({ index }) => `/log/${index}`)]],
      ['people, tasks and statements', async () => ['/people', '/people/W-1', '/tasks', '/attest', '/attest/policy-clauses', '/settings/trail']],
    ])('runs nowhere, and becomes no element of any page: %s', async (_, paths) => {
      for (const path of await paths()) await look(path);
      expect(wrong.splice(0)).toEqual([]);
    });

    it('runs in no answer to a search', async () => {
      await look('/');
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').or(page.getByRole('searchbox')).first().fill('window.ran');
      await page.waitForSelector('[role=option]');
      await inspect('the search');
      expect(wrong.splice(0)).toEqual([]);
    });

    /** The rows of those populations that somebody's words are in, with every field. */
    async function populations(): Promise<readonly string[]> {
      const { controls, checks } = await acme.workspace.posture();
      const datasets = [...Object.keys(SAID), 'people.accounts', 'policy.clauses', 'register.entries'];
      return datasets.flatMap((dataset) => {
        const examined = new Set(checks.filter((check) => check.dataset === dataset).map(({ id }) => id));
        const control = controls.find((it) => it.checks.some((check) => examined.has(check)));
        const family = FAMILIES.find(({ prefix }) => control?.id.startsWith(prefix));
        const fields = [...Object.keys(SAID[dataset] ?? {}), 'policy', 'promise', 'title', 'body'];
        const filter = new URLSearchParams(fields.map((field) => ['column', field]));
        return family ? [`/families/${family.id}?show=${dataset}&filter=${encodeURIComponent(filter.toString())}`] : [];
      });
    }

    it('runs in no report', async () => {
      for (const path of ['access-review?month=2026-03&format=html', 'evidence?period=2026-01-01T00:00:00Z..2026-04-01T00:00:00Z&format=html']) {
        await page.goto(`${server.url}/api/reports/${path}`);
        await page.waitForSelector('table');
        await inspect(path);
      }
      expect(wrong.splice(0)).toEqual([]);
    });

    it('is shown as it was written, field by field', () => {
      expect(FIELDS.length).toBeGreaterThan(15);
      expect(FIELDS.filter((field) => ![...drawn].some((text) => text.includes(seenOf(field))))).toEqual([]);
    });
  });
