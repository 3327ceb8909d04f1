import { randomBytes } from 'node:crypto';
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { describe, expect, it } from 'vitest';
import { IntegrityError } from '../core/error.ts';
import { ageIdentity, decryptAge, encryptAge } from './age.ts';

const SIZES = [0, 1, 15, 65_535, 65_536, 65_537, 131_072, 200_000];

describe('age files', () => {
  it.each(SIZES)('of %i bytes are opened by FiloSottile’s library with the identity that we print', async (size) => {
    const plain = randomBytes(size);
    const { file, secret } = await encryptAge(plain);
    const decrypter = new Decrypter();
    decrypter.addIdentity(ageIdentity(secret));
    expect(Buffer.from(await decrypter.decrypt(file)).equals(plain)).toBe(true);
  });

  it.each(SIZES)('of %i bytes that the library wrote are opened by us', async (size) => {
    const plain = randomBytes(size);
    const identity = await generateX25519Identity();
    const encrypter = new Encrypter();
    encrypter.addRecipient(await identityToRecipient(identity));
    const file = await encrypter.encrypt(plain);
    expect(decryptAge(file, fromBech32(identity)).equals(plain)).toBe(true);
  });

  it('are not opened once a single byte has changed, or the end is gone, or by another key', async () => {
    const { secret: other } = await encryptAge(Buffer.alloc(1));
    const { file, secret } = await encryptAge(randomBytes(70_000));
    const places = [...Array.from({ length: 260 }, (_, place) => place), 300, 65_800, 66_000, file.length - 1];
    for (const place of places) {
      const changed = Buffer.from(file);
      changed[place] = (changed[place] ?? 0) ^ 1;
      expect(() => decryptAge(changed, secret), `byte ${place}`).toThrow(IntegrityError);
    }
    for (const length of [0, 10, 100, 200, 65_736, file.length - 16, file.length - 1])
      expect(() => decryptAge(file.subarray(0, length), secret)).toThrow(IntegrityError);
    expect(() => decryptAge(Buffer.concat([file, Buffer.alloc(16)]), secret)).toThrow(IntegrityError);
    expect(() => decryptAge(file, other)).toThrow(IntegrityError);
  });

  it('have one spelling: a header with other line ends, more recipients or padding is refused', async () => {
    const { file, secret } = await encryptAge(Buffer.from('x'));
    const text = file.toString('latin1');
    const changes = [text.replace('v1\n', 'v1\r\n'), text.replace('-> X25519', '-> grease\n\n-> X25519'), text.replace(/\n---/, '=\n---')];
    for (const changed of changes) expect(() => decryptAge(Buffer.from(changed, 'latin1'), secret)).toThrow(IntegrityError);
  });

  it('of the same bytes are never the same', async () => {
    const [one, two] = [await encryptAge(Buffer.from('x')), await encryptAge(Buffer.from('x'))];
    expect(one.file.equals(two.file)).toBe(false);
    expect(one.secret.equals(two.secret)).toBe(false);
  });
});

/** BIP 173, the other way round: only for the test, where the library prints what it made. */
function fromBech32(identity: string): Buffer {
  const words = [...identity.toLowerCase().slice('age-secret-key-1'.length, -6)].map((letter) => 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'.indexOf(letter));
  const bits = words.map((word) => word.toString(2).padStart(5, '0')).join('');
  return Buffer.from(Array.from({ length: 32 }, (_, place) => Number.parseInt(bits.slice(place * 8, place * 8 + 8), 2)));
}
