import { days, iso } from '../core/instant.ts';
import { endpointActivity } from '../datasets/asset/endpoint-activity.ts';
import { endpoints } from '../datasets/asset/endpoints.ts';
import { systems } from '../datasets/asset/systems.ts';
import { conforms, defineCheck, deviates, span, unknown } from './check.ts';
import { inUse } from './devices.ts';
import { outOfScope } from './scope.ts';

/** Activity is told by the day. */
const DAY = days(1);

export const devicesManaged = defineCheck({
  id: 'devices-managed',
  title: 'Devices are managed and report in',
  version: 1,
  asserts: 'Every device of the workforce that is neither lost nor retired is enrolled in device management and reported within {silence}.',
  population: endpoints.where(inUse),
  mustExist: true,
  with: { scope: systems.on('systemId'), activity: endpointActivity.on('deviceId') },
  parameters: { silence: span('14 days', 'after the day of the last report') },

  examine({ systemId, managed }, { at, scope, activity }, { silence }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (managed === 'no') return deviates('is not enrolled in device management');
    const [told] = activity.filter((row) => row.systemId === systemId);
    const seenAt = told?.lastSeenAt ?? null;
    if (seenAt !== null && at >= seenAt + DAY + silence) return deviates(`last reported on ${iso(seenAt)}`, told ? { cites: [told] } : {});
    const until = seenAt === null ? {} : { until: seenAt + DAY + silence };
    if (managed === 'unknown') return unknown('whether it is enrolled in device management is not told', until);
    return seenAt === null ? unknown('when it last reported is not told') : conforms(until);
  },
});
