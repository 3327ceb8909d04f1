import { implementing } from '../asking.ts';
import { log as contract } from '../contract/log.ts';
import { spelled } from '../spelled.ts';

const endpoints = implementing(contract);

export const logRoutes = endpoints.router({
  checkpoint: endpoints.checkpoint.handler(({ context: { services } }) => services.workspace.note()),

  status: endpoints.status.handler(async ({ context: { services } }) => {
    const { verifierKey, checkpoint, sealedAt, attended } = await services.workspace.logStatus();
    const { running, last } = await services.workspace.scrubbed();
    const scrubbed = running ?? last;
    const { quorum, witnessed, timestamped, standings, complaints } = attended;
    return {
      ...spelled({ verifierKey, checkpoint, sealedAt, quorum, witnessed, timestamped, anchors: standings, complaints }),
      scrubbed: scrubbed && { position: scrubbed.position, size: scrubbed.size, problems: scrubbed.problems.length },
    };
  }),

  inclusion: endpoints.inclusion.handler(({ input: { index, size }, context: { services } }) => services.workspace.inclusion(index, size)),

  consistency: endpoints.consistency.handler(({ input: { from, to }, context: { services } }) => services.workspace.consistency(from, to)),
});
