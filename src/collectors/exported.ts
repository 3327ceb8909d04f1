import { z } from 'zod';
import { IncompleteError } from '../core/error.ts';
import { type Instant, instant } from '../core/instant.ts';

const SAID = /^\uFEFF?#\s*generated\s+(\S+)[^\n]*\n/i;

const isInstant = (text: string): boolean => /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/.test(text) && !Number.isNaN(Date.parse(text));

/** When an export was generated, where it does not say so itself: a field of a collector's configuration. */
export const generatedField = z
  .string()
  .refine(isInstant, 'expected an instant with its zone, like 2026-03-01T06:00:00Z')
  .optional()
  .describe('When the file was generated, if it does not say');

/** The first line by which an export says when it was generated, if it has one, and what follows it. */
export function splitGenerated(text: string): { readonly line: string; readonly said: string | null; readonly rest: string } {
  const found = SAID.exec(text);
  return { line: found?.[0] ?? '', said: found?.[1] ?? null, rest: text.slice(found?.[0].length ?? 0) };
}

/** The export's own time counts, not that of its upload. Throws `IncompleteError` where nobody tells it. */
export function generatedAt(path: string, ...told: readonly (string | null | undefined)[]): Instant {
  const first = told.find((text) => text !== null && text !== undefined);
  if (first === null || first === undefined || !isInstant(first)) {
    throw new IncompleteError(
      `${path} does not say when it was generated, so nobody can tell how old it is. Begin it with a line "# generated 2026-03-01T06:00:00Z", or set "generatedAt" in its configuration.`,
    );
  }
  return instant(first);
}
