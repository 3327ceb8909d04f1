import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeKeyCommand, KMSClient, ListAliasesCommand } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runDraft } from '../../test/archive.ts';
import { type Moto, motoServer, startMoto } from '../../test/peers/moto.ts';
import { missing } from '../../test/postgres.ts';
import type { Archive } from './archive.ts';
import { openArchive } from './directory.ts';
import { kmsEncryption } from './kms.ts';
import { LONGEST } from './record.ts';

const program = motoServer();
const [THEN, NOW] = [Date.parse('2025-11-01T02:00:00Z'), Date.parse('2026-03-01T02:00:00Z')];
const ERA = 'evidence/2025-Q4';

if (program === null) it.skipIf(missing('moto', 'pip install "moto[server]==5.2.1"'))('AWS KMS against moto', () => undefined);
else {
  describe('AWS KMS, against moto', () => {
    const root = mkdtempSync(join(tmpdir(), 'kms-'));
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = process.env;
    let moto: Moto;
    let kms: KMSClient;
    beforeAll(async () => {
      Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' });
      moto = await startMoto(program);
      kms = new KMSClient({ region: 'eu-central-1', endpoint: moto.endpoint });
    }, 120_000);
    afterAll(() => {
      for (const [name, before] of Object.entries({ AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY }))
        if (before === undefined) delete process.env[name];
        else process.env[name] = before;
      moto.stop();
      rmSync(root, { recursive: true });
    });
    const open = (name: string, at: number, isWrapped = true): Promise<Archive> =>
      openArchive({
        dir: join(root, name),
        clock: () => at,
        origin: `acme.example/${name}`,
        ...(isWrapped
          ? { encryption: (origin) => kmsEncryption({ region: 'eu-central-1', alias: 'tickmark', endpoint: moto.endpoint, waitDays: 7, origin }) }
          : {}),
      });
    const said = async (archive: Archive, index: number) => {
      const [subject] = (await archive.record(index)).subjects;
      return subject ? Buffer.from(await archive.payload(subject)).toString() : null;
    };
    const aliases = async () =>
      ((await kms.send(new ListAliasesCommand({}))).Aliases ?? []).map(({ AliasName }) => AliasName).filter((name) => name?.startsWith('alias/tickmark/'));

    it('wraps the key of each era with a key of its own, and what it destroys is gone, with a receipt', async () => {
      const then = await open('log', THEN);
      await then.append([runDraft('old', { at: THEN })]);
      await then.close();
      const archive = await open('log', NOW);
      await archive.append([runDraft('new', { at: NOW })]);
      expect(await aliases()).toEqual(['alias/tickmark/acme-example/log/evidence/2025-Q4', 'alias/tickmark/acme-example/log/evidence/2026-Q1']);
      expect([await said(archive, 0), await said(archive, 1)]).toEqual(['old', 'new']);
      const { kms: arn } = JSON.parse(readFileSync(join(root, 'log/keys/payloads', ERA, 'key'), 'utf8')) as { readonly kms: string };

      const head = { kind: 'disposal', step: 'planned', era: ERA, payloads: 'all', early: false, planned: null } as const;
      const body = { ...head, reason: 'due', approver: 'maria@acme.example', policy: 'evidence: 7 years', receipt: null };
      const [planned = -1] = await archive.append([{ body, demo: true, retention: LONGEST, subjects: [] }]);
      const receipt = JSON.parse((await archive.destroy(planned)) ?? 'null') as { readonly service: string; readonly key: string; readonly deletedAt: string };
      expect(receipt).toMatchObject({ service: 'aws-kms', key: arn });
      expect(Date.parse(receipt.deletedAt) - Date.now()).toBeGreaterThan(6 * 86_400_000);
      expect((await kms.send(new DescribeKeyCommand({ KeyId: arn }))).KeyMetadata?.KeyState).toBe('PendingDeletion');
      expect(JSON.parse((await archive.destroy(planned)) ?? 'null')).toEqual(receipt); // told again to whoever was interrupted
      expect(readFileSync(join(root, 'log/keys/payloads', ERA, 'key')).every((byte) => byte === 0)).toBe(true);
      expect(await said(archive, 1)).toBe('new');
      expect((await archive.verify()).problems).toEqual([]);
      await archive.close();
    });

    it('is told where the service was taken out of the configuration, and keeps eras that began before it was named', async () => {
      const plain = await open('grown', THEN, false);
      await plain.append([runDraft('before', { at: THEN })]);
      await plain.close();
      const grown = await open('grown', NOW);
      await grown.append([runDraft('after', { at: NOW })]);
      expect([await said(grown, 0), await said(grown, 1)]).toEqual(['before', 'after']);
      await grown.close();
      const without = await open('grown', NOW, false);
      expect(await said(without, 0)).toBe('before');
      await expect(said(without, 1)).rejects.toMatchObject({
        code: 'CONFIGURATION',
        message: expect.stringMatching(/^the key of evidence\/2026-Q1 is wrapped by a key service/),
      });
      await without.close();
    });

    it('refuses what was wrapped for another log or another era', async () => {
      const encryption = (origin: string) => kmsEncryption({ region: 'eu-central-1', alias: 'tickmark', endpoint: moto.endpoint, waitDays: 7, origin });
      const wrapped = await encryption('one').wrap('evidence/2026-Q3', Buffer.alloc(32, 7));
      expect(await encryption('one').unwrap('evidence/2026-Q3', wrapped)).toEqual(Buffer.alloc(32, 7));
      await expect(encryption('two').unwrap('evidence/2026-Q3', wrapped)).rejects.toMatchObject({ code: 'CONFIGURATION' });
      await expect(encryption('one').unwrap('evidence/2026-Q4', wrapped)).rejects.toMatchObject({ code: 'CONFIGURATION' });
      await expect(encryption('one').unwrap('evidence/2026-Q3', Buffer.from('half'))).rejects.toMatchObject({ code: 'KEYSTORE' });
    });
  });
}
