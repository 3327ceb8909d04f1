// One of several processes that write one log in one bucket. Run: node test/peers/shared-bucket.ts URL DIR ENDPOINT FOLDER COUNT
import { fileURLToPath } from 'node:url';
import type { Files } from '../../src/evidence/files.ts';
import type { PublicPlace } from '../../src/evidence/objects.ts';
import type { BucketSettings } from '../../src/evidence/s3/open.ts';
import { openBucket } from '../../src/evidence/s3/open.ts';
import { REGION, trusting } from '../s3-lab.ts';
import { type Opened, openShared, saying } from './shared-log.ts';

/** A bucket with Object Lock, and a folder in it. */
export const settingsOf = (endpoint: string, folder: string): BucketSettings => ({
  url: `s3://shared/${folder}`,
  endpoint,
  region: REGION,
  locking: { mode: 'governance', retentionDays: 400 },
});

export const inBucket = (endpoint: string, folder: string, told: string[] = []) => {
  const tell = (says: string) => void told.push(says);
  return (files: Files): Promise<PublicPlace> => openBucket(settingsOf(endpoint, folder), { files, tell, test: trusting, pause: async () => undefined });
};

export const openInBucket = (url: string, dir: string, endpoint: string, folder: string, told?: string[]): Promise<Opened> =>
  openShared(url, dir, { place: inBucket(endpoint, folder, told) });

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [url = '', dir = '', endpoint = '', folder = '', count = ''] = process.argv.slice(2);
  const { archive, close } = await openInBucket(url, dir, endpoint, folder);
  await archive.append(Array.from({ length: Number(count) }, (_, place) => saying(`${place}`)));
  await close();
}
