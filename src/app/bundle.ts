import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Configuration } from '../configuration/read.ts';
import { ConfigurationError, IntegrityError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import { assembleOver } from '../engine/assemble.ts';
import { seriesOf } from '../engine/occurrences.ts';
import type { Posture } from '../engine/posture.ts';
import type { Archive } from '../evidence/archive.ts';
import { type Exported, writeBundle } from '../evidence/bundle.ts';
import type { SaidFiles } from '../evidence/shared-state.ts';
import { aboutControls, evidenceReport, type Results, type Said, resultsPieces, saidIn, toResults } from '../reports/evidence-report.ts';
import { htmlPieces } from '../reports/html.ts';
import type { Document } from '../reports/report.ts';
import { citedBy, citedIn, decode, encode, populationFile, README, REPORT, RESULTS, spelled, VERIFIER } from '../verify/format.ts';
import { openBundle } from '../verify/bundle-files.ts';
import { findingAt, readResults, type Spelled } from '../verify/results.ts';
import { bundleReadme } from './bundle-readme.ts';
import { feedingOf, telling } from './feeding.ts';
import { viewOccurrences } from './findings.ts';
import type { Ground } from './grounds.ts';
import { changed, populationsOf } from './period.ts';
import type { Scratch } from '../store/scratch.ts';
import { spooled } from './spool.ts';
import { home } from './version.ts';

export interface BundleQuery {
  readonly period: Period;
  /** Ids; `null`: all. */
  readonly controls: readonly string[] | null;
}

export interface BundleOptions extends BundleQuery {
  readonly sealed: boolean;
  /** A checkpoint of before: the signed note. */
  readonly earlier: Uint8Array | null;
}

/** What an opened workspace brings along. */
export interface Sources {
  readonly dir: string;
  readonly archive: Archive;
  /** What witnesses and authorities said of it. */
  readonly said: SaidFiles;
  readonly configuration: Pick<Configuration, 'sources'>;
  /** What is too long to be at hand lies there until it is written. */
  readonly scratch: Pick<Scratch, 'put'>;
  grounds(): Promise<Ground>;
  stamp(asOf: Instant): Promise<Parameters<typeof assembleOver>[1]>;
}

/** The results over a period by what the log holds, and the checkpoint they are performed from. The clock has no part in them. */
async function resultsOf(
  { archive, grounds, stamp }: Sources,
  { period, controls }: BundleQuery,
): Promise<{ readonly posture: Posture; readonly populations: ReturnType<typeof populationsOf>; readonly grounds: Ground; readonly note: string }> {
  const on = await grounds();
  if (on.size === 0) throw new ConfigurationError('the log holds no record yet. Collect first: tickmark collect');
  const { sealedAt } = await archive.record(on.size - 1);
  const prefix = String(on.size).padStart(20, '0');
  const name = (await archive.files.list('log/checkpoints')).find((it) => it.startsWith(`${prefix}-`) && !it.includes('.'));
  const note = name === undefined ? null : await archive.files.read(`log/checkpoints/${name}`);
  if (!note) throw new IntegrityError('CHECKPOINT', `the checkpoint of size ${on.size} is missing below log/checkpoints`);
  const [origin = '', size = '', root = ''] = note.toString('utf8').split('\n');
  const whole = assembleOver(on, { ...(await stamp(sealedAt)), period, checkpoint: { origin, size: Number(size), root } });
  try {
    const posture = controls === null ? whole : aboutControls(whole, controls);
    return { posture, populations: populationsOf(on.periods, posture.controls, period, sealedAt), grounds: on, note: note.toString('utf8') };
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new ConfigurationError(`no control is called ${cause.message}. There are: ${whole.controls.map(({ id }) => id).join(', ')}.`, cause);
  }
}

/** The report of a period, from the live system. What deviates is told as it is read, which has to be before anything more is learned. */
export async function buildEvidenceReport(sources: Sources, query: BundleQuery): Promise<Document> {
  const { posture, populations, grounds } = await resultsOf(sources, query);
  return evidenceReport(toResults(posture, { populations, ...occurred(grounds, query, posture) }), saidIn(posture));
}

/**
 * The same report, from what a bundle holds: its findings are read as it is rendered, so that it is to be used up before
 * this has ended. Whether the bundle is sound is for {@link verifyBundle} to say.
 */
export async function bundleReport<Made>(file: string, use: (report: Document) => Promise<Made> | Made): Promise<Made> {
  const files = openBundle(resolve(file));
  try {
    if (!files.has(RESULTS)) throw new IntegrityError('BUNDLE', `${file} holds no ${RESULTS}`);
    const found = new Map<string, Spelled[]>();
    const of = (control: string, verdict: string) => `${verdict} ${control}`;
    const results = readResults(files, (finding, spelled) => {
      const { control, verdict } = finding as unknown as Said;
      const its = found.get(of(control, verdict)) ?? [];
      found.set(of(control, verdict), its);
      its.push(spelled);
    }) as unknown as Results;
    const read = (spelled: Spelled) => findingAt(files, spelled) as unknown as Said;
    return await use(
      evidenceReport(results, (control, verdict) => {
        const its = found.get(of(control, verdict));
        return its ? { [Symbol.iterator]: () => its.values().map(read) } : null;
      }),
    );
  } finally {
    files.close();
  }
}

/** Writes a bundle into a file. The file is there when all of it is. */
export async function exportBundle(sources: Sources, options: BundleOptions, file: string): Promise<Exported> {
  const { posture, populations, grounds, note } = await resultsOf(sources, options);
  const results = toResults(posture, { populations, ...occurred(grounds, options, posture) });
  const aside = (texts: Iterable<string>) => spooled(sources.scratch, texts);
  const cited = citedBy(encodeDecode({ ...results, findings: [] }));
  // All of it before anything else can be learned.
  const documents = [
    ...catalogFiles(sources.dir),
    [RESULTS, aside(encodedPieces({ ...results, findings: citing(results.findings, cited) }))],
    ...populations.map(({ control, check, text }) => [populationFile(control, check), aside(text())] as const),
    [REPORT, aside(htmlPieces(evidenceReport(results, saidIn(posture))))],
    [README, Buffer.from(bundleReadme(options.sealed))],
    ...verifier(),
  ] as const;
  const named = new Set(posture.checks.map(({ id }) => id));
  const its = grounds.checks.filter(({ id }) => named.has(id));
  const tellers = options.controls === null ? null : telling(feedingOf(its, sources.configuration.sources, grounds));
  const path = resolve(file);
  const partial = `${path}.part`;
  const handle = await open(partial, 'w', 0o600).catch((cause: Error) => Promise.reject(new ConfigurationError(`--out ${file}: ${cause.message}`, cause)));
  try {
    const exported = await writeBundle(
      sources.archive,
      { ...options, sources: tellers, cited: [...cited].sort((a, b) => a - b), note, documents, beside: sources.said },
      async (bytes) => void (await handle.write(bytes)),
    );
    await handle.close();
    await rename(partial, path);
    return exported;
  } catch (error) {
    await handle.close();
    await rm(partial, { force: true });
    throw error;
  }
}

/** What had to happen in the period, by what was known at the instant of the posture. */
function occurred(grounds: Ground, query: BundleQuery, { asOf, timezone }: Posture) {
  const occurrences = viewOccurrences(grounds, query, timezone, asOf);
  const { period, controls } = query;
  return { occurrences, series: seriesOf(occurrences), ...changed(grounds, { from: period.from, to: Math.min(period.to, asOf + 1) }, controls) };
}

/** Notes which records are cited as findings are read. */
function* citing(findings: Results['findings'], cited: Set<number>): Iterable<Said> {
  for (const finding of findings) {
    citedIn(finding, cited);
    yield finding;
  }
}

/** As {@link encode} spells it. */
function* encodedPieces(results: Results): Iterable<string> {
  yield* resultsPieces(results);
  yield '\n';
}

const encodeDecode = (results: Results) => decode(encode(results), RESULTS);

/** The catalogue, and what the company lays over it, as they are read. */
function catalogFiles(dir: string): (readonly [name: string, bytes: Buffer])[] {
  const folders = [
    ['catalog/criteria', join(home, 'catalog/criteria'), '.yaml'],
    ['catalog', join(home, 'catalog'), 'required-items.yaml'],
    ['catalog/controls', join(home, 'catalog/controls'), '.md'],
    ['overlay/controls', join(dir, 'controls'), '.md'],
  ] as const;
  return folders.flatMap(([folder, from, ending]) =>
    (existsSync(from) ? readdirSync(from) : [])
      .filter((name) => name.endsWith(ending))
      .map((name) => [`${folder}/${spelled(name)}`, Buffer.from(readFileSync(join(from, name), 'utf8'))] as const),
  );
}

/** The program that verifies, as one file, where it has been built: a clone has none. */
function verifier(): (readonly [name: string, bytes: Buffer])[] {
  const path = join(home, 'dist', VERIFIER);
  return existsSync(path) ? [[VERIFIER, readFileSync(path)]] : [];
}
