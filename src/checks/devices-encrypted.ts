import { demandOfDevices } from './devices.ts';

export const devicesEncrypted = demandOfDevices({
  id: 'devices-encrypted',
  title: 'The disks of devices are encrypted',
  asserts: 'All of the disk of every device of the workforce that is not retired is encrypted, by the device’s own word.',
  of: ({ status }) => status !== 'retired',
  says: ({ diskEncrypted }) => diskEncrypted,
  not: () => 'its disk is not encrypted',
  whether: 'whether its disk is encrypted',
});
