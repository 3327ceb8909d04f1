import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { masterKey, readMasterKey } from './master-key.ts';

const root = mkdtempSync(join(tmpdir(), 'master-key-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const file = (name: string, bytes: Buffer | string) => {
  writeFileSync(join(root, name), bytes);
  return join(root, name);
};

describe('a master key', () => {
  it('is read raw or in base64, and is the same key', () => {
    const key = randomBytes(32);
    const raw = readMasterKey(file('raw', key));
    const text = readMasterKey(file('text', `${key.toString('base64')}\n`));
    expect(text.unwrap('x', raw.wrap('x', Buffer.from('secret'))).toString()).toBe('secret');
  });

  it.each([
    ['no file is named', undefined, 'TICKMARK_MASTER_KEY_FILE must name its file. Make one with "openssl rand -base64 32'],
    ['it is empty', file('empty', ''), 'expected 32 bytes, raw or in base64'],
    ['it is too short', file('short', randomBytes(16).toString('base64')), 'expected 32 bytes, raw or in base64'],
    ['it is in hexadecimal', file('hex', randomBytes(32).toString('hex')), 'expected 32 bytes, raw or in base64'],
    ['there is no such file', join(root, 'nowhere'), 'the master key cannot be read from'],
  ])('is asked for where %s', (_, path, says) => expect(() => readMasterKey(path)).toThrow(says));

  it('opens what it wrapped, for that place alone', () => {
    const [one, other] = [masterKey(randomBytes(32)), masterKey(randomBytes(32))];
    const wrapped = one.wrap('a', Buffer.from('secret'));
    expect(wrapped.includes('secret')).toBe(false);
    expect(wrapped.equals(one.wrap('a', Buffer.from('secret')))).toBe(false);
    expect(() => one.unwrap('b', wrapped)).toThrow('b in the database is not what was put there');
    expect(() => other.unwrap('a', wrapped)).toThrow('a in the database was wrapped by another master key');
    for (let place = 4; place < wrapped.length; place++) {
      const altered = Buffer.from(wrapped);
      altered[place] = (altered[place] ?? 0) ^ 1;
      expect(() => one.unwrap('a', altered), `byte ${place}`).toThrow('is not what was put there');
    }
    expect(() => one.unwrap('a', wrapped.subarray(0, 10))).toThrow('is not what was put there');
  });
});
