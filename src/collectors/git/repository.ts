import { z } from 'zod';
import { IncompleteError } from '../../core/error.ts';
import { days, type Instant } from '../../core/instant.ts';
import { codeOwners } from '../../datasets/repo/code-owners.ts';
import { repoCommits } from '../../datasets/repo/commits.ts';
import { wasAsked } from '../answers.ts';
import { defineCollector, events, type Of, table } from '../collector.ts';
import { askingGit } from '../git-asking.ts';
import { judgementsOf, SIGNED } from '../signatures.ts';
import type { Artifact } from '../source.ts';
import { commitsOf, headOf, leftAt, linesOf, OWNER_FILES, ownersOf, printed, rowOf, spanOf, treeOf, windowOf } from './history.ts';

const RepositoryConfig = z.strictObject({
  path: z.string().min(1).describe('Folder of the clone, below the workspace or absolute'),
  repo: z
    .string()
    .regex(/^[^\s/]+(\/[^\s/]+)+$/, 'expected owner and name, like acme/web')
    .describe('Owner and name of the repository, as its host says them'),
  branch: z
    .string()
    .regex(/^(?!-)[\w./-]+$/, 'expected the name of a branch')
    .optional()
    .describe('The branch that reaches production; that of the origin unless said, else the one that is checked out'),
  system: z.string().min(1).default('github').describe('Id of the system in the scope'),
  origin: z.boolean().default(false).describe('It is the repository itself, to which people push, and no clone of it'),
  signatures: z
    .boolean()
    .default(false)
    .describe('Have git check every signature: of SSH by the key within it, of OpenPGP by the keys of the account that runs Tickmark'),
  perRun: z.int().min(1).max(20_000).default(5000).describe('How many commits one run tells at most; a longer history is told in several'),
});
type RepositoryConfig = z.infer<typeof RepositoryConfig>;

/** A clock may be a little ahead of another: what is dated later than this after the run is not awaited. */
const AHEAD = days(1);

export const gitRepository = defineCollector<RepositoryConfig, 'git'>({
  id: 'git/repository',
  title: 'Commits of the default branch of a repository and its code owners, from a clone',
  version: 2,
  transport: 'git',
  hosts: () => [],
  operations: [],
  permissions: [{ right: 'read the folder of the clone', why: 'commits and code owners; nothing is fetched, checked out or written' }],
  credentials: {},
  repository: ({ path }) => path,
  every: '1d',
  config: RepositoryConfig,
  feeds: [repoCommits, codeOwners],
  cannotTell: [
    'when a commit reached the branch: git keeps the times that its author and committer wrote, and a branch that is merged late brings commits with old dates',
    'who pushed or merged it: that is known to the host alone',
    'commits that landed after the clone was last fetched: arrange for "git fetch" to run before each night’s run',
    'commits dated before the observation period begins',
    'that a history was rewritten between two runs and back again',
    'whether names and addresses in a commit are true, where nobody checked its signature',
  ],
  partitions: ({ repo }) => [repo],

  async *collect(source, of) {
    const { asked, ask } = askingGit(source);
    const { branch, signatures, perRun } = of.config;
    yield await ask('shallow', 'rev-parse', '--is-shallow-repository');
    if (printed(asked, 'shallow').trim() !== 'false')
      throw new IncompleteError(`${of.config.path} is a shallow clone: its history is cut off. Complete it with "git fetch --unshallow".`);
    const names = branch === undefined ? ['refs/remotes/origin/HEAD'] : [`refs/remotes/origin/${branch}`, `refs/heads/${branch}`];
    yield await ask('refs', 'for-each-ref', '--format=%(refname) %(objectname) %(symref)', ...names);
    if (branch === undefined && headOf(asked, branch) === null) {
      yield await ask('branch', 'symbolic-ref', '--short', 'HEAD');
      yield await ask('head', 'rev-parse', '--verify', 'HEAD^{commit}');
    }
    const head = headOf(asked, branch)?.sha;
    if (head === undefined)
      throw new IncompleteError(`${of.config.path} has no branch ${branch}, neither of its origin nor of its own. Correct "branch", or fetch it.`);

    const left = leftAt(of.after);
    for (const sha of new Set([left?.told, left?.target])) {
      if (sha && sha !== head) {
        yield await ask(`known ${sha}`, 'rev-list', '--ignore-missing', '--no-walk', head, sha);
        yield await ask(`outside ${sha}`, 'rev-list', '--ignore-missing', '--max-count=1', sha, `^${head}`);
      }
    }
    const { from, target, done } = spanOf(asked, left, sinceOf(of), head);
    const range = [`--since-as-filter=@${Math.floor(sinceOf(of) / 1000)}`, target, ...(from === null ? [] : [`^${from}`])];
    yield await ask('count', 'rev-list', '--count', ...range);
    const { skip, size } = windowOf(countOf(asked), done, perRun);
    const window = ['--date-order', `--skip=${skip}`, `--max-count=${size}`, ...range];
    yield await ask('commits', 'rev-list', '--header', ...window);
    yield await ask('line', 'rev-list', '--first-parent', ...range);
    if (signatures) yield await ask('signatures', 'log', SIGNED, ...window);
    yield await ask('owners', 'ls-tree', '-z', head, ...OWNER_FILES);
    const file = ownerFile(asked);
    if (file) yield await ask('code owners', 'cat-file', 'blob', file.id);
  },

  mark(artifacts, of) {
    const { from, target, done, size, more } = toldBy(artifacts, of);
    const until = polledBy(artifacts, of).to;
    const since = sinceOf(of);
    const left = more ? { told: from, target, done: done + size, since, until } : { told: target, target: null, done: 0, since, until };
    return { after: JSON.stringify(left), more: more || target !== headFrom(artifacts, of).sha };
  },

  witness(artifacts, of) {
    return {
      askedAs: null,
      answeredBy: headFrom(artifacts, of).sha,
      granted: null,
      totals: { commits: { received: commitsOf(printed(artifacts, 'commits')).length, total: toldBy(artifacts, of).size } },
    };
  },

  normalize(artifacts, of) {
    const { system, repo } = of.config;
    const { branch } = headFrom(artifacts, of);
    const where = { systemId: system, repo };
    const line = new Set(linesOf(printed(artifacts, 'line')));
    const verified = wasAsked(artifacts, 'signatures') ? judgementsOf(printed(artifacts, 'signatures')) : null;
    const rows = commitsOf(printed(artifacts, 'commits')).map((commit) => rowOf(commit, { ...where, branch }, line, verified));
    const file = ownerFile(artifacts);
    const owners = file ? ownersOf(printed(artifacts, 'code owners'), file.path, where) : [];
    return [events(repoCommits, rows, polledBy(artifacts, of)), table(codeOwners, owners, asOf(artifacts, of))];
  },
});

/** Whole seconds, as git has them. */
const sinceOf = ({ since }: Of<RepositoryConfig>): Instant => Math.floor(since / 1000) * 1000;

function headFrom(artifacts: readonly Artifact[], { config }: Of<RepositoryConfig>): { readonly branch: string; readonly sha: string } {
  const head = headOf(artifacts, config.branch);
  if (!head) throw new RangeError('the answers name no branch');
  return head;
}

const ownerFile = (artifacts: readonly Artifact[]) => {
  const entries = treeOf(printed(artifacts, 'owners'));
  return OWNER_FILES.map((path) => entries.find((entry) => entry.path === path && entry.type === 'blob')).find((found) => found !== undefined);
};

/** The part of the history that the answers of a run hold. */
function toldBy(artifacts: readonly Artifact[], of: Of<RepositoryConfig>) {
  const span = spanOf(artifacts, leftAt(of.after), sinceOf(of), headFrom(artifacts, of).sha);
  const { skip, size } = windowOf(countOf(artifacts), span.done, of.config.perRun);
  return { ...span, size, more: skip > 0 };
}

const countOf = (artifacts: readonly Artifact[]): number => Number(printed(artifacts, 'count'));

/**
 * The instant as of which the clone speaks: when it was last fetched into, by the file that git leaves then. One that was
 * never fetched into since it was made, or whose file system does not say, speaks as of its newest commit.
 */
function asOf(artifacts: readonly Artifact[], of: Of<RepositoryConfig>): Instant {
  if (of.config.origin) return of.at;
  const fetched = Date.parse(artifacts.find(({ name }) => name === 'shallow')?.headers['last-modified'] ?? '');
  if (!Number.isNaN(fetched)) return Math.min(of.at, fetched);
  const dates = commitsOf(printed(artifacts, 'commits')).map((commit) => rowOf(commit, { systemId: '-', repo: '-', branch: '-' }, new Set(), null).committedAt);
  const left = leftAt(of.after);
  return dates.reduce((newest, date) => (date <= of.at + AHEAD ? Math.max(newest, Math.min(date, of.at)) : newest), left?.until ?? sinceOf(of));
}

/** The time of which all is told: nothing new while a long history is still being told. */
function polledBy(artifacts: readonly Artifact[], of: Of<RepositoryConfig>): { readonly from: Instant; readonly to: Instant } {
  const left = leftAt(of.after);
  const again = left === null || left.since > sinceOf(of);
  const from = again ? sinceOf(of) : left.until;
  const { more, target } = toldBy(artifacts, of);
  const whole = !more && target === headFrom(artifacts, of).sha;
  return { from, to: whole ? Math.max(from, asOf(artifacts, of)) : from };
}
