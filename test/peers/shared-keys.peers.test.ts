import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { rotateMasterKey } from '../../src/app/rotate-master-key.ts';
import { openArchive } from '../../src/evidence/directory.ts';
import { LONGEST } from '../../src/evidence/record.ts';
import type { SharedState } from '../../src/evidence/shared-state.ts';
import type { Held } from '../../src/log/disposal.ts';
import { CALLS, type Calls } from '../../src/evidence/files.ts';
import { openDatabase } from '../../src/store/database.ts';
import { databases } from './databases.ts';
import { failing } from '../cut-calls.ts';
import { type Opened, openShared, ORIGIN, problemsOf, said, saying } from './shared-log.ts';

const { skip, root, fresh } = databases('shared-keys');

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
    const named = [first, second].flatMap(({ detail, subjects }) => [detail, ...subjects]).map(({ digest }) => digest);
    expect((await keystore.digests(subject.era)).toSorted()).toEqual(named.toSorted());
    expect(await keystore.digests('evidence/2020-Q1')).toEqual([]);
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
    // No record says that they were disposed of: whose keys are gone without one is told.
    expect(new Set((await problemsOf(opened)).map(({ code }) => code))).toEqual(new Set(['PAYLOAD_UNREADABLE']));
    await opened.close();
  });
});

describe.skipIf(skip)('keys whose destruction was planned', () => {
  it('stay where a hold was placed while the process that had looked for one was stopped', async () => {
    const { url, dir } = await fresh();
    let stop: (() => Promise<void>) | null = null;
    const stopping = (state: SharedState): SharedState => ({
      ...state,
      payloadKeys: {
        ...state.payloadKeys,
        async remove(...asked) {
          await stop?.();
          return state.payloadKeys.remove(...asked);
        },
      },
    });
    const first = await openShared(url, dir, { shared: stopping });
    await first.archive.append([saying('0')]);
    const [subject] = (await first.archive.record(0)).subjects;
    if (!subject) throw new Error('nothing was kept');
    const { era, digest } = subject;
    const planned = { kind: 'disposal', step: 'planned', era, payloads: [digest], early: true, planned: null } as const;
    const why = { reason: 'due', approver: 'maria@acme.example', policy: 'evidence: 7 years', receipt: null };
    const [index = -1] = await first.archive.append([{ body: { ...planned, ...why }, demo: true, retention: LONGEST, subjects: [] }]);
    // Of a process that does not move for half a minute the database takes the turn away.
    const second = await openShared(url, dir, { shared: (state) => ({ ...state, turn: (act) => act() }) });
    const hold = async (what: Held) => {
      const body = { kind: 'hold', step: 'placed', what, placed: null, reason: 'a claim', by: 'maria@acme.example' } as const;
      await second.archive.append([{ body, demo: true, retention: LONGEST, subjects: [] }]);
    };
    stop = async () => {
      stop = null;
      await hold({ era });
    };
    await expect(first.archive.destroy(index)).rejects.toMatchObject({ code: 'UNDER_HOLD' });
    expect(Buffer.from(await second.archive.bytes({ ...subject, era })).toString()).toBe('0');
    for (const opened of [first, second]) await opened.close();
  });
});

describe.skipIf(skip)('a key that replaces another', () => {
  it('signs for every process that shares the log, and the old one is gone from the database', async () => {
    const { url, dir } = await fresh();
    const [first, second] = [await openShared(url, dir), await openShared(url, dir)];
    await first.archive.append([saying('0')]);
    await second.archive.append([saying('1')]);
    const secrets = async () => new Map((await first.database.sql.selectFrom('keys.secrets').selectAll().execute()).map(({ path, bytes }) => [path, bytes]));
    const [before, old] = [await secrets(), first.archive.verifierKey];

    expect(await first.archive.rotateKey({ statements: 'github/organization' }, 0)).toBe(2);
    expect(await second.archive.append([saying('2')])).toEqual([3]);
    expect(await second.archive.rotateKey('log', 0)).toBe(4);
    await expect(first.archive.rotateKey('log', 0)).rejects.toMatchObject({ code: 'CONFIGURATION', message: /being replaced since record 4/ });
    expect(await first.archive.retireKey()).toBe(5);
    expect(await second.archive.append([saying('3')])).toEqual([6]);
    expect(await first.archive.append([saying('4')])).toEqual([7]);

    const after = await secrets();
    expect([...after.keys()].toSorted()).toEqual([
      'keys/github%2Forganization.pem',
      'keys/log.pem',
      'keys/payloads/configuration/2026-Q1/key',
      'keys/payloads/evidence/2026-Q1/key',
      'keys/workspace.pem',
    ]);
    for (const path of ['keys/log.pem', 'keys/github%2Forganization.pem']) expect(after.get(path)?.equals(before.get(path) ?? Buffer.alloc(0))).toBe(false);
    expect([first.archive.verifierKey, second.archive.verifierKey]).not.toContain(old);
    expect([await problemsOf(first), await problemsOf(second)]).toEqual([[], []]);
    await first.close();
    await second.close();
    const again = await openShared(url, dir);
    expect(await said(again.archive)).toEqual(['0', '1', '2', '3', '4']);
    await again.close();
  });

  it('of the database itself wraps every secret again, or none', async () => {
    const { url, dir } = await fresh();
    const opened = await openShared(url, dir);
    await opened.archive.append([saying('0')]);
    await opened.close();
    const file = (name: string, byte: number) => {
      writeFileSync(join(dir, name), Buffer.alloc(32, byte));
      return join(dir, name);
    };
    const env = { DATABASE_URL: url, TICKMARK_MASTER_KEY_FILE: file('old.key', 7) };
    await expect(rotateMasterKey(file('new.key', 9), { ...env, TICKMARK_MASTER_KEY_FILE: file('wrong.key', 8) })).rejects.toMatchObject({
      code: 'CONFIGURATION',
    });
    expect(await rotateMasterKey(file('new.key', 9), env)).toBe(3);
    await expect(openShared(url, dir)).rejects.toThrow(/was wrapped by another master key/);
    const again = await openShared(url, dir, { key: Buffer.alloc(32, 9) });
    expect(await again.archive.append([saying('1')])).toEqual([1]);
    expect([await said(again.archive), await problemsOf(again)]).toEqual([['0', '1'], []]);
    await again.close();
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
    const guarded = join(root, 'guarded');
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
      const { calls } = failing(
        CALLS,
        (call) => call >= at,
        () => new Error('power cut'),
      );
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
