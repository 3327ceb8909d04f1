import { ConfigurationError, IntegrityError } from '../core/error.ts';
import type { KeyEncryption } from './keystore.ts';

export interface KmsOptions {
  readonly region: string;
  /** What the names of the keys begin with: `alias/<alias>/<origin>/<retention class>/<year>-Q<n>`. */
  readonly alias: string;
  /** In place of AWS's own address. */
  readonly endpoint?: string | undefined;
  /** Days until AWS deletes a key for good: 7 to 30. */
  readonly waitDays: number;
  /** Of the log. Two logs never share a key, and what is wrapped for one is refused to another. */
  readonly origin: string;
}

type Kms = typeof import('@aws-sdk/client-kms');

/** What lies in the keystore in place of the key of an era. */
interface Wrapped {
  /** ARN of the key of the service. */
  readonly kms: string;
  /** Base64. */
  readonly ciphertext: string;
}

/**
 * AWS KMS: one key for each retention class and quarter, which never leaves the service and wraps the key of the era.
 * Destroying it takes effect at once (a key that waits for its deletion opens nothing), and for good when the wait ends;
 * until then an administrator of the account can call it off. An era that began before the service was configured keeps
 * the key that lies beside it.
 */
export function kmsEncryption({ region, alias, endpoint, waitDays, origin }: KmsOptions): KeyEncryption {
  let opened: Promise<{ readonly sdk: Kms; readonly client: InstanceType<Kms['KMSClient']> }> | null = null;
  const open = () => {
    opened ??= import('@aws-sdk/client-kms').then((sdk) => ({ sdk, client: new sdk.KMSClient({ region, ...(endpoint === undefined ? {} : { endpoint }) }) }));
    return opened;
  };
  const context = (era: string) => ({ tickmark: origin, era });

  return {
    async wrap(era, key) {
      const { sdk, client } = await open();
      return asked(`wrap the key of ${era}`, async () => {
        const kms = await keyOf(await open(), `alias/${alias}/${origin.replace(/[^a-zA-Z0-9/_-]/g, '-')}/${era}`, `Tickmark: evidence of ${era}, ${origin}`);
        const { CiphertextBlob } = await client.send(new sdk.EncryptCommand({ KeyId: kms, Plaintext: key, EncryptionContext: context(era) }));
        return Buffer.from(JSON.stringify({ kms, ciphertext: Buffer.from(CiphertextBlob ?? []).toString('base64') } satisfies Wrapped));
      });
    },

    async unwrap(era, wrapped) {
      if (wrapped.length === 32) return wrapped;
      const { kms, ciphertext } = parse(era, wrapped);
      const { sdk, client } = await open();
      return asked(`unwrap the key of ${era}`, async () => {
        const command = new sdk.DecryptCommand({ KeyId: kms, CiphertextBlob: Buffer.from(ciphertext, 'base64'), EncryptionContext: context(era) });
        return Buffer.from((await client.send(command)).Plaintext ?? []);
      });
    },

    async destroy(era, wrapped) {
      if (wrapped.length === 32) return null;
      const { kms } = parse(era, wrapped);
      const { sdk, client } = await open();
      return asked(`destroy the key of ${era}`, async () => {
        const { KeyMetadata } = await client.send(new sdk.DescribeKeyCommand({ KeyId: kms }));
        const pending = KeyMetadata?.KeyState === 'PendingDeletion' ? KeyMetadata : null;
        const scheduled =
          pending ?? (await client.send(new sdk.ScheduleKeyDeletionCommand({ KeyId: KeyMetadata?.KeyId ?? kms, PendingWindowInDays: waitDays })));
        return JSON.stringify({ service: 'aws-kms', key: kms, deletedAt: scheduled.DeletionDate?.toISOString() ?? null });
      });
    },
  };
}

/** The key of an era: found by its name, or made. Two processes never make it at once, for only the one that writes begins an era. */
async function keyOf(
  { sdk, client }: { readonly sdk: Kms; readonly client: InstanceType<Kms['KMSClient']> },
  name: string,
  description: string,
): Promise<string> {
  try {
    const { KeyMetadata } = await client.send(new sdk.DescribeKeyCommand({ KeyId: name }));
    if (KeyMetadata?.Arn !== undefined && KeyMetadata.KeyState === 'Enabled') return KeyMetadata.Arn;
    throw new ConfigurationError(
      `the key ${name} of AWS KMS is ${KeyMetadata?.KeyState ?? 'not described'}: enable it, or name other keys under keys.kms.alias.`,
    );
  } catch (error) {
    if (!(error instanceof sdk.NotFoundException)) throw error;
  }
  const { KeyMetadata } = await client.send(new sdk.CreateKeyCommand({ Description: description, KeyUsage: 'ENCRYPT_DECRYPT', KeySpec: 'SYMMETRIC_DEFAULT' }));
  const arn = KeyMetadata?.Arn ?? '';
  await client.send(new sdk.CreateAliasCommand({ AliasName: name, TargetKeyId: arn }));
  return arn;
}

function parse(era: string, wrapped: Buffer): Wrapped {
  try {
    const read = JSON.parse(wrapped.toString('utf8')) as Wrapped;
    if (typeof read.kms === 'string' && typeof read.ciphertext === 'string') return read;
  } catch (cause) {
    throw new IntegrityError('KEYSTORE', `the key of ${era} is damaged in the keystore`, cause);
  }
  throw new IntegrityError('KEYSTORE', `the key of ${era} is damaged in the keystore`);
}

async function asked<Result>(what: string, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw cause;
    const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    throw new ConfigurationError(
      `AWS KMS did not ${what}: ${why}. See that it can be reached, and what the account may do (keys.kms in tickmark.yaml).`,
      cause,
    );
  }
}
