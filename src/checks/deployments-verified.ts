import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { deployments } from '../datasets/change/deployments.ts';
import { conforms, defineCheck, deviates, notYet, span, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const deploymentsVerified = defineCheck({
  id: 'deployments-verified',
  title: 'Every deployment to production is verified',
  version: 1,
  asserts: 'After every deployment to production that took effect, a check of the running system reported its outcome within {deadline}.',
  population: deployments.where(({ production }) => production),
  with: { scope: systems.on('systemId') },
  parameters: { deadline: span('1 hour', 'after it took effect') },

  examine({ environment, succeededAt, verification, verifiedAt }, { at, scope }, { deadline: allowed }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (succeededAt === null) return notYet({ rests: [] }); // it never took effect: told again if it does
    const deadline = succeededAt + allowed;
    if (verification !== 'none' && verifiedAt !== null && succeededAt <= verifiedAt && verifiedAt <= deadline) return conforms();
    if (verification !== 'none' && verifiedAt === null) return unknown('it is not known when, or whether, it was verified');
    if (at < deadline) return notYet({ until: deadline });
    const verified =
      verifiedAt === null
        ? 'was never verified'
        : verifiedAt < succeededAt
          ? `was verified before that, on ${iso(verifiedAt)}, and not since`
          : `was verified only on ${iso(verifiedAt)}`;
    return deviates(`took effect in ${environment} on ${iso(succeededAt)} and ${verified}`);
  },
});
