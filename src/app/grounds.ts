import { join } from 'node:path';
import { type Catalog, forEngine, readCatalog } from '../catalog/catalog.ts';
import type { Tables } from '../catalog/laws.ts';
import { collectors } from '../collectors/index.ts';
import { schedules } from '../configuration/normalize.ts';
import type { File } from '../configuration/schema.ts';
import { startOfDay } from '../core/calendar.ts';
import { ConfigurationError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { datasets } from '../datasets/index.ts';
import type { assemble, Grounds } from '../engine/assemble.ts';
import { Assessor } from '../engine/assess.ts';
import { type BesidesReader, besidesReader } from '../engine/besides.ts';
import type { CaseGrounds } from '../engine/cases.ts';
import type { Schedule } from '../engine/occurrences.ts';
import { type PeriodReader, periodReader } from '../engine/period.ts';
import { waiversOf } from '../engine/waivers.ts';
import type { Archive, CheckpointSummary } from '../evidence/archive.ts';
import { rootFrom } from '../log/derive.ts';
import { LogReader } from '../log/reader.ts';
import type { Cache, Known } from './cache.ts';
import type { Program } from './units.ts';
import { CODE, home, PROGRAM } from './version.ts';

type Stamp = Parameters<typeof assemble>[1];

/** What was known when a record was the newest. */
export interface Then {
  readonly record: number;
  /** Some records may have to be read again for it. */
  readonly progress?: (done: number, of: number) => void;
}

/** All that a reading rests on: what is known, waivers laid over it, and in which configuration and catalogue. */
export interface Ground extends CaseGrounds, Omit<Known, 'assessor'> {
  readonly besides: BesidesReader;
  readonly schedules: readonly Schedule[];
  /** Reads periods; what it has read once it remembers for as long as nothing more is known. */
  readonly periods: PeriodReader;
  stamp(asOf: Instant): Promise<Stamp>;
  /** Of which instant a reading speaks, unless another is asked: of now, or of when the record was sealed. */
  readonly asOf: Instant;
  /** The observation period. */
  readonly period: Period;
}

/** What every answer rests on. Digests are SHA-256, hex. */
export interface Rests {
  readonly checkpoint: CheckpointSummary;
  readonly catalog: string;
  readonly code: string;
}

/** What an opened workspace brings along. */
interface Workspace {
  readonly archive: Archive;
  readonly cache: Cache;
  readonly clock: () => Instant;
  readonly demo: boolean;
  /** With the parameters of now. */
  readonly program: Program;
  /** Of now. */
  readonly file: File;
  readonly catalog: Catalog;
}

/**
 * What is known now, or what was known when a record was the newest: by the evidence, the configuration and the
 * overlay up to that record. The checks, the collectors and the catalogue of the program are always those of today.
 */
export async function groundsOf(workspace: Workspace, then?: Then): Promise<Ground> {
  const { archive, cache, clock, file, catalog } = workspace;
  if (!then) return ground(workspace, { known: await cache.sync(), file, catalog, asOf: clock(), checkpoint: () => archive.checkpoint() });
  const known = await cache.knownAt(then.record, then.progress);
  const sealed = known.history.at(-1);
  if (!sealed) throw new ConfigurationError(`up to record ${then.record} no configuration was sealed that can still be read: there is nothing to assess by.`);
  const { sealedAt } = await archive.record(then.record);
  const overlay = await sealedOverlay(archive, sealed.record);
  return ground(workspace, {
    known,
    file: sealed.file,
    catalog: readCatalog(join(home, 'catalog'), overlay),
    asOf: sealedAt,
    checkpoint: () => checkpointAt(archive, then.record + 1),
  });
}

const UNITS = PROGRAM.units.flatMap(({ kind, ...unit }): Stamp['units'] => (kind === 'check' || kind === 'collector' ? [{ kind, ...unit }] : []));

interface On {
  readonly known: Known;
  readonly file: File;
  readonly catalog: Catalog;
  readonly asOf: Instant;
  checkpoint(): Promise<CheckpointSummary>;
}

function ground({ demo, program }: Workspace, { known, file, catalog, asOf: at, checkpoint }: On): Ground {
  const { company, timezone, period: days, categories } = file;
  const period = { from: startOfDay(days.from, timezone), to: startOfDay(days.to, timezone) };
  const its = { ...known, ...overlaid(known, program), checks: program.checks, catalog: forEngine(catalog, categories) };
  const grounds = { ...its, besides: besidesOn(known, its, timezone, catalog.digest) };
  return {
    ...grounds,
    periods: periodsOf(known, grounds, `${catalog.digest} ${categories.join()}`),
    asOf: at,
    period,
    stamp: async (asOf) => ({ company, demo, asOf, period, timezone, checkpoint: await checkpoint(), catalogDigest: catalog.digest, code: CODE, units: UNITS }),
  };
}

type Overlaid = Pick<Ground, 'waivers' | 'assessor' | 'deadlines' | 'schedules'>;
// By their coverage: it is another once anything more is known, and the same while the log grows by what tells nothing.
const OVERLAID = new WeakMap<Known['coverage'], Overlaid>();

/** What follows from what is known, worked out once for as long as nothing more is. */
function overlaid(known: Known, { checks }: Program): Overlaid {
  const there = OVERLAID.get(known.coverage);
  if (there) return there;
  const { engine, coverage, history } = known;
  const waivers = waiversOf({ engine, coverage, checks });
  const made = {
    waivers,
    assessor: new Assessor(engine, coverage, waivers),
    deadlines: history.map(({ at, file }) => ({ at, days: file.deadlines })),
    schedules: schedules(history, collectors),
  };
  OVERLAID.set(known.coverage, made);
  return made;
}

const BESIDES = new WeakMap<Known['coverage'], { readonly of: string; readonly reader: BesidesReader }>();

/** @param digest of the catalogue that it reads by */
function besidesOn(known: Known, { catalog, checks }: Pick<Grounds, 'catalog' | 'checks'>, timezone: string, digest: string): BesidesReader {
  const there = BESIDES.get(known.coverage);
  const of = `${digest} ${timezone}`;
  if (there?.of === of) return there.reader;
  const reader = besidesReader({ ...known, catalog, checks, timezone, datasets: told as unknown as readonly Dataset[] });
  BESIDES.set(known.coverage, { of, reader });
  return reader;
}

const PERIODS = new WeakMap<Known['coverage'], { readonly of: string; readonly reader: PeriodReader }>();

/** @param of the catalogue that it reads by */
function periodsOf(known: Known, grounds: Grounds, of: string): PeriodReader {
  const there = PERIODS.get(known.coverage);
  if (there?.of === of) return there.reader;
  const reader = periodReader(grounds);
  PERIODS.set(known.coverage, { of, reader });
  return reader;
}

/** The company's own controls as a configuration record sealed them. */
async function sealedOverlay(archive: Archive, index: number): Promise<readonly { readonly file: string; readonly body: string }[]> {
  const { subjects } = await archive.record(index);
  const files = subjects.filter(({ name }) => /^controls\/[^/]+\.md$/.test(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
  return Promise.all(files.map(async (subject) => ({ file: subject.name, body: Buffer.from(await archive.payload(subject)).toString('utf8') })));
}

/** The root that the log had then, by the tiles of the log as it is. */
async function checkpointAt(archive: Archive, size: number): Promise<CheckpointSummary> {
  const reader = new LogReader(archive.files, archive.verifier);
  const { checkpoint } = await reader.checkpoint();
  const root = await rootFrom(size, (level, index) => reader.tile(level, index, checkpoint.size));
  return { origin: checkpoint.origin, size, root: root.toString('base64') };
}

/** Every dataset that a source can tell of. */
export const told = datasets.filter(({ derived }) => !derived);

/** Their fields, as the catalogue may name them. */
export const tables: Tables = Object.fromEntries(
  told.map(({ id, row, happened }) => [
    id,
    { fields: Object.keys((row as unknown as { readonly shape: Readonly<Record<string, unknown>> }).shape), events: happened !== undefined },
  ]),
);
