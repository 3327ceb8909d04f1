import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Files } from '../../evidence/files.ts';
import { LogReader } from '../../log/reader.ts';
import { type Checkpoint, checkpointName, signCheckpoint } from '../../log/checkpoint.ts';
import { consistencyFrom } from '../../log/derive.ts';
import { EMPTY_ROOT, type Hash, leafHash, rootOf } from '../../log/merkle.ts';
import { type NoteSigner, noteSigner, verifierKey } from '../../log/note.ts';
import { TILE_WIDTH, tilePath, tilesOf } from '../../log/tiles.ts';

export const pem = (): string => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** Whoever holds the key of a log, and is not bound by what was signed before. */
export interface TinyLog {
  readonly signer: NoteSigner;
  readonly vkey: string;
  /** Publishes a tree of these entries, as if it were the only one there ever was. */
  publish(entries: readonly string[]): { readonly checkpoint: Checkpoint; readonly note: string; readonly name: string };
  place(): { readonly store: Files; readonly reader: LogReader };
  proof(earlier: number, size: number): Promise<readonly Hash[]>;
}

/** Hash tiles and checkpoints of a log in a folder, without records: what witnesses and auditors read. */
export function tinyLog(dir: string, origin = 'acme.example/log', signer = noteSigner(origin, pem())): TinyLog {
  const write = (path: string, bytes: string | Uint8Array) => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), bytes);
  };
  const place = () => {
    const store = new Files(dir);
    return { store, reader: new LogReader(store, signer) };
  };
  write('log/log.json', JSON.stringify({ format: 1, origin, verifierKey: verifierKey(signer), statementKeys: {} }));
  return {
    signer,
    vkey: verifierKey(signer),
    publish(entries) {
      const levels: (readonly Hash[])[] = [entries.map((entry) => leafHash(Buffer.from(entry)))];
      const [leaves = []] = levels;
      levels.push(
        Array.from({ length: Math.floor(leaves.length / TILE_WIDTH) }, (_, tile) => rootOf(leaves.slice(tile * TILE_WIDTH, (tile + 1) * TILE_WIDTH))),
      );
      const checkpoint = { origin, size: leaves.length, root: leaves.length === 0 ? EMPTY_ROOT : rootOf(leaves) };
      const [note, name] = [signCheckpoint(checkpoint, signer), checkpointName(checkpoint)];
      for (const { level, index, width } of tilesOf(leaves.length))
        write(`log/${tilePath(level, index, width)}`, Buffer.concat(levels[level]?.slice(index * TILE_WIDTH, index * TILE_WIDTH + width) ?? []));
      write(`log/checkpoints/${name}`, note);
      write('log/checkpoint', note);
      return { checkpoint, note, name };
    },
    place,
    proof: (earlier, size) => consistencyFrom(earlier, size, (level, index) => place().reader.tile(level, index, size)),
  };
}

/** `count` entries; from `fork` on another history. */
export const entries = (count: number, fork = Infinity): readonly string[] =>
  Array.from({ length: count }, (_, place) => (place < fork ? `entry ${place}` : `other ${place}`));
