import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runDraft } from '../../test/archive.ts';
import { memoryState } from '../../test/memory-state.ts';
import { NOW } from '../../test/run-draft.ts';
import { TickmarkError } from '../core/error.ts';
import type { Archive } from './archive.ts';
import { openArchive } from './directory.ts';
import { CALLS, type Calls, Files } from './files.ts';
import type { KeyEncryption } from './keystore.ts';
import { masterKey } from './master-key.ts';
import { LONGEST } from './record.ts';
import { openSharedArchive } from './shared.ts';
import { secretName } from './shared-keys.ts';
import type { SharedState } from './shared-state.ts';

const root = mkdtempSync(join(tmpdir(), 'shared-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const key = masterKey(Buffer.alloc(32, 7));

/** Processes on one log: each call opens another. */
function processes(name: string): () => Promise<Archive> {
  const shared = memoryState();
  const calls = { ...CALLS, fsync: async () => undefined };
  return () => openSharedArchive({ files: new Files(join(root, name), calls), shared, masterKey: key, clock: () => NOW, origin: 'acme.example/shared' });
}
const append = (archive: Archive, text: string) => archive.append([runDraft(text, { at: NOW })]);
async function all<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

it.each<[string, (archive: Archive) => Promise<unknown>]>([
  ['the checkpoint', async (archive) => (await archive.checkpoint()).size],
  ['records', async (archive) => (await all(archive.records(0))).length],
  ['statements', async (archive) => (await all(archive.statements(0))).length],
  ['a record', async (archive) => (await archive.record(0)).index + 4],
  ['what speaks of the log', async (archive) => (await archive.about()).length + 2],
  ['a proof', async (archive) => (await archive.proof(0)).checkpoint.size],
])('a process that writes nothing goes on reading %s after another has replaced the key of the log', async (name, read) => {
  const open = processes(name);
  const [worker, server] = [await open(), await open()];
  await append(worker, 'a');
  expect((await server.checkpoint()).size).toBe(1);
  await worker.rotateKey('log', 0);
  await worker.retireKey();
  await append(worker, 'b');
  expect(await read(server)).toBe(4);
  expect(await append(server, 'c')).toEqual([4]);
  for (const archive of [worker, server]) await archive.close();
});

const quick: Calls = { ...CALLS, fsync: async () => undefined };
const opening = (dir: string, shared: ReturnType<typeof memoryState>, calls = quick) =>
  openSharedArchive({ files: new Files(dir, calls), shared, masterKey: key, clock: () => NOW, origin: 'acme.example/shared' });

it('the key of a log that was replaced in a folder, and then moved to a database, can be replaced again', async () => {
  const dir = join(root, 'rotated');
  const alone = await openArchive({ dir, clock: () => NOW, origin: 'acme.example/shared', calls: quick });
  await append(alone, 'a');
  for (const who of ['log', { statements: 'github/organization' }] as const) await alone.rotateKey(who, 0);
  await alone.retireKey();
  await alone.close();

  const moved = await opening(dir, memoryState());
  for (const who of ['log', { statements: 'github/organization' }] as const) await moved.rotateKey(who, 0);
  await moved.retireKey();
  await append(moved, 'b');
  expect((await moved.verify()).problems).toEqual([]);
  await moved.close();
});

it('a key that an older version moved into the database though it was gone stands in nobody’s way', async () => {
  const shared = memoryState();
  const archive = await opening(join(root, 'zeros'), shared);
  const { secrets } = shared('acme.example/shared');
  await secrets.make('keys/log.next.pem', key.wrap(secretName('acme.example/shared', 'keys/log.next.pem'), Buffer.alloc(119)));
  await append(archive, 'a');
  await archive.rotateKey('log', 0);
  await archive.retireKey();
  expect((await archive.verify()).problems).toEqual([]);
  await archive.close();
});

it('a log whose key was being replaced when the database went away is opened, and the replacement finished', async () => {
  const memory = memoryState();
  let isAway = false;
  const shared = (origin: string): SharedState => {
    const its = memory(origin);
    const remove = async (path: string) => {
      if (isAway) throw new TickmarkError('UNREACHABLE', 'the database is away');
      return its.secrets.remove(path);
    };
    return { ...its, secrets: { ...its.secrets, remove } };
  };
  const dir = join(root, 'away');
  const before = await opening(dir, shared);
  await append(before, 'a');
  await before.rotateKey('log', 0);
  isAway = true;
  await expect(before.retireKey()).rejects.toMatchObject({ code: 'UNREACHABLE' }); // after some seconds of trying again
  isAway = false;
  const after = await opening(dir, shared);
  await append(after, 'b');
  expect((await after.verify()).problems).toEqual([]);
  await after.close();
});

it('a log whose making was cut short is made by trying again, and no other is in its place', async () => {
  const [dir, shared] = [join(root, 'cut'), memoryState()];
  let isCut = true;
  const calls: Calls = {
    ...quick,
    open: (path, flags, mode) => (isCut && path.includes('log.json') ? Promise.reject(new Error('killed')) : quick.open(path, flags, mode)),
  };
  await expect(opening(dir, shared, calls)).rejects.toThrow('killed');
  await expect(opening(join(root, 'elsewhere'), shared)).rejects.toMatchObject({ code: 'CONFIGURATION' });
  isCut = false;
  const archive = await opening(dir, shared, calls);
  await append(archive, 'a');
  expect((await archive.verify()).problems).toEqual([]);
  await archive.close();
  rmSync(join(dir, 'log/log.json'));
  await expect(opening(dir, shared)).rejects.toMatchObject({ code: 'CONFIGURATION' }); // it holds a record by now
});

describe('a disposal of what processes share', () => {
  const ORIGIN = 'acme.example/shared';
  const [ERA, THEN] = ['evidence/2025-Q4', Date.parse('2025-12-31T23:00:00Z')];
  const plan = async (archive: Archive): Promise<number> => {
    const head = { kind: 'disposal', step: 'planned', era: ERA, payloads: 'all', early: true, planned: null } as const;
    const body = { ...head, reason: 'due', approver: 'maria@acme.example', policy: 'evidence: 7 years', receipt: null };
    const [index = -1] = await archive.append([{ body, demo: true, retention: LONGEST, subjects: [] }]);
    return index;
  };
  const read = async (archive: Archive, index: number) => {
    const [subject] = (await archive.record(index)).subjects;
    return subject ? Buffer.from(await archive.payload(subject)).toString() : null;
  };
  /** A key service, as a program that keeps nothing sees one: what it destroyed it says anew each time. */
  const service = () => {
    const destroyed: string[] = [];
    const turned = (key: Buffer) => Buffer.from(key.map((byte) => byte ^ 0x55));
    const encryption: KeyEncryption = {
      wrap: async (_, bytes) => Buffer.concat([Buffer.from('kms '), turned(bytes)]),
      async unwrap(_, wrapped) {
        if (wrapped.subarray(0, 4).toString() !== 'kms ') throw new Error('not wrapped by the service');
        return turned(wrapped.subarray(4));
      },
      destroy: async (era) => `word ${destroyed.push(era)} of ${era}`,
    };
    return { encryption, destroyed };
  };

  it('destroys nothing where a hold was placed while its process was stopped after it had looked', async () => {
    const memory = memoryState();
    const dir = join(root, 'stopped');
    let stop: (() => Promise<void>) | null = null;
    const stopping = (origin: string): SharedState => {
      const its = memory(origin);
      const remove: SharedState['payloadKeys']['remove'] = async (...asked) => {
        await stop?.();
        return its.payloadKeys.remove(...asked);
      };
      return { ...its, payloadKeys: { ...its.payloadKeys, remove } };
    };
    const archive = await openSharedArchive({ files: new Files(dir, quick), shared: stopping, masterKey: key, clock: () => THEN, origin: ORIGIN });
    await archive.append([runDraft('old', { at: THEN })]);
    const planned = await plan(archive);
    // Whoever is stopped for long has lost its turn: another writes meanwhile.
    const turnless = (origin: string): SharedState => ({ ...memory(origin), turn: (act) => act() });
    const other = await openSharedArchive({ files: new Files(dir, quick), shared: turnless, masterKey: key, clock: () => THEN, origin: ORIGIN });
    stop = async () => {
      stop = null;
      const what = { era: ERA } as const;
      const body = { kind: 'hold', step: 'placed', what, placed: null, reason: 'a claim', by: 'maria@acme.example' } as const;
      await other.append([{ body, demo: true, retention: LONGEST, subjects: [] }]);
    };
    await expect(archive.destroy(planned)).rejects.toMatchObject({ code: 'UNDER_HOLD' });
    expect((await archive.verify()).problems).toEqual([]);
    expect(await other.about()).toHaveLength(2);
    for (const it of [archive, other]) await it.close();
  });

  it('tells the receipt of a key service again where the database was cut off before the last trace of the key was gone', async () => {
    const memory = memoryState();
    let isAway = false;
    const shared = (origin: string): SharedState => {
      const its = memory(origin);
      const remove = async (path: string) => {
        if (isAway) throw new Error('the database is away');
        return its.secrets.remove(path);
      };
      return { ...its, secrets: { ...its.secrets, remove } };
    };
    const { encryption, destroyed } = service();
    const options = { files: new Files(join(root, 'receipt'), quick), shared, masterKey: key, encryption: () => encryption, clock: () => THEN, origin: ORIGIN };
    const archive = await openSharedArchive(options);
    await archive.append([runDraft('old', { at: THEN })]);
    const planned = await plan(archive);
    isAway = true;
    await expect(archive.destroy(planned)).rejects.toThrow('the database is away');
    isAway = false;
    expect(await archive.destroy(planned)).toBe(`word 1 of ${ERA}`);
    expect(await archive.destroy(planned)).toBe(`word 1 of ${ERA}`);
    expect(destroyed).toEqual([ERA, ERA]); // the second time for certain, and the third there was nothing left
    await archive.close();
  });

  it('is told of by the database too, where the log moves there with keys that a service wraps', async () => {
    const { encryption } = service();
    const dir = join(root, 'wrapped');
    const alone = async (at: number) => openArchive({ dir, clock: () => at, origin: ORIGIN, calls: quick, encryption: () => encryption });
    const before = await alone(THEN);
    await before.append([runDraft('old', { at: THEN })]);
    await before.close();
    const after = await alone(NOW);
    await append(after, 'new');
    const planned = await plan(after);
    expect(await after.destroy(planned)).toBe(`word 1 of ${ERA}`);
    await after.close();

    const options = { files: new Files(dir, quick), shared: memoryState(), masterKey: key, encryption: () => encryption, clock: () => NOW, origin: ORIGIN };
    const moved = await openSharedArchive(options);
    expect(await read(moved, 1)).toBe('new');
    expect(await moved.destroy(planned)).toBe(`word 1 of ${ERA}`);
    expect(readdirSync(join(dir, 'keys'), { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(dir, 'keys', name)).isFile())).toEqual([]);
    expect((await moved.verify()).problems).toEqual([]);
    await moved.close();
  });
});
