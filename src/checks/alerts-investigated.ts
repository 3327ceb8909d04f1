import { iso } from '../core/instant.ts';
import { alertEvents } from '../datasets/alert/events.ts';
import { conforms, defineCheck, deviates, notYet, span, unknown } from './check.ts';

export const alertsInvestigated = defineCheck({
  id: 'alerts-investigated',
  title: 'Alerts end with what somebody found out',
  version: 1,
  asserts: 'Every alert of medium or higher severity was concluded by a person, with what they found written down, within {concludeWithin} of being raised.',
  population: alertEvents.where(({ severity }) => severity !== 'low'),
  parameters: { concludeWithin: span('72 hours', 'of being raised') },

  examine({ severity, told, firedAt, resolvedAt, conclusion, investigation }, { at }, { concludeWithin }) {
    if (severity === 'unknown') return unknown('its source does not say how urgent it is');
    if (!told.includes('conclusion') || conclusion === 'unknown') return unknown('its source does not tell what was found out');
    const deadline = firedAt + concludeWithin;
    const concluded = conclusion !== 'none' && conclusion !== 'auto_resolved';
    if (concluded && investigation !== null && resolvedAt !== null && resolvedAt <= deadline) return conforms();
    if (at < deadline) return notYet({ until: deadline });
    return deviates(`raised as ${severity} on ${iso(firedAt)} and ${how(concluded, investigation, resolvedAt)}`);
  },
});

function how(concluded: boolean, investigation: string | null, resolvedAt: number | null): string {
  if (resolvedAt === null) return 'never concluded';
  if (!concluded) return `ended on ${iso(resolvedAt)} without anybody saying why`;
  return investigation === null ? `concluded on ${iso(resolvedAt)} without a word of what was found` : `concluded only on ${iso(resolvedAt)}`;
}
