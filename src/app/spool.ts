import { createHash } from 'node:crypto';
import { IntegrityError } from '../core/error.ts';
import type { Long } from '../evidence/bundle-files.ts';
import type { Scratch } from '../store/scratch.ts';

/** So many signs are put aside at once. */
const CHUNK = 2 ** 20;

/** Puts a long text aside as it is made, in UTF-8, so that its size and its digest are known before any of it is written. */
export function spooled(scratch: Pick<Scratch, 'put'>, texts: Iterable<string>): Long {
  const [hash, parts] = [createHash('sha256'), [] as (() => Buffer)[]];
  let [waiting, size] = ['', 0];
  const put = () => {
    const bytes = Buffer.from(waiting);
    hash.update(bytes);
    size += bytes.length;
    parts.push(scratch.put(bytes));
    waiting = '';
  };
  for (const text of texts) {
    waiting += text;
    if (waiting.length >= CHUNK) put();
  }
  put();
  return { size, digest: hash.digest('hex'), pieces: () => parts.values().map(read) };
}

function read(part: () => Buffer): Buffer {
  try {
    return part();
  } catch (cause) {
    throw new IntegrityError('BUNDLE', 'evidence was disposed of while it was written. Ask for it again.', cause);
  }
}
