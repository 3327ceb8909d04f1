import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Collector, Of } from '../../src/collectors/collector.ts';
import { filesRegisters } from '../../src/collectors/files/registers.ts';
import { gitRepository } from '../../src/collectors/git/repository.ts';
import type { Artifact } from '../../src/collectors/source.ts';
import { instant } from '../../src/core/instant.ts';
import { gitSource } from '../../src/sources/git.ts';
import { gitWire } from '../../src/sources/git-wire.ts';
import { missing } from '../postgres.ts';

// Nobody here wrote the other side: ssh-keygen and gpg make the keys, git signs, and git verify-commit has the last word.

const root = mkdtempSync(join(tmpdir(), 'signatures-'));
const AT = instant('2026-06-01T12:00:00Z');
const PEOPLE = ['ines', 'bruno', 'chloe'] as const;
type Person = (typeof PEOPLE)[number];
const address = (who: string) => `${who}@acme.example`;
const keyOf = (who: Person) => join(root, `key-${who}`);
let clock = instant('2026-05-01T10:00:00Z') / 1000;

function tool(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  return execFileSync(name, [...args], { env: { PATH: process.env.PATH ?? '', HOME: root, ...env }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

/** git as a person uses it, under whatever name it pleases them to give. */
function git(dir: string, who: string, ...args: readonly string[]): string {
  clock += 60;
  const named = ['AUTHOR', 'COMMITTER'].flatMap((role) => [
    [`GIT_${role}_NAME`, who],
    [`GIT_${role}_EMAIL`, address(who)],
    [`GIT_${role}_DATE`, `@${clock} +0000`],
  ]);
  return tool('git', ['-C', dir, ...args], { GIT_CONFIG_NOSYSTEM: '1', ...Object.fromEntries(named) });
}

const signing = (who: Person) => ['-c', 'gpg.format=ssh', '-c', `user.signingKey=${keyOf(who)}`];
const head = (dir: string): string => git(dir, 'ines', 'rev-parse', 'HEAD').trim();

function write(dir: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  git(dir, 'ines', 'add', '--all');
}

/** A commit under one name, signed by the key of a person; `null` leaves it unsigned. */
function commit(dir: string, name: string, signer: Person | null, message: string, files: Readonly<Record<string, string>> = {}): string {
  write(dir, files);
  const signs = signer === null ? [] : ['-S'];
  git(dir, name, ...(signer === null ? [] : signing(signer)), 'commit', '--quiet', '--allow-empty', ...signs, '--message', message);
  return head(dir);
}

/** What Ines wrote on a branch, signed or not, merged under one name and signed by somebody. */
function merged(dir: string, name: string, signer: Person | null, writer: Person | null, files: Readonly<Record<string, string>>): string {
  git(dir, 'ines', 'checkout', '--quiet', '-b', `work-${clock}`);
  commit(dir, 'ines', writer, 'Change', files);
  const branch = git(dir, 'ines', 'branch', '--show-current').trim();
  git(dir, 'ines', 'checkout', '--quiet', 'main');
  const signs = signer === null ? [] : ['-S'];
  git(dir, name, ...(signer === null ? [] : signing(signer)), 'merge', '--quiet', '--no-ff', ...signs, '--message', `Merge ${branch}`, branch);
  return head(dir);
}

function repository(name: string): string {
  const dir = join(root, name);
  mkdirSync(dir);
  git(dir, 'ines', 'init', '--quiet', '--initial-branch=main', '.');
  return dir;
}

async function rowsOf(unit: unknown, given: { readonly path: string }, dataset: string): Promise<readonly Record<string, unknown>[]> {
  const collector = unit as Collector;
  const of: Of<unknown> = {
    ...{ config: collector.config.parse(given), partition: 'tested', at: AT, after: null },
    ...{ since: instant('2026-04-01T00:00:00Z'), timezone: 'UTC' },
  };
  const source = gitSource({ wire: gitWire, clock: () => AT, root, path: given.path });
  const artifacts: Artifact[] = [];
  for await (const artifact of collector.collect(source as never, of)) artifacts.push(artifact);
  return collector.normalize(artifacts, of).find((its) => its.dataset.id === dataset)?.rows ?? [];
}

const there = ['git', 'ssh-keygen', 'gpg', 'gpgconf'].every((program) => spawnSync(program, ['--help']).error === undefined);
const skipped = !there && missing('git', 'Install git, openssh-client and gnupg.');

describe.skipIf(skipped)('signatures of commits, as git and ssh-keygen say', () => {
  const home = process.env.HOME;
  const fingerprints = new Map<string, string>();
  beforeAll(() => {
    process.env.HOME = root;
    for (const [place, who] of PEOPLE.entries()) {
      const type = place === 1 ? ['-t', 'ecdsa', '-b', '256'] : place === 2 ? ['-t', 'rsa', '-b', '2048'] : ['-t', 'ed25519'];
      tool('ssh-keygen', ['-q', ...type, '-N', '', '-C', who, '-f', keyOf(who)]);
      fingerprints.set(who, tool('ssh-keygen', ['-l', '-f', `${keyOf(who)}.pub`]).split(' ')[1] ?? '');
    }
    const signers = PEOPLE.map((who) => `${address(who)} ${readFileSync(`${keyOf(who)}.pub`, 'utf8')}`).join('');
    writeFileSync(join(root, 'signers'), signers);
  });
  afterAll(() => {
    if (home !== undefined) process.env.HOME = home;
    tool('gpgconf', ['--kill', 'all']); // of this folder alone
    rmSync(root, { recursive: true });
  });

  it('are told with the key that made each, and agree with git verify-commit, whoever they are of', async () => {
    const dir = repository('signed');
    const shas = PEOPLE.map((who) => commit(dir, who, who, `Signed by ${who}`));
    const forged = forge(dir, shas[0] ?? '');
    const plain = commit(dir, 'ines', null, 'Unsigned');
    for (const [key, value] of [
      ['gpg.ssh.allowedSignersFile', join(root, 'signers')], // the clone's own word, which is not asked for
      ['gpg.ssh.program', '/bin/false'],
    ] as const)
      git(dir, 'ines', 'config', key, value);
    const told = new Map(
      (await rowsOf(gitRepository, { path: 'signed', repo: 'acme/web', signatures: true } as never, 'repo.commits')).map((it) => [it.sha, it]),
    );
    for (const [place, who] of PEOPLE.entries()) {
      expect(told.get(shas[place])).toMatchObject({ signature: 'ssh', verified: 'yes', signerKey: fingerprints.get(who) });
      expect(verified(dir, shas[place] ?? '')).toBe(0);
    }
    expect(told.get(forged)).toMatchObject({ signature: 'ssh', verified: 'no', signerKey: null, subject: 'Signed by nobody' });
    expect(verified(dir, forged)).not.toBe(0);
    expect(told.get(plain)).toMatchObject({ signature: 'none', verified: 'no', signerKey: null });
  });

  it('of OpenPGP are unknown without the key, and told by the fingerprint of a key that is there', async () => {
    const dir = repository('pgp');
    mkdirSync(join(root, '.gnupg'), { mode: 0o700 });
    tool('gpg', ['--batch', '--quiet', '--passphrase', '', '--quick-generate-key', 'Ines <ines@acme.example>', 'ed25519', 'sign']);
    const fingerprint = /^fpr:+([0-9A-F]{40}):/m.exec(tool('gpg', ['--with-colons', '--list-keys']))?.[1];
    write(dir, { file: 'x' });
    git(dir, 'ines', '-c', `user.signingKey=${fingerprint}`, 'commit', '--quiet', '-S', '--message', 'Signed');
    const told = () => rowsOf(gitRepository, { path: 'pgp', repo: 'acme/web', signatures: true } as never, 'repo.commits');
    expect(await told()).toMatchObject([{ signature: 'pgp', verified: 'yes', signerKey: fingerprint }]);
    tool('gpg', ['--batch', '--yes', '--delete-secret-and-public-key', fingerprint ?? '']);
    expect(await told()).toMatchObject([{ signature: 'pgp', verified: 'unknown' }]);
  });

  it('approve what is in a register, by keys that somebody else bound', async () => {
    const dir = repository('workspace');
    const keys = (...people: readonly Person[]) =>
      people.map((who) => `- id: ${fingerprints.get(who)}\n  title: Key of ${who}\n  email: ${address(who)}\n`).join('');
    const risk = (id: string) => `- id: ${id}\n  title: Risk ${id}\n  owner: W-1\n`;
    commit(dir, 'ines', null, 'Start', { 'registers/risks.yaml': '# none\n', 'registers/people-keys.yaml': '# none\n' });
    merged(dir, 'bruno', null, null, { 'registers/people-keys.yaml': keys('ines', 'bruno') });
    commit(dir, 'chloe', 'chloe', 'My own key', { 'registers/people-keys.yaml': keys('ines', 'bruno', 'chloe') });
    let text = '';
    const add = (id: string) => {
      text += risk(id);
      return { 'registers/risks.yaml': text };
    };
    merged(dir, 'bruno', 'bruno', 'ines', add('signed-by-both'));
    merged(dir, 'bruno', 'bruno', null, add('merge-signed'));
    merged(dir, 'bruno', null, 'ines', add('merge-unsigned'));
    merged(dir, 'bruno', 'ines', 'ines', add('as-bruno-by-ines'));
    merged(dir, 'chloe', 'chloe', 'ines', add('key-not-bound'));
    merged(dir, 'bruno', 'bruno', 'bruno', add('written-by-bruno-as-ines'));
    commit(dir, 'ines', 'bruno', 'Pushed', add('pushed'));
    const approvals = async (signatures: string) => {
      const rows = await rowsOf(filesRegisters, { path: 'workspace', signatures } as never, 'register.entries');
      return Object.fromEntries(rows.flatMap(({ register, entryId, approval }) => (register === 'risks' ? [[entryId, approval]] : [])));
    };
    const byName = { 'merge-unsigned': 'merge', 'key-not-bound': 'merge' };
    const ignored = {
      ...byName,
      'signed-by-both': 'merge',
      'merge-signed': 'merge',
      'as-bruno-by-ines': 'merge',
      'written-by-bruno-as-ines': 'merge',
      pushed: 'none',
    };
    expect(await approvals('ignored')).toEqual(ignored);
    expect(await approvals('counted')).toEqual({
      ...byName,
      ...{ 'signed-by-both': 'signature', 'merge-signed': 'signature', 'as-bruno-by-ines': 'none', 'written-by-bruno-as-ines': 'none', pushed: 'signature' },
    });
    const none = Object.fromEntries(Object.keys(ignored).map((id) => [id, 'none']));
    expect(await approvals('required')).toEqual({ ...none, 'signed-by-both': 'signature' });
  });

  /** The signature of one commit under other words, as somebody would write it into the clone. */
  function forge(dir: string, sha: string): string {
    const stored = tool('git', ['-C', dir, 'cat-file', 'commit', sha])
      .replace('Signed by ines', 'Signed by nobody')
      .replace(/^(tree .*\n)/, `$1parent ${head(dir)}\n`);
    writeFileSync(join(root, 'forged'), stored);
    const made = tool('git', ['-C', dir, 'hash-object', '-t', 'commit', '-w', join(root, 'forged')]).trim();
    git(dir, 'ines', 'reset', '--quiet', '--hard', made);
    return made;
  }

  const verified = (dir: string, sha: string): number | null =>
    spawnSync('git', ['-C', dir, '-c', 'gpg.ssh.program=ssh-keygen', '-c', `gpg.ssh.allowedSignersFile=${join(root, 'signers')}`, 'verify-commit', sha], {
      env: { PATH: process.env.PATH ?? '', HOME: root },
    }).status;
});
