import { systems } from '../datasets/asset/systems.ts';
import { tlsEndpoints } from '../datasets/crypto/tls-endpoints.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const weakCiphersRefused = defineCheck({
  id: 'weak-ciphers-refused',
  title: 'Endpoints refuse weak ciphers',
  version: 1,
  asserts: 'No endpoint accepted a cipher without encryption, certificate or forward secrecy, or with RC4, DES, 3DES, IDEA, SEED or export keys.',
  population: tlsEndpoints,
  mustExist: true,
  with: { scope: systems.on('systemId') },

  examine({ weakCiphers, notExamined }, { scope }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (weakCiphers.length > 0) return deviates(`accepts ${[...weakCiphers].sort().join(', ')}`);
    const untold = notExamined.filter((what) => what.startsWith('weak ciphers'));
    return untold.length > 0 ? unknown(`nothing is known of the ${[...untold].sort().join(', ')}`) : conforms();
  },
});
