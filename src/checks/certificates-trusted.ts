import { systems } from '../datasets/asset/systems.ts';
import { tlsEndpoints } from '../datasets/crypto/tls-endpoints.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const certificatesTrusted = defineCheck({
  id: 'certificates-trusted',
  title: 'Served certificates are trusted and hold the name',
  version: 1,
  asserts: 'Every endpoint served a chain that leads to a trusted root, and a certificate that holds the name that was asked for.',
  population: tlsEndpoints,
  mustExist: true,
  with: { scope: systems.on('systemId') },

  examine({ host, chainTrusted, chainProblem, nameMatches }, { scope }) {
    const out = outOfScope(scope);
    if (out) return out;
    const wrong = [
      ...(chainTrusted === 'no' ? [`the chain is not trusted: ${chainProblem ?? 'for a reason that is not known'}`] : []),
      ...(nameMatches === 'no' ? [`the certificate does not hold the name ${host}`] : []),
    ];
    if (wrong.length > 0) return deviates(wrong.join('; '));
    if (chainTrusted === 'yes' && nameMatches === 'yes') return conforms();
    return unknown(`its certificate is not known${chainProblem === null ? '' : `: ${chainProblem}`}`);
  },
});
