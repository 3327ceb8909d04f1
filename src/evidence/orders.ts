import { ConfigurationError, IntegrityError } from '../core/error.ts';
import type { Duration, Instant } from '../core/instant.ts';
import { type DisposalHead, isDisposal, namedBy, overlapOf } from '../log/disposal.ts';
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
  readonly objects: Objects;
  readonly keystore: Keystore;
  readonly keys: Keys;
  readonly clock: () => Instant;
}

export type Told = readonly number[] | number | string | null;

export async function follow(order: Order, means: Means): Promise<Told> {
  switch (order.order) {
    case 'append':
      return means.writer.append(order.drafts);
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

async function destroy(planned: number, { reader, keystore }: Means): Promise<string | null> {
  const { head } = await plannedIn(reader, planned);
  return keystore.destroy(head.era, head.payloads);
}

/** Packs in which nothing else lies are removed; in the others the bytes are overwritten where they lie. */
async function erase(planned: number, { reader, objects }: Means): Promise<null> {
  const plan = await plannedIn(reader, planned);
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
    if (!bytes) continue;
    for (const { offset, length } of places.values()) await objects.overwrite(path, offset, Buffer.alloc(length));
    if ([...places.values()].reduce((sum, { length }) => sum + length, 0) === bytes.length) await objects.remove(path);
  }
  return null;
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
