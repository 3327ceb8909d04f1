import type { Saved } from '../../app/connecting-views.ts';
import type { Asking } from './asking.ts';
import { problem } from './problem.ts';

/** A form that cannot be saved, field by field. */
export const wrong = (fields: readonly { readonly name: string; readonly says: string }[]) =>
  problem('invalid-request', fields.map(({ name, says }) => `${name}: ${says}.`).join(' '), fields);

/** Tells everybody who watches that another configuration is in force from now on. Throws a problem where nothing was written. */
export function saved({ services: { hub, workspace } }: Asking, done: Saved): { readonly digest: string; readonly restart: readonly string[] } {
  if (done.state === 'wrong') throw wrong(done.wrong);
  if (done.state === 'changed')
    throw problem('changed-meanwhile', 'tickmark.yaml is not the file any more that you have looked at: somebody else has changed it. Nothing was written.');
  hub.tell({ type: 'configuration', at: workspace.now(), permission: 'sources.read', controls: null, data: null });
  return { digest: done.digest, restart: done.restart };
}
