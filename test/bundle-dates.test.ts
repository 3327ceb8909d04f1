import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openOutside } from '../src/app/outside.ts';
import type { Configuration } from '../src/configuration/read.ts';
import { openArchive } from '../src/evidence/directory.ts';
import { Files } from '../src/evidence/files.ts';
import { parseNote } from '../src/log/note.ts';
import { verifyBundle } from '../src/verify/bundle.ts';
import { openBundle } from '../src/verify/bundle-files.ts';
import { bundleOf, FROM, HOUR, temporary } from './bundles.ts';
import { HASTY } from './made-log.ts';
import { madeRun } from './run-draft.ts';

const root = temporary();
const authority = join(root, 'authority');
const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { cwd: authority, stdio: 'pipe' });
const CONFIGURED = `[tsa]
default_tsa = it
[it]
dir = .
serial = ./serial
default_policy = 1.2.3.4
digests = sha256
signer_digest = sha256
ess_cert_id_chain = no
`;

beforeAll(() => {
  mkdirSync(authority);
  writeFileSync(join(authority, 'tsa.cnf'), CONFIGURED);
  writeFileSync(join(authority, 'serial'), '01\n');
  const certificate = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30', '-subj', '/CN=authority'];
  openssl(...certificate, '-addext', 'extendedKeyUsage=critical,timeStamping', '-keyout', 'tsa.key', '-out', 'tsa.pem');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** The authority confirms the log as it stands: now, by its own clock. */
function stamp(dir: string): void {
  const folder = join(dir, 'log/checkpoints');
  const name = readdirSync(folder).toSorted().at(-1) ?? '';
  writeFileSync(join(authority, 'text'), parseNote(readFileSync(join(folder, name))).text);
  openssl('ts', '-query', '-data', 'text', '-sha256', '-cert', '-out', 'query');
  openssl('ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'query', '-signer', 'tsa.pem', '-inkey', 'tsa.key', '-out', 'reply');
  cpSync(join(authority, 'reply'), join(folder, `${name}.it.tsr`));
}

/** A record of today, the stamp of today over it, and one behind it that says that it is of this time. */
async function stampedLog(name: string, at: number) {
  const dir = join(root, name);
  let now = Date.now();
  const archive = await openArchive({ dir, clock: () => now, origin: 'acme.example/dates', calls: HASTY });
  const run = () => madeRun({ demo: false, body: { slot: now }, artifacts: { members: '[]' } });
  await archive.append([run()]);
  stamp(dir);
  now = at;
  await archive.append([run()]);
  return { dir, archive };
}

it('a record that is dated before a time that was confirmed below it is altered, to whoever has the bundle alone', async () => {
  const { archive } = await stampedLog('backdated', FROM);
  const file = join(root, 'backdated.tar');
  await bundleOf(archive, file, { period: { from: FROM - HOUR, to: FROM + HOUR } });
  await archive.close();
  const files = openBundle(file);
  const { items } = await verifyBundle({ files, key: archive.verifierKey, pin: null, authorities: join(authority, 'tsa.pem') });
  files.close();
  expect(items.find(({ item }) => item.endsWith('.tsr'))?.word).toBe('VERIFIED');
  expect(items.find(({ item }) => item === 'record 1')).toMatchObject({
    word: 'ALTERED',
    reasons: [expect.any(String), expect.stringContaining('was not there yet at')],
  });
});

it('and one whose date fits is not', async () => {
  const { archive } = await stampedLog('honest', Date.now());
  const file = join(root, 'honest.tar');
  await bundleOf(archive, file);
  await archive.close();
  const files = openBundle(file);
  const { sound } = await verifyBundle({ files, key: archive.verifierKey, pin: null, authorities: join(authority, 'tsa.pem') });
  files.close();
  expect(sound).toBe(true);
});

it('dates are compared whatever has become of payloads, and where statements cannot be read, that is said', async () => {
  const { dir, archive } = await stampedLog('lost', FROM);
  await archive.close();
  const timestamps = [{ name: 'it', url: 'https://it.example', certificates: 'tsa.pem', runs: false }];
  const configuration = { file: { witnesses: [], timestamps } } as unknown as Configuration;
  const post = () => Promise.reject(new Error('nobody is asked'));
  const told = async () => {
    const outside = openOutside({ dir: authority, configuration, clock: Date.now, post });
    await outside.begin(new Files(dir));
    const again = await openArchive({ dir, clock: Date.now, calls: HASTY });
    const problems = await outside.verify(again);
    await again.close();
    return problems.map(({ code, index }) => [code, index]);
  };
  rmSync(join(dir, 'packs'), { recursive: true, force: true });
  expect(await told()).toEqual([['BACKDATED', 1]]);
  rmSync(join(dir, 'log/statements'), { recursive: true });
  expect(await told()).toEqual([['UNDATED', 0]]);
});
