import { minutes } from '../core/instant.ts';
import { endpoints } from '../datasets/asset/endpoints.ts';
import { systems } from '../datasets/asset/systems.ts';
import { conforms, defineCheck, deviates, span, unknown } from './check.ts';
import { inUse } from './devices.ts';
import { outOfScope } from './scope.ts';

export const devicesLocked = defineCheck({
  id: 'devices-locked',
  title: 'Devices lock themselves',
  version: 1,
  asserts: 'Every device of the workforce that is neither lost nor retired locks itself after at most {longest} without use.',
  population: endpoints.where(inUse),
  mustExist: true,
  with: { scope: systems.on('systemId') },
  parameters: { longest: span('15 minutes', 'without use') },

  examine({ screenLock, screenLockMinutes }, { scope }, { longest }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (screenLock === 'no') return deviates('does not lock itself');
    if (screenLockMinutes !== null && minutes(screenLockMinutes) > longest) return deviates(`locks itself only after ${screenLockMinutes} minutes`);
    if (screenLock === 'yes' && screenLockMinutes !== null) return conforms();
    return unknown('whether, and after how long, it locks itself is not told by the device');
  },
});
