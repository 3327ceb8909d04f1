import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { maybeAt, systemId, text } from '../fields.ts';

export const EndpointActivity = z.object({
  systemId,
  deviceId: text('Id of the device in the tool that manages it'),
  lastSeenAt: maybeAt('Start of the day (UTC) on which it last reported to the tool that manages it; null where it never did or the source does not say'),
  protectionSeenAt: maybeAt('Start of the day (UTC) on which its protection against malicious software last reported'),
});
export type EndpointActivity = z.infer<typeof EndpointActivity>;

/** Apart from the device itself, or each day would end the interval of every device. */
export const endpointActivity = defineDataset<EndpointActivity>({
  id: 'asset.endpoint-activity',
  title: 'On which day one device was last heard of',
  row: EndpointActivity,
  key: ({ deviceId }) => deviceId,
  label: ({ deviceId, systemId: system }) => `last report of ${deviceId} in ${system}`,
  freshness: hours(36),
});
