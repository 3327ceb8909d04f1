import { createHash } from 'node:crypto';
import { openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { reportPieces } from '../../src/app/render.ts';
import { spooled } from '../../src/app/spool.ts';
import { type Check, defineCheck, deviates } from '../../src/checks/check.ts';
import type { Json } from '../../src/core/canonical.ts';
import { days } from '../../src/core/instant.ts';
import { assembleOver } from '../../src/engine/assemble.ts';
import { Assessor } from '../../src/engine/assess.ts';
import { type CaseGrounds, casesAt } from '../../src/engine/cases.ts';
import { Coverage } from '../../src/engine/coverage.ts';
import { Engine } from '../../src/engine/engine.ts';
import { findingList, keysOf } from '../../src/engine/finding-list.ts';
import { Memory } from '../../src/engine/memory.ts';
import { notingAt } from '../../src/engine/noted.ts';
import { finished } from '../../src/engine/steps-of-work.ts';
import { evidenceReport, resultsPieces, saidIn, toResults } from '../../src/reports/evidence-report.ts';
import { openScratch } from '../../src/store/scratch.ts';
import { findingAt, readResults, type Spelled } from '../../src/verify/results.ts';
import { catalogOf, stampAt } from '../iam/catalog.ts';
import { datasetsOf, expectedOf, runOf, START } from './world.ts';

/**
 * A company in which everything deviates, in a process of its own: `deviating.ts ITEMS ROOM FOLDER [PATH]`. Each path by
 * which deviations are told is gone through to its end, a line of JSON each. The one that is named is collected first, as
 * none of them must: a heap that has room for the rest has none for that.
 */
const [items = '', room = '', folder = '', collected = ''] = process.argv.slice(2);
const size = { datasets: 1, items: Number(items), revisions: 1, checks: 0 };
const scratch = openScratch(folder);
const aside = (content: unknown) => {
  const back = scratch.put(Buffer.from(JSON.stringify(content)));
  return () => JSON.parse(back().toString()) as unknown;
};

const grounds = told();
const now = START + days(2);
const stamp = { ...stampAt(now), period: { from: START, to: now } };
const posture = assembleOver(grounds, stamp);

step('findings', posture.findings, ({ item }) => item.key);
step('cases', casesAt(grounds, now, null).cases, ({ id, spells }) => `${id} ${spells.length}`);
step('pages', paged(), ({ item }) => item.key);
say('noted', [...finished(notingAt(grounds, stamp)).values()].map(({ deviates: its }) => its.places.length).join());
const results = toResults(posture, { populations: [], series: [], occurrences: [], changes: [], unrecorded: [] });
spool('results', () => resultsPieces(results));
step('read', readBack(), (finding) => String((finding as { readonly item: { readonly key: string } }).item.key));
for (const format of ['html', 'md', 'csv'] as const) spool(format, () => reportPieces(evidenceReport(results, saidIn(posture)), format));

function told(): CaseGrounds {
  const datasets = datasetsOf(size);
  const [things] = datasets;
  if (!things) throw new RangeError('no dataset');
  const off = defineCheck({
    id: 'scale-off',
    title: 'Off',
    version: 1,
    asserts: 'No thing is off.',
    population: things,
    examine: ({ owner }) => deviates(`it is off, says ${String(owner)}`),
  });
  const checks = [off as unknown as Check];
  const engine = new Engine(checks, datasets, new Memory(Number(room) * 2 ** 20, aside));
  engine.tell(runOf(size, things, 0, 1));
  engine.examineAll();
  for (const { kept, content } of engine.kept()) kept?.(aside(content));
  const coverage = new Coverage(engine.facts, datasets, expectedOf(datasets));
  const deadlines = [{ at: -Infinity, days: { critical: 1, high: 10, medium: 20, low: 40 } }];
  return { engine, coverage, assessor: new Assessor(engine, coverage), checks, catalog: catalogOf(checks), waivers: [], deadlines };
}

/** As the API asks for them. */
function* paged() {
  const list = findingList(grounds, (check) => grounds.assessor.over(check, stamp.period, now), now, {});
  for (let page = list.page(null, 500); page.length > 0; ) {
    yield* page;
    const last = page.at(-1);
    page = last ? list.page(keysOf(last), 500) : [];
  }
}

/** As a verifier and the report of a bundle read them, from a file. */
function readBack(): Iterable<Json> {
  const path = join(folder, 'results.json');
  const file = openSync(path, 'w+');
  rmSync(path);
  for (const text of resultsPieces(results)) writeSync(file, text);
  writeSync(file, '\n');
  const slice = (offset: number, length: number) => {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(file, bytes, 0, length, offset));
  };
  const files = {
    *pieces() {
      for (let at = 0, bytes = slice(0, 2 ** 20); bytes.length > 0; bytes = slice(at, 2 ** 20)) {
        yield bytes;
        at += bytes.length;
      }
    },
    slice: (_: string, offset: number, length: number) => slice(offset, length),
  };
  const found: Spelled[] = [];
  readResults(files, (_, spelled) => found.push(spelled));
  return found.values().map((spelled) => findingAt(files, spelled));
}

function step<Its>(path: string, all: Iterable<Its>, spell: (its: Its) => string): void {
  const hash = createHash('sha256');
  let count = 0;
  for (const its of path === collected ? [...all] : all) {
    hash.update(`${spell(its)}\n`);
    count++;
  }
  say(path, `${count} ${hash.digest('hex').slice(0, 16)}`);
}

function spool(path: string, pieces: () => Iterable<string>): void {
  const whole = path === collected ? [...pieces()] : pieces();
  const { size: bytes, digest } = spooled(scratch, whole);
  say(path, `${bytes} ${digest.slice(0, 16)}`);
}

function say(path: string, answer: string): void {
  console.log(JSON.stringify({ path, answer, rss: Math.round(process.resourceUsage().maxRSS / 1024) }));
}
