import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { pinLog } from '../app/pin.ts';
import { readCheckpoint } from '../log/checkpoint.ts';
import { parseVerifierKey } from '../log/note.ts';
import { entries, type TinyLog, tinyLog } from './testing/tiny-log.ts';

const root = mkdtempSync(join(tmpdir(), 'pin-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let made = 0;
const fresh = () => join(root, `p${made++}`);

describe('a pin', () => {
  let [dir, file] = ['', ''];
  let log: TinyLog;
  const pin = (key?: string) => pinLog({ log: dir, file, key });

  beforeEach(() => {
    dir = fresh();
    log = tinyLog(dir);
    file = join(dir, 'acme.pin');
  });

  it('is the key and the note, readable with anything', async () => {
    const { note, checkpoint } = log.publish(entries(3));
    expect(await pin()).toEqual({
      before: null,
      verifierKey: log.vkey,
      checkpoint: { origin: 'acme.example/log', size: 3, root: checkpoint.root.toString('base64') },
      followed: [],
    });
    expect(readFileSync(file, 'utf8')).toBe(`log ${log.vkey}\n\n${note}`);
  });

  it.each([
    [1, 2],
    [3, 3],
    [255, 256],
    [256, 700],
    [300, 513],
  ])('moves from %i to %i, where the log continues', async (before, after) => {
    log.publish(entries(before));
    await pin();
    log.publish(entries(after));
    expect(await pin()).toMatchObject({ before: { size: before }, checkpoint: { size: after } });
    expect(readFileSync(file, 'utf8')).toContain(`\n${after}\n`);
  });

  it('begins with an empty log, too', async () => {
    log.publish([]);
    await pin();
    log.publish(entries(300));
    expect(await pin()).toMatchObject({ before: { size: 0 }, checkpoint: { size: 300 } });
  });

  it.each<[string, string, number, number | undefined, RegExp]>([
    [
      'shorter',
      'ROLLBACK',
      200,
      undefined,
      /^the log has 200 records, but had 300 when it was pinned: 100 are gone\. Keep .* both are signed by the key of the log/,
    ],
    ['another of the same size', 'FORK', 300, 299, /does not continue what was pinned: of its first 300 records at least one/],
    ['another and longer', 'FORK', 600, 0, /does not continue what was pinned/],
    ['changed at one place only', 'FORK', 600, 299, /does not continue what was pinned/],
  ])('stays, and keeps the proof, where the log is %s', async (_, code, size, fork, says) => {
    log.publish(entries(300));
    await pin();
    const held = readFileSync(file, 'utf8');
    const { note } = log.publish(entries(size, fork));
    await expect(pin()).rejects.toMatchObject({ code, exit: 3, message: expect.stringMatching(says) });
    expect(readFileSync(file, 'utf8')).toBe(held);
    expect(readFileSync(`${file}.contradiction`, 'utf8')).toBe(note);
    expect(readCheckpoint(Buffer.from(note), parseVerifierKey(log.vkey)).size).toBe(size);
  });

  it('is not moved by another key, whatever log.json says', async () => {
    log.publish(entries(3));
    await pin();
    tinyLog(dir).publish(entries(5));
    await expect(pin()).rejects.toMatchObject({ code: 'SIGNATURE', exit: 3 });
    log.publish(entries(5));
    const other = tinyLog(fresh());
    await expect(pin(other.vkey)).rejects.toMatchObject({ code: 'CONFIGURATION' });
  });

  it('is begun with the key that was told, not with the one that is found', async () => {
    log.publish(entries(3));
    await expect(pin(tinyLog(fresh()).vkey)).rejects.toMatchObject({ code: 'SIGNATURE' });
    expect(existsSync(file)).toBe(false);
    expect(await pin(log.vkey)).toMatchObject({ checkpoint: { size: 3 } });
  });

  it('tells damage from deceit', async () => {
    log.publish(entries(300));
    await pin();
    log.publish(entries(600));
    const tile = join(dir, 'log/tile/0/002.p/88');
    const sound = readFileSync(tile);
    writeFileSync(tile, Buffer.concat([sound.subarray(0, -1), Buffer.from([(sound.at(-1) ?? 0) ^ 1])]));
    await expect(pin()).rejects.toMatchObject({ code: 'TILE', message: expect.stringContaining('the copy is damaged or incomplete') });
    rmSync(tile);
    await expect(pin()).rejects.toMatchObject({ code: 'MISSING' });
    writeFileSync(tile, sound);
    expect(await pin()).toMatchObject({ checkpoint: { size: 600 } });
  });

  it('that was changed is not begun again in silence', async () => {
    log.publish(entries(3));
    await pin();
    writeFileSync(file, readFileSync(file, 'utf8').replace('\n3\n', '\n2\n'));
    await expect(pin()).rejects.toMatchObject({ code: 'PIN', exit: 3 });
    writeFileSync(file, '');
    await expect(pin()).rejects.toMatchObject({ code: 'PIN' });
  });

  it('needs a log', async () => {
    await expect(pinLog({ log: root, file, key: undefined })).rejects.toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringContaining('there is no log in'),
    });
  });
});
