import type { SavedView } from '../../../app/saved-views.ts';
import { given } from '../asked.ts';
import { type Asking, implementing, principalOf } from '../asking.ts';
import { views as contract } from '../contract/views.ts';
import { notFound } from '../problem.ts';
import { spelledMoment } from '../spelled.ts';

const endpoints = implementing(contract);

export const viewRoutes = endpoints.router({
  list: endpoints.list.handler(async ({ input: { page }, context }) => {
    const views = await context.services.workspace.savedViews.list(keeper(context), page ?? null);
    return { views: views.map((view) => told(view, context)) };
  }),

  save: endpoints.save.handler(async ({ input, context }) => told(await context.services.workspace.savedViews.save(keeper(context), input), context)),

  change: endpoints.change.handler(async ({ input: { id, ...change }, context }) =>
    told((await context.services.workspace.savedViews.change(keeper(context), id, given(change))) ?? missing(id), context),
  ),

  remove: endpoints.remove.handler(async ({ input: { id }, context }) => {
    if (!(await context.services.workspace.savedViews.remove(keeper(context), id))) missing(id);
    return { removed: true };
  }),

  share: endpoints.share.handler(async ({ input: { id, shared }, context }) =>
    told((await context.services.workspace.savedViews.share(keeper(context), id, shared)) ?? missing(id), context),
  ),
});

const keeper = (context: Asking) => {
  const { id, name } = principalOf(context);
  return { id, name };
};

const told = ({ id, page, name, search, shared, owner, ownerName, changedAt }: SavedView, context: Asking) => ({
  ...{ id, page, name, search, shared, own: owner === principalOf(context).id, by: ownerName },
  changedAt: spelledMoment(changedAt),
});

function missing(id: string): never {
  throw notFound(`view ${id}`, 'of yours');
}
