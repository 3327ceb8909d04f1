import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { Checkpoint, Moment, Next, page, period, record, skip } from './fields.ts';

const OUTCOMES = ['success', 'failure', 'skip', 'configuration', 'disposal', 'hold', 'key', 'draw', 'attestation', 'act'] as const;

const Line = z.object({ index: z.int(), title: z.string(), outcome: z.enum(OUTCOMES), sealedAt: Moment, reason: z.string().nullable() });

const Subject = z.object({
  name: z.string(),
  sha256: z.string().describe('Of the bytes as the source said them'),
  mediaType: z.string(),
  request: z.object({ method: z.string(), url: z.string(), body: z.string().nullable() }),
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  startedAt: z.number().describe('Milliseconds, as it was signed'),
  finishedAt: z.number().describe('Milliseconds, as it was signed'),
  digest: z.string().describe('Of the ciphertext'),
  size: z.int(),
  era: z.string(),
});

const Inclusion = z.object({ index: z.int(), leafHash: z.string(), hashes: z.array(z.string()).readonly(), checkpoint: Checkpoint });

const Whole = z.object({
  index: z.int(),
  digest: z.string().describe('SHA-256 of the signed envelope: what the record is known by'),
  sealedAt: Moment,
  demo: z.boolean(),
  seq: z.int(),
  body: z.record(z.string(), z.unknown()).describe('What it says, as it was signed: instants are milliseconds'),
  artifacts: z.array(Subject).readonly(),
  rows: z.record(z.string(), z.int()).nullable(),
  unreadable: z.string().nullable(),
  disposed: z.object({ by: z.int(), at: Moment }).nullable(),
  afterCheckpoint: z.object({ size: z.int(), root: z.string() }),
  included: z.boolean(),
  inclusion: Inclusion.extend({ note: z.string().describe('The signed checkpoint') }),
});

const index = record;
const name = z.string().min(1).max(300).describe('As the record names it; percent-encoded in the address');
const reads = { permission: 'evidence.read', bounds: 'clipped', answer: 'kept', method: 'GET', tag: 'Records' } as const;
const file = { ...reads, answer: 'stream' } as const;

export const records = {
  list: endpoint({
    ...reads,
    path: '/records',
    summary: 'Records, the newest first',
    description: 'With a filter a page may hold fewer than asked though there are more: so many are looked at at most. `next` tells.',
  })
    .input(
      z.strictObject({
        outcome: z.enum(OUTCOMES).optional(),
        text: z.string().min(1).max(200).optional().describe('Somewhere in the title or the reason, whatever the case'),
        period: period.optional().describe('Sealed in it'),
        ...page,
        skip: skip.describe('So many records before the first: with `size` of the first answer, without a cursor, and where `count` is told'),
        size: record.optional().describe('Of the log as it was when it held so many records'),
      }),
    )
    .output(
      z.object({
        records: z.array(Line).readonly(),
        count: z.int().nullable().describe('null where that is known once all of them are read: with a text, and within the bounds of an audit'),
        size: z.int().nullable().describe('How many records the log held; null where `count` is'),
        next: Next,
      }),
    ),

  read: endpoint({ ...reads, path: '/records/{index}', summary: 'One record: what was asked and answered, and the proof that it is in the log' })
    .input(z.strictObject({ index }))
    .output(Whole),

  envelope: endpoint({
    ...file,
    path: '/records/{index}/envelope',
    summary: 'The envelope as it was signed (DSSE)',
    gives: { types: ['application/json'], says: 'Byte for byte: its SHA-256 is the digest of the record' },
  }).input(z.strictObject({ index })),

  leaf: endpoint({ ...reads, path: '/records/{index}/leaf', summary: 'The bytes that the leaf is the hash of, so that a browser can verify it' })
    .input(z.strictObject({ index }))
    .output(z.object({ index: z.int(), leaf: z.string().describe('Base64; the leaf hash is SHA-256 of a zero byte and these') })),

  proof: endpoint({
    ...file,
    path: '/records/{index}/proof',
    summary: 'That it is in the log, in one file (C2SP tlog-proof)',
    gives: { types: ['text/plain'], says: 'A .tlog-proof file' },
  }).input(z.strictObject({ index })),

  sigstore: endpoint({
    ...file,
    path: '/records/{index}/sigstore',
    summary: 'The record and its proof as a Sigstore bundle',
    gives: { types: ['application/json'], says: 'A Sigstore bundle' },
  }).input(z.strictObject({ index })),

  artifact: endpoint({
    ...file,
    path: '/records/{index}/artifacts/{name}',
    summary: 'The bytes of one artifact, as the source said them',
    gives: { types: ['application/octet-stream'], says: 'Byte for byte: their SHA-256 is what the record says' },
  }).input(z.strictObject({ index, name })),

  artifactAsJson: endpoint({ ...reads, path: '/records/{index}/artifacts/{name}/json', summary: 'One artifact, read: as JSON where it is, else as text' })
    .input(z.strictObject({ index, name }))
    .output(
      z.object({
        artifact: Subject,
        json: z.unknown().describe('null where it is not JSON'),
        text: z.string().nullable().describe('null where it is JSON, or not text'),
      }),
    ),
};
