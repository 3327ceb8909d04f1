import { z } from 'zod';
import { days } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { maybeCount, maybeText, systemId, text } from '../fields.ts';

export const Resource = z.object({
  systemId,
  resourceId: text('Where it is declared and its address'),
  origin: z.enum(['code', 'state', 'plan']).describe('Told by code, by the state after an apply, or by a plan'),
  address: text('Address, modules included'),
  mode: z.enum(['managed', 'data', 'module']).describe('Made by this code, only read by it, or a call of a module, whose own resources the code does not show'),
  type: text('Type'),
  name: text('Name'),
  module: maybeText('Folder within the code, or call of a module by the root module, that holds it'),
  state: maybeText(
    'Name of the state that tells of it; of code in the folder that is configured, the one that it is applied to, where the configuration says so. Null of what lies below it',
  ),
  attributes: text('Attributes as canonical JSON; what is not a literal is {"$expression": its source text}; what is sensitive is {"$sensitive": true}'),
  file: maybeText('File within the repository'),
  firstLine: maybeCount('First line'),
  lastLine: maybeCount('Last line'),
  commit: maybeText('Commit that was read'),
});
export type Resource = z.infer<typeof Resource>;

export const resources = defineDataset<Resource>({
  id: 'config.resources',
  title: 'One resource as the code or the state of the infrastructure declares it',
  row: Resource,
  key: ({ resourceId }) => resourceId,
  label: ({ address, file }) => (file === null ? address : `${address} (${file})`),
  freshness: days(11),
});
