import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { canonical, type Json } from '../src/core/canonical.ts';
import type { Archive } from '../src/evidence/archive.ts';
import { type BundleAsked, type Exported, writeBundle } from '../src/evidence/bundle.ts';
import { openArchive } from '../src/evidence/directory.ts';
import { CALLS } from '../src/evidence/files.ts';
import type { Draft } from '../src/evidence/record.ts';
import { signCheckpoint } from '../src/log/checkpoint.ts';
import { encrypt, keyDigestOf } from '../src/log/cipher.ts';
import { FORMAT } from '../src/log/description.ts';
import { eraAt } from '../src/log/disposal.ts';
import { EMPTY_ROOT, leafHash, sha256hex } from '../src/log/merkle.ts';
import { noteSigner, verifierKey } from '../src/log/note.ts';
import { lineOf, type Payload, type Sealed, sealStatement, type Statement, statementSigner } from '../src/log/statement.ts';
import { TAR_END, tarFiles, tarHeader, tarPadding } from '../src/log/tar.ts';
import { bundlePath, encodeBundle, statementsPath } from '../src/log/tiles.ts';
import { treeOf } from '../src/log/tree.ts';
import { encode, MANIFEST, RESULTS } from '../src/verify/format.ts';
import { madeRun } from './run-draft.ts';

export const FROM: number = Date.parse('2026-03-01T00:00:00Z');
export const HOUR = 3_600_000;

/** The run of an hour, of one of three sources; every tenth is not complete. */
export function runDraft(hour: number, bytes: Uint8Array = Buffer.from(JSON.stringify({ members: [`person-${hour % 5}`], hour }))): Draft {
  const at = FROM + hour * HOUR;
  const name = `org-${hour % 3}`;
  const failed = hour % 10 === 9;
  const collector = { id: `github/${hour % 3 === 0 ? 'organization' : 'repositories'}`, version: 1, sourceDigest: '00' };
  const outcome = failed ? { outcome: 'failure' as const, reason: `503 in hour ${hour}` } : {};
  return madeRun({
    demo: false,
    body: { collector, name, partition: name, slot: at, every: 3 * HOUR, ...outcome, config: '{}', askedAs: null, answeredBy: null, questions: [] },
    artifacts: failed ? {} : { members: bytes },
  });
}

const CONFIGURED: Draft = {
  demo: false,
  body: { kind: 'configuration', at: FROM },
  subjects: [
    {
      name: 'tickmark.yaml',
      mediaType: 'application/yaml',
      request: { method: 'READ', url: 'tickmark.yaml', body: null },
      status: 200,
      headers: {},
      startedAt: FROM,
      finishedAt: FROM,
      bytes: Buffer.from('company: Acme\n'),
    },
  ],
};

/** A log of one configuration and so many hourly runs, in batches. Nobody waits for the disk. */
export async function makeLog(dir: string, runs: number, batch = 500): Promise<Archive> {
  let now = FROM - 2 * HOUR;
  const clock = () => (now += HOUR); // each run is sealed in its own hour, however many are sealed at once
  const archive = await openArchive({ dir, clock, origin: 'acme.example/bundles', calls: { ...CALLS, fsync: async () => undefined } });
  await archive.append([CONFIGURED]);
  for (let from = 0; from < runs; from += batch) {
    await archive.append(Array.from({ length: Math.min(batch, runs - from) }, (_, place) => runDraft(from + place)));
  }
  return archive;
}

const POPULATION = Buffer.from('hr%2Fcsv/main/ann\nhr%2Fcsv/main/bob\n');

/** A catalogue, and the population of a control in it. */
export const PARTS: readonly (readonly [name: string, bytes: Buffer])[] = [
  ['catalog/controls/AC-01.md', Buffer.from('# AC-01\n')],
  ['catalog/criteria/cc6.yaml', Buffer.from('series: CC6\n')],
  ['catalog/required-items.yaml', Buffer.from('items: []\n')],
  ['populations/AC-01.made.txt', POPULATION],
];

const catalogDigest = createHash('sha256')
  .update('cc6.yaml\n12\nseries: CC6\n')
  .update('required-items.yaml\n10\nitems: []\n')
  .update('AC-01.md\n8\n# AC-01\n')
  .digest('hex');

/** Results that name these parts, and cite nothing. */
export const partsResults: readonly [name: string, bytes: Buffer] = [
  RESULTS,
  encode({ catalog: catalogDigest, checks: [], findings: [], populations: [{ control: 'AC-01', check: 'made', count: 2, digest: sha256hex(POPULATION) }] }),
];

export async function bundleOf(
  archive: Pick<Archive, 'files' | 'verifier' | 'secret' | 'payload'>,
  file: string,
  asked: Partial<BundleAsked> = {},
): Promise<Exported> {
  const note = (await archive.files.read('log/checkpoint'))?.toString() ?? '';
  const parts: Uint8Array[] = [];
  const exported = await writeBundle(
    archive,
    {
      period: { from: FROM, to: FROM + 10_000_000 * HOUR },
      controls: null,
      sources: null,
      cited: [],
      sealed: false,
      earlier: null,
      note,
      documents: [...PARTS, partsResults, ['README-VERIFY.txt', Buffer.from('read me\n')], ['report.html', Buffer.from('<p>')]],
      ...asked,
    },
    async (bytes) => void parts.push(Buffer.from(bytes)),
  );
  writeFileSync(file, Buffer.concat(parts));
  return exported;
}

export const temporary = (): string => mkdtempSync(join(tmpdir(), 'bundles-'));

/** The files of a bundle, by name. */
export function unpack(bytes: Buffer): Map<string, Buffer> {
  const read = (offset: number, length: number) => bytes.subarray(offset, offset + length);
  return new Map([...tarFiles(read, bytes.length, { files: 1e6, size: 2 ** 30 })].map(({ name, offset, size }) => [name, read(offset, size)]));
}

/** A bundle of these files; the manifest made again unless it is to be kept. */
export function pack(files: ReadonlyMap<string, Buffer>, manifest: 'again' | 'kept' = 'again'): Buffer {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = sorted.filter(([name]) => name !== MANIFEST).map(([name, bytes]) => `${sha256hex(bytes)}  ${name}\n`);
  return Buffer.concat([
    ...sorted.flatMap(([name, its]) => {
      const bytes = name === MANIFEST && manifest === 'again' ? Buffer.from(lines.join('')) : its;
      return [tarHeader(name, bytes.length), bytes, tarPadding(bytes.length)];
    }),
    TAR_END,
  ]);
}

/** A record that no writer would have sealed so. */
export type Forged = Partial<Pick<Statement, 'line' | 'seq' | 'prev' | 'era' | 'sealedAt' | 'afterCheckpoint'>> & {
  readonly head: Statement['head'];
  readonly detail?: Json;
  readonly artifacts?: readonly string[];
  /** What its statement says of the payloads that were made. */
  readonly says?: (made: readonly Payload[]) => readonly Payload[];
};

export type ForgedLog = Pick<Archive, 'files' | 'verifier' | 'secret' | 'payload'> & {
  readonly note: string;
  readonly kept: Map<string, Buffer>;
  readonly secrets: Map<string, Buffer>;
};

/** A log as whoever holds all its keys can make it, with what bundles are written from. One bundle of entries at most. */
export async function forgeLog(records: readonly Forged[]): Promise<ForgedLog> {
  const pem = (type: 'ed25519' | 'ec') =>
    (type === 'ec' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519')).privateKey
      .export({ type: 'pkcs8', format: 'pem' })
      .toString();
  const signer = noteSigner('acme.example/forged', pem('ed25519'));
  const key = statementSigner(pem('ec'));
  const [kept, secrets, plains] = [new Map<string, Buffer>(), new Map<string, Buffer>(), new Map<string, Buffer>()];
  const last = new Map<string, { readonly seq: number; readonly digest: string }>();
  const sealed: Sealed[] = [];
  for (const [index, { head, detail, artifacts = [], says = (made: readonly Payload[]) => made, line = lineOf(head), ...rest }] of records.entries()) {
    const before = last.get(line);
    const body = detail ?? { body: { reason: null, ...head }, subjects: artifacts.map((text) => ({ sha256: sha256hex(Buffer.from(text)) })) };
    const payloads: Payload[] = [];
    for (const plain of [Buffer.from(typeof body === 'string' ? body : canonical(body)), ...artifacts.map((text) => Buffer.from(text))]) {
      const { ciphertext: file, key: secret } = encrypt(zstdCompressSync(plain));
      const digest = sha256hex(file);
      kept.set(`payloads/${digest.slice(0, 2)}/${digest}.enc`, file);
      secrets.set(digest, secret);
      plains.set(digest, plain);
      payloads.push({ digest, keyDigest: keyDigestOf(secret), size: plain.length, place: { pack: null, offset: 0, length: file.length } });
    }
    const statement = {
      id: `${index}`,
      line,
      seq: (before?.seq ?? 0) + 1,
      prev: before?.digest ?? null,
      head,
      demo: false,
      sealedAt: FROM + index * HOUR,
      era: eraAt('evidence', rest.sealedAt ?? FROM + index * HOUR),
      payloads: says(payloads),
      afterCheckpoint: { size: 0, root: EMPTY_ROOT.toString('base64') },
      ...rest,
    };
    const made = sealStatement(statement, key);
    last.set(line, { seq: statement.seq, digest: sha256hex(made.envelope) });
    sealed.push(made);
  }
  const tree = treeOf(Buffer.concat(sealed.map(({ leaf }) => leafHash(leaf))));
  const note = signCheckpoint({ origin: signer.name, size: tree.size, root: tree.rootAt(tree.size) }, signer);
  const spki = key.publicKey.toString('base64');
  const description = {
    format: FORMAT,
    origin: signer.name,
    verifierKey: verifierKey(signer),
    statementKeys: { workspace: spki, 'github/organization': spki },
  };
  kept.set('log/log.json', Buffer.from(`${JSON.stringify(description, null, 2)}\n`));
  kept.set('log/checkpoint', Buffer.from(note));
  kept.set(
    `log/${bundlePath(0, tree.size)}`,
    encodeBundle(
      sealed.map(({ leaf }) => leaf),
      2,
    ),
  );
  kept.set(
    `log/${statementsPath(0, tree.size)}`,
    encodeBundle(
      sealed.map(({ envelope }) => envelope),
      4,
    ),
  );
  return {
    note,
    kept,
    secrets,
    verifier: signer,
    files: {
      read: async (path) => kept.get(path) ?? null,
      readPart: async (path, from, length) => kept.get(path)?.subarray(from, from + length) ?? null,
      list: async (folder) => [...kept.keys()].filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1)),
    },
    secret: async ({ digest }) => secrets.get(digest) ?? null,
    payload: async ({ digest }) => plains.get(digest) ?? Buffer.alloc(0),
  };
}

/** The head of a run of an hour, of the one line that forged logs have. */
export const runHead = (hour: number, more: { readonly [key: string]: Json } = {}): Statement['head'] => ({
  kind: 'run',
  collector: { id: 'github/organization', version: 1, sourceDigest: '00' },
  name: 'a',
  partition: 'a',
  slot: FROM + hour * HOUR,
  every: HOUR,
  outcome: 'success',
  startedAt: FROM + hour * HOUR,
  finishedAt: FROM + hour * HOUR,
  ...more,
});
