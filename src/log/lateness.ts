import { days, type Duration, isInstant, iso } from '../core/instant.ts';
import type { Statement } from './statement.ts';

/** How far the times of a run may lie apart, in milliseconds each. */
export interface Bounds {
  /** From when it began to when it was sealed; of one that failed from when it ended, for a process that dies is told of later. */
  readonly lasted: Duration;
  /** By which it may say that it was still asking after it was sealed. */
  readonly ahead: Duration;
  /** By which its slot may lie after it was sealed. */
  readonly early: Duration;
  /** From its slot to when it began, and the other way round. */
  readonly waited: Duration;
  /** From its slot to when it was sealed, where it succeeded. */
  readonly told: Duration;
}

/** One thing that the times of a run say against it. */
export interface Untimely {
  readonly code: 'LATE' | 'AHEAD';
  readonly says: string;
}

/**
 * What the times of a run say against its having been made when it says, within the bounds of whoever asks; empty where
 * nothing does. Only `sealedAt` is confirmed from outside, by the timestamps of checkpoints: a run that claims another time
 * was perhaps made afterwards. What failed claims no evidence, and may be told late; but when it began decides to which
 * period it belongs, so that lies near its slot. Of a slot that was skipped only that it has come is asked, and not even
 * that of the last record of a source, which is retired from a day on that may be yet to come.
 *
 * @param run its head as it stands in the statement, which need not be well formed
 */
export function untimely({ head, sealedAt }: Pick<Statement, 'head' | 'sealedAt'>, { lasted, ahead, early, waited, told }: Bounds): readonly Untimely[] {
  if (head.kind !== 'run') return [];
  const { slot, every, outcome, startedAt, finishedAt = startedAt } = head;
  if (!isInstant(slot) || !isInstant(startedAt) || !isInstant(finishedAt) || !isInstant(sealedAt))
    return [{ code: 'LATE', says: 'its run does not say when it was' }];
  const faults: Untimely[] = [];
  const sealed = `and was sealed at ${iso(sealedAt)}`;
  const last = Math.max(startedAt, finishedAt);
  const isYetToCome = slot > sealedAt + early && !(outcome === 'skip' && every === null);
  const slotSaid: Untimely = { code: 'AHEAD', says: `it says that it is the run of ${iso(slot)}, ${sealed}` };
  if (outcome === 'skip') return isYetToCome ? [slotSaid] : [];
  const failed = outcome === 'failure';
  if (failed && sealedAt - finishedAt > lasted) faults.push({ code: 'LATE', says: `its run says that it ended at ${iso(finishedAt)}, ${sealed}` });
  else if (!failed && sealedAt - startedAt > lasted) faults.push({ code: 'LATE', says: `its run says that it began at ${iso(startedAt)}, ${sealed}` });
  else if (Math.abs(startedAt - slot) > waited || (!failed && sealedAt - slot > told))
    faults.push({ code: 'LATE', says: `it says that it is the run of ${iso(slot)}, began at ${iso(startedAt)}, ${sealed}` });
  else if (isYetToCome) faults.push(slotSaid);
  if (last > sealedAt + ahead) faults.push({ code: 'AHEAD', says: `its run says that it was asking at ${iso(last)}, ${sealed}` });
  return faults;
}

/**
 * A run is sealed as soon as its source has told all, and nothing keeps one to be sealed later; one that takes more than a
 * day is taken for abandoned. Whoever makes a run afterwards chooses its schedule too, so that counts for its slot alone.
 */
export const HONEST: Duration = days(1);

/** Why a run proves nothing of the time that it claims, in words; `null` where nothing speaks against it. A record of the made-up company says itself that it is evidence of nothing. */
export function latenessOf(run: Pick<Statement, 'head' | 'sealedAt' | 'demo'>): string | null {
  const { every } = run.head;
  const waited = HONEST + (isInstant(every) ? Math.max(every, 0) : 0);
  const asked = !run.demo && run.head.outcome === 'success';
  const [fault] = asked ? untimely(run, { lasted: HONEST, ahead: HONEST, early: waited + HONEST, waited, told: waited + HONEST }) : [];
  return fault ? `${fault.says}: nothing shows that its source was asked then` : null;
}
