import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';
import { allowedByOther, doubtOfExceptions, editNamed, LOOSENINGS, PATIENCE, standingExceptions } from './protection-edits.ts';
import { outOfScope } from './scope.ts';

export const ruleLooseningsApproved = defineCheck({
  id: 'rule-loosenings-approved',
  title: 'Branch rules are loosened only with approval',
  version: 3,
  asserts:
    'Every change after which the rules of a branch refused less had been allowed beforehand by an exception from this control that somebody other than who made it approved.',
  ...LOOSENINGS,
  parameters: {
    register:
      'exceptions, with the repository as subject, by id or by owner and name; of a rule of the whole organization, the system; and with CM-02 or the id of the check as control',
    patience: PATIENCE,
  },

  examine(edit, { at, scope, ...given }, { patience }) {
    const out = outOfScope(scope);
    if (out) return out;
    const standing = standingExceptions(edit, given);
    const allowed = allowedByOther(edit, standing, given);
    if (allowed === 'yes') return conforms();
    if (at < edit.occurredAt + patience) return notYet({ until: edit.occurredAt + patience });
    if (allowed === 'unknown') return unknown(`nobody knows who ${edit.actor} is, and so who may not approve`);
    const doubt = doubtOfExceptions(edit, given);
    if (doubt !== null) return unknown(doubt);
    if (edit.loosened === 'unknown') return unknown(`whether ${editNamed(edit)} made the rules refuse less is not told, and no exception allowed it`);
    const why = standing.length > 0 ? 'nobody else had approved the exception for it' : 'no exception allowed it';
    return deviates(`${editNamed(edit)} made the rules refuse less, and ${why}`);
  },
});
