import { type Duration, iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { type Vulnerability, vulnerabilities } from '../datasets/vulnerability/findings.ts';
import { conforms, defineCheck, deviates, span, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const vulnerabilitiesFixedOnTime = defineCheck({
  id: 'vulnerabilities-fixed-on-time',
  title: 'Vulnerabilities are dealt with in time',
  version: 1,
  asserts: 'Every weakness that a scanner found was fixed, or dismissed by a person, within the deadline for its severity, or is still inside it.',
  population: vulnerabilities.where(
    ({ status, severity }) => (status === 'open' || status === 'fixed' || status === 'dismissed') && severity !== 'informational',
  ),
  with: { scope: systems.on('systemId') },
  parameters: { critical: span('7 days'), high: span('30 days'), medium: span('90 days'), low: span('180 days') },

  examine({ severity, status, firstSeenAt, fixedAt, dismissedAt }, { at, scope }, deadlines: Readonly<Partial<Record<Vulnerability['severity'], Duration>>>) {
    const out = outOfScope(scope);
    if (out) return out;
    const deadline = deadlines[severity];
    if (deadline === undefined) return unknown('the tool gives no severity, so there is no deadline to hold it to');
    if (firstSeenAt === null) return unknown('nobody tells when it was first seen');
    const due = firstSeenAt + deadline;
    const ended = status === 'fixed' ? fixedAt : status === 'dismissed' ? dismissedAt : null;
    if (ended !== null)
      return ended <= due ? conforms() : deviates(`was first seen on ${iso(firstSeenAt)}, due on ${iso(due)}, and ${status} on ${iso(ended)}`);
    if (at < due) return conforms({ until: due });
    if (status === 'open') return deviates(`is open; it was first seen on ${iso(firstSeenAt)} and due on ${iso(due)}`);
    return unknown(`is ${status}, and nobody tells since when; it was due on ${iso(due)}`);
  },
});
