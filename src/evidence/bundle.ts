import { IntegrityError } from '../core/error.ts';
import { iso } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import { readCheckpoint } from '../log/checkpoint.ts';
import { keyDigestOf, keyLine } from '../log/cipher.ts';
import { DESCRIPTION, parseDescription } from '../log/description.ts';
import { isKey } from '../log/disposal.ts';
import { leafHashInto, sha256hex } from '../log/merkle.ts';
import { payloadPath } from '../log/paths.ts';
import { policyOf } from '../log/policy.ts';
import { LogReader, type Reading } from '../log/reader.ts';
import { type Payload, type Unsealed, unsealStatement } from '../log/statement.ts';
import { TILE_WIDTH } from '../log/tiles.ts';
import { treeOf } from '../log/tree.ts';
import { trustedRoot } from '../log/trusted-root.ts';
import { account, CHECKPOINT, COMPLETENESS, DISPOSED, encode, keyFile, type Manner, MANNER, payloadFile, POLICY, TRUSTED_ROOT } from '../verify/format.ts';
import { standing } from '../verify/standing.ts';
import type { Archive } from './archive.ts';
import {
  confirmations,
  earlierEntries,
  elsewhere,
  type Entry,
  evidence,
  here,
  keeping,
  type Log,
  type Long,
  logEntries,
  type Write,
  writeTar,
} from './bundle-files.ts';

export interface BundleAsked {
  readonly period: Period;
  /** `null`: all. */
  readonly controls: readonly string[] | null;
  /** Sources and kinds of statements whose records belong to it, as the manner spells them; `null`: all. */
  readonly sources: readonly string[] | null;
  /** Records that the results cite. */
  readonly cited: readonly number[];
  /** Leaves the keys of the payloads out. */
  readonly sealed: boolean;
  /** A checkpoint that its reader holds from before: the signed note. */
  readonly earlier: Uint8Array | null;
  /** The log up to there; later records are left out. */
  readonly note: string;
  /** Where confirmations of checkpoints lie that are not with the log: the state folder of a log in a bucket. */
  readonly beside?: Pick<Reading, 'read' | 'list'>;
  /** What else belongs to it: by name within the bundle. */
  readonly documents: readonly (readonly [name: string, bytes: Uint8Array | Long])[];
}

export interface Exported {
  readonly size: number;
  readonly records: number;
  readonly payloads: number;
  /** Payloads that are gone by a record of their disposal. */
  readonly disposed: number;
  /** Payloads or keys that should be there and are not: the log has lost evidence. */
  readonly lost: readonly string[];
}

/** Writes a bundle: a tar in one spelling, so that the same log and the same question give the same bytes. */
export async function writeBundle(archive: Pick<Archive, 'files' | 'verifier' | 'secret' | 'payload'>, asked: BundleAsked, write: Write): Promise<Exported> {
  const { files, verifier } = archive;
  const note = Buffer.from(asked.note);
  const checkpoint = readCheckpoint(note, verifier);
  const log = keeping(new LogReader(files, verifier), checkpoint.size);
  const tree = treeOf(await leaves(log, checkpoint.size));
  if (!tree.rootAt(checkpoint.size).equals(checkpoint.root))
    throw new IntegrityError('ROOT', 'the entries of the log do not give the root that is signed: nothing is handed over. Run "tickmark log verify".');
  const chosen = await choose(log, checkpoint.size, asked);
  const held = await payloadsOf(archive, chosen, asked.sealed);
  const reasons = await reasonsOf(archive, chosen, asked, held);
  const earlier = asked.earlier === null ? null : readCheckpoint(Buffer.from(asked.earlier), verifier);
  const manner: Manner = {
    format: 3,
    origin: checkpoint.origin,
    size: checkpoint.size,
    root: checkpoint.root.toString('base64'),
    period: { from: iso(asked.period.from), to: iso(asked.period.to) },
    controls: asked.controls,
    sources: asked.sources,
    sealed: asked.sealed,
    earlier: earlier?.size ?? null,
  };
  const description = await files.read(DESCRIPTION);
  if (!description) throw new IntegrityError('DESCRIPTION', `${DESCRIPTION} is missing`);
  const { verifierKey } = parseDescription(description);
  const entries: Entry[] = [
    ...asked.documents.map(([name, its]) => (its instanceof Uint8Array ? here(name, its) : elsewhere(name, its))),
    here(MANNER, encode(manner)),
    here(CHECKPOINT, note),
    here(DESCRIPTION, description),
    here(POLICY, Buffer.from(policyOf(verifierKey))),
    here(TRUSTED_ROOT, Buffer.from(trustedRoot(verifierKey))),
    here(COMPLETENESS, encode(chosen.account.completeness((index) => reasons.get(index) ?? null))),
    here(DISPOSED, encode(chosen.account.disposed())),
    ...earlierEntries(asked.earlier, earlier, tree, asked.note),
    ...(await confirmations([files, ...(asked.beside ? [asked.beside] : [])], checkpoint, chosen.overKeys)),
    ...logEntries(log, tree),
    ...chosen.records.flatMap(({ index }) => evidence(log, tree, index, asked.note)),
    ...held.entries,
  ];
  await writeTar(entries, write);
  return { size: checkpoint.size, records: chosen.records.length, payloads: held.there, disposed: held.disposed, lost: held.lost };
}

async function leaves(log: Log, size: number): Promise<Buffer> {
  const all = Buffer.alloc(size * 32);
  for (let bundle = 0; bundle * TILE_WIDTH < size; bundle++)
    for (const [place, entry] of (await log.entries(bundle)).entries()) leafHashInto(entry, all, bundle * TILE_WIDTH + place);
  return all;
}

type Picked = Pick<Unsealed, 'index' | 'era' | 'payloads'>;
interface Chosen {
  readonly records: readonly Picked[];
  readonly account: ReturnType<typeof account>;
  /** Sizes of the checkpoints that a key of the log signed over the record of the one in its place. */
  readonly overKeys: ReadonlySet<number>;
}

/** The records of the period, what the results cite, and of each line the whole look that stood when the period began. */
async function choose(log: Log, size: number, { period, controls, sources, cited }: BundleAsked): Promise<Chosen> {
  const also = new Set(cited);
  const before = standing<Picked>({ of: period, controls, sources });
  const [told, records] = [[] as Unsealed[], new Map<number, Picked>()];
  const kept = account(told, { of: period, controls, sources });
  const overKeys = new Set<number>();
  for (let bundle = 0; bundle * TILE_WIDTH < size; bundle++) {
    const [entries, statements] = [await log.entries(bundle), await log.statements(bundle)];
    for (const [place, entry] of entries.entries()) {
      const statement = unsealStatement(bundle * TILE_WIDTH + place, entry, statements[place] ?? Buffer.alloc(0));
      const { index, era, payloads, head } = statement;
      const picked = { index, era, payloads };
      if (head.kind === 'disposal') told.push(statement);
      if (isKey(head) && head.role === 'log' && head.step === 'introduced') overKeys.add(index + 1);
      if (kept.take(statement) || also.has(index)) records.set(index, picked);
      before.take(statement, picked);
    }
  }
  for (const picked of before.all) records.set(picked.index, picked);
  const sorted = [...records.values()].sort((a, b) => a.index - b.index);
  for (const picked of sorted) kept.export(picked);
  return { records: sorted, account: kept, overKeys };
}

interface Held {
  readonly entries: readonly Entry[];
  readonly there: number;
  readonly disposed: number;
  readonly lost: readonly string[];
  /** Whether the plain bytes of a payload can be had. */
  opens(digest: string): boolean;
}

/** Every payload of the chosen records, once each, with its key beside it. */
async function payloadsOf(archive: Pick<Archive, 'files' | 'secret'>, chosen: Chosen, sealed: boolean): Promise<Held> {
  const [entries, lost, seen, opened] = [[] as Entry[], [] as string[], new Set<string>(), new Set<string>()];
  const read = ciphertexts(archive.files);
  let [there, disposed] = [0, 0];
  for (const { index, era, payloads } of chosen.records) {
    for (const payload of payloads) {
      const { digest } = payload;
      if (seen.has(digest)) continue;
      seen.add(digest);
      const gone = chosen.account.by(digest, era, index);
      const [bytes, secret] = [await read(payload), await archive.secret({ era, digest })];
      const key = secret && keyDigestOf(secret) === payload.keyDigest ? secret : null; // another than was sealed opens nothing
      if (gone && (!bytes || !key)) {
        disposed++;
        continue;
      }
      if (!bytes) lost.push(`record ${index}: the payload ${payloadPath(payload)} is missing or altered`);
      else {
        there++;
        entries.push({ name: payloadFile(digest), digest, bytes: async () => (await read(payload)) ?? missing(payload) });
      }
      if (!key) lost.push(`record ${index}: the keystore has no key for payload ${digest} (${era})`);
      else {
        if (bytes) opened.add(digest);
        if (!sealed) entries.push(here(keyFile(digest), Buffer.from(keyLine(key))));
      }
    }
  }
  return { entries, there, disposed, lost, opens: (digest) => opened.has(digest) };
}

/** The bytes of a payload as they were sealed; `null` where they are not there. */
function ciphertexts(files: Reading): (payload: Payload) => Promise<Buffer | null> {
  return async (payload) => {
    const { pack, offset, length } = payload.place;
    const bytes = await (pack === null ? files.read(payloadPath(payload)) : files.readPart(payloadPath(payload), offset, length));
    return bytes && sha256hex(bytes) === payload.digest ? bytes : null;
  };
}

const missing = ({ digest }: Payload): never => {
  throw new IntegrityError('PAYLOAD_MISSING', `the payload ${digest} went away while the bundle was written. Write it again.`);
};

/** Why runs of the period were not complete: their details say it, and a sealed bundle does not. */
async function reasonsOf(
  archive: Pick<Archive, 'payload'>,
  { records, account: kept }: Chosen,
  { sealed }: BundleAsked,
  held: Held,
): Promise<Map<number, string>> {
  const reasons = new Map<number, string>();
  const wanted = new Set(sealed ? [] : kept.completeness(() => null).flatMap(({ incomplete }) => incomplete.map(({ index }) => index)));
  for (const { index, era, payloads } of records) {
    const [detail] = payloads;
    if (!wanted.has(index) || !detail || !held.opens(detail.digest)) continue;
    const { body } = JSON.parse(Buffer.from(await archive.payload({ ...detail, era })).toString('utf8')) as {
      readonly body: { readonly reason?: string | null };
    };
    if (typeof body.reason === 'string') reasons.set(index, body.reason);
  }
  return reasons;
}
