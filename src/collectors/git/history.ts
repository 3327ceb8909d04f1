import { z } from 'zod';
import { IncompleteError } from '../../core/error.ts';
import type { Instant } from '../../core/instant.ts';
import type { CodeOwner } from '../../datasets/repo/code-owners.ts';
import type { RepoCommit } from '../../datasets/repo/commits.ts';
import { wasAsked } from '../answers.ts';
import { type Judgements, signatureHolds } from '../signatures.ts';
import type { Artifact } from '../source.ts';

const lenient = new TextDecoder();

/** What git printed. Old histories hold bytes of other encodings: they are replaced, not refused. */
export function printed(artifacts: readonly Artifact[], question: string): string {
  const found = artifacts.find(({ name }) => name === question);
  if (!found) throw new RangeError(`nothing was asked under the name ${question}`);
  return lenient.decode(found.body);
}

export const linesOf = (text: string): readonly string[] => (text.trim() === '' ? [] : text.trimEnd().split('\n'));

/** Where a run left off. */
const Left = z.strictObject({
  /** All up to this commit is told. */
  told: z.string().nullable(),
  /** The commit that is being told, where it takes several runs, and how many of its commits are. */
  target: z.string().nullable(),
  done: z.int(),
  /** From when on commits are told, and up to when all are. */
  since: z.int(),
  until: z.int(),
});
export type Left = z.infer<typeof Left>;
export const leftAt = (after: string | null): Left | null => (after === null ? null : Left.parse(JSON.parse(after)));

/** A branch and the commit at which it stands, from the names that were asked for. */
export function headOf(artifacts: readonly Artifact[], wanted: string | undefined): { readonly branch: string; readonly sha: string } | null {
  const refs = linesOf(printed(artifacts, 'refs')).map((line) => {
    const [name = '', sha = '', target = ''] = line.split(' ');
    return { name, sha, target };
  });
  if (wanted !== undefined) {
    const found = refs.find(({ name }) => name === `refs/remotes/origin/${wanted}`) ?? refs.find(({ name }) => name === `refs/heads/${wanted}`);
    return found ? { branch: wanted, sha: found.sha } : null;
  }
  const origin = refs.find(({ name }) => name === 'refs/remotes/origin/HEAD');
  if (origin) return { branch: origin.target.replace('refs/remotes/origin/', ''), sha: origin.sha };
  if (!wasAsked(artifacts, 'head')) return null;
  return { branch: printed(artifacts, 'branch').trim(), sha: printed(artifacts, 'head').trim() };
}

/** What this run tells: of the commits after `from` up to `target`, those behind the `done` oldest. */
export interface Span {
  readonly from: string | null;
  readonly target: string;
  readonly done: number;
}

/**
 * Goes on where the last run left off. A commit from which the branch has moved away, or which is gone, is nothing to go
 * on from: the history was rewritten, and all of it is told again.
 */
export function spanOf(artifacts: readonly Artifact[], left: Left | null, since: Instant, head: string): Span {
  const usable = (sha: string | null): sha is string =>
    sha !== null && (sha === head || (linesOf(printed(artifacts, `known ${sha}`)).includes(sha) && printed(artifacts, `outside ${sha}`).trim() === ''));
  if (left === null || left.since > since || (left.target !== null && left.since !== since)) return { from: null, target: head, done: 0 };
  const from = usable(left.told) ? left.told : null;
  const whole = left.told === null || from !== null;
  if (whole && usable(left.target)) return { from, target: left.target, done: left.done };
  return { from, target: head, done: 0 };
}

/** One commit as git stores it. */
export interface RawCommit {
  readonly sha: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly message: string;
}

/** The answer of `rev-list --header`: commits as they are stored, each ended by a NUL, their messages indented. */
export function commitsOf(text: string): readonly RawCommit[] {
  const parts = text.split('\0');
  if (parts.at(-1) !== '') throw new IncompleteError('"commits" was cut short: the last one does not end');
  return parts.slice(0, -1).map((part) => {
    const end = part.indexOf('\n\n');
    const [sha = '', ...head] = (end < 0 ? part : part.slice(0, end)).trim().split('\n');
    if (!/^[0-9a-f]{40,64}$/.test(sha)) throw new RangeError(`"commits" holds what is no commit: ${sha.slice(0, 80)}`);
    const headers: [string, string][] = [];
    for (const line of head) {
      const last = headers.at(-1);
      const space = line.indexOf(' ');
      if (space === 0 && last) last[1] += `\n${line.slice(1)}`;
      else headers.push([line.slice(0, space), line.slice(space + 1)]);
    }
    const message =
      end < 0
        ? ''
        : part
            .slice(end + 2)
            .replace(/^ {4}/gm, '')
            .trimEnd();
    return { sha, headers, message };
  });
}

const SIGNATURES: readonly (readonly [RegExp, RepoCommit['signature']])[] = [
  [/^-----BEGIN PGP (SIGNATURE|MESSAGE)-----/, 'pgp'],
  [/^-----BEGIN SSH SIGNATURE-----/, 'ssh'],
  [/^-----BEGIN (SIGNED MESSAGE|CMS|PKCS7)-----/, 'x509'],
];

/** A commit as a row. `verified` holds what git says of each signature, where it was asked to check them. */
export function rowOf(
  { sha, headers, message }: RawCommit,
  where: Pick<RepoCommit, 'systemId' | 'repo' | 'branch'>,
  line: ReadonlySet<string>,
  verified: Judgements | null,
): RepoCommit {
  const value = (name: string) => headers.find(([its]) => its === name)?.[1] ?? null;
  const signed = value('gpgsig') ?? value('gpgsig-sha256');
  const [author, committer] = [person(sha, value('author')), person(sha, value('committer'))];
  const judged = verified?.get(sha);
  const signature = signed === null ? 'none' : (SIGNATURES.find(([start]) => start.test(signed))?.[1] ?? 'unknown');
  return {
    ...where,
    sha,
    first: line.has(sha),
    parents: headers.flatMap(([name, parent]) => (name === 'parent' ? [parent] : [])),
    author: author.name,
    authorEmail: author.email,
    committer: committer.name,
    committerEmail: committer.email,
    coAuthorEmails: [
      ...new Set([...message.matchAll(/^co-authored-by:.*<([^<>\s]+)>\s*$/gim)].flatMap(([, address]) => (address ? [address.toLowerCase()] : []))),
    ],
    signature,
    verified: signature === 'none' ? 'no' : signatureHolds(judged),
    signerKey: signature === 'none' ? null : (judged?.key ?? null),
    subject: message.split('\n')[0]?.trim() || '(none)',
    authoredAt: author.at,
    committedAt: committer.at,
  };
}

/** `Ines Duarte <ines.duarte@acme.example> 1767225600 +0100`. What old tools wrote badly is still a row. */
function person(sha: string, text: string | null): { readonly name: string; readonly email: string; readonly at: Instant } {
  const [, name = '', email = '', seconds] = /^(.*?)\s*<([^>]*)>\s*(-?\d+)\s+[+-]\d{4}$/s.exec(text ?? '') ?? [];
  if (seconds === undefined) throw new RangeError(`commit ${sha} does not say by whom and when: ${text ?? 'nothing'}`);
  return { name: name.trim() || '(none)', email: email.trim().toLowerCase() || '(none)', at: Number(seconds) * 1000 };
}

/** The places at which hosts look for the file of code owners, the first of them first. */
export const OWNER_FILES = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'] as const;

/** What `ls-tree -z` prints: `100644 blob 0123…\tpath`, each ended by a NUL. */
export const treeOf = (text: string): readonly { readonly mode: string; readonly type: string; readonly id: string; readonly path: string }[] =>
  text.split('\0').flatMap((entry) => {
    const [, mode = '', type = '', id = '', path = ''] = /^(\d+) (\w+) ([0-9a-f]+)\t(.*)$/s.exec(entry) ?? [];
    if (entry !== '' && path === '') throw new RangeError(`a tree holds what is no entry: ${entry.slice(0, 80)}`);
    return entry === '' ? [] : [{ mode, type, id, path }];
  });

/** Every line that says something: a pattern, and who owns what it matches. */
export const ownersOf = (text: string, file: string, where: Pick<CodeOwner, 'systemId' | 'repo'>): readonly CodeOwner[] =>
  text.split('\n').flatMap((line, place) => {
    const said = line.replace(/(^|\s)#.*$/, '').trim();
    if (said === '') return [];
    const [pattern = '', ...owners] = said.match(/(\\.|\S)+/g) ?? [];
    return [{ ...where, file, line: place + 1, pattern, owners }];
  });

/**
 * Which of so many commits this run tells, the newest being the first: the oldest of those not told yet. Those that came
 * late, with dates of a time of which all was told already, are thus told before the rest.
 */
export function windowOf(count: number, done: number, perRun: number): { readonly skip: number; readonly size: number } {
  const size = Math.max(0, Math.min(perRun, count - done));
  return { skip: Math.max(0, count - done - size), size };
}
