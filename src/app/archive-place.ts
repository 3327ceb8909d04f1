import { join } from 'node:path';
import { collectors } from '../collectors/index.ts';
import { readConfiguration } from '../configuration/read.ts';
import type { ArchiveEntry, File } from '../configuration/schema.ts';
import { ConfigurationError, type IntegrityError } from '../core/error.ts';
import type { ArchiveOptions } from '../evidence/directory.ts';
import { Files } from '../evidence/files.ts';
import { type BucketSettings, keepResult, openBucket, testBucket, unfit } from '../evidence/s3/open.ts';
import { type Answer, fit } from '../evidence/s3/self-test.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the configuration says that the archive lies: nothing where it is the state folder. */
export function placeOf({ archive }: File, env: Environment): Pick<ArchiveOptions, 'place'> {
  if (!archive) return {};
  const settings = settingsOf(archive, env);
  return { place: (files) => openBucket(settings, { files }) };
}

/** Tries the bucket of a workspace, which is not opened: it may be one that cannot be. */
export async function selfTestBucket(
  dir: string,
  state: string,
  env: Environment = process.env,
): Promise<{
  readonly url: string;
  readonly lock: ArchiveEntry['lock'];
  readonly answers: readonly Answer[];
  readonly refusal: IntegrityError | null;
  readonly left: number;
}> {
  const { archive } = readConfiguration(dir, collectors).file;
  if (!archive) throw new ConfigurationError('the archive lies in the state folder: there is no bucket to try. Name one under "archive" in tickmark.yaml.');
  const settings = settingsOf(archive, env);
  const result = await testBucket(settings);
  await keepResult(new Files(join(dir, state)), settings, result);
  return { url: archive.url, lock: archive.lock, answers: result.answers, refusal: fit(result) ? null : unfit(archive.url, result), left: result.left };
}

function settingsOf({ url, endpoint: its, region, lock, retentionDays }: ArchiveEntry, env: Environment): BucketSettings {
  const endpoint = its ?? null;
  const where = region ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? (endpoint === null ? undefined : 'us-east-1');
  if (where === undefined) throw new ConfigurationError(`the region of ${url} is not known. Write it in tickmark.yaml as archive.region, or set AWS_REGION.`);
  return { url, endpoint, region: where, locking: lock === 'none' || retentionDays === undefined ? null : { mode: lock, retentionDays } };
}
