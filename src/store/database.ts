import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { ConfigurationError } from '../core/error.ts';
import { ownFolder, socketFolder } from '../evidence/own-folder.ts';
import { embeddedProgram, embeddedVersion, isFresh, keptCluster, takeCluster } from './embedded/template.ts';
import { digestOfMigrations, migrate } from './migrate.ts';
import type { Tables } from './tables.ts';

export interface Database {
  readonly kind: 'embedded' | 'server';
  readonly sql: Kysely<Tables>;
  /** For the queue, which brings its own SQL: several statements at once where there are no values. */
  query(text: string, values?: readonly unknown[]): Promise<{ rows: unknown[] }>;
  /** Whether this process holds the embedded database, and may close and remove it. */
  readonly owned: boolean;
  /** How often the embedded database has asked the disk to confirm; `null` of a server, or of another process's. */
  fsyncs(): Promise<number | null>;
  close(): Promise<void>;
}

// int8: instants and indexes are safe integers, and are checked to be.
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => (oid === 20 && format !== 'binary' ? safeInteger : pg.types.getTypeParser(oid, format as 'text')),
};

function safeInteger(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new RangeError(`not a safe integer: ${text}`);
  return number;
}

interface Embedded {
  readonly dir: string;
  /** Without our tables, where it is new: otherwise it comes with those of this version. */
  readonly bare?: boolean;
}

/** A PostgreSQL server by its address, or the embedded database in a folder; a folder that is open in another process is reached through it. */
export async function openDatabase(where: Embedded | { readonly url: string }): Promise<Database> {
  if ('url' in where) {
    const pool = new pg.Pool({ connectionString: where.url, max: 6, types, connectionTimeoutMillis: 10_000 });
    return opened('server', pool, { owned: false, fsyncs: async () => null, stop: async () => undefined });
  }
  mkdirSync(where.dir, { recursive: true, mode: 0o700 });
  const socket = socketPath(where.dir);
  const owner = await own(where.dir, socket, where.bare || !isFresh(where.dir) ? null : await withTables());
  const pool = new pg.Pool({
    host: socket.slice(0, socket.lastIndexOf('/')),
    port: Number(socket.slice(socket.lastIndexOf('.') + 1)),
    user: 'postgres',
    database: 'postgres',
    max: 2,
    types,
  });
  return opened('embedded', pool, owner);
}

/** What a new database is copied from: to make the tables takes as long as to open it. `null` where nothing can be kept. */
function withTables(): Promise<string | null> {
  return keptCluster(`tables-${embeddedVersion()}-${digestOfMigrations()}`, async (to) => {
    const dir = `${to}.made`;
    const database = await openDatabase({ dir, bare: true });
    try {
      await migrate(database.sql);
    } finally {
      await database.close();
    }
    takeCluster(dir, to);
  });
}

interface Owner {
  readonly owned: boolean;
  fsyncs(): Promise<number | null>;
  stop(): Promise<void>;
}

async function opened(kind: Database['kind'], pool: pg.Pool, owner: Owner): Promise<Database> {
  pool.on('error', () => undefined); // an idle connection that ends is replaced; one in use tells its user
  pool.on('connect', (client) => client.on('error', () => undefined)); // by the query that fails, and not by ending the process
  const sql = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await pool.query('select 1');
  } catch (cause) {
    await sql.destroy();
    await owner.stop();
    throw new ConfigurationError(
      `the database cannot be reached: ${cause instanceof Error ? cause.message : String(cause)}. ${kind === 'server' ? 'Check DATABASE_URL.' : 'Another process may just have closed it; try again.'}`,
      cause,
    );
  }
  return {
    kind,
    sql,
    query: (text, values) => pool.query(text, values && [...values]),
    owned: owner.owned,
    fsyncs: () => owner.fsyncs(),
    async close() {
      await sql.destroy();
      await owner.stop();
    },
  };
}

/** Becomes the process that holds the database, unless another one already is. */
async function own(dir: string, socket: string, like: string | null): Promise<Owner> {
  const attached: Owner = { owned: false, fsyncs: async () => null, stop: async () => undefined };
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await answers(socket)) return attached;
    const source = import.meta.url.endsWith('.ts') ? './embedded/worker.ts' : './embedded/worker.js';
    const worker = new Worker(new URL(source, import.meta.url), { workerData: { dir, socket, like, program: await embeddedProgram() } });
    const first = await new Promise<unknown>((resolve, reject) => worker.once('message', resolve).once('error', reject));
    if (first === 'ready') return owning(worker);
    await worker.terminate();
    const why = typeof first === 'object' && first !== null && 'failed' in first ? String(first.failed) : 'it did not start';
    if (!why.includes('another process'))
      throw new ConfigurationError(`the embedded database in ${dir} cannot be opened: ${why}. It is a cache: move the folder away and run "tickmark rebuild".`);
    await new Promise((resolve) => setTimeout(resolve, 100)); // the other process is still opening it, or closing it
  }
  throw new ConfigurationError(`the embedded database in ${dir} is held by another process that does not answer`);
}

function owning(worker: Worker): Owner {
  worker.unref();
  const said = (message: string) =>
    new Promise<unknown>((resolve) => {
      worker.once('message', resolve);
      worker.postMessage(message);
    });
  return {
    owned: true,
    async fsyncs() {
      const answer = await said('fsyncs');
      return typeof answer === 'object' && answer !== null && 'fsyncs' in answer ? Number(answer.fsyncs) : null;
    },
    async stop() {
      worker.ref();
      await said('close');
      await worker.terminate();
    },
  };
}

/** `pg` wants the name that PostgreSQL gives them. */
function socketPath(dir: string): string {
  const name = createHash('sha256').update(realpathSync(dir)).digest('hex').slice(0, 16);
  return join(ownFolder(join(socketFolder(), name)), '.s.PGSQL.5432');
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createConnection(socket);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}
