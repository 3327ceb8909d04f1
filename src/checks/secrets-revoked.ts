import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { type Account, accounts } from '../datasets/people/accounts.ts';
import { secretFindings } from '../datasets/secrets/findings.ts';
import { conforms, defineCheck, deviates, notYet, span, unknown, type Verdict } from './check.ts';
import { outOfScope } from './scope.ts';

export const secretsRevoked = defineCheck({
  id: 'secrets-revoked',
  title: 'Exposed credentials are revoked within {deadline}',
  version: 2,
  asserts: 'Every credential that was found in a repository was revoked within {deadline}, or a person said that it never was one.',
  population: secretFindings,
  with: { scope: systems.on('systemId'), closers: accounts.on('userId', 'resolvedById') },
  parameters: { deadline: span('24 hours', 'after it was found') },

  examine({ systemId, status, resolution, validity, resolvedBy, detectedAt, resolvedAt }, { at, scope, closers }, { deadline: allowed }) {
    const out = outOfScope(scope);
    if (out) return out;
    const deadline = detectedAt + allowed;
    const found = `was found on ${iso(detectedAt)}`;
    const isRevoked = status === 'resolved' && resolution === 'revoked' && validity !== 'active';
    if (resolution === 'wont-fix') return deviates(`was closed by ${resolvedBy ?? 'nobody who is named'} as not to be fixed`);
    if (isRevoked && resolvedAt !== null)
      return resolvedAt <= deadline ? conforms() : deviates(`${found} and revoked only on ${iso(resolvedAt)}; it was due on ${iso(deadline)}`);
    if (status === 'resolved' && (resolution === 'false-positive' || resolution === 'used-in-tests') && validity !== 'active')
      return dismissed(
        resolvedBy,
        closers.filter((row) => row.systemId === systemId),
      );
    if (at < deadline) return validity === 'inactive' || isRevoked ? conforms({ until: deadline }) : notYet({ until: deadline });
    if (validity === 'inactive' || isRevoked) return unknown(`${found} and does not work any more, and nobody tells whether that was so by ${iso(deadline)}`);
    if (status === 'resolved' && validity === 'active') return deviates(`was closed by ${resolvedBy ?? 'nobody who is named'}, and the credential still works`);
    if (status === 'resolved' && resolution === 'deleted') return deviates(`${found} and only taken out of the code, which revokes nothing`);
    if (status === 'open') return deviates(`${found} and was not revoked by ${iso(deadline)}`);
    return unknown('it is not known how it was resolved');
  },
});

/** Only a person can say that something is no credential. Whose account is gone since is taken for one: the finding outlives it. */
function dismissed(resolvedBy: string | null, closers: readonly Account[]): Verdict {
  if (resolvedBy === null) return unknown('it is not known who said that it is no credential');
  const cites = closers.filter(({ kind }) => kind === 'service');
  if (cites.length > 0 || resolvedBy.endsWith('[bot]')) return deviates(`was closed as no credential by ${resolvedBy}, which is a machine`, { cites });
  return closers.some(({ kind }) => kind === 'shared') ? unknown(`several people share ${resolvedBy}, who said that it is no credential`) : conforms();
}
