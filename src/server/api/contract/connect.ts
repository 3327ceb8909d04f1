import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { Ids } from './fields.ts';

const word = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[a-z0-9-]+$/, 'expected lower-case letters, digits and hyphens');
const source = { vendor: word.describe('Of the collector github/organization: github'), kind: word.describe('organization'), name: word };
const digest = z.string().min(1).max(64).describe('Of the configuration that was looked at: of another one nothing is written');

const Editing = z.object({
  digest: z.string().describe('Of tickmark.yaml as it stands'),
  refused: z.string().nullable().describe('Why it may not be changed from here'),
});
const Right = z.object({ right: z.string(), why: z.string() });

const Collector = z.object({
  id: z.string(),
  title: z.string(),
  transport: z.string(),
  every: z.string().describe('How often it is asked unless said otherwise'),
  feeds: Ids.describe('Datasets that it can tell of'),
  checks: Ids.describe('Checks that read one of them'),
  controls: Ids,
  criteria: Ids,
  schema: z.record(z.string(), z.unknown()).describe('JSON Schema of its configuration'),
  hosts: Ids.describe('Where it asks; empty where the configuration says'),
  credentials: z.record(z.string(), z.string()).describe('By name what each is'),
  policy: z
    .object({ Version: z.string(), Statement: z.array(z.unknown()).readonly() })
    .nullable()
    .describe('Of AWS: the IAM policy document'),
  rights: z.array(Right).readonly().describe('The least that its credential needs'),
  cannotTell: z.array(z.string()).readonly(),
  connected: Ids.describe('Names of its sources that are asked'),
});

const filled = {
  collector: z
    .string()
    .max(200)
    .regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, 'expected a collector, like github/organization'),
  name: z.string().min(1).max(63).describe('Your own name for the source: main'),
  config: z.record(z.string().max(100), z.unknown()).describe('What the collector needs to know, by its schema'),
  endpoint: z.string().max(500).nullable().default(null).describe('Replaces the address of the vendor'),
  every: z.string().max(10).nullable().default(null).describe('12h, 1d; as is usual unless said'),
  credentials: z
    .record(z.string().max(100), z.string().max(20_000))
    .default({})
    .describe('Typed in: encrypted at once, never shown again. What is left out stays as it is'),
  chain: z.boolean().default(false).describe('The vendor’s own chain of credentials, as whoever runs the server has set it up (AWS)'),
};

const Call = z.object({
  method: z.string(),
  url: z.string(),
  status: z.int().nullable().describe('null: there was no answer'),
  items: z.int().nullable().describe('Entries, where the answer is a list'),
  bytes: z.int(),
  took: z.int().describe('Milliseconds'),
  says: z.string().nullable().describe('What a refusal says'),
});
const Trial = z.object({
  outcome: z.enum(['complete', 'stopped', 'refused']),
  says: z.string(),
  missing: z.array(Right).readonly().describe('Rights of which one is probably missing'),
  calls: z.array(Call).readonly(),
  askedAs: z.string().nullable(),
  answeredBy: z.string().nullable(),
  granted: z.array(z.string()).readonly().nullable(),
  rows: z
    .array(z.object({ dataset: z.string(), rows: z.int() }))
    .readonly()
    .describe('What a run would tell of now'),
});

const Saved = z.object({
  digest: z.string(),
  restart: Ids.describe('Settings that have changed in the file too, and are taken up when the server begins anew'),
});

const writes = { permission: 'sources.write', bounds: 'refused', answer: 'fresh', tag: 'Sources' } as const;

export const connect = {
  collectors: endpoint({
    ...{ permission: 'sources.read', bounds: 'free', answer: 'fresh', method: 'GET', tag: 'Sources' },
    path: '/collectors',
    summary: 'Every collector: what it tells of, which criteria that answers, what it asks for, and the least that it needs',
  })
    .input(z.strictObject({}))
    .output(z.object({ collectors: z.array(Collector).readonly(), editing: Editing })),

  trial: endpoint({
    ...writes,
    method: 'POST',
    path: '/sources/trial',
    summary: 'Asks a source that is not saved yet, within bounds, and seals nothing of what it answers',
    description:
      'At most 150 requests and 25 seconds, to public addresses and to networks that whoever runs the server allows (TICKMARK_SOURCE_NETWORKS). Tells each request and what came of it; never a credential.',
  })
    .input(z.strictObject(filled))
    .output(Trial),

  form: endpoint({
    ...writes,
    method: 'GET',
    path: '/sources/{vendor}/{kind}/{name}/form',
    summary: 'A source as it stands in the configuration, to be changed: which credentials there are, and never what they are',
  })
    .input(z.strictObject(source))
    .output(
      z.object({
        config: z.record(z.string(), z.unknown()),
        endpoint: z.string().nullable(),
        every: z.string().nullable(),
        chain: z.boolean(),
        credentials: z.record(z.string(), z.string()).describe('By name the reference: kept, env:NAME, file:PATH'),
        digest: z.string(),
      }),
    ),

  add: endpoint({
    ...writes,
    method: 'POST',
    path: '/sources',
    status: 201,
    summary: 'Connects a source: writes it into tickmark.yaml, and asks it from now on',
  })
    .input(z.strictObject({ ...filled, digest }))
    .output(Saved),

  change: endpoint({ ...writes, method: 'PUT', path: '/sources/{vendor}/{kind}/{name}', summary: 'Changes how a source is asked' })
    .input(
      z.strictObject({
        ...source,
        config: filled.config,
        endpoint: filled.endpoint,
        every: filled.every,
        credentials: filled.credentials,
        chain: filled.chain,
        digest,
      }),
    )
    .output(Saved),

  retire: endpoint({
    ...writes,
    method: 'POST',
    path: '/sources/{vendor}/{kind}/{name}/retire',
    summary: 'From today on nothing is expected of a source any more. What it has told stays',
  })
    .input(z.strictObject({ ...source, because: z.string().trim().min(1).max(500), digest }))
    .output(Saved),

  upload: endpoint({
    ...writes,
    method: 'POST',
    path: '/sources/files',
    status: 201,
    summary: 'Lays an export into the workspace, for a source to read; one of that name is replaced',
  })
    .input(z.strictObject({ name: z.string().min(1).max(80), text: z.string().min(1).max(1_000_000) }))
    .output(z.object({ path: z.string() })),

  scope: endpoint({
    ...writes,
    permission: 'settings.write',
    method: 'PUT',
    path: '/scope',
    summary: 'Sets the observation period, the categories and the systems in scope',
  })
    .input(
      z.strictObject({
        period: z.strictObject({ from: z.iso.date(), to: z.iso.date() }).optional(),
        categories: z.array(z.string().min(1).max(60)).min(1).max(5).optional(),
        systems: z
          .array(z.strictObject({ id: word, name: z.string().min(1).max(100), identityProvider: z.boolean().default(false) }))
          .max(200)
          .optional(),
        digest,
      }),
    )
    .output(Saved),
};
