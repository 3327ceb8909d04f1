import { demandOfDevices, isWorkstation, WORKSTATION_WORDS } from './devices.ts';

export const removableMediaBlocked = demandOfDevices({
  id: 'removable-media-blocked',
  title: 'Workstations write to no removable media',
  asserts: 'No workstation in use can write to removable media, by its own word.',
  parameters: { workstations: WORKSTATION_WORDS },
  of: isWorkstation,
  says: ({ removableMediaBlocked: blocked }) => blocked,
  not: () => 'can write to removable media',
  whether: 'whether it can write to removable media',
});
