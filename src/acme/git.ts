import type { Instant } from '../core/instant.ts';
import type { WireAnswer } from '../sources/wire.ts';
import { shaOf } from './changes.ts';

/** One commit of a made-up repository. */
export interface MadeCommit {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly author: { readonly name: string; readonly email: string };
  readonly committer: { readonly name: string; readonly email: string };
  readonly at: Instant;
  readonly message: string;
  readonly signature: string | null;
  /** Files as the commit holds them, by path. */
  readonly files: Readonly<Record<string, string>>;
}

/** A made-up repository as it is at an instant. Commits are found by their ids. */
export interface MadeRepository {
  readonly branch: string;
  readonly head: string;
  readonly commits: ReadonlyMap<string, MadeCommit>;
  /** It is a clone that was last fetched then; `null` of one in which people commit. */
  readonly fetchedAt: Instant | null;
}

/** A command of git as it comes over the wire, answered. */
export function gitReply(repository: MadeRepository, body: Uint8Array | null): WireAnswer {
  const answer = gitAnswer(repository, JSON.parse(new TextDecoder().decode(body ?? new Uint8Array())) as readonly string[]);
  const { fetchedAt } = repository;
  if (answer === null) return { status: 500, headers: {}, body: new TextEncoder().encode('fatal: bad revision') };
  return { status: 200, headers: fetchedAt === null ? {} : { 'last-modified': new Date(fetchedAt).toUTCString() }, body: new TextEncoder().encode(answer) };
}

/** What git prints for a command, as far as the collectors ask any; `null` where it would fail. */
export function gitAnswer(repository: MadeRepository, [command = '', ...args]: readonly string[]): string | null {
  const { branch, head, commits, fetchedAt } = repository;
  if (command === 'rev-parse') return args.includes('--is-shallow-repository') ? 'false\n' : `${head}\n`;
  if (command === 'symbolic-ref') return `${branch}\n`;
  if (command === 'for-each-ref') {
    const names = args.slice(1);
    const known = fetchedAt === null ? [`refs/heads/${branch}`] : ['refs/remotes/origin/HEAD', `refs/remotes/origin/${branch}`];
    const line = (name: string) => `${name} ${head} ${name.endsWith('/HEAD') ? `refs/remotes/origin/${branch}` : ''}\n`;
    return known
      .filter((name) => names.includes(name))
      .map(line)
      .join('');
  }
  if (command === 'cat-file') {
    const texts = [...commits.values()].flatMap(({ files }) => Object.values(files));
    return texts.find((text) => blobOf(text) === args[1]) ?? null;
  }
  if (command === 'ls-tree') return tree(commits.get(args.find((arg) => commits.has(arg)) ?? ''), args);
  if (command !== 'rev-list' && command !== 'log') return null;
  const asked = selected(repository, args);
  if (asked === null) return null;
  if (args.includes('--count')) return `${asked.length}\n`;
  if (command === 'rev-list') return asked.map((commit) => (args.includes('--header') ? header(commit) : `${commit.sha}\n`)).join('');
  if (args.some((arg) => arg.includes('%G?'))) return asked.map(({ sha, signature }) => `${sha} ${signature === null ? 'N' : 'E'}\n`).join('');
  return asked.map((commit) => `${fields(commit)}\n${args.includes('-p') ? difference(repository, commit, pathsOf(args)) : ''}`).join('');
}

const option = (args: readonly string[], name: string): string | null => args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? null;
const pathsOf = (args: readonly string[]): readonly string[] => (args.includes('--') ? args.slice(args.indexOf('--') + 1) : []);
const below = (file: string, paths: readonly string[]): boolean => paths.some((path) => file === path || file.startsWith(`${path.replace(/\/$/, '')}/`));
/** Names of blobs by what they hold: the same files are asked for every night. */
const BLOBS = new Map<string, string>();

function blobOf(text: string): string {
  const sha = BLOBS.get(text) ?? shaOf(`blob ${text}`);
  BLOBS.set(text, sha);
  return sha;
}

/** The commits that `rev-list` or `log` would print, in their order: children before parents, the newest first. */
function selected(repository: MadeRepository, args: readonly string[]): readonly MadeCommit[] | null {
  const { commits } = repository;
  const end = args.indexOf('--');
  const revisions = (end < 0 ? args : args.slice(0, end)).filter((arg) => !arg.startsWith('-'));
  const missing = revisions.filter((arg) => !commits.has(arg.replace('^', '')));
  if (missing.length > 0 && !args.includes('--ignore-missing')) return null;
  const named = revisions.filter((arg) => !missing.includes(arg));
  if (args.includes('--no-walk')) return named.flatMap((sha) => commits.get(sha) ?? []);
  const first = args.includes('--first-parent');
  const left = reached(
    repository,
    named.flatMap((arg) => (arg.startsWith('^') ? [arg.slice(1)] : [])),
    false,
  );
  const found = reached(
    repository,
    named.filter((arg) => !arg.startsWith('^')),
    first,
  );
  const since = Number(option(args, 'since-as-filter')?.slice(1) ?? -Infinity) * 1000;
  const paths = pathsOf(args);
  const wanted = inOrder([...found].filter((sha) => !left.has(sha)).flatMap((sha) => commits.get(sha) ?? [])).filter(
    (commit) =>
      commit.at >= since &&
      !(args.includes('--no-merges') && commit.parents.length > 1) &&
      (paths.length === 0 || changed(repository, commit).some((file) => below(file, paths))),
  );
  const skip = Number(option(args, 'skip') ?? 0);
  return wanted.slice(skip, skip + Number(option(args, 'max-count') ?? Infinity));
}

function reached({ commits }: MadeRepository, from: readonly string[], first: boolean): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [...from];
  for (let sha = open.pop(); sha !== undefined; sha = open.pop()) {
    if (seen.has(sha)) continue;
    seen.add(sha);
    const parents = commits.get(sha)?.parents ?? [];
    open.push(...(first ? parents.slice(0, 1) : parents));
  }
  return seen;
}

function inOrder(commits: readonly MadeCommit[]): readonly MadeCommit[] {
  const children = new Map<string, number>();
  for (const { parents } of commits) for (const parent of parents) children.set(parent, (children.get(parent) ?? 0) + 1);
  const left = new Map(commits.map((commit) => [commit.sha, commit]));
  const ready = commits.filter(({ sha }) => !children.get(sha));
  const ordered: MadeCommit[] = [];
  while (ready.length > 0) {
    ready.sort((a, b) => a.at - b.at || (a.sha < b.sha ? -1 : 1));
    const commit = ready.pop();
    if (!commit) break;
    ordered.push(commit);
    for (const parent of commit.parents) {
      const count = (children.get(parent) ?? 0) - 1;
      children.set(parent, count);
      const its = left.get(parent);
      if (count === 0 && its) ready.push(its);
    }
  }
  return ordered;
}

const seconds = (at: Instant): number => Math.floor(at / 1000);
const indented = (text: string): string => text.trimEnd().replaceAll(/^/gm, '    ');

function header({ sha, parents, author, committer, at, message, signature }: MadeCommit): string {
  const written = (role: string, { name, email }: MadeCommit['author']) => `${role} ${name} <${email}> ${seconds(at)} +0000`;
  const signed = signature === null ? [] : [`gpgsig ${signature.replaceAll('\n', '\n ')}`];
  const lines = [
    sha,
    `tree ${shaOf(`tree ${sha}`)}`,
    ...parents.map((parent) => `parent ${parent}`),
    written('author', author),
    written('committer', committer),
    ...signed,
  ];
  return `${lines.join('\n')}\n\n${indented(message)}\n\0`;
}

function fields({ sha, parents, author, committer, at, message }: MadeCommit): string {
  return `\0${[sha, parents.join(' '), author.name, author.email, committer.name, committer.email, seconds(at), `${message.trimEnd()}\n\x01`].join('\0')}\0`;
}

function tree(commit: MadeCommit | undefined, args: readonly string[]): string | null {
  if (!commit) return null;
  const paths = args.slice(args.indexOf(commit.sha) + 1);
  const files = Object.entries(commit.files).filter(([path]) => below(path, paths));
  return files.map(([path, text]) => `100644 blob ${blobOf(text)}\t${path}\0`).join('');
}

const parentFiles = ({ commits }: MadeRepository, { parents }: MadeCommit): Readonly<Record<string, string>> => commits.get(parents[0] ?? '')?.files ?? {};

/** Files in which a commit differs from its first parent. */
function changed(repository: MadeRepository, commit: MadeCommit): readonly string[] {
  const before = parentFiles(repository, commit);
  return [...new Set([...Object.keys(before), ...Object.keys(commit.files)])].filter((file) => before[file] !== commit.files[file]).sort();
}

/** The difference from the first parent without context: what lies between the common beginning and the common end of a file. */
function difference(repository: MadeRepository, commit: MadeCommit, paths: readonly string[]): string {
  const before = parentFiles(repository, commit);
  const parts = changed(repository, commit)
    .filter((file) => below(file, paths))
    .map((file) => {
      const [old, now] = [linesOf(before[file]), linesOf(commit.files[file])];
      let start = 0;
      while (start < Math.min(old.length, now.length) && old[start] === now[start]) start++;
      let end = 0;
      while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) end++;
      const [removed, added] = [old.slice(start, old.length - end), now.slice(start, now.length - end)];
      const place = (count: number) => `${count === 0 ? start : start + 1},${count}`;
      const names = [before[file] === undefined ? '/dev/null' : file, commit.files[file] === undefined ? '/dev/null' : file];
      const head = [`diff --git ${file} ${file}`, `--- ${names[0]}`, `+++ ${names[1]}`, `@@ -${place(removed.length)} +${place(added.length)} @@`];
      return [...head, ...removed.map((line) => `-${line}`), ...added.map((line) => `+${line}`), ''].join('\n');
    });
  return parts.length === 0 ? '' : `\n${parts.join('')}`;
}

const linesOf = (text: string | undefined): readonly string[] => (text === undefined || text === '' ? [] : text.replace(/\n$/, '').split('\n'));
