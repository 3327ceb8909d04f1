import { IncompleteError } from '../../core/error.ts';
import type { Ternary } from '../../core/ternary.ts';
import type { RegisterEntry } from '../../datasets/register/entries.ts';
import type { Entry } from './entries.ts';

/**
 * How commits are asked for: their fields, each ended by a NUL, which no field can hold. A NUL at the start of a line
 * begins a commit: the lines of a difference begin otherwise, and a sign keeps the end of a message from its NUL.
 */
export const FORMAT = '--format=%x00%H%x00%P%x00%an%x00%ae%x00%cn%x00%ce%x00%ct%x00%B%x01%x00';

/** One commit as it was written, and what it did to each file, line by line. */
export interface Landed {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly author: string;
  readonly authorEmail: string;
  readonly committer: string;
  readonly committerEmail: string;
  readonly at: number;
  readonly message: string;
  readonly hunks: ReadonlyMap<string, readonly Hunk[]>;
}

/** Lines that were replaced: so many from there of the file before, by so many from here of the file after. */
export interface Hunk {
  readonly before: { readonly line: number; readonly count: number };
  readonly after: { readonly line: number; readonly count: number };
  /** The first line taken away that says something. */
  readonly removed: string;
}

export function landedOf(text: string): readonly Landed[] {
  if (text === '') return [];
  const [start, ...parts] = `\n${text}`.split('\n\0');
  if (start !== '') throw new IncompleteError(`the history of the registers begins with what is no commit: ${start?.slice(0, 80)}`);
  return parts.map((part) => {
    const fields = part.split('\0', 8);
    const [sha = '', parents = '', author = '', authorEmail = '', committer = '', committerEmail = '', seconds = '', message] = fields;
    if (message === undefined || !/^[0-9a-f]{40,64}$/.test(sha)) throw new IncompleteError('the history of the registers was cut short');
    const rest = part.slice(fields.reduce((length, field) => length + field.length + 1, 0));
    return {
      sha,
      parents: parents.split(' ').flatMap((parent) => (parent === '' ? [] : [parent])),
      author: author.trim() || '(none)',
      authorEmail: authorEmail.trim().toLowerCase() || '(none)',
      committer: committer.trim() || '(none)',
      committerEmail: committerEmail.trim().toLowerCase() || '(none)',
      at: Number(seconds) * 1000,
      message: message.slice(0, -1),
      hunks: hunksOf(rest),
    };
  });
}

/** A difference without context. What was changed is counted off by its heads, so that no changed line can pass for one. */
function hunksOf(text: string): ReadonlyMap<string, readonly Hunk[]> {
  const hunks = new Map<string, Hunk[]>();
  const lines = text.split('\n');
  let file: Hunk[] = [];
  for (let place = 0; place < lines.length; place++) {
    const line = lines[place] ?? '';
    const path = /^(?:---|\+\+\+) (.*?)\t?$/.exec(line)?.[1];
    if (path !== undefined && path !== '/dev/null') {
      file = hunks.get(path) ?? [];
      hunks.set(path, file);
    }
    const [, from, removed = '1', to, added = '1'] = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line) ?? [];
    if (from !== undefined && to !== undefined) {
      file.push({
        before: { line: Number(from), count: Number(removed) },
        after: { line: Number(to), count: Number(added) },
        removed: (lines.slice(place + 1, place + 1 + Number(removed)).find((taken) => /^-\s*[^\s#]/.test(taken)) ?? '').slice(1),
      });
      place = pastHunk(lines, place, Number(removed) + Number(added));
    }
  }
  return hunks;
}

/** Where the changed lines end; a remark that a file ends without a newline stands between them and is none. */
function pastHunk(lines: readonly string[], place: number, count: number): number {
  let [at, left] = [place, count];
  while (left > 0 && at < lines.length - 1) {
    at++;
    if (!lines[at]?.startsWith('\\')) left--;
  }
  if (left > 0) throw new IncompleteError('the history of the registers was cut short within a difference');
  return at;
}

/**
 * The newest commit of the branch's own line that changed a line of the entry or took one away from it. `landed` is in
 * order, the newest first; the lines of the entry are followed back through what each did to the file.
 */
export function lastChange({ file, line, lastLine }: Pick<Entry, 'file' | 'line' | 'lastLine'>, landed: readonly Landed[]): Landed | null {
  let [first, last] = [line, lastLine];
  for (const commit of landed) {
    const hunks = commit.hunks.get(file) ?? [];
    if (hunks.some((hunk) => touches(hunk, first, last))) return commit;
    const moved = hunks.reduce((sum, { before, after }) => sum + (after.line < first ? before.count - after.count : 0), 0);
    [first, last] = [first + moved, last + moved];
  }
  return null;
}

function touches({ after, removed }: Hunk, first: number, last: number): boolean {
  if (after.count > 0) return after.line <= last && first <= after.line + after.count - 1;
  // Lines were taken away behind this one. Where they began another entry, that one was taken away.
  return first <= after.line && after.line <= last && !(after.line === last && /^\s*-\s/.test(removed));
}

type Provenance = Pick<RegisterEntry, 'commit' | 'author' | 'authorEmail' | 'committedAt' | 'approverEmails' | 'approval' | 'claimedEmails' | 'keyId'>;

const NOBODY = { commit: null, author: null, authorEmail: null, committedAt: null, approverEmails: [], claimedEmails: [], keyId: null } as const;

/** A service that commits what people merge on its pages, without saying in the commit who did. */
const HOST = /^(noreply|no-reply)@(github|gitlab|bitbucket)\./;

/** What the signature of a commit shows. */
export interface Signed {
  /** `no`: it does not fit the commit, or its key was revoked. `unknown`: there is none, or it could not be checked. */
  readonly holds: Ternary;
  readonly key: string | null;
  /** Address to which the key is bound, lower case; `null` where it is bound to none. */
  readonly email: string | null;
}
const UNSIGNED: Signed = { holds: 'unknown', key: null, email: null };

/** Whose signatures commits carry. */
export interface Signatures {
  readonly of: (sha: string) => Signed;
  /** Nothing else shows who wrote and who approved: the author signs what is brought, and somebody else the merge. */
  readonly required: boolean;
}
export const NO_SIGNATURES: Signatures = { of: () => UNSIGNED, required: false };

/**
 * Who changed an entry and who approved it. `brought`: of a merge, the commits that it brought, the newest first. A
 * signature outweighs the names in the commit: who signs as another person has approved nothing in that one's name. Whom
 * the message names as a reviewer is told and approves nothing, for the author writes it alone.
 */
export function provenance(landed: Landed | null, brought: readonly Landed[], { of, required }: Signatures = NO_SIGNATURES): Provenance {
  if (!landed) return { ...NOBODY, approval: 'unknown' };
  const changes = landed.parents.length > 1 && brought.length > 0 ? brought : [landed];
  const [change = landed] = changes;
  const writers = changes === brought ? changes.flatMap(({ sha }) => (of(sha).holds === 'yes' ? [of(sha).email ?? ''] : [])) : [];
  const authors = new Set([...changes.flatMap(({ authorEmail, message }) => [authorEmail, ...signed(message, 'co-authored')]), ...writers]);
  const others = (addresses: readonly string[]) => [...new Set(addresses)].flatMap((address) => (authors.has(address) ? [] : [address])).sort();
  const merger = others([landed.parents.length > 1 ? landed.authorEmail : landed.committerEmail]);
  const claimedEmails = others([landed, ...changes].flatMap(({ message }) => [...signed(message, 'reviewed'), ...signed(message, 'approved')]));
  const { holds, key, email } = of(landed.sha);
  const bound = holds === 'yes' && email !== null;
  const common = {
    ...{ commit: change.sha, author: change.author, authorEmail: change.authorEmail, committedAt: landed.at, claimedEmails },
    keyId: bound ? key : null,
  };
  const shown = changes.every(({ sha, authorEmail }) => of(sha).holds === 'yes' && of(sha).email === authorEmail);
  const signer = bound && (shown || !required) ? others([email]) : [];
  if (signer.length > 0) return { ...common, approverEmails: signer, approval: 'signature' };
  if (holds === 'no') return { ...common, approverEmails: [], approval: 'unknown' };
  if (required) return { ...common, approverEmails: [], approval: 'none' };
  const hosted = merger.some((address) => HOST.test(address));
  if (merger.length > 0 && !hosted && !bound) return { ...common, approverEmails: merger, approval: 'merge' };
  return { ...common, approverEmails: [], approval: hosted && !bound ? 'unknown' : 'none' };
}

/**
 * The addresses to which the register of people's keys binds keys, by key. Those of its entries count that somebody other
 * than their author merged: were a key's own signature enough, it could bind itself.
 */
export function bindings(keys: readonly { readonly key: string; readonly email: string; readonly until: number | null; readonly by: Provenance }[]) {
  const bound = new Map(keys.flatMap((entry) => (entry.by.approval === 'merge' ? [[entry.key, entry] as const] : [])));
  return (key: string | null, at: number): string | null => {
    const entry = key === null ? undefined : bound.get(key);
    return entry && (entry.until === null || at < entry.until) ? entry.email : null;
  };
}

/** Addresses in lines such as `Reviewed-by: Ines Duarte <ines.duarte@acme.example>`. */
const signed = (message: string, what: 'reviewed' | 'approved' | 'co-authored'): readonly string[] =>
  [...message.matchAll(new RegExp(`^${what}-by:.*<([^<>\\s]+)>\\s*$`, 'gim'))].flatMap(([, address]) => (address ? [address.toLowerCase()] : []));
