import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CALLS, type Calls, Files } from './files.ts';
import { FileKeystore, type KeptKey } from './keystore.ts';

const root = mkdtempSync(join(tmpdir(), 'keystore-'));
afterAll(() => rmSync(root, { recursive: true }));
const ERA = 'evidence/2026-Q1';
const fresh = (): string => mkdtempSync(join(root, 'its-'));
const kept = (secret: Buffer, name = 1): KeptKey => ({
  digest: String(name).repeat(64),
  fingerprint: String(name + 4).repeat(64),
  secret,
  place: { pack: null, offset: 0, length: 1 },
});

describe('a secret that was asked for', () => {
  const [one, two, three] = [randomBytes(32), randomBytes(32), randomBytes(32)];
  const [first, second] = [kept(one, 1), kept(two, 2)];
  const begun = async (dir: string) => {
    const keystore = new FileKeystore(new Files(dir));
    await keystore.add(ERA, [first, second]);
    for (const { digest, fingerprint, secret } of [first, second, first]) {
      expect(await keystore.secret(ERA, digest)).toEqual(secret);
      expect((await keystore.known(ERA, fingerprint ?? ''))?.secret).toEqual(secret);
    }
    return keystore;
  };

  it('is given no more once it was destroyed, and another that is kept in its place is its own', async () => {
    const keystore = await begun(fresh());
    await keystore.destroy(ERA, [first.digest]);
    expect(await keystore.secret(ERA, first.digest)).toBeNull();
    expect(await keystore.known(ERA, first.fingerprint ?? '')).toBeNull();
    expect(await keystore.secret(ERA, second.digest)).toEqual(two);
    await keystore.add(ERA, [{ ...first, secret: three }]);
    expect(await keystore.secret(ERA, first.digest)).toEqual(three);
    await keystore.destroy(ERA, 'all');
    for (const { digest } of [first, second]) expect(await keystore.secret(ERA, digest)).toBeNull();
  });

  it('is the newest of its name, where it is kept again', async () => {
    const keystore = await begun(fresh());
    await keystore.add(ERA, [{ ...first, secret: three }]);
    expect(await keystore.secret(ERA, first.digest)).toEqual(three);
    expect((await keystore.known(ERA, first.fingerprint ?? ''))?.secret).toEqual(three);
  });

  it('is read again once what is remembered was dropped', async () => {
    const dir = fresh();
    const keystore = await begun(dir);
    const path = join(dir, 'keys/payloads', ERA, 'entries');
    const bytes = readFileSync(path);
    bytes[70] = (bytes[70] ?? 0) ^ 1; // of the first one's wrapped secret
    writeFileSync(path, bytes);
    keystore.forget();
    await expect(keystore.secret(ERA, first.digest)).rejects.toMatchObject({ code: 'KEYSTORE' });
    expect(await keystore.known(ERA, first.fingerprint ?? '')).toBeNull();
    expect(await keystore.secret(ERA, second.digest)).toEqual(two);
  });
});

it('is confirmed to be gone where whoever overwrote it was killed before the disk had confirmed that', async () => {
  const [dir, synced] = [fresh(), [] as string[]];
  const { digest, ...its } = kept(randomBytes(32));
  await new FileKeystore(new Files(dir)).add(ERA, [{ digest, ...its }]);
  const killed: Calls = { ...CALLS, fsync: () => Promise.reject(new Error('killed')) };
  await expect(new FileKeystore(new Files(dir, killed)).destroy(ERA, [digest])).rejects.toThrow('the disk did not confirm a write');
  const paths = new Map<number, string>();
  const calls: Calls = {
    ...CALLS,
    async open(path, flags, mode) {
      const fd = await CALLS.open(path, flags, mode);
      paths.set(fd, path);
      return fd;
    },
    fsync: async (fd) => void synced.push(paths.get(fd) ?? ''),
  };
  await new FileKeystore(new Files(dir, calls)).destroy(ERA, [digest]);
  expect(synced).toContain(join(dir, 'keys/payloads', ERA, 'entries'));
});
