import type { Engine, Forgotten } from '../engine/engine.ts';
import { type Retelling, streamId } from '../engine/facts.ts';
import type { RecordRow } from '../store/store.ts';
import type { Told } from './read-record.ts';

type Read = (index: number) => Promise<Told>;
/** So many of so many: of records that are read, or of items that are examined again. */
export type Progress = (done: number, of: number, what?: 'records' | 'items') => void;

/** Reads some streams again from the records that told them, each record once. */
export async function readStreams(streams: readonly Forgotten[], read: Read, progress: Progress): Promise<readonly Retelling[]> {
  const wanted = new Map(streams.map(({ dataset, stream }) => [`${dataset} ${stream}`, { dataset, stream, runs: [] as Retelling['runs'][number][] }]));
  const records = [...new Set(streams.flatMap((it) => it.records))].sort((a, b) => a - b);
  for (const [place, index] of records.entries()) {
    for (const run of (await read(index)).runs) wanted.get(`${run.dataset} ${streamId(run.source, run.partition)}`)?.runs.push(run);
    progress(place + 1, records.length);
  }
  return [...wanted.values()];
}

/** Reads every stream of some collectors again, by the code of today; one that no record tells any more comes without runs. */
export async function readCollectors(
  engine: Engine,
  collectors: ReadonlySet<string>,
  records: AsyncIterable<{ readonly collector: string; readonly index: number; read(): Promise<Told> }>,
  progress: (index: number) => void,
): Promise<{ readonly streams: readonly Retelling[]; readonly rows: readonly RecordRow[] }> {
  const prefixes = [...collectors].map((id) => encodeURIComponent(`${id}/`));
  const streams = new Map<string, { dataset: string; stream: string; runs: Retelling['runs'][number][] }>();
  const of = (dataset: string, stream: string) => {
    const known = streams.get(`${dataset} ${stream}`) ?? { dataset, stream, runs: [] };
    streams.set(`${dataset} ${stream}`, known);
    return known;
  };
  for (const { dataset, stream } of engine.streams()) if (prefixes.some((prefix) => stream.startsWith(prefix))) of(dataset, stream);
  const rows: RecordRow[] = [];
  for await (const record of records) {
    if (!collectors.has(record.collector)) continue;
    const told = await record.read();
    for (const run of told.runs) of(run.dataset, streamId(run.source, run.partition)).runs.push(run);
    rows.push(told.row);
    progress(record.index);
  }
  return { streams: [...streams.values()], rows };
}
