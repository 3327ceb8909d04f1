import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Archive } from '../src/evidence/archive.ts';
import type { ArchiveLab } from '../src/evidence/archive-tester.ts';
import { NOW } from './run-draft.ts';
import { openArchive } from '../src/evidence/directory.ts';
import { type Bucket, openS3 } from '../src/evidence/s3/bucket.ts';
import type { Locking } from '../src/evidence/s3/objects.ts';
import { openBucket } from '../src/evidence/s3/open.ts';
import type { SelfTest } from '../src/evidence/s3/self-test.ts';

/** A provider of S3 that nobody here wrote, on this machine. */
export interface S3Server {
  readonly endpoint: string;
  stop(): void;
}

export const REGION = 'us-east-1';

/** A bucket as most are, one that keeps versions, or one with Object Lock. */
export type BucketKind = 'plain' | 'versioned' | 'locked';

export async function makeBucket({ endpoint }: S3Server, name: string, kind: BucketKind): Promise<void> {
  const { CreateBucketCommand, PutBucketVersioningCommand, S3Client } = await import('@aws-sdk/client-s3');
  const client = new S3Client({ region: REGION, endpoint, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: name, ...(kind === 'locked' ? { ObjectLockEnabledForBucket: true } : {}) }));
  if (kind === 'versioned') await client.send(new PutBucketVersioningCommand({ Bucket: name, VersioningConfiguration: { Status: 'Enabled' } }));
  client.destroy();
}

export const bucketAt = (endpoint: string, name: string): Promise<Bucket> => openS3({ name, region: REGION, endpoint });

export interface S3Lab extends ArchiveLab {
  readonly dir: string;
  readonly prefix: string;
  /** Straight to the provider. */
  readonly bucket: Bucket;
  /** All that was told to people. */
  readonly told: string[];
  close(): void;
}

/** An emulator answers wrongly where an archive must be tested nevertheless. */
export const trusting = async (): Promise<SelfTest> => ({ at: Date.now(), answers: [], left: 0 });

export interface S3LabOptions {
  readonly server: S3Server;
  readonly name: string;
  readonly locking: Locking | null;
  /** Where the archive asks, if not the server itself. */
  readonly by?: string;
}

let made = 0;

/** An archive below a prefix of its own. */
export async function s3Lab({ server, name, locking, by = server.endpoint }: S3LabOptions): Promise<S3Lab> {
  const dir = mkdtempSync(join(tmpdir(), 's3-'));
  const folder = `w${made++}`;
  const bucket = await bucketAt(server.endpoint, name);
  const told: string[] = [];
  const settings = { url: `s3://${name}/${folder}`, endpoint: by, region: REGION, locking };
  const key = (path: string): string => `${folder}/${path}`;
  const abort = (error: unknown): never => {
    throw error;
  };

  /** As nobody should be able to: every version goes. */
  async function remove(path: string): Promise<void> {
    for await (const version of bucket.versions(key(path))) {
      if (version.key !== key(path)) continue;
      if (locking && !version.marker) await bucket.retain(version.key, version.versionId, { mode: 'GOVERNANCE', until: Date.now() + 1000 });
      await bucket.remove(version.key, { versionId: version.versionId, bypass: locking !== null });
    }
  }

  return {
    dir,
    prefix: `${folder}/`,
    bucket,
    told,
    open: (): Promise<Archive> =>
      openArchive({
        dir,
        clock: () => NOW,
        origin: 'acme.example/test',
        abort,
        place: (files) => openBucket(settings, { files, tell: (says) => void told.push(says), test: trusting, pause: async () => undefined }),
      }),
    list: (path) => bucket.list(key(`${path}/`)),
    async edit(path, change) {
      const got = await bucket.get(key(path));
      if (!got) throw new Error(`${path} is not there`);
      const changed = change(got.bytes);
      if (changed.equals(got.bytes)) return;
      await remove(path);
      await bucket.put(key(path), changed, got.lock ? { lock: got.lock } : {});
    },
    remove,
    editLock(change) {
      const file = join(dir, 'log/.state/lock');
      const changed = change(readFileSync(file));
      if (changed) writeFileSync(file, changed);
      else rmSync(file);
    },
    close() {
      bucket.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
