import type { X509Certificate } from 'node:crypto';
import { IntegrityError } from '../core/error.ts';
import type { LogReader } from '../log/reader.ts';
import { statementIn } from '../log/statement.ts';
import { TILE_WIDTH } from '../log/tiles.ts';
import type { TimestampAuthority } from '../log/trusted-root.ts';
import { type Authority, requestTimestamp } from './authority.ts';
import { readTrust } from './certificates.ts';
import { keepTokenAt, type Store } from './kept.ts';
import type { Post } from './post.ts';
import { isPlainlyTimed } from './timestamp.ts';

/*
 * What an authority says of one record, in the only form that Sigstore's verifiers read: a token over the signature of
 * its statement. The checkpoint's token says as much of every record at once; this one travels with the record.
 *   log/signatures/<thousands>/<record>.<authority>.tsr     a TimeStampResp (RFC 3161, DER) over the DER of the signature
 *   log/.state/stamped.json                                 up to which record each authority was shown every run
 */
const FOLDER = 'log/signatures';
const STAMPED = 'log/.state/stamped.json';
const TOKEN = /^(\d+)\.([a-z0-9-]+)\.tsr$/;
/** Runs that are brought to an authority in one visit: the rest waits for the next. */
const MOST = 256;
/** How often it is asked again for a time that Sigstore's verifiers can read. */
const AGAIN = 3;

export interface Place {
  readonly store: Store;
  readonly reader: LogReader;
}

export interface SignatureToken {
  readonly record: number;
  readonly authority: string;
  readonly file: string;
}

const folderOf = (record: number): string => `${FOLDER}/${String(Math.floor(record / 1000)).padStart(6, '0')}`;
const fileOf = (record: number, authority: string): string => `${folderOf(record)}/${record}.${authority}.tsr`;

/** The tokens that are kept of a record by these authorities, DER: those that Sigstore's verifiers can read, for one that they cannot makes them refuse the whole bundle. */
export async function tokensOf(store: Store, record: number, authorities: readonly Pick<Authority, 'name'>[]): Promise<readonly Buffer[]> {
  const kept = await Promise.all(authorities.map(({ name }) => store.read(fileOf(record, name))));
  return kept.flatMap((token) => (token && isPlainlyTimed(token) ? token : []));
}

/** All tokens of records. */
export async function* signatureTokens(store: Store): AsyncIterable<SignatureToken> {
  for (const thousand of await store.list(FOLDER))
    for (const name of await store.list(`${FOLDER}/${thousand}`)) {
      const [, record, authority] = TOKEN.exec(name) ?? [];
      if (record !== undefined && authority !== undefined) yield { record: Number(record), authority, file: `${FOLDER}/${thousand}/${name}` };
    }
}

/** Shows an authority the signature of a record, unless it has been; keeps its word. Throws as {@link requestTimestamp} does. */
export async function stampRecord({ store, reader }: Place, record: number, authority: Authority, post: Post): Promise<void> {
  if (await store.read(fileOf(record, authority.name))) return;
  const { checkpoint } = await reader.checkpoint();
  await stamp(store, record, await envelopeOf(reader, record, checkpoint.size), authority, post);
}

/**
 * Shows an authority every run that was sealed since it was first asked for runs. Goes on where the last visit ended;
 * what it refuses or does not answer is shown to it again.
 */
export async function stampRuns(place: Place, authority: Authority, post: Post): Promise<void> {
  const { store, reader } = place;
  const { size } = (await reader.checkpoint()).checkpoint;
  const from = (await readStamped(store)).get(authority.name) ?? size;
  let next = from;
  try {
    for (let shown = 0; next < size && shown < MOST; ) {
      const part = await reader.statements(Math.floor(next / TILE_WIDTH), size);
      const first = next - (next % TILE_WIDTH);
      for (; next < first + part.length && shown < MOST; next++) {
        const envelope = part[next - first] as Buffer;
        if (!isRun(envelope)) continue;
        await stamp(store, next, envelope, authority, post); // one after the other: an authority serves others too
        shown++;
      }
    }
  } finally {
    if (next !== from || !(await readStamped(store)).has(authority.name)) await writeStamped(store, authority.name, next);
  }
}

/** What a token of a record is over: the signature, DER. */
export const signatureIn = (envelope: string | Buffer): Buffer => {
  const { signatures } = JSON.parse(envelope.toString()) as { readonly signatures: readonly { readonly sig: string }[] };
  return Buffer.from(signatures[0]?.sig ?? '', 'base64');
};

/** Authorities as Sigstore's verifiers read them: by the chains that came with their tokens and lead to a root that is trusted. */
export async function trustedAuthorities(store: Store, authorities: readonly Authority[]): Promise<readonly TimestampAuthority[]> {
  const files = await store.list('log/authorities');
  const found = await Promise.all(
    authorities.map(async ({ name, url, trust }) => {
      const its = files.filter((file) => file.startsWith(`${name}.`) && /^\.[0-9a-f]{16}\.pem$/.test(file.slice(name.length)));
      const pems = await Promise.all(its.map((file) => store.read(`log/authorities/${file}`)));
      return pems.flatMap((pem, place) => {
        const { intermediates, roots } = readTrust(pem?.toString('utf8') ?? '', `log/authorities/${its[place]}`);
        const certificates = [...intermediates, ...roots]; // as they are kept: from the signer up to the root
        const [signer, root] = [certificates[0], certificates.at(-1)];
        if (!signer || !trust.roots.some((trusted) => root?.raw.equals(trusted.raw))) return [];
        return [{ uri: url, subject: subjectOf(signer), certificates: certificates.map(({ raw }) => raw) }];
      });
    }),
  );
  return found.flat();
}

async function stamp(store: Store, record: number, envelope: Buffer, authority: Authority, post: Post): Promise<void> {
  const file = fileOf(record, authority.name);
  if (await store.read(file)) return;
  let { token, timestamp } = await requestTimestamp(signatureIn(envelope), authority, post);
  for (let again = 0; again < AGAIN && !isPlainlyTimed(token); again++) ({ token, timestamp } = await requestTimestamp(signatureIn(envelope), authority, post));
  await keepTokenAt(store, file, authority.name, token, timestamp.chain);
}

async function envelopeOf(reader: LogReader, record: number, size: number): Promise<Buffer> {
  const envelope = record < size ? (await reader.statements(Math.floor(record / TILE_WIDTH), size))[record % TILE_WIDTH] : undefined;
  if (!envelope) throw new IntegrityError('MISSING', `there is no record ${record}: the log holds ${size}, numbered from 0`);
  return envelope;
}

const isRun = (envelope: Buffer): boolean => statementIn(envelope).includes('"predicateType":"urn:tickmark:run:');

function subjectOf({ subject }: X509Certificate): TimestampAuthority['subject'] {
  const part = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(subject)?.[1] ?? '';
  return { organization: part('O'), commonName: part('CN') };
}

async function readStamped(store: Store): Promise<ReadonlyMap<string, number>> {
  const bytes = await store.read(STAMPED);
  if (!bytes) return new Map();
  try {
    return new Map(Object.entries(JSON.parse(bytes.toString('utf8')) as Readonly<Record<string, number>>));
  } catch (cause) {
    throw new IntegrityError('ANCHORS', `${STAMPED} cannot be read. Remove it: runs are then shown to authorities from now on.`, cause);
  }
}

async function writeStamped(store: Store, authority: string, next: number): Promise<void> {
  const stamped = { ...Object.fromEntries(await readStamped(store)), [authority]: next };
  await store.replace(STAMPED, Buffer.from(`${JSON.stringify(stamped, null, 2)}\n`));
}
