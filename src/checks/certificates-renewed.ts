import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { certificates } from '../datasets/crypto/certificates.ts';
import { conforms, defineCheck, deviates, span } from './check.ts';
import { outOfScope } from './scope.ts';

/** Of certificates that live for weeks: what is renewed at a third of its life left has time to fail and be repaired. */
const SHARE = 5;

export const certificatesRenewed = defineCheck({
  id: 'certificates-renewed',
  title: 'Certificates are renewed before they expire',
  version: 1,
  asserts: 'Every certificate that an endpoint served was valid and was replaced {lead} before its end, or with a fifth of its life left where that is less.',
  population: certificates.where(({ role }) => role === 'leaf'),
  mustExist: true,
  with: { scope: systems.on('systemId') },
  parameters: { lead: span('14 days', 'or a fifth of its life where that is less') },

  examine({ notBefore, notAfter }, { at, scope }, { lead }) {
    const out = outOfScope(scope);
    if (out) return out;
    const due = notAfter - Math.min(lead, Math.max(0, Math.floor((notAfter - notBefore) / SHARE)));
    if (at >= notAfter) return deviates(`expired on ${iso(notAfter)}`);
    if (at < notBefore) return deviates(`is not valid before ${iso(notBefore)}`, { until: notBefore });
    if (at >= due) return deviates(`expires on ${iso(notAfter)} and should have been replaced by ${iso(due)}`, { until: notAfter });
    return conforms({ until: due });
  },
});
