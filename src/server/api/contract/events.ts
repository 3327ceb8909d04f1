import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { Checkpoint, Ids, Moment } from './fields.ts';

const Event = z.object({
  type: z
    .string()
    .describe(
      '`posture`: something stands otherwise; `asked`: how far a run has come; `run`: a source was asked; `collection`, `job`: how it goes on with what somebody asked for; `configuration`; `alert`; `statement`: somebody stated, approved or took back something; `heartbeat`; `reset`: ask anew for all that you show',
    ),
  at: Moment,
  controls: Ids.nullable().describe('That it is about; null: it is not about controls'),
  checkpoint: Checkpoint.nullable().describe('Of a heartbeat'),
  data: z.unknown(),
});

export const events = {
  listen: endpoint({
    permission: 'posture.read',
    bounds: 'clipped',
    answer: 'stream',
    method: 'GET',
    path: '/events',
    tag: 'Events',
    summary: 'What happens, as it happens (server-sent events)',
    description:
      'Only what who asks may read. Each event has an id: come back with Last-Event-ID, and what was missed comes first; where that is not remembered any more, `reset` comes. A heartbeat comes with the first answer and every 15 seconds. It ends when the session does.',
  })
    .input(z.strictObject({}))
    .output(eventIterator(Event)),
};
