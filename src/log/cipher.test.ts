import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IntegrityError } from '../core/error.ts';
import { decrypt, encrypt, keyDigestOf, keyIn, keyLine } from './cipher.ts';

const KEY = Buffer.from(Array.from({ length: 32 }, (_, place) => place * 8));
const OTHER = expect.objectContaining({ code: 'PAYLOAD_KEY', message: 'the key of the payload is not the one that was sealed' }) as Error;
const thrown = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error;
  }
};

describe('a payload', () => {
  it('comes back as it was, and is as long encrypted', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), (plain) => {
        const { ciphertext, key } = encrypt(plain);
        expect(ciphertext).toHaveLength(plain.length);
        expect(decrypt(ciphertext, key, keyDigestOf(key))).toEqual(Buffer.from(plain));
      }),
      { numRuns: 50 },
    );
  });

  it('is what openssl makes of it: AES-256 in counter mode, counted from zero', () => {
    // openssl enc -aes-256-ctr -K 0008…f0f8 -iv 0…0, over 40 bytes of zero
    const stream = 'bf9a883d4ad494fdb3a93b694a6c08e8e3556678ab1d3aafa531f64b969a70eba8a0aba928cc0142';
    expect(decrypt(Buffer.alloc(40), KEY, keyDigestOf(KEY)).toString('hex')).toBe(stream);
  });

  it('is never encrypted twice under one key, not even where a machine draws the same random bytes again', () => {
    const same = Buffer.alloc(32, 7);
    const [one, two, other] = [encrypt(Buffer.from('a'), same), encrypt(Buffer.from('a'), same), encrypt(Buffer.from('b'), same)];
    expect(two).toEqual(one);
    expect(other.key.equals(one.key)).toBe(false);
    const keys = new Set(Array.from({ length: 500 }, () => encrypt(Buffer.from('a')).key.toString('hex')));
    expect(keys.size).toBe(500);
  });

  it('is opened by the key that its statement commits to and by no other', () => {
    const [plain, key] = [Buffer.from('what was sealed'), randomBytes(32)];
    const sealed = encrypt(plain);
    expect(thrown(() => decrypt(sealed.ciphertext, key, keyDigestOf(sealed.key)))).toEqual(OTHER);
    expect(thrown(() => decrypt(sealed.ciphertext, sealed.key.subarray(0, 31), keyDigestOf(sealed.key)))).toEqual(OTHER);
    expect(thrown(() => decrypt(sealed.ciphertext, Buffer.alloc(0), keyDigestOf(Buffer.alloc(0))))).toEqual(OTHER);
  });
});

describe('the key of a payload', () => {
  const LINE = 'tickmark-payload-key-v1 0008101820283038404850586068707880889098a0a8b0b8c0c8d0d8e0e8f0f8\n';

  it('is handed over as one line, whose digest a statement names', () => {
    expect(keyLine(KEY)).toBe(LINE);
    expect(keyIn(LINE)).toEqual(KEY);
    expect(keyDigestOf(KEY)).toBe(createHash('sha256').update(LINE).digest('hex'));
  });

  it('has one spelling', () => {
    const spelled = [LINE.toUpperCase(), LINE.replace('v1 ', 'v1  '), LINE.slice(0, -1), `${LINE}\n`, LINE.replace('f8', 'f'), LINE.replace('f8', 'fg'), ''];
    for (const line of spelled) {
      const error = thrown(() => keyIn(line));
      expect(error, line).toBeInstanceOf(IntegrityError);
      expect(error, line).toMatchObject({ code: 'PAYLOAD_KEY', message: 'the key of the payload is not spelled as it is handed over' });
    }
  });
});
