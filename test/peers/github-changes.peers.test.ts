import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Host } from '../../src/acme/github-model.ts';
import type { Collector } from '../../src/collectors/collector.ts';
import { githubChanges } from '../../src/collectors/github/changes.ts';
import type { Artifact } from '../../src/collectors/source.ts';
import { days, instant } from '../../src/core/instant.ts';
import type { Commit } from '../../src/datasets/change/commits.ts';
import { openSource } from '../../src/sources/open.ts';
import { type Fate, type Forge, madeUp, type Workshop } from '../github-forge.ts';
import { hostWire } from '../github-host.ts';
import { missing } from '../postgres.ts';

// The commits of the histories are made by git, and git says which of them each move of a branch brought.

const SINCE = instant('2026-03-01T00:00:00Z');
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const collector = githubChanges as unknown as Collector;
const folder = mkdtempSync(join(tmpdir(), 'landed-'));
afterAll(() => rmSync(folder, { recursive: true }));
const available = spawnSync('git', ['--version']).status === 0 || !missing('git', 'apt-get install git');

/** A repository of git, in which commits can be made and counted. */
class Clone implements Workshop {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
    execFileSync('git', ['init', '--quiet', '--bare', dir]);
    this.#git('hash-object', '-t', 'tree', '-w', '/dev/null');
  }

  commit(parents: readonly string[], message: string, at: number): string {
    return this.#git('commit-tree', EMPTY_TREE, ...parents.flatMap((parent) => ['-p', parent]), '-m', message, { at });
  }

  /** What the second holds and the first does not; everything that the second holds, where there is no first. */
  between(base: string | null, after: string): readonly string[] {
    const said = this.#git('rev-list', '--reverse', '--topo-order', base === null ? after : `${base}..${after}`);
    return said === '' ? [] : said.split('\n');
  }

  #git(...args: readonly (string | { readonly at: number })[]): string {
    const at = args.flatMap((arg) => (typeof arg === 'object' ? [arg.at] : []))[0] ?? 0;
    const date = `${Math.floor(at / 1000)} +0000`;
    const who = { GIT_AUTHOR_NAME: 'ada', GIT_AUTHOR_EMAIL: 'ada@acme.example', GIT_COMMITTER_NAME: 'ada', GIT_COMMITTER_EMAIL: 'ada@acme.example' };
    const env = { ...process.env, ...who, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
    return execFileSync('git', ['-C', this.#dir, ...args.filter((arg) => typeof arg === 'string')], { env, encoding: 'utf8' }).trim();
  }
}

/** Polls to the end, and gives every commit told as it was told last. */
async function collectAll(host: Host, polls: readonly number[]): Promise<ReadonlyMap<string, Commit>> {
  const told = new Map<string, Commit>();
  let after: string | null = null;
  for (const at of polls) {
    const its = {
      config: githubChanges.config.parse({ org: 'acme' }),
      partition: 'acme',
      credentials: { token: 'secret-of-the-tests' },
      endpoint: null,
      root: '/',
    };
    const { source } = openSource(collector, { ...its, wire: hostWire(host, at), clock: () => at, sleep: async () => undefined });
    for (let more = true; more; ) {
      const of: Parameters<typeof collector.normalize>[1] = { ...its, at, since: SINCE, after, timezone: 'UTC' };
      const artifacts: Artifact[] = [];
      for await (const artifact of collector.collect(source as never, of)) artifacts.push(artifact);
      const [commits] = collector.normalize(artifacts, of);
      for (const row of (commits?.rows ?? []) as unknown as readonly Commit[]) told.set(`${row.repoId}/${row.sha}`, row);
      const mark = collector.mark?.(artifacts, of);
      after = mark?.after ?? null;
      more = mark?.more ?? false;
    }
  }
  return told;
}

/** What git says that each move of the branch within the period brought. */
function landed({ updates }: Forge, clone: Clone): readonly string[] {
  return updates.filter(({ at }) => at >= SINCE).flatMap(({ before, after }) => clone.between(/^0+$/.test(before) ? null : before, after));
}

describe.skipIf(!available)('commits that reached a default branch, by the word of git', () => {
  it('are those told, no more and no fewer, each with how it came', async () => {
    const polls = fc.uniqueArray(fc.integer({ min: 1, max: 11 }), { minLength: 0, maxLength: 3 });
    let commits = 0;
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000_000), polls, async (seed, dates) => {
        const clones = new Map<number, Clone>();
        const workshop = (id: number) => {
          const clone = new Clone(join(folder, `${++runs}-${id}.git`));
          clones.set(id, clone);
          return clone;
        };
        const host = madeUp(seed, SINCE, 2 + (seed % 5), workshop);
        const counted = host.repositories.map((forge) =>
          Object.assign(forge, { between: (base: string, after: string) => clones.get(forge.id)?.between(base, after) ?? [] }),
        );
        const times = [...dates.toSorted((a, b) => a - b).map((day) => SINCE + days(day)), SINCE + days(14), SINCE + days(15)];
        const told = await collectAll({ ...host, repositories: counted }, times);
        const expected = host.repositories.flatMap((forge) => landed(forge, clones.get(forge.id) as Clone).map((sha) => `${forge.id}/${sha}`));
        expect([...told.keys()].sort()).toEqual([...new Set(expected)].sort());
        for (const { id, fates } of host.repositories) {
          for (const fate of fates.filter(({ at }) => at >= SINCE))
            expect(explained(told.get(`${id}/${fate.sha}`)), `${id}/${fate.sha}`).toEqual(explanation(fate));
        }
        commits += expected.length;
      }),
      { numRuns: process.env.TICKMARK_FULL ? 25 : 8 },
    );
    console.log(`${commits} commits in ${runs} repositories of git`);
  }, 300_000);
});

const explained = (row: Commit | undefined) => ({ how: row?.how, pull: row?.how === 'unexplained' ? null : (row?.prId ?? null) });
/** Of what no update explains, nothing is held against the pull request named. */
const explanation = ({ how, pull }: Fate) => ({ how, pull: pull === null || how === 'unexplained' ? null : String(pull) });
