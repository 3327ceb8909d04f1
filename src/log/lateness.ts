import { days, type Duration, type Instant, iso } from '../core/instant.ts';
import type { Statement } from './statement.ts';

/**
 * How far a run that succeeded may have begun from when it was sealed, and from the slot that it fills beyond one step of
 * its schedule. A run is sealed as soon as its source has told all, and nothing keeps one to be sealed later; one that
 * takes more than a day is taken for abandoned.
 */
const HONEST: Duration = days(1);

/**
 * Why a run proves nothing of the time that it claims, in words; `null` where nothing speaks against it. Only
 * `sealedAt` is bounded from outside, by the timestamps of checkpoints: a run that claims another day was perhaps made
 * afterwards. A run that failed and a slot that was skipped claim no evidence, and may be told late; a record of the
 * made-up company says itself that it is evidence of nothing.
 *
 * @param run its head as it stands in the statement, which need not be well formed
 */
export function latenessOf({ head, sealedAt, demo }: Pick<Statement, 'head' | 'sealedAt' | 'demo'>): string | null {
  if (head.kind !== 'run' || head.outcome !== 'success' || demo) return null;
  const { startedAt, slot, every } = head;
  if (!isInstant(startedAt) || !isInstant(slot) || !isInstant(sealedAt)) return 'the run does not say when it began, or for which slot of its schedule';
  if (Math.abs(sealedAt - startedAt) > HONEST)
    return `the run says that it began at ${iso(startedAt)}, and was sealed at ${iso(sealedAt)}: more than a day lies between, and nothing shows that its source was asked then`;
  if (Math.abs(startedAt - slot) > HONEST + (isInstant(every) ? Math.max(every, 0) : 0))
    return `the run began at ${iso(startedAt)}, and says that it fills the slot of ${iso(slot)}: more than a step of its schedule and a day lie between`;
  return null;
}

const isInstant = (value: unknown): value is Instant => Number.isFinite(value);
