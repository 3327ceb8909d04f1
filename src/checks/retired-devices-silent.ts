import { iso } from '../core/instant.ts';
import { endpointActivity } from '../datasets/asset/endpoint-activity.ts';
import { endpoints } from '../datasets/asset/endpoints.ts';
import { systems } from '../datasets/asset/systems.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const retiredDevicesSilent = defineCheck({
  id: 'retired-devices-silent',
  title: 'Retired devices are out of use',
  version: 1,
  asserts: 'No device that was retired reported on a later day.',
  population: endpoints.where(({ status }) => status === 'retired'),
  with: { scope: systems.on('systemId'), activity: endpointActivity.on('deviceId') },

  examine({ systemId, retiredAt }, { scope, activity }) {
    const out = outOfScope(scope);
    if (out) return out;
    const [told] = activity.filter((row) => row.systemId === systemId);
    const seenAt = told?.lastSeenAt ?? null;
    if (!told || seenAt === null) return unknown('when it last reported is not told');
    if (retiredAt === null) return unknown('when it was retired is not told');
    return seenAt > retiredAt ? deviates(`was retired on ${iso(retiredAt)} and reported on ${iso(seenAt)}`, { cites: [told] }) : conforms();
  },
});
