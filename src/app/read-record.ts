import { type Collector, fedBy } from '../collectors/collector.ts';
import type { Artifact } from '../collectors/source.ts';
import { attestedKinds, CONFIGURATION, CONFIGURED, normalizeConfiguration, sealedFile } from '../configuration/normalize.ts';
import { FILE_NAME } from '../configuration/read.ts';
import type { File } from '../configuration/schema.ts';
import { iso } from '../core/instant.ts';
import type { Dataset } from '../datasets/dataset.ts';
import type { Run } from '../engine/facts.ts';
import {
  type Act,
  type Attestation,
  type Disposal,
  type Draw,
  type Hold,
  headOf,
  type Kept,
  type Key,
  type Run as RunBody,
  type SealedRecord,
} from '../evidence/record.ts';
import { type Disposed, heldIn } from '../log/disposal.ts';
import { latenessOf } from '../log/lateness.ts';
import type { RecordRow } from '../store/store.ts';
import { alertRuns, lostAlertRuns } from './alert-rows.ts';
import { lostRuns, runsOf } from './attested.ts';
import { IN_FORCE, type InForce, parametersIn, readInForce } from './in-force-sealed.ts';

export { heldIn } from '../log/disposal.ts';

/** What a record says, read by the code of today: runs for the engine, a line for lists. */
export interface Told {
  readonly row: RecordRow;
  readonly runs: readonly Run[];
  /** Of a configuration record, the file. */
  readonly file: File | null;
  /** Of a configuration record, the parameters and the program that were in force from then on; `null` where it does not say. */
  readonly inForce?: InForce | null;
}

export type ReadPayload = (payload: Kept) => Promise<Uint8Array>;

export async function readRecord(record: SealedRecord, payload: ReadPayload, collectors: readonly Collector[]): Promise<Told> {
  const { body, index, sealedAt, demo, disposed } = record;
  const gone = disposed && disposedOf(disposed);
  if (body.kind === 'configuration' && gone !== null) {
    // What it said is not known any more, up to what the next one says.
    const runs = CONFIGURED.map(({ id }): Run => ({ ...CONFIGURATION, dataset: id, at: body.at, complete: false, reason: gone, rows: [], record: index }));
    return { file: null, runs, row: { index, title: 'configuration', outcome: 'configuration', sealedAt, reason: gone, unreadable: null, rows: null } };
  }
  if (body.kind === 'configuration') {
    const file = await configurationOf(record, payload);
    const sealed = record.subjects.find(({ name }) => name === IN_FORCE);
    const inForce = sealed ? readInForce(await payload(sealed)) : null;
    const told = { at: body.at, complete: true, reason: null, record: index };
    const runs = [
      ...normalizeConfiguration(file).map(({ dataset, rows }): Run => ({ ...CONFIGURATION, ...told, dataset, rows })),
      ...parametersIn(inForce).map((of): Run => ({ ...CONFIGURATION, ...told, ...of })),
      ...attestedKinds(file).map((of): Run => ({ ...of, ...told, rows: [] })),
    ];
    return {
      file,
      inForce,
      runs,
      row: { index, title: 'configuration', outcome: 'configuration', sealedAt, reason: null, unreadable: null, rows: counts(runs) },
    };
  }
  if (body.kind === 'attestation') return readAttestation(record, body, payload);
  if (body.kind === 'act') {
    const row = { index, ...aboutLog(body), sealedAt, unreadable: null, rows: null };
    if (disposed && gone !== null) return { file: null, runs: lostAlertRuns(body, index, disposed, gone), row: { ...row, reason: gone } };
    const runs = alertRuns(body, index);
    return { file: null, runs, row: runs.length > 0 ? { ...row, rows: counts(runs) } : row };
  }
  if (body.kind !== 'run') return { file: null, runs: [], row: { index, ...aboutLog(body), sealedAt, unreadable: null, rows: null } };
  const title = `${body.collector.id} ${body.name}${body.partition === body.name ? '' : ` (${body.partition})`}`;
  const collector = collectors.find(({ id }) => id === body.collector.id);
  const gap = (reason: string): Run[] =>
    (collector ? (gone === null ? fedBy(collector, JSON.parse(body.config)) : collector.feeds) : []).map(({ id }) => ({
      ...sourceOf(body),
      dataset: id,
      at: body.outcome === 'skip' ? body.slot : body.startedAt,
      complete: false,
      reason,
      rows: [],
      record: index,
    }));
  const row = { index, title, outcome: body.outcome, sealedAt, reason: body.reason, unreadable: null, rows: null };
  // Without its evidence a run proves nothing any more: what rested on it is unknown there.
  if (gone !== null) return { file: null, row: { ...row, reason: gone }, runs: gap(gone) };
  if (body.outcome !== 'success') return { file: null, row, runs: gap(body.reason ?? body.outcome) };
  // Made at another time than it claims, perhaps: of that time it proves nothing.
  const late = latenessOf({ head: headOf(body), sealedAt, demo });
  if (late !== null) return { file: null, row: { ...row, reason: late }, runs: gap(late) };
  if (!collector) return { file: null, row: { ...row, unreadable: `no collector is called ${body.collector.id} any more` }, runs: [] };
  try {
    const runs = await normalized(record, body, collector, payload);
    return { file: null, runs, row: { ...row, rows: counts(runs) } };
  } catch (error) {
    // The bytes are sealed and safe; the reading of them can be repaired. Until then this is a gap, never an empty answer.
    const unreadable = error instanceof Error ? error.message : String(error);
    return { file: null, row: { ...row, unreadable }, runs: gap(`its answers could not be read: ${unreadable}`) };
  }
}

async function readAttestation({ index, sealedAt, subjects, detail, disposed }: SealedRecord, body: Attestation, payload: ReadPayload): Promise<Told> {
  const row = { index, ...aboutLog(body), sealedAt, unreadable: null, rows: null };
  const [subject, asserted] = subjects;
  if (disposed) {
    const gone = disposedOf(disposed);
    return { file: null, runs: lostRuns(body, index, detail.era, disposed, gone), row: { ...row, reason: gone } };
  }
  if (!subject) return { file: null, runs: [], row: { ...row, unreadable: 'it names no statement' } };
  try {
    const runs = runsOf(body, await payload(subject), asserted ? await payload(asserted) : null, index);
    return { file: null, runs, row: { ...row, rows: counts(runs) } };
  } catch (error) {
    return { file: null, runs: [], row: { ...row, unreadable: error instanceof Error ? error.message : String(error) } };
  }
}

/** What a statement does, in words. */
const ACTS = { state: 'states', approve: 'approves', withdraw: 'withdraws' } as const;

/** Why a record is told without its evidence. */
export const disposedOf = ({ by, at }: Disposed): string => `the evidence was disposed of in record ${by} on ${iso(at).slice(0, 10)}`;

/** One line about a record that no source told. */
export function aboutLog(body: Disposal | Hold | Key | Draw | Attestation | Act): {
  readonly title: string;
  readonly outcome: string;
  readonly reason: string | null;
} {
  if (body.kind === 'disposal') {
    const what = body.payloads === 'all' ? `everything kept in ${body.era}` : `${body.payloads.length} payloads of ${body.era}`;
    return { title: `disposal ${body.step}: ${what}${body.early ? ', before its retention ended' : ''}`, outcome: 'disposal', reason: body.reason };
  }
  if (body.kind === 'draw') {
    const title = `sample of ${body.size} drawn from the ${body.count} items of ${body.control}, ${body.check}`;
    return { title, outcome: 'draw', reason: body.seed === null ? null : `seed ${body.seed}` };
  }
  if (body.kind === 'attestation') {
    const who = `${body.by ?? 'somebody'}${body.authenticated ? '' : ' (not authenticated)'}`;
    return { title: `${body.register}: ${who} ${ACTS[body.act]} ${body.entryId ?? 'an entry'}`, outcome: 'attestation', reason: null };
  }
  if (body.kind === 'act')
    return { title: `${body.by ?? 'somebody'}: ${body.act}${body.target === null ? '' : ` ${body.target}`}`, outcome: 'act', reason: null };
  if (body.kind === 'hold') return { title: `hold ${body.step}: ${heldIn(body.what)}`, outcome: 'hold', reason: body.reason };
  return { title: `key of ${body.who} ${body.step}`, outcome: 'key', reason: null };
}

async function configurationOf({ subjects }: SealedRecord, payload: ReadPayload): Promise<File> {
  const subject = subjects.find(({ name }) => name === FILE_NAME);
  if (!subject) throw new RangeError(`a configuration record without ${FILE_NAME}`);
  return sealedFile(new TextDecoder().decode(await payload(subject)));
}

async function normalized({ index, subjects }: SealedRecord, body: RunBody, collector: Collector, payload: ReadPayload): Promise<Run[]> {
  const artifacts: Artifact[] = [];
  for (const subject of subjects) {
    const { name, request, status, headers, startedAt, finishedAt } = subject;
    artifacts.push({ name, request, status, headers, startedAt, finishedAt, body: await payload(subject) });
  }
  const { partition, startedAt, timezone, after, since = startedAt } = body;
  const config: unknown = JSON.parse(body.config);
  const tables = collector.normalize(artifacts, { config, partition, at: startedAt, timezone, after, since });
  for (const { dataset, rows } of tables) check(dataset as Dataset, rows);
  return fedBy(collector, config).map(({ id }): Run => {
    const its = tables.filter(({ dataset }) => dataset.id === id);
    const [table] = its;
    if (!table || its.length > 1) throw new RangeError(`${collector.id} gave ${its.length} tables of ${id}`);
    return {
      ...sourceOf(body),
      dataset: id,
      at: table.at ?? startedAt,
      complete: true,
      reason: null,
      rows: table.rows,
      record: index,
      ...(table.polled ? { polled: table.polled } : {}),
      ...(table.withdrawn?.length ? { withdrawn: table.withdrawn } : {}),
    };
  });
}

/** Two rows of one key say two things of one item: neither can be believed. */
function check(dataset: Dataset, rows: readonly Parameters<Dataset['key']>[0][]): void {
  const keys = new Set<string>();
  for (const row of rows) {
    const key = dataset.key(row);
    if (keys.has(key)) throw new RangeError(`two rows of ${dataset.id} have the key ${key}`);
    keys.add(key);
  }
}

const sourceOf = ({ collector, name, partition }: RunBody) => ({ source: `${collector.id}/${name}`, partition });
const counts = (runs: readonly Run[]): Readonly<Record<string, number>> => Object.fromEntries(runs.map(({ dataset, rows }) => [dataset, rows.length]));
