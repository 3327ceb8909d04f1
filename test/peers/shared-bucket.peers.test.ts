import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openArchive } from '../../src/evidence/directory.ts';
import { LONGEST } from '../../src/evidence/record.ts';
import type { Bucket } from '../../src/evidence/s3/bucket.ts';
import { missing } from '../postgres.ts';
import { NOW } from '../run-draft.ts';
import { bucketAt, makeBucket } from '../s3-lab.ts';
import { databases } from './databases.ts';
import { type Moto, motoServer, startMoto } from './moto.ts';
import { inBucket, openInBucket } from './shared-bucket.ts';
import { type Opened, ORIGIN, problemsOf, said, saying } from './shared-log.ts';

const { skip, fresh } = databases('shared-bucket');
const program = motoServer();
const WHY = { reason: 'asked', approver: 'maria@acme.example', policy: null, receipt: null };

if (program === null) it.skipIf(missing('moto', 'pip install "moto[server]==5.2.1"'))('one bucket and several processes', () => undefined);
else
  describe.skipIf(skip)('one log in one bucket, written by several processes', () => {
    let moto: Moto;
    let bucket: Bucket;
    beforeAll(async () => {
      Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' });
      moto = await startMoto(program);
      await makeBucket(moto, 'shared', 'locked');
      bucket = await bucketAt(moto.endpoint, 'shared');
    });
    afterAll(() => {
      bucket?.close();
      moto?.stop();
    });

    /** Another process with a state folder of its own seals so many records. */
    function sealedByAnother(url: string, dir: string, folder: string, count: number): void {
      const script = fileURLToPath(new URL('./shared-bucket.ts', import.meta.url));
      execFileSync(process.execPath, [script, url, dir, moto.endpoint, folder, String(count)], { stdio: ['ignore', 'ignore', 'inherit'] });
    }

    /** The archived checkpoint of this size. */
    async function checkpointIn(folder: string, size: number): Promise<string> {
      const name = (await bucket.list(`${folder}/log/checkpoints/`)).find((it) => Number(it.slice(0, 20)) === size);
      return `log/checkpoints/${name}`;
    }

    const pinsIn = async ({ database }: Opened) =>
      new Map(
        (await database.sql.selectFrom('keys.pins').selectAll().orderBy('path').execute()).map(({ path, version, digest }) => [path, { version, digest }]),
      );

    /** As whoever may bypass the lock can: the version that was written goes, and something else takes its name. */
    async function exchange(key: string): Promise<void> {
      const { versionId, bytes } = (await bucket.get(key)) ?? { versionId: null, bytes: Buffer.alloc(0) };
      await bucket.retain(key, versionId ?? '', { mode: 'GOVERNANCE', until: Date.now() + 1000 });
      await bucket.remove(key, { versionId: versionId ?? '', bypass: true });
      await bucket.put(key, Buffer.from(bytes.map((byte) => byte ^ 1)));
    }

    it('knows in each which versions the others wrote: what was exchanged is told by one that never saw it', async () => {
      const { url, dir } = await fresh();
      sealedByAnother(url, join(dir, 'one'), 'a', 3);
      const told: string[] = [];
      const opened = await openInBucket(url, join(dir, 'two'), moto.endpoint, 'a', told);
      const pins = await pinsIn(opened);
      const checkpoint = await checkpointIn('a', 3);
      expect(pins.get(checkpoint)?.version).toBe((await bucket.get(`a/${checkpoint}`))?.versionId);
      expect([existsSync(join(dir, 'one/bucket/versions')), existsSync(join(dir, 'two/bucket/versions'))]).toEqual([false, false]);
      expect(await said(opened.archive)).toEqual(['0', '1', '2']);
      expect([await problemsOf(opened), told]).toEqual([[], []]);

      await exchange(`a/${checkpoint}`);
      // Nothing but the pin says what was written there: the one version that is left would be the oldest.
      expect((await problemsOf(opened)).filter(({ code }) => code === 'ALTERED')).toEqual([
        { code: 'ALTERED', file: checkpoint, index: null, says: 'no version in the bucket is what was written' },
      ]);
      await opened.close();
    });

    it('raises no alarm in one over what another has blanked', async () => {
      const { url, dir } = await fresh();
      sealedByAnother(url, join(dir, 'one'), 'b', 1);
      const [told, alsoTold] = [[] as string[], [] as string[]];
      const [one, two] = [
        await openInBucket(url, join(dir, 'one'), moto.endpoint, 'b', told),
        await openInBucket(url, join(dir, 'two'), moto.endpoint, 'b', alsoTold),
      ];
      const { subjects, detail } = await two.archive.record(0);
      const [payload] = subjects;
      if (!payload) throw new Error('nothing was kept');
      const body = { kind: 'disposal', step: 'planned', era: detail.era, payloads: [payload.digest], early: true, planned: null, ...WHY } as const;
      const [planned = -1] = await one.archive.append([{ body, demo: false, retention: LONGEST, subjects: [] }]);
      await one.archive.destroy(planned);
      await one.archive.append([{ body: { ...body, step: 'completed', planned }, demo: false, retention: LONGEST, subjects: [] }]);
      await one.archive.erase(planned);
      const file = `packs/${payload.place.pack?.slice(0, 2)}/${payload.place.pack}`;
      const { versionId } = (await bucket.get(`b/${file}`)) ?? { versionId: null };
      expect((await pinsIn(two)).get(file)?.version).toBe(versionId);
      expect(await problemsOf(two)).toEqual([]);
      expect(alsoTold.filter((says) => /OVERWRITTEN|HIDDEN|ALTERED/.test(says))).toEqual([]);
      await one.close();
      await two.close();
    });

    it('moves the versions that one folder noted into the database, for all', async () => {
      const { url, dir } = await fresh();
      const alone = await openArchive({ dir: join(dir, 'one'), clock: () => NOW, origin: ORIGIN, place: inBucket(moto.endpoint, 'c') });
      await alone.append([saying('0')]);
      await alone.close();
      expect(existsSync(join(dir, 'one/bucket/versions'))).toBe(true);

      const one = await openInBucket(url, join(dir, 'one'), moto.endpoint, 'c');
      expect(existsSync(join(dir, 'one/bucket/versions'))).toBe(false);
      const pins = await pinsIn(one);
      const checkpoint = await checkpointIn('c', 1);
      expect([...pins.keys()].filter((path) => path.startsWith('log/checkpoints/')).at(-1)).toBe(checkpoint);
      await exchange(`c/${checkpoint}`);
      const two = await openInBucket(url, join(dir, 'two'), moto.endpoint, 'c');
      expect((await problemsOf(two)).some(({ code, file }) => code === 'ALTERED' && file === checkpoint)).toBe(true);
      await one.close();
      await two.close();
    });
  });
