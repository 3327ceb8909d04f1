import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import type { FileSource, Question, Redaction } from '../collectors/source.ts';
import { IncompleteError } from '../core/error.ts';
import type { World } from './asker.ts';

/** An export larger than this is a mistake. */
const LIMIT = 256 * 1024 * 1024;

/** Files that the configuration names, read whole. What is kept as their address is the path as configured. */
export function fileSource({ clock, root }: Pick<World, 'clock'> & { readonly root: string }): FileSource & { questions: () => readonly Question[] } {
  const questions: Question[] = [];
  return {
    questions: () => questions,

    async read(name, path, redaction) {
      const startedAt = clock();
      const request = { method: 'READ', url: path, body: redaction ? 'redacted: values that are secret were taken out before anything was kept' : null };
      const absolute = resolve(root, path);
      if (!isAbsolute(path) && relative(root, absolute).startsWith('..'))
        throw new IncompleteError(`"${name}": ${path} lies outside of the workspace. Put the file below it, or write its absolute path.`);
      const body = await stat(absolute)
        .then((it) => (it.size > LIMIT ? Promise.reject(new Error(`it has ${it.size} bytes, at most ${LIMIT}`)) : readFile(absolute)))
        .catch((cause: Error) => {
          throw new IncompleteError(`"${name}": ${path} cannot be read: ${cause.message}`, cause);
        });
      if (body.length === 0) throw new IncompleteError(`"${name}": ${path} is empty`);
      const kept = redaction ? redacted(body, redaction, `"${name}": ${path}`) : { body, headers: {} };
      questions.push({ name, request, pages: 1, ended: true, received: null, total: null });
      return { name, request, status: 200, headers: { 'content-type': typeOf(path), ...kept.headers }, body: kept.body, startedAt, finishedAt: clock() };
    },
  };
}

const typeOf = (path: string): string =>
  /\.(json|jsonl|ndjson|sarif|tfstate)$/i.test(path) ? (/\.(jsonl|ndjson)$/i.test(path) ? 'application/x-ndjson' : 'application/json') : 'text/csv';

function redacted(body: Uint8Array, redaction: Redaction, what: string) {
  const headers = { 'x-original-sha256': createHash('sha256').update(body).digest('hex'), 'x-original-size': String(body.length) };
  try {
    return { body: redaction(body), headers };
  } catch (cause) {
    // Nothing but what the redaction says itself: an error of anything else could quote the file.
    throw new IncompleteError(`${what} ${cause instanceof RangeError ? cause.message : 'could not be redacted'}`);
  }
}
