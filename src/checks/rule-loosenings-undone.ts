import { iso } from '../core/instant.ts';
import { protectionChanges } from '../datasets/repo/protection-changes.ts';
import { conforms, defineCheck, deviates, notYet, span, unknown } from './check.ts';
import { allowedByOther, cameBack, doubtOfExceptions, editNamed, LOOSENINGS, PATIENCE, standingExceptions } from './protection-edits.ts';
import { outOfScope } from './scope.ts';

export const ruleLooseningsUndone = defineCheck({
  id: 'rule-loosenings-undone',
  title: 'Loosened branch rules are put back',
  version: 3,
  asserts:
    'Every change after which the rules of a branch refused less was followed within {deadline}, or by the end of an approved exception, by edits of all that it had changed which loosened nothing, or by the rule made anew.',
  population: LOOSENINGS.population,
  with: { ...LOOSENINGS.with, later: protectionChanges.on('target') },
  parameters: { deadline: span('24 hours', 'unless the exception that allowed it ends later'), patience: PATIENCE },

  examine(edit, { at, scope, later, ...given }, { deadline, patience }) {
    const out = outOfScope(scope);
    if (out) return out;
    const undone = (by: number) => cameBack(edit, later, by) === 'yes';
    const soon = edit.occurredAt + deadline;
    if (undone(soon)) return conforms();
    // Said as soon as it is seen, for an exception that has ended goes from the register.
    const standing = standingExceptions(edit, given);
    const allowed = allowedByOther(edit, standing, given) === 'yes';
    const due = Math.max(soon, ...(allowed ? standing.flatMap(({ until }) => until ?? []) : []));
    if (undone(due)) return conforms();
    if (at < edit.occurredAt + patience) return notYet({ until: edit.occurredAt + patience });
    if (edit.target === null) return unknown(`which rule ${editNamed(edit)} concerned is not told`);
    if (edit.loosened === 'unknown') return unknown(`whether ${editNamed(edit)} made the rules refuse less is not told`);
    if (at < due) return notYet({ until: due });
    if (cameBack(edit, later, due) === 'unknown') return unknown(`whether all that ${editNamed(edit)} took away came back is not told`);
    const doubt = doubtOfExceptions(edit, given);
    if (doubt !== null) return unknown(doubt);
    return deviates(`${editNamed(edit)} made the rules refuse less, and nothing had made them stricter again by ${iso(due)}`);
  },
});
