import { createHash } from 'node:crypto';
import type { Collector, Mark } from '../collectors/collector.ts';
import type { Artifact, Question, Transports, Witness } from '../collectors/source.ts';
import { canonical, type Json } from '../core/canonical.ts';
import { IncompleteError } from '../core/error.ts';
import { type Instant, iso } from '../core/instant.ts';
import type { Draft } from '../evidence/record.ts';

/** What a run is asked to do. */
export interface Order {
  readonly collector: Collector;
  readonly name: string;
  readonly partition: string;
  readonly config: unknown;
  readonly timezone: string;
  readonly slot: Instant;
  /** Milliseconds to the next slot; `null` where the source is retired. */
  readonly every: number | null;
  readonly demo: boolean;
  readonly endpoint: string | null;
  /** Start of the observation period. */
  readonly since: Instant;
  /** Where the last complete run of the partition left off. */
  readonly after: string | null;
  /** Retention class of what the source says. `evidence` unless said. */
  readonly retention?: string;
}

export interface OpenedSource {
  readonly source: Transports[keyof Transports];
  questions(): readonly Question[];
}

/**
 * Asks one partition of one source and drafts the record about it. Never throws for what a source did: whatever
 * happens, there is a record, and its reason says what was missing.
 */
export async function perform(
  order: Order,
  open: () => Promise<OpenedSource>,
  clock: () => Instant,
): Promise<{ readonly draft: Draft; readonly more: boolean }> {
  const startedAt = clock();
  const artifacts: Artifact[] = [];
  let opened: OpenedSource | null = null;
  let reason: string | null = null;
  let witness = SILENT;
  let mark: Mark | null = null;
  try {
    opened = await open();
    const of = { config: order.config, partition: order.partition, at: startedAt, timezone: order.timezone, since: order.since, after: order.after };
    for await (const artifact of order.collector.collect(opened.source as never, of)) artifacts.push(artifact);
    witness = order.collector.witness?.(artifacts, of) ?? SILENT;
    reason = shortfall(witness);
    mark = order.collector.mark?.(artifacts, of) ?? null;
  } catch (error) {
    reason = error instanceof IncompleteError ? error.message : `${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
  }
  const outcome = {
    startedAt,
    finishedAt: clock(),
    artifacts,
    questions: opened?.questions() ?? [],
    witness,
    mark: reason === null ? (mark?.after ?? null) : null,
    reason,
  };
  return { draft: draft(order, outcome), more: reason === null && mark?.more === true };
}

const SILENT: Witness = { askedAs: null, answeredBy: null, granted: null, totals: {} };

/** Fewer entries than the source itself counts are not all of them. */
function shortfall({ totals }: Witness): string | null {
  const short = Object.entries(totals).find(([, { received, total }]) => received < total);
  return short ? `"${short[0]}" gave ${short[1].received} entries, and the source counts ${short[1].total}: the credential may not see all of them.` : null;
}

/** The source's clock against ours, where its answers carry a date: the greatest difference, in whole seconds. */
function skewOf(artifacts: readonly Artifact[]): number | null {
  const skews = artifacts.flatMap(({ headers, startedAt, finishedAt }) => {
    const said = Date.parse(headers.date ?? '');
    if (Number.isNaN(said)) return [];
    return said > finishedAt ? [said - finishedAt] : said + 999 < startedAt ? [said + 999 - startedAt] : [0];
  });
  return skews.reduce<number | null>((widest, skew) => (widest === null || Math.abs(skew) > Math.abs(widest) ? skew : widest), null);
}

/** The record of a slot of the schedule in which nothing was asked. */
export function skipped(order: Order, now: Instant, reason = `Nothing was asked in the slot of ${iso(order.slot)}: Tickmark was not running.`): Draft {
  const { body, ...rest } = draft(order, { startedAt: now, finishedAt: now, artifacts: [], questions: [], witness: SILENT, mark: null, reason });
  return { ...rest, id: idOf(order, 'skip', order.slot), body: { ...body, outcome: 'skip' } as Draft['body'] };
}

/** The last record of a source that the configuration has retired: no slot follows. */
export function retired(order: Order, now: Instant): Draft {
  const reason = 'The configuration has retired the source: it is not asked any more.';
  const { body, ...rest } = draft(
    { ...order, every: null },
    { startedAt: now, finishedAt: now, artifacts: [], questions: [], witness: SILENT, mark: null, reason },
  );
  return { ...rest, body: { ...body, outcome: 'skip' } as Draft['body'] };
}

/** The record of a run that its process did not live to seal; none is added where it did, and died before it could take its note back. */
export function abandoned(order: Order, id: string, startedAt: Instant, now: Instant): Draft {
  const cut = draft(order, {
    startedAt,
    finishedAt: now,
    artifacts: [],
    questions: [],
    witness: SILENT,
    mark: null,
    reason: 'The run was cut short: its process ended before the source had told all.',
  });
  return { ...cut, id };
}

/** Names a record by what it is about, so that it is sealed once, whichever process tells of it, and how often. */
export function idOf({ collector, name, partition }: Order, what: string, at: Instant): string {
  return createHash('sha256').update(`${what}\n${collector.id}\n${name}\n${partition}\n${at}`).digest('hex').slice(0, 32);
}

interface Outcome {
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  readonly artifacts: readonly Artifact[];
  readonly questions: readonly Question[];
  readonly witness: Witness;
  readonly mark: string | null;
  readonly reason: string | null;
}

function draft(order: Order, { startedAt, finishedAt, artifacts, questions, witness, mark, reason }: Outcome): Draft {
  const { collector } = order;
  return {
    demo: order.demo,
    ...(order.retention === undefined ? {} : { retention: order.retention }),
    body: {
      kind: 'run',
      collector: { id: collector.id, version: collector.version, sourceDigest: sourceDigest(collector) },
      name: order.name,
      partition: order.partition,
      slot: order.slot,
      every: order.every,
      outcome: reason === null ? 'success' : 'failure',
      reason,
      startedAt,
      finishedAt,
      endpoint: order.endpoint,
      config: canonical(order.config as Json),
      timezone: order.timezone,
      since: order.since,
      after: order.after,
      mark,
      askedAs: witness.askedAs,
      answeredBy: witness.answeredBy,
      granted: witness.granted,
      clockSkew: skewOf(artifacts),
      questions: questions.map(({ name, request, pages, ended, received, total }) => ({
        name,
        request,
        pages,
        ended,
        received,
        total,
        ...witness.totals[name],
      })),
    },
    subjects: artifacts.map(({ name, request, status, headers, body, startedAt: asked, finishedAt: answered }) => ({
      name,
      request,
      status,
      headers,
      mediaType: headers['content-type'] ?? 'application/octet-stream',
      bytes: body,
      startedAt: asked,
      finishedAt: answered,
    })),
  };
}

/** SHA-256 over the code of the two halves, as it runs. */
function sourceDigest({ collect, normalize }: Collector): string {
  return createHash('sha256').update(`${collect}\n${normalize}`).digest('hex');
}
