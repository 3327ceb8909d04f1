import type { Body, Draft } from './record.ts';

/** Where a payload lies, below the state folder. */
export const blobPath = (digest: string): string => `blobs/${digest.slice(0, 2)}/${digest}`;

/** What numbers its runs together: a collector, a name, a partition. */
export const lineOf = (body: Body | Draft['body']): string => (body.kind === 'run' ? `${body.collector.id} ${body.name} ${body.partition}` : 'configuration');
