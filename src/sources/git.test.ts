import { describe, expect, it } from 'vitest';
import { IncompleteError } from '../core/error.ts';
import { gitSource } from './git.ts';
import type { WireRequest } from './wire.ts';

const SHA = 'a'.repeat(40);
const asked: WireRequest[] = [];
const source = (path = 'clone', answer = { status: 200, headers: {} as Record<string, string>, body: new TextEncoder().encode('said') }) =>
  gitSource({
    root: '/workspace',
    path,
    clock: () => 7,
    wire: async (request) => {
      asked.push(request);
      return answer;
    },
  });

describe('a command that may do more than read', () => {
  it.each([
    [['fetch']],
    [['config', '--list']],
    [['-c', 'core.pager=x', 'log']],
    [['log', '--output=x']],
    [['log', '--outpu=x']],
    [['log', '-O', 'x']],
    [['show', '--ext-diff', SHA]],
    [['show', '--textconv', SHA]],
    [['show', '--remerge-diff', SHA]],
    [['log', '--show-signature']],
    [['cat-file', '--filters', SHA]],
    [['cat-file', '--batch']],
    [['rev-list', '--use-bitmap-index', SHA]],
    [['rev-parse', '--git-dir=x']],
    [['blame', '--', 'file']],
    [['blame', 'HEAD', '--', 'file']],
    [['blame', '--contents', 'x', SHA, '--', 'file']],
    [['symbolic-ref', 'HEAD', 'refs/heads/x']],
    [['symbolic-ref', '--delete', 'HEAD']],
    [['ls-tree', `${SHA}\0x`]],
    [[]],
  ])('is refused before anything is asked: %j', async (args) => {
    const before = asked.length;
    await expect(source().run('it', args)).rejects.toThrow(/is no command that only reads/);
    expect(asked).toHaveLength(before);
  });
});

it('asks in the folder, without the programs that could be run for it, and keeps what was said and when it was fetched', async () => {
  const opened = source('clone', {
    status: 200,
    headers: { 'last-modified': 'Mon, 01 Jun 2026 12:00:00 GMT', other: 'x' },
    body: new TextEncoder().encode('said'),
  });
  const artifact = await opened.run('it', ['log', '-p', SHA, '--', '--odd']);
  expect(asked.at(-1)).toMatchObject({ method: 'GIT', url: '/workspace/clone' });
  const args = JSON.stringify(['log', '--no-textconv', '--no-ext-diff', '-p', SHA, '--', '--odd']);
  expect(new TextDecoder().decode(asked.at(-1)?.body ?? new Uint8Array())).toBe(args);
  expect(artifact).toEqual({
    name: 'it',
    request: { method: 'GIT', url: 'clone', body: args },
    status: 200,
    headers: { 'content-type': 'application/octet-stream', 'last-modified': 'Mon, 01 Jun 2026 12:00:00 GMT' },
    body: new TextEncoder().encode('said'),
    startedAt: 7,
    finishedAt: 7,
  });
  expect(opened.questions()).toEqual([{ name: 'it', request: artifact.request, pages: 1, ended: true, received: null, total: null }]);
  await expect(opened.run('it', ['log'])).rejects.toThrow(/asked twice/);
});

it('makes what fails an incomplete run, and says what to do', async () => {
  const failing = (said: string) => source('clone', { status: 500, headers: {}, body: new TextEncoder().encode(said) });
  await expect(failing('fatal: not a git repository').run('it', ['log'])).rejects.toThrow(/run "git init", "git add" and "git commit"/);
  await expect(failing('fatal: bad revision').run('it', ['log'])).rejects.toThrow(/nothing was committed yet/);
  await expect(failing('fatal: x').run('it', ['log'])).rejects.toBeInstanceOf(IncompleteError);
  await expect(source('../elsewhere').run('it', ['log'])).rejects.toThrow(/lies outside of the workspace/);
  const gone = gitSource({ root: '/workspace', path: '.', clock: () => 7, wire: () => Promise.reject(new Error('there is no git on this machine')) });
  await expect(gone.run('it', ['log'])).rejects.toThrow(/could not be asked: there is no git/);
});
