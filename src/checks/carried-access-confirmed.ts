import { days, iso } from '../core/instant.ts';
import { grants } from '../datasets/access/grants.ts';
import { systems } from '../datasets/asset/systems.ts';
import { jobChanges } from '../datasets/hr/job-changes.ts';
import { engagements } from '../datasets/people/engagements.ts';
import { decisions } from '../datasets/review/decisions.ts';
import { conforms, defineCheck, deviates, span, unknown } from './check.ts';
import { outOfScope } from './scope.ts';
import { isKnown, TOLD } from './stated.ts';

const PATIENCE = days(TOLD);

export const carriedAccessConfirmed = defineCheck({
  id: 'carried-access-confirmed',
  title: 'Access carried into another job is confirmed',
  version: 1,
  asserts:
    'Every application or administrator role that was given to a person one by one, and is still held {deadline} after a move to other work, was decided to be kept since that move.',
  population: grants.where(({ status, via }) => status !== 'inactive' && via !== 'group'),
  with: {
    scope: systems.on('systemId'),
    holders: engagements.on('userId'),
    kept: decisions.where((it) => it.decision === 'keep' && isKnown(it)).on('userId'),
    moves: jobChanges.all(),
  },
  parameters: { deadline: span('14 days', 'after the move took effect'), patience: '8 days more until the registers must be seen to hold the decision' },

  examine({ systemId, userId, login, roleId, role, grantedAt }, { at, scope, holders, kept, moves }, { deadline }) {
    const out = outOfScope(scope);
    if (out) return out;
    const [holder] = holders.filter((account) => account.systemId === systemId);
    if (!holder || holder.personId === null)
      return moves.length === 0 || holder?.ownerId != null ? conforms() : unknown(`nobody knows whose account ${login} is, and so whether its holder moved`);
    const decided = kept.filter((it) => it.systemId === systemId && it.userId === userId && [role, roleId].includes(it.right));
    const its = moves
      .filter(({ workerId, effectiveAt }) => workerId === holder.personId && (grantedAt === null || grantedAt < effectiveAt))
      .filter(({ effectiveAt }) => !decided.some(({ decidedAt }) => decidedAt >= effectiveAt))
      .sort((a, b) => a.effectiveAt - b.effectiveAt);
    const [first] = its;
    if (!first) return conforms();
    const due = first.effectiveAt + deadline + PATIENCE;
    if (at < due) return conforms({ until: due });
    const moved = `its holder moved to ${first.toDepartment} on ${iso(first.effectiveAt)}`;
    if (grantedAt === null) return unknown(`${moved}, and the source does not say whether it was given before`);
    return deviates(`given on ${iso(grantedAt)}; ${moved}, and nobody has decided since that it is kept`, { cites: [first] });
  },
});
