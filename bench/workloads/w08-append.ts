import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openArchive } from '../../src/evidence/directory.ts';
import { CALLS } from '../../src/evidence/files.ts';
import { madeRun } from '../../test/run-draft.ts';
import type { Bench, Workload } from '../harness/bench.ts';
import type { Participant } from '../harness/measure.ts';
import { random } from '../harness/random.ts';
import { START } from '../iam/year.ts';
import { postgres, sqlite } from '../peers/peers.ts';

const SIZE = 1024;
const OURS = 'Tickmark, each signed, encrypted and in the log';
const RAW = 'raw writes, one fdatasync a batch';
const SAME = 'raw writes, as many fdatasyncs as Tickmark';

/** How many records a round appends, by how many there are in a batch. */
const ROUNDS = { 1: 20, 100: 1000, 1000: 2000 } as const;

export const append: Workload = {
  id: 'W8',
  title: 'Records of 1 KiB appended so that a power cut takes none',
  why: 'Raw writes compute nothing. A record here is canonicalised, compressed, encrypted under a key of its own, hashed and signed before it is written: some 90 microseconds of computing at best (`npm run bench -- floor`), which do not become fewer where a disk is fast. Records of 1 KiB show that more than those of 4 KiB in `npm run bench -- archive`. The third goal is that of an index without signatures, which this is not.',
  async run(bench) {
    bench.size(`batches of ${Object.keys(ROUNDS).join(', ')} records of ${SIZE} bytes`);
    const writers = await open(bench);
    for (const batch of [1, 100, 1000] as const) {
      const records = bench.options.records === null ? ROUNDS[batch] : Math.max(batch, Math.min(ROUNDS[batch], bench.options.records));
      const participants = writers.map(({ name, ours, write, size }): Participant<string> => {
        let before = 0;
        return {
          name,
          ...(ours ? { ours } : {}),
          before: async () => {
            before = await size();
          },
          async run() {
            for (let done = 0; done < records; done += batch)
              await write(Array.from({ length: batch }, (_, place) => blocks[(done + place) % blocks.length] ?? block));
            return String((await size()) - before);
          },
        };
      });
      const compared = await bench.compare(`${records} records in batches of ${batch}`, participants, { pairs: 5, digest: (count) => count });
      const took = compared.median(OURS);
      const same = compared.ratio(SAME);
      if (batch === 1) continue;
      bench.goal(`batches of ${batch}, a second (signed archive)`, took === null ? null : (records * 1000) / took, { least: 3000 }, 'records');
      bench.goal(`batches of ${batch}, of the raw writes with as many fdatasyncs`, same, { least: 0.4 }, 'x');
      if (batch === 100) bench.goal('batches of 100, of the raw writes (the design: an index without signatures)', compared.ratio(RAW), { least: 0.7 }, 'x');
    }
    const [ours] = writers;
    await bench.profile('ten batches of 100', async () => {
      for (let count = 0; count < 10; count++) await ours?.write(blocks);
    });
  },
};

interface Writer {
  readonly name: string;
  readonly ours?: true;
  write(batch: readonly Buffer[]): Promise<unknown> | unknown;
  /** How many records it holds. */
  size(): number | Promise<number>;
}

const its = random(42);
const block = Buffer.alloc(SIZE);
const blocks = Array.from({ length: 100 }, () => Buffer.from(Uint8Array.from({ length: SIZE }, () => its.below(256))));

async function open(bench: Bench): Promise<readonly Writer[]> {
  const syncs = { count: 0, batches: 0 };
  const fsync = (fd: number) => {
    syncs.count++;
    return CALLS.fsync(fd);
  };
  const archive = await openArchive({ dir: join(bench.dir, 'archive'), clock: () => START, origin: 'bench.example', calls: { ...CALLS, fsync } });
  bench.after(() => archive.close());
  let salt = 0;
  /** No two records hold the same bytes: what is stored already would not be stored again. */
  const fresh = (bytes: Buffer) => {
    const copy = Buffer.from(bytes);
    copy.writeUInt32LE(salt++);
    return copy;
  };
  const perBatch = () => Math.max(1, Math.round(syncs.count / Math.max(1, syncs.batches)));
  const db = sqlite(bench, 'append.sqlite');
  db.exec('pragma journal_mode = wal; pragma synchronous = full; create table records (bytes blob)');
  const insert = db.prepare('insert into records values (?)');
  const pool = await postgres(bench);
  await pool?.query('create table records (bytes bytea)');
  return [
    {
      name: OURS,
      ours: true,
      async write(batch) {
        syncs.batches++;
        await archive.append(batch.map((bytes, place) => madeRun({ body: { partition: `p${place % 16}` }, artifacts: { members: fresh(bytes) } })));
      },
      size: async () => (await archive.checkpoint()).size,
    },
    raw(bench, RAW, () => 1),
    raw(bench, SAME, perBatch),
    {
      name: 'SQLite, WAL, synchronous full',
      write(batch) {
        db.exec('begin');
        for (const bytes of batch) insert.run(bytes);
        db.exec('commit');
      },
      size: () => Number(db.prepare('select count(*) as count from records').get()?.count),
    },
    ...(pool
      ? [
          {
            name: 'PostgreSQL',
            write: (batch: readonly Buffer[]) => pool.query('insert into records select * from unnest($1::bytea[])', [batch]),
            size: async () => Number((await pool.query('select count(*) as count from records')).rows[0].count),
          },
        ]
      : []),
  ];
}

/** The bytes to the end of one file, made durable so often a batch. */
function raw(bench: Bench, name: string, times: () => number): Writer {
  const fd = openSync(join(bench.dir, `${name}.bin`.replaceAll(' ', '-')), 'w');
  bench.after(() => closeSync(fd));
  let written = 0;
  return {
    name,
    write(batch) {
      const bytes = Buffer.concat(batch);
      const parts = times();
      const part = Math.ceil(bytes.length / parts);
      for (let place = 0; place < parts; place++) {
        writeSync(fd, bytes.subarray(place * part, (place + 1) * part));
        fdatasyncSync(fd);
      }
      written += batch.length;
    },
    size: () => written,
  };
}
