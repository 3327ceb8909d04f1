import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { fetchPost, type Post } from '../anchors/post.ts';
import { collectors } from '../collectors/index.ts';
import { readConfiguration } from '../configuration/read.ts';
import { ConfigurationError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';
import { assemble } from '../engine/assemble.ts';
import { changingNext } from '../engine/deadlines.ts';
import { notingAt } from '../engine/noted.ts';
import type { Posture } from '../engine/posture.ts';
import { kmsEncryption } from '../evidence/kms.ts';
import { LONGEST } from '../evidence/record.ts';
import { gitWire } from '../sources/git-wire.ts';
import { tlsWire } from '../sources/tls-wire.ts';
import { fetchWire, type Wire, worldWire } from '../sources/wire.ts';
import { openDatabase } from '../store/database.ts';
import { openScratch } from '../store/scratch.ts';
import { openStore } from '../store/store.ts';
import { turnsIn } from '../store/turns.ts';
import { buildAccessReview } from './access-review.ts';
import { acting } from './acting.ts';
import { backup } from './backup.ts';
import { spooled } from './spool.ts';
import { buildEvidenceReport, exportBundle, type Sources } from './bundle.ts';
import { placeOf } from './archive-place.ts';
import { alerting } from './alerts.ts';
import { Cache } from './cache.ts';
import { catalogOf } from './catalogue.ts';
import { connecting } from './connecting.ts';
import { credentialsOf } from './credentials.ts';
import { chosen, collect, partitionsOf, sealAbandoned } from './collect.ts';
import { answers } from './answers.ts';
import { groundsOf } from './grounds.ts';
import { health } from './health.ts';
import { adjustedProgram, inForceNow } from './in-force.ts';
import { inForceBytes } from './in-force-sealed.ts';
import { inTurns } from './in-turns.ts';
import { forgetDerived, keeping } from './keeping.ts';
import type { Jobs } from './job-views.ts';
import { openJobs } from './jobs.ts';
import { putRowsBack } from './kept-rows.ts';
import { livePosture } from './live.ts';
import { liveConfiguration } from './live-configuration.ts';
import { trialWire, type TrialWay } from './guarded-wire.ts';
import { sealConfiguration } from './seal-configuration.ts';
import { openLog } from './open-log.ts';
import { roomOf } from './room.ts';
import { savedViews } from './saved-views.ts';
import { openOutside } from './outside.ts';
import { periods } from './period.ts';
import { recordLine } from './record-lines.ts';
import { reading } from './reading.ts';
import { type Context, STATE } from './schedule.ts';
import { signInGround } from './sign-in.ts';
import { sourceLines, sourceSchedules } from './source-schedules.ts';
import { standardsOf } from './standards.ts';
import { standing } from './standing.ts';
import type { RecordLine, RecordView, Then, Workspace } from './views.ts';
import { calmly, chartsAhead, listsAhead, warmed } from './warm.ts';
import { watching } from './watch.ts';

export interface OpenOptions {
  readonly dir: string;
  readonly clock?: () => Instant;
  readonly wire?: Wire;
  /** How a source is tried out that somebody filled in: unless said over the network, to public addresses and to those that are allowed. */
  readonly trial?: TrialWay;
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
  trial = {},
  post = fetchPost(),
  sleep = pause,
  env = process.env,
  demo = null,
}: OpenOptions): Promise<Workspace> {
  const dir = resolve(given);
  const configuration = liveConfiguration(readConfiguration(dir, collectors));
  const catalog = catalogOf(dir);
  const program = adjustedProgram(catalog);
  const { checks } = program;
  const state = join(dir, STATE);
  const outside = openOutside({ dir, configuration, clock, post });
  const where = env.DATABASE_URL ? { url: env.DATABASE_URL } : { dir: join(state, 'database') };
  let database = await openDatabase(where);
  const [origin, place] = [originOf(configuration.file.company, demo !== null), placeOf(configuration.file, env)];
  const { kms } = configuration.file.keys;
  const encryption = kms ? { encryption: (its: string) => kmsEncryption({ ...kms, origin: its }) } : {};
  const log = { state, database, clock: outside.sealing, origin, demo: demo !== null, env, ...place, ...encryption };
  const { archive, said } = await openLog(log).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  await outside.begin(said).catch(async (error: unknown) => {
    await archive.close();
    await database.close();
    throw error;
  });
  const scratch = openScratch(state);
  let store = await openStore(database, scratch);
  const rows = join(state, 'database.kept');
  await putRowsBack(database, rows);
  const cache = new Cache(archive, store, program, catalog.digest, roomOf(env));
  const turns = turnsIn(() => database);
  const signIn = signInGround(configuration.file.signIn, { dir, state, env, database: () => database, demo: demo !== null });
  const credentials = credentialsOf({ origin: archive.origin, database: () => database, master: signIn.secrets });
  const context: Context = { dir, configuration, archive, cache, turns, clock, wire: demo?.wire ?? wire, sleep, env, credentials, demo };
  const seal = () => sealConfiguration(context, inForceBytes(inForceNow(catalog.digest, program)));

  const reopen = async () => {
    database = await openDatabase(where);
    store = await openStore(database, scratch);
    await putRowsBack(database, rows);
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
    await seal();
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
  const sources: Sources = { dir, said, archive, configuration, scratch, stamp, grounds };
  const live = livePosture();
  const posture = async (asOf?: Instant, then?: Then): Promise<Posture> => {
    const on = await warmed(() => grounds(then));
    return asOf === undefined && !then ? live(on) : assemble(on, await on.stamp(asOf ?? on.asOf));
  };

  let jobs: Jobs | null = null;
  const workspace: Workspace = {
    dir,
    company,
    demo: demo !== null,
    now: clock,
    signIn,
    posture,
    ahead: async () => {
      await listsAhead(await grounds());
      await chartsAhead(grounds);
      await sourceSchedules(context);
    },
    ...reading({ archive, catalog, program, configuration, grounds }),
    ...periods(grounds, async (body) => {
      const [index = -1] = await archive.append([{ body, demo: demo !== null, retention: LONGEST, subjects: [] }]);
      return index;
    }),

    ...answers(grounds, timezone),

    ...acting({
      archive,
      cache,
      checks,
      clock,
      demo: demo !== null,
      timezone,
      acts: (name) => store.acts(name),
      ready,
      grounds,
      alerts: () => workspace.alerts,
    }),

    recordActs: (acts) => {
      const at = clock();
      return archive.append(
        acts.map(({ id, ...act }) => ({
          ...(id === undefined ? {} : { id }),
          body: { kind: 'act', at, ...act },
          demo: demo !== null,
          retention: LONGEST,
          subjects: [],
        })),
      );
    },

    async acts(prefix) {
      await cache.sync();
      const bodies = await Promise.all((await store.acts(prefix)).map(async (record) => ({ record, act: (await archive.record(record)).body })));
      return bodies.flatMap(({ record, act }) => (act.kind === 'act' ? [{ record, act }] : []));
    },

    async records(before, limit, outcomes): Promise<readonly RecordLine[]> {
      await cache.sync();
      const rows = await store.records(before, limit, outcomes);
      return rows.map(recordLine);
    },

    async recordWindow({ size, skip, limit, ...of }) {
      await cache.sync();
      const before = size ?? (await store.position())?.size ?? 0;
      const { count, rows } = await store.recordWindow({ before, ...of }, skip, limit);
      return { size: before, count, lines: rows.map(recordLine) };
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

    standards: standardsOf(archive, outside.timestamps),
    stamp: (index) => outside.stamp(archive, index),

    sources: async () => sourceLines(context, await workspace.jobs().taken()),
    secretsSeen: () => credentials.seen(),
    connecting: connecting({
      ...{ context, configuration, seal, catalog: () => workspace.catalog(), recordActs: (acts) => workspace.recordActs(acts) },
      wire: trial.wire ?? demo?.wire ?? trialWire(env, trial),
      resolve: trial.resolve,
    }),

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
    putAside: (texts) => spooled(scratch, texts),
    exportBundle: (options, file) => exportBundle(sources, options, file),

    async collect(only, { told, ...telling } = {}) {
      ready();
      const asked = partitionsOf(chosen(configuration.sources, only));
      return collect(context, told ? asked.map((its) => ({ ...its, told })) : asked, telling);
    },

    async verify(progress) {
      const verification = await archive.verify(progress);
      return { ...verification, problems: [...verification.problems, ...(await outside.verify(archive))] };
    },

    attend: ({ patient }) => outside.attend(archive, patient),
    logStatus: () => outside.status(archive),
    ...kept,
    standing: standing({ archive, file: configuration.file, state }),

    savedViews: savedViews(() => database, clock),
    ...watching(async () => {
      await warmed(grounds);
      const { on, its: noted } = await calmly(grounds, (its) => notingAt(its, its));
      return { on, posture: await live(on), noted };
    }),
    alerts: alerting({
      dir,
      file: () => configuration.file,
      credentials,
      demo: demo !== null,
      clock,
      env,
      database: () => database,
      grounds,
      within: () => workspace,
      store: () => store,
    }),

    async nextChange() {
      const on = await grounds();
      const now = clock();
      return inTurns(changingNext({ ...on, also: [on.period, ...on.waivers, ...on.besides.changes(now)] }, now));
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

    backup: (out) => backup({ dir, archive, database: () => database, clock, bucket: configuration.file.archive?.url ?? null }, out),
    health: () => health({ state, database: () => database, archive, jobs: () => workspace.jobs() }),

    jobs() {
      jobs ??= openJobs({ context, database: () => database, workspace, ready });
      return jobs;
    },

    async close() {
      scratch.empty();
      await archive.close();
      await database.close();
    },
  };
  return workspace;
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
