import type { Engine, Forgotten } from '../engine/engine.ts';
import { type Run, streamId } from '../engine/facts.ts';
import type { Retelling } from '../engine/retelling.ts';
import type { RecordRow } from '../store/store.ts';
import type { Told } from './read-record.ts';

type Read = (index: number) => Promise<Told>;
/** So many of so many: of records that are read, or of items that are examined again. */
export type Progress = (done: number, of: number, what?: 'records' | 'items') => void;

/** Reads some streams again from the records that told them: of their rows those of one record are held at a time. */
export async function readStreams(engine: Engine, streams: readonly Forgotten[], read: Read, progress: Progress): Promise<readonly Retelling[]> {
  const telling = toldAnew(engine);
  const wanted = new Map(streams.map(({ dataset, stream }) => [nameOf(dataset, stream), telling.begin(dataset, stream)]));
  const all = streams.flatMap(({ tellings }) => tellings).sort((a, b) => a.at - b.at || a.record - b.record);
  const records = [...new Set(all.map(({ record }) => record))];
  for (const [place, index] of records.entries()) {
    for (const run of (await read(index)).runs) if (wanted.has(nameOfRun(run))) telling.take(run);
    progress(place + 1, records.length);
  }
  return telling.all(read);
}

/** Reads every stream of some collectors again, by the code of today; one that no record tells any more comes without runs. */
export async function readCollectors(
  engine: Engine,
  collectors: ReadonlySet<string>,
  { records, read }: { readonly records: AsyncIterable<{ readonly collector: string; readonly index: number; read(): Promise<Told> }>; readonly read: Read },
  progress: (index: number) => void,
): Promise<{ readonly streams: readonly Retelling[]; readonly rows: readonly RecordRow[] }> {
  const prefixes = [...collectors].map((id) => encodeURIComponent(`${id}/`));
  const telling = toldAnew(engine);
  for (const { dataset, stream } of engine.streams()) if (prefixes.some((prefix) => stream.startsWith(prefix))) telling.begin(dataset, stream);
  const rows: RecordRow[] = [];
  for await (const record of records) {
    if (!collectors.has(record.collector)) continue;
    const told = await record.read();
    for (const run of told.runs) telling.take(run);
    rows.push(told.row);
    progress(record.index);
  }
  return { streams: await telling.all(read), rows };
}

/** Streams that are told from their beginning, by runs in whatever order: those of which one came too late are read once more, in order. */
function toldAnew({ facts }: Engine) {
  const streams = new Map<string, { its: Retelling; isLate: boolean; readonly runs: Pick<Run, 'at' | 'record'>[] }>();
  const begin = (dataset: string, stream: string) => {
    const known = streams.get(nameOf(dataset, stream)) ?? { its: facts.retelling(dataset, stream), isLate: false, runs: [] };
    streams.set(nameOf(dataset, stream), known);
    return known;
  };

  return {
    begin,
    take(run: Run): void {
      if (!facts.reads(run.dataset)) return;
      const known = begin(run.dataset, streamId(run.source, run.partition));
      known.runs.push({ at: run.at, record: run.record });
      known.isLate ||= !known.its.takes(run);
      if (!known.isLate) known.its.take(run);
    },
    async all(read: Read): Promise<readonly Retelling[]> {
      for (const [name, known] of streams) {
        if (!known.isLate) continue;
        const again = facts.retelling(known.its.dataset.id, known.its.stream);
        let [index, runs] = [-1, [] as Told['runs']];
        for (const { at, record } of known.runs.sort((a, b) => a.at - b.at || a.record - b.record)) {
          if (record !== index) [index, runs] = [record, (await read(record)).runs];
          for (const run of runs) if (run.at === at && nameOfRun(run) === name) again.take(run);
        }
        known.its = again;
      }
      return Array.from(streams.values(), ({ its }) => its);
    },
  };
}

const nameOf = (dataset: string, stream: string): string => `${dataset} ${stream}`;
const nameOfRun = ({ dataset, source, partition }: Run): string => nameOf(dataset, streamId(source, partition));
