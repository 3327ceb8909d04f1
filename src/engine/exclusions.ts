import { type Instant, NEVER } from '../core/instant.ts';
import { holds, intersect, type Period } from '../core/interval.ts';
import type { RegisterEntry } from '../datasets/register/entries.ts';
import { approvalOf, namesOf } from './approval.ts';
import type { Coverage } from './coverage.ts';
import type { Engine } from './engine.ts';
import type { Fact } from './facts.ts';
import type { ExclusionMark } from './posture.ts';
import { standsFor, text, versionsOf, wordsOf } from './waivers.ts';

/** The register whose entries leave controls out. */
export const EXCLUSIONS = 'exclusions';

export interface Exclusion extends Period {
  readonly control: string;
  readonly mark: Omit<ExclusionMark, 'since'>;
}

/** What exclusions follow from. */
interface Ground {
  readonly engine: Engine;
  readonly coverage: Coverage;
}

/**
 * The exclusions that count: each from when its approved entry was learned to its end, to when the entry went or changed,
 * or to when nobody had read the register for long.
 */
export function exclusionsOf({ engine, coverage }: Ground): readonly Exclusion[] {
  const exclusions: Exclusion[] = [];
  for (const { fact, entry } of versionsOf(engine, EXCLUSIONS)) {
    const { control, because, by, problem } = read(engine, fact, entry);
    if (problem !== null) continue;
    for (const part of intersect(standsFor(coverage, fact), [{ from: -NEVER, to: entry.until ?? NEVER }])) {
      const exclusion = { ...part, control, mark: { id: entry.entryId, because, by, records: fact.records } };
      const last = exclusions.at(-1);
      // Lines above it moved, and nothing of what it says: it is one and the same.
      if (last && last.to === part.from && same(last, exclusion)) exclusions[exclusions.length - 1] = { ...last, to: part.to };
      else exclusions.push(exclusion);
    }
  }
  return exclusions;
}

/** What is wrong at an instant with entries that would leave a control out, by control; each with its file and line. */
export function refusedAt({ engine, coverage }: Ground, now: Instant): ReadonlyMap<string, string> {
  const refused = new Map<string, string>();
  for (const { fact, entry } of versionsOf(engine, EXCLUSIONS)) {
    if (!holds(fact, now)) continue;
    const { control, problem } = read(engine, fact, entry);
    const ended = entry.until !== null && entry.until <= now;
    const forgotten = !standsFor(coverage, fact).some((part) => holds(part, now));
    const says = problem ?? (ended ? 'it has ended' : forgotten ? 'nobody has read the register for long: it is not known whether it stands' : null);
    if (says !== null) refused.set(control, `${entry.file}:${entry.line}: ${says}`);
  }
  return refused;
}

const same = (a: Exclusion, b: Exclusion): boolean =>
  a.control === b.control && a.mark.id === b.mark.id && a.mark.because === b.mark.because && a.mark.by === b.mark.by;

/** What an entry says; `problem` where it leaves nothing out. Nobody approves an exclusion that they wrote. */
function read({ facts }: Engine, fact: Fact, entry: RegisterEntry) {
  const words = wordsOf(entry);
  const [control, because] = [text(words.control), text(words.reason)];
  const refused = (problem: string) => ({ control, because, by: '', problem });
  if (control === '') return refused('it names no control. Write "control:" and the id of the control that is left out');
  if (because === '') return refused('it gives no reason. Write "reason:" and why the control is left out');
  const { by, why } = approvalOf(facts, entry, fact.from, new Set());
  return why === null ? { control, because, by: namesOf(facts, by), problem: null } : refused(why);
}
