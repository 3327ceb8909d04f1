import { describe, expect, it } from 'vitest';
import { cursorTester } from '../../../test/cursor-tester.ts';
import { at, tested, world } from '../../../test/recorded.ts';
import { gitReply, type MadeCommit, type MadeRepository } from '../../acme/git.ts';
import { changesOf } from '../../acme/changes.ts';
import { days, hours, instant } from '../../core/instant.ts';
import type { Collector, Of } from '../collector.ts';
import { judgementsOf, signatureHolds } from '../signatures.ts';
import type { Artifact } from '../source.ts';
import { commitsOf, ownersOf, rowOf } from './history.ts';
import { gitRepository } from './repository.ts';

const CONFIG = { path: 'repositories/web', repo: 'acme/web' };

tested(gitRepository, CONFIG, 'acme/web', (rows) => {
  const told = rows('repo.commits');
  const landed = changesOf(world).filter(({ repo, landedAt }) => repo === 'web' && at - days(90) <= landedAt && landedAt <= at - hours(1));
  expect(landed.length).toBeGreaterThan(5);
  expect(told.map(({ sha }) => sha).sort()).toEqual(landed.map(({ sha }) => sha).sort());
  expect(told.every(({ first, branch, verified }) => first && branch === 'main' && verified === 'unknown')).toBe(true);
  expect(new Set(told.map(({ signature }) => signature))).toEqual(new Set(['pgp']));
  expect(rows('repo.code-owners')).toEqual([
    { systemId: 'github', repo: 'acme/web', file: '.github/CODEOWNERS', line: 2, pattern: '*', owners: ['@acme/core'] },
    { systemId: 'github', repo: 'acme/web', file: '.github/CODEOWNERS', line: 3, pattern: '/billing/', owners: ['@acme/billing', '@acme/core'] },
  ]);
});

const NOON = instant('2026-06-01T12:00:00Z');
const SINCE = instant('2026-05-01T00:00:00Z');
const POLLS = Array.from({ length: 5 }, (_, place) => NOON + days(place));
const hex = (place: number, seed: number) => `${seed.toString(16).padStart(8, '0')}${place.toString(16).padStart(32, '0')}`;

/** A small generator of numbers below 1, the same for the same seed. */
function dice(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A branch to which commits are pushed, and to which branches are merged that were begun days before. */
function growing(seed: number): { readonly at: (instant: number) => MadeRepository; readonly tellable: (instant: number) => ReadonlyMap<string, number> } {
  const roll = dice(seed);
  const commits: MadeCommit[] = [];
  const heads: { readonly at: number; readonly sha: string }[] = [];
  const person = { name: 'Ines Duarte', email: 'ines.duarte@acme.example' };
  const make = (when: number, parents: readonly string[]): string => {
    const sha = hex(commits.length, seed);
    commits.push({
      sha,
      parents,
      author: person,
      committer: person,
      at: Math.floor(when / 1000) * 1000,
      message: `Change ${commits.length}`,
      signature: null,
      files: {},
    });
    return sha;
  };
  let head = make(SINCE - days(3), []);
  heads.push({ at: SINCE - days(3), sha: head });
  for (let when = SINCE + hours(5); when < (POLLS.at(-1) ?? 0); when += hours(12 + 60 * roll())) {
    if (roll() < 0.6) head = make(when, [head]);
    else {
      const fork = heads[Math.floor(roll() * heads.length)]?.sha ?? head; // perhaps an old one: its commits carry old dates
      const begun = commits.find(({ sha }) => sha === fork)?.at ?? when;
      const side = make(Math.max(SINCE + 1000, begun + (when - begun) * roll()), [fork]);
      head = make(when, [head, make(Math.max(SINCE + 2000, when - hours(30) * roll()), [side])]);
    }
    heads.push({ at: when, sha: head });
  }
  const repository = (instant: number): MadeRepository => ({
    branch: 'main',
    head: heads.findLast((it) => it.at <= instant)?.sha ?? '',
    commits: new Map(commits.map((commit) => [commit.sha, commit])),
    fetchedAt: instant,
  });
  const tellable = (instant: number) => {
    const seen = new Map<string, number>();
    const open = [repository(instant).head];
    for (let sha = open.pop(); sha !== undefined; sha = open.pop()) {
      const commit = commits.find((it) => it.sha === sha);
      if (!commit || seen.has(sha)) continue;
      seen.set(sha, commit.at);
      open.push(...commit.parents);
    }
    return new Map([...seen].flatMap(([sha, dated]) => (dated >= SINCE ? [[`acme/web/${sha}`, dated] as const] : [])));
  };
  return { at: repository, tellable };
}

cursorTester(
  {
    collector: gitRepository as unknown as Collector,
    config: gitRepository.config.parse({ ...CONFIG, perRun: 4 }),
    partition: 'acme/web',
    credentials: {},
    since: SINCE,
    polls: POLLS,
    unfold: (seed) => {
      const history = growing(seed);
      return {
        wireAt:
          (instant) =>
          async ({ body }) =>
            gitReply(history.at(instant), body),
        truthAt: (instant) => ({ 'repo.commits': history.tellable(instant) }),
      };
    },
  },
  { runs: 40 },
);

describe('a history', () => {
  const person = { name: 'Ines Duarte', email: 'ines.duarte@acme.example' };
  const commit = (sha: string, parents: readonly string[], when: number): MadeCommit => ({
    sha,
    parents,
    author: person,
    committer: person,
    at: when,
    message: 'x',
    signature: null,
    files: {},
  });
  const [A, B, C] = ['a', 'b', 'c'].map((digit) => digit.repeat(40)) as [string, string, string];
  const made = (head: string, known: readonly MadeCommit[], fetchedAt: number | null = NOON): MadeRepository => ({
    branch: 'main',
    head,
    commits: new Map(known.map((it) => [it.sha, it])),
    fetchedAt,
  });
  const config = gitRepository.config.parse(CONFIG);
  const base: Of<typeof config> = { config, partition: 'acme/web', at: NOON + hours(2), after: null, since: SINCE, timezone: 'UTC' };

  async function ran(repository: MadeRepository, of = base) {
    const artifacts: Artifact[] = [];
    const source = {
      run: async (name: string, args: readonly string[]) => {
        const { status, headers, body } = gitReply(repository, new TextEncoder().encode(JSON.stringify(args)));
        if (status !== 200) throw new Error(`failed: ${args.join(' ')}`);
        return { name, request: { method: 'GIT', url: '.', body: null }, status, headers, body, startedAt: of.at, finishedAt: of.at };
      },
    };
    for await (const artifact of gitRepository.collect(source, of)) artifacts.push(artifact);
    const [told] = gitRepository.normalize(artifacts, of);
    return { told, shas: told?.rows.map((row) => (row as unknown as { readonly sha: string }).sha), mark: gitRepository.mark?.(artifacts, of) };
  }
  const [a, b] = [commit(A, [], SINCE + days(1)), commit(B, [A], SINCE + days(2))];
  const rewritten = commit(C, [A], SINCE + days(3));

  it('that was rewritten is told again, as long as the old commits are there and when they are gone', async () => {
    const first = await ran(made(B, [a, b]));
    expect(first.shas).toEqual([B, A]);
    const after = first.mark?.after ?? null;
    expect((await ran(made(B, [a, b]), { ...base, after })).shas).toEqual([]);
    expect((await ran(made(C, [a, b, rewritten]), { ...base, after })).shas).toEqual([C, A]);
    expect((await ran(made(C, [a, rewritten]), { ...base, after })).shas).toEqual([C, A]);
  });

  it('is known up to the last fetch, of a copy never fetched up to its newest commit, of the repository itself up to now', async () => {
    expect((await ran(made(B, [a, b]))).told?.polled).toEqual({ from: SINCE, to: NOON });
    const bare = { ...made(B, [a, b], null) };
    const named = { ...base, config: { ...config, branch: 'main' } };
    expect((await ran(bare, named)).told?.polled).toEqual({ from: SINCE, to: SINCE + days(2) });
    expect((await ran(bare, { ...named, config: { ...named.config, origin: true } })).told?.polled).toEqual({ from: SINCE, to: base.at });
  });

  it('without the branch that is wanted is incomplete, and says what to do', async () => {
    await expect(ran(made(B, [a, b]), { ...base, config: { ...config, branch: 'release' } })).rejects.toThrow(/has no branch release/);
  });
});

it('reads what is in a commit: co-authors, kind of signature, old bytes, a message without words', () => {
  const sha = 'd'.repeat(40);
  const text = `${sha}\ntree ${sha}\nauthor Ines <Ines@acme.example> 1780315200 +0200\ncommitter  <> -5 +0000\ngpgsig -----BEGIN SSH SIGNATURE-----\n abc\n -----END SSH SIGNATURE-----\n\n    Pairing\n    \n    Co-authored-by: Bruno <Bruno@acme.example>\n\0`;
  const [raw] = commitsOf(text);
  if (!raw) throw new Error('there is a commit');
  expect(rowOf(raw, { systemId: 'github', repo: 'acme/web', branch: 'main' }, new Set([sha]), judgementsOf(`${sha} U SHA256:abc \n`))).toEqual({
    systemId: 'github',
    repo: 'acme/web',
    branch: 'main',
    sha,
    first: true,
    parents: [],
    author: 'Ines',
    authorEmail: 'ines@acme.example',
    committer: '(none)',
    committerEmail: '(none)',
    coAuthorEmails: ['bruno@acme.example'],
    signature: 'ssh',
    verified: 'yes',
    signerKey: 'SHA256:abc',
    subject: 'Pairing',
    authoredAt: 1780315200000,
    committedAt: -5000,
  });
  expect(() => commitsOf(text.slice(0, -1))).toThrow(/cut short/);
});

it.each([
  ['G SHA256:abc', 'yes', 'SHA256:abc'],
  ['U ABCD 1234', 'yes', '1234'],
  ['B', 'no', null],
  ['R ABCD 1234', 'no', '1234'],
  ['Y ABCD', 'no', 'ABCD'],
  ['E', 'unknown', null],
  ['N', 'unknown', null],
])('reads what git says of a signature: %s', (said, holds, key) => {
  const judged = judgementsOf(`${'d'.repeat(40)} ${said}\n`).get('d'.repeat(40));
  expect([signatureHolds(judged), judged?.key]).toEqual([holds, key]);
});

it('reads nothing else as an answer about a signature', () => expect(() => judgementsOf('fatal: no\n')).toThrow(/no answer about a commit: fatal: no/));

it('reads every line of a file of code owners that says something', () => {
  const text = '# all\n\n*  @acme/core # by default\n/docs/\\ old @acme/docs ines@acme.example\n/vendor/\n';
  expect(ownersOf(text, 'CODEOWNERS', { systemId: 'github', repo: 'acme/web' }).map(({ line, pattern, owners }) => ({ line, pattern, owners }))).toEqual([
    { line: 3, pattern: '*', owners: ['@acme/core'] },
    { line: 4, pattern: '/docs/\\ old', owners: ['@acme/docs', 'ines@acme.example'] },
    { line: 5, pattern: '/vendor/', owners: [] },
  ]);
});
