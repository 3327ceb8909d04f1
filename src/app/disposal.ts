import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterSpan } from '../core/calendar.ts';
import { ConfigurationError, TickmarkError } from '../core/error.ts';
import { type Instant, iso } from '../core/instant.ts';
import type { Archive } from '../evidence/archive.ts';
import { type Disposal, type Draft, LONGEST } from '../evidence/record.ts';
import {
  type Disposals,
  disposedBy,
  type Held,
  type Hold,
  heldIn,
  holdOver,
  holds,
  holdsOf,
  isDisposal,
  quarterOf,
  unfinished,
  waits,
} from '../log/disposal.ts';
import type { Unsealed } from '../log/statement.ts';
import type { DisposalAsked, DisposalDone, DisposalPlan, DisposalStep, EraLine } from './views.ts';

/** What a disposal works with. */
export interface DisposalMeans {
  readonly archive: Archive;
  readonly clock: () => Instant;
  /** The state folder. */
  readonly state: string;
  /** How long each retention class is kept. */
  readonly retention: Readonly<Record<string, string>>;
  readonly demo: boolean;
  /** Resolves once the log as it stands is also confirmed from outside, where that is set up and within reach. */
  readonly confirmed: () => Promise<void>;
  /** Makes all that is derived again from what is left, and leaves nothing of the rest. Says what it could not do, and whether that is to be tried again. */
  readonly forget: () => Promise<{ readonly finished: boolean; readonly says: string | null }>;
}

/** When everything of an era may be disposed of. `null` where the configuration does not know the class any more. */
function dueOf(era: string, retention: Readonly<Record<string, string>>): Instant | null {
  const { retention: its, to } = quarterOf(era);
  const span = retention[its];
  return span === undefined ? null : afterSpan(to, span);
}

/** Every era of the log: how much it keeps, when it is due, what holds it. */
export async function eraLines({ archive, retention }: DisposalMeans): Promise<readonly EraLine[]> {
  const { disposals, held } = await standing(archive);
  const lines = new Map<string, { records: number; bytes: number; disposed: number; readonly payloads: Set<string>; readonly holds: Set<number> }>();
  for await (const statement of archive.statements(0)) {
    const its = lines.get(statement.era) ?? { records: 0, bytes: 0, disposed: 0, payloads: new Set(), holds: new Set() };
    lines.set(statement.era, its);
    its.records++;
    for (const hold of held) if (holds(hold, statement)) its.holds.add(hold.record);
    for (const { digest, place } of statement.payloads) {
      if (its.payloads.has(digest)) continue;
      its.payloads.add(digest);
      if (disposals.of(statement.era, digest, statement.index)) its.disposed++;
      else its.bytes += place.length;
    }
  }
  return [...lines]
    .map(([era, its]) => ({
      era,
      records: its.records,
      payloads: its.payloads.size,
      disposed: its.disposed,
      bytes: its.bytes,
      due: dueOf(era, retention),
      holds: [...its.holds],
    }))
    .sort((a, b) => (a.era < b.era ? -1 : 1));
}

/** What would be disposed of, and what stands against it. Changes nothing. */
export async function planDisposal({ archive, clock, retention }: DisposalMeans, { era, records, early }: DisposalAsked): Promise<DisposalPlan> {
  const { disposals, held } = await standing(archive);
  const now = clock();
  const [refusals, chosen] = [[] as string[], new Map<string, Map<string, number>>()];
  const [keeping, also, asked, unknown] = [new Set<Hold>(), new Set<number>(), new Set(records), new Set(records)];
  const takes = (statement: Unsealed) => (era === undefined ? asked.has(statement.index) : statement.era === era);
  for await (const statement of archive.statements(0)) {
    if (!takes(statement)) continue;
    for (const hold of held) if (holds(hold, statement)) keeping.add(hold);
    for (const { digest, place } of statement.payloads) {
      if (disposals.of(statement.era, digest, statement.index)) continue;
      chosen.set(statement.era, (chosen.get(statement.era) ?? new Map<string, number>()).set(digest, place.length));
    }
    unknown.delete(statement.index);
  }
  if (era === undefined) {
    for (const index of unknown) refusals.push(`there is no record ${index}`);
    for await (const statement of archive.statements(0)) {
      if (takes(statement) || !statement.payloads.some(({ digest }) => chosen.get(statement.era)?.has(digest))) continue;
      also.add(statement.index);
      for (const hold of held) if (holds(hold, statement)) keeping.add(hold);
    }
  } else if (quarterOf(era).to > now)
    refusals.push(`the quarter of ${era} has not ended, and is still written to: dispose of single records, or wait until ${iso(quarterOf(era).to)}`);
  if (chosen.size === 0) refusals.push('nothing is kept there that was not disposed of already');
  for (const { record, what } of keeping) refusals.push(`the hold of record ${record} keeps ${heldIn(what)}: it must be released first`);
  const parts = [...chosen].map(([its, payloads]) => {
    const due = dueOf(its, retention);
    return {
      era: its,
      payloads: era === undefined ? [...payloads.keys()].sort() : ('all' as const),
      count: payloads.size,
      bytes: payloads.values().reduce((sum, length) => sum + length, 0),
      due,
      early: due === null || due > now,
    };
  });
  for (const { era: its, due, early: isEarly } of parts)
    if (isEarly && !early)
      refusals.push(
        `the retention of ${its} ends ${due === null ? 'never: tickmark.yaml does not name its class' : iso(due)}: to dispose of it before, say --early, and why`,
      );
  return { parts, also: [...also], refusals };
}

/**
 * Disposes of what was planned: the log says so first, and only then is a key destroyed. Whatever interrupts it, it is
 * taken up again by {@link finishDisposals}.
 */
export async function dispose(
  means: DisposalMeans,
  asked: DisposalAsked & { readonly reason: string; readonly approver: string },
  step: (step: DisposalStep, record: number) => void = () => undefined,
): Promise<DisposalDone> {
  const { parts, refusals } = await planDisposal(means, asked);
  if (refusals.length > 0) throw new ConfigurationError(`nothing was disposed of: ${refusals.join('; ')}.`);
  const planned: number[] = [];
  for (const { era, payloads, early } of parts) {
    const head = { kind: 'disposal', step: 'planned', era, payloads, early, planned: null } as const;
    const policy = `${quarterOf(era).retention}: ${means.retention[quarterOf(era).retention] ?? 'not named'}`;
    const [index = -1] = await means.archive.append([draft(means, { ...head, reason: asked.reason, approver: asked.approver, policy, receipt: null })]);
    step('planned', index);
    planned.push(index);
  }
  return { records: planned, left: await finishDisposals(means, step) };
}

/** Goes on with every disposal that the log plans, from wherever it was interrupted. Says what is left to do by hand. */
export async function finishDisposals(
  means: DisposalMeans,
  step: (step: DisposalStep, record: number) => void = () => undefined,
  again = false,
): Promise<readonly string[]> {
  const { archive, state } = means;
  const about = await archive.about();
  const [open, done, left] = [new Set(unfinished(about)), again ? new Set<number>() : finishedIn(state), [] as string[]];
  const erased: number[] = [];
  for (const planned of about) {
    if (!isDisposal(planned.head) || planned.head.step !== 'planned' || done.has(planned.index)) continue;
    const { head, index } = planned;
    const keeping = open.has(index) ? await holdOver({ head, index }, about, archive.statements(0)) : null;
    if (keeping) {
      left.push(waits(index, keeping));
      continue;
    }
    if (open.has(index)) {
      await means.confirmed();
      step('confirmed', index);
    }
    let receipt: string | null;
    try {
      receipt = await archive.destroy(index); // of a finished one again: a backup of the keys may have been put back
    } catch (error) {
      if (!(error instanceof TickmarkError) || error.code !== 'UNDER_HOLD') throw error;
      left.push(error.message); // placed while this was confirmed
      continue;
    }
    step('destroyed', index);
    if (open.has(index)) {
      const { era, payloads, early } = planned.head;
      const { body } = await archive.record(index);
      const { reason, approver, policy } = body as Disposal;
      const completed: Disposal = { kind: 'disposal', step: 'completed', era, payloads, early, planned: index, reason, approver, policy, receipt };
      await archive.append([{ ...draft(means, completed), id: createHash('sha256').update(`${archive.origin} completes ${index}`).digest('hex') }]);
      step('completed', index);
    }
    await archive.erase(index);
    step('erased', index);
    erased.push(index);
  }
  if (erased.length === 0) return left;
  const { finished, says } = await means.forget();
  if (says !== null) left.push(says);
  if (!finished) return left;
  for (const index of erased) step('forgotten', index);
  writeFileSync(join(state, FINISHED), JSON.stringify([...finishedIn(state), ...erased]));
  return left;
}

/** Whether a disposal waits to be finished here: its keys, its bytes, or what was derived from it. */
export async function isDisposalPending({ archive, state }: Pick<DisposalMeans, 'archive' | 'state'>): Promise<boolean> {
  const done = finishedIn(state);
  return (await archive.about()).some(({ head, index }) => isDisposal(head) && head.step === 'planned' && !done.has(index));
}

/** Places a hold, or releases one. Resolves to the record of it. */
export async function hold(
  { archive, demo }: Pick<DisposalMeans, 'archive' | 'demo'>,
  asked: { readonly place: Held } | { readonly release: number },
  { reason, by }: { readonly reason: string; readonly by: string },
): Promise<number> {
  const placed = 'release' in asked ? holdsOf(await archive.about()).find(({ record }) => record === asked.release) : null;
  if (placed === undefined)
    throw new ConfigurationError(`record ${'release' in asked ? asked.release : ''} places no hold that stands. "tickmark hold list" names those that do.`);
  const head =
    'place' in asked
      ? ({ step: 'placed', what: asked.place, placed: null } as const)
      : ({ step: 'released', what: placed?.what as Held, placed: asked.release } as const);
  const [index = -1] = await archive.append([{ body: { kind: 'hold', ...head, reason, by }, demo, retention: LONGEST, subjects: [] }]);
  return index;
}

const FINISHED = 'disposed.json';

/** Disposals that left nothing behind on this machine. A note that is lost is made again by doing it again. */
function finishedIn(state: string): Set<number> {
  const path = join(state, FINISHED);
  try {
    return new Set(existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as number[]) : []);
  } catch {
    return new Set();
  }
}

async function standing(archive: Archive): Promise<{ readonly disposals: Disposals; readonly held: readonly Hold[] }> {
  const about = await archive.about();
  return { disposals: disposedBy(about), held: holdsOf(about) };
}

const draft = ({ demo }: Pick<DisposalMeans, 'demo'>, body: Disposal): Draft => ({ body, demo, retention: LONGEST, subjects: [] });
