import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { tokens } from '../datasets/iam/tokens.ts';
import { conforms, defineCheck, deviates, span, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const personalTokensLimited = defineCheck({
  id: 'personal-tokens-limited',
  title: 'Personal tokens end by themselves',
  version: 1,
  asserts: 'Every personal token that is allowed into a system in scope ends by itself within {longest} of being allowed in.',
  population: tokens.where(({ kind }) => kind === 'personal' || kind === 'unknown'),
  with: { scope: systems.on('systemId') },
  parameters: { longest: span('366 days', 'after it was allowed in') },

  examine({ ends, expiresAt, allowedAt }, { scope }, { longest }) {
    const out = outOfScope(scope);
    if (out) return out;
    const allowed = `was allowed in on ${iso(allowedAt)}`;
    if (ends === 'no') return deviates(`${allowed}, and never ends by itself`);
    if (ends === 'unknown' || expiresAt === null) return unknown('the source does not say whether it ends by itself');
    return expiresAt <= allowedAt + longest ? conforms() : deviates(`${allowed}, and ends only on ${iso(expiresAt)}`);
  },
});
