import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { IntegrityError } from '../core/error.ts';
import { TAR_END, tarHeader, tarPadding } from '../log/tar.ts';

/** One file of a backup. */
export interface BackupFile {
  /** Below the workspace: `tickmark.yaml`, `.tickmark/log/checkpoint`. */
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  /** Permissions, in octal. */
  readonly mode: number;
}

/** What was written. */
export interface BackupDone {
  readonly file: string;
  readonly files: number;
  readonly rows: number;
  readonly checkpoint: Manifest['checkpoint'];
  /** Where the archive lies in a bucket: its address. The bucket is not part of the backup. */
  readonly bucket: string | null;
}

/** What a backup says of itself. It comes last, for only then is all of it known. */
export interface Manifest {
  readonly format: 1;
  readonly made: string;
  readonly version: string;
  readonly origin: string;
  readonly checkpoint: { readonly size: number; readonly root: string };
  /** Whether the log was written by way of a PostgreSQL server, which then holds its keys. */
  readonly shared: boolean;
  readonly files: readonly BackupFile[];
}

export const MANIFEST = 'backup.json';
export const DATABASE = 'database.json.gz';
const FILES = 'files';

/** Names that tar knows are plain: a dot that begins a part is spelled out. */
const nameOf = (path: string): string =>
  `${FILES}/${path
    .split('/')
    .map((part) =>
      encodeURIComponent(part)
        .replace(/[!'()*~]/g, (it) => `%${it.charCodeAt(0).toString(16).toUpperCase()}`)
        .replace(/^\./, '%2E'),
    )
    .join('/')}`;

/** Writes a tar that any tar reads; for its owner's eyes only, for it holds the keys of the log. */
export function backupWriter(file: string) {
  const fd = openSync(file, 'wx', 0o600);
  const put = (name: string, bytes: Uint8Array) => {
    for (const part of [tarHeader(name, bytes.length), bytes, tarPadding(bytes.length)]) for (let at = 0; at < part.length; ) at += writeSync(fd, part, at);
  };
  return {
    add(path: string, bytes: Uint8Array, mode: number): BackupFile {
      put(nameOf(path), bytes);
      return { path, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), mode };
    },
    part: put,
    end() {
      writeSync(fd, TAR_END);
      fsyncSync(fd);
    },
    close: () => closeSync(fd),
  };
}

export interface BackupReader {
  readonly manifest: Manifest;
  part(name: string): Buffer;
  /** The bytes of a file, compared with its digest. Throws `IntegrityError`. */
  file(file: BackupFile): Buffer;
  close(): void;
}

/** Reads where everything lies; of files nothing yet. Throws `IntegrityError` where it is no backup, or half of one. */
export function backupReader(file: string): BackupReader {
  const fd = openSync(file, 'r');
  try {
    const places = placesIn(fd);
    const part = (name: string): Buffer => {
      const place = places.get(name);
      if (!place) throw new IntegrityError('BACKUP', `${file} is no whole backup: it holds no ${name}`);
      return readAt(fd, place.offset, place.size);
    };
    const manifest = JSON.parse(part(MANIFEST).toString('utf8')) as Manifest;
    if (manifest.format !== 1) throw new IntegrityError('BACKUP', `${file} was made by a newer version of Tickmark`);
    return {
      manifest,
      part,
      file({ path, sha256 }) {
        const bytes = part(nameOf(path));
        if (createHash('sha256').update(bytes).digest('hex') !== sha256)
          throw new IntegrityError('BACKUP', `${path} in ${file} is not as it was when the backup was made`);
        return bytes;
      },
      close: () => closeSync(fd),
    };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

const BLOCK = 512;

/** Of a name that comes twice the later counts. */
function placesIn(fd: number): ReadonlyMap<string, { readonly offset: number; readonly size: number }> {
  const places = new Map<string, { readonly offset: number; readonly size: number }>();
  for (let offset = 0; ; ) {
    const block = readAt(fd, offset, BLOCK);
    if (block.length < BLOCK) throw new IntegrityError('BACKUP', 'the backup is cut short');
    if (block.equals(TAR_END.subarray(0, BLOCK))) return places;
    const text = (from: number, length: number) => block.toString('latin1', from, from + length).replace(/\0.*$/s, '');
    const [rest, prefix, size] = [text(0, 100), text(345, 155), Number.parseInt(text(124, 12), 8)];
    const name = prefix === '' ? rest : `${prefix}/${rest}`;
    if (!Number.isSafeInteger(size) || !isHeader(block, name, size))
      throw new IntegrityError('BACKUP', 'the backup is damaged: a header is not one that was written');
    places.set(name, { offset: offset + BLOCK, size });
    offset += BLOCK + size + tarPadding(size).length;
  }
}

function isHeader(block: Buffer, name: string, size: number): boolean {
  try {
    return tarHeader(name, size).equals(block);
  } catch {
    return false; // not a name that would have been written
  }
}

function readAt(fd: number, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let done = 0;
  for (let got = -1; got !== 0 && done < length; done += got) got = readSync(fd, bytes, done, length - done, offset + done);
  return bytes.subarray(0, done);
}
