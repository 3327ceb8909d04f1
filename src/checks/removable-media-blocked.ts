import { demandOfDevices, isWorkstation } from './devices.ts';

export const removableMediaBlocked = demandOfDevices({
  id: 'removable-media-blocked',
  title: 'Workstations write to no removable media',
  asserts: 'No workstation in use can write to removable media, by its own word.',
  parameters: { workstations: 'macOS, Windows and Linux, and what does not say what it runs' },
  of: isWorkstation,
  says: ({ removableMediaBlocked: blocked }) => blocked,
  not: () => 'can write to removable media',
  whether: 'whether it can write to removable media',
});
