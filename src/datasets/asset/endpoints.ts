import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { list, maybeAt, maybeCount, maybeText, said, systemId, text } from '../fields.ts';

export const Endpoint = z.object({
  systemId,
  deviceId: text('Id of the device in the tool that manages it'),
  name: text('Name of the device'),
  serial: maybeText('Serial number of the hardware'),
  platform: z.enum(['macos', 'windows', 'linux', 'ios', 'android', 'chromeos', 'other', 'unknown']).describe('Operating system'),
  osVersion: maybeText('Its version, as the device reports it'),
  userEmails: list('Addresses of the people it is assigned to, lower case; empty where it is nobody’s'),
  status: z.enum(['active', 'lost', 'retired', 'unknown']).describe('State'),
  managed: said('It is enrolled in device management'),
  diskEncrypted: said('All of its disk is encrypted, by the device’s own word'),
  screenLock: said('It locks itself when nobody uses it'),
  screenLockMinutes: maybeCount('After so many idle minutes it has locked at the latest; null where the source does not say'),
  osSupported: said('The maker of the operating system still mends this version'),
  malwareProtection: said('Protection against malicious software is running'),
  removableMediaBlocked: said('Nothing can be written to removable media'),
  policiesMet: said('It meets every policy of the tool that manages it'),
  policiesFailed: list('Those policies it does not meet, by name'),
  enrolledAt: maybeAt('When it was enrolled'),
  retiredAt: maybeAt('When it was retired'),
});
export type Endpoint = z.infer<typeof Endpoint>;

export const endpoints = defineDataset<Endpoint>({
  id: 'asset.endpoints',
  title: 'One laptop or other device of the workforce, with what it reports of itself',
  row: Endpoint,
  key: ({ deviceId }) => deviceId,
  label: ({ name, systemId: system }) => `${name} in ${system}`,
  freshness: hours(36),
});
