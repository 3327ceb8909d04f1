import { z } from 'zod';
import { type Instant, instant as read } from '../../../core/instant.ts';
import type { Period } from '../../../core/interval.ts';
import { STATUSES } from '../../../core/status.ts';

// What is asked

/** An instant in ISO 8601 with a zone; milliseconds for whoever handles it. */
export const instant = z.iso
  .datetime({ offset: true, message: 'expected an instant, like 2026-11-06T23:00:00Z' })
  .max(40)
  .transform((text, context): Instant => {
    try {
      return read(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'expected an instant, like 2026-11-06T23:00:00Z' });
      return z.NEVER;
    }
  });

/** More than a lifetime of records is a slip of the keyboard. */
const LONGEST = 200 * 366 * 86_400_000;

/** `FROM..TO`, half-open. */
export const period = z
  .string()
  .max(82)
  .regex(/^[0-9T:.+-]+Z?\.\.[0-9T:.+-]+Z?$/, 'expected a period, like 2026-01-01T00:00:00Z..2026-04-01T00:00:00Z')
  .transform((text, context): Period => {
    try {
      const split = text.indexOf('..');
      const asked = { from: read(text.slice(0, split)), to: read(text.slice(split + 2)) };
      if (asked.from < asked.to && asked.to - asked.from < LONGEST) return asked;
      context.addIssue({ code: 'custom', message: 'the period ends before it begins, or lasts more than 200 years' });
    } catch {
      context.addIssue({ code: 'custom', message: 'expected a period, like 2026-01-01T00:00:00Z..2026-04-01T00:00:00Z' });
    }
    return z.NEVER;
  });

/** Index of a record. */
export const record = z.coerce.number({ message: 'expected the index of a record' }).int().min(0).max(Number.MAX_SAFE_INTEGER);

/** An id of the catalogue or of a case: one line, no more than a line. */
export const id = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\u0000-\u001f\u007f]+$/, 'expected one line without control characters');

/** One, or several by saying the parameter again. */
export const several = <Entry extends z.ZodType>(entry: Entry, most = 100) =>
  z.union([entry, z.array(entry).min(1).max(most)]).transform((given) => (Array.isArray(given) ? given : [given]) as z.output<Entry>[]);

/** So many entries of a list at most, and which one was the last of the page before. */
export const page = {
  limit: z.coerce.number().int().min(1).max(500).default(100).describe('How many entries at most; 100 unless said'),
  cursor: z
    .string()
    .min(1)
    .max(2000)
    .regex(/^[\w-]+$/, 'expected a cursor as the page before gave it')
    .optional()
    .describe('`next` of the page before. Of another question it is refused'),
};

/**
 * For a table that is scrolled anywhere at once. A list as of an instant is the same until more is known, and whoever
 * listens to events is told of that; whoever reads all of a list takes cursors.
 */
export const skip = z.coerce
  .number()
  .int()
  .min(0)
  .max(100_000_000)
  .optional()
  .describe('So many rows before the first: with `asOf` of the first answer, and without a cursor');

/** On every read of what was so at an instant. */
export const at = {
  asOf: instant.optional().describe('As it was then, by what is known today; now unless said'),
  asKnownAt: record.optional().describe('By what was known when this record was the newest; as of its sealing unless `asOf` says otherwise'),
};

/** On every read of a period. */
export const over = {
  period: period.optional().describe('Half-open, FROM..TO; the observation period unless said'),
  ...at,
};

// What is answered

export const Moment = z.string().describe('ISO 8601, UTC');
/** `null` where it has no beginning or has not ended. */
export const Bound = z.string().nullable().describe('ISO 8601, UTC; null where it has no beginning or has not ended');
export const Span = z.object({ from: Bound, to: Bound });
export const Milliseconds = z.number().describe('Milliseconds');
export const Records = z.array(z.int()).readonly().describe('Indexes of records');
export const Ids = z.array(z.string()).readonly();
export const Status = z.enum(STATUSES).describe('Worst first: fail, unknown, pass, empty');
export const ControlStatus = z.enum([...STATUSES, 'excluded']).describe('Also `excluded`: left out by the company, with a reason and another’s approval');
export const Checkpoint = z.object({ origin: z.string(), size: z.int(), root: z.string().describe('Base64, as in the checkpoint') });

/** What every answer about evidence is a function of: printed on all, so that anyone can perform it again. */
export const Stamp = z.object({
  company: z.string(),
  demo: z.boolean().describe('The made-up company: evidence of nothing'),
  asOf: Moment,
  period: Span.describe('The period spoken of; of an instant, the observation period'),
  timezone: z.string(),
  checkpoint: Checkpoint,
  catalog: z.string().describe('SHA-256 of the catalogue and the overlay in force'),
  code: z.string().describe('Version of the program, and a digest of its code'),
});

export const Next = z.string().nullable().describe('The cursor of the page after; null on the last one');
