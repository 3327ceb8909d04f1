import { systems } from '../datasets/asset/systems.ts';
import { tlsEndpoints } from '../datasets/crypto/tls-endpoints.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

const CURRENT = ['TLSv1.2', 'TLSv1.3'];
const OLD = ['SSLv3', 'TLSv1', 'TLSv1.1'];

export const tlsVersionsCurrent = defineCheck({
  id: 'tls-versions-current',
  title: 'Endpoints speak current TLS only',
  version: 1,
  asserts: 'Every endpoint accepted TLS 1.2 or 1.3 and refused SSL 3, TLS 1.0 and TLS 1.1 when each was tried alone.',
  population: tlsEndpoints,
  mustExist: true,
  with: { scope: systems.on('systemId') },
  parameters: { current: 'TLS 1.2 and 1.3' },

  examine({ accepted, refused }, { scope }) {
    const out = outOfScope(scope);
    if (out) return out;
    const old = accepted.filter((version) => !CURRENT.includes(version));
    if (old.length > 0) return deviates(`accepts ${[...old].sort().join(', ')}`);
    if (CURRENT.every((version) => refused.includes(version))) return deviates('refuses TLS 1.2 and TLS 1.3');
    const untold = OLD.filter((version) => !refused.includes(version));
    if (untold.length > 0) return unknown(`it is not known whether it refuses ${untold.join(', ')}`);
    return accepted.length > 0 ? conforms() : unknown('it is not known to accept TLS 1.2 or TLS 1.3');
  },
});
