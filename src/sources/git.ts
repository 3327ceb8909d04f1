import { isAbsolute, relative, resolve } from 'node:path';
import type { GitSource, Question } from '../collectors/source.ts';
import { IncompleteError } from '../core/error.ts';
import type { World } from './asker.ts';

/** What only reads. Anything else is refused, whoever asks. */
const COMMANDS = ['rev-parse', 'rev-list', 'log', 'cat-file', 'ls-tree', 'show', 'for-each-ref', 'blame', 'symbolic-ref'];
/** Options by which even these would write or run something. */
const FORBIDDEN = /^(--output|--ext-diff|--textconv|--upload-pack|--exec|-c$|--config|--git-dir|--work-tree|--filters)/;

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

    async run(name, args) {
      const [command = ''] = args;
      if (!COMMANDS.includes(command) || args.some((arg) => FORBIDDEN.test(arg)))
        throw new IncompleteError(`"${name}": git ${args.join(' ')} is no command that only reads`);
      if (questions.some((question) => question.name === name))
        throw new IncompleteError(`${name} was asked twice in one run: the collector gives two questions one name`);
      if (!isAbsolute(path) && relative(root, folder).startsWith('..'))
        throw new IncompleteError(`"${name}": ${path} lies outside of the workspace. Put the repository below it, or write its absolute path.`);
      const startedAt = clock();
      const request = { method: 'GIT', url: path, body: JSON.stringify(args) };
      const sent = { method: 'GIT', url: folder, headers: {}, body: new TextEncoder().encode(request.body) };
      const { status, body } = await wire(sent).catch((cause: Error) => {
        throw new IncompleteError(`"${name}" (git ${args.join(' ')} in ${path}) could not be asked: ${cause.message}`, cause);
      });
      if (status !== 200)
        throw new IncompleteError(`"${name}" (git ${args.join(' ')} in ${path}) failed: ${new TextDecoder().decode(body).trim().slice(0, 400)}`);
      questions.push({ name, request, pages: 1, ended: true, received: null, total: null });
      return { name, request, status, headers: { 'content-type': 'application/octet-stream' }, body, startedAt, finishedAt: clock() };
    },
  };
}
