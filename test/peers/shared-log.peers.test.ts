import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openArchive } from '../../src/evidence/directory.ts';
import { CALLS, type Calls, type Files } from '../../src/evidence/files.ts';
import type { Objects } from '../../src/evidence/objects.ts';
import { openDatabase } from '../../src/store/database.ts';
import { missing, postgresBinaries, startPostgres } from '../postgres.ts';
import { but, type Opened, openShared, ORIGIN, said, saying } from './shared-log.ts';

const bin = postgresBinaries();
const skip = bin === null && missing('a PostgreSQL server', 'Install postgresql.');
/** How long processes are killed, in milliseconds: a minute in the full form. */
const KILLING = process.env.TICKMARK_FULL ? 60_000 : 8000;
const root = mkdtempSync(join(tmpdir(), 'shared-'));
let server: Awaited<ReturnType<typeof startPostgres>>;
let made = 0;

beforeAll(async () => {
  if (!skip) server = await startPostgres(bin ?? '');
});
afterAll(() => {
  if (!skip) server.stop();
  rmSync(root, { recursive: true, force: true });
});

/** A folder, and a database of its own on the server. */
async function fresh(): Promise<{ readonly url: string; readonly dir: string }> {
  const name = `log${made++}`;
  const database = await openDatabase({ url: server.url });
  await sql`create database ${sql.id(name)}`.execute(database.sql);
  await database.close();
  return { url: server.url.replace(/\/[^/]*$/, `/${name}`), dir: join(root, name) };
}

const problemsOf = async ({ archive }: Opened) => (await archive.verify()).problems;

/** Everything that was signed and left a process: one root for each size. */
function sizesOf(dir: string): readonly number[] {
  return readdirSync(join(dir, 'log/checkpoints')).map((name) => Number(name.slice(0, 20)));
}

describe.skipIf(skip)('a log that several processes write', () => {
  it('goes on from where another left it, without reading it all again', async () => {
    const { url, dir } = await fresh();
    const read: string[] = [];
    const counting = (files: Files): Objects =>
      but(files, {
        read(path) {
          read.push(path);
          return files.read(path);
        },
      });
    const [a, b] = [await openShared(url, dir), await openShared(url, dir, { objects: counting })];
    expect(await b.archive.append([saying('0')])).toEqual([0]);
    const many = Array.from({ length: 300 }, (_, place) => saying(`${place + 1}`));
    expect((await a.archive.append(many)).at(-1)).toBe(300);
    await b.archive.append([saying('301')]);
    read.length = 0;
    await a.archive.append([saying('302')]);
    expect(await b.archive.append([saying('303')])).toEqual([303]);
    expect(read.filter((path) => path.startsWith('log/statements/'))).toEqual(['log/statements/001.p/47', 'log/statements/001.p/47']);
    expect(await b.archive.append([saying('7'), saying('304'), saying('304')])).toEqual([7, 304, 304]);
    expect(await said(a.archive)).toEqual(Array.from({ length: 305 }, (_, place) => `${place}`));
    expect(await problemsOf(a)).toEqual([]);
    expect((await a.archive.record(304)).seq).toBe(305);
    await a.close();
    await b.close();
  });

  it('seals a run once that is handed in a hundred times at once by four processes, and gives all the same receipt', async () => {
    const { url, dir } = await fresh();
    await (await openShared(url, dir)).close();
    const processes = Array.from({ length: 4 }, () => start(url, dir, 'duplicates', 'x'));
    await Promise.all(processes.map(({ ready }) => ready));
    for (const { child } of processes) child.stdin?.write('go\n');
    await Promise.all(processes.map(({ ended }) => ended));
    const receipts = processes.flatMap(({ lines }) => lines.filter((line) => line !== 'ready').flatMap((line) => line.split(' ')));
    expect(receipts).toEqual(Array.from({ length: 100 }, () => '0'));
    const opened = await openShared(url, dir);
    expect((await opened.archive.checkpoint()).size).toBe(1);
    expect(await problemsOf(opened)).toEqual([]);
    await opened.close();
  });

  it(
    `has no gap and one root for each size, and loses nothing that was acknowledged, while its writers are killed for ${KILLING / 1000} s`,
    async () => {
      const { url, dir } = await fresh();
      await (await openShared(url, dir)).close();
      const until = Date.now() + KILLING;
      const acknowledged: string[] = [];
      let kills = 0;
      const writer = async (name: string) => {
        for (let life = 0; Date.now() < until || life < 3; life++) {
          const { child, ready, ended, lines } = start(url, dir, 'endless', `${name}.${life}`);
          await ready;
          child.stdin?.write('go\n');
          const enough = 2 + Math.random() * 6;
          while (lines.length < enough) await new Promise((resolve) => setTimeout(resolve, 5));
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 200));
          child.kill('SIGKILL');
          await ended;
          kills++;
          acknowledged.push(...lines.filter((line) => line !== 'ready'));
        }
      };
      await Promise.all([writer('a'), writer('b')]);

      const opened = await openShared(url, dir);
      await opened.archive.append([saying('the last')]);
      const all = await said(opened.archive);
      expect(acknowledged.length).toBeGreaterThanOrEqual(kills);
      for (const line of acknowledged) expect(`${line.split(' ')[0]} ${all[Number(line.split(' ')[0])]}`).toBe(line);
      expect(new Set(all).size).toBe(all.length);
      const sizes = sizesOf(dir);
      expect(new Set(sizes).size).toBe(sizes.length);
      expect(await problemsOf(opened)).toEqual([]);
      console.log(`${kills} kills, ${all.length} records, ${acknowledged.length} acknowledged, ${sizes.length} checkpoints`);
      await opened.close();
    },
    KILLING * 3 + 120_000,
  );

  it('lets no process publish that has lost its turn: its signature never leaves it', async () => {
    const { url, dir } = await fresh();
    const gate = Promise.withResolvers<void>();
    const staged = Promise.withResolvers<string>();
    const slow = (files: Files): Objects =>
      but(files, {
        async replace(path: string, bytes: Uint8Array) {
          await files.replace(path, bytes);
          if (!path.startsWith('log/.state/staging/00000000000000000002-')) return;
          staged.resolve(path.slice(-37)); // the checkpoint is signed, in memory
          await gate.promise;
        },
      });
    const [zombie, other] = [await openShared(url, dir, { objects: slow }), await openShared(url, dir)];
    await zombie.archive.append([saying('0')]);
    const late = zombie.archive.append([saying('late')]);
    const name = await staged.promise;
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle in transaction' and datname = current_database()`.execute(
      other.database.sql,
    );
    expect(await other.archive.append([saying('1')])).toEqual([1]);
    expect((await other.archive.checkpoint()).size).toBe(2);
    gate.resolve();
    expect(await late).toEqual([2]);
    expect(await said(other.archive)).toEqual(['0', '1', 'late']);
    expect(existsSync(join(dir, 'log/checkpoints', name))).toBe(false);
    expect(sizesOf(dir)).toEqual([0, 1, 2, 3]);
    expect(await problemsOf(other)).toEqual([]);
    await zombie.close();
    await other.close();
  });

  it('puts the pointer right again that a process without its turn has moved back', async () => {
    const { url, dir } = await fresh();
    const gate = Promise.withResolvers<void>();
    const publishing = Promise.withResolvers<void>();
    const slow = (files: Files): Objects =>
      but(files, {
        async replace(path: string, bytes: Uint8Array) {
          if (path === 'log/checkpoint' && String(bytes).startsWith(`${ORIGIN}\n1\n`)) {
            publishing.resolve();
            await gate.promise;
          }
          await files.replace(path, bytes);
        },
      });
    const other = await openShared(url, dir);
    const zombie = await openShared(url, dir, { objects: slow });
    const late = zombie.archive.append([saying('0')]);
    await publishing.promise;
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle in transaction' and datname = current_database()`.execute(
      other.database.sql,
    );
    expect(await other.archive.append([saying('1')])).toEqual([1]);
    expect(await said(other.archive)).toEqual(['0', '1']);
    gate.resolve();
    expect(await late).toEqual([0]);
    expect((await other.archive.checkpoint()).size).toBe(2);
    expect(await problemsOf(other)).toEqual([]);
    await zombie.close();
    await other.close();
  });

  it('publishes what was committed by a process that died before it could', async () => {
    const { url, dir } = await fresh();
    const dying = (files: Files): Objects =>
      but(files, {
        async create(given: Iterable<readonly [string, Uint8Array]>) {
          const all = [...given];
          if (all.some(([path]) => path.startsWith('log/checkpoints/00000000000000000002'))) throw new Error('killed');
          await files.create(all);
        },
      });
    const [dead, other] = [await openShared(url, dir, { objects: dying }), await openShared(url, dir)];
    await dead.archive.append([saying('0')]);
    await expect(dead.archive.append([saying('1')])).rejects.toThrow('killed');
    expect((await other.archive.checkpoint()).size).toBe(1);
    expect(await other.archive.append([saying('1'), saying('2')])).toEqual([1, 2]);
    expect(await said(other.archive)).toEqual(['0', '1', '2']);
    expect(await problemsOf(other)).toEqual([]);
    expect(readdirSync(join(dir, 'log/.state/staging'))).toEqual([]);
    await dead.close();
    await other.close();
  });

  it('goes on when the database ends every session, and seals nothing twice', async () => {
    const { url, dir } = await fresh();
    const [a, b, hand] = [await openShared(url, dir), await openShared(url, dir), await openDatabase({ url })];
    const ends = sql`select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()`;
    let going = true;
    const ending = (async () => {
      for (; going; await new Promise((resolve) => setTimeout(resolve, 60))) await ends.execute(hand.sql);
    })();
    const texts = Array.from({ length: 10 }, (_, place) => `${place}`);
    const receipts: number[] = [];
    for (const text of texts) {
      const each = await Promise.allSettled([a, b].map(({ archive }) => archive.append([saying(text)])));
      for (const it of each) {
        if (it.status === 'fulfilled') expect(it.value).toHaveLength(1);
        else expect(it.reason).toMatchObject({ code: 'UNREACHABLE' });
      }
    }
    going = false;
    await ending;
    for (const text of texts) receipts.push(...(await a.archive.append([saying(text)])));
    const all = await said(b.archive);
    expect(all.toSorted()).toEqual(texts);
    expect(receipts.map((index) => all[index])).toEqual(texts);
    expect(await problemsOf(a)).toEqual([]);
    await a.close();
    await b.close();
    await hand.close();
  });
});

describe.skipIf(skip)('a database that was put back', () => {
  const notes = async ({ database }: Opened) => (await database.sql.selectFrom('keys.coordination').select('note').executeTakeFirstOrThrow()).note;

  it('halts the log where it is older than what was published', async () => {
    const { url, dir } = await fresh();
    const opened = await openShared(url, dir);
    await opened.archive.append([saying('0')]);
    const older = await notes(opened);
    await opened.archive.append([saying('1')]);
    const published = readFileSync(join(dir, 'log/checkpoint'));
    await opened.database.sql.updateTable('keys.coordination').set({ note: older }).execute();
    await expect(opened.archive.append([saying('x')])).rejects.toMatchObject({ code: 'ROLLBACK' });
    const again = await openShared(url, dir);
    await expect(again.archive.append([saying('x')])).rejects.toMatchObject({ code: 'ROLLBACK' });
    expect(readFileSync(join(dir, 'log/checkpoint')).equals(published)).toBe(true);
    expect(await said(again.archive)).toEqual(['0', '1']); // reading goes on
    await opened.close();
    await again.close();
  });

  it('halts the log where another copy of it has gone on otherwise', async () => {
    const [first, second] = [await fresh(), await fresh()];
    const a = await openShared(first.url, first.dir);
    await a.archive.append([saying('0')]);
    cpSync(first.dir, second.dir, { recursive: true });
    const copy = await openDatabase({ url: second.url });
    const { openSharedState } = await import('../../src/store/shared-state.ts');
    await openSharedState(copy);
    for (const table of ['keys.coordination', 'keys.secrets', 'keys.payload_keys'] as const)
      for (const row of await a.database.sql.selectFrom(table).selectAll().execute())
        await copy.sql
          .insertInto(table)
          .values(row as never)
          .execute();
    await copy.close();
    const b = await openShared(second.url, second.dir);
    await a.archive.append([saying('a')]);
    await b.archive.append([saying('b')]);
    await a.close();
    await b.close();

    const [mixed, ahead] = [join(root, `mixed${made}`), join(root, `ahead${made}`)];
    cpSync(second.dir, mixed, { recursive: true });
    const same = await openShared(first.url, mixed);
    await expect(same.archive.append([saying('x')])).rejects.toMatchObject({ code: 'FORK' });
    await same.close();

    // One ahead of the other, and its batch still staged: it must not be laid over what it does not continue.
    const dying = (files: Files): Objects =>
      but(files, {
        async replace(path: string, bytes: Uint8Array) {
          await files.replace(path, bytes);
          if (!path.startsWith('log/.state/staging/')) return;
          cpSync(second.dir, ahead, { recursive: true });
          cpSync(join(files.root, path), join(ahead, path));
        },
      });
    const third = await openShared(first.url, first.dir, { objects: dying });
    await third.archive.append([saying('c')]);
    await third.close();
    const over = await openShared(first.url, ahead);
    await expect(over.archive.append([saying('x')])).rejects.toMatchObject({ code: 'FORK' });
    expect((await over.archive.checkpoint()).size).toBe(2);
    await over.close();
  });

  it('is told apart from one that never held the log', async () => {
    const [first, second] = [await fresh(), await fresh()];
    const a = await openShared(first.url, first.dir);
    await a.archive.append([saying('0')]);
    await a.close();
    await expect(openShared(second.url, first.dir)).rejects.toThrow(/does not hold the log acme\.example\/shared, whose files are in/);
    await expect(openShared(first.url, second.dir)).rejects.toThrow(/holds a log called acme\.example\/shared, and its files are not in/);
  });
});

describe.skipIf(skip)('keys in a database', () => {
  it('are wrapped by the master key, and another opens none of them', async () => {
    const { url, dir } = await fresh();
    const opened = await openShared(url, dir);
    await opened.archive.append([saying('0')]);
    const rows = await opened.database.sql.selectFrom('keys.secrets').selectAll().orderBy('path').execute();
    expect(rows.map(({ path }) => path)).toEqual(['keys/github%2Forganization.pem', 'keys/log.pem', 'keys/payloads/evidence/2026-Q1/key']);
    for (const { bytes } of rows) expect(bytes.includes('PRIVATE KEY')).toBe(false);
    expect(existsSync(join(dir, 'keys'))).toBe(false);
    await expect(openShared(url, dir, { key: Buffer.alloc(32, 8) })).rejects.toThrow(
      /the secret keys\/log\.pem of acme\.example\/shared in the database was wrapped by another master key \([0-9a-f]{8}\)/,
    );
    await opened.database.sql
      .updateTable('keys.secrets')
      .set({ bytes: rows[0]?.bytes ?? Buffer.alloc(0) })
      .where('path', '=', 'keys/log.pem')
      .execute();
    await expect(openShared(url, dir)).rejects.toMatchObject({ code: 'SECRET' });
    await opened.close();
  });

  it('of payloads are gone when they are destroyed', async () => {
    const { url, dir } = await fresh();
    const opened = await openShared(url, dir);
    await opened.archive.append([saying('0'), saying('1')]);
    const { openSharedState } = await import('../../src/store/shared-state.ts');
    const { SharedKeystore, sharedSecrets } = await import('../../src/evidence/shared-keys.ts');
    const { masterKey } = await import('../../src/evidence/master-key.ts');
    const state = (await openSharedState(opened.database))(ORIGIN);
    const keystore = new SharedKeystore(sharedSecrets(ORIGIN, state.secrets, masterKey(Buffer.alloc(32, 7))), state.payloadKeys);
    const [first, second] = [await opened.archive.record(0), await opened.archive.record(1)];
    const [subject, kept] = [first.subjects[0], second.subjects[0]];
    if (!subject || !kept) throw new Error('nothing was kept');
    const wrapped = (await opened.database.sql.selectFrom('keys.payload_keys').selectAll().execute()).find(
      ({ digest }) => digest.toString('hex') === subject.digest,
    )?.wrapped;
    const lies = async () => (await pagesOf(opened, 'keys.payload_keys')).includes(wrapped ?? '');
    expect(await lies()).toBe(true);
    await keystore.destroy(subject.era, [subject.digest]);
    expect(await lies()).toBe(false);
    await expect(opened.archive.payload(subject)).rejects.toMatchObject({ code: 'PAYLOAD_UNREADABLE' });
    expect(Buffer.from(await opened.archive.payload(kept)).toString()).toBe('1');
    expect(await opened.archive.append([{ ...saying('0'), id: 'aa' }])).toEqual([2]); // sealed anew, not found by what is gone
    expect(Buffer.from(await opened.archive.payload((await opened.archive.record(2)).subjects[0] ?? kept)).toString()).toBe('0');
    await keystore.destroy(kept.era, 'all');
    await keystore.destroy(kept.era, 'all');
    expect(await opened.database.sql.selectFrom('keys.payload_keys').selectAll().execute()).toEqual([]);
    expect((await opened.database.sql.selectFrom('keys.secrets').select('path').execute()).map(({ path }) => path).toSorted()).toEqual([
      'keys/github%2Forganization.pem',
      'keys/log.pem',
    ]);
    expect(await problemsOf(opened)).toEqual([]);
    await opened.close();
  });
});

describe.skipIf(skip)('a log that a folder guarded', () => {
  const inFolder = (dir: string, calls: Calls = CALLS) => openArchive({ dir, clock: () => Date.parse('2026-03-01T02:00:00Z'), origin: ORIGIN, calls });

  it('is moved into the database with all its keys, and the folder gives no turn any more', async () => {
    const { url, dir } = await fresh();
    const before = await inFolder(dir);
    const running = await inFolder(dir);
    await before.append([saying('0'), saying('1')]);
    await expect(openShared(url, dir)).rejects.toThrow(/another process writes the log in .* without the database/);
    await before.close();

    const after = await openShared(url, dir);
    expect(await said(after.archive)).toEqual(['0', '1']);
    expect(await after.archive.append([saying('1'), saying('2')])).toEqual([1, 2]);
    const [again] = [await after.archive.append([{ ...saying('1'), id: 'aa' }])];
    expect((await after.archive.record(again[0] ?? 0)).subjects[0]?.digest).toBe((await after.archive.record(1)).subjects[0]?.digest); // fingerprints came along
    expect(await problemsOf(after)).toEqual([]);
    expect((await after.archive.record(2)).seq).toBe(3);
    await after.close();

    expect(readdirSync(join(dir, 'keys'), { recursive: true, withFileTypes: true }).filter((it) => it.isFile())).toEqual([]);
    await expect(inFolder(dir)).rejects.toThrow(/is written by way of a PostgreSQL database.*Set DATABASE_URL/);
    await expect(running.append([saying('x')])).rejects.toThrow(/is written by way of a PostgreSQL database/);
    await running.close();
  });

  it('is moved whole when the power is cut at any call of it', async () => {
    const guarded = join(root, `guarded${made++}`);
    const before = await inFolder(guarded);
    await before.append([saying('0'), saying('1')]);
    await before.close();
    const { url } = await fresh();
    const hand = await openDatabase({ url });
    let cuts = 0;
    for (let at = 1; ; at++) {
      const dir = join(root, `cut${at}`);
      if (at > 1) await sql`truncate keys.turn, keys.coordination, keys.secrets, keys.payload_keys`.execute(hand.sql);
      cpSync(guarded, dir, { recursive: true });
      let count = 0;
      const failing = <Rest extends readonly unknown[], Result>(call: (...rest: Rest) => Promise<Result>) => {
        return (...rest: Rest) => (++count >= at ? Promise.reject(new Error('power cut')) : call(...rest));
      };
      const { open, write, fsync, close, rename, unlink, mkdir } = CALLS;
      const calls = {
        open: failing(open),
        write: failing(write),
        fsync: failing(fsync),
        close: failing(close),
        rename: failing(rename),
        unlink: failing(unlink),
        mkdir: failing(mkdir),
      };
      const cut = await openShared(url, dir, { objects: (files) => files, calls }).then(
        async (opened) => opened.close().then(() => false),
        () => true,
      );
      const after = await openShared(url, dir);
      expect(await after.archive.append([saying('2')]), `call ${at}`).toEqual([2]);
      expect(await said(after.archive), `call ${at}`).toEqual(['0', '1', '2']);
      expect(await problemsOf(after), `call ${at}`).toEqual([]);
      await after.close();
      await expect(inFolder(dir), `call ${at}`).rejects.toThrow(/by way of a PostgreSQL database/);
      if (!cut) break;
      cuts++;
    }
    await hand.close();
    expect(cuts).toBeGreaterThan(15);
  });
});

/** The file of a table, as the database has written it. */
async function pagesOf({ database }: Opened, table: string): Promise<Buffer> {
  await sql`checkpoint`.execute(database.sql);
  const { rows } = await sql<{
    readonly path: string;
  }>`select current_setting('data_directory') || '/' || pg_relation_filepath(${table}) as path`.execute(database.sql);
  return readFileSync(rows[0]?.path ?? '');
}

interface Started {
  readonly child: ChildProcess;
  readonly lines: string[];
  readonly ready: Promise<void>;
  readonly ended: Promise<void>;
}

function start(url: string, dir: string, what: string, name: string): Started {
  const script = fileURLToPath(new URL('./shared-writer.ts', import.meta.url));
  const child = spawn(process.execPath, [script, url, dir, what, name], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [ready, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const lines: string[] = [];
  let rest = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = `${rest}${chunk}`.split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    if (lines.length > 0) ready.resolve();
  });
  child.once('close', () => {
    ended.resolve();
    ready.reject(new Error(`the writer ${name} ended before it was ready`));
  });
  child.stdin?.on('error', () => undefined);
  return { child, lines, ready: ready.promise, ended: ended.promise };
}
