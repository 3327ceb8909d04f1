import { IntegrityError, TickmarkError } from '../core/error.ts';
import { type Instant, iso } from '../core/instant.ts';
import type { Problem } from '../verify/problems.ts';
import { readCheckpoint } from '../log/checkpoint.ts';
import { cosignatures } from '../log/cosignature.ts';
import type { NoteVerifier } from '../log/note.ts';
import type { Anchors } from './attend.ts';
import { readTrust } from './certificates.ts';
import { cosignedFile, keptCosigned, type KeptToken, keptTokens, publishedFile, type Store, textOf } from './kept.ts';
import { signatureIn, type SignatureToken, signatureTokens } from './signatures.ts';
import { readTimestamp } from './timestamp.ts';

/** Clocks may differ by as much without a record counting as misdated. */
const TOLERANCE = 60_000;

/** A time that an authority confirmed: whatever is below this size was there by then. */
interface Bound {
  readonly size: number;
  readonly at: Instant;
  readonly file: string;
}

/** When the signature of a record was there, by a token. */
type Signed = Pick<Bound, 'at' | 'file'>;

/**
 * Verifies all that witnesses and authorities said of a log: each token and each cosigned note against its checkpoint, and
 * the time of every record against the tokens around it. An authority that is not configured any more is read by the
 * certificates that were kept with its tokens. Damage is reported, never thrown.
 */
export async function verifyAnchors(
  store: Store,
  log: NoteVerifier,
  { witnesses, authorities }: Pick<Anchors, 'witnesses' | 'authorities'>,
  records: () => AsyncIterable<{ readonly index: number; readonly sealedAt: Instant }>,
  /** Of a record that is there, its envelope. */
  envelope: (record: number) => Promise<string>,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  const attempt = async <Result>(file: string, act: () => Promise<Result>): Promise<Result | null> => {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof IntegrityError)) throw error;
      problems.push({ code: error.code, file, index: null, says: error.message });
      return null;
    }
  };

  for (const { name } of await keptCosigned(store)) {
    await attempt(cosignedFile(name), async () => {
      const [note, cosigned] = [await present(store, publishedFile(name)), await present(store, cosignedFile(name))];
      readCheckpoint(cosigned, log);
      if (textOf(cosigned) !== textOf(note)) throw new IntegrityError('COSIGNED', 'the cosigned note is of another checkpoint than its name says');
      cosignatures(
        cosigned,
        witnesses.map(({ key }) => key),
      );
    });
  }

  const bounds: Bound[] = [];
  for (const token of await keptTokens(store)) {
    const at = await attempt(token.file, () => timeOfToken(store, token, authorities));
    if (at !== null) bounds.push({ size: token.size, at, file: token.file });
  }
  const signed = new Map<number, Signed[]>();
  for await (const token of signatureTokens(store)) {
    const at = await attempt(token.file, () => timeOfSignature(store, token, authorities, envelope));
    if (at !== null) signed.set(token.record, [...(signed.get(token.record) ?? []), { at, file: token.file }]);
  }
  if (bounds.length + signed.size > 0) for await (const problem of misdated(bounds, signed, records())) problems.push(problem);
  return problems;
}

async function timeOfToken(store: Store, { name, authority, file }: KeptToken, authorities: Anchors['authorities']): Promise<Instant> {
  const [note, token] = [await present(store, publishedFile(name)), await present(store, file)];
  return readTimestamp(token, { text: textOf(note), trust: await trustOf(store, authority, authorities), policy: null, nonce: null }).at;
}

async function timeOfSignature(
  store: Store,
  { record, authority, file }: SignatureToken,
  authorities: Anchors['authorities'],
  envelope: (record: number) => Promise<string>,
) {
  const said = await envelope(record).catch((cause: unknown) => {
    if (!(cause instanceof TickmarkError)) throw cause;
    throw new IntegrityError('MISSING', `the statement of record ${record} cannot be read, but its timestamp is there: ${cause.message}`, cause);
  });
  const trust = await trustOf(store, authority, authorities);
  return readTimestamp(await present(store, file), { text: signatureIn(said), trust, policy: null, nonce: null }).at;
}

async function trustOf(store: Store, authority: string, authorities: Anchors['authorities']) {
  return authorities.find((it) => it.name === authority)?.trust ?? (await keptTrust(store, authority));
}

async function keptTrust(store: Store, authority: string) {
  const files = (await store.list('log/authorities')).filter((file) => new RegExp(`^${authority}\\.[0-9a-f]{16}\\.pem$`).test(file));
  if (files.length === 0) throw new IntegrityError('CHAIN', `no certificates are kept of the time-stamping authority ${authority}, and none are configured`);
  const pems = await Promise.all(files.map((file) => present(store, `log/authorities/${file}`)));
  return readTrust(pems.map((pem) => pem.toString('utf8')).join('\n'), `log/authorities/${authority}`);
}

/** Each record was sealed before the first token over it and any of its own, and after the last token below it. */
async function* misdated(
  bounds: readonly Bound[],
  signed: ReadonlyMap<number, readonly Signed[]>,
  records: AsyncIterable<{ readonly index: number; readonly sealedAt: Instant }>,
): AsyncIterable<Problem> {
  const bySize = bounds.toSorted((a, b) => a.size - b.size);
  // A token over more records confirms those below it too: its time bounds them where it is the earlier one.
  const above = [...bySize];
  for (let at = above.length - 2; at >= 0; at--) if ((above[at + 1]?.at ?? Infinity) < (above[at]?.at ?? 0)) above[at] = above[at + 1] as Bound;
  let below: Bound | null = null;
  let place = 0;
  for await (const { index, sealedAt } of records) {
    for (let next = bySize[place]; next && next.size <= index; next = bySize[++place]) if (below === null || next.at > below.at) below = next;
    for (const { at, file } of signed.get(index) ?? [])
      if (sealedAt > at + TOLERANCE)
        yield { code: 'MISDATED', file, index, says: `it says that it was sealed at ${iso(sealedAt)}, but its signature was there at ${iso(at)} already` };
    const first = above[place];
    if (first && sealedAt > first.at + TOLERANCE)
      yield { code: 'MISDATED', file: first.file, index, says: `it says that it was sealed at ${iso(sealedAt)}, but was there at ${iso(first.at)} already` };
    if (below && sealedAt < below.at - TOLERANCE)
      yield { code: 'BACKDATED', file: below.file, index, says: `it says that it was sealed at ${iso(sealedAt)}, but was not there yet at ${iso(below.at)}` };
  }
}

async function present(store: Store, file: string): Promise<Buffer> {
  const bytes = await store.read(file);
  if (!bytes) throw new IntegrityError('MISSING', `${file} is missing`);
  return bytes;
}
