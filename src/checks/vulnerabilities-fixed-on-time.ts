import { days, type Duration, iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { type Vulnerability, vulnerabilities } from '../datasets/vulnerability/findings.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

const DEADLINES: Readonly<Partial<Record<Vulnerability['severity'], Duration>>> = { critical: days(7), high: days(30), medium: days(90), low: days(180) };

export const vulnerabilitiesFixedOnTime = defineCheck({
  id: 'vulnerabilities-fixed-on-time',
  title: 'Vulnerabilities are dealt with in time',
  version: 1,
  asserts: 'Every weakness that a scanner found was fixed, or dismissed by a person, within the deadline for its severity, or is still inside it.',
  population: vulnerabilities.where(
    ({ status, severity }) => (status === 'open' || status === 'fixed' || status === 'dismissed') && severity !== 'informational',
  ),
  with: { scope: systems.on('systemId') },
  parameters: { critical: '7 days', high: '30 days', medium: '90 days', low: '180 days' },

  examine({ severity, status, firstSeenAt, fixedAt, dismissedAt }, { at, scope }) {
    const out = outOfScope(scope);
    if (out) return out;
    const deadline = DEADLINES[severity];
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
