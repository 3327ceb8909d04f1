import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { id, Moment } from './fields.ts';

const path = z
  .string()
  .max(200)
  .regex(/^\/[\w./-]*$/, 'expected the path of a page, like /families/access');
const name = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/^[^\u0000-\u001f\u007f]+$/, 'expected one line without control characters');
const search = z
  .string()
  .max(4000)
  .regex(/^[^\u0000-\u0020\u007f#<>]*$/, 'expected the query of an address, as the browser writes it');

const View = z.object({
  id: z.string(),
  page: z.string(),
  name: z.string(),
  search: z.string().describe('The query of its address, without ?'),
  shared: z.boolean().describe('Everybody who may see the page sees it too'),
  own: z.boolean(),
  by: z.string().describe('Who made it'),
  changedAt: Moment,
});

const acts = { permission: 'self', bounds: 'free', answer: 'fresh', tag: 'Views' } as const;

/** A view says how somebody looks at a page and nothing of evidence: it is no record. */
export const views = {
  list: endpoint({ ...acts, method: 'GET', path: '/views', summary: 'One’s own views, and those that are shared, by name' })
    .input(z.strictObject({ page: path.optional() }))
    .output(z.object({ views: z.array(View).readonly() })),

  save: endpoint({ ...acts, method: 'POST', path: '/views', status: 201, summary: 'Keeps how a page is looked at under a name' })
    .input(z.strictObject({ page: path, name, search }))
    .output(View),

  change: endpoint({ ...acts, method: 'PATCH', path: '/views/{id}', summary: 'Gives a view of one’s own another name, or another address' })
    .input(z.strictObject({ id, name: name.optional(), search: search.optional() }))
    .output(View),

  remove: endpoint({ ...acts, method: 'DELETE', path: '/views/{id}', summary: 'Removes a view of one’s own' })
    .input(z.strictObject({ id }))
    .output(z.object({ removed: z.literal(true) })),

  share: endpoint({
    ...acts,
    permission: 'views.share',
    method: 'POST',
    path: '/views/{id}/share',
    summary: 'Shows a view of one’s own to everybody, or takes a shared one back',
  })
    .input(z.strictObject({ id, shared: z.boolean() }))
    .output(View),
};
