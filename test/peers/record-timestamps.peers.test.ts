import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attend } from '../../src/anchors/attend.ts';
import type { Authority } from '../../src/anchors/authority.ts';
import { readTrust } from '../../src/anchors/certificates.ts';
import { fetchPost, type Post } from '../../src/anchors/post.ts';
import { signatureIn, signatureTokens, stampRecord, tokensOf, trustedAuthorities } from '../../src/anchors/signatures.ts';
import { verifyAnchors } from '../../src/anchors/verify.ts';
import { standardsOf } from '../../src/app/standards.ts';
import { IncompleteError } from '../../src/core/error.ts';
import type { Archive } from '../../src/evidence/archive.ts';
import { openArchive } from '../../src/evidence/directory.ts';
import { Files } from '../../src/evidence/files.ts';
import type { LogDescription } from '../../src/log/description.ts';
import { LogReader } from '../../src/log/reader.ts';
import { trustedRoot } from '../../src/log/trusted-root.ts';
import { missing } from '../postgres.ts';
import { madeRun } from '../run-draft.ts';
import { stockSigstore } from '../stock-sigstore.ts';
import { startTsa } from './tsa.ts';

if (spawnSync('openssl', ['version']).status !== 0) it.skipIf(missing('openssl', 'Install openssl.'))('timestamps of records', () => undefined);
else
  describe('a run whose signature a time-stamping authority has confirmed', () => {
    const root = mkdtempSync(join(tmpdir(), 'record-timestamps-'));
    const dir = join(root, 'state');
    const store = new Files(dir);
    let tsa: Awaited<ReturnType<typeof startTsa>>;
    let authority: Authority;
    let archive: Archive;
    let keys: readonly string[];

    const run = (place: number) => madeRun({ body: { partition: `p${place % 3}` }, artifacts: { members: `[${place}]` } });
    const place = () => ({ store, reader: new LogReader(store, archive.verifier) });
    const visit = (post: Post = fetchPost()) =>
      attend(place(), { witnesses: [], quorum: 0, authorities: [authority] }, { post, clock: Date.now, patient: false });
    const standards = (trusted: readonly Authority[] = [authority]) =>
      standardsOf(archive, { of: (record) => tokensOf(store, record, trusted), authorities: () => trustedAuthorities(store, trusted) });
    const stamped = async () => {
      const all: number[] = [];
      for await (const { record } of signatureTokens(store)) all.push(record);
      return all.toSorted((a, b) => a - b);
    };
    const problems = async () => {
      const found = await verifyAnchors(
        place(),
        { witnesses: [], authorities: [authority] },
        () => archive.records(0),
        (record) => archive.envelope(record),
      );
      return found.map(({ code, file, index }) => [code, file, index]);
    };
    const fileOf = (record: number) => `log/signatures/000000/${record}.authority.tsr`;

    beforeAll(async () => {
      tsa = await startTsa('ec', 0);
      authority = { name: 'authority', url: tsa.url, trust: readTrust(tsa.root, 'root.crt'), policy: null, runs: true };
      archive = await openArchive({ dir, clock: Date.now, origin: 'acme-1a2b3c4d.tickmark.internal' });
      await archive.append([run(0), run(1)]);
      await visit(); // runs are shown from now on
      await archive.append([run(2), { body: { kind: 'configuration', at: Date.now() }, demo: false, subjects: [] }, run(4), run(5)]);
    });
    afterAll(async () => {
      await archive.close();
      await tsa.stop();
      rmSync(root, { recursive: true });
    });

    it('is shown to it once, from the first visit on; nothing else is, and what was cut short is made good', async () => {
      expect(await stamped()).toEqual([]);
      let answers = 2; // the checkpoint, and one run
      const dying: Post = (...asked) => (answers-- > 0 ? fetchPost()(...asked) : Promise.reject(new IncompleteError('no answer within 20 s')));
      await visit(dying);
      expect((await stamped()).length).toBe(1);
      await visit();
      expect(await stamped()).toEqual([2, 4, 5]);
      const asked = tsa.queries();
      await visit();
      expect(tsa.queries()).toBe(asked);
      keys = Object.values((JSON.parse(readFileSync(join(dir, 'log/log.json'), 'utf8')) as LogDescription).statementKeys);
      expect(await problems()).toEqual([]);
    });

    it('has a Sigstore bundle with the token, which the stock verifier accepts where it asks for one', async () => {
      const [its, stock] = [await standards().sigstoreBundle(4), stockSigstore(await standards().trustedRoot(), keys, { timestamps: 1 })];
      expect(stock(its)).toBe(null);
      expect(stock(await standards().sigstoreBundle(0))).toBe('TIMESTAMP_ERROR');
      expect(stockSigstore(trustedRoot(archive.verifierKey), keys, { timestamps: 1 })(its)).toBe('TIMESTAMP_ERROR');
      // The token of another record is over another signature.
      const [mine, other] = [JSON.parse(its), JSON.parse(await standards().sigstoreBundle(5))];
      mine.verificationMaterial.timestampVerificationData = other.verificationMaterial.timestampVerificationData;
      expect(stock(JSON.stringify(mine))).toBe('TIMESTAMP_ERROR');
    });

    it('is shown to it on demand, however old it is', async () => {
      await stampRecord(place(), 0, authority, fetchPost());
      const asked = tsa.queries();
      await stampRecord(place(), 0, authority, fetchPost());
      expect(tsa.queries()).toBe(asked);
      const stock = stockSigstore(await standards().trustedRoot(), keys, { timestamps: 1 });
      expect(stock(await standards().sigstoreBundle(0))).toBe(null);
      await expect(stampRecord(place(), 6, authority, fetchPost())).rejects.toMatchObject({ code: 'MISSING' });
    });

    it('is asked again for a time that Sigstore can read, and left out of bundles where it gives none', async () => {
      const precise = await startTsa('ec', 6);
      const its: Authority = { name: 'precise', url: precise.url, trust: readTrust(precise.root, 'root.crt'), policy: null };
      let asked = 0;
      /** Answers by the time in microseconds, the first so many times, and then to the second. */
      const post =
        (unreadable: number): Post =>
        async (_, ...query) => {
          if (asked++ >= unreadable) return fetchPost()(tsa.url, ...query);
          for (;;) {
            const answer = await fetchPost()(precise.url, ...query);
            if (/\d{14}\.\d{4,6}Z/.test(answer.body.toString('latin1'))) return answer;
          }
        };
      const both = { ...its, trust: readTrust(`${precise.root}\n${tsa.root}`, 'root.crt') };
      await stampRecord(place(), 1, both, post(2));
      expect([asked, (await tokensOf(store, 1, [both])).length]).toEqual([3, 1]);
      await stampRecord(place(), 3, both, post(99));
      expect([asked, (await tokensOf(store, 3, [both])).length]).toEqual([7, 0]);
      await precise.stop();
      const bundle = await standards([both]).sigstoreBundle(3);
      expect(stockSigstore(trustedRoot(archive.verifierKey), keys)(bundle)).toBe(null);
      for (const record of [1, 3]) rmSync(join(dir, `log/signatures/000000/${record}.precise.tsr`));
      for (const file of readdirSync(join(dir, 'log/authorities')).filter((name) => name.startsWith('precise.'))) rmSync(join(dir, 'log/authorities', file));
    });

    it('is verified by openssl over the signature, by the certificates that are kept beside it', async () => {
      writeFileSync(join(root, 'signature'), signatureIn(await archive.envelope(5)));
      const [chain = ''] = readdirSync(join(dir, 'log/authorities'));
      const words = ['ts', '-verify', '-in', join(dir, fileOf(5)), '-data', join(root, 'signature'), '-CAfile', join(dir, 'log/authorities', chain)];
      expect(execFileSync('openssl', words, { encoding: 'utf8', stdio: 'pipe' })).toContain('Verification: OK');
      writeFileSync(join(root, 'signature'), signatureIn(await archive.envelope(4)));
      expect(spawnSync('openssl', words, { encoding: 'utf8' }).stderr).toContain('message imprint mismatch');
    });

    it('names nobody whose certificates do not lead to a root of the configuration', async () => {
      const stranger = await startTsa('ec');
      const other = { ...authority, trust: readTrust(stranger.root, 'root.crt') };
      await stranger.stop();
      expect((await trustedAuthorities(store, [authority])).map(({ uri, subject, certificates }) => [uri, subject, certificates.length])).toEqual([
        [tsa.url, { organization: '', commonName: 'Test authority: good' }, 3],
      ]);
      expect(await trustedAuthorities(store, [other])).toEqual([]);
    });

    it('is named where its token was changed, exchanged, or is of no record', async () => {
      const [four, five] = [readFileSync(join(dir, fileOf(4))), readFileSync(join(dir, fileOf(5)))];
      const put = (record: number, bytes: Buffer) => {
        rmSync(join(dir, fileOf(record)), { force: true });
        writeFileSync(join(dir, fileOf(record)), bytes);
      };
      put(4, five);
      expect(await problems()).toEqual([['IMPRINT', fileOf(4), null]]);
      put(4, four);
      put(77, four);
      expect(await problems()).toEqual([['MISSING', fileOf(77), null]]);
      rmSync(join(dir, fileOf(77)));
      expect(await problems()).toEqual([]);
    });

    it('cannot say that it was sealed after its token', async () => {
      const found = await verifyAnchors(
        place(),
        { witnesses: [], authorities: [authority] },
        async function* () {
          for await (const { index, sealedAt } of archive.records(0)) yield { index, sealedAt: index === 4 ? sealedAt + 3_600_000 : sealedAt };
        },
        (record) => archive.envelope(record),
      );
      expect(found.map(({ code, index, file }) => [code, index, file])).toContainEqual(['MISDATED', 4, fileOf(4)]);
    });
  });
