import { z } from 'zod';
import type { Instant } from '../../core/instant.ts';
import type { Vulnerability } from '../../datasets/vulnerability/findings.ts';
import type { Mark } from '../collector.ts';

const Seen = z.record(z.string(), z.int());
const before = (after: string | null): Readonly<Record<string, Instant>> => (after === null ? {} : Seen.parse(JSON.parse(after)));

/**
 * When each finding was first told. Exports of scanners seldom say it, so each run leaves a mark with what it knows of the
 * findings that it told; a finding that was gone for a run begins anew. At least so old: the first export may have come late.
 */
export function firstTold(rows: readonly Vulnerability[], after: string | null, generated: Instant): readonly Vulnerability[] {
  const known = before(after);
  return rows.map((row) => ({ ...row, firstSeenAt: row.firstSeenAt ?? Math.min(known[row.findingId] ?? generated, generated) }));
}

/** The mark of a run: the findings whose source does not say when they were first seen. */
export function seenMark(rows: readonly Vulnerability[], after: string | null, generated: Instant): Mark {
  const silent = rows.flatMap((row) => (row.firstSeenAt === null ? [row] : []));
  const told = firstTold(silent, after, generated).map(({ findingId, firstSeenAt }) => [findingId, firstSeenAt] as const);
  return { after: JSON.stringify(Object.fromEntries(told.toSorted(([a], [b]) => (a < b ? -1 : 1)))), more: false };
}

/** The same told twice is told once; what a tool gives one id though it differs is numbered, by its content and not by its place. */
export function distinct(rows: readonly Vulnerability[]): readonly Vulnerability[] {
  return [...Map.groupBy(rows, ({ findingId }) => findingId).values()].flatMap((same) => {
    const contents = [...new Set(same.map((row) => JSON.stringify(row)))].sort();
    return contents.map((content, place) => {
      const row = JSON.parse(content) as Vulnerability;
      return place === 0 ? row : { ...row, findingId: `${row.findingId} (${place + 1})` };
    });
  });
}

/** What JSON Lines and a JSON list have in common. Throws where a line cannot be read. */
export function entriesOf(text: string): readonly unknown[] {
  const trimmed = text.trim();
  if (trimmed.startsWith('[')) return JSON.parse(trimmed) as unknown[];
  return trimmed.split('\n').flatMap((line) => (line.trim() === '' ? [] : [JSON.parse(line) as unknown]));
}
