import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { initialize } from '../../src/app/initialize.ts';
import type { Archive } from '../../src/evidence/archive.ts';
import { all, archiveTester, damageTester, draft } from '../../src/evidence/archive-tester.ts';
import { Files } from '../../src/evidence/files.ts';
import { openS3 } from '../../src/evidence/s3/bucket.ts';
import { openBucket } from '../../src/evidence/s3/open.ts';
import { sha256hex } from '../../src/log/merkle.ts';
import { selfTest } from '../../src/evidence/s3/self-test.ts';
import { faultProxy, type Fault, type FaultProxy } from '../fault-proxy.ts';
import { missing } from '../postgres.ts';
import { bucketAt, makeBucket, REGION, type S3Lab, s3Lab } from '../s3-lab.ts';
import { type Moto, motoServer, startMoto } from './moto.ts';

/** In CI a part of the cases; all of them with TICKMARK_FULL=1. */
const FULL = Boolean(process.env.TICKMARK_FULL);

const program = motoServer();
const LOCKED = { mode: 'governance', retentionDays: 400 } as const;

if (program === null) it.skipIf(missing('moto', 'pip install "moto[server]==5.2.1"'))('the archive in S3 against moto', () => undefined);
else {
  let moto: Moto;
  let proxy: FaultProxy;
  const labs: S3Lab[] = [];

  beforeAll(async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' });
    moto = await startMoto(program);
    proxy = await faultProxy(moto.endpoint);
    for (const kind of ['plain', 'versioned', 'locked'] as const) await makeBucket(moto, kind, kind);
  });
  afterAll(() => {
    for (const lab of labs) lab.close();
    proxy?.stop();
    moto?.stop();
  });

  const lab = async (kind: 'plain' | 'locked', by?: string): Promise<S3Lab> => {
    const its = await s3Lab({ server: moto, name: kind, locking: kind === 'locked' ? LOCKED : null, ...(by === undefined ? {} : { by }) });
    labs.push(its);
    return its;
  };

  archiveTester('a bucket with Object Lock', () => lab('locked'));
  if (FULL) {
    damageTester('a bucket with Object Lock', () => lab('locked'));
    archiveTester('a bucket', () => lab('plain'));
    damageTester('a bucket', () => lab('plain'));
  }

  describe('what is locked', () => {
    const DAY = 86_400_000;

    async function sealed(count: number): Promise<S3Lab> {
      const its = await lab('locked');
      const archive = await its.open();
      await archive.append(Array.from({ length: count }, (_, at) => draft(`${at}`)));
      await archive.close();
      return its;
    }
    const packOf = async (its: S3Lab): Promise<string> => {
      const [folder = ''] = await its.list('packs');
      return `packs/${folder}/${(await its.list(`packs/${folder}`))[0] ?? ''}`;
    };

    it('is the log in compliance mode and payloads as configured; what changes is not', async () => {
      const its = await sealed(257);
      const lockOf = async (path: string) => {
        const lock = (await its.bucket.get(`${its.prefix}${path}`))?.lock;
        return lock && [lock.mode, Math.round((lock.until - Date.now()) / DAY)];
      };
      const [, checkpoint = ''] = await its.list('log/checkpoints');
      for (const path of ['log/tile/0/000', 'log/tile/entries/000', 'log/statements/000', `log/checkpoints/${checkpoint}`])
        expect(await lockOf(path), path).toEqual(['COMPLIANCE', 400]);
      expect(await lockOf(await packOf(its))).toEqual(['GOVERNANCE', 492]); // until its quarter ends the same bytes may be said again
      for (const path of ['log/tile/0/001.p/1', 'log/tile/1/000.p/1', 'log/checkpoint', 'log/log.json']) expect(await lockOf(path), path).toBeNull();
    });

    const locked: readonly (readonly [string, (its: S3Lab) => Promise<string>])[] = [
      ['a pack', packOf],
      ['a checkpoint', async (its) => `log/checkpoints/${(await its.list('log/checkpoints'))[1]}`],
      ['a tile', async () => 'log/tile/0/000'],
      ['a bundle of entries', async () => 'log/tile/entries/000'],
    ];
    it.each(FULL ? locked : locked.slice(0, 1))('%s that is written over or hidden is read as it was written, and reported', async (_, pathOf) => {
      const its = await sealed(256);
      const path = await pathOf(its);
      const expected = Array.from({ length: 256 }, (__, at) => `${at}`);
      for (const [code, harm] of [
        ['OVERWRITTEN', () => its.bucket.put(`${its.prefix}${path}`, Buffer.from('forged'))],
        ['HIDDEN', () => its.bucket.remove(`${its.prefix}${path}`)],
      ] as const) {
        await harm();
        const archive = await its.open();
        expect((await archive.verify()).problems).toEqual([{ code, file: path, index: null, says: expect.stringContaining('is what was written') }]);
        expect(await all(archive)).toEqual(expected);
        await archive.close();
        expect(its.told).toEqual([expect.stringMatching(`^${code}: ${path}: `)]);
        its.told.length = 0;
      }
    });

    it('is found without its pins, too: by its name, or as the oldest of its versions', async () => {
      const its = await sealed(256);
      const pack = await packOf(its);
      for (const path of [pack, 'log/tile/0/000']) await its.bucket.put(`${its.prefix}${path}`, Buffer.from('forged'));
      const files = new Files(join(its.dir, 'elsewhere'));
      const place = await openBucket(
        { url: `s3://locked/${its.prefix}`, endpoint: moto.endpoint, region: REGION, locking: LOCKED },
        { files, tell: () => undefined },
      );
      for (const path of [pack, 'log/tile/0/000']) {
        const bytes = await place.objects.read(path);
        expect(bytes?.length, path).toBeGreaterThan(6);
      }
      expect(place.problems().map(({ code, file }) => [code, file])).toEqual([
        ['OVERWRITTEN', pack],
        ['OVERWRITTEN', 'log/tile/0/000'],
      ]);
      place.close();
    });

    it('is written again where it was hidden or written over: what was there first counts', async () => {
      const its = await sealed(1);
      const pack = await packOf(its);
      const bytes = (await its.bucket.get(`${its.prefix}${pack}`))?.bytes ?? Buffer.alloc(0);
      await its.bucket.put(`${its.prefix}${pack}`, Buffer.from('forged'));
      const place = await openBucket(
        { url: `s3://locked/${its.prefix}`, endpoint: moto.endpoint, region: REGION, locking: LOCKED },
        { files: new Files(its.dir), tell: () => undefined },
      );
      await place.objects.create([[pack, bytes]]);
      expect(place.problems().map(({ code }) => code)).toEqual(['OVERWRITTEN']);
      await expect(place.objects.create([[pack, Buffer.from('neither')]])).rejects.toMatchObject({ code: 'IMMUTABLE' });
      place.close();
    });

    it('is blanked where it was disposed of: the old version goes when its lock has lapsed, and stays until then', async () => {
      const its = await sealed(1);
      const pack = await packOf(its);
      const key = `${its.prefix}${pack}`;
      const { versionId, bytes } = (await its.bucket.get(key)) ?? { versionId: null, bytes: Buffer.alloc(0) };
      const told: string[] = [];
      const place = await openBucket(
        { url: `s3://locked/${its.prefix}`, endpoint: moto.endpoint, region: REGION, locking: LOCKED },
        { files: new Files(its.dir), tell: (says) => void told.push(says) },
      );
      const blank = Buffer.concat([bytes.subarray(0, 10), Buffer.alloc(20), bytes.subarray(30)]);
      await place.reading.overwrite(pack, 10, Buffer.alloc(20));
      expect(await place.reading.read(pack)).toEqual(blank);
      expect(told).toEqual([expect.stringContaining(`version ${versionId}, which holds what was disposed of, is locked until `)]);
      expect((await its.bucket.get(key))?.lock?.mode).toBe('GOVERNANCE');

      await its.bucket.retain(key, versionId ?? '', { mode: 'GOVERNANCE', until: Date.now() - 1000 }); // moto lets time pass so
      await place.reading.overwrite(pack, 10, Buffer.alloc(20));
      expect(told).toHaveLength(1);
      const left: string[] = [];
      for await (const version of its.bucket.versions(key)) left.push(version.versionId);
      expect(left).toEqual([(await its.bucket.get(key))?.versionId]);
      expect(place.problems()).toEqual([]);
      place.close();
    });

    const written = Buffer.from('what was disposed of');
    const disposed = `packs/${sha256hex(written).slice(0, 2)}/${sha256hex(written)}`;
    /** Blanks all of it and removes it, as the disposal of everything in it does. */
    const erased = async (place: Awaited<ReturnType<typeof openBucket>>) => {
      await place.reading.overwrite(disposed, 0, Buffer.alloc(written.length));
      await place.reading.remove(disposed);
    };
    const versionsOf = async (bucket: S3Lab['bucket'], key: string) => {
      const left: string[] = [];
      for await (const { versionId } of bucket.versions(key)) left.push(versionId);
      return left;
    };

    it('is gone to the last version where all of it was disposed of and its lock has lapsed, and is no alarm before or after', async () => {
      const its = await lab('locked');
      const key = `${its.prefix}${disposed}`;
      const told: string[] = [];
      const settings = { url: `s3://locked/${its.prefix}`, endpoint: moto.endpoint, region: REGION, locking: LOCKED };
      const place = await openBucket(settings, { files: new Files(its.dir), tell: (says) => void told.push(says) });
      await place.objects.create([[disposed, written]]);
      for (let time = 0; time < 2; time++) {
        await erased(place);
        expect(await place.objects.read(disposed)).toEqual(Buffer.alloc(written.length));
        expect(await place.reading.read(disposed)).toEqual(Buffer.alloc(written.length));
      }
      expect(told).toHaveLength(1);
      const [blank = '', whole = '', ...more] = await versionsOf(its.bucket, key); // the newest first
      expect(more).toEqual([]);
      const lockUntil = (versionId: string, until: number) => its.bucket.retain(key, versionId, { mode: 'GOVERNANCE', until });
      // What stands in its place stays as long as it does, and is kept to be read where it is locked for longer.
      await lockUntil(blank, Date.now() - 1000);
      await erased(place);
      expect(await versionsOf(its.bucket, key)).toEqual([blank, whole]);
      await lockUntil(blank, Date.now() + 60_000);
      await lockUntil(whole, Date.now() - 1000);
      await erased(place);
      expect(await versionsOf(its.bucket, key)).toEqual([blank]);
      expect(await place.objects.read(disposed)).toEqual(Buffer.alloc(written.length));
      await lockUntil(blank, Date.now() - 1000);

      for (let time = 0; time < 2; time++) {
        await erased(place);
        expect(await place.objects.read(disposed)).toBeNull();
        expect(await place.reading.read(disposed)).toBeNull();
        expect(await place.objects.readPart(disposed, 0, 4)).toBeNull();
      }
      expect(await versionsOf(its.bucket, key)).toEqual([]);
      expect([told.length, place.problems()]).toEqual([1, []]);
      place.close();
    });

    it.each(['plain', 'versioned'])('is gone at once from a %s bucket without a lock, and is no alarm', async (name) => {
      const files = new Files(mkdtempSync(join(tmpdir(), 's3-gone-')));
      const settings = { url: `s3://${name}/gone`, endpoint: moto.endpoint, region: REGION, locking: null };
      const place = await openBucket(settings, { files, tell: () => undefined });
      await place.objects.create([[disposed, written]]);
      expect(await place.reading.read(disposed)).toEqual(written);
      await place.reading.overwrite(disposed, 0, Buffer.alloc(written.length));
      expect(await place.reading.read(disposed)).toEqual(Buffer.alloc(written.length));
      await place.reading.remove(disposed);
      expect(await place.reading.read(disposed)).toBeNull();
      for (let time = 0; time < 2; time++) {
        await erased(place);
        expect([await place.objects.read(disposed), await place.reading.read(disposed)]).toEqual([null, null]);
      }
      const bucket = await bucketAt(moto.endpoint, name);
      expect(await versionsOf(bucket, `gone/${disposed}`)).toEqual([]);
      expect(place.problems()).toEqual([]);
      bucket.close();
      place.close();
      rmSync(files.root, { recursive: true });
    });

    it('leaves nothing of what was passing: no version of staging and of narrower tiles', async () => {
      const its = await lab('locked');
      const archive = await its.open();
      for (let count = 0; count < 3; count++) await archive.append([draft(`${count}`)]);
      await archive.close();
      const keys = new Set<string>();
      for await (const { key } of its.bucket.versions(`${its.prefix}log/`)) keys.add(key.slice(its.prefix.length));
      expect([...keys].filter((key) => !key.startsWith('log/checkpoints/'))).toEqual([
        'log/checkpoint',
        'log/log.json',
        'log/statements/000.p/3',
        'log/tile/0/000.p/3',
        'log/tile/entries/000.p/3',
      ]);
    });
  });

  describe('the second reading', () => {
    it('asks the bucket for what may have changed, and for nothing else; what lies on the disk is checked', async () => {
      const its = await lab('locked', proxy.endpoint);
      const archive = await its.open();
      await archive.append(Array.from({ length: 256 }, (_, at) => draft(`${at}`)));
      expect(await all(archive)).toHaveLength(256);
      await archive.close();
      const again = await its.open();
      proxy.inject((method, path) => method === 'GET' && /packs|statements|entries/.test(path), { refuse: 503 });
      expect(await all(again)).toHaveLength(256);
      expect(proxy.met()).toBe(0);
      proxy.heal();
      await again.close();
    });
  });

  describe('faults on the way', () => {
    afterEach(() => proxy.heal());
    const OBJECTS = {
      pack: /\/packs\//,
      staging: /\/log\/\.state\/staging\//,
      tile: /\/log\/tile\/0\//,
      statements: /\/log\/statements\//,
      'archived checkpoint': /\/log\/checkpoints\//,
      checkpoint: /\/log\/checkpoint(\?|$)/,
    } as const;
    const FAULTS: readonly (readonly [string, Fault])[] = [
      ['is refused with 503', { refuse: 503 }],
      ['is cut off', 'cut'],
      ['is kept, but the reply is lost', 'lose-reply'],
      ['is kept, but answered with 503', { deny: 503 }],
      ['meets a rival (409)', { refuse: 409 }],
      ['is kept, but answered with 412', { deny: 412 }],
    ];
    const conditional = (what: keyof typeof OBJECTS): boolean => what !== 'staging' && what !== 'checkpoint';
    const every = (Object.keys(OBJECTS) as (keyof typeof OBJECTS)[]).flatMap((what) =>
      FAULTS.filter(([says]) => conditional(what) || !/409|412/.test(says)).map(([says, fault]) => [what, says, fault] as const),
    );

    // Each object and each fault, though not each with each.
    const cases = FULL ? every : every.filter((_, place) => place % 4 === 0);

    const puts = (what: keyof typeof OBJECTS) => (method: string, path: string) => method === 'PUT' && OBJECTS[what].test(path);

    describe('once', () => {
      let its: S3Lab;
      let archive: Archive;
      const expected: string[] = [];
      beforeAll(async () => {
        its = await lab('locked', proxy.endpoint);
        archive = await its.open();
      });
      afterAll(() => archive.close());

      it.each(cases)('a %s that %s is written all the same', async (what, _, fault) => {
        proxy.inject(puts(what), fault, 1);
        expect(await archive.append([draft(`${expected.length}`)])).toEqual([expected.length]);
        expect(proxy.met()).toBe(1);
        proxy.heal();
        expected.push(`${expected.length}`);
      });

      it('leaves a log that is whole, each part of it written once', async () => {
        expect(expected).toHaveLength(cases.length);
        expect(await all(archive)).toEqual(expected);
        expect((await archive.verify()).problems).toEqual([]);
        for (const folder of ['packs/', 'log/checkpoints/']) {
          const keys: string[] = [];
          for await (const { key } of its.bucket.versions(`${its.prefix}${folder}`)) keys.push(key);
          expect(new Set(keys).size).toBe(keys.length);
          expect(keys.length, folder).toBe(expected.length + (folder === 'packs/' ? 0 : 1));
        }
      });
    });

    describe('without end', () => {
      const ENDLESS = (['pack', 'staging', 'tile', 'archived checkpoint', 'checkpoint'] as const).flatMap((what) =>
        (
          [
            ['fails and is not kept', { refuse: 503 }],
            ['fails and is kept', { deny: 503 }],
          ] as const
        ).map(([says, fault]) => [what, says, fault] as const),
      );
      /** What is committed is finished later, and what is not is as if it had never been; handed in again, either is there once. */
      it.each(FULL ? ENDLESS : ENDLESS.filter((_, place) => place % 3 === 0))(
        'a %s that %s fails the batch; afterwards it is sealed once',
        async (what, _, fault) => {
          const its = await lab('locked', proxy.endpoint);
          const archive = await its.open();
          await archive.append([draft('0')]);
          proxy.inject(puts(what), fault);
          const second = { ...draft('1'), id: 'ab'.repeat(16) };
          await expect(archive.append([second])).rejects.toMatchObject({ code: 'BUCKET', exit: 2 });
          proxy.heal();
          expect((await archive.checkpoint()).size).toBe(what === 'checkpoint' && 'deny' in fault ? 2 : 1);
          expect(await archive.append([second, draft('2')])).toEqual([1, 2]);
          await archive.close();
          const again = await its.open();
          expect(await all(again)).toEqual(['0', '1', '2']);
          expect((await again.verify()).problems).toEqual([]);
          await again.close();
        },
      );
    });
  });

  describe('what the self-test finds', () => {
    /** Of those who race for a name moto lets two win now and then, and is rightly refused for it too. */
    const wrong = async (name: string) => {
      const bucket = await bucketAt(moto.endpoint, name);
      const { answers } = await selfTest({ bucket, prefix: 'probe/', seconds: 20 });
      bucket.close();
      return answers.flatMap(({ right, probe }) => (right || probe === 'race' ? [] : [probe]));
    };

    it('moto answers all but three questions rightly, and is refused for these', async () => {
      expect(await wrong('locked')).toEqual(['checksum', 'shorten', 'weaken']);
    });

    it('nothing where the provider does not answer: that is no wrong answer', async () => {
      const bucket = await openS3({ name: 'locked', region: REGION, endpoint: proxy.endpoint, pause: async () => undefined });
      proxy.inject((method, path) => method === 'PUT' && path.includes('/shorten'), { refuse: 503 });
      await expect(selfTest({ bucket, prefix: 'silent/', seconds: 20 })).rejects.toMatchObject({ code: 'BUCKET', exit: 2, status: 503 });
      bucket.close();
      proxy.heal();
    });

    it('a bucket without Object Lock, or without versions, is no better', async () => {
      const locks = ['retention', 'overwrite-locked', 'hide-locked', 'delete-compliance', 'delete-governance', 'shorten', 'weaken'];
      expect(await wrong('versioned')).toEqual(['object-lock', 'checksum', ...locks]);
      expect(await wrong('plain')).toEqual(['object-lock', 'versions', 'checksum', ...locks]);
    });

    /** What moto answers wrongly is answered for it: so would a provider that can be trusted. */
    const corrected = (): string => {
      proxy.inject((method, path) => method === 'PUT' && path.endsWith('/checksum?x-id=PutObject'), { refuse: 400 });
      proxy.inject((method, path) => method === 'PUT' && /[?&]retention/.test(path), { refuse: 403 });
      return proxy.endpoint;
    };

    it('what another server asks at the same time is left to it, and what an interrupted test left is removed', async () => {
      const bucket = await bucketAt(moto.endpoint, 'versioned');
      const [folder, now] = ['beside/self-test/', Date.now()];
      const names = [`${now - 3_500_000}-0123456789abcdef/create`, `${now - 3_700_000}-0123456789abcdef/create`, '0123456789abcdef/create'];
      for (const name of names) await bucket.put(`${folder}${name}`, Buffer.from('x'));
      await selfTest({ bucket, prefix: 'beside/', seconds: 20 });
      const left: string[] = [];
      for await (const { key } of bucket.versions(folder)) left.push(key.slice(folder.length));
      bucket.close();
      expect(left).toEqual([names[0]]);
    });

    it('a provider that answers all of them rightly is fit', async () => {
      const bucket = await bucketAt(corrected(), 'locked');
      const { answers, left } = await selfTest({ bucket, prefix: 'fit/', seconds: 20 });
      bucket.close();
      proxy.heal();
      expect(answers.filter(({ right }) => !right)).toEqual([]);
      expect(answers).toHaveLength(15);
      expect(left).toBe(7);
    });

    it.skipIf(!FULL)(
      'by the command line: the table, what is wrong, and the exit code; a workspace is collected, verified and read there',
      async () => {
        const dir = mkdtempSync(join(tmpdir(), 's3-workspace-'));
        try {
          initialize(dir, { company: 'Acme', timezone: 'UTC', period: '2026-01-01..2030-01-01' });
          const yaml = readFileSync(join(dir, 'tickmark.yaml'), 'utf8');
          const at = (endpoint: string, lock = 'lock: compliance, retentionDays: 30') =>
            writeFileSync(join(dir, 'tickmark.yaml'), `${yaml}\narchive: { url: "s3://locked/${dir.split('/').at(-1)}", endpoint: "${endpoint}", ${lock} }\n`);
          const tickmark = async (...words: readonly string[]) => {
            const child = spawn(process.execPath, ['src/cli/main.ts', ...words, '--workspace', dir], { stdio: ['ignore', 'pipe', 'pipe'] });
            const [said, errors]: [string[], string[]] = [[], []];
            child.stdout.on('data', (chunk) => void said.push(String(chunk)));
            child.stderr.on('data', (chunk) => void errors.push(String(chunk)));
            const code = await new Promise((done) => child.once('close', done));
            return { code, said: said.join(''), errors: errors.join('') };
          };

          at(moto.endpoint);
          const refused = await tickmark('log', 'self-test');
          expect([refused.code, refused.said.match(/^WRONG {2}\S+/gm)]).toEqual([3, ['WRONG  checksum', 'WRONG  shorten', 'WRONG  weaken']]);
          expect(refused.errors).toContain('is not fit for WORM mode: checksum (accepted), shorten (accepted), weaken (accepted)');
          expect(await tickmark('status')).toMatchObject({ code: 3, errors: expect.stringContaining('is not fit for WORM mode') });
          at(moto.endpoint, 'lock: none');
          expect(await tickmark('log', 'self-test')).toMatchObject({ code: 0, errors: '' });

          at(corrected());
          expect(await tickmark('collect')).toMatchObject({ code: 0, errors: expect.not.stringContaining('error') });
          const { code, said, errors } = await tickmark('log', 'verify');
          expect([code, errors]).toEqual([0, '']);
          expect(said).toContain('Verified: 1 record and ');
          expect(existsSync(join(dir, '.tickmark/log/log.json'))).toBe(false);
          expect(JSON.parse((await tickmark('log', 'self-test', '--json')).said)).toMatchObject({ lock: 'compliance', fit: true, left: 7 });
        } finally {
          proxy.heal();
          rmSync(dir, { recursive: true, force: true });
        }
      },
      600_000,
    ); // seven processes

    it('keeps an archive from being begun there, and says what is wrong; the answer is kept', async () => {
      const its = await lab('locked');
      const files = new Files(its.dir);
      const settings = { url: `s3://locked/${its.prefix}`, endpoint: moto.endpoint, region: REGION, locking: LOCKED };
      const place = await openBucket(settings, { files, tell: () => undefined });
      await expect(place.admit()).rejects.toMatchObject({
        code: 'NOT_WORM',
        exit: 3,
        message: expect.stringContaining('is not fit for WORM mode: checksum (accepted), shorten (accepted), weaken (accepted)'),
      });
      expect(JSON.parse(readFileSync(join(its.dir, 'bucket/self-test.json'), 'utf8'))).toMatchObject({ url: settings.url, endpoint: moto.endpoint });
      place.close();
      const unlocked = await openBucket({ ...settings, locking: null }, { files, tell: () => undefined });
      await expect(unlocked.admit()).resolves.toBeUndefined();
      unlocked.close();
    });
  });
}
