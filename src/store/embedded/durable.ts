// PGlite that survives power loss, and a lock so that one process at a time opens a data folder.
//
// Out of the box PGlite starts PostgreSQL with -F (no fsync) and its Node file system has no fsync hook. Here the hook is
// added and fsync is switched on. wal_sync_method must be "fsync": the default, fdatasync, does nothing in the wasm build.
// This leans on internals (mod.NODEFS.stream_ops), so count the calls in a test: no fsync during a commit fails the build.
import { closeSync, cpSync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { COMPLETE, embeddedVersion, isFresh, keptCluster } from './template.ts';

let calls = 0;
/** How often the database has asked the disk to confirm. None during a commit would mean that nothing is durable. */
export const fsyncs = (): number => calls;

export const LOCKED = 'the database is open in another process';

function fsyncPath(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

type Stream = { nfd?: number; node: unknown };
type EmscriptenModule = { NODEFS: { stream_ops: Record<string, unknown>; realPath(node: unknown): string } };

class DurableNodeFS extends NodeFS {
  override async init(pg: PGlite, opts: Parameters<NodeFS['init']>[1]): Promise<Awaited<ReturnType<NodeFS['init']>>> {
    const r = await super.init(pg, opts);
    (r.emscriptenOpts.preRun as unknown as ((m: EmscriptenModule) => void)[]).push((mod) => {
      mod.NODEFS.stream_ops.fsync = (stream: Stream): number => {
        calls++;
        if (stream.nfd !== undefined) fsyncSync(stream.nfd);
        else fsyncPath(mod.NODEFS.realPath(stream.node)); // a folder has no file descriptor
        return 0;
      };
    });
    return r;
  }
}

const startParams = [
  ...PGlite.defaultStartParams.filter((p) => p !== '-F'),
  ...['fsync=on', 'wal_sync_method=fsync', 'shared_buffers=32MB'].flatMap((s) => ['-c', s]),
];

/** PGlite takes no lock: two processes would lose each other's rows. SQLite, built into Node, holds a kernel file lock that
 * ends with the process (also by kill -9), needs no pid and is also refused to a second opener in the same process. */
function takeLock(file: string): () => void {
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    throw new Error(LOCKED, { cause });
  }
  return () => lock.close();
}

/**
 * Opens (or creates) the cluster in `dir`/data. A new one is a copy of another.
 *
 * @param like the folder of the one that it is copied from; of an empty one, where there is none
 * @param program PostgreSQL, compiled
 */
export async function openDurable(dir: string, like: string | null, program: WebAssembly.Module): Promise<{ db: PGlite; close(): Promise<void> }> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const unlock = takeLock(join(dir, 'lock'));
  try {
    const data = join(dir, 'data');
    const fresh = isFresh(dir);
    if (fresh) {
      rmSync(data, { recursive: true, force: true }); // a creation that was cut short holds nothing
      const from = like ?? (await keptCluster(`empty-${embeddedVersion()}`, (to) => makeCluster(to, program)));
      if (from !== null) cpSync(from, data, { recursive: true });
    }
    const db = await PGlite.create({ fs: new DurableNodeFS(data), startParams, pgliteWasmModule: program });
    if (fresh) {
      await db.exec('checkpoint');
      fsyncTree(data);
      closeSync(openSync(join(data, COMPLETE), 'w'));
      fsyncPath(data);
      fsyncPath(dir);
    }
    return {
      db,
      async close() {
        await db.close();
        unlock();
      },
    };
  } catch (e) {
    unlock();
    throw e;
  }
}

async function makeCluster(dir: string, program: WebAssembly.Module): Promise<void> {
  const db = await PGlite.create({ fs: new NodeFS(dir), startParams, pgliteWasmModule: program });
  await db.exec('checkpoint');
  await db.close();
}

function fsyncTree(dir: string): void {
  for (const e of readdirSync(dir, { withFileTypes: true })) {
    const p = join(dir, e.name);
    if (e.isDirectory()) fsyncTree(p);
    else if (e.isFile()) fsyncPath(p);
  }
  fsyncPath(dir);
}
