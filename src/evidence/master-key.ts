import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigurationError, IntegrityError } from '../core/error.ts';
import { sha256 } from '../log/merkle.ts';

const VARIABLE = 'TICKMARK_MASTER_KEY_FILE';
const SIZE = 32;
const [NAME, NONCE, TAG] = [4, 12, 16];

/** Wraps what is secret before it is handed to a database. */
export interface MasterKey {
  /** `what` says what it is and of which log: wrapped for one place, it opens at no other. */
  wrap(what: string, secret: Uint8Array): Buffer;
  /** Throws `ConfigurationError` where another key wrapped it, `IntegrityError` where it has been altered. */
  unwrap(what: string, wrapped: Buffer): Buffer;
}

/** Reads the key from the file that `TICKMARK_MASTER_KEY_FILE` names: 32 bytes, raw or in base64. Throws `ConfigurationError`. */
export function readMasterKey(path: string | undefined): MasterKey {
  if (!path)
    throw new ConfigurationError(
      `DATABASE_URL is set, so the keys of the log lie in that database, wrapped by a master key that does not: ${VARIABLE} must name its file. Make one with "openssl rand -base64 32 > master.key", keep a copy apart from the database, and give every process the same.`,
    );
  return masterKey(keyIn(path));
}

/** AES-256-GCM under a key of 32 bytes: the name of the key, nonce, ciphertext, tag. */
export function masterKey(key: Buffer): MasterKey {
  const name = nameOf(key);
  return {
    wrap(what, secret) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(what));
      return Buffer.concat([name, nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
    },
    unwrap(what, wrapped) {
      const its = wrapped.subarray(0, NAME);
      if (!its.equals(name))
        throw new ConfigurationError(
          `${what} in the database was wrapped by another master key (${its.toString('hex')}) than the file that ${VARIABLE} names holds (${name.toString('hex')}). Name the file with the key that the log was made with.`,
        );
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, wrapped.subarray(NAME, NAME + NONCE)).setAAD(Buffer.from(what));
        decipher.setAuthTag(wrapped.subarray(wrapped.length - TAG));
        return Buffer.concat([decipher.update(wrapped.subarray(NAME + NONCE, wrapped.length - TAG)), decipher.final()]);
      } catch (cause) {
        throw new IntegrityError('SECRET', `${what} in the database is not what was put there. Restore the database from a backup.`, cause);
      }
    },
  };
}

/** Tells keys apart, and says nothing of them. */
const nameOf = (key: Buffer): Buffer => sha256(Buffer.concat([Buffer.from('tickmark master key\n'), key])).subarray(0, NAME);

function keyIn(path: string): Buffer {
  const bytes = contents(path);
  if (bytes.length === SIZE) return bytes;
  const text = bytes.toString('latin1').trim();
  const key = Buffer.from(text, 'base64');
  if (key.length === SIZE && key.toString('base64') === text) return key;
  throw new ConfigurationError(
    `${path}, which ${VARIABLE} names, does not hold a key: expected 32 bytes, raw or in base64. Make one with "openssl rand -base64 32 > ${path}".`,
  );
}

function contents(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new ConfigurationError(`the master key cannot be read from ${path}, which ${VARIABLE} names: ${String(cause)}`, cause);
  }
}
