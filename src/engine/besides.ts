import type { Instant } from '../core/instant.ts';
import { holds, type Period } from '../core/interval.ts';
import { iso, NEVER } from '../core/instant.ts';
import type { Check } from '../checks/check.ts';
import type { Dataset } from '../datasets/dataset.ts';
import type { Catalog } from './catalog.ts';
import type { Coverage } from './coverage.ts';
import { bases } from './derive.ts';
import type { Engine } from './engine.ts';
import { EXCLUSIONS, exclusionsOf, refusedAt } from './exclusions.ts';
import { recurringOf } from './occurrences.ts';
import type { Besides, DutySpell, ExclusionMark } from './posture.ts';

/** What the statuses of controls rest on besides their checks. It remembers for as long as nothing more is known. */
export interface BesidesReader {
  /** What bears on a control in a period, by what is known at an instant; whether it is left out is asked of the period's last instant. */
  of(control: string, within: Period, now: Instant): Besides;
  /** When time alone changes any of it. */
  changes(now: Instant): readonly Period[];
}

interface Ground {
  readonly engine: Engine;
  readonly coverage: Coverage;
  readonly catalog: Catalog;
  readonly checks: readonly Check[];
  /** Those that sources tell of. */
  readonly datasets: readonly Dataset[];
  readonly timezone: string;
}

export function besidesReader(ground: Ground): BesidesReader {
  const { engine, coverage, catalog, datasets, timezone } = ground;
  const exclusions = exclusionsOf(ground);
  let last: { readonly now: Instant; readonly spells: ReadonlyMap<string, readonly DutySpell[]> } | null = null;

  const spellsAt = (now: Instant) => {
    const on = { facts: engine.facts, coverage, datasets };
    const ever = { from: -NEVER, to: NEVER };
    const of = ({ id, occurs }: Catalog['controls'][number]) =>
      occurs.flatMap((duty) => recurringOf(on, duty, id, timezone, ever, now)).flatMap((occurrence) => spellOf(occurrence) ?? []);
    if (last?.now !== now) last = { now, spells: new Map(catalog.controls.map((control) => [control.id, of(control)])) };
    return last.spells;
  };

  return {
    of(id, within, now) {
      const excluded = markAt(id, within.to - 1);
      const control = catalog.controls.find((it) => it.id === id);
      const meant = control?.leftOut ?? null;
      const refused = excluded ? undefined : refusedAt(ground, within.to - 1).get(id);
      return {
        excluded,
        notExcluded: excluded ? null : notExcluded(meant, refused),
        duties: (spellsAt(now).get(id) ?? []).filter(({ from, to }) => from < within.to && within.from < to),
        unfed: unfed(control?.checks ?? [], within.to),
        unexamined: control?.unexamined ?? [],
      };
    },

    changes(now) {
      const due = catalog.controls.flatMap(({ id, occurs }) =>
        occurs.flatMap((duty) => recurringOf({ facts: engine.facts, coverage, datasets }, duty, id, timezone, { from: -NEVER, to: NEVER }, now)),
      );
      return [...exclusions, ...due.map((occurrence) => ({ from: occurrence.due, to: occurrence.due }))];
    },
  };

  function unfed(ids: readonly string[], before: Instant): readonly string[] {
    const read = ground.checks
      .filter(({ id }) => ids.includes(id))
      .flatMap((check) => [check.population, ...Object.values(check.with).map(({ rows }) => rows)]);
    const told = (dataset: string) => coverage.expected(dataset).some(({ from }) => from < before);
    return [...new Set(read.flatMap(({ dataset }) => bases(dataset)))].filter((dataset) => !told(dataset)).sort();
  }

  function markAt(id: string, at: Instant): ExclusionMark | null {
    const found = exclusions.find((exclusion) => exclusion.control === id && holds(exclusion, at));
    return found ? { ...found.mark, since: found.from } : null;
  }
}

/** From its due date on, to when it was done after all. */
function spellOf({ what, due, state, late, because }: ReturnType<typeof recurringOf>[number]): DutySpell | null {
  if (state !== 'missed' && state !== 'unknown') return null;
  const status = state === 'missed' ? 'fail' : 'unknown';
  const says = state === 'missed' ? `it was not done by ${iso(due)}` : `whether it was done by ${iso(due)} is not known: ${because ?? 'evidence is missing'}`;
  return { from: due, to: late ?? NEVER, what, status, because: says };
}

function notExcluded(meant: NonNullable<Catalog['controls'][number]['leftOut']> | null, refused: string | undefined): string | null {
  if (refused !== undefined) return `An entry of the register would leave it out and does not count. ${refused}.`;
  if (!meant) return null;
  return `${meant.file} leaves it out ("${meant.because}", approved by ${meant.approvedBy}), which does not count: no entry of the register "${EXCLUSIONS}" that somebody else approved names it.`;
}
