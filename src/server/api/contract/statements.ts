import { z } from 'zod';
import { KNOWN_BY } from '../../../core/vouched.ts';
import { endpoint } from './endpoint.ts';
import { id, Moment, Next, page, period } from './fields.ts';

const KnownBy = z
  .enum(KNOWN_BY)
  .describe('How it is known who made it: by a key of theirs, a session or a token of theirs with a second factor, or not at all (none: it approves nothing)');

const Statement = z.object({
  kind: z.string(),
  entry: z.string(),
  title: z.string(),
  by: z.string(),
  knownBy: KnownBy,
  authenticated: z.boolean().describe('Something shows that they made it'),
  at: Moment,
  approvedBy: z.array(z.string()).readonly(),
  needsApproval: z.boolean(),
  record: z.int(),
});

const Made = z.object({
  record: z.int(),
  kind: z.string(),
  entry: z.string(),
  act: z.enum(['state', 'approve', 'withdraw']),
  by: z.string(),
  keyId: z.string().nullable(),
  knownBy: KnownBy,
  authenticated: z.boolean(),
  because: z.string().nullable().describe('Why it is not authenticated'),
  at: Moment,
});

const kind = z
  .string()
  .max(60)
  .regex(/^[a-z0-9-]+$/, 'expected a kind, like access-requests');
/** JSON as it is written in a register. */
const Entry = z.record(z.string().max(100), z.json()).refine((entry) => JSON.stringify(entry).length <= 20_000, 'holds at most 20,000 characters');
const KNOWN =
  'It is known to be theirs where their session was opened with a second factor, or their token was made in one: the record names the sign-in. Where not, it approves nothing, and changes nothing that somebody is known to have stated.';
const Act = z.enum(['state', 'approve', 'withdraw']);
const approves = { permission: 'statements.approve', bounds: 'refused', answer: 'fresh', method: 'POST', tag: 'Statements', status: 201 } as const;
const writes = { permission: 'statements.make', bounds: 'refused', answer: 'fresh', method: 'POST', tag: 'Statements', status: 201 } as const;
const reads = { permission: 'statements.read', bounds: 'clipped', answer: 'kept', method: 'GET', tag: 'Statements' } as const;

export const statements = {
  list: endpoint({ ...reads, path: '/statements', summary: 'What people have stated and not taken back' })
    .input(z.strictObject({ kind: kind.optional(), period: period.optional().describe('Stated in it; all unless said'), ...page }))
    .output(z.object({ statements: z.array(Statement).readonly().describe('The newest first'), next: Next })),

  kinds: endpoint({ ...reads, bounds: 'free', path: '/statements/kinds', summary: 'The kinds of things that people can state, and what a form for each asks' })
    .input(z.strictObject({}))
    .output(
      z.object({
        kinds: z
          .array(
            z.object({
              id: z.string(),
              title: z.string(),
              dataset: z.string().nullable(),
              needsApproval: z.boolean().describe('It counts only once another approved it'),
              fields: z
                .array(
                  z.object({
                    name: z.string(),
                    meaning: z.string(),
                    takes: z.enum(['text', 'list', 'instant', 'number', 'boolean', 'word', 'item']),
                    words: z.array(z.string()).readonly().describe('Those it takes, where it takes a word'),
                    required: z.boolean(),
                    isInstant: z.boolean(),
                    ends: z.boolean().describe('A date means the end of that day'),
                  }),
                )
                .readonly(),
              example: z.record(z.string(), z.unknown()),
            }),
          )
          .readonly(),
      }),
    ),

  state: endpoint({
    ...writes,
    path: '/statements',
    summary: 'States something under the name of who is signed in, or corrects what they stated',
    description: `${KNOWN} What another stated is corrected by those who may approve.`,
  })
    .input(z.strictObject({ kind, entry: Entry.describe('Its `id`, and what the kind asks') }))
    .output(Made),

  withdraw: endpoint({
    ...writes,
    path: '/statements/{kind}/{entry}/withdraw',
    summary: 'Takes back what was stated; it stays in the log, and so does the reason',
  })
    .input(z.strictObject({ kind, entry: id, reason: z.string().min(1).max(2000) }))
    .output(Made),

  approve: endpoint({
    ...approves,
    path: '/statements/{kind}/{entry}/approve',
    summary: 'Approves what another stated, as it stands',
    description:
      'It takes a session with a second factor: a token approves nothing. Nobody approves what they stated, under whichever of their addresses, nor what accepts a deviation of their own.',
  })
    .input(z.strictObject({ kind, entry: id }))
    .output(Made),

  prepare: endpoint({
    ...writes,
    path: '/statements/prepared',
    summary: 'Begins a statement that a passkey signs: gives what the browser is to ask of it',
    description:
      'The challenge is the SHA-256 of the statement, so that a stranger can tell from the record what the passkey signed. It waits for five minutes, once. Where you have no passkey that the log knows the key of, `options` is null.',
  })
    .input(z.strictObject({ kind, act: Act, entry: Entry.describe('Of `state` the entry; else its `id`, and of `withdraw` why: `withdrawn`') }))
    .output(
      z.object({
        sha256: z.string().describe('Base64url'),
        options: z.record(z.string(), z.unknown()).nullable().describe('PublicKeyCredentialRequestOptionsJSON'),
      }),
    ),

  sign: endpoint({ ...writes, path: '/statements/signed', summary: 'Makes the statement that a passkey has signed' })
    .input(
      z.strictObject({
        response: z
          .looseObject({
            id: z.string().max(2000),
            response: z.looseObject({ clientDataJSON: z.string().max(8000), authenticatorData: z.string().max(8000), signature: z.string().max(8000) }),
          })
          .describe('AuthenticationResponseJSON'),
      }),
    )
    .output(Made),
};
