import type { Then, Workspace } from '../app/views.ts';

/** What an answer rests on, for machines: the log, the code and the catalogue that it was made with, and `knownAt`, the record of `--as-known-at`. */
export async function restsOn(workspace: Pick<Workspace, 'rests'>, then: Then | undefined) {
  const { checkpoint, catalog, code } = await workspace.rests(then);
  const { origin, size, root } = checkpoint;
  return { checkpoint: { origin, size, root }, catalog, code, knownAt: then?.record ?? null };
}
