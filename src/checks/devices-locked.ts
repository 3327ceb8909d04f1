import { demandOfDevices, inUse } from './devices.ts';

const LONGEST = 15;

export const devicesLocked = demandOfDevices({
  id: 'devices-locked',
  title: 'Devices lock themselves',
  asserts: `Every device of the workforce that is neither lost nor retired locks itself after at most ${LONGEST} minutes without use.`,
  parameters: { longest: `${LONGEST} minutes without use` },
  of: (device) => inUse(device) && device.status !== 'lost',
  says: ({ screenLock, screenLockMinutes }) => {
    if (screenLock === 'no') return 'no';
    if (screenLockMinutes === null) return 'unknown';
    return screenLockMinutes > LONGEST ? 'no' : screenLock;
  },
  not: ({ screenLock, screenLockMinutes }) =>
    screenLock === 'no' || screenLockMinutes === null ? 'does not lock itself' : `locks itself only after ${screenLockMinutes} minutes`,
  whether: 'whether, and after how long, it locks itself',
});
