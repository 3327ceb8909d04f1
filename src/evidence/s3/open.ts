import { join } from 'node:path';
import { ConfigurationError, IntegrityError } from '../../core/error.ts';
import { days } from '../../core/instant.ts';
import type { Problem } from '../../verify/problems.ts';
import type { Files } from '../files.ts';
import type { PublicPlace } from '../objects.ts';
import { type Bucket, openS3, pauseFor } from './bucket.ts';
import { cached } from './cache.ts';
import { type Locking, s3Objects } from './objects.ts';
import { fit, type SelfTest, selfTest } from './self-test.ts';
import { ownVersions } from './versions.ts';

/** Where in S3 an archive lies. */
export interface BucketSettings {
  /** `s3://bucket` or `s3://bucket/prefix`. */
  readonly url: string;
  /** Address of something else than AWS. */
  readonly endpoint: string | null;
  readonly region: string;
  readonly locking: Locking | null;
}

export interface OpenBucketOptions {
  /** The state folder: versions, the self-test's result and the cache lie below `bucket/`. */
  readonly files: Files;
  /** Says to people what they should know. */
  readonly tell?: (says: string) => void;
  /** Between two attempts of the same request. */
  readonly pause?: (milliseconds: number) => Promise<void>;
  /** Instead of asking the provider. */
  readonly test?: (bucket: Bucket, prefix: string) => Promise<SelfTest>;
}

const RESULT = 'bucket/self-test.json';
const PRIVATE = 0o600;
/** A provider changes; a test of last year says little. */
const VALID = days(90);

/** Opens the bucket of an archive. Nothing is asked of it yet. */
export async function openBucket(
  settings: BucketSettings,
  { files, tell = warn, pause = pauseFor, test = askProvider }: OpenBucketOptions,
): Promise<PublicPlace> {
  const { prefix, bucket } = await bucketOf(settings, pause);
  const versions = ownVersions(files);
  const [problems, said] = [new Map<string, Problem>(), new Set<string>()];
  const objects = s3Objects({
    bucket,
    prefix,
    versions,
    locking: settings.locking,
    tell,
    pause,
    alarm(problem) {
      const name = `${problem.code} ${problem.file}`;
      if (!said.has(name)) tell(`${problem.code}: ${problem.file}: ${problem.says}`);
      said.add(name);
      problems.set(name, problem);
    },
  });
  return {
    objects,
    reading: cached({ objects, versions, folder: join(files.root, 'bucket/cache') }),
    share: (shared) => versions.share(shared),

    problems() {
      const found = [...problems.values()];
      problems.clear();
      return found;
    },

    async admit() {
      if (settings.locking === null) return;
      const known = await kept(files, settings);
      if (known && fit(known) && Date.now() - known.at < VALID) return;
      const result = await test(bucket, prefix);
      await keepResult(files, settings, result);
      if (!fit(result)) throw unfit(settings.url, result);
    },

    close: () => bucket.close(),
  };
}

/** Asks the provider now. */
export async function testBucket(settings: BucketSettings): Promise<SelfTest> {
  const its = await bucketOf(settings);
  try {
    return await selfTest(its);
  } finally {
    its.bucket.close();
  }
}

/** Keeps what came of a test, with its date. */
export async function keepResult(files: Files, { url, endpoint }: BucketSettings, result: SelfTest): Promise<void> {
  await files.replace(RESULT, Buffer.from(`${JSON.stringify({ ...result, url, endpoint }, null, 2)}\n`), PRIVATE);
}

async function bucketOf({ url, endpoint, region }: BucketSettings, pause = pauseFor): Promise<{ readonly bucket: Bucket; readonly prefix: string }> {
  const [, name, folder] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*?))?\/?$/.exec(url) ?? [];
  if (name === undefined) throw new ConfigurationError(`archive.url is ${url}: expected s3://BUCKET or s3://BUCKET/FOLDER`);
  return { bucket: await openS3({ name, region, endpoint, pause }), prefix: folder === undefined || folder === '' ? '' : `${folder}/` };
}

export function unfit(url: string, { answers }: Pick<SelfTest, 'answers'>): IntegrityError {
  const wrong = answers.filter(({ right }) => !right).map(({ probe, saw }) => `${probe} (${saw})`);
  return new IntegrityError(
    'NOT_WORM',
    `${url} is not fit for WORM mode: ${wrong.join(', ')}. Run "tickmark log self-test" for the whole table; take a bucket with Object Lock at a provider that honours it, or write "lock: none" under archive and do without.`,
  );
}

const askProvider = (bucket: Bucket, prefix: string): Promise<SelfTest> => selfTest({ bucket, prefix });

/** The result for this very bucket; `null` where there is none that can be read. */
async function kept(files: Files, { url, endpoint }: BucketSettings): Promise<SelfTest | null> {
  try {
    const result = JSON.parse((await files.read(RESULT))?.toString('utf8') ?? 'null') as
      | (SelfTest & { readonly url: string; readonly endpoint: string | null })
      | null;
    return result?.url === url && result.endpoint === endpoint ? result : null;
  } catch {
    return null; // half a result: the provider is asked again
  }
}

function warn(says: string): void {
  process.stderr.write(`tickmark: ${says}\n`);
}
