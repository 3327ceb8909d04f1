import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveTester, damageTester, draft } from '../../src/evidence/archive-tester.ts';
import { selfTest } from '../../src/evidence/s3/self-test.ts';
import { missing } from '../postgres.ts';
import { hasRadosgw, startRadosgw } from '../radosgw.ts';
import { bucketAt, makeBucket, type S3Lab, type S3Server, s3Lab } from '../s3-lab.ts';

// Ceph is 180 MB: the full form of the tests asks for it, and CI does not.
const full = process.env.TICKMARK_FULL !== undefined;

if (!full) it.skip('the archive in S3 against radosgw (TICKMARK_FULL=1)', () => undefined);
else if (!hasRadosgw())
  it.skipIf(missing('radosgw', 'apt-get install --no-install-recommends radosgw ceph-mon ceph-osd'))('the archive in S3 against radosgw', () => undefined);
else {
  let ceph: S3Server;
  const labs: S3Lab[] = [];
  beforeAll(async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' });
    ceph = await startRadosgw();
    for (const kind of ['plain', 'versioned', 'locked'] as const) await makeBucket(ceph, kind, kind);
  });
  afterAll(() => {
    for (const lab of labs) lab.close();
    ceph?.stop();
  });
  const lab = async (kind: 'plain' | 'locked'): Promise<S3Lab> => {
    const its = await s3Lab({ server: ceph, name: kind, locking: kind === 'locked' ? { mode: 'governance', retentionDays: 1 } : null });
    labs.push(its);
    return its;
  };

  archiveTester('a bucket of radosgw', () => lab('plain'));
  damageTester('a bucket of radosgw', () => lab('plain'));

  describe('radosgw', () => {
    const wrong = async (name: string) => {
      const bucket = await bucketAt(ceph.endpoint, name);
      const { answers, left } = await selfTest({ bucket, prefix: 'probe/', seconds: 60 });
      bucket.close();
      return { left, wrong: answers.filter(({ right }) => !right).map(({ probe, saw }) => `${probe}: ${saw}`) };
    };

    it('honours its locks and none of the conditions of a bucket with versions, and is refused', async () => {
      expect(await wrong('locked')).toEqual({
        left: 7,
        wrong: ['create-again: accepted', 'race: 20 accepted', 'swap: 412 PreconditionFailed', 'checksum: accepted'],
      });
    });

    it('honours conditional creation where there are no versions', async () => {
      const { wrong: answers } = await wrong('plain');
      expect(answers.slice(0, 4)).toEqual(['object-lock: off', 'versions: no version', 'swap: 412 PreconditionFailed', 'checksum: accepted']);
    });

    it('keeps under its locks what is written over, hidden and asked to be deleted', async () => {
      const its = await lab('locked');
      const archive = await its.open();
      await archive.append([draft('a')]);
      const [folder = ''] = await its.list('packs');
      const pack = `packs/${folder}/${(await its.list(`packs/${folder}`))[0] ?? ''}`;
      const [, checkpoint = ''] = await its.list('log/checkpoints');
      for (const path of [pack, `log/checkpoints/${checkpoint}`]) {
        const versionId = (await its.bucket.get(`${its.prefix}${path}`))?.versionId ?? '';
        await its.bucket.put(`${its.prefix}${path}`, Buffer.from('forged'));
        await expect(its.bucket.remove(`${its.prefix}${path}`, { versionId }), path).rejects.toMatchObject({ status: 403 });
      }
      await its.bucket.remove(`${its.prefix}${pack}`);
      expect((await archive.verify()).problems.map(({ code, file }) => [code, file]).sort()).toEqual([
        ['HIDDEN', pack],
        ['OVERWRITTEN', `log/checkpoints/${checkpoint}`],
      ]);
      await archive.close();
    });
  });
}
