import { join } from 'node:path';
import { type Catalog, forEngine, readCatalog } from '../catalog/catalog.ts';
import type { File } from '../configuration/schema.ts';
import { startOfDay } from '../core/calendar.ts';
import { ConfigurationError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import type { assemble, Grounds } from '../engine/assemble.ts';
import type { Archive, CheckpointSummary } from '../evidence/archive.ts';
import { rootFrom } from '../log/derive.ts';
import { LogReader } from '../log/reader.ts';
import type { Cache, Known } from './cache.ts';
import type { Then } from './views.ts';
import { CODE, home, PROGRAM } from './version.ts';

type Stamp = Parameters<typeof assemble>[1];

/** All that a reading rests on: what is known, and in which configuration and catalogue. */
export interface Ground extends Grounds, Known {
  stamp(asOf: Instant): Promise<Stamp>;
  /** Of which instant a reading speaks, unless another is asked: of now, or of when the record was sealed. */
  readonly asOf: Instant;
  /** The observation period. */
  readonly period: Period;
}

/** What an opened workspace brings along. */
interface Workspace {
  readonly archive: Archive;
  readonly cache: Cache;
  readonly clock: () => Instant;
  readonly demo: boolean;
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

function ground({ demo }: Workspace, { known, file, catalog, asOf: at, checkpoint }: On): Ground {
  const { company, timezone, period: days, categories } = file;
  const period = { from: startOfDay(days.from, timezone), to: startOfDay(days.to, timezone) };
  return {
    ...known,
    checks: PROGRAM.checks,
    catalog: forEngine(catalog, categories),
    asOf: at,
    period,
    stamp: async (asOf) => ({ company, demo, asOf, period, timezone, checkpoint: await checkpoint(), catalogDigest: catalog.digest, code: CODE, units: UNITS }),
  };
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
