import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigurationError } from '../core/error.ts';
import type { Archive } from '../evidence/archive.ts';
import { makeLog } from '../../test/made-log.ts';
import { originOf } from './open.ts';
import { standardsOf } from './standards.ts';

const dir = mkdtempSync(join(tmpdir(), 'standards-'));
let archive: Archive;
beforeAll(async () => {
  archive = await makeLog(dir, 5);
});
afterAll(async () => {
  await archive.close();
  rmSync(dir, { recursive: true });
});

describe('what other verifiers read', () => {
  it('is the proof of the archive, in the spelling of C2SP', async () => {
    const { hashes, note } = await archive.proof(3);
    expect(hashes).toHaveLength(3);
    expect(await standardsOf(archive).tlogProof(3)).toBe(`c2sp.org/tlog-proof@v1\nindex 3\n${hashes.join('\n')}\n\n${note}`);
  });

  it('is the key of the log, and that nobody else needs to sign', () => {
    expect(archive.verifierKey).toMatch(/^acme\.example\/tickmark\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$/);
    expect(standardsOf(archive).tlogPolicy()).toBe(`log ${archive.verifierKey}\nquorum none\n`);
  });

  it('is not there for a record that is not', async () => {
    const fails = new ConfigurationError('there is no record 5: the log holds 5, numbered from 0.');
    await expect(standardsOf(archive).sigstoreBundle(5)).rejects.toThrow(fails);
    await expect(standardsOf(archive).tlogProof(5)).rejects.toThrow(fails);
  });
});

describe('the name of a new log', () => {
  it.each([
    ['Acme', false, /^acme-[0-9a-f]{8}\.tickmark\.internal$/],
    ['Müller & Söhne GmbH', false, /^m-ller-s-hne-gmbh-[0-9a-f]{8}\.tickmark\.internal$/],
    ['株式会社', false, /^company-[0-9a-f]{8}\.tickmark\.internal$/],
    ['Acme', true, /^demo\.acme\.example$/],
  ])('of %s (demo: %s) is the host of its own address, as Go verifiers of Sigstore ask', (company, demo, expected) => {
    const origin = originOf(company, demo);
    expect(origin).toMatch(expected);
    expect(new URL(`https://${origin}`).hostname).toBe(origin);
  });
});
