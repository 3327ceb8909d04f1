import { days, type Duration, isInstant, iso } from '../core/instant.ts';
import type { Statement } from './statement.ts';

/** How far the times of a run that succeeded may lie apart, in milliseconds each. */
export interface Bounds {
  /** From when it began to when it was sealed. */
  readonly lasted: Duration;
  /** By which it may say that it was still asking after it was sealed. */
  readonly ahead: Duration;
  /** From its slot to when it began, and the other way round. */
  readonly waited: Duration;
  /** From its slot to when it was sealed. */
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
 * was perhaps made afterwards. What was skipped or failed claims no evidence, and may be told late.
 *
 * @param run its head as it stands in the statement, which need not be well formed
 */
export function untimely({ head, sealedAt }: Pick<Statement, 'head' | 'sealedAt'>, { lasted, ahead, waited, told }: Bounds): readonly Untimely[] {
  if (head.kind !== 'run' || head.outcome !== 'success') return [];
  const { slot, startedAt, finishedAt = startedAt } = head;
  if (!isInstant(slot) || !isInstant(startedAt) || !isInstant(finishedAt) || !isInstant(sealedAt))
    return [{ code: 'LATE', says: 'its run does not say when it was' }];
  const faults: Untimely[] = [];
  const sealed = `and was sealed at ${iso(sealedAt)}`;
  const last = Math.max(startedAt, finishedAt);
  if (sealedAt - startedAt > lasted) faults.push({ code: 'LATE', says: `its run says that it began at ${iso(startedAt)}, ${sealed}` });
  else if (Math.abs(startedAt - slot) > waited || sealedAt - slot > told)
    faults.push({ code: 'LATE', says: `it says that it is the run of ${iso(slot)}, began at ${iso(startedAt)}, ${sealed}` });
  if (last > sealedAt + ahead) faults.push({ code: 'AHEAD', says: `its run says that it was asking at ${iso(last)}, ${sealed}` });
  return faults;
}

/**
 * A run is sealed as soon as its source has told all, and nothing keeps one to be sealed later; one that takes more than a
 * day is taken for abandoned. Whoever makes a run afterwards chooses its schedule too, so that counts for its slot alone.
 */
const HONEST: Duration = days(1);

/** Why a run proves nothing of the time that it claims, in words; `null` where nothing speaks against it. A record of the made-up company says itself that it is evidence of nothing. */
export function latenessOf(run: Pick<Statement, 'head' | 'sealedAt' | 'demo'>): string | null {
  const { every } = run.head;
  const waited = HONEST + (isInstant(every) ? Math.max(every, 0) : 0);
  const [fault] = run.demo ? [] : untimely(run, { lasted: HONEST, ahead: HONEST, waited, told: waited + HONEST });
  return fault ? `${fault.says}: nothing shows that its source was asked then` : null;
}
