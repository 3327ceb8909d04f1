import { createHash } from 'node:crypto';
import type { ListObjectVersionsCommandOutput, ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import { TickmarkError } from '../../core/error.ts';
import type { Instant } from '../../core/instant.ts';

export type LockMode = 'COMPLIANCE' | 'GOVERNANCE';

export interface Lock {
  readonly mode: LockMode;
  /** Kept to the second: S3 knows no finer time. */
  readonly until: Instant;
}

export interface PutOptions {
  /** `new`: only where the key has no current version; otherwise only where its current version has this ETag. */
  readonly only?: 'new' | { readonly etag: string };
  readonly lock?: Lock;
  /** SHA-256 to declare, base64: that of the bytes unless said. */
  readonly checksum?: string;
}

export interface Stored {
  /** `null` where the bucket keeps no versions. */
  readonly versionId: string | null;
  readonly etag: string;
}

export interface Got extends Stored {
  readonly bytes: Buffer;
  readonly lock: Lock | null;
}

export interface Version {
  readonly key: string;
  readonly versionId: string;
  readonly latest: boolean;
  /** Says that the key was deleted, and hides what is below it. */
  readonly marker: boolean;
}

/** What is asked of S3, and nothing else. Keys are whole. A refusal is a {@link Refused}; whatever passes is asked again. */
export interface Bucket {
  readonly name: string;
  put(key: string, bytes: Uint8Array, options?: PutOptions): Promise<Stored>;
  /** The current version unless one is named; `null` where it is not there. */
  get(key: string, options?: { readonly versionId?: string; readonly offset?: number; readonly length?: number }): Promise<Got | null>;
  /** Without a version: lays a delete marker over the key where versions are kept. Again is fine. */
  remove(key: string, options?: { readonly versionId?: string; readonly bypass?: boolean }): Promise<void>;
  /** Versions and delete markers below a prefix, key after key, the newest of each first. */
  versions(prefix: string): AsyncIterable<Version>;
  /** Names of keys and folders directly below a prefix that ends in `/`. */
  list(prefix: string): Promise<readonly string[]>;
  retain(key: string, versionId: string, lock: Lock, options?: { readonly bypass?: boolean }): Promise<void>;
  /** Whether Object Lock is on. */
  locks(): Promise<boolean>;
  close(): void;
}

/** S3 said no, or did not say anything in all the time that it was given. */
export class Refused extends TickmarkError {
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** As S3 names it: `AccessDenied`. */
  readonly reason: string;

  constructor(message: string, { status, reason, cause }: { readonly status: number; readonly reason: string; readonly cause: unknown }) {
    super('BUCKET', message, { exit: 2, cause });
    this.status = status;
    this.reason = reason;
  }
}

export interface BucketOptions {
  readonly name: string;
  readonly region: string;
  /** Address of something else than AWS. Keys then stand in the path, not in the host's name. */
  readonly endpoint: string | null;
  readonly pause?: (milliseconds: number) => Promise<void>;
}

const ATTEMPTS = 8;
/** As the SDK names it. */
const NO_CREDENTIALS = 'CredentialsProviderError';
const LONGEST_PAUSE = 5000;

/** Before the n-th repetition, from 0: doubles from 100 ms on, and is drawn at random so that rivals part. */
export const backoff = (repetition: number): number => Math.min(LONGEST_PAUSE, 100 * 2 ** repetition) * (0.5 + Math.random() / 2);
export const pauseFor = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

/** Opens a bucket with the credentials that AWS's own chain finds. Asks nothing yet. */
export async function openS3({ name, region, endpoint, pause = pauseFor }: BucketOptions): Promise<Bucket> {
  const sdk = await import('@aws-sdk/client-s3');
  const client = new sdk.S3Client({
    region,
    ...(endpoint === null ? {} : { endpoint, forcePathStyle: true }),
    maxAttempts: 1, // what is asked again, and how often, is decided in one place: here
    requestChecksumCalculation: 'WHEN_REQUIRED', // ours is SHA-256, and given
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 5000, requestTimeout: 60_000, throwOnRequestTimeout: true },
  });

  async function ask<Output>(what: string, send: () => Promise<Output>): Promise<Output> {
    for (let repetition = 0; ; repetition++) {
      try {
        return await send();
      } catch (error) {
        const refused = refusal(`s3://${name}`, what, error);
        if (!passes(refused) || repetition + 1 >= ATTEMPTS) throw refused;
        await pause(backoff(repetition));
      }
    }
  }

  return {
    name,

    async put(key, bytes, { only, lock, checksum = sha256base64(bytes) } = {}) {
      const output = await ask(`PUT ${key}`, () =>
        client.send(
          new sdk.PutObjectCommand({
            Bucket: name,
            Key: key,
            Body: bytes,
            ChecksumSHA256: checksum,
            ChecksumAlgorithm: 'SHA256', // without this header, or an MD5, locks are refused
            ...(only === 'new' ? { IfNoneMatch: '*' } : only ? { IfMatch: only.etag } : {}),
            ...(lock ? { ObjectLockMode: lock.mode, ObjectLockRetainUntilDate: new Date(lock.until) } : {}),
          }),
        ),
      );
      return { versionId: versionOf(output.VersionId), etag: output.ETag ?? '' };
    },

    async get(key, { versionId, offset, length } = {}) {
      const range = offset === undefined || length === undefined ? undefined : `bytes=${offset}-${offset + length - 1}`;
      try {
        return await ask(`GET ${key}`, async () => {
          const output = await client.send(new sdk.GetObjectCommand({ Bucket: name, Key: key, VersionId: versionId, Range: range }));
          const bytes = Buffer.from((await output.Body?.transformToByteArray()) ?? []);
          return {
            bytes,
            versionId: versionOf(output.VersionId),
            etag: output.ETag ?? '',
            lock: lockOf(output.ObjectLockMode, output.ObjectLockRetainUntilDate),
          };
        });
      } catch (error) {
        if (isAbsent(error)) return null;
        throw error;
      }
    },

    async remove(key, { versionId, bypass } = {}) {
      try {
        await ask(`DELETE ${key}`, () =>
          client.send(new sdk.DeleteObjectCommand({ Bucket: name, Key: key, VersionId: versionId, ...(bypass ? { BypassGovernanceRetention: true } : {}) })),
        );
      } catch (error) {
        if (!isAbsent(error)) throw error;
      }
    },

    async *versions(prefix) {
      for (let [key, marker]: [string | undefined, string | undefined] = [undefined, undefined]; ; ) {
        const page: ListObjectVersionsCommandOutput = await ask(`LIST versions of ${prefix}`, () =>
          client.send(new sdk.ListObjectVersionsCommand({ Bucket: name, Prefix: prefix, KeyMarker: key, VersionIdMarker: marker })),
        );
        yield* inOrder(page);
        if (page.IsTruncated !== true) return;
        [key, marker] = [page.NextKeyMarker, page.NextVersionIdMarker];
      }
    },

    async list(prefix) {
      const names: string[] = [];
      for (let token: string | undefined; ; ) {
        const page: ListObjectsV2CommandOutput = await ask(`LIST ${prefix}`, () =>
          client.send(new sdk.ListObjectsV2Command({ Bucket: name, Prefix: prefix, Delimiter: '/', ContinuationToken: token })),
        );
        for (const { Key = '' } of page.Contents ?? []) names.push(Key.slice(prefix.length));
        for (const { Prefix = '' } of page.CommonPrefixes ?? []) names.push(Prefix.slice(prefix.length, -1));
        if (page.IsTruncated !== true) return names.filter((it) => it !== '').sort();
        token = page.NextContinuationToken;
      }
    },

    async retain(key, versionId, { mode, until }, { bypass } = {}) {
      await ask(`PUT the retention of ${key}`, () =>
        client.send(
          new sdk.PutObjectRetentionCommand({
            Bucket: name,
            Key: key,
            VersionId: versionId,
            Retention: { Mode: mode, RetainUntilDate: new Date(until) },
            ...(bypass ? { BypassGovernanceRetention: true } : {}),
          }),
        ),
      );
    },

    async locks() {
      try {
        const output = await ask('GET the Object Lock configuration', () => client.send(new sdk.GetObjectLockConfigurationCommand({ Bucket: name })));
        return output.ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled';
      } catch (error) {
        if (error instanceof Refused && (error.reason === 'ObjectLockConfigurationNotFoundError' || error.status === 404)) return false;
        throw error;
      }
    },

    close: () => client.destroy(),
  };
}

export const sha256base64 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64');

const versionOf = (id: string | undefined): string | null => (id === undefined || id === 'null' || id === '' ? null : id);

const lockOf = (mode: string | undefined, until: Date | undefined): Lock | null =>
  (mode === 'COMPLIANCE' || mode === 'GOVERNANCE') && until ? { mode, until: until.getTime() } : null;

/** One page; the SDK tells versions and delete markers apart, and S3 lists the keys in order. */
function inOrder({ Versions = [], DeleteMarkers = [] }: ListObjectVersionsCommandOutput): readonly Version[] {
  const all = [
    ...Versions.map((it) => ({
      at: it.LastModified?.getTime() ?? 0,
      key: it.Key ?? '',
      versionId: it.VersionId ?? 'null',
      latest: it.IsLatest === true,
      marker: false,
    })),
    ...DeleteMarkers.map((it) => ({
      at: it.LastModified?.getTime() ?? 0,
      key: it.Key ?? '',
      versionId: it.VersionId ?? 'null',
      latest: it.IsLatest === true,
      marker: true,
    })),
  ];
  // Times are told to the second by some, so that within one the order of the listing counts: sorting keeps it.
  return all.sort((a, b) => (a.key === b.key ? Number(b.latest) - Number(a.latest) || b.at - a.at : a.key < b.key ? -1 : 1));
}

function isAbsent(error: unknown): boolean {
  return error instanceof Refused && ((error.status === 404 && error.reason !== 'NoSuchBucket') || error.status === 405); // 405: the version is a delete marker
}

/** Whether it may be answered otherwise when it is asked again. 501 is an answer: the provider does not know of such a thing. */
export const passes = ({ status, reason }: Refused): boolean =>
  (status === 0 && reason !== NO_CREDENTIALS) || status === 429 || (status >= 500 && status !== 501);

function refusal(where: string, what: string, error: unknown): Refused {
  const {
    name = 'Error',
    message = '',
    $metadata,
  } = error as { readonly name?: string; readonly message?: string; readonly $metadata?: { readonly httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode ?? 0;
  // An answer that was cut is no answer, even if its status had come.
  const answered = status >= 300 ? status : 0;
  const said = answered === 0 ? `no answer (${name}: ${message})` : `${answered} ${name}${message === '' || message === name ? '' : `: ${message}`}`;
  return new Refused(`${where} refused ${what}: ${said}.${advice(answered, name)}`, { status: answered, reason: name, cause: error });
}

function advice(status: number, reason: string): string {
  if (status === 403 || reason === NO_CREDENTIALS) return ' Check the credentials and the policy of the bucket (docs/archive-in-s3.md lists what is needed).';
  if (reason === 'NoSuchBucket') return ' Make the bucket first, with Object Lock, or correct archive.url in tickmark.yaml.';
  if (status === 0 || status >= 500 || status === 429) return ' Nothing that was acknowledged is lost; try again.';
  return '';
}
