import { hours, iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { secretFindings } from '../datasets/secrets/findings.ts';
import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

const DEADLINE = hours(24);

export const secretsRevoked = defineCheck({
  id: 'secrets-revoked',
  title: 'Exposed credentials are revoked within a day',
  version: 1,
  asserts: 'Every credential that was found in a repository was revoked within 24 hours, or somebody said that it never was one.',
  population: secretFindings,
  with: { scope: systems.on('systemId') },
  parameters: { deadline: '24 hours after it was found' },

  examine({ status, resolution, validity, resolvedBy, detectedAt }, { at, scope }) {
    const out = outOfScope(scope);
    if (out) return out;
    const deadline = detectedAt + DEADLINE;
    if (resolution === 'wont-fix') return deviates(`was closed by ${resolvedBy ?? 'nobody who is named'} as not to be fixed`);
    if (validity === 'inactive' || (status === 'resolved' && resolution === 'revoked' && validity !== 'active')) return conforms();
    if (status === 'resolved' && (resolution === 'false-positive' || resolution === 'used-in-tests') && validity !== 'active')
      return resolvedBy === null ? unknown('it is not known who said that it is no credential') : conforms();
    if (at < deadline) return notYet({ until: deadline });
    if (status === 'resolved' && validity === 'active') return deviates(`was closed by ${resolvedBy ?? 'nobody who is named'}, and the credential still works`);
    if (status === 'open') return deviates(`was found on ${iso(detectedAt)} and was not revoked by ${iso(deadline)}`);
    return unknown('it is not known how it was resolved');
  },
});
