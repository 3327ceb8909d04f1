import { parse } from 'csv-parse/sync';
import { IncompleteError } from '../core/error.ts';
import { type Instant, instant } from '../core/instant.ts';
import { textOf } from './answers.ts';
import type { Artifact } from './source.ts';

/** One line of a CSV file below its head. */
export interface ExportLine {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

/** What exports write where there is nothing. */
export const NOTHING = /^(|0000-00-00|n\/?a|null|none|-|–)$/i;

export function exportLines(artifact: Artifact, delimiter: string): readonly ExportLine[] {
  return parse(textOf(artifact), { columns: true, comment: '#', comment_no_infix: true, delimiter, bom: true, trim: true, skip_empty_lines: true, info: true });
}

/** An export's own time counts, not that of its upload: its first line says it, or the configuration. */
export function generatedAt(artifact: Artifact, { generatedAt: stated, path }: { readonly generatedAt?: string | undefined; readonly path: string }): Instant {
  const written = /^\uFEFF?#\s*generated\s+(\S+)/i.exec(textOf(artifact))?.[1] ?? stated;
  if (written === undefined || !isInstant(written)) {
    throw new IncompleteError(
      `${path} does not say when it was generated, so nobody can tell how old it is. Begin it with a line "# generated 2026-03-01T06:00:00Z", or set "generatedAt" in its configuration.`,
    );
  }
  return instant(written);
}

export function isInstant(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/.test(text) && !Number.isNaN(Date.parse(text));
}
