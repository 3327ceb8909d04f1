import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fetchPost, type Post } from '../anchors/post.ts';
import { collectors } from '../collectors/index.ts';
import { FILE_NAME, readConfiguration } from '../configuration/read.ts';
import { ConfigurationError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';
import { assemble, findingsAt, findingsOver } from '../engine/assemble.ts';
import { nextChange } from '../engine/deadlines.ts';
import type { Finding, Posture } from '../engine/posture.ts';
import { waiverLines } from '../engine/waivers.ts';
import { kmsEncryption } from '../evidence/kms.ts';
import { LONGEST } from '../evidence/record.ts';
import { gitWire } from '../sources/git-wire.ts';
import { tlsWire } from '../sources/tls-wire.ts';
import { fetchWire, type Wire, worldWire } from '../sources/wire.ts';
import { openDatabase } from '../store/database.ts';
import { openStore } from '../store/store.ts';
import { buildAccessReview } from './access-review.ts';
import { buildEvidenceReport, exportBundle, type Sources } from './bundle.ts';
import { placeOf } from './archive-place.ts';
import { attest, statementsThatStand } from './attest.ts';
import { Cache } from './cache.ts';
import { catalogOf } from './catalogue.ts';
import { configured } from './configured.ts';
import { type Asked, chosen, collect, partitionsOf, sealAbandoned } from './collect.ts';
import { viewCases, viewOccurrences } from './findings.ts';
import { groundsOf } from './grounds.ts';
import { adjustedProgram, inForceNow } from './in-force.ts';
import { IN_FORCE, inForceBytes } from './in-force-sealed.ts';
import { forgetDerived, keeping } from './keeping.ts';
import { livePosture } from './live.ts';
import { openLog } from './open-log.ts';
import { openOutside } from './outside.ts';
import { periods } from './period.ts';
import { type Context, sealMissed, sealRetired, sourceLines, STATE } from './schedule.ts';
import { standardsOf } from './standards.ts';
import type { FindingsQuery, RecordLine, RecordView, Then, Workspace } from './views.ts';
import { watching } from './watch.ts';

export interface OpenOptions {
  readonly dir: string;
  readonly clock?: () => Instant;
  readonly wire?: Wire;
  /** The way to witnesses and time-stamping authorities. */
  readonly post?: Post;
  readonly sleep?: (milliseconds: number) => Promise<void>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The made-up company: its records are marked, and its sources are asked through this wire. */
  readonly demo?: { readonly wire: Wire; readonly credentials: Readonly<Record<string, string>>; readonly prepare: (at: Instant) => void } | null;
}

const pause = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds));

/** Opens a workspace: reads its configuration, opens its log and its database, and seals the configuration if it has changed. */
export async function openWorkspace({
  dir: given,
  clock = Date.now,
  wire = worldWire({ GIT: gitWire, TLS: tlsWire() }, fetchWire()),
  post = fetchPost(),
  sleep = pause,
  env = process.env,
  demo = null,
}: OpenOptions): Promise<Workspace> {
  const dir = resolve(given);
  const configuration = readConfiguration(dir, collectors);
  const catalog = catalogOf(dir);
  const program = adjustedProgram(catalog);
  const { checks } = program;
  const state = join(dir, STATE);
  const outside = await openOutside({ dir, state, configuration, clock, post });
  const where = env.DATABASE_URL ? { url: env.DATABASE_URL } : { dir: join(state, 'database') };
  let database = await openDatabase(where);
  const [origin, place] = [originOf(configuration.file.company, demo !== null), placeOf(configuration.file, env)];
  const { kms } = configuration.file.keys;
  const encryption = kms ? { encryption: (its: string) => kmsEncryption({ ...kms, origin: its }) } : {};
  const log = { state, database, clock: outside.sealing, origin, demo: demo !== null, env, ...place, ...encryption };
  const archive = await openLog(log).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  let store = await openStore(database);
  const cache = new Cache(archive, store, program, catalog.digest);
  const context: Context = { dir, configuration, archive, cache, clock, wire: demo?.wire ?? wire, sleep, env, demo };

  const reopen = async () => {
    database = await openDatabase(where);
    store = await openStore(database);
    return store;
  };
  const kept = keeping({
    archive,
    clock,
    state,
    retention: configuration.file.retention,
    demo: demo !== null,
    confirmed: async () => void (await outside.attend(archive, false)), // whoever is out of reach is asked again later
    forget: () => forgetDerived(database, { dir: join(state, 'database'), cache, reopen }),
  });

  try {
    await kept.finish();
    await sealConfiguration(context, inForceBytes(inForceNow(catalog.digest, program)));
    await sealAbandoned(context);
  } catch (error) {
    await archive.close();
    await database.close();
    throw error;
  }

  const { company, timezone } = configuration.file;
  const grounds = (then?: Then) => groundsOf({ archive, cache, clock, demo: demo !== null, program, file: configuration.file, catalog }, then);
  const stamp = async (asOf: Instant) => (await grounds()).stamp(asOf);
  /** Before anything is asked: nothing could be sealed else. */
  const ready = () => {
    outside.check();
    outside.sealing();
  };
  const sources: Sources = { dir, state, archive, collectors, stamp, grounds };
  const live = livePosture();
  const posture = async (asOf?: Instant, then?: Then): Promise<Posture> => {
    const on = await grounds(then);
    return asOf === undefined && !then ? live(on) : assemble(on, await on.stamp(asOf ?? on.asOf));
  };

  async function eachFinding({ check, verdict, asOf, period: asked, then }: FindingsQuery): Promise<Iterable<Finding>> {
    if (check !== undefined && !checks.some(({ id }) => id === check))
      throw new ConfigurationError(`no check is called ${check}. There are: ${checks.map(({ id }) => id).join(', ')}.`);
    const on = await grounds(then);
    const at = asOf ?? on.asOf;
    const all = asked ? findingsOver(on, asked, on.asOf, check) : findingsAt(on, { asOf: at, period: on.period }, check);
    return verdict === undefined ? all : Iterator.from(all).filter((finding) => finding.verdict === verdict);
  }

  return {
    dir,
    company,
    demo: demo !== null,
    now: clock,
    posture,
    ...periods(grounds, async (body) => {
      const [index = -1] = await archive.append([{ body, demo: demo !== null, retention: LONGEST, subjects: [] }]);
      return index;
    }),

    findings: async (query) => [...(await eachFinding(query))],
    eachFinding,

    attest: (statements) => {
      ready();
      return attest({ archive, cache, clock, demo: demo !== null, timezone }, statements);
    },
    statements: (kind) => statementsThatStand(context, kind),

    cases: async (query) => viewCases(await grounds(query.then), query),
    waivers: async (asOf) => waiverLines(await grounds(), asOf ?? clock()),
    occurrences: async (query) => viewOccurrences(await grounds(), query, timezone, query.asOf ?? clock()),

    async records(before, limit): Promise<readonly RecordLine[]> {
      await cache.sync();
      const rows = await store.records(before, limit);
      return rows.map(({ index, title, outcome, sealedAt, reason, unreadable }) => ({
        index,
        title,
        outcome: outcome as RecordLine['outcome'],
        sealedAt,
        reason: reason ?? unreadable,
      }));
    },

    async record(index): Promise<RecordView> {
      await cache.sync();
      const [record, proof, row] = [await archive.record(index), await archive.proof(index), await store.record(index)];
      return { record, proof, included: true, rows: row?.rows ?? null, unreadable: row?.unreadable ?? null };
    },

    async artifact(index, name) {
      const { subjects } = await archive.record(index);
      const subject = subjects.find((it) => it.name === name);
      if (!subject) throw new ConfigurationError(`record ${index} has no artifact ${name}. It has: ${subjects.map((it) => it.name).join(', ') || 'none'}.`);
      return { subject, bytes: await archive.payload(subject) };
    },

    standards: standardsOf(archive),

    sources: () => sourceLines(context),

    async accessReview(month) {
      const { engine, coverage } = await cache.sync();
      return buildAccessReview({
        engine,
        coverage,
        stamp: async (asOf) => ({ ...(await stamp(asOf)), catalog: catalog.digest }),
        now: clock(),
        month,
        timezone,
        file: configuration.file,
      });
    },

    evidenceReport: (query) => buildEvidenceReport(sources, query),
    exportBundle: (options, file) => exportBundle(sources, options, file),

    async collect(only, progress) {
      ready();
      return collect(context, partitionsOf(chosen(configuration.sources, only)), progress);
    },

    async collectDue(progress) {
      ready();
      const lines = await sourceLines(context);
      await sealMissed(context, lines);
      await sealRetired(context);
      const due = configuration.sources.filter(
        (source) =>
          source.retired === null &&
          lines.some((line) => line.collector === source.collector.id && line.name === source.name && line.nextAt !== null && line.nextAt <= clock()),
      );
      const dueAt = ({ source, partition }: Asked) =>
        lines.find((line) => line.collector === source.collector.id && line.name === source.name && line.partition === partition)?.nextAt ?? 0;
      return collect(
        context,
        partitionsOf(due).map((asked) => ({ ...asked, due: dueAt(asked) || null })),
        progress,
      );
    },

    async verify(progress) {
      const verification = await archive.verify(progress);
      return { ...verification, problems: [...verification.problems, ...(await outside.verify(archive))] };
    },

    attend: ({ patient }) => outside.attend(archive, patient),
    logStatus: () => outside.status(archive),
    ...kept,

    ...watching(() => posture()),

    async nextChange() {
      const on = await grounds();
      return nextChange({ ...on, also: [on.period, ...on.waivers, ...on.besides.changes(clock())] }, clock());
    },

    async replay({ checks: named, collectors: read }, progress = () => undefined) {
      const known = (kind: string, ids: readonly string[], all: readonly { readonly id: string }[]) => {
        const strange = ids.find((id) => !all.some((it) => it.id === id));
        if (strange !== undefined) throw new ConfigurationError(`no ${kind} is called ${strange}. There are: ${all.map(({ id }) => id).join(', ')}.`);
        return new Set(named.length + read.length === 0 ? all.map(({ id }) => id) : ids);
      };
      return cache.replay({ checks: known('check', named, checks), collectors: known('collector', read, collectors) }, progress);
    },

    async rebuild(progress = () => undefined) {
      const records = await cache.rebuild(progress);
      return { records, checkpoint: await archive.checkpoint() };
    },

    async close() {
      await archive.close();
      await database.close();
    },
  };
}

/**
 * The name of a new log: a host name and nothing more, for Sigstore's Go verifier knows a log by the host of its address
 * alone. Nothing is asked there. `.internal` and `.example` belong to nobody.
 */
export function originOf(company: string, demo: boolean): string {
  const slug =
    company
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'company';
  if (demo) return `demo.${slug}.example`;
  return `${slug}-${createHash('sha256').update(`${company}${Date.now()}${process.pid}`).digest('hex').slice(0, 8)}.tickmark.internal`;
}

/** The file and the overlay, as they are now, and what is in force by them and by the program, whenever that is not what was sealed last. */
async function sealConfiguration({ dir, archive, clock, cache, demo, configuration }: Context, inForce: Uint8Array): Promise<void> {
  const at = clock();
  const overlay = ['controls', 'policies', 'registers'].flatMap((folder) =>
    existsSync(join(dir, folder)) ? readdirSync(join(dir, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(dir, folder, name)) : [],
  );
  const files = [join(dir, FILE_NAME), ...overlay.filter((path) => /\.(md|ya?ml)$/.test(path)).sort()];
  const bytesOf = (path: string): readonly [string, Uint8Array] => [
    relative(dir, path).replaceAll('\\', '/'),
    path === join(dir, FILE_NAME) ? Buffer.from(configuration.text) : readFileSync(path),
  ];
  const draft = configured(at, [...files.map(bytesOf), [IN_FORCE, inForce]], demo !== null);
  const digests = draft.subjects.map(({ name, bytes }) => `${name} ${createHash('sha256').update(bytes).digest('hex')}`).join('\n');
  const last = (await cache.sync()).history.at(-1);
  const sealed = last && (await archive.record(last.record)).subjects;
  if (sealed?.map(({ name, sha256 }) => `${name} ${sha256}`).join('\n') === digests) return;
  await archive.append([draft]);
}
