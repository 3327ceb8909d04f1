import { isAbsolute, relative, resolve } from 'node:path';
import type { GitSource, Question } from '../collectors/source.ts';
import { IncompleteError } from '../core/error.ts';
import type { World } from './asker.ts';

/** What only reads. Anything else is refused, whoever asks. */
const COMMANDS = ['rev-parse', 'rev-list', 'log', 'cat-file', 'ls-tree', 'show', 'for-each-ref', 'blame', 'symbolic-ref'];
/**
 * Options that neither write nor run anything. Named one by one, for git takes any beginning of a name for the name:
 * a list of what is forbidden would be gone around by `--outpu=`.
 */
const OPTIONS =
  /^(--|-[rtzpsm1]|-U\d+|--(verify|quiet|short|abbrev-ref|symbolic-full-name|is-shallow-repository|is-bare-repository|show-prefix|show-object-format|end-of-options|header|topo-order|date-order|reverse|parents|first-parent|merges|no-merges|full-history|count|no-walk|ignore-missing|all|branches|remotes|raw|numstat|stat|name-only|name-status|no-patch|root|text|relative|full-name|full-tree|no-renames|no-color|no-notes|no-prefix|no-decorate|no-textconv|no-ext-diff|porcelain|line-porcelain)|--(skip|max-count|since-as-filter|format|sort|count|date|diff-merges|inter-hunk-context|abbrev)=.*)$/s;
/** Both would have a program of the repository's choice write the difference, were they not told otherwise. */
const PLAIN: Readonly<Record<string, readonly string[]>> = {
  log: ['--no-textconv', '--no-ext-diff'],
  show: ['--no-textconv', '--no-ext-diff'],
  blame: ['--no-textconv'],
};
const COMMIT = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

export interface GitOptions extends Pick<World, 'wire' | 'clock'> {
  readonly root: string;
  /** Folder of the repository, as configured. */
  readonly path: string;
}

/** Read-only commands of git. They go over the wire as `GIT`, so that what is asked and answered is kept like any answer. */
export function gitSource({ wire, clock, root, path }: GitOptions): GitSource & { questions: () => readonly Question[] } {
  const questions: Question[] = [];
  const folder = resolve(root, path);
  return {
    questions: () => questions,

    async run(name, given) {
      const refused = refusal(given);
      if (refused !== null) throw new IncompleteError(`"${name}": git ${given.join(' ')} is no command that only reads (${refused})`);
      const [command = '', ...rest] = given;
      const args = [command, ...(PLAIN[command] ?? []), ...rest];
      if (questions.some((question) => question.name === name))
        throw new IncompleteError(`${name} was asked twice in one run: the collector gives two questions one name`);
      if (!isAbsolute(path) && relative(root, folder).startsWith('..'))
        throw new IncompleteError(`"${name}": ${path} lies outside of the workspace. Put the repository below it, or write its absolute path.`);
      const startedAt = clock();
      const request = { method: 'GIT', url: path, body: JSON.stringify(args) };
      const sent = { method: 'GIT', url: folder, headers: {}, body: new TextEncoder().encode(request.body) };
      const asked = `"${name}" (git ${shown(args)} in ${path})`;
      const { status, headers, body } = await wire(sent).catch((cause: Error) => {
        throw new IncompleteError(`${asked} could not be asked: ${cause.message}`, cause);
      });
      if (status !== 200) throw new IncompleteError(`${asked} failed: ${advised(new TextDecoder().decode(body).trim().slice(0, 400))}`);
      questions.push({ name, request, pages: 1, ended: true, received: null, total: null });
      const fetched = headers['last-modified'];
      const kept = { 'content-type': 'application/octet-stream', ...(fetched === undefined ? {} : { 'last-modified': fetched }) };
      return { name, request, status, headers: kept, body, startedAt, finishedAt: clock() };
    },
  };
}

/** Why a command is not run; `null` where it is. */
function refusal([command = '', ...args]: readonly string[]): string | null {
  if (!COMMANDS.includes(command)) return `"${command}" is not among them`;
  const end = args.indexOf('--');
  const before = end < 0 ? args : args.slice(0, end);
  const odd = before.find((arg) => arg.startsWith('-') && !OPTIONS.test(arg));
  if (odd !== undefined) return `"${odd}" is no option that is known to be harmless`;
  if ([command, ...args].some((arg) => arg.includes('\0'))) return 'an argument holds a NUL';
  // Without a commit it compares with the files on disk, and would run the filters of the repository over them.
  if (command === 'blame' && !before.some((arg) => COMMIT.test(arg))) return 'it names no commit by its whole id';
  // With a second name it would set the first.
  if (command === 'symbolic-ref' && before.length + (end < 0 ? 0 : args.length - end - 1) > before.filter((arg) => arg.startsWith('-')).length + 1)
    return 'it would be set';
  return null;
}

/** A command as it is put into a message: on one line, and not without end. */
const shown = (args: readonly string[]): string => {
  const line = args.join(' ').replace(/[^\x20-\x7e]+/g, '?');
  return line.length > 120 ? `${line.slice(0, 120)}…` : line;
};

/** What git says, and what to do about it. */
function advised(said: string): string {
  if (/not a git repository/.test(said)) return `${said}. It is not under version control: in that folder, run "git init", "git add" and "git commit".`;
  if (/Needed a single revision|unknown revision|bad revision|ambiguous argument/.test(said))
    return `${said}. There is no such commit: nothing was committed yet, or the history is not whole.`;
  return said;
}
