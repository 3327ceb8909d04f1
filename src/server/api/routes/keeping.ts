import type { Workspace } from '../../../app/views.ts';
import { implementing, principalOf } from '../asking.ts';
import { confirmed } from '../confirmed.ts';
import { keeping as contract } from '../contract/keeping.ts';
import { notFound } from '../problem.ts';
import { spelled } from '../spelled.ts';

const endpoints = implementing(contract);
type Hold = Awaited<ReturnType<Workspace['holds']>>[number];

export const keepingRoutes = endpoints.router({
  retention: endpoints.retention.handler(async ({ context: { services } }) => {
    const { workspace } = services;
    const holds = [];
    for (const hold of await workspace.holds()) holds.push(await holdLine(workspace, hold));
    return {
      ...spelled({ asOf: workspace.now(), eras: await workspace.eras(), holds }),
      classes: Object.entries(workspace.standing.retention).map(([name, kept]) => ({ name, kept })),
      waiting: workspace.waiting(),
    };
  }),

  plan: endpoints.plan.handler(async ({ input: { era }, context: { services } }) => spelled(await services.workspace.planDisposal({ era }))),

  place: endpoints.place.handler(async ({ input: { what, reason }, context }) => {
    await confirmed(context);
    return { record: await context.services.workspace.placeHold(what, { reason, by: principalOf(context).name }) };
  }),

  release: endpoints.release.handler(async ({ input: { record, reason }, context }) => {
    await confirmed(context);
    const { workspace } = context.services;
    if (!(await workspace.holds()).some((hold) => hold.record === record)) throw notFound(`hold of record ${record}`, 'that stands');
    return { record: await workspace.releaseHold(record, { reason, by: principalOf(context).name }) };
  }),
});

/** With who placed it, and why, as its record says in confidence. */
async function holdLine(workspace: Pick<Workspace, 'sealed'>, { record, at, what }: Hold) {
  const { body } = await workspace.sealed(record);
  const { by, reason } = body.kind === 'hold' ? body : { by: null, reason: null };
  const says = 'era' in what ? what.era : 'source' in what ? `the source ${what.source}` : `records ${what.records.join(', ')}`;
  return { record, at, what, says, by, reason };
}
