import { createHash } from 'node:crypto';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleReadme } from '../../src/app/bundle-readme.ts';
import { verifierKey } from '../../src/log/note.ts';
import { buildVerifier } from '../../tools/verifier.ts';
import { bundleOf, makeLog, PARTS, partsResults, temporary } from '../bundles.ts';
import { missing } from '../postgres.ts';
import { worded } from '../worded-answer.ts';

const root = temporary();
const there = join(root, 'unpacked');
let key = '';
afterAll(() => rmSync(root, { recursive: true, force: true }));

beforeAll(async () => {
  const archive = await makeLog(join(root, 'log'), 300);
  key = verifierKey(archive.verifier);
  await bundleOf(archive, join(root, 'bundle.tar'), { documents: [...PARTS, partsResults, ['README-VERIFY.txt', Buffer.from(bundleReadme(false))]] });
  await archive.close();
  rmSync(join(root, 'log'), { recursive: true });
  mkdirSync(there);
});

const shell = (command: string, env: Readonly<Record<string, string>> = {}) =>
  execFileSync('bash', ['-euo', 'pipefail', '-c', command], {
    cwd: there,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** The commands of the README as they stand there, by number. */
const commands = () =>
  new Map(
    [...readFileSync(join(there, 'README-VERIFY.txt'), 'utf8').matchAll(/^ {2}(\d) {2}(.+)$/gm)].map(([, number = '', command = '']) => [
      Number(number),
      command,
    ]),
  );

function payloadOf(index: number, place: number): { readonly digest: string; readonly keyDigest: string } {
  const { payload } = JSON.parse(readFileSync(join(there, `evidence/${String(index).padStart(8, '0')}/statement.dsse.json`), 'utf8')) as { payload: string };
  const { subject, predicate } = JSON.parse(Buffer.from(payload, 'base64').toString()) as {
    subject: { digest: { sha256: string } }[];
    predicate: { payloads: { keyDigest: string }[] };
  };
  return { digest: subject[place]?.digest.sha256 ?? '', keyDigest: predicate.payloads[place]?.keyDigest ?? '' };
}

const absent = ['tar', 'sha256sum', 'sed', 'python3', 'openssl', 'zstd'].filter((name) => spawnSync('which', [name]).status !== 0);
if (absent.length > 0) missing(absent.join(', '), `apt-get install ${absent.join(' ')}`);

describe.skipIf(absent.length > 0)('a bundle by hand, with what Debian ships', () => {
  it('is unpacked by tar, and verified by the commands of its README', () => {
    shell('tar -xf ../bundle.tar');
    expect(shell(commands().get(2) ?? 'false')).toBe('');
    shell(commands().get(3) ?? 'false');
    expect(shell(commands().get(4) ?? 'false')).toMatch(
      /^301 entries give the root \S+=\n\{[\s\S]*\}\nevery statement is the one its entry commits to, by the key that log\.json names, and no number of 4 lines is missing\n$/,
    );
    expect(shell(commands().get(5) ?? 'false')).toMatch(/Signature Verified Successfully/);
    expect(shell(commands().get(6) ?? 'false')).toMatch(/Verified OK/);
    const opened = shell((commands().get(7) ?? 'false').replaceAll('DIGEST', payloadOf(12, 1).digest));
    expect(JSON.parse(opened)).toEqual({ members: ['person-1'], hour: 11 });
  });

  it('runs nothing of what was unpacked, by-hand.py apart', () => {
    writeFileSync(join(there, 'json.py'), "print('code of the bundle runs')\nraise SystemExit(0)\n");
    try {
      expect(shell(commands().get(4) ?? 'false')).toMatch(/^301 entries give the root/);
    } finally {
      rmSync(join(there, 'json.py'));
    }
    expect(readFileSync(join(there, 'README-VERIFY.txt'), 'utf8')).not.toMatch(/python3 (?!-I )[-\w]+\.py/);
  });

  it('tells the time of a timestamp from what was signed, by the commands of its README', () => {
    const openssl = (...words: readonly string[]) => execFileSync('openssl', words, { cwd: there, stdio: 'pipe' });
    writeFileSync(
      join(there, 'tsa.cnf'),
      '[tsa]\ndefault_tsa = it\n[it]\nserial = ./serial\ndefault_policy = 1.2.3.4\ndigests = sha256\nsigner_digest = sha256\n',
    );
    writeFileSync(join(there, 'serial'), '01\n');
    const certificate = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30', '-subj', '/CN=authority'];
    openssl(...certificate, '-addext', 'extendedKeyUsage=critical,timeStamping', '-keyout', 'tsa.key', '-out', 'tsa.pem');
    shell("sed '/^$/,$d' checkpoint > text");
    openssl('ts', '-query', '-data', 'text', '-sha256', '-cert', '-out', 'query');
    openssl('ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'query', '-signer', 'tsa.pem', '-inkey', 'tsa.key', '-out', 'a.tsr');
    const command = (commands().get(8) ?? 'false')
      .replace('log/checkpoints/NAME.AUTHORITY.tsr', 'a.tsr')
      .replace('TEXT', 'text')
      .replace('CERTIFICATES', 'tsa.pem');
    expect(shell(command)).toMatch(/Time stamp: .* GMT\n/);
    writeFileSync(join(there, 'a.tsr'), worded(readFileSync(join(there, 'a.tsr')), 'granted\nTime stamp: Mar  1 02:00:00 2020 GMT'));
    expect(shell(command)).not.toContain('2020');
    expect(() => shell(command.replace('-data text', '-data checkpoint'))).toThrow(/Verification: FAILED|verification error|message imprint mismatch/);
  });

  it('gives a sample by the commands of its README', () => {
    const [, script = 'false'] = /\n( {2}f=populations[\s\S]*?)\n\n/.exec(readFileSync(join(there, 'README-VERIFY.txt'), 'utf8')) ?? [];
    const drawn = shell(script.replace('CONTROL.CHECK', 'AC-01.made').replace('SEED', "'of the auditor'"));
    const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');
    const keys = readFileSync(join(there, 'populations/AC-01.made.txt'));
    const ranks = ['hr%2Fcsv/main/ann', 'hr%2Fcsv/main/bob'].map((its) => `${sha256(`${sha256(keys)}\nof the auditor\n${its}`)}  ${its}\n`);
    expect(drawn).toBe(ranks.sort().join(''));
  });

  it('fails by hand where an entry, a statement or a payload was changed', () => {
    const by = () => shell(commands().get(4) ?? 'false');
    const changed = (name: string, act: () => void) => {
      const path = join(there, name);
      const before = readFileSync(path);
      writeFileSync(
        path,
        before.map((byte, place) => (place === before.length - 20 ? byte ^ 1 : byte)),
      );
      act();
      writeFileSync(path, before);
    };
    changed('log/tile/entries/000', () => expect(by).toThrow(/the entries do not give the root/));
    changed('log/statements/000', () => expect(by).toThrow(/Error/));
    const { digest, keyDigest } = payloadOf(12, 1);
    changed(`payloads/${digest}.enc`, () => expect(by).toThrow(`payloads/${digest}.enc is not what was sealed`));
    changed(`payloads/${digest}.key`, () => expect(by).toThrow(`payloads/${digest}.key is not the key under which it was sealed`));
    expect(keyDigest).toMatch(/^[0-9a-f]{64}$/);
    const described = join(there, 'log/log.json');
    const keys = readFileSync(described, 'utf8');
    const { statementKeys } = JSON.parse(keys) as { statementKeys: Record<string, string> };
    writeFileSync(
      described,
      keys.replace(`"github/organization": "${statementKeys['github/organization']}"`, `"github/organization": "${statementKeys.workspace}"`),
    );
    expect(by).toThrow(/record 1: not the key that log\.json names of github\/organization/);
    writeFileSync(described, keys);
    changed('evidence/00000012/statement.dsse.json', () => expect(by).toThrow(/record 12: another statement in its folder/));
  });
});

describe('the verifier as one file', () => {
  it('verifies in an empty folder, and imports nothing but Node', async () => {
    const file = join(root, 'alone/tickmark-verify.mjs');
    await buildVerifier(file);
    const imports = [...readFileSync(file, 'utf8').matchAll(/(?:^import [^;]*?from |import\(|require\()"([^"]+)"/gm)].map(([, name]) => name);
    expect(imports.length).toBeGreaterThan(4);
    expect(imports.filter((name) => !name?.startsWith('node:'))).toEqual([]);
    const run = (...words: string[]) =>
      execFileSync(process.execPath, [file, ...words], { cwd: join(root, 'alone'), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    expect(run('../bundle.tar', '--key', key)).toMatch(
      /301 records, .* Of what was checked nothing is missing, and nothing was altered; \d items were not checked\.\n$/,
    );
    const bytes = readFileSync(join(root, 'bundle.tar'));
    writeFileSync(join(root, 'cut.tar'), bytes.subarray(0, -512));
    expect(() => run('../cut.tar')).toThrow(/the file is not a bundle: /);
    expect(() => run('../none.tar')).toThrow(/cannot be read/);
  });
});
