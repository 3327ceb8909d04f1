import { IntegrityError, TickmarkError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';
import { type Bound, type Dated, misdated, type Signed } from '../verify/dated.ts';
import type { Problem } from '../verify/problems.ts';
import { readCheckpoint } from '../log/checkpoint.ts';
import { cosignatures } from '../log/cosignature.ts';
import type { LogReader } from '../log/reader.ts';
import type { Anchors, Place } from './attend.ts';
import { readTrust } from './certificates.ts';
import { cosignedFile, keptCosigned, type KeptToken, keptTokens, publishedFile, type Store, textOf } from './kept.ts';
import { signatureIn, type SignatureToken, signatureTokens } from './signatures.ts';
import { readTimestamp } from './timestamp.ts';

/**
 * Verifies all that witnesses and authorities said of a log: each token and each cosigned note against its checkpoint, and
 * the time of every record against the tokens around it. An authority that is not configured any more is read by the
 * certificates that were kept with its tokens. Damage is reported, never thrown.
 */
export async function verifyAnchors(
  place: Place,
  { witnesses, authorities }: Pick<Anchors, 'witnesses' | 'authorities'>,
  records: () => AsyncIterable<Dated>,
  /** Of a record that is there, its envelope. */
  envelope: (record: number) => Promise<string>,
): Promise<readonly Problem[]> {
  const { store, reader } = place;
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
      const [note, cosigned] = [await published(reader, name), await present(store, cosignedFile(name))];
      readCheckpoint(cosigned, reader.verifier);
      if (textOf(cosigned) !== textOf(note)) throw new IntegrityError('COSIGNED', 'the cosigned note is of another checkpoint than its name says');
      cosignatures(
        cosigned,
        witnesses.map(({ key }) => key),
      );
    });
  }

  const bounds: Bound[] = [];
  for (const token of await keptTokens(store)) {
    const at = await attempt(token.file, () => timeOfToken(place, token, authorities));
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

async function timeOfToken({ store, reader }: Place, { name, authority, file }: KeptToken, authorities: Anchors['authorities']): Promise<Instant> {
  const [note, token] = [await published(reader, name), await present(store, file)];
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

/** It lies with the log, in a bucket perhaps; what others said of it lies in the state folder. */
async function published(reader: LogReader, name: string): Promise<Buffer> {
  const note = await reader.archived(name);
  if (!note) throw new IntegrityError('MISSING', `${publishedFile(name)} is missing`);
  return note;
}

async function present(store: Store, file: string): Promise<Buffer> {
  const bytes = await store.read(file);
  if (!bytes) throw new IntegrityError('MISSING', `${file} is missing`);
  return bytes;
}
