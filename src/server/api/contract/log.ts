import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { Checkpoint, Moment, record } from './fields.ts';

const Tree = z.object({ size: z.int(), root: z.string().describe('Base64') });
const Hashes = z.array(z.string()).readonly().describe('Base64');
const size = record.describe('Records; the newest log unless said');

const Anchor = z.object({
  kind: z.enum(['witness', 'authority']),
  name: z.string(),
  url: z.string(),
  current: z.boolean().describe('It confirmed the newest checkpoint'),
  newest: z.object({ size: z.int(), at: Moment }).nullable(),
  ahead: z.number().nullable().describe('Our clock less theirs, milliseconds'),
  trouble: z.object({ since: Moment, code: z.string(), says: z.string() }).nullable(),
});

const reads = { permission: 'evidence.read', bounds: 'free', answer: 'fresh', method: 'GET', tag: 'Log' } as const;

export const log = {
  checkpoint: endpoint({ ...reads, path: '/log/checkpoint', summary: 'The newest signed checkpoint, and the key that signs it' })
    .input(z.strictObject({}))
    .output(z.object({ checkpoint: Checkpoint, note: z.string().describe('c2sp.org/tlog-checkpoint, byte for byte'), verifierKey: z.string() })),

  status: endpoint({ ...reads, path: '/log/status', summary: 'Where the log stands, who outside has confirmed it, and what its last reading again found' })
    .input(z.strictObject({}))
    .output(
      z.object({
        checkpoint: Checkpoint,
        verifierKey: z.string(),
        sealedAt: Moment.nullable(),
        quorum: z.int(),
        witnessed: z.boolean(),
        timestamped: z.boolean(),
        anchors: z.array(Anchor).readonly(),
        complaints: z.array(z.object({ code: z.string(), says: z.string(), grave: z.boolean() })).readonly(),
        scrubbed: z
          .object({ position: z.int(), size: z.int(), problems: z.int() })
          .nullable()
          .describe('The reading again that runs, or the last; null before the first'),
      }),
    ),

  inclusion: endpoint({
    ...reads,
    path: '/log/inclusion/{index}',
    summary: 'That a record is in a log of some size: hashes from the leaf to the root',
    description: 'RFC 6962 section 2.1.1. With /records/{index}/leaf and /log/checkpoint a browser verifies it without the tiles.',
  })
    .input(z.strictObject({ index: record, size: size.optional() }))
    .output(z.object({ index: z.int(), leafHash: z.string(), hashes: Hashes, checkpoint: Checkpoint })),

  consistency: endpoint({
    ...reads,
    path: '/log/consistency',
    summary: 'That an earlier log is the beginning of a later one',
    description: 'RFC 6962 section 2.1.2.',
  })
    .input(z.strictObject({ from: record.describe('Records of the earlier'), to: size.optional() }))
    .output(z.object({ from: Tree, to: Tree, hashes: Hashes })),
};
