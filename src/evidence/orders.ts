import { ConfigurationError, IntegrityError, TickmarkError } from '../core/error.ts';
import type { Duration, Instant } from '../core/instant.ts';
import { type DisposalHead, holdOver, isDisposal, namedBy, overlapOf, unfinished, waits } from '../log/disposal.ts';
import { payloadPath } from '../log/paths.ts';
import type { Place as Lies, Unsealed } from '../log/statement.ts';
import type { ArchiveReader } from './archive-reader.ts';
import type { Keys } from './keys.ts';
import type { Keystore } from './keystore.ts';
import type { Objects } from './objects.ts';
import { type Draft, LONGEST } from './record.ts';
import type { Writer } from './writer.ts';

/** What only the process that writes may do, whoever asks for it. */
export type Order =
  | { readonly order: 'append'; readonly drafts: readonly Draft[] }
  | { readonly order: 'destroy'; readonly planned: number }
  | { readonly order: 'erase'; readonly planned: number }
  | { readonly order: 'rotate'; readonly role: 'log' | 'statement'; readonly who: string; readonly overlap: Duration }
  | { readonly order: 'retire' };

export interface Means {
  readonly writer: Writer;
  readonly reader: ArchiveReader;
  /** As they are read: what was read of what is erased is forgotten. */
  readonly objects: Objects;
  readonly keystore: Keystore;
  readonly keys: Keys;
  readonly clock: () => Instant;
}

export type Told = readonly number[] | number | string | null;

export async function follow(order: Order, means: Means): Promise<Told> {
  switch (order.order) {
    case 'append':
      return append(order.drafts, means);
    case 'destroy':
      return destroy(order.planned, means);
    case 'erase':
      return erase(order.planned, means);
    case 'rotate':
      return rotate(order, means);
    case 'retire':
      return retire(means);
  }
}

/**
 * A disposal of single payloads is sealed under a checkpoint of its own, and takes with it what no statement of its era
 * names: batches that failed have kept that, and nobody would ever dispose of it. It is looked for in the turn, with no
 * batch on its way. A process that had lost its turn cannot commit any more once this is committed, and what a disposal
 * names is not kept by again: so no key is destroyed of what is sealed later.
 */
async function append(drafts: readonly Draft[], means: Means): Promise<readonly number[]> {
  const indexes: number[] = [];
  const waiting: Draft[] = [];
  const seal = async (its: readonly Draft[]) => void indexes.push(...(its.length > 0 || drafts.length === 0 ? await means.writer.append(its) : []));
  for (const draft of drafts) {
    const { body } = draft;
    if (body.kind !== 'disposal' || body.step !== 'planned' || body.payloads === 'all') {
      waiting.push(draft);
      continue;
    }
    await seal(waiting.splice(0));
    const payloads = [...new Set([...body.payloads, ...(await unnamed(body.era, means))])].sort();
    await seal([{ ...draft, body: { ...body, payloads } }]);
  }
  await seal(waiting);
  return indexes;
}

/** Payloads of an era whose keys are kept, and which no statement names. The caller has the turn. */
async function unnamed(era: string, { reader, keystore }: Means): Promise<readonly string[]> {
  const kept = new Set(await keystore.digests(era));
  for await (const statement of reader.statements(0)) if (statement.era === era) for (const { digest } of statement.payloads) kept.delete(digest);
  return [...kept];
}

/**
 * Looks for holds in the turn in which it destroys: to be confirmed from outside takes its time, and a hold may have been
 * placed meanwhile. Where processes share the keys, the database compares once more where the log stands as it destroys
 * them: this one may have been stopped for long after its look. Throws `TickmarkError` with code `UNDER_HOLD` where one was;
 * what was destroyed before is destroyed again.
 */
async function destroy(planned: number, { writer, reader, keystore }: Means): Promise<string | null> {
  const { head, index } = await plannedIn(reader, planned);
  const about = await reader.about();
  const keeping = unfinished(about).includes(index) ? await holdOver({ head, index }, about, reader.statements(0)) : null;
  if (keeping) throw new TickmarkError('UNDER_HOLD', waits(index, keeping));
  if (!(await writer.isCurrent())) throw new IntegrityError('RACE', 'another process has written to the log, and may have placed a hold');
  return keystore.destroy(head.era, head.payloads, writer.standsAt);
}

/** Packs in which nothing else lies are removed; in the others the bytes are overwritten where they lie. */
async function erase(planned: number, { reader, objects }: Means): Promise<null> {
  const plan = await plannedIn(reader, planned);
  if (unfinished(await reader.about()).includes(planned))
    throw new IntegrityError(
      'NOT_COMPLETED',
      `no record completes the disposal of record ${planned}: until one says that the keys were destroyed, the bytes stay`,
    );
  const files = new Map<string, Map<number, Lies>>();
  for await (const statement of reader.statements(0)) {
    for (const payload of namedBy(plan, [statement])) {
      const path = payloadPath(payload);
      const its = files.get(path) ?? new Map<number, Lies>();
      files.set(path, its.set(payload.place.offset, payload.place));
    }
  }
  for (const [path, places] of files) {
    const bytes = await objects.read(path);
    for (const { offset, length } of bytes ? beside([...places.values()]) : []) await objects.overwrite(path, offset, Buffer.alloc(length));
    if (!bytes || [...places.values()].reduce((sum, { length }) => sum + length, 0) === bytes.length) await objects.remove(path);
  }
  return null;
}

/** Places that follow each other are one: in a bucket each is a version of the whole. */
function beside(places: readonly Pick<Lies, 'offset' | 'length'>[]): readonly Pick<Lies, 'offset' | 'length'>[] {
  const all: { offset: number; length: number }[] = [];
  for (const { offset, length } of places.toSorted((a, b) => a.offset - b.offset)) {
    const last = all.at(-1);
    if (last && last.offset + last.length === offset) last.length += length;
    else all.push({ offset, length });
  }
  return all;
}

/** The published record, which is all that entitles to destroy anything. */
async function plannedIn(reader: ArchiveReader, index: number): Promise<Unsealed & { readonly head: DisposalHead }> {
  const statement = (await reader.about()).find((it) => it.index === index);
  if (!statement || !isDisposal(statement.head) || statement.head.step !== 'planned')
    throw new IntegrityError('NOT_PLANNED', `record ${index} plans no disposal: nothing is destroyed without a published record of it`);
  return statement as Unsealed & { readonly head: DisposalHead };
}

async function rotate({ role, who: asked, overlap }: Order & { readonly order: 'rotate' }, { writer, keys, clock }: Means): Promise<number> {
  const who = role === 'log' ? keys.description.origin : asked;
  const running = role === 'log' ? overlapOf(writer.about) : null;
  if (running)
    throw new ConfigurationError(
      `the key of the log is being replaced since record ${running.record}, up to ${new Date(running.until).toISOString()}: wait until the old one is retired.`,
    );
  const { key, replaces } = await keys.makeNext(role, who);
  const until = role === 'log' ? clock() + overlap : null;
  return alone({ kind: 'key', step: 'introduced', role, who, key, replaces, until }, writer, keys);
}

async function retire({ writer, keys, clock }: Means): Promise<number | null> {
  const running = overlapOf(writer.about);
  if (!running || running.until > clock()) return null;
  return alone({ kind: 'key', step: 'retired', role: 'log', who: keys.description.origin, key: running.old, replaces: null, until: null }, writer, keys);
}

/** Under a checkpoint of its own, so that sizes and records tell the same of a key. */
async function alone(body: Draft['body'], writer: Writer, keys: Keys): Promise<number> {
  const [index = -1] = await writer.append([{ body, demo: false, retention: LONGEST, subjects: [] }]);
  await keys.settle(writer.about);
  return index;
}
