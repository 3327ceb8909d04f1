import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { Files } from '../../src/evidence/files.ts';
import type { Objects } from '../../src/evidence/objects.ts';
import { openDatabase } from '../../src/store/database.ts';
import { databases } from './databases.ts';
import { but, type Opened, openShared, ORIGIN, problemsOf, said, saying } from './shared-log.ts';

const { skip, root, fresh } = databases('shared');
/** How long processes are killed, in milliseconds: a minute in the full form. */
const KILLING = process.env.TICKMARK_FULL ? 60_000 : 8000;

/** Everything that was signed and left a process: one root for each size. */
/** Sizes of the archived checkpoints; the half of one that a killed writer left is none. */
function sizesOf(dir: string): readonly number[] {
  return readdirSync(join(dir, 'log/checkpoints'))
    .filter((name) => !name.endsWith('.tmp'))
    .map((name) => Number(name.slice(0, 20)));
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
    expect(read.filter((path) => path.startsWith('log/statements/'))).toEqual(Array.from({ length: 3 }, () => 'log/statements/001.p/47'));
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
        else expect(['UNREACHABLE', 'RACE']).toContain((it.reason as { readonly code?: string }).code);
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

describe.skipIf(skip)('a writer that has lost its turn without knowing', () => {
  it('may commit before the one that has it, which then finds its files, reads again, and seals after it', async () => {
    const { url, dir } = await fresh();
    const hand = await openDatabase({ url });
    const [turned, written] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const holding = (act: () => Promise<void>) => (files: Files) => {
      let count = 0;
      return but(files, {
        async hold(...its) {
          if (++count === 2) await act();
          return files.hold(...its);
        },
      });
    };
    const a = await openShared(url, dir, {
      objects: holding(async () => {
        turned.resolve();
        await written.promise;
      }),
    });
    await a.archive.append([saying('0')]);
    let second: Promise<readonly number[]> | undefined;
    const late = await openShared(url, dir, {
      objects: holding(async () => {
        await sql`select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()`.execute(hand.sql);
        second = a.archive.append([saying('of who has the turn')]);
        await turned.promise;
      }),
    });
    await late.archive.append([saying('1')]);
    expect(await late.archive.append([saying('of who has lost it')])).toEqual([2]);
    written.resolve();
    expect(await second).toEqual([3]);
    expect(await said(a.archive)).toEqual(['0', '1', 'of who has lost it', 'of who has the turn']);
    expect(await problemsOf(late)).toEqual([]);
    for (const it of [a, late, hand]) await it.close();
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

    const [mixed, ahead] = [join(root, 'mixed'), join(root, 'ahead')];
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
