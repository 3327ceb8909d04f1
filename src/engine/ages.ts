import { type Duration, days, type Instant } from '../core/instant.ts';
import { SEVERITIES, type Severity } from '../core/severity.ts';
import type { Case } from './cases.ts';

/** A span of ages, half-open: at least `from`, less than `to`. */
interface Bucket {
  readonly from: Duration;
  /** `null`: of any age beyond. */
  readonly to: Duration | null;
}

type BySeverity = Readonly<Record<Severity, number>>;

/** Deviations of one age that nobody has undone. */
export interface AgeBucket extends Bucket {
  /** Open and in remediation. What is waived is told apart. */
  readonly bySeverity: BySeverity;
  readonly waived: number;
  /** Of all of them: those of which evidence is missing now, so that nobody can tell whether they are still so. */
  readonly unknown: number;
  /** Of those that are not waived. */
  readonly overdue: number;
}

/** Deviations that took so long from first opening to last end. */
export interface FixBucket extends Bucket {
  readonly bySeverity: BySeverity;
}

const EDGES: readonly Duration[] = [0, days(1), days(7), days(30), days(90)];

/** How old deviations are that are not fixed and not closed, reckoned from when they began the last time. They are read once. */
export function agesOf(cases: Iterable<Case>, at: Instant): readonly AgeBucket[] {
  const buckets = EDGES.map((_, place) => ({ ...bucketOf(place), bySeverity: none(), waived: 0, unknown: 0, overdue: 0 }));
  for (const { state, severity, overdue, unknown, spells } of cases) {
    if (state === 'fixed' || state === 'closed') continue;
    const bucket = buckets[placeOf(at - (spells.at(-1)?.from ?? at))];
    if (!bucket) continue;
    bucket.unknown += Number(unknown);
    if (state === 'waived') bucket.waived++;
    else {
      bucket.bySeverity[severity]++;
      bucket.overdue += Number(overdue);
    }
  }
  return buckets;
}

/** How long deviations took that are fixed. */
export function fixesOf(cases: Iterable<Pick<Case, 'severity' | 'timeToFix'>>): readonly FixBucket[] {
  const buckets = EDGES.map((_, place) => ({ ...bucketOf(place), bySeverity: none() }));
  for (const { severity, timeToFix } of cases) {
    const bucket = timeToFix === null ? undefined : buckets[placeOf(timeToFix)];
    if (bucket) bucket.bySeverity[severity]++;
  }
  return buckets;
}

const bucketOf = (place: number): Bucket => ({ from: EDGES[place] ?? 0, to: EDGES[place + 1] ?? null });
/** Of the bucket that an age is in; what is younger than any is in none. */
const placeOf = (age: Duration): number => EDGES.findLastIndex((from) => from <= age);
const none = (): Record<Severity, number> => Object.fromEntries(SEVERITIES.map((severity) => [severity, 0])) as Record<Severity, number>;
