import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openArchive } from '../src/evidence/directory.ts';
import { CALLS, Files } from '../src/evidence/files.ts';
import { Keys } from '../src/evidence/keys.ts';
import { FileKeystore, type KeptKey } from '../src/evidence/keystore.ts';
import { eraOf } from '../src/evidence/preparation.ts';
import { type Draft, headOf } from '../src/evidence/record.ts';
import { checkpointName, signCheckpoint } from '../src/log/checkpoint.ts';
import { EMPTY_ROOT, HASH_SIZE, leafHashInto, sha256hex } from '../src/log/merkle.ts';
import { LOCK } from '../src/log/paths.ts';
import { lineOf, type Sealed, sealStatement, signerOf } from '../src/log/statement.ts';
import { bundlePath, encodeBundle, statementsPath, TILE_WIDTH, tilePath, tilesOf } from '../src/log/tiles.ts';
import { treeOf } from '../src/log/tree.ts';

/** An entry is about as long. */
const ENTRY = 489;

/** A writer that is killed leaves at most so many records of which it had not noted where their lines stand. */
const UNNOTED = 4095;

/**
 * Lays out a log of so many records in seconds, as a writer leaves it that was killed: its keys, checkpoints and every tile
 * are what it would have made. Of entries and statements those are real that opening reads; of all others it only finds the names.
 */
export async function makeLong(dir: string, records: number, first: Draft): Promise<void> {
  const calls = { ...CALLS, fsync: async () => undefined };
  const archive = await openArchive({ dir, clock: Date.now, origin: 'bench.example/long', calls });
  await archive.append([first]);
  await archive.close();
  const files = new Files(dir, calls);
  const keys = await Keys.open(files, files);
  if (!keys) throw new Error('no log was made');

  // Two payloads a record, all of the quarter that is written to.
  const keystore = new FileKeystore(files);
  const era = eraOf(first, Date.now());
  for (let from = 0; from < records; from += KEYS) await keystore.add(era, Array.from({ length: 2 * Math.min(KEYS, records - from) }, keyAt));

  const last = await lastOf(Math.min(records, UNNOTED), first, keys);
  const real = (index: number) => last[index - (records - last.length)];
  const leaves = Buffer.alloc(records * HASH_SIZE);
  for (let index = 0; index < records; index++) leafHashInto(real(index)?.leaf ?? entryOf(index), leaves, index);
  const tree = treeOf(leaves);
  const write = (path: string, bytes: Uint8Array) => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), bytes);
  };
  for (const { level, index, width } of tilesOf(records)) {
    write(`log/${tilePath(level, index, width)}`, tree.tile(level, index, width));
    if (level > 0) continue;
    const isRead = real(index * TILE_WIDTH + width - 1) !== undefined;
    const its = isRead ? Array.from({ length: width }, (_, place) => index * TILE_WIDTH + place) : [];
    const [entries, statements] = [its.map((at) => real(at)?.leaf ?? entryOf(at)), its.map((at) => real(at)?.envelope ?? Buffer.alloc(1))];
    write(`log/${bundlePath(index, width)}`, encodeBundle(entries, 2));
    write(`log/${statementsPath(index, width)}`, encodeBundle(statements, 4));
  }
  const checkpoint = { origin: keys.description.origin, size: records, root: tree.rootAt(records) };
  const note = Buffer.from(signCheckpoint(checkpoint, await keys.logSigner()));
  for (let size = TILE_WIDTH; size < records; size += TILE_WIDTH) write(`log/checkpoints/${checkpointName({ size, root: tree.rootAt(size) })}`, note);
  for (const path of [`log/checkpoints/${checkpointName(checkpoint)}`, 'log/checkpoint', LOCK]) write(path, note);
  write('log/.state/lines', Buffer.from(JSON.stringify({ size: records - last.length, lines: {}, about: [] })));
}

/** The newest records of the log, of one line. */
async function lastOf(count: number, { body, demo }: Draft, keys: Keys): Promise<readonly Sealed[]> {
  const head = headOf(body);
  const signer = await keys.statementSigner(signerOf(head));
  const all: Sealed[] = [];
  let prev: string | null = null;
  for (let seq = 1; seq <= count; seq++) {
    const { digest, place } = keyAt();
    const payloads = [{ digest, keyDigest: digest, size: 100, place }];
    const made = { id: digest.slice(0, 32), line: lineOf(body), seq, prev, head, demo, sealedAt: 0, era: 'evidence/1970-Q1', payloads };
    const sealed: Sealed = sealStatement({ ...made, afterCheckpoint: { size: 0, root: EMPTY_ROOT.toString('base64') } }, signer);
    prev = sha256hex(sealed.envelope);
    all.push(sealed);
  }
  return all;
}

const KEYS = 10_000;
const keyAt = (): KeptKey => {
  const [digest, fingerprint, secret] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex'), randomBytes(32)];
  return { digest, fingerprint, secret, place: { pack: digest, offset: 0, length: 100 } };
};

function entryOf(index: number): Buffer {
  const entry = Buffer.alloc(ENTRY, 0x20);
  entry.writeUInt32BE(index, 0);
  return entry;
}
