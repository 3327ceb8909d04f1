import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RFC3161Timestamp } from '@sigstore/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authority, requestTimestamp } from '../../src/anchors/authority.ts';
import { readTrust } from '../../src/anchors/certificates.ts';
import { fetchPost } from '../../src/anchors/post.ts';
import { readTimestamp } from '../../src/anchors/timestamp.ts';
import { IntegrityError, TickmarkError } from '../../src/core/error.ts';
import { missing } from '../postgres.ts';
import { type Mode, startTsa } from './tsa.ts';

const TEXT = 'acme.example/log\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
const there = spawnSync('openssl', ['version']).status === 0;

if (!there) it.skipIf(missing('openssl', 'Install openssl.'))('timestamps', () => undefined);
else {
  const dir = mkdtempSync(join(tmpdir(), 'timestamps-'));
  afterAll(() => rmSync(dir, { recursive: true }));

  describe.each(['ec', 'rsa'] as const)('a time-stamping authority with %s certificates, served by openssl', (kind) => {
    let tsa: Awaited<ReturnType<typeof startTsa>>;
    let authority: Authority;
    beforeAll(async () => {
      tsa = await startTsa(kind);
      authority = { name: kind, url: tsa.url, trust: readTrust(tsa.root, 'root.crt'), policy: null };
    });
    afterAll(() => tsa.stop());

    const ask = (mode: Mode, more: Partial<Authority> = {}) => {
      tsa.does(mode);
      return requestTimestamp(TEXT, { ...authority, ...more }, fetchPost(mode === 'slow' ? { timeout: 1000 } : {}));
    };
    const refusal = async (asked: Promise<unknown>): Promise<string> => {
      try {
        await asked;
      } catch (error) {
        if (error instanceof TickmarkError) return `${error.code}: ${error.message}`;
        throw error;
      }
      return 'accepted';
    };

    it('gives a token that both of us verify', async () => {
      const { token, timestamp } = await ask('good');
      expect(Math.abs(timestamp.at - Date.now())).toBeLessThan(5000);
      expect(timestamp).toMatchObject({ accuracy: 1500, policy: '1.2.3.4.1' });
      expect(timestamp.chain.map(({ subject }) => subject)).toEqual(['CN=Test authority: good', 'CN=Test intermediate', 'CN=Test root']);
      writeFileSync(join(dir, 'it.tsr'), token);
      writeFileSync(join(dir, 'it.txt'), TEXT);
      const words = ['ts', '-verify', '-in', 'it.tsr', '-data', 'it.txt', '-CAfile', tsa.rootFile];
      expect(execFileSync('openssl', words, { cwd: dir, encoding: 'utf8' })).toContain('Verification: OK');
      writeFileSync(join(dir, 'it.txt'), `${TEXT} `);
      expect(spawnSync('openssl', words, { cwd: dir, encoding: 'utf8' }).stderr).toContain('message imprint mismatch');
      expect(readTimestamp(token, { text: TEXT, trust: authority.trust, policy: null, nonce: null })).toEqual(timestamp);
      // Sigstore's own reader knows signatures by elliptic curves only.
      if (kind === 'ec') expect(RFC3161Timestamp.parse(Buffer.from(token)).verify(Buffer.from(TEXT), timestamp.chain[0]!.publicKey)).toBeUndefined();
    });

    it('works by the policy that is asked of it', async () => {
      expect((await ask('good', { policy: '1.2.3.4.2' })).timestamp.policy).toBe('1.2.3.4.2');
      expect(await refusal(ask('good', { policy: '9.9' }))).toMatch(/^REFUSED: .*answered "rejected": .*policy/);
      const { token } = await ask('good');
      expect(await refusal((async () => readTimestamp(token, { text: TEXT, trust: authority.trust, policy: '1.2.3.4.2', nonce: null }))())).toMatch(
        /^POLICY: .*under the policy 1\.2\.3\.4\.1, not 1\.2\.3\.4\.2$/,
      );
    });

    it.each<[Mode, RegExp]>([
      ['wrong nonce', /^NONCE: /],
      ['wrong imprint', /^IMPRINT: /],
      ['no key usage', /^KEY_USAGE: CN=Test authority: no key usage is not a certificate for time-stamping alone/],
      ['key usage not critical', /^KEY_USAGE: /],
      ['key usage not alone', /^KEY_USAGE: /],
      ['expired', /^CHAIN: .*Test authority: expired was not valid at .*, only from 2020-01-01T00:00:00Z to 2021-01-01T00:00:00Z$/],
      ['stranger', /^CHAIN: .*Test authority: stranger does not lead to a root that is trusted$/],
      ['rejected', /^REFUSED: .*answered "rejected"/],
      ['garbage', /^DER: the answer of the time-stamping authority cannot be read$/],
      ['long', /^INCOMPLETE: .*longer than 262144 bytes$/],
      ['slow', /^INCOMPLETE: .*no answer within 1 s$/],
      ['redirect', /^INCOMPLETE: .*answered 307 with no type, not with a timestamp$/],
      ['wrong type', /^INCOMPLETE: .*answered 200 with text\/html, not with a timestamp$/],
      ['down', /^INCOMPLETE: http:\/\/127\.0\.0\.1:\d+\/tsr: /],
    ])('%s: is refused', async (mode, says) => expect(await refusal(ask(mode))).toMatch(says));

    it('has no byte that can be changed without it being refused, or saying the same', async () => {
      const { token, timestamp } = await ask('good');
      const expected = { text: TEXT, trust: authority.trust, policy: null, nonce: null };
      let refused = 0;
      for (let place = 0; place < token.length; place += kind === 'ec' ? 1 : 7) {
        const flipped = Buffer.from(token);
        flipped[place] = (flipped[place] ?? 0) ^ 1;
        try {
          const { at, serial, policy, accuracy } = readTimestamp(flipped, expected);
          expect({ at, serial, policy, accuracy }, `byte ${place}`).toEqual({
            at: timestamp.at,
            serial: timestamp.serial,
            policy: '1.2.3.4.1',
            accuracy: 1500,
          });
        } catch (error) {
          if (!(error instanceof IntegrityError)) throw error;
          refused++;
        }
      }
      expect(refused).toBeGreaterThan(token.length * (kind === 'ec' ? 0.95 : 0.13));
      for (const end of [0, 1, 5, token.length - 1])
        expect(await refusal((async () => readTimestamp(token.subarray(0, end), expected))())).toMatch(/^(DER|TIMESTAMP): /);
    });
  });
}
