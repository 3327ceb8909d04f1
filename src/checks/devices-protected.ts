import { days, iso } from '../core/instant.ts';
import { endpointActivity } from '../datasets/asset/endpoint-activity.ts';
import { endpoints } from '../datasets/asset/endpoints.ts';
import { systems } from '../datasets/asset/systems.ts';
import { conforms, defineCheck, deviates, span, unknown } from './check.ts';
import { isWorkstation, WORKSTATION_WORDS } from './devices.ts';
import { outOfScope } from './scope.ts';

/** Activity is told by the day. */
const DAY = days(1);

export const devicesProtected = defineCheck({
  id: 'devices-protected',
  title: 'Protection against malicious software runs and reports',
  version: 1,
  asserts: 'Protection against malicious software is running on every workstation in use, and reported within {silence}.',
  population: endpoints.where(isWorkstation),
  mustExist: true,
  with: { scope: systems.on('systemId'), activity: endpointActivity.on('deviceId') },
  parameters: { silence: span('7 days', 'after the day of the last report'), workstations: WORKSTATION_WORDS },

  examine({ systemId, malwareProtection }, { at, scope, activity }, { silence }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (malwareProtection === 'no') return deviates('no protection against malicious software is running');
    const [told] = activity.filter((row) => row.systemId === systemId);
    const seenAt = told?.protectionSeenAt ?? null;
    if (seenAt !== null && at >= seenAt + DAY + silence)
      return deviates(`its protection against malicious software last reported on ${iso(seenAt)}`, told ? { cites: [told] } : {});
    const until = seenAt === null ? {} : { until: seenAt + DAY + silence };
    if (malwareProtection === 'unknown') return unknown('whether protection against malicious software is running is not told', until);
    return seenAt === null ? unknown('when its protection against malicious software last reported is not told') : conforms(until);
  },
});
