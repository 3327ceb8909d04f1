import { z } from 'zod';
import { kindOf, kinds } from '../attestations/index.ts';
import { isTimezone } from '../core/calendar.ts';
import { SignIn } from './sign-in.ts';
import { Alerts } from './alerts.ts';

const FEEDING = kinds.flatMap(({ id, dataset }) => (dataset ? [id] : []));

const name = z.string().min(1);
const slug = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'expected lower-case letters, digits and hyphens');
const date = z.string().regex(/^\d{4}-\d\d-\d\d$/, 'expected a date, like 2026-01-01');
const reference = z
  .string()
  .regex(/^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+|kept)$/, 'expected a reference: env:NAME, file:PATH or kept. A secret itself must not stand in this file');
const address = z.string().regex(/^https?:\/\/\S+$/, 'expected an address, like https://witness.example');
const declared = {
  system: slug,
  account: name.describe('Login or id, as the system writes it'),
  purpose: name,
  owner: name.describe('Worker id of who answers for it'),
};

const span = z.string().regex(/^[1-9]\d{0,3} (days?|weeks?|months?|years?)$/, 'expected a span of time: 7 years, 18 months, 90 days');

export const CATEGORIES = ['Security', 'Availability', 'Confidentiality', 'Processing integrity', 'Privacy'] as const;

/** `tickmark.yaml`, as it is written. */
export const File = z.strictObject({
  company: name.describe('Name of the company, as reports print it'),
  timezone: z.string().refine(isTimezone, 'expected an IANA time zone, like Europe/Berlin').describe('Zone of dates, deadlines and calendars'),
  period: z
    .strictObject({ from: date.describe('First day'), to: date.describe('The day after the last') })
    .describe('Observation period, half-open, in the time zone above'),
  categories: z.array(z.enum(CATEGORIES)).default(['Security']).describe('Categories of criteria in scope; the common criteria belong to Security'),
  sources: z
    .array(
      z.strictObject({
        collector: name.describe('Id of a collector: github/organization'),
        name: slug.describe('Your own name for this source; it stays, for runs are counted by it'),
        config: z.record(z.string(), z.unknown()).default({}).describe('What this collector needs to know; "endpoint" replaces the address of the vendor'),
        credentials: z
          .union([z.literal('default'), z.record(name, reference)])
          .default({})
          .describe(
            'References to secrets, or "default": the chain of the vendor’s own tools. "kept": it was typed in under Sources, and Tickmark keeps it encrypted',
          ),
        every: z
          .string()
          .regex(/^[1-9]\d*[mhdw]$/, 'expected a duration: 30m, 12h, 1d')
          .optional()
          .describe('How often it is asked'),
        retention: slug.optional().describe('Retention class of what it says; "evidence" unless said'),
        retired: z
          .strictObject({ at: date, because: name })
          .optional()
          .describe('From this day on nothing is expected of it any more. Taking the entry away does not end the expectation'),
      }),
    )
    .default([]),
  attested: z
    .array(z.string())
    .default([])
    .superRefine((named, context) => {
      for (const [place, id] of named.entries())
        if (!kindOf(id)?.dataset)
          context.addIssue({
            code: 'custom',
            path: [place],
            message: `no kind of statement that feeds a dataset is called ${id}. There are: ${FEEDING.join(', ')}`,
          });
    })
    .describe('Kinds that people tell by "tickmark attest": by your word, their statements are all there are'),
  server: z
    .strictObject({ url: z.string().regex(/^https?:\/\/[^/\s]+$/, 'expected scheme and name, like https://tickmark.acme.example') })
    .optional()
    .describe('Under which people reach the server, where something stands before it; requests for any other name are refused'),
  archive: z
    .strictObject({
      url: z
        .string()
        .regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[A-Za-z0-9._/-]*)?$/, 'expected an address, like s3://acme-evidence/tickmark')
        .describe('Bucket, and the folder in it'),
      endpoint: z
        .string()
        .regex(/^https?:\/\//, 'expected an address, like http://127.0.0.1:9000')
        .optional()
        .describe('Address of a provider other than AWS'),
      region: name.optional().describe('Region of the bucket; AWS_REGION unless said'),
      lock: z
        .enum(['compliance', 'governance', 'none'])
        .default('governance')
        .describe('Object Lock of payloads. Unless it is "none", the log itself is always locked in compliance mode'),
      retentionDays: z.int().min(1).max(36_500).optional().describe('How long what is locked cannot be deleted, by anybody. It cannot be shortened afterwards'),
    })
    .optional()
    .describe('Where log and payloads lie, if not in the state folder. Keys never do'),
  retention: z
    .record(slug, span)
    .default({})
    .transform((classes): Readonly<Record<string, string>> => ({ evidence: '7 years', configuration: '10 years', ...classes }))
    .describe(
      'How long evidence is kept, by class, from the end of its quarter. "configuration" is kept the longest: it says what everything else was asked for',
    ),
  deadlines: z
    .strictObject({
      critical: z.int().min(1).max(3650).default(7),
      high: z.int().min(1).max(3650).default(14),
      medium: z.int().min(1).max(3650).default(30),
      low: z.int().min(1).max(3650).default(90),
    })
    .prefault({})
    .describe('Days of 24 hours in which a deviation is to be fixed, by the severity of its control. What began before a change keeps its date'),
  keys: z
    .strictObject({
      kms: z
        .strictObject({
          region: name.describe('Region of AWS'),
          alias: z
            .string()
            .regex(/^[a-zA-Z0-9/_-]+$/, 'expected letters, digits, hyphens, slashes')
            .default('tickmark')
            .describe('What the names of the keys begin with'),
          endpoint: z
            .string()
            .regex(/^https?:\/\//, 'expected an address')
            .optional()
            .describe('Replaces the address of the service'),
          waitDays: z.number().int().min(7).max(30).default(7).describe('How long AWS waits before it deletes a key for good'),
        })
        .optional()
        .describe('AWS KMS keeps a key for each quarter and class, which wraps the keys of the payloads'),
    })
    .prefault({})
    .describe('Who keeps the keys of the evidence: files of this machine, unless said'),
  people: z
    .strictObject({
      aliases: z
        .array(z.strictObject({ worker: name, emails: z.array(z.string().regex(/^\S+@\S+$/, 'expected an address')).min(1) }))
        .default([])
        .describe('Further addresses of a person'),
      accounts: z
        .array(z.strictObject({ system: slug, account: declared.account, person: name.describe('Worker id') }))
        .default([])
        .describe('Whose an account is, where no number and no address tells'),
      services: z.array(z.strictObject(declared)).default([]).describe('Accounts of machines'),
      external: z.array(z.strictObject(declared)).default([]).describe('Accounts of people outside of the company'),
      shared: z.array(z.strictObject(declared)).default([]).describe('Accounts that several people use'),
    })
    .prefault({}),
  scope: z
    .strictObject({
      systems: z
        .array(
          z.strictObject({
            id: slug,
            name,
            critical: z.boolean().default(true),
            identityProvider: z.boolean().default(false),
            environment: z.enum(['production', 'nonproduction', 'corporate']).optional().describe('What it is for'),
            owner: name.optional().describe('Worker id of who answers for it'),
            ssoRequired: z.boolean().optional().describe('Policy demands that people sign in to it through the identity provider alone'),
            ssoEnforced: z.boolean().optional().describe('Nobody can sign in to it otherwise, by your word'),
            accessReviewed: z.boolean().optional().describe('Access to it is reviewed regularly'),
            deployed: z.boolean().optional().describe('You deploy code of your own to it'),
            provisioning: z.enum(['automatic', 'manual']).optional().describe('How accounts come to be and go: by the identity provider itself, or by hand'),
            dataClasses: z.array(name).default([]).describe('Classes of data that it holds'),
            sources: z.array(name).default([]).describe('Sources that tell of it: collector/name'),
          }),
        )
        .default([]),
    })
    .prefault({}),
  witnesses: z
    .array(
      z.strictObject({
        url: address.describe('Where it is asked: "/add-checkpoint" is appended'),
        key: name.describe('Its key, as "tickmark witness" or a public witness prints it: name+id+base64'),
      }),
    )
    .default([])
    .describe('Who signs that the log only grows: outside of this company, as far as you can'),
  quorum: z.number().int().min(0).optional().describe('How many witnesses make a checkpoint witnessed; 1 where there are any, unless said'),
  timestamps: z
    .array(
      z.strictObject({
        name: slug.describe('Your own name for this authority; its tokens are filed under it'),
        url: address.describe('Where it takes queries of RFC 3161'),
        certificates: name.describe('A PEM file with its root certificate, below this folder'),
        policy: z
          .string()
          .regex(/^[0-2](\.(0|[1-9]\d*))+$/, 'expected an OID, like 1.3.6.1.4.1.13762.3')
          .optional()
          .describe('Rules that it must work by'),
        runs: z.boolean().default(false).describe('Whether it is shown the signature of every run too, for the Sigstore bundle of that run: one query each'),
      }),
    )
    .default([])
    .describe('Time-stamping authorities that confirm when a checkpoint was there'),
  signIn: SignIn,
  alerts: Alerts.optional().describe('Who is told of what, how urgently, and until when'),
});
export type File = z.infer<typeof File>;
export type ArchiveEntry = NonNullable<File['archive']>;
export type SourceEntry = File['sources'][number];
