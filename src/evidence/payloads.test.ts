import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { payloadPath } from '../log/paths.ts';
import type { Payload } from '../log/statement.ts';
import { Files } from './files.ts';
import { FileKeystore, hasKey, type KeyEncryption } from './keystore.ts';
import { decompress, Payloads, type Plain } from './payloads.ts';

const root = mkdtempSync(join(tmpdir(), 'payloads-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let made = 0;
const fresh = (): string => {
  const dir = join(root, `p${made++}`);
  mkdirSync(dir);
  return dir;
};
const open = (dir: string) => new Payloads(new Files(dir), new FileKeystore(new Files(dir)));
const ERA = 'evidence/2026-Q4';
const plain = (text: string | Buffer, era = ERA): Plain => ({ era, bytes: Buffer.from(text), again: createHash('sha256').update(text).digest('hex') });
const files = (dir: string, folder: string) =>
  existsSync(join(dir, folder)) ? readdirSync(join(dir, folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.length > 60) : [];

describe('payloads', () => {
  it('come back as they were given, small ones from one pack, large ones from files of their own', async () => {
    const dir = fresh();
    const given = [Buffer.from(''), Buffer.from('a'), Buffer.from('b'.repeat(1_000_000)), randomBytes(200_000)];
    const kept = await open(dir).keep(given.map((bytes) => plain(bytes)));
    expect(files(dir, 'packs')).toHaveLength(1);
    expect(files(dir, 'payloads')).toHaveLength(1);
    expect(files(dir, 'payloads').map((name) => name.slice(3))).toEqual(kept.filter(({ place }) => place.pack === null).map(({ digest }) => `${digest}.enc`));
    const again = open(dir);
    for (const [place, payload] of kept.entries()) expect((await again.read({ ...payload, era: ERA })).equals(given[place] ?? Buffer.alloc(0))).toBe(true);
  });

  it('are nowhere in the clear, and neither is a digest of them', async () => {
    const dir = fresh();
    await open(dir).keep([plain('canary-7f2c')]);
    const digest = createHash('sha256').update('canary-7f2c').digest();
    const all = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((it) => it.isFile());
    expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining(['entries', 'key']));
    for (const { parentPath, name } of all)
      for (const canary of ['canary-7f2c', digest, digest.toString('hex')]) expect(readFileSync(join(parentPath, name)).includes(canary), name).toBe(false);
  });

  it('that were said before in the quarter are kept once, and once more in the next', async () => {
    const dir = fresh();
    const [first, twin] = await open(dir).keep([plain('same'), plain('same')]);
    expect(twin).toEqual(first);
    const [again] = await open(dir).keep([plain('same')]);
    expect(again).toEqual(first);
    const [next] = await open(dir).keep([plain('same', 'evidence/2027-Q1')]);
    expect(next?.digest).not.toBe(first?.digest);
    const [once] = await open(dir).keep([{ ...plain('same'), again: null }]);
    expect(once?.digest).not.toBe(first?.digest);
  });

  it('are told apart when missing, altered, or without their key', async () => {
    const dir = fresh();
    const [small, own] = await open(dir).keep([plain('small'), plain(randomBytes(100_000))]);
    if (!small || !own) throw new Error('nothing was kept');
    const kept = { ...small, era: ERA };
    await expect(open(dir).read({ ...kept, era: 'evidence/2020-Q1' })).rejects.toMatchObject({ code: 'PAYLOAD_UNREADABLE' });
    const path = join(dir, payloadPath(small));
    const bytes = readFileSync(path);
    chmodSync(path, 0o644);
    writeFileSync(path, bytes.fill(bytes.readUInt8(4) ^ 1, 4, 5));
    await expect(open(dir).read(kept)).rejects.toMatchObject({ code: 'PAYLOAD_ALTERED' });
    rmSync(path);
    await expect(open(dir).read(kept)).rejects.toMatchObject({ code: 'PAYLOAD_MISSING' });
    rmSync(join(dir, payloadPath(own)));
    await expect(open(dir).read({ ...own, era: ERA })).rejects.toMatchObject({ code: 'PAYLOAD_MISSING' });
  });

  it('are opened by the key that their statement commits to, and kept anew where that is damaged', async () => {
    const dir = fresh();
    const [one, two] = await open(dir).keep([plain('one'), plain('two')]);
    if (!one || !two) throw new Error('nothing was kept');
    const keystore = new FileKeystore(new Files(dir));
    expect(await hasKey(keystore, ERA, one)).toBe(true);
    expect(await hasKey(keystore, ERA, { ...one, keyDigest: two.keyDigest })).toBe(false);
    await expect(open(dir).read({ ...one, keyDigest: two.keyDigest, era: ERA })).rejects.toMatchObject({ code: 'PAYLOAD_KEY' });
    const path = join(dir, 'keys/payloads', ERA, 'entries');
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(bytes.readUInt8(70) ^ 1, 70, 71));
    const [again, same] = await open(dir).keep([plain('one'), plain('two')]);
    expect(again?.digest).not.toBe(one.digest);
    expect(same).toEqual(two);
    expect((await open(dir).read({ ...(again as Payload), era: ERA })).toString()).toBe('one');
    expect((await open(dir).keep([plain('one')]))[0]).toEqual(again);
  });

  it('are never larger than was sealed', async () => {
    const { zstdCompressSync } = await import('node:zlib');
    const bomb = zstdCompressSync(Buffer.alloc(50_000_000));
    expect(() => decompress(bomb, 1000)).toThrow('cannot be decompressed');
    expect(() => decompress(zstdCompressSync(Buffer.from('ab')), 3)).toThrow('not of the size');
  });
});

describe('a keystore', () => {
  const key = (number: number) => ({
    digest: number.toString(16).padStart(64, '0'),
    fingerprint: null,
    secret: Buffer.alloc(32, number),
    place: { pack: null, offset: 0, length: number },
  });
  const entries = (dir: string) => join(dir, 'keys/payloads', ERA, 'entries');

  it('goes on after a write that the power cut in half', async () => {
    const dir = fresh();
    await new FileKeystore(new Files(dir)).add(ERA, [key(1)]);
    appendFileSync(entries(dir), Buffer.alloc(100, 9));
    const after = new FileKeystore(new Files(dir));
    expect(await after.secret(ERA, key(1).digest)).toEqual(key(1).secret);
    await after.add(ERA, [key(2)]);
    const again = new FileKeystore(new Files(dir));
    expect(await again.secret(ERA, key(1).digest)).toEqual(key(1).secret);
    expect(await again.secret(ERA, key(2).digest)).toEqual(key(2).secret);
  });

  it('leaves nothing of a half that a power cut left, where keys are destroyed', async () => {
    const dir = fresh();
    await new FileKeystore(new Files(dir)).add(ERA, [key(1), key(2)]);
    const whole = readFileSync(entries(dir)).length;
    appendFileSync(entries(dir), Buffer.alloc(100, 9));
    const after = new FileKeystore(new Files(dir));
    await after.destroy(ERA, [key(1).digest]);
    expect(readFileSync(entries(dir)).subarray(whole)).toEqual(Buffer.alloc(100));
    expect(await after.digests(ERA)).toEqual([key(2).digest]);
    expect(await after.secret(ERA, key(2).digest)).toEqual(key(2).secret);
  });

  it('shows a reader what a writer has added since', async () => {
    const dir = fresh();
    const [writer, reader] = [new FileKeystore(new Files(dir)), new FileKeystore(new Files(dir))];
    await writer.add(ERA, [key(1)]);
    expect(await reader.secret(ERA, key(2).digest)).toBeNull();
    await writer.add(ERA, [key(2)]);
    expect(await reader.secret(ERA, key(2).digest)).toEqual(key(2).secret);
  });

  it.each(['opened', 'added to'])('knows where each key lies that came while it was %s by two at once', async (when) => {
    const dir = fresh();
    const files = new Files(dir);
    await new FileKeystore(files).add(ERA, [key(1)]);
    let meanwhile: (() => Promise<unknown>) | null = null;
    const then = async <Result>(result: Promise<Result>): Promise<Result> => {
      const [its, act] = [await result, meanwhile];
      meanwhile = null;
      await act?.();
      return its;
    };
    const keystore: FileKeystore = new FileKeystore({
      read: (path) => (path.endsWith('/entries') && when === 'opened' ? then(files.read(path)) : files.read(path)),
      replace: (path, bytes, mode) => files.replace(path, bytes, mode),
      append: (path, bytes, mode) => (when === 'added to' ? then(files.append(path, bytes, mode)) : files.append(path, bytes, mode)),
      overwrite: (path, offset, bytes) => files.overwrite(path, offset, bytes),
      confirm: (paths) => files.confirm(paths),
    });
    if (when === 'opened') {
      meanwhile = () => keystore.add(ERA, [key(2)]); // between what it read and what it makes of that
      await keystore.secret(ERA, key(1).digest);
    } else {
      meanwhile = () => keystore.secret(ERA, key(9).digest); // which is not there, so that the file is read again
      await keystore.add(ERA, [key(2)]);
    }
    await keystore.add(ERA, [key(3), key(4)]);
    await keystore.destroy(ERA, [key(3).digest]);
    const left = await Promise.all([1, 2, 3, 4].map((number) => new FileKeystore(files).secret(ERA, key(number).digest)));
    expect(left).toEqual([key(1).secret, key(2).secret, null, key(4).secret]);
  });

  it('destroys a key where it lies, and all of an era by the key that wraps them', async () => {
    const dir = fresh();
    const keystore = new FileKeystore(new Files(dir));
    await keystore.add(ERA, [key(1), key(2), key(3)]);
    const before = readFileSync(entries(dir));
    await keystore.destroy(ERA, [key(2).digest]);
    expect(await keystore.secret(ERA, key(2).digest)).toBeNull();
    expect(await keystore.secret(ERA, key(3).digest)).toEqual(key(3).secret);
    const after = readFileSync(entries(dir));
    expect(after.subarray(144, 288).every((byte) => byte === 0)).toBe(true);
    expect(after.subarray(0, 144).equals(before.subarray(0, 144))).toBe(true);
    await keystore.destroy(ERA, 'all');
    await keystore.destroy(ERA, 'all');
    expect(await keystore.secret(ERA, key(1).digest)).toBeNull();
    for (const name of ['key', 'entries']) expect(readFileSync(join(dir, 'keys/payloads', ERA, name)).every((byte) => byte === 0)).toBe(true);
  });

  it('asks a key service to wrap the key of an era, and gives its receipt', async () => {
    const dir = fresh();
    const asked: string[] = [];
    const flip = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ 0xff));
    const service: KeyEncryption = {
      async wrap(era, bytes) {
        asked.push(`wrap ${era}`);
        return flip(bytes);
      },
      async unwrap(era, bytes) {
        asked.push(`unwrap ${era}`);
        return flip(bytes);
      },
      destroy: async (era) => `receipt for ${era}`,
    };
    await new FileKeystore(new Files(dir), service).add(ERA, [key(1)]);
    const keystore = new FileKeystore(new Files(dir), service);
    expect(await keystore.secret(ERA, key(1).digest)).toEqual(key(1).secret);
    expect(asked).toEqual([`wrap ${ERA}`, `unwrap ${ERA}`]);
    expect(await keystore.destroy(ERA, 'all')).toBe(`receipt for ${ERA}`);
  });

  it('says that a damaged key is not an altered payload', async () => {
    const dir = fresh();
    await new FileKeystore(new Files(dir)).add(ERA, [key(1)]);
    const bytes = readFileSync(entries(dir));
    bytes[70] = (bytes[70] ?? 0) ^ 1;
    writeFileSync(entries(dir), bytes);
    await expect(new FileKeystore(new Files(dir)).secret(ERA, key(1).digest)).rejects.toMatchObject({ code: 'KEYSTORE' });
  });
});
