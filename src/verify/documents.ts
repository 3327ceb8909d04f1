import { createHash } from 'node:crypto';
import { canonical, type Json } from '../core/canonical.ts';
import { IntegrityError } from '../core/error.ts';
import { parseAddCheckpoint } from '../log/add-checkpoint.ts';
import { type Checkpoint, readCheckpoint } from '../log/checkpoint.ts';
import { type DescribedKey, DESCRIPTION, type LogDescription } from '../log/description.ts';
import { verifyConsistency } from '../log/merkle.ts';
import type { NoteVerifier } from '../log/note.ts';
import { policyOf } from '../log/policy.ts';
import type { Tree } from '../log/tree.ts';
import { trustedRoot } from '../log/trusted-root.ts';
import type { BundleFiles } from './bundle-files.ts';
import type { RecordsTold } from './bundle-records.ts';
import * as format from './format.ts';
import { lineItem } from './problems.ts';
import { changeFault } from './slots.ts';
import type { Verdicts } from './verdict.ts';

/** One line of `sha256sum` for each other file, in the order of names. */
export async function verifyManifest(files: BundleFiles, said: Verdicts): Promise<void> {
  const bytes = await files.read(format.MANIFEST);
  if (!bytes) return said.say(format.MANIFEST, 'MISSING', 'a bundle is not whole without it');
  const listed = new Map<string, string>();
  said.attempt(format.MANIFEST, () => {
    for (const line of bytes.toString('latin1').split('\n').slice(0, -1)) {
      const [, digest, name] = /^([0-9a-f]{64}) {2}([!-~]+)$/.exec(line) ?? [];
      if (digest === undefined || name === undefined || listed.has(name))
        throw new IntegrityError('MANIFEST', `a line is not one of sha256sum: ${JSON.stringify(line.slice(0, 100))}`);
      listed.set(name, digest);
    }
    said.say(format.MANIFEST, 'VERIFIED');
  });
  for (const name of files.names) {
    const digest = listed.get(name);
    if (name === format.MANIFEST) continue;
    if (!KNOWN.test(name)) said.say(name, 'ALTERED', 'a bundle holds no file of this name');
    if (digest === undefined) said.say(name, 'ALTERED', 'the manifest does not list it');
    else if (digest !== files.digest(name)) said.say(name, 'ALTERED', 'the manifest lists it with another digest');
  }
  for (const name of listed.keys()) if (!files.has(name)) said.say(name, 'MISSING', 'the manifest lists it');
  return undefined;
}

const KNOWN = new RegExp(
  `^(${[
    ...[
      format.README,
      format.MANNER,
      format.POLICY,
      format.TRUSTED_ROOT,
      format.CHECKPOINT,
      format.COMPLETENESS,
      format.DISPOSED,
      format.EARLIER,
      format.RESULTS,
      format.REPORT,
      format.VERIFIER,
      DESCRIPTION,
    ].map((name) => name.replaceAll('.', '\\.')),
    'consistency-from-\\d+\\.txt',
    'catalog/(criteria|controls)/[^/]+',
    'catalog/required-items\\.yaml',
    'populations/[^/]+\\.txt',
    'overlay/controls/[^/]+',
    'evidence/\\d{8}/(statement\\.dsse\\.json|proof\\.tlog-proof)',
    'log/(tile/(entries|\\d+)|statements)/(x\\d{3}/)*\\d{3}(\\.p/\\d+)?',
    'log/checkpoints/\\d{20}-[0-9a-f]{16}(\\.[a-z0-9.-]+)?',
    'log/authorities/[^/]+\\.pem',
    'payloads/[0-9a-f]{64}\\.(enc|key)',
  ].join('|')})$`,
);

/** What is there of evidence and payloads without any record that it belongs to. */
export function verifyUnnamed(files: BundleFiles, named: ReadonlySet<string>, size: number, said: Verdicts): void {
  for (const name of files.names) {
    const [, digest] = /^payloads\/([0-9a-f]{64})\./.exec(name) ?? [];
    const [, index] = /^evidence\/(\d{8})\//.exec(name) ?? [];
    if (digest !== undefined && !named.has(digest)) said.say(name, 'ALTERED', 'no record that can be read names this payload');
    if (index !== undefined && Number(index) >= size) said.say(name, 'ALTERED', `the log holds ${size} records, numbered from 0`);
  }
}

/** The lists that follow from the statements are made again. */
export async function verifyAccount(files: BundleFiles, { account, reasons, whole }: RecordsTold, said: Verdicts): Promise<void> {
  if (whole)
    for (const { line, silences } of account.completeness(() => null))
      for (const { from, to } of silences)
        said.say(lineItem(line), 'MISSING', `slots of its schedule passed from ${from} ${to === null ? 'on' : `to ${to}`}, and no record speaks of them`);
  for (const { line, ...change } of whole ? account.changes() : []) {
    const fault = changeFault(line, change);
    if (fault !== null) said.say(`record ${change.index}`, 'ALTERED', fault);
  }
  await compare(format.COMPLETENESS, (there) => {
    const listed = new Map(
      (there as unknown as readonly format.LineAccount[]).flatMap(({ incomplete }) => incomplete.map(({ index, reason }) => [index, reason] as const)),
    );
    // A reason stands in a detail: where that could not be opened, the list's own word is all there is.
    return account.completeness((index) => (reasons.has(index) ? (reasons.get(index) ?? null) : (listed.get(index) ?? null)));
  });
  await compare(format.DISPOSED, () => account.disposed());

  async function compare(name: string, expected: (there: Json) => unknown): Promise<void> {
    const bytes = await files.read(name);
    if (!bytes) return said.say(name, 'MISSING', 'a bundle is not whole without it');
    if (!whole) return said.say(name, 'NOT CHECKED', 'not every statement could be read, from which it would follow');
    said.attempt(name, () => {
      const there = format.decode(bytes, name);
      if (canonical(expected(there) as Json) !== canonical(there)) throw new IntegrityError('ACCOUNT', 'it does not say what follows from the statements');
      said.say(name, 'VERIFIED');
    });
    return undefined;
  }
}

interface Known {
  readonly tree: Tree;
  readonly verifier: NoteVerifier;
  readonly note: Buffer;
  readonly checkpoint: Checkpoint;
}

/** The keys that log.json names are those that records introduce and retire. Those that were replaced since the checkpoint are another bundle's. */
export function verifyKeys({ periods = [] }: Pick<LogDescription, 'periods'>, keys: readonly DescribedKey[], size: number, said: Verdicts): void {
  const upTo = (its: readonly DescribedKey[]) =>
    its.flatMap((it) => {
      const last = it.role === 'log' ? size + 1 : size; // a log's key begins, and ends, with the checkpoint after its record's own
      const clipped = { ...it, to: it.to !== null && it.to <= last ? it.to : null };
      return it.from > last || (it.from === 0 && clipped.to === null) ? [] : [clipped];
    });
  if (canonical(upTo(periods) as unknown as Json) !== canonical(upTo(keys) as unknown as Json))
    said.say(DESCRIPTION, 'ALTERED', 'the keys that it names are not those that the records of keys introduce and retire');
}

/** The checkpoint that the bundle says it continues: by the proof as a witness would check it, and by the tree itself. */
export async function verifyEarlier(files: BundleFiles, size: number | null, { tree, verifier, note, checkpoint }: Known, said: Verdicts): Promise<void> {
  if (size === null) return;
  const name = format.consistencyFile(size);
  const [earlier, proof] = [await files.readPart(format.EARLIER, 0, NOTE), await files.readPart(name, 0, NOTE)];
  if (!earlier) said.say(format.EARLIER, 'MISSING', 'the bundle says that it continues it');
  if (!proof) said.say(name, 'MISSING', 'the bundle says that it continues an earlier checkpoint');
  const known = earlier && said.attempt(format.EARLIER, () => readCheckpoint(earlier, verifier));
  if (!known) return;
  if (known.size !== size) said.say(format.EARLIER, 'ALTERED', `it is of size ${known.size}, not ${size}`);
  else continued(format.EARLIER, known, tree, said);
  if (!proof) return;
  said.attempt(name, () => {
    const { old, proof: hashes, note: its } = parseAddCheckpoint(proof);
    if (old !== size || its !== note.toString('utf8')) throw new IntegrityError('CONSISTENCY', 'it is about other checkpoints');
    const holds = size === 0 ? hashes.length === 0 : verifyConsistency(size, checkpoint.size, hashes, known.root, checkpoint.root);
    if (!holds) throw new IntegrityError('CONSISTENCY', 'it does not lead from the earlier root to the signed one');
    said.say(name, 'VERIFIED');
  });
}

const NOTE = 64 * 1024;

/** The checkpoint that the reader of the bundle has kept. */
export function verifyPin(pin: Buffer, { tree, verifier }: { readonly tree: Tree | null; readonly verifier: NoteVerifier }, said: Verdicts): void {
  const item = format.YOURS;
  const known = said.attempt(item, () => readCheckpoint(pin, verifier));
  if (!known) return;
  if (!tree) said.say(item, 'ALTERED', 'the log of the bundle cannot be derived, so that it does not continue it');
  else continued(item, known, tree, said);
}

function continued(item: string, { size, root }: Checkpoint, tree: Tree, said: Verdicts): void {
  if (size > tree.size) said.say(item, 'ALTERED', `it is of size ${size}, and the log of the bundle ends at ${tree.size}: records were taken back`);
  else if (tree.rootAt(size).equals(root)) said.say(item, 'VERIFIED');
  else said.say(item, 'ALTERED', `the first ${size} records are not those that it commits to: the log was rewritten`);
}

/** What the bundle hands to other people's verifiers names the key of the log and no other. Bundles of before hold neither. */
export async function verifyStandards(files: BundleFiles, { verifierKey }: Pick<LogDescription, 'verifierKey'>, said: Verdicts): Promise<void> {
  for (const [name, expected] of [
    [format.POLICY, policyOf(verifierKey)],
    [format.TRUSTED_ROOT, trustedRoot(verifierKey)],
  ] as const) {
    const bytes = await files.read(name);
    if (!bytes) continue;
    if (bytes.equals(Buffer.from(expected))) said.say(name, 'VERIFIED');
    else said.say(name, 'ALTERED', `it is not the one that follows from the key of the log in ${DESCRIPTION}`);
  }
}

const AS_NAMED = `as ${format.RESULTS} names it, which nothing proves`;

/** The catalogue and the company's overlay are the ones that the results name. */
export async function verifyCatalog(files: BundleFiles, results: Json, said: Verdicts): Promise<void> {
  const digest = createHash('sha256');
  const inFolder = (folder: string) =>
    files.names
      .filter((it) => it.startsWith(`${folder}/`))
      .map((it) => [it, plainName(it.slice(folder.length + 1))] as const)
      .sort(([, a], [, b]) => (a < b ? -1 : 1));
  // Bundles of before have no list of required items.
  const required = files.names.filter((name) => name === 'catalog/required-items.yaml').map((name) => [name, 'required-items.yaml'] as const);
  for (const [name, plain] of [...inFolder('catalog/criteria'), ...required, ...inFolder('catalog/controls'), ...inFolder('overlay/controls')]) {
    digest.update(`${plain}\n${files.sizeOf(name)}\n`);
    for (const piece of files.pieces(name)) digest.update(piece);
  }
  const named = (results as { readonly catalog?: Json } | null)?.catalog;
  if (named === digest.digest('hex')) said.say('catalog', 'NOT CHECKED', AS_NAMED);
  else said.say('catalog', 'ALTERED', 'the files of catalog and overlay are not those that results.json names');
}

/** Each population that the results name is there with its digest, in the spelling in which it is digested, and no other is. */
export async function verifyPopulations(files: BundleFiles, results: Json, said: Verdicts): Promise<void> {
  const named = said.attempt(format.RESULTS, () => populationsIn(results));
  if (!named) return;
  for (const [name, { count, digest }] of named) {
    if (!files.has(name)) said.say(name, 'MISSING', 'results.json names the population');
    else if (files.digest(name) !== digest) said.say(name, 'ALTERED', 'results.json names the population with another digest');
    else
      said.attempt(name, () => {
        verifySpelling(files.pieces(name), count);
        said.say(name, 'NOT CHECKED', AS_NAMED);
      });
  }
  for (const name of files.names) if (name.startsWith('populations/') && !named.has(name)) said.say(name, 'ALTERED', 'results.json names no such population');
}

/** By the name of its file. Bundles of before this was written name none. */
function populationsIn(results: Json): Map<string, { readonly count: number; readonly digest: string }> {
  const { populations = [] } = (results ?? {}) as { readonly populations?: readonly { control: string; check: string; count: number; digest: string }[] };
  return new Map(populations.map(({ control, check, count, digest }) => [format.populationFile(control, check), { count, digest }]));
}

/** One key a line, ascending by its bytes, none twice. */
function verifySpelling(pieces: Iterable<Buffer>, count: number): void {
  const fails = () => new IntegrityError('POPULATION', 'its keys are not one a line, ascending, each once');
  let [lines, last, begun] = [0, null as Buffer | null, Buffer.alloc(0)];
  for (const piece of pieces) {
    const bytes = Buffer.concat([begun, piece]);
    let from = 0;
    for (let end = bytes.indexOf(FEED); end >= 0; end = bytes.indexOf(FEED, from), lines++) {
      const line = bytes.subarray(from, end);
      if (last && Buffer.compare(last, line) >= 0) throw fails();
      [last, from] = [line, end + 1];
    }
    begun = bytes.subarray(from);
  }
  if (begun.length > 0) throw fails();
  if (lines !== count) throw new IntegrityError('POPULATION', `it has ${lines} keys, and results.json says ${count}`);
}

const FEED = 0x0a;

function plainName(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded; // no name that this program writes: the digest will tell
  }
}
