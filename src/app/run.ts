import { createHash } from 'node:crypto';
import type { Collector } from '../collectors/collector.ts';
import type { Artifact, Question, Transports } from '../collectors/source.ts';
import { canonical, type Json } from '../core/canonical.ts';
import { IncompleteError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';
import type { Draft } from '../evidence/record.ts';

/** What a run is asked to do. */
export interface Order {
  readonly collector: Collector;
  readonly name: string;
  readonly partition: string;
  readonly config: unknown;
  readonly timezone: string;
  readonly slot: Instant;
  readonly demo: boolean;
  readonly endpoint: string | null;
}

export interface OpenedSource {
  readonly source: Transports[keyof Transports];
  questions(): readonly Question[];
}

/**
 * Asks one partition of one source and drafts the record about it. Never throws for what a source did: whatever
 * happens, there is a record, and its reason says what was missing.
 */
export async function perform(order: Order, open: () => Promise<OpenedSource>, clock: () => Instant): Promise<Draft> {
  const startedAt = clock();
  const artifacts: Artifact[] = [];
  let opened: OpenedSource | null = null;
  let reason: string | null = null;
  try {
    opened = await open();
    const of = { config: order.config, partition: order.partition, at: startedAt, timezone: order.timezone };
    for await (const artifact of order.collector.collect(opened.source as never, of)) artifacts.push(artifact);
  } catch (error) {
    reason = error instanceof IncompleteError ? error.message : `${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
  }
  return draft(order, { startedAt, finishedAt: clock(), artifacts, questions: opened?.questions() ?? [], reason });
}

/** The record of a run that its process did not live to seal. */
export function abandoned(order: Order, startedAt: Instant, now: Instant): Draft {
  return draft(order, {
    startedAt,
    finishedAt: now,
    artifacts: [],
    questions: [],
    reason: 'The run was cut short: its process ended before the source had told all.',
  });
}

interface Outcome {
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  readonly artifacts: readonly Artifact[];
  readonly questions: readonly Question[];
  readonly reason: string | null;
}

function draft(order: Order, { startedAt, finishedAt, artifacts, questions, reason }: Outcome): Draft {
  const { collector } = order;
  return {
    demo: order.demo,
    body: {
      kind: 'run',
      collector: { id: collector.id, version: collector.version, sourceDigest: sourceDigest(collector) },
      name: order.name,
      partition: order.partition,
      slot: order.slot,
      outcome: reason === null ? 'success' : 'failure',
      reason,
      startedAt,
      finishedAt,
      endpoint: order.endpoint,
      config: canonical(order.config as Json),
      timezone: order.timezone,
      questions: questions.map(({ name, request, pages, ended, received, total }) => ({ name, request, pages, ended, received, total })),
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
