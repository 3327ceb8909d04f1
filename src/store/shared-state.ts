import { type Kysely, sql } from 'kysely';
import { IntegrityError, TickmarkError } from '../core/error.ts';
import type { Pin, PinOf, SharedVersions } from '../evidence/objects.ts';
import type { PayloadKeyRow, PayloadKeyRows, SaidFiles, SecretRows, SharedState } from '../evidence/shared-state.ts';
import type { Coordination } from '../evidence/place.ts';
import type { Database } from './database.ts';
import { migrate } from './migrate.ts';
import type { Tables } from './tables.ts';

/** A process that holds the turn says so often; where it says nothing for so long, the database takes the turn away. In milliseconds. */
const BEAT = 5000;
const SILENCE = 30_000;
/** So long a process waits for its turn. */
const PATIENCE = 120_000;
const ROWS = 1000;

/** What processes share of each log, in the schema `keys` of a PostgreSQL server. */
export async function openSharedState({ sql: db }: Database): Promise<(origin: string) => SharedState> {
  await migrate(db);
  return (origin) => ({
    turn: turns(db, origin),
    coordination: coordination(db, origin),
    secrets: secrets(db, origin),
    payloadKeys: payloadKeys(db, origin),
    versions: versions(db, origin),
    said: said(db, origin),
  });
}

function turns(db: Kysely<Tables>, origin: string): SharedState['turn'] {
  return async <Result>(act: () => Promise<Result>): Promise<Result> => {
    const outcomes: Result[] = [];
    try {
      await db
        .insertInto('keys.turn')
        .values({ origin })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      await db.transaction().execute(async (session) => {
        await sql`select set_config('lock_timeout', ${String(PATIENCE)}, true), set_config('idle_in_transaction_session_timeout', ${String(SILENCE)}, true)`.execute(
          session,
        );
        await sql`select from keys.turn where origin = ${origin} for update`.execute(session);
        const beat = setInterval(() => void sql`select`.execute(session).catch(() => undefined), BEAT);
        try {
          outcomes.push(await act());
        } finally {
          clearInterval(beat);
        }
      });
    } catch (error) {
      if (outcomes.length === 0) throw spoken(error); // where only the end of the turn failed, what was done in it stands
    }
    return outcomes[0] as Result;
  };
}

function coordination(db: Kysely<Tables>, origin: string): Coordination {
  return {
    async committed() {
      const row = await spoke(db.selectFrom('keys.coordination').select('note').where('origin', '=', origin).executeTakeFirst());
      return row?.note ?? null;
    },

    /** In a transaction of its own: the turn goes on until what was committed is published. */
    async commit(before, after) {
      const changed = await spoke(
        db.transaction().execute(async (session) => {
          await sql`select set_config('synchronous_commit', 'on', true) where current_setting('synchronous_commit') in ('off', 'local')`.execute(session);
          return before === null
            ? await sql`insert into keys.coordination (origin, note) values (${origin}, ${after}) on conflict do nothing`.execute(session)
            : await sql`update keys.coordination set note = ${after}, committed_at = now() where origin = ${origin} and note = ${before}`.execute(session);
        }),
      );
      if (changed.numAffectedRows !== 1n)
        throw new IntegrityError('RACE', 'another process has written to the log: the checkpoint in the database is not the one that was read');
    },
  };
}

function secrets(db: Kysely<Tables>, origin: string): SecretRows {
  return {
    async read(path) {
      const row = await spoke(db.selectFrom('keys.secrets').select('bytes').where('origin', '=', origin).where('path', '=', path).executeTakeFirst());
      return row?.bytes ?? null;
    },
    async make(path, bytes) {
      const made = await spoke(sql`insert into keys.secrets (origin, path, bytes) values (${origin}, ${path}, ${bytes}) on conflict do nothing`.execute(db));
      return made.numAffectedRows === 1n;
    },
    async remove(path) {
      await spoke(db.deleteFrom('keys.secrets').where('origin', '=', origin).where('path', '=', path).execute());
      await forget(db, 'secrets');
    },
  };
}

/** Puts every secret of every log into another wrapping, all at once or none. Resolves to how many there are. */
export async function rewrapSecrets({ sql: db }: Database, rewrap: (origin: string, path: string, bytes: Buffer) => Buffer): Promise<number> {
  await migrate(db);
  const count = await spoke(
    db.transaction().execute(async (session) => {
      await sql`lock table keys.secrets in exclusive mode`.execute(session); // none may be made meanwhile in the old wrapping
      const rows = await session.selectFrom('keys.secrets').selectAll().execute();
      for (const { origin, path, bytes } of rows)
        await sql`update keys.secrets set bytes = ${rewrap(origin, path, bytes)} where origin = ${origin} and path = ${path}`.execute(session);
      return rows.length;
    }),
  );
  await forget(db, 'secrets');
  return count;
}

function payloadKeys(db: Kysely<Tables>, origin: string): PayloadKeyRows {
  const of = (era: string) => db.selectFrom('keys.payload_keys').selectAll().where('origin', '=', origin).where('era', '=', era);
  return {
    async byDigest(era, digest) {
      return rowOf(await spoke(of(era).where('digest', '=', Buffer.from(digest, 'hex')).executeTakeFirst()));
    },
    async byFingerprint(era, fingerprint) {
      return rowOf(await spoke(of(era).where('fingerprint', '=', Buffer.from(fingerprint, 'hex')).orderBy('digest').limit(1).executeTakeFirst()));
    },
    async digests(era) {
      const rows = await spoke(db.selectFrom('keys.payload_keys').select('digest').where('origin', '=', origin).where('era', '=', era).execute());
      return rows.map(({ digest }) => digest.toString('hex'));
    },
    async add(era, rows) {
      const values = rows.map(({ digest, fingerprint, wrapped, place: { pack, offset, length } }) => ({
        origin,
        era,
        digest: Buffer.from(digest, 'hex'),
        fingerprint: hex(fingerprint),
        wrapped,
        pack: hex(pack),
        offset,
        length,
      }));
      for (let from = 0; from < values.length; from += ROWS) {
        const chunk = values.slice(from, from + ROWS);
        await spoke(
          db
            .insertInto('keys.payload_keys')
            .values(chunk)
            .onConflict((conflict) => conflict.doNothing())
            .execute(),
        );
      }
    },
    async remove(era, digests, at) {
      if (digests.length === 0) return;
      await spoke(
        db.transaction().execute(async (session) => {
          if (at !== null) await standing(session, origin, at);
          const its = session.deleteFrom('keys.payload_keys').where('origin', '=', origin).where('era', '=', era);
          const named = digests === 'all' ? null : digests.map((digest) => Buffer.from(digest, 'hex'));
          await (named ? its.where('digest', 'in', named) : its).execute();
        }),
      );
      await forget(db, 'payload_keys');
    },
  };
}

/** Keeps the log where it stands until the transaction ends. Throws where that is another place. */
async function standing(session: Kysely<Tables>, origin: string, at: Buffer): Promise<void> {
  const row = await session.selectFrom('keys.coordination').select('note').where('origin', '=', origin).forShare().executeTakeFirst();
  if (!row?.note.equals(at)) throw new IntegrityError('RACE', 'another process has written to the log, and may have placed a hold');
}

function versions(db: Kysely<Tables>, origin: string): SharedVersions {
  /** Of the same path the last one counts; a statement may not touch a row twice. */
  const write = async (pins: Iterable<PinOf>, replaces: boolean): Promise<void> => {
    const values = [...new Map(pins)].map(([path, { versionId, digest }]) => ({ origin, path, version: versionId, digest: Buffer.from(digest, 'hex') }));
    for (let from = 0; from < values.length; from += ROWS)
      await spoke(
        db
          .insertInto('keys.pins')
          .values(values.slice(from, from + ROWS))
          .onConflict((conflict) =>
            replaces
              ? conflict.columns(['origin', 'path']).doUpdateSet((row) => ({ version: row.ref('excluded.version'), digest: row.ref('excluded.digest') }))
              : conflict.doNothing(),
          )
          .execute(),
      );
  };
  return {
    put: (pins) => write(pins, true),
    add: (pins) => write(pins, false),
    async get(path): Promise<Pin | null> {
      const row = await spoke(
        db.selectFrom('keys.pins').select(['version', 'digest']).where('origin', '=', origin).where('path', '=', path).executeTakeFirst(),
      );
      return row ? { versionId: row.version, digest: row.digest.toString('hex') } : null;
    },
  };
}

function said(db: Kysely<Tables>, origin: string): SaidFiles {
  const read: SaidFiles['read'] = async (path) => {
    const row = await spoke(db.selectFrom('keys.said').select('bytes').where('origin', '=', origin).where('path', '=', path).executeTakeFirst());
    return row?.bytes ?? null;
  };
  return {
    read,
    async list(folder) {
      const below = `${folder}/`;
      const rows = await spoke(
        db
          .selectFrom('keys.said')
          .select('path')
          .where('origin', '=', origin)
          .where('path', '>', below)
          .where('path', '<', `${folder}0`)
          .orderBy('path')
          .execute(), // "0" comes after "/"
      );
      return [...new Set(rows.map(({ path }) => path.slice(below.length).split('/')[0] as string))];
    },
    async replace(path, bytes) {
      const values = { origin, path, bytes: Buffer.from(bytes) };
      await spoke(
        db
          .insertInto('keys.said')
          .values(values)
          .onConflict((conflict) => conflict.columns(['origin', 'path']).doUpdateSet({ bytes: values.bytes }))
          .execute(),
      );
    },
    async create(files) {
      for (const [path, bytes] of files) {
        const made = await spoke(
          db
            .insertInto('keys.said')
            .values({ origin, path, bytes: Buffer.from(bytes) })
            .onConflict((conflict) => conflict.doNothing())
            .executeTakeFirst(),
        );
        if (made.numInsertedOrUpdatedRows === 1n || (await read(path))?.equals(bytes)) continue;
        throw new IntegrityError('IMMUTABLE', `${path} is in the database with other bytes`);
      }
    },
  };
}

/** A deleted row lies in its page until that is vacuumed. Where another transaction may still see it, the database does so later by itself. */
const forget = (db: Kysely<Tables>, table: 'secrets' | 'payload_keys') => spoke(sql`vacuum ${sql.id('keys', table)}`.execute(db));

const hex = (digest: string | null): Buffer | null => (digest === null ? null : Buffer.from(digest, 'hex'));

function rowOf(row: Tables['keys.payload_keys'] | undefined): PayloadKeyRow | null {
  if (!row) return null;
  const { digest, fingerprint, wrapped, pack, offset, length } = row;
  return {
    digest: digest.toString('hex'),
    fingerprint: fingerprint?.toString('hex') ?? null,
    wrapped,
    place: { pack: pack?.toString('hex') ?? null, offset, length },
  };
}

const spoke = <Result>(query: Promise<Result>): Promise<Result> =>
  query.catch((error: unknown) => {
    throw spoken(error);
  });

/** What the database did, in the house's words, where whoever asked can act on it. */
function spoken(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof TickmarkError) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (code === '55P03')
    return new TickmarkError('BUSY', `other processes have had the turn of the log for ${PATIENCE / 1000} seconds. Try again.`, { exit: 1, cause: error });
  if (AWAY.test(code) || AWAY_IN_WORDS.test(error.message))
    return new TickmarkError('UNREACHABLE', `the database went away: ${error.message}. Try again.`, { exit: 1, cause: error });
  return error;
}

/** SQLSTATE of connections and shutdowns (PostgreSQL, appendix A), and what the system says of sockets. `pg` itself says some in words alone. */
const AWAY = /^(08...|57P0[1-5]|25P0[23]|ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT)$/;
const AWAY_IN_WORDS = /Connection terminated|timeout exceeded when trying to connect|not queryable/;
