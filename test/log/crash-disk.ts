import { constants, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { CALLS, type Calls } from '../../src/evidence/files.ts';

/**
 * A disk by the letter of POSIX: a file's bytes are there after a power cut once it was synced, a name once its folder
 * was, and of all the rest any part may be there. Real file systems promise more; what holds here holds on each of them.
 */
export type Event =
  | { readonly kind: 'create' | 'open' | 'mkdir' | 'unlink' | 'sync folder'; readonly path: string }
  | { readonly kind: 'write'; readonly file: number; readonly bytes: Buffer; readonly position?: number }
  | { readonly kind: 'sync file'; readonly file: number }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string };

/** Carries the calls out, and writes down what they asked of the disk. Files are numbered as they are created. */
export function recorder(root: string): { readonly calls: Calls; readonly events: Event[] } {
  const events: Event[] = [];
  const opened = new Map<number, { readonly file: number } | { readonly folder: string }>();
  let files = 0;
  const within = (path: string) => relative(root, path);
  const add = (event: Event) => void events.push(event);
  return {
    events,
    calls: {
      async open(path, flags, mode) {
        const fd = await CALLS.open(path, flags, mode);
        const isFile = flags !== constants.O_RDONLY;
        opened.set(fd, isFile ? { file: files++ } : { folder: within(path) });
        if (isFile) add({ kind: flags & constants.O_EXCL ? 'create' : 'open', path: within(path) });
        return fd;
      },
      async write(fd, bytes, position) {
        await CALLS.write(fd, bytes, position);
        const its = opened.get(fd);
        if (its && 'file' in its) add({ kind: 'write', file: its.file, bytes: Buffer.from(bytes), ...(position === undefined ? {} : { position }) });
      },
      async fsync(fd) {
        await CALLS.fsync(fd);
        const its = opened.get(fd);
        if (its && 'file' in its) add({ kind: 'sync file', file: its.file });
        if (its && 'folder' in its && !its.folder.startsWith('..')) add({ kind: 'sync folder', path: its.folder });
      },
      async close(fd) {
        opened.delete(fd);
        await CALLS.close(fd);
      },
      async rename(from, to) {
        await CALLS.rename(from, to);
        add({ kind: 'rename', from: within(from), to: within(to) });
      },
      async unlink(path) {
        await CALLS.unlink(path);
        add({ kind: 'unlink', path: within(path) });
      },
      async mkdir(path) {
        await CALLS.mkdir(path);
        add({ kind: 'mkdir', path: within(path) });
      },
    },
  };
}

/** Paths and bytes, as a disk holds them. */
export type Contents = ReadonlyMap<string, Buffer>;

/** An answer below `options`, for each thing that the cut leaves open: 0 where it is there, as if it had been synced. */
export type Choose = (options: number) => number;

interface File {
  written: Buffer;
  durable: Buffer;
}
interface Folder {
  readonly durable: Map<string, Node>;
  readonly current: Map<string, Node>;
  pending: ((entries: Map<string, Node>) => void)[];
}
type Node = File | Folder;

/** What is left of a disk whose power is cut after these events. */
export function afterPowerCut(before: Contents, events: readonly Event[], choose: Choose): Contents {
  const root = durableFolder(before);
  const files: File[] = [];
  for (const event of events) happen(root, files, event);
  const left = new Map<string, Buffer>();
  collect(root, '', choose, left);
  return left;
}

function happen(root: Folder, files: File[], event: Event): void {
  if (event.kind === 'write' || event.kind === 'sync file') {
    const file = files[event.file] as File;
    if (event.kind === 'write') file.written = file.written.length === 0 ? event.bytes : written(file.written, event);
    else file.durable = file.written;
  } else if (event.kind === 'sync folder') {
    const folder = event.path === '' ? root : (folderOf(root, event.path).current.get(nameOf(event.path)) as Folder);
    for (const apply of folder.pending) apply(folder.durable);
    folder.pending = [];
  } else if (event.kind === 'rename') {
    const folder = folderOf(root, event.from);
    const node = folder.current.get(nameOf(event.from));
    if (!node || folder !== folderOf(root, event.to)) throw new Error(`${event.from} cannot be renamed to ${event.to} here`);
    change(folder, (entries) => {
      entries.delete(nameOf(event.from));
      entries.set(nameOf(event.to), node);
    });
  } else if (event.kind === 'unlink') {
    change(folderOf(root, event.path), (entries) => void entries.delete(nameOf(event.path)));
  } else {
    const there = event.kind === 'open' ? folderOf(root, event.path).current.get(nameOf(event.path)) : undefined;
    const node: Node = there ?? (event.kind === 'mkdir' ? emptyFolder() : { written: Buffer.alloc(0), durable: Buffer.alloc(0) });
    if ('written' in node) files.push(node);
    if (there) return; // it is appended to
    change(folderOf(root, event.path), (entries) => void entries.set(nameOf(event.path), node));
  }
}

/** At the end, or over what lies at its position. */
function written(before: Buffer, { bytes, position = before.length }: { readonly bytes: Buffer; readonly position?: number }): Buffer {
  return Buffer.concat([before.subarray(0, position), bytes, before.subarray(position + bytes.length)]);
}

const emptyFolder = (): Folder => ({ durable: new Map(), current: new Map(), pending: [] });

function change(folder: Folder, apply: (entries: Map<string, Node>) => void): void {
  apply(folder.current);
  folder.pending.push(apply);
}

function collect(folder: Folder, path: string, choose: Choose, left: Map<string, Buffer>): void {
  const entries = new Map(folder.durable);
  for (const apply of folder.pending) if (choose(2) === 0) apply(entries);
  for (const [name, node] of entries) {
    const its = path === '' ? name : `${path}/${name}`;
    if ('pending' in node) collect(node, its, choose, left);
    else left.set(its, node.written === node.durable ? node.written : unsynced(node, choose));
  }
}

/** Of bytes that were not synced there may be all, none, the beginning, or a length with nothing in it. All are behind those that were. */
function unsynced({ written, durable }: File, choose: Choose): Buffer {
  const more = written.length - durable.length;
  switch (choose(4)) {
    case 0:
      return written;
    case 1:
      return durable;
    case 2:
      return written.subarray(0, durable.length + Math.floor(more / 2));
    default:
      return Buffer.concat([durable, Buffer.alloc(more)]);
  }
}

function durableFolder(contents: Contents): Folder {
  const root = emptyFolder();
  for (const [path, bytes] of contents) {
    let folder = root;
    for (const name of path.split('/').slice(0, -1)) {
      const next = (folder.durable.get(name) as Folder | undefined) ?? emptyFolder();
      folder.durable.set(name, next);
      folder.current.set(name, next);
      folder = next;
    }
    const file: File = { written: bytes, durable: bytes };
    folder.durable.set(nameOf(path), file);
    folder.current.set(nameOf(path), file);
  }
  return root;
}

function folderOf(root: Folder, path: string): Folder {
  let folder = root;
  for (const name of path.split('/').slice(0, -1)) folder = folder.current.get(name) as Folder;
  return folder;
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

export function readContents(dir: string): Contents {
  const paths = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && !entry.name.startsWith('writer.lock'));
  return new Map(
    paths.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(dir, path), readFileSync(path)];
    }),
  );
}

export function writeContents(dir: string, contents: Contents): void {
  const made = new Set<string>();
  for (const [path, bytes] of contents) {
    const folder = dirname(join(dir, path));
    if (!made.has(folder)) mkdirSync(folder, { recursive: true });
    made.add(folder);
    writeFileSync(join(dir, path), bytes);
  }
  mkdirSync(dir, { recursive: true });
}
