import { IntegrityError } from '../core/error.ts';
import { type Duration, hours, type Instant } from '../core/instant.ts';
import type { LogReader } from '../log/reader.ts';
import { type Checkpoint, checkpointName } from '../log/checkpoint.ts';
import { cosignatures } from '../log/cosignature.ts';
import { consistencyFrom, rootFrom } from '../log/derive.ts';
import { type Hash, verifyConsistency } from '../log/merkle.ts';
import { type Authority, requestTimestamp } from './authority.ts';
import { cosignedFile, keepCosignature, keepToken, type Store, textOf, tokenFile } from './kept.ts';
import { authorityId, failed, isDue, type Memory, NEVER_VISITED, readMemory, type Visit, witnessId, writeMemory } from './memory.ts';
import type { Post } from './post.ts';
import { stampRuns } from './signatures.ts';
import { bringToWitness, type Brought, type Witness } from './witness.ts';

/** Who confirms the checkpoints of a log from outside, by its configuration. */
export interface Anchors {
  readonly witnesses: readonly Witness[];
  /** How many witnesses must have signed a checkpoint for it to be witnessed. */
  readonly quorum: number;
  readonly authorities: readonly Authority[];
}

export interface Place {
  readonly store: Store;
  readonly reader: LogReader;
}

export interface Attending {
  readonly post: Post;
  readonly clock: () => Instant;
  /** Leaves those alone that failed a moment ago, or confirmed the same within the hour. */
  readonly patient: boolean;
}

/** Witnesses answer side by side, but their lines go into one note, one after the other. */
interface Visiting extends Attending {
  inTurn(act: () => Promise<void>): Promise<void>;
}

/**
 * A witness is shown the same checkpoint again after this long: its word is that there is none larger, and only a visit
 * tells that an older state was put back.
 */
const FRESH = hours(1);

interface Published extends Brought {
  readonly checkpoint: Checkpoint;
  readonly name: string;
}

/**
 * Brings the newest published checkpoint to every witness and authority that has not confirmed it yet, and keeps what they
 * answer. It covers all records below it, so older checkpoints that missed theirs are not brought any more. Nobody's
 * silence is an error here: it is remembered, and told by {@link attended}.
 */
export async function attend(place: Place, { witnesses, authorities }: Anchors, attending: Attending): Promise<void> {
  const published = await newest(place);
  if (published.size === 0 || witnesses.length + authorities.length === 0) return;
  const memory = await readMemory(place.store);
  let turn = Promise.resolve();
  const visiting: Visiting = { ...attending, inTurn: (act) => (turn = turn.catch(() => undefined).then(act)) };
  const visits = await Promise.all([
    ...authorities.map((authority) =>
      visit(memory, authorityId(authority.name), attending, (before) => timestamp(place, published, authority, before, attending)),
    ),
    ...witnesses.map((witness) => visit(memory, witnessId(witness.key.name), attending, (before) => witnessed(place, published, witness, before, visiting))),
  ]);
  const changed = visits.filter(([id, its]) => memory.get(id) !== its);
  if (changed.length > 0) await writeMemory(place.store, new Map([...(await readMemory(place.store)), ...changed]));
}

async function visit(memory: Memory, id: string, { clock, patient }: Attending, act: (before: Visit) => Promise<Visit>): Promise<readonly [string, Visit]> {
  const before = memory.get(id) ?? NEVER_VISITED;
  if (patient && !isDue(before, clock())) return [id, before];
  try {
    return [id, await act(before)];
  } catch (error) {
    return [id, failed(before, error, clock())];
  }
}

async function timestamp(place: Place, published: Published, authority: Authority, before: Visit, attending: Attending): Promise<Visit> {
  const after = await ofCheckpoint(place, published, authority, before, attending);
  if (authority.runs) await stampRuns(place, authority, attending.post);
  return after;
}

async function ofCheckpoint({ store }: Place, { name, note }: Published, authority: Authority, before: Visit, { post, clock }: Attending): Promise<Visit> {
  if (await store.read(tokenFile(name, authority.name))) return settled(before);
  const asked = clock();
  const { token, timestamp: its } = await requestTimestamp(textOf(Buffer.from(note)), authority, post);
  await keepToken(store, name, authority.name, token, its.chain);
  return { ...before, ahead: aheadOf(its.at, asked, clock()), failing: null };
}

async function witnessed(place: Place, published: Published, witness: Witness, before: Visit, visiting: Visiting): Promise<Visit> {
  const { post, clock, patient, inTurn } = visiting;
  const kept = await place.store.read(cosignedFile(published.name));
  const [had] = kept ? cosignatures(kept, [witness.key]) : [];
  const asked = clock();
  if (patient && had && Math.abs(asked - had.at) < FRESH) return settled(before);
  try {
    const { at, line } = await bringToWitness(witness, published, before.size ?? 0, post);
    await inTurn(() => keepCosignature(place.store, published.name, published.note, witness.key, line));
    return { size: published.size, ahead: aheadOf(at, asked, clock()), failing: null };
  } catch (error) {
    // Another process may have published and brought a larger one meanwhile: then this one was only late.
    const now = error instanceof IntegrityError && error.code === 'ROLLBACK' ? await newest(place) : published;
    if (now.size <= published.size) throw error;
    return witnessed(place, now, witness, before, visiting);
  }
}

/** Confirmed already, by a visit of another process perhaps. */
const settled = (before: Visit): Visit => (before.failing === null ? before : { ...before, failing: null });

async function newest({ reader }: Place): Promise<Published> {
  const { checkpoint, note } = await reader.checkpoint();
  return { checkpoint, note, size: checkpoint.size, name: checkpointName(checkpoint), proof: (earlier) => proofOf(reader, earlier, checkpoint) };
}

/** Checked before it is sent, so that a refusal tells of another history and not of a damaged tile here. */
async function proofOf(reader: LogReader, earlier: number, { size, root }: Checkpoint): Promise<readonly Hash[]> {
  const tile = (level: number, index: number) => reader.tile(level, index, size);
  const proof = await consistencyFrom(earlier, size, tile);
  if (earlier > 0 && !verifyConsistency(earlier, size, proof, await rootFrom(earlier, tile), root))
    throw new IntegrityError('TILE', `the tiles of the log do not lead from size ${earlier} to the signed root of size ${size}. Run "tickmark log verify".`);
  return proof;
}

/** Between asking and the answer both clocks agree; they cut fractions of a second off. */
function aheadOf(theirs: Instant, asked: Instant, answered: Instant): Duration {
  const [from, to] = [Math.floor(asked / 1000) * 1000, answered];
  if (theirs < from) return from - theirs;
  return theirs > to ? to - theirs : 0;
}
