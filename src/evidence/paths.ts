import type { Body, Draft } from './record.ts';

/** Where a payload lies, below the state folder. */
export const blobPath = (digest: string): string => `blobs/${digest.slice(0, 2)}/${digest}`;

/** The checkpoint that is committed: what a batch must find as it was read, and replaces. */
export const LOCK = 'log/.state/lock';
/** Batches on their way, by the name of their checkpoint. */
export const STAGING = 'log/.state/staging';

/** Who signs a statement: a collector, or the workspace itself. */
export const signerOf = (body: Body | Draft['body']): string => (body.kind === 'run' ? body.collector.id : 'workspace');

/** What numbers its runs together: a collector, a name, a partition. */
export const lineOf = (body: Body | Draft['body']): string => (body.kind === 'run' ? `${body.collector.id} ${body.name} ${body.partition}` : 'configuration');
