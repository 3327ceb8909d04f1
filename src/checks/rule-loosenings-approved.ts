import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';
import { allowedByOther, editNamed, LOOSENINGS, PATIENCE, PATIENCE_WORDS, standingExceptions } from './protection-edits.ts';
import { outOfScope } from './scope.ts';

export const ruleLooseningsApproved = defineCheck({
  id: 'rule-loosenings-approved',
  title: 'Branch rules are loosened only with approval',
  version: 1,
  asserts:
    'Every change after which the rules of a branch refused less had been allowed beforehand by an exception that somebody other than who made it approved.',
  ...LOOSENINGS,
  parameters: {
    register: 'exceptions, with the repository as subject, by id or by owner and name; of a rule of the whole organization, the system',
    patience: PATIENCE_WORDS,
  },

  examine(edit, { at, scope, ...given }) {
    const out = outOfScope(scope);
    if (out) return out;
    const standing = standingExceptions(edit, given);
    const allowed = allowedByOther(edit, standing, given);
    if (allowed === 'yes') return conforms();
    if (at < edit.occurredAt + PATIENCE) return notYet({ until: edit.occurredAt + PATIENCE });
    if (allowed === 'unknown') return unknown(`nobody knows who ${edit.actor} is, and so who may not approve`);
    if (edit.loosened === 'unknown') return unknown(`whether ${editNamed(edit)} made the rules refuse less is not told, and no exception allowed it`);
    const why = standing.length > 0 ? 'nobody else had approved the exception for it' : 'no exception allowed it';
    return deviates(`${editNamed(edit)} made the rules refuse less, and ${why}`);
  },
});
