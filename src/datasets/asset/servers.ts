import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { maybeAt, said, systemId, text } from '../fields.ts';

export const Server = z.object({
  systemId,
  serverId: text('Id of the server in the system that tells of it'),
  name: text('Name'),
  environment: z.enum(['production', 'nonproduction', 'unknown']).describe('What it is for'),
  protection: said('Protection against malicious software is running on it'),
  replaced: said('It is never changed: another one, from a new image, takes its place'),
  startedAt: maybeAt('Since when it runs, as the source tells it'),
});
export type Server = z.infer<typeof Server>;

export const servers = defineDataset<Server>({
  id: 'asset.servers',
  title: 'One server or other machine that runs what the company offers, with whether it is protected',
  row: Server,
  key: ({ serverId }) => serverId,
  label: ({ name, systemId: system }) => `${name} in ${system}`,
  freshness: hours(36),
});
