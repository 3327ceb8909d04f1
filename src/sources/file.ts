import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import type { FileSource, Question } from '../collectors/source.ts';
import { IncompleteError } from '../core/error.ts';
import type { World } from './asker.ts';

/** An export larger than this is a mistake. */
const LIMIT = 256 * 1024 * 1024;

/** Files that the configuration names, read whole. What is kept as their address is the path as configured. */
export function fileSource({ clock, root }: Pick<World, 'clock'> & { readonly root: string }): FileSource & { questions: () => readonly Question[] } {
  const questions: Question[] = [];
  return {
    questions: () => questions,

    async read(name, path) {
      const startedAt = clock();
      const request = { method: 'READ', url: path, body: null };
      const absolute = resolve(root, path);
      if (!isAbsolute(path) && relative(root, absolute).startsWith('..'))
        throw new IncompleteError(`"${name}": ${path} lies outside of the workspace. Put the file below it, or write its absolute path.`);
      const body = await stat(absolute)
        .then((it) => (it.size > LIMIT ? Promise.reject(new Error(`it has ${it.size} bytes, at most ${LIMIT}`)) : readFile(absolute)))
        .catch((cause: Error) => {
          throw new IncompleteError(`"${name}": ${path} cannot be read: ${cause.message}`, cause);
        });
      if (body.length === 0) throw new IncompleteError(`"${name}": ${path} is empty`);
      questions.push({ name, request, pages: 1, ended: true, received: null, total: null });
      return { name, request, status: 200, headers: { 'content-type': 'text/csv' }, body, startedAt, finishedAt: clock() };
    },
  };
}
