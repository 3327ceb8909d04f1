import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Archive } from '../../src/evidence/archive.ts';
import { Files } from '../../src/evidence/files.ts';
import type { LogDescription } from '../../src/log/description.ts';
import { LogReader } from '../../src/log/reader.ts';
import { sigstoreBundle } from '../../src/evidence/sigstore.ts';
import { trustedRoot } from '../../src/log/trusted-root.ts';
import type { Hash } from '../../src/log/merkle.ts';
import { parseVerifierKey } from '../../src/log/note.ts';
import { inclusionProof, type ReadHash, TILE_WIDTH, tilesOf } from '../../src/log/tiles.ts';
import { growLog, makeLog } from '../made-log.ts';
import { missing } from '../postgres.ts';
import { stockSigstore } from '../stock-sigstore.ts';
import { tally } from '../log/tally.ts';
import { layOut } from './lay-out.ts';

// A log that our own writer made, and verifiers that nobody here wrote. In full: 70,000 records, and every one of them.
const FULL = process.env.TICKMARK_FULL === '1';
const SIZE = FULL ? 70_000 : 3_000;
/** Every so many records, in shares where `npm run test:faults` says so. */
const [PART = 1, PARTS = 1] = (process.env.TICKMARK_PART ?? '1/1').split('/').map(Number);
const STEP = FULL ? PARTS : 15;

const go = ['/usr/local/go/bin/go', 'go'].find((path) => spawnSync(path, ['version']).status === 0);
const python = ['python3', '/usr/bin/python3'].find((path) => spawnSync(path, ['-c', 'import cryptography']).status === 0);
const openssl = spawnSync('openssl', ['version']).status === 0 ? 'openssl' : undefined;

if (go === undefined || python === undefined || openssl === undefined)
  it.skipIf(missing('Go, openssl or python3-cryptography', 'Install golang-go, openssl and python3-cryptography.'))('a log before strangers', () => undefined);
else {
  describe(`a log of ${SIZE} records`, () => {
    const root = mkdtempSync(join(tmpdir(), 'foreign-'));
    const at = (...path: string[]) => join(root, ...path);
    const log = at('state/log');
    let archive: Archive;
    let keys: readonly string[];

    beforeAll(async () => {
      archive = await makeLog(at('state'), SIZE, { origin: 'acme-1a2b3c4d.tickmark.internal', batch: FULL ? 999 : 333 });
      keys = Object.values((JSON.parse(readFileSync(join(log, 'log.json'), 'utf8')) as LogDescription).statementKeys);
      const some = Array.from({ length: FULL ? 1000 : 40 }, (_, place) => Math.floor((place * (SIZE - 1)) / (FULL ? 999 : 39)));
      await layOut(archive, at('state'), at('folder'), some);
      for (const name of ['verify-log', 'verify-proof']) execFileSync(go, ['build', '-o', at(name), '.'], { cwd: join(import.meta.dirname, name) });
    }, 600_000);
    afterAll(async () => {
      await archive.close();
      rmSync(root, { recursive: true });
    });

    /** Changes a file, asks, and puts it back. */
    function altered<Answer>(file: string, change: (bytes: Buffer) => Buffer | null, ask: () => Answer): Answer {
      const sound = readFileSync(file);
      chmodSync(file, 0o644);
      const changed = change(Buffer.from(sound));
      if (changed) writeFileSync(file, changed);
      else rmSync(file);
      try {
        return ask();
      } finally {
        writeFileSync(file, sound);
      }
    }
    const flip = (place: number) => (bytes: Buffer) => {
      bytes[place] = (bytes[place] ?? 0) ^ 1;
      return bytes;
    };
    const text = (change: (it: string) => string) => (bytes: Buffer) => Buffer.from(change(bytes.toString('utf8')));
    /** The first letter of the first hash of a proof. */
    const edited = text((it) => it.replace(/(?<=index 0\n)./, (is) => (is === 'A' ? 'B' : 'A')));

    describe('before golang.org/x/mod/sumdb', () => {
      const verify = () => spawnSync(at('verify-log'), [log, archive.verifierKey], { encoding: 'utf8' });

      it('holds: every tile, every inclusion, every checkpoint that was ever signed', () => {
        const { stdout, stderr, status } = verify();
        expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
        const kept = readdirSync(join(log, 'checkpoints')).length;
        expect(stdout).toBe(`VERIFIED ${archive.origin} size ${SIZE} tiles ${FULL ? 277 : 13} checkpoints ${kept}\n`);
        tally('strangers', 'golang.org/x/mod/sumdb', SIZE, 0);
        expect(kept).toBe(1 + Math.ceil(SIZE / (FULL ? 999 : 333)));
      });

      const archived = () => join('checkpoints', readdirSync(join(log, 'checkpoints')).at(-2) ?? '');
      it.each<[string, () => string, (bytes: Buffer) => Buffer | null, RegExp]>([
        ['a bit of an entry', () => 'tile/entries/003', flip(500), /^the entries do not give the signed root/],
        ['an entry left out', () => 'tile/entries/003', (bytes) => bytes.subarray(2 + bytes.readUInt16BE(0)), /entries, not/],
        ['a bit of a tile', () => 'tile/0/002', flip(8000), /^tile 0\/2 is not what the entries give/],
        ['a bit of a tile above', () => `tile/1/${FULL ? '000' : '000.p/11'}`, flip(33), /^tile 1\/0 is not what the entries give/],
        ['a missing tile', () => 'tile/0/004', () => null, /no such file/],
        ['a longer tile', () => 'tile/0/004', (bytes) => Buffer.concat([bytes, bytes.subarray(0, 32)]), /^tile 0\/4 is not what/],
        ['another size', () => 'checkpoint', text((it) => it.replace(`\n${SIZE}\n`, `\n${SIZE - 1}\n`)), /^signature: /],
        ['an older checkpoint of another root', archived, flip(45), /^signature: |^root/],
      ])('is refused with %s', (_, file, change, says) => {
        const { stderr, status } = altered(join(log, file()), change, verify);
        expect(stderr).toMatch(says);
        expect(status).toBe(1);
      });

      it('is refused with a checkpoint that the same key signed over another history', async () => {
        await (await makeLog(at('mine'), 200)).close();
        cpSync(at('mine'), at('other'), { recursive: true });
        const [mine, other] = [await growLog(at('mine'), 300), await growLog(at('other'), 100)];
        const ask = () => spawnSync(at('verify-log'), [at('mine/log'), mine.verifierKey], { encoding: 'utf8' });
        expect(ask().status).toBe(0);
        cpSync(at('other/log/checkpoints'), at('mine/log/checkpoints'), { recursive: true });
        expect(ask()).toMatchObject({ status: 1, stderr: 'consistency of 200 and 300: invalid transparency proof\n' });
        await mine.close();
        await other.close();
      });
    });

    describe('before @sigstore/verify', () => {
      it('holds', async () => {
        const stock = stockSigstore(trustedRoot(archive.verifierKey), keys);
        let verified = 0;
        for await (const bundle of bundlesOf(at('state'), archive.verifierKey, STEP)) {
          expect(stock(bundle)).toBe(null);
          verified++;
        }
        tally('strangers', '@sigstore/verify', verified, 0);
        expect(verified).toBe(SIZE / STEP);
      }, 900_000);

      it('is refused with the proof of another record', async () => {
        const [first = '', second = ''] = [await nth(0), await nth(1)];
        const [mine, other] = [JSON.parse(first) as { verificationMaterial: unknown }, JSON.parse(second) as { verificationMaterial: unknown }];
        const stock = stockSigstore(trustedRoot(archive.verifierKey), keys);
        expect(stock(JSON.stringify({ ...mine, verificationMaterial: other.verificationMaterial }))).toBe('TLOG_BODY_ERROR');
      });

      async function nth(place: number): Promise<string> {
        for await (const bundle of bundlesOf(at('state'), archive.verifierKey, STEP)) if (place-- === 0) return bundle;
        return '';
      }
    });

    describe('before filippo.io/torchwood', () => {
      const records = () => readdirSync(at('folder/evidence'));
      const verify = () => {
        mkdirSync(at('entries'), { recursive: true });
        const lines = records().map((index) => {
          const { verificationMaterial } = JSON.parse(readFileSync(at('folder/evidence', index, 'bundle.sigstore.json'), 'utf8')) as Bundle;
          writeFileSync(at('entries', index), Buffer.from(verificationMaterial.tlogEntries[0].canonicalizedBody, 'base64'));
          return `${at('folder/evidence', index, 'proof.tlog-proof')} ${at('entries', index)}\n`;
        });
        return spawnSync(at('verify-proof'), [at('folder/policy')], { input: lines.join(''), encoding: 'utf8' });
      };
      const proof = at('folder/evidence/0/proof.tlog-proof');

      it('holds', () => {
        expect(verify()).toMatchObject({ status: 0, stderr: '', stdout: `VERIFIED ${records().length} proofs\n` });
        tally('strangers', 'filippo.io/torchwood', records().length, 0);
      });

      it.each<[string, string, (bytes: Buffer) => Buffer, RegExp]>([
        ['another index', proof, text((it) => it.replace('index 0', 'index 1')), /inclusion proof verification failed for index 1/],
        ['an edited hash', proof, edited, /inclusion proof verification failed for index 0/],
        ['a hash left out', proof, text((it) => it.replace(/(?<=index 0\n).*\n/, '')), /inclusion proof verification failed for index 0/],
        ['another size', proof, text((it) => it.replace(`\n${SIZE}\n`, `\n${SIZE + 1}\n`)), /^invalid signature for key acme/],
        ['a policy of another log', at('folder/policy'), text((it) => it.replace('acme', 'ucme')), /vkey|key hash/],
      ])('is refused with %s', (_, file, change, says) => {
        const { stderr, status } = altered(file, change, verify);
        expect(stderr).toMatch(says);
        expect(status).toBe(1);
      });
    });

    describe('before python3-cryptography', () => {
      const verify = () => spawnSync(python, [join(import.meta.dirname, 'verify-folder.py'), at('folder'), archive.verifierKey], { encoding: 'utf8' });
      const its = (name: string) => at('folder/evidence/0', name);

      it('holds', () => {
        expect(verify()).toMatchObject({ status: 0, stderr: '', stdout: `VERIFIED ${readdirSync(at('folder/evidence')).length} of ${SIZE}\n` });
        tally('strangers', 'python3-cryptography', readdirSync(at('folder/evidence')).length, 0);
      });

      it.each<[string, string, (bytes: Buffer) => Buffer | null, RegExp]>([
        [
          'an edited statement',
          its('statement.dsse.json'),
          text((it) => it.replace(/(?<="payload":".{400})./, (is) => (is === 'A' ? 'B' : 'A'))),
          /another statement/,
        ],
        [
          'an edited signature',
          its('statement.dsse.json'),
          text((it) => it.replace(/(?<="sig":".{40})./, (is) => (is === 'A' ? 'B' : 'A'))),
          /another signature/,
        ],
        [
          'a statement of another record',
          its('statement.dsse.json'),
          () => readFileSync(at('folder/evidence', String(SIZE - 1), 'statement.dsse.json')),
          /another statement/,
        ],
        ['an edited proof', its('proof.tlog-proof'), edited, /not in the log/],
        ['another root', at('folder/checkpoint'), text((it) => it.replace(/(?<=\n\d+\n)./, (is) => (is === 'A' ? 'B' : 'A'))), /InvalidSignature/],
        ['a missing payload', its('payload.1'), () => null, /other payloads/],
        ['an edited payload', its('payload.0'), flip(3), /other payloads/],
      ])('is refused with %s', (_, file, change, says) => {
        const { stderr, status } = altered(file, change, verify);
        expect(stderr).toMatch(says);
        expect(status).toBe(1);
      });
    });

    describe('before openssl', () => {
      const input = (name: string, bytes: Uint8Array) => {
        writeFileSync(at(name), bytes);
        return at(name);
      };
      /** The statement of a record, by the key that log.json names for its collector. */
      function statement(index: string, { key = null as string | null, change = (pae: string) => pae } = {}): string {
        const { payload, payloadType, signatures } = JSON.parse(readFileSync(at('folder/evidence', index, 'statement.dsse.json'), 'utf8')) as Envelope;
        const bytes = Buffer.from(payload, 'base64').toString('utf8');
        const { verificationMaterial } = JSON.parse(readFileSync(at('folder/evidence', index, 'bundle.sigstore.json'), 'utf8')) as Bundle;
        const signer =
          key ??
          Buffer.from(verificationMaterial.tlogEntries[0].canonicalizedBody, 'base64')
            .toString('utf8')
            .match(/(?<="rawBytes":")[^"]*/)?.[0] ??
          '';
        if (key === null) expect(keys).toContain(signer);
        const pae = `DSSEv1 ${payloadType.length} ${payloadType} ${Buffer.byteLength(bytes)} ${bytes}`;
        const der = input('signer.der', Buffer.from(signer, 'base64'));
        const signature = input('statement.sig', Buffer.from(signatures[0].sig, 'base64'));
        return spawnSync('openssl', ['dgst', '-sha256', '-verify', der, '-keyform', 'DER', '-signature', signature, input('pae', Buffer.from(change(pae)))], {
          encoding: 'utf8',
        }).stdout;
      }
      /** The checkpoint, by the key in the policy. */
      function checkpoint(change = (it: string) => it): number | null {
        const [body = '', signatures = ''] = readFileSync(at('folder/checkpoint'), 'utf8').split('\n\n');
        const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), parseVerifierKey(archive.verifierKey).publicKey]);
        const signature = input('checkpoint.sig', Buffer.from(signatures.trim().split(' ')[2] ?? '', 'base64').subarray(4));
        const args = [
          '-verify',
          '-pubin',
          '-keyform',
          'DER',
          '-inkey',
          input('log.der', der),
          '-rawin',
          '-in',
          input('note', Buffer.from(change(`${body}\n`))),
        ];
        return spawnSync('openssl', ['pkeyutl', ...args, '-sigfile', signature]).status;
      }

      it('holds: statements and the checkpoint', () => {
        const some = readdirSync(at('folder/evidence')).slice(0, FULL ? 200 : 12);
        expect(some.map((index) => statement(index))).toEqual(some.map(() => 'Verified OK\n'));
        expect(checkpoint()).toBe(0);
        tally('strangers', 'openssl', some.length, 0);
      });

      it('is refused: an edited statement, the key of another collector, an edited checkpoint', () => {
        expect(statement('0', { change: (pae) => pae.replace('acme', 'Acme') })).toBe('Verification failure\n');
        const own = keys.filter((key) => statement('0', { key }) === 'Verified OK\n');
        expect([own.length, keys.length]).toEqual([1, 3]);
        expect(checkpoint((note) => note.replace(`\n${SIZE}\n`, `\n${SIZE + 1}\n`))).toBe(1);
      });
    });
  });
}

/** The hashes of all tiles, read once. */
async function hashesOf(reader: LogReader, size: number): Promise<ReadHash> {
  const levels: Hash[][] = [];
  for (const { level, index } of tilesOf(size)) {
    levels[level] ??= [];
    levels[level].push(...(await reader.tile(level, index, size)));
  }
  return (level, index) => levels[level]?.[index] ?? Buffer.alloc(0);
}

/** Every so many records as a bundle. */
async function* bundlesOf(state: string, verifierKey: string, step: number): AsyncIterable<string> {
  const reader = new LogReader(new Files(state), parseVerifierKey(verifierKey));
  const { checkpoint, note } = await reader.checkpoint();
  const { size, root } = checkpoint;
  const read = await hashesOf(reader, size);
  for (let bundle = 0; bundle * TILE_WIDTH < size; bundle++) {
    const [entries, statements] = [await reader.entries(bundle, size), await reader.statements(bundle, size)];
    for (const [place, entry] of entries.entries()) {
      const index = bundle * TILE_WIDTH + place;
      if (index % step !== PART - 1) continue;
      const hashes = inclusionProof(index, 0, size, read).map((hash) => hash.toString('base64'));
      const envelope = statements[place]?.toString('utf8') ?? '';
      yield sigstoreBundle({ index, envelope, entry, hashes, checkpoint: { size, root: root.toString('base64') }, note, verifierKey });
    }
  }
}

interface Bundle {
  readonly verificationMaterial: { readonly tlogEntries: readonly [{ readonly canonicalizedBody: string }] };
}

interface Envelope {
  readonly payload: string;
  readonly payloadType: string;
  readonly signatures: readonly [{ readonly sig: string }];
}
