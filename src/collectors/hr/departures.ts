import { z } from 'zod';
import type { Instant } from '../../core/instant.ts';
import { type Departure, departures } from '../../datasets/hr/departures.ts';
import type { Worker } from '../../datasets/hr/workers.ts';
import { events, type Mark, type Of, type Table } from '../collector.ts';

/** What runs before this one saw: up to when HR was read, and of each departure the first answer that told of it and the one before. */
const Seen = z.strictObject({ readAt: z.int(), told: z.record(z.string(), z.tuple([z.int(), z.int().nullable()])) });
const before = (after: string | null) => (after === null ? null : Seen.parse(JSON.parse(after)));

/**
 * HR systems say when somebody leaves and not when that was entered, so each run leaves a mark with the departures that it
 * told of: a departure was entered between the last answer without it and the first one with it. What the first run of all
 * tells may have been entered at any time before.
 */
function told(workers: readonly Worker[], after: string | null, at: Instant): readonly Departure[] {
  const seen = before(after);
  const earlier = seen !== null && seen.readAt < at ? seen.readAt : null;
  return workers.flatMap(({ workerId, fullName, startAt, terminationAt: effectiveAt }) => {
    if (effectiveAt === null) return [];
    const row = { workerId, fullName, startAt, effectiveAt };
    const [toldAt, untoldAt] = seen?.told[departures.key({ ...row, toldAt: at, untoldAt: null })] ?? [at, earlier];
    return [{ ...row, toldAt, untoldAt }];
  });
}

/** The rows of a run, and what an earlier one told that HR took back: a departure that was put off, or came to nothing. */
export function departuresTable(workers: readonly Worker[], { after, since }: Pick<Of<unknown>, 'after' | 'since'>, at: Instant): Table {
  const rows = told(workers, after, at);
  const keys = new Set(rows.map((row) => departures.key(row)));
  const withdrawn = Object.keys(before(after)?.told ?? {}).flatMap((key) => (keys.has(key) ? [] : [key]));
  return { ...events(departures, rows, { from: Math.min(since, at), to: at }), withdrawn };
}

/** @param at the instant as of which HR answered */
export function departuresMark(workers: readonly Worker[], after: string | null, at: Instant): Mark {
  const rows = told(workers, after, at).map((row) => [departures.key(row), [row.toldAt, row.untoldAt]] as const);
  const readAt = Math.max(at, before(after)?.readAt ?? at);
  return { after: JSON.stringify({ readAt, told: Object.fromEntries(rows.toSorted(([a], [b]) => (a < b ? -1 : 1))) }), more: false };
}
