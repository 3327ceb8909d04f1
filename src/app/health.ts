import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duration } from '../core/instant.ts';
import type { Archive } from '../evidence/archive.ts';
import type { Database } from '../store/database.ts';
import { pendingMigrations } from '../store/migrate.ts';
import type { Health, HealthCheck, Jobs } from './job-views.ts';

interface Means {
  readonly state: string;
  readonly database: () => Database;
  readonly archive: Pick<Archive, 'checkpoint'>;
  readonly jobs: () => Jobs;
}

const PATIENCE: Duration = 3000;
/** Below this nothing more is sealed before long: a record and its payloads need a few megabytes, a database its log. */
const SCARCE = 256 * 1024 * 1024;

/** Asks everything at once, and never longer than a few seconds. */
export async function health({ state, database, archive, jobs }: Means): Promise<Health> {
  const view = within(async () => jobs().view());
  const checks = await Promise.all([
    check('database', async () => {
      await database().query('select 1');
      return `${database().kind === 'server' ? 'the PostgreSQL server' : 'the embedded database'} answers`;
    }),
    check('schema', async () => {
      const pending = await pendingMigrations(database().sql);
      if (pending.length > 0) throw new Error(`the tables are not those of this version: ${pending.join(', ')}. Restart it, or run the newer version`);
      return 'the tables are those of this version';
    }),
    check('log', async () => {
      const { size } = await archive.checkpoint();
      probe(state);
      return `the log holds ${size} records, and can be written`;
    }),
    check('disk', async () => free(state)),
    check('worker', async () => {
      const alive = (await view).workers.filter((worker) => worker.alive);
      if (alive.length === 0) throw new Error('no worker is alive: nothing that is due is done');
      return `${alive.length} at work`;
    }),
  ]);
  const troubles = await view.then(
    (its) => its.troubles,
    () => [],
  );
  return { ready: checks.every(({ ok }) => ok), checks, troubles };
}

async function check(what: HealthCheck['what'], ask: () => Promise<string>): Promise<HealthCheck> {
  try {
    return { what, ok: true, says: await within(ask) };
  } catch (error) {
    return { what, ok: false, says: error instanceof Error ? error.message : String(error) };
  }
}

function within<Result>(ask: () => Promise<Result>): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`it did not answer within ${PATIENCE / 1000} seconds`)), PATIENCE);
  const asked = Promise.race([ask(), promise]).finally(() => clearTimeout(timer));
  asked.catch(() => undefined); // whoever awaits it is told
  return asked;
}

/** A folder that may be written tells so only by being written: one mounted read-only grants every right. */
function probe(state: string): void {
  mkdirSync(state, { recursive: true });
  const file = join(state, `.probe-${randomBytes(6).toString('hex')}`);
  writeFileSync(file, 'x');
  rmSync(file);
}

function free(state: string): string {
  const { bavail, bsize } = statfsSync(state);
  const left = bavail * bsize;
  const says = `${Math.floor(left / (1024 * 1024))} MB are left on the disk of the state folder`;
  if (left < SCARCE) throw new Error(`${says}: at least ${SCARCE / (1024 * 1024)} are needed`);
  return says;
}
