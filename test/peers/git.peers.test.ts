import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitReply, type MadeCommit } from '../../src/acme/git.ts';
import { FORMAT } from '../../src/collectors/files/landed.ts';
import { filesRegisters } from '../../src/collectors/files/registers.ts';
import { commitsOf, rowOf } from '../../src/collectors/git/history.ts';
import { gitRepository } from '../../src/collectors/git/repository.ts';
import type { Collector, Of, Table } from '../../src/collectors/collector.ts';
import type { Artifact } from '../../src/collectors/source.ts';
import { IncompleteError } from '../../src/core/error.ts';
import { instant } from '../../src/core/instant.ts';
import { gitSource } from '../../src/sources/git.ts';
import { gitWire } from '../../src/sources/git-wire.ts';
import { missing } from '../postgres.ts';

const AT = instant('2026-06-01T12:00:00Z');
const SINCE = instant('2026-05-01T00:00:00Z');
const root = mkdtempSync(join(tmpdir(), 'git-'));
afterAll(() => rmSync(root, { recursive: true }));

type Person = 'ines' | 'bruno';
const NAMES: Readonly<Record<Person, string>> = { ines: 'Ines Duarte', bruno: 'Bruno Novak' };
let clock = instant('2026-05-01T10:00:00Z') / 1000;

/** git as a person uses it; every act a minute after the one before. */
function git(dir: string, who: Person, ...args: readonly string[]): string {
  clock += 60;
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: root,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: NAMES[who],
    GIT_AUTHOR_EMAIL: `${who}@acme.example`,
    GIT_COMMITTER_NAME: NAMES[who],
    GIT_COMMITTER_EMAIL: `${who}@acme.example`,
    GIT_AUTHOR_DATE: `@${clock} +0200`,
    GIT_COMMITTER_DATE: `@${clock} +0200`,
  };
  return execFileSync('git', ['-C', dir, ...args], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

function repository(name: string): string {
  const dir = join(root, name);
  mkdirSync(dir);
  git(dir, 'ines', 'init', '--quiet', '--initial-branch=main', '.');
  return dir;
}

function commit(dir: string, who: Person, message: string, files: Readonly<Record<string, string>> = {}): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  git(dir, who, 'add', '--all');
  git(dir, who, 'commit', '--quiet', '--allow-empty', '--message', message);
  return git(dir, who, 'rev-parse', 'HEAD').trim();
}

/** On a branch of its own, merged by somebody. */
function merged(dir: string, merger: Person, work: () => void): string {
  git(dir, 'ines', 'checkout', '--quiet', '-b', `work-${clock}`);
  work();
  const branch = git(dir, 'ines', 'branch', '--show-current').trim();
  git(dir, 'ines', 'checkout', '--quiet', 'main');
  git(dir, merger, 'merge', '--quiet', '--no-ff', '--message', `Merge ${branch}`, branch);
  return git(dir, 'ines', 'rev-parse', 'HEAD').trim();
}

const source = (path: string) => gitSource({ wire: gitWire, clock: () => AT, root, path });
const printed = async (path: string, ...args: readonly string[]): Promise<string> => new TextDecoder().decode((await source(path).run('asked', args)).body);

async function run(collector: Collector, given: object, after: string | null = null) {
  const config = collector.config.parse(given);
  const of: Of<unknown> = { config, partition: 'tested', at: AT, after, since: SINCE, timezone: 'UTC' };
  const artifacts: Artifact[] = [];
  for await (const artifact of collector.collect(source(collector.repository?.(config) ?? '.') as never, of)) artifacts.push(artifact);
  const tables = collector.normalize(artifacts, of);
  const rows = (dataset: string) => tables.find((table: Table) => table.dataset.id === dataset)?.rows ?? [];
  return { rows, artifacts, mark: collector.mark?.(artifacts, of) ?? null, polled: tables[0]?.polled };
}
const repo = gitRepository as unknown as Collector;
const registers = filesRegisters as unknown as Collector;

const there = ['git', 'ssh-keygen'].every((program) => spawnSync(program, ['--help']).error === undefined);
const skipped = !there && missing('git', 'Install git and openssh-client.');

describe.skipIf(skipped)('git itself', () => {
  describe('a repository that would have programs run', () => {
    const ran = () => existsSync(join(root, 'ran'));
    let dir = '';
    let head = '';

    beforeAll(() => {
      dir = repository('hostile');
      commit(dir, 'ines', 'One', { '.gitattributes': '* diff=mine filter=mine\n', 'registers/a.yaml': '- id: A\n  title: a\n' });
      head = commit(dir, 'ines', 'Two', { 'registers/a.yaml': '- id: A\n  title: b\n' });
      const evil = join(dir, '.git', 'evil.sh');
      writeFileSync(evil, `#!/bin/sh\ntouch ${join(root, 'ran')}\nexit 1\n`, { mode: 0o755 });
      const runs = [
        'diff.mine.textconv',
        'diff.mine.command',
        'diff.external',
        'filter.mine.clean',
        'filter.mine.smudge',
        'filter.mine.process',
        'core.fsmonitor',
      ];
      for (const key of [
        ...runs,
        'core.pager',
        'pager.log',
        'pager.show',
        'gpg.program',
        'gpg.ssh.program',
        'core.sshCommand',
        'core.alternateRefsCommand',
        'core.editor',
      ])
        git(dir, 'ines', 'config', key, evil);
      git(dir, 'ines', 'config', 'log.showSignature', 'true');
      writeFileSync(join(dir, '.git', 'hooks', 'reference-transaction'), `#!/bin/sh\ntouch ${join(root, 'ran')}\n`, { mode: 0o755 });
    });

    it('runs nothing by any command that the transport allows', async () => {
      await printed('hostile', 'log', '-p', '--format=%H %G?', head);
      await printed('hostile', 'show', head);
      await printed('hostile', 'show', `${head}:registers/a.yaml`);
      await printed('hostile', 'blame', '--porcelain', head, '--', 'registers/a.yaml');
      await printed('hostile', 'cat-file', '-p', `${head}:registers/a.yaml`);
      await printed('hostile', 'rev-list', '--all');
      expect((await run(registers, { path: 'hostile' })).rows('register.entries')).toHaveLength(1);
      expect((await run(repo, { path: 'hostile', repo: 'acme/web', signatures: true })).rows('repo.commits')).toHaveLength(2);
      expect(ran()).toBe(false);
    });

    it('would have run them, were it asked without care', () => {
      try {
        git(dir, 'ines', '--no-pager', 'show', head);
      } catch {
        // the program that was run says that it failed
      }
      expect(ran()).toBe(true);
      rmSync(join(root, 'ran'));
    });

    it('fetches nothing that a partial clone lacks, whatever the protocol it allows itself', async () => {
      const part = join(root, 'partial');
      git(root, 'ines', 'clone', '--quiet', dir, part);
      const blob = git(part, 'ines', 'rev-parse', `${head}:registers/a.yaml`).trim();
      rmSync(join(part, '.git', 'objects', blob.slice(0, 2), blob.slice(2)), { force: true });
      rmSync(join(part, '.git', 'objects', 'pack'), { recursive: true, force: true });
      for (const [key, value] of [
        ['extensions.partialClone', 'origin'],
        ['core.repositoryFormatVersion', '1'],
        ['remote.origin.promisor', 'true'],
        ['remote.origin.partialclonefilter', 'blob:none'],
        ['protocol.ext.allow', 'always'],
        ['remote.origin.url', `ext::${join(dir, '.git', 'evil.sh')}`],
      ] as const)
        git(part, 'ines', 'config', key, value);
      await expect(printed('partial', 'cat-file', 'blob', blob)).rejects.toBeInstanceOf(IncompleteError);
      expect(ran()).toBe(false);
      expect(() => git(part, 'ines', 'cat-file', 'blob', blob)).toThrow(/Command failed/); // without care, it asks its origin
      expect(ran()).toBe(true);
    });

    it('cannot hide history behind grafts, replacements or a file of commits', async () => {
      const own = repository('grafted');
      const first = commit(own, 'ines', 'One');
      const second = commit(own, 'ines', 'Two');
      const third = commit(own, 'ines', 'Three');
      writeFileSync(join(own, '.git', 'info', 'grafts'), `${third} ${first}\n`);
      git(own, 'ines', 'replace', second, first);
      expect((await printed('grafted', 'rev-list', third)).trim().split('\n')).toEqual([third, second, first]);
    });
  });

  it('says what to do about a folder that is under no version control, has no commit, or is not whole', async () => {
    mkdirSync(join(root, 'bare'));
    await expect(run(registers, { path: 'bare' })).rejects.toThrow(/not under version control.*git init/);
    await expect(run(registers, { path: 'nowhere' })).rejects.toThrow(/nowhere/);
    const dir = repository('young');
    await expect(run(registers, { path: 'young' })).rejects.toThrow(/nothing was committed yet/);
    commit(dir, 'ines', 'One', { 'readme.txt': 'x' });
    await expect(run(registers, { path: 'young' })).rejects.toThrow(/nothing ending in .yaml is committed in registers/);
    commit(dir, 'ines', 'Two');
    git(root, 'ines', 'clone', '--quiet', '--depth=1', `file://${dir}`, 'cut');
    await expect(run(repo, { path: 'cut', repo: 'acme/web' })).rejects.toThrow(/shallow clone.*unshallow/);
  });

  describe('a history', () => {
    let dir = '';
    beforeAll(() => {
      dir = repository('origin');
      commit(dir, 'ines', 'Start', { 'docs/CODEOWNERS': '* @acme/docs\n', CODEOWNERS: '# top\n* @acme/core\n' });
      for (let round = 0; round < 6; round++) {
        merged(dir, round % 2 ? 'ines' : 'bruno', () => {
          commit(dir, 'ines', `Change ${round}\n\nCo-authored-by: Bruno <bruno@acme.example>`, { [`file-${round}`]: 'x' });
          commit(dir, 'ines', 'Ünïcode', { [`file-${round}`]: 'y' });
        });
        commit(dir, 'bruno', `Push ${round}`, { pushed: String(round) });
      }
      git(root, 'ines', 'clone', '--quiet', dir, 'clone');
      git(join(root, 'clone'), 'ines', 'fetch', '--quiet');
    });

    it('is told whole and in parts alike, as rev-list counts it', async () => {
      const config = { path: 'clone', repo: 'acme/web', perRun: 4 };
      const all = git(dir, 'ines', 'rev-list', 'main').trim().split('\n');
      const line = git(dir, 'ines', 'rev-list', '--first-parent', 'main').trim().split('\n');
      const told: { readonly sha: string; readonly first: boolean; readonly coAuthorEmails: readonly string[] }[] = [];
      let after: string | null = null;
      for (let more = true; more; ) {
        const its = await run(repo, config, after);
        told.push(...(its.rows('repo.commits') as unknown as typeof told));
        expect(its.rows('repo.code-owners')).toMatchObject([{ file: 'CODEOWNERS', line: 2, pattern: '*', owners: ['@acme/core'] }]);
        more = its.mark?.more ?? false;
        after = its.mark?.after ?? null;
        if (!more) expect(its.polled?.to).toBeGreaterThan(SINCE);
      }
      expect(all).toHaveLength(25);
      expect(told.map(({ sha }) => sha).sort()).toEqual(all.sort());
      expect(told.flatMap(({ sha, first }) => (first ? [sha] : [])).sort()).toEqual(line.sort());
      expect(told.filter(({ coAuthorEmails }) => coAuthorEmails.join() === 'bruno@acme.example')).toHaveLength(6);

      const next = commit(dir, 'bruno', 'After the fetch');
      expect((await run(repo, config, after)).rows('repo.commits')).toEqual([]);
      git(join(root, 'clone'), 'ines', 'fetch', '--quiet');
      expect((await run(repo, config, after)).rows('repo.commits')).toMatchObject([{ sha: next, first: true, signature: 'none', verified: 'no' }]);
    });

    it('that was rewritten is told again', async () => {
      git(root, 'ines', 'clone', '--quiet', dir, 'rewritten');
      const own = join(root, 'rewritten');
      const config = { path: 'rewritten', repo: 'acme/web', branch: 'work', origin: true };
      git(own, 'ines', 'checkout', '--quiet', '-b', 'work');
      const before = commit(own, 'ines', 'To be lost');
      const { mark } = await run(repo, config);
      git(own, 'ines', 'reset', '--quiet', '--hard', 'HEAD~2');
      const now = commit(own, 'ines', 'In its place');
      const all = git(own, 'ines', 'rev-list', 'work').trim().split('\n').sort();
      const shas = async () => (await run(repo, config, mark?.after ?? null)).rows('repo.commits').map(({ sha }) => sha);
      expect((await shas()).sort()).toEqual(all);
      git(own, 'ines', 'reflog', 'expire', '--expire=now', '--all');
      git(own, 'ines', 'gc', '--quiet', '--prune=now');
      expect(() => git(own, 'ines', 'cat-file', '-e', before)).toThrow(/Command failed/);
      expect((await shas()).sort()).toEqual(all);
      expect(all).toContain(now);
    });

    it('goes back as far as the dates that it was asked for, whatever order they are in', async () => {
      const own = repository('dated');
      const saved = clock;
      const shas = ['2026-05-02', '2026-04-01', '2026-05-03'].map((day, place) => {
        clock = instant(`${day}T00:00:00Z`) / 1000;
        return commit(own, 'ines', `Of ${day}`, { file: String(place) });
      });
      clock = saved;
      const { rows } = await run(repo, { path: 'dated', repo: 'acme/web' });
      expect(rows('repo.commits').map(({ sha }) => sha)).toEqual([shas[2], shas[0]]);
    });

    it('is answered by the made-up git as by the real one', async () => {
      const raw = commitsOf(await printed('origin', 'rev-list', '--header', '--topo-order', '--all'));
      const made = new Map(
        raw.map((it): [string, MadeCommit] => {
          const { author, authorEmail, committer, committerEmail, committedAt, parents, sha } = rowOf(
            it,
            { systemId: '-', repo: '-', branch: '-' },
            new Set(),
            null,
          );
          const names = git(dir, 'ines', 'ls-tree', '-r', '--name-only', sha).trim().split('\n');
          const files = Object.fromEntries(names.map((name) => [name, git(dir, 'ines', 'show', `${sha}:${name}`)]));
          return [
            sha,
            {
              sha,
              parents,
              author: { name: author, email: authorEmail },
              committer: { name: committer, email: committerEmail },
              at: committedAt,
              message: it.message,
              signature: null,
              files,
            },
          ];
        }),
      );
      const head = git(dir, 'ines', 'rev-parse', 'main').trim();
      const [, , third = ''] = git(dir, 'ines', 'rev-list', '--first-parent', 'main').trim().split('\n');
      const asked = [
        ['rev-list', '--count', '--since-as-filter=@1777629900', head, `^${third}`],
        ['rev-list', '--first-parent', head],
        ['rev-list', '--first-parent', head, `^${third}`],
        ['rev-list', '--date-order', '--skip=3', '--max-count=5', head],
        ['rev-list', '--ignore-missing', '--no-walk', head, 'f'.repeat(40)],
        ['rev-list', '--ignore-missing', '--max-count=1', 'f'.repeat(40), `^${head}`],
        ['rev-list', '--ignore-missing', '--max-count=1', head, `^${third}`],
        ['log', '--full-history', '--no-merges', '--no-patch', '--no-notes', FORMAT, head, `^${third}`, '--', 'file-5'],
        ['symbolic-ref', '--short', 'HEAD'],
        ['rev-parse', '--verify', 'HEAD^{commit}'],
      ];
      for (const args of asked) {
        const { body } = gitReply({ branch: 'main', head, commits: made, fetchedAt: null }, new TextEncoder().encode(JSON.stringify(args)));
        expect(new TextDecoder().decode(body), args.join(' ')).toBe(await printed('origin', ...args));
      }
    });
  });

  it('tells who changed each entry of a register and who approved it, as blame and the merges say', async () => {
    const dir = repository('workspace');
    const file = 'registers/risks.yaml';
    const entry = (id: string, more = '') => `- id: ${id}\n  title: Risk ${id}\n  owner: W-1\n${more}`;
    const text = (...entries: readonly string[]) => `# Risks\n${entries.join('\n')}`;
    const start = commit(dir, 'ines', 'Start\n\nReviewed-by: Bruno <bruno@acme.example>', {
      [file]: text(entry('A'), entry('B', '  until: 2026-07-01\n'), entry('C'), entry('D')),
    });
    let second = '';
    merged(dir, 'bruno', () => {
      second = commit(dir, 'ines', 'Owner of C', {
        [file]: text(entry('A'), entry('B', '  until: 2026-07-01\n'), entry('C').replace('W-1', 'W-2'), entry('D')),
      });
    });
    const shortened = commit(dir, 'ines', 'No end for B', { [file]: text(entry('A'), entry('B'), entry('C').replace('W-1', 'W-2'), entry('D')) });
    merged(dir, 'ines', () => {
      commit(dir, 'ines', 'A new one in front, and D away', { [file]: text(entry('N'), entry('A'), entry('B'), entry('C').replace('W-1', 'W-2')) });
    });
    writeFileSync(join(dir, file), text(entry('A', '  until: 2027-01-01\n'))); // not committed: it does not count
    const rows = (await run(registers, { path: 'workspace' })).rows('register.entries');
    expect(rows.map(({ entryId, commit: sha, approval, approverEmails }) => ({ entryId, sha, approval, approverEmails }))).toEqual([
      { entryId: 'N', sha: git(dir, 'ines', 'rev-parse', 'HEAD^2').trim(), approval: 'none', approverEmails: [] },
      { entryId: 'A', sha: start, approval: 'none', approverEmails: [] },
      { entryId: 'B', sha: shortened, approval: 'none', approverEmails: [] },
      { entryId: 'C', sha: second, approval: 'merge', approverEmails: ['bruno@acme.example'] },
    ]);
    const lines = (await printed('workspace', 'blame', '--line-porcelain', git(dir, 'ines', 'rev-parse', 'HEAD').trim(), '--', file)).split('\n');
    const blamed = lines.flatMap((line) => /^([0-9a-f]{40}) \d+ (\d+)/.exec(line)?.slice(1, 3).join(' ') ?? []);
    const place = Object.fromEntries(rows.map(({ entryId, line }) => [String(entryId), Number(line)]));
    expect(blamed).toContain(`${second} ${(place.C ?? 0) + 2}`);
    expect(blamed).toContain(`${start} ${place.A}`);
    expect(blamed.filter((line) => line.startsWith(shortened))).toEqual([]); // a line that was taken away is nowhere to be blamed
  });
});
