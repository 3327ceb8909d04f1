import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError, IntegrityError } from '../core/error.ts';
import { Files } from '../evidence/files.ts';
import { DESCRIPTION, parseDescription } from '../log/description.ts';
import { preAuthenticated } from '../log/entry.ts';
import { payloadPath } from '../log/paths.ts';
import { LogReader } from '../log/reader.ts';
import { type Payload, PAYLOAD_TYPE, unsealStatement } from '../log/statement.ts';
import { bundlePath, statementsPath, TILE_WIDTH, tilePath } from '../log/tiles.ts';
import { parseVerifierKey } from '../log/note.ts';
import { verifyLog } from '../verify/log.ts';
import { PYTHON } from './tamper-python.ts';

/** What one verifier says of a copy in which one byte was changed. */
export interface Said {
  readonly verifier: string;
  /** `not its part` of what it does not look at, `not installed` where the program is not on this machine. */
  readonly verdict: 'refused' | 'accepted' | 'not its part' | 'not installed';
  readonly says: string;
}

export interface Tampered {
  readonly what: string;
  readonly file: string;
  /** Place of the byte whose last bit was flipped. */
  readonly at: number;
  readonly verifiers: readonly Said[];
}

interface Flip {
  readonly what: string;
  readonly file: string;
  readonly at: number;
  /** Programs that look at such a thing at all. */
  readonly openssl: ((copy: Copy) => Said) | null;
}

interface Copy {
  readonly dir: string;
  readonly index: number;
  readonly payload: Payload;
  readonly verifierKey: string;
}

/**
 * Shows on a copy of the log that a changed byte does not go unseen: flips one bit in each kind of file, one after the
 * other, and asks every verifier that is on this machine. The log itself is not touched.
 */
export async function tamperDemo(state: string, progress: (what: string) => void): Promise<readonly Tampered[]> {
  const dir = mkdtempSync(join(tmpdir(), 'tickmark-tamper-'));
  try {
    for (const folder of ['log', 'packs', 'payloads']) if (existsSync(join(state, folder))) cpSync(join(state, folder), join(dir, folder), { recursive: true });
    const { copy, flips } = await chosen(dir);
    progress('the copy as it is');
    const before = (await ask(copy, null)).filter(({ verdict }) => verdict === 'refused');
    if (before.length > 0)
      throw new IntegrityError('TAMPER', `the log does not verify as it is: ${before.map(({ verifier, says }) => `${verifier}: ${says}`).join('; ')}`);
    const results: Tampered[] = [];
    for (const flip of flips) {
      progress(flip.what);
      const path = join(dir, flip.file);
      const sound = readFileSync(path);
      const changed = Buffer.from(sound);
      changed[flip.at] = (changed[flip.at] ?? 0) ^ 1;
      chmodSync(path, 0o644);
      writeFileSync(path, changed);
      results.push({ what: flip.what, file: flip.file, at: flip.at, verifiers: await ask(copy, flip) });
      writeFileSync(path, sound);
    }
    return results;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** A record in the middle of the log, and a byte of it in each file that it is in. */
async function chosen(dir: string): Promise<{ readonly copy: Copy; readonly flips: readonly Flip[] }> {
  const { verifierKey } = parseDescription(readFileSync(join(dir, DESCRIPTION)));
  const reader = new LogReader(new Files(dir), parseVerifierKey(verifierKey));
  const { checkpoint } = await reader.checkpoint();
  if (checkpoint.size === 0)
    throw new ConfigurationError('the log holds no record yet: there is nothing to alter. Run "tickmark demo" or "tickmark collect" first.');
  const index = Math.floor(checkpoint.size / 2);
  const [bundle, place] = [Math.floor(index / TILE_WIDTH), index % TILE_WIDTH];
  const width = Math.min(TILE_WIDTH, checkpoint.size - bundle * TILE_WIDTH);
  const [entries, statements] = [await reader.entries(bundle, checkpoint.size), await reader.statements(bundle, checkpoint.size)];
  const [entry, envelope] = [entries[place] ?? Buffer.alloc(0), statements[place] ?? Buffer.alloc(0)];
  const { payloads } = unsealStatement(index, entry, envelope);
  const [payload] = payloads;
  if (!payload) throw new IntegrityError('DETAIL', `record ${index} names no detail`);
  const copy = { dir, index, payload, verifierKey };
  const before = (items: readonly Buffer[], lengthBytes: number) => items.slice(0, place).reduce((sum, { length }) => sum + lengthBytes + length, lengthBytes);
  const root = readFileSync(join(dir, 'log/checkpoint')).indexOf('\n', checkpoint.origin.length + 1) + 1;
  return {
    copy,
    flips: [
      {
        what: `the entry of record ${index}`,
        file: `log/${bundlePath(bundle, width)}`,
        at: before(entries, 2) + entry.indexOf('"digest":"') + 20,
        openssl: null,
      },
      { what: `the statement of record ${index}`, file: `log/${statementsPath(bundle, width)}`, at: before(statements, 4) + 200, openssl: statementBySsl },
      { what: `its payload`, file: payloadPath(payload), at: payload.place.offset + Math.floor(payload.place.length / 2), openssl: payloadBySsl },
      { what: `the tile of hashes over it`, file: `log/${tilePath(0, bundle, width)}`, at: place * 32 + 7, openssl: null },
      { what: 'the root in the checkpoint', file: 'log/checkpoint', at: root + 10, openssl: checkpointBySsl },
    ],
  };
}

async function ask(copy: Copy, flip: Flip | null): Promise<readonly Said[]> {
  const { problems } = await verifyLog(new Files(copy.dir));
  const problem = problems.find(({ file }) => file === flip?.file) ?? problems[0];
  const own: Said = {
    verifier: 'tickmark log verify',
    verdict: problem ? 'refused' : 'accepted',
    says: problem ? `${problem.code} ${problem.file ?? ''}${problem.index === null ? '' : ` record ${problem.index}`}: ${problem.says}` : '',
  };
  const ssl = flip?.openssl ? flip.openssl(copy) : { verifier: 'openssl', verdict: 'not its part' as const, says: '' };
  return [own, program('python3', ['-I', '-c', PYTHON, copy.dir]), ssl];
}

/** Runs a program that ends with 0 where all is as it should be, and says otherwise what is not. */
function program(name: string, args: readonly string[], input?: Uint8Array): Said {
  const { status, stdout, stderr, error } = spawnSync(name, args, { encoding: 'utf8', ...(input ? { input } : {}) });
  const verifier = name;
  if (error && 'code' in error && error.code === 'ENOENT') return { verifier, verdict: 'not installed', says: '' };
  const says = `${stdout}${stderr}`.trim().split('\n').at(-1) ?? '';
  return status === 0 ? { verifier, verdict: 'accepted', says: '' } : { verifier, verdict: 'refused', says };
}

function checkpointBySsl({ dir, verifierKey }: Copy): Said {
  const note = readFileSync(join(dir, 'log/checkpoint'), 'utf8');
  const [text = '', lines = ''] = [note.slice(0, note.indexOf('\n\n') + 1), note.slice(note.indexOf('\n\n') + 2)];
  const signature = Buffer.from(lines.split(' ')[2] ?? '', 'base64').subarray(4);
  const key = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), parseVerifierKey(verifierKey).publicKey]);
  return inFiles({ key, signature, text: Buffer.from(text) }, (path) =>
    program('openssl', [
      'pkeyutl',
      '-verify',
      '-pubin',
      '-keyform',
      'DER',
      '-inkey',
      path('key'),
      '-rawin',
      '-in',
      path('text'),
      '-sigfile',
      path('signature'),
    ]),
  );
}

function statementBySsl({ dir, index }: Copy): Said {
  const read = (pathOf: (bundle: number, width: number) => string, lengthBytes: number): Buffer => {
    const bundle = Math.floor(index / TILE_WIDTH);
    const full = join(dir, `log/${pathOf(bundle, TILE_WIDTH)}`);
    const size = Number(readFileSync(join(dir, 'log/checkpoint'), 'utf8').split('\n')[1]);
    let bytes = readFileSync(existsSync(full) ? full : join(dir, `log/${pathOf(bundle, size % TILE_WIDTH)}`));
    for (let place = 0; place < index % TILE_WIDTH; place++) bytes = bytes.subarray(lengthBytes + bytes.readUIntBE(0, lengthBytes));
    return bytes.subarray(lengthBytes, lengthBytes + bytes.readUIntBE(0, lengthBytes));
  };
  const [envelope, entry] = [read(statementsPath, 4).toString('latin1'), read(bundlePath, 2).toString('latin1')];
  const field = (text: string, name: string) => Buffer.from(new RegExp(`"${name}":"([^"]*)"`).exec(text)?.[1] ?? '', 'base64');
  const signed = preAuthenticated(PAYLOAD_TYPE, field(envelope, 'payload'));
  return inFiles({ key: field(entry, 'rawBytes'), signature: field(envelope, 'sig'), signed }, (path) =>
    program('openssl', ['dgst', '-sha256', '-verify', path('key'), '-keyform', 'DER', '-signature', path('signature'), path('signed')]),
  );
}

function payloadBySsl({ dir, payload }: Copy): Said {
  const { place } = payload;
  const file = readFileSync(join(dir, payloadPath(payload)));
  const bytes = place.pack === null ? file : file.subarray(place.offset, place.offset + place.length);
  return inFiles({ bytes }, (path) => {
    const { stdout, error } = spawnSync('openssl', ['dgst', '-sha256', '-r', path('bytes')], { encoding: 'utf8' });
    if (error) return { verifier: 'openssl', verdict: 'not installed', says: '' };
    const says = `its SHA-256 is ${stdout.slice(0, 16)}…, and the statement names ${payload.digest.slice(0, 16)}…`;
    return stdout.startsWith(payload.digest) ? { verifier: 'openssl', verdict: 'accepted', says: '' } : { verifier: 'openssl', verdict: 'refused', says };
  });
}

function inFiles(contents: Readonly<Record<string, Uint8Array>>, act: (path: (name: string) => string) => Said): Said {
  const dir = mkdtempSync(join(tmpdir(), 'tickmark-tamper-'));
  try {
    for (const [name, bytes] of Object.entries(contents)) writeFileSync(join(dir, name), bytes);
    return act((name) => join(dir, name));
  } finally {
    rmSync(dir, { recursive: true });
  }
}
