import { type Instant, iso } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import { spokenInstant } from '../core/spoken.ts';
import type { Stamp } from './report.ts';

export const day = (at: Instant): string => iso(at).slice(0, 10);

/** An auditor writes both days inclusive, we write half-open: both are printed. */
export function span({ from, to }: Period, timezone: string): string {
  const date = (at: Instant) => new Intl.DateTimeFormat('en-CA', { timeZone: timezone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
  return `${date(from)} through ${date(to - 1)} (${timezone}), that is from ${spokenInstant(from)} up to ${spokenInstant(to)}`;
}

export const performedFrom = ({ checkpoint, catalog, code, asOf }: Stamp): string =>
  `Performed from log ${checkpoint.origin}, size ${checkpoint.size}, root ${checkpoint.root}; catalog ${catalog.slice(0, 12)}; code ${code}; instant ${iso(asOf)}.`;
