import { demandOfDevices, inUse } from './devices.ts';

export const devicesSupported = demandOfDevices({
  id: 'devices-supported',
  title: 'Devices run systems that are still mended',
  asserts: 'Every device of the workforce that is neither lost nor retired runs a version of its operating system that its maker still mends.',
  of: inUse,
  says: ({ osSupported }) => osSupported,
  not: ({ platform, osVersion }) => `runs ${platform}${osVersion === null ? '' : ` ${osVersion}`}, which is no longer mended`,
  whether: 'whether its operating system is still mended',
});
