import type { Payload } from './statement.ts';

/** The checkpoint that is committed: what a batch must find as it was read, and replaces. */
export const LOCK = 'log/.state/lock';
/** Batches on their way, by the name of their checkpoint. */
export const STAGING = 'log/.state/staging';

/** Where a payload lies, below the state folder: in its pack, or in a file of its own. */
export function payloadPath({ digest, place }: Pick<Payload, 'digest' | 'place'>): string {
  return place.pack === null ? `payloads/${digest.slice(0, 2)}/${digest}.enc` : `packs/${place.pack.slice(0, 2)}/${place.pack}`;
}
