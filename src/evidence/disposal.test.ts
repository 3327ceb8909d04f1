import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { filesWith, runDraft } from '../../test/archive.ts';
import { failing } from '../../test/cut-calls.ts';
import { unfinished } from '../log/disposal.ts';
import type { Archive } from './archive.ts';
import { openArchive } from './directory.ts';
import { CALLS, type Calls, Files } from './files.ts';
import { FileKeystore } from './keystore.ts';
import { type Disposal, LONGEST } from './record.ts';

const root = mkdtempSync(join(tmpdir(), 'disposal-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let made = 0;
const fresh = () => join(root, `d${made++}`);
const [THEN, NOW] = [Date.parse('2025-11-01T02:00:00Z'), Date.parse('2026-03-01T02:00:00Z')];
const ERA = 'evidence/2025-Q4';
// Nothing here is about the power: nobody waits for the disk.
const quick: Calls = { ...CALLS, fsync: async () => undefined };
const open = (dir: string, at = NOW, calls = quick): Promise<Archive> =>
  openArchive({
    dir,
    clock: () => at,
    origin: 'acme.example/test',
    calls,
    abort: (error) => {
      throw error;
    },
  });

const planned = (payloads: Disposal['payloads'], era = ERA): Disposal => ({
  kind: 'disposal',
  step: 'planned',
  era,
  payloads,
  early: era !== ERA,
  planned: null,
  reason: 'because',
  approver: 'maria@acme.example',
  policy: 'evidence: 7 years',
  receipt: null,
});
const plan = async (archive: Archive, payloads: Disposal['payloads'], era = ERA): Promise<number> =>
  (await archive.append([{ body: planned(payloads, era), demo: true, retention: LONGEST, subjects: [] }]))[0] ?? -1;

const complete = async (archive: Archive, index: number, payloads: Disposal['payloads'], era = ERA): Promise<void> => {
  const body: Disposal = { ...planned(payloads, era), step: 'completed', planned: index };
  await archive.append([{ id: `c${index}`, body, demo: true, retention: LONGEST, subjects: [] }]);
};

/** Three records in an era that has ended, of which the last two said the same; one in the era of now. */
async function sound(dir: string): Promise<Archive> {
  const before = await open(dir, THEN);
  await before.append([runDraft('canary-one', { at: THEN })]);
  await before.append([runDraft('canary-two', { at: THEN }), runDraft('canary-two', { at: THEN, name: 'other' })]);
  await before.close();
  const archive = await open(dir);
  await archive.append([runDraft('canary-new', { at: NOW })]);
  return archive;
}
const codes = async (archive: Archive) => (await archive.verify()).problems.map(({ code, index }) => `${code} ${index}`);
const bytesOf = async (archive: Archive, index: number) => {
  const [subject] = (await archive.record(index)).subjects;
  return subject ? Buffer.from(await archive.payload(subject)).toString() : null;
};

describe('a disposal', () => {
  it('of an era takes its keys and bytes, and what is left of its records is what they say in the open', async () => {
    const dir = fresh();
    const archive = await sound(dir);
    const secrets = (await Promise.all([0, 1, 2].map((index) => archive.record(index)))).map(({ detail }) => detail);
    const keystore = new FileKeystore(new Files(dir));
    const secret = await keystore.secret(ERA, secrets[0]?.digest ?? '');
    const entries = readFileSync(join(dir, 'keys/payloads', ERA, 'entries'));
    const key = readFileSync(join(dir, 'keys/payloads', ERA, 'key'));
    expect([secret?.length, entries.length % 144, key.length]).toEqual([32, 0, 32]);

    const index = await plan(archive, 'all');
    expect((await archive.record(0)).disposed).toEqual({ by: index, at: NOW }); // nobody may rely on it any more
    await expect(archive.erase(index)).rejects.toMatchObject({ code: 'NOT_COMPLETED' });
    expect(await archive.destroy(index)).toBe(null);
    await expect(archive.erase(index)).rejects.toMatchObject({ code: 'NOT_COMPLETED' });
    await complete(archive, index, 'all');
    await archive.erase(index);

    expect(await archive.record(1)).toMatchObject({
      index: 1,
      disposed: { by: index, at: NOW },
      subjects: [],
      body: { kind: 'run', name: 'acme', outcome: 'success', startedAt: THEN, askedAs: null, config: 'null', questions: [] },
    });
    await expect(archive.payload(secrets[0] as never)).rejects.toMatchObject({ code: 'PAYLOAD_DISPOSED' });
    expect(await bytesOf(archive, 3)).toBe('canary-new');
    expect(await archive.verify()).toMatchObject({ problems: [], records: 6, payloads: 9, disposed: 5 });
    expect((await archive.proof(0)).checkpoint.size).toBe(6);
    for (const bytes of [key, secret as Buffer, entries.subarray(64, 104), entries.subarray(0, 32)]) expect(filesWith(join(dir, 'keys'), bytes)).toEqual([]);
    expect(filesWith(dir, 'canary-one')).toEqual([]);
    await archive.close();
  });

  it('of single payloads leaves the rest of the era', async () => {
    const archive = await sound(fresh());
    const { detail, subjects } = await archive.record(1);
    const payloads = [detail.digest, subjects[0]?.digest ?? ''].sort();
    const index = await plan(archive, payloads);
    await archive.destroy(index);
    await complete(archive, index, payloads);
    await archive.erase(index);
    expect(await bytesOf(archive, 0)).toBe('canary-one');
    // The other record said the same: its detail is left, its artifact is gone.
    const other = await archive.record(2);
    expect(other).toMatchObject({ disposed: { by: index }, body: { askedAs: 'asked-canary-two' } });
    await expect(archive.payload(other.subjects[0] as never)).rejects.toMatchObject({ code: 'PAYLOAD_DISPOSED' });
    expect(await archive.verify()).toMatchObject({ problems: [], disposed: 2 });
    await archive.close();
  });

  it('is not undone by saying the same again: it is kept anew, under a key of its own', async () => {
    const archive = await sound(fresh());
    const { detail, subjects } = await archive.record(3);
    const digest = subjects[0]?.digest ?? '';
    const index = await plan(archive, [detail.digest, digest].sort(), 'evidence/2026-Q1');
    // Planned, and not yet destroyed: what comes in between must not rest on the key that goes.
    const [again = -1] = await archive.append([runDraft('canary-new', { at: NOW })]);
    await archive.destroy(index);
    expect((await archive.record(again)).subjects[0]?.digest).not.toBe(digest);
    expect(await bytesOf(archive, again)).toBe('canary-new');
    expect(await archive.verify()).toMatchObject({ problems: [], disposed: 2 });
    await archive.close();
  });

  it('overwrites what lies side by side in one go: in a bucket each is a version of the whole', async () => {
    const dir = fresh();
    await (await sound(dir)).close();
    const overwritten: string[] = [];
    const names = new Map<number, string>();
    const calls: Calls = {
      ...quick,
      async open(path, ...how) {
        const fd = await CALLS.open(path, ...how);
        names.set(fd, path);
        return fd;
      },
      async write(fd, bytes, position) {
        const name = names.get(fd) ?? '';
        if (position !== undefined && name.includes('/packs/')) overwritten.push(`${position} ${bytes.length} of ${statSync(name).size}`);
        await CALLS.write(fd, bytes, position);
      },
    };
    const archive = await open(dir, NOW, calls);
    const index = await plan(archive, 'all');
    await archive.destroy(index);
    await complete(archive, index, 'all');
    await archive.erase(index);
    expect(overwritten.length).toBeGreaterThan(0);
    for (const it of overwritten) expect(it).toMatch(/^0 (\d+) of \1$/);
    expect((await archive.verify()).problems).toEqual([]);
    await archive.close();
  });

  it('that is not completed excuses a key that is gone, but not beside a hold that keeps it, nor bytes that are', async () => {
    const dir = fresh();
    const archive = await sound(dir);
    const { detail } = await archive.record(0);
    await archive.destroy(await plan(archive, [detail.digest]));
    expect(await codes(archive)).toEqual([]);
    const held = { kind: 'hold', step: 'placed', what: { records: [0] }, placed: null, reason: 'a claim', by: 'maria@acme.example' } as const;
    const [hold = -1] = await archive.append([{ body: held, demo: true, retention: LONGEST, subjects: [] }]);
    expect(await codes(archive)).toEqual(['UNDER_HOLD 0']);
    await archive.append([{ body: { ...held, step: 'released', placed: hold }, demo: true, retention: LONGEST, subjects: [] }]);
    expect(await codes(archive)).toEqual([]);
    expect((await archive.scrub(60_000)).last?.problems).toEqual([]);
    rmSync(join(dir, 'packs', detail.place.pack?.slice(0, 2) ?? '', detail.place.pack ?? ''));
    // Both payloads lay there: that of the disposal as well as the other.
    expect(await codes(archive)).toEqual(['PAYLOAD_MISSING 0', 'PAYLOAD_MISSING 0']);
    expect((await archive.scrub(60_000)).last?.problems.map(({ code, index }) => `${code} ${index}`)).toEqual(['PAYLOAD_MISSING 0', 'PAYLOAD_MISSING 0']);
    await archive.close();
  });

  it('needs a published record that plans it', async () => {
    const archive = await sound(fresh());
    for (const index of [0, 3, 99]) await expect(archive.destroy(index)).rejects.toMatchObject({ code: 'NOT_PLANNED' });
    await expect(archive.erase(1)).rejects.toMatchObject({ code: 'NOT_PLANNED' });
    expect(await bytesOf(archive, 0)).toBe('canary-one');
    await archive.close();
  });

  it('keeps nothing more under an era that was destroyed, should the clock go back', async () => {
    const dir = fresh();
    const archive = await sound(dir);
    await archive.destroy(await plan(archive, 'all'));
    await archive.close();
    const late = await open(dir, THEN);
    await expect(late.append([runDraft('late', { at: THEN })])).rejects.toMatchObject({ code: 'ERA' });
    await late.close();
  });

  it('is done by the process that writes, whoever asks', async () => {
    const dir = fresh();
    const writer = await sound(dir);
    const other = await open(dir);
    const index = await plan(other, 'all');
    await other.destroy(index);
    await complete(other, index, 'all');
    await other.erase(index);
    expect(await codes(writer)).toEqual([]);
    expect((await writer.record(0)).disposed).toEqual({ by: index, at: NOW });
    await other.close();
    await writer.close();
  });

  it('is followed by a process that had read the keys, and writes later', async () => {
    const dir = fresh();
    const writer = await sound(dir);
    const reader = await open(dir);
    expect(await bytesOf(reader, 3)).toBe('canary-new');
    await writer.append([runDraft('more', { at: NOW }), runDraft('still more', { at: NOW })]);
    const { detail, subjects } = await writer.record(3);
    await writer.destroy(await plan(writer, [detail.digest, subjects[0]?.digest ?? ''].sort(), 'evidence/2026-Q1'));
    await writer.close();
    expect(await codes(reader)).toEqual([]);
    // Its list of keys must stand where the file does, or what it destroys next would be another's.
    const [added = -1] = await reader.append([runDraft('last', { at: NOW })]);
    const its = await reader.record(added);
    await reader.destroy(await plan(reader, [its.detail.digest, its.subjects[0]?.digest ?? ''].sort(), 'evidence/2026-Q1'));
    expect(await Promise.all([4, 5].map((index) => bytesOf(reader, index)))).toEqual(['more', 'still more']);
    expect(await reader.verify()).toMatchObject({ problems: [], disposed: 4 });
    await reader.close();
  });

  it('is told from what is missing, altered, or has lost its key', async () => {
    const dir = fresh();
    const archive = await sound(dir);
    const { detail } = await archive.record(0);
    await archive.close();
    const damaged = async (change: (copy: string) => Promise<void>) => {
      const copy = fresh();
      cpSync(dir, copy, { recursive: true });
      await change(copy);
      const opened = await open(copy);
      const found = await codes(opened);
      await opened.close();
      return found;
    };
    const entries = join('keys/payloads', ERA, 'entries');
    expect(await damaged(async (copy) => new FileKeystore(new Files(copy)).destroy(ERA, [detail.digest]).then(() => undefined))).toEqual([
      'PAYLOAD_UNREADABLE 0',
    ]);
    expect(
      await damaged(async (copy) => {
        const bytes = readFileSync(join(copy, entries));
        bytes[70] = (bytes[70] ?? 0) ^ 1; // within the wrapped secret of the first
        writeFileSync(join(copy, entries), bytes);
      }),
    ).toEqual(['PAYLOAD_UNREADABLE 0']);
    const [hh = ''] = readdirSync(join(dir, 'packs'));
    expect(await damaged(async (copy) => rmSync(join(copy, 'packs', hh), { recursive: true }))).toContainEqual(expect.stringMatching(/^PAYLOAD_MISSING \d$/));
  });

  it('is seen where a backup has put the keys back', async () => {
    const dir = fresh();
    const archive = await sound(dir);
    cpSync(join(dir, 'keys/payloads'), join(dir, 'backup'), { recursive: true });
    const index = await plan(archive, 'all');
    await archive.destroy(index);
    await complete(archive, index, 'all');
    await archive.close();
    cpSync(join(dir, 'backup'), join(dir, 'keys/payloads'), { recursive: true });
    const restored = await open(dir);
    expect(new Set(await codes(restored))).toEqual(new Set([0, 1, 2].map((it) => `NOT_DESTROYED ${it}`)));
    await restored.destroy(index);
    expect(await codes(restored)).toEqual([]);
    await restored.close();
  });

  it('cut off at any call of it destroys nothing that no record plans, and is finished by doing it again', async () => {
    class Cut extends Error {}
    const from = fresh();
    await (await sound(from)).close();
    let reached = 0;
    for (let at = 1; ; at += 3) {
      const dir = fresh();
      cpSync(from, dir, { recursive: true });
      const { calls } = failing(
        quick,
        (call) => call >= at,
        () => new Cut(),
      );
      const cut = await open(dir, NOW, calls);
      const whole = await (async () => {
        const index = await plan(cut, 'all');
        await cut.destroy(index);
        await complete(cut, index, 'all');
        await cut.erase(index);
        return true;
      })().catch(() => false);
      await cut.close();
      rmSync(join(dir, 'log/.state/unconfirmed'), { force: true }); // the machine is started anew

      const after = await open(dir);
      await after.append([runDraft('after', { at: NOW })]);
      expect(await codes(after), `call ${at}`).toEqual([]); // a key without a record would be PAYLOAD_UNREADABLE
      const [begun] = (await after.about()).map((it) => it.index);
      const index = begun ?? (await plan(after, 'all'));
      await after.destroy(index);
      await complete(after, index, 'all');
      await after.erase(index);
      expect(unfinished(await after.about())).toEqual([]);
      expect(await after.verify(), `call ${at}`).toMatchObject({ problems: [], disposed: 5 });
      await after.close();
      if (whole) break;
      reached = at;
      rmSync(dir, { recursive: true });
    }
    expect(reached).toBeGreaterThan(40);
  }, 120_000);

  it('leaves no half of a key behind where making it was cut short', async () => {
    const dir = fresh();
    await (await sound(dir)).close();
    writeFileSync(join(dir, 'keys/payloads', ERA, 'key.0123456789ab.tmp'), 'half a key', { mode: 0o400 });
    const archive = await open(dir);
    await archive.append([runDraft('more', { at: NOW })]);
    expect(filesWith(dir, 'half a key')).toEqual([]);
    await archive.close();
  });

  it('leaves files that nobody may write as they were but for the bytes', async () => {
    const dir = fresh();
    const archive = await sound(dir);
    const { detail } = await archive.record(0);
    const path = join(dir, 'packs', detail.place.pack?.slice(0, 2) ?? '', detail.place.pack ?? '');
    expect(statSync(path).mode & 0o777).toBe(0o444);
    const index = await plan(archive, [detail.digest]);
    await complete(archive, index, [detail.digest]);
    await archive.erase(index);
    const bytes = readFileSync(path);
    expect(bytes.subarray(detail.place.offset, detail.place.offset + detail.place.length).every((byte) => byte === 0)).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o444);
    await archive.close();
  });
});
