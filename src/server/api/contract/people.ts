import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { at, Bound, id, Moment, Next, page, Records, skip, Span } from './fields.ts';
import { Item } from './posture.ts';

const Ternary = z.enum(['yes', 'no', 'unknown']);
const AccountStatus = z.enum(['active', 'suspended', 'deactivated', 'invited', 'unknown']);

const gaps = {
  asOf: Moment,
  covered: z.boolean().describe('Whether all that the graph of people follows from was told'),
  gaps: z.array(z.string()).readonly(),
};

const Person = z.object({
  id: z.string().describe('Worker id of HR'),
  name: z.string(),
  type: z.enum(['employee', 'contractor', 'intern', 'agency', 'unknown']),
  title: z.string().nullable(),
  department: z.string().nullable(),
  managerId: z.string().nullable(),
  emails: z.array(z.string()).readonly(),
  startAt: Moment,
  endAt: Moment.nullable(),
  state: z.enum(['to come', 'employed', 'left']),
  accounts: z.int(),
  active: z.int().describe('Accounts that can be used'),
  privileged: z.int(),
  records: Records,
});

const Account = z.object({
  source: z.string(),
  partition: z.string(),
  key: z.string(),
  system: z.string(),
  login: z.string(),
  kind: z.enum(['human', 'service', 'external', 'shared', 'unknown']),
  status: AccountStatus,
  privileged: Ternary,
  personId: z.string().nullable(),
  ownerId: z.string().nullable(),
  purpose: z.string().nullable(),
  rule: z.enum(['declared', 'hr-id', 'email', 'alias', 'ambiguous', 'none']).describe('By which rule it was tied to somebody'),
  records: Records,
});

const Lane = Account.extend({
  own: z.boolean().describe('Theirs; else they answer for it'),
  there: z.boolean().describe('Still there, and still theirs'),
  spells: z.array(Span.extend({ status: AccountStatus, privileged: Ternary, records: Records })).readonly(),
});

const Event = z.object({
  at: Moment,
  what: z.enum(['starts', 'ends', 'moves', 'leaves', 'account']),
  says: z.string(),
  system: z.string().nullable(),
  login: z.string().nullable(),
  by: z.string().nullable(),
  records: Records,
});

const Engagement = Span.extend({ startAt: Moment, endAt: Moment.nullable(), records: Records }).describe('What HR said, from when to when it said so');

const Policy = z.object({
  policy: z.string().describe('Id of the policy'),
  title: z.string(),
  current: z
    .object({ version: z.string(), since: Moment, location: z.string().nullable().describe('Where its text stands'), records: Records })
    .nullable()
    .describe('The version in force'),
  accepted: z
    .array(
      z.object({
        version: z.string(),
        at: Moment,
        shownBy: z.enum(['commit', 'key', 'session', 'system', 'none', 'unknown']).describe('What shows that it was their own act'),
        records: Records,
      }),
    )
    .readonly()
    .describe('The newest first'),
  state: z
    .enum(['accepted', 'owed', 'overdue', 'unknown', 'not asked'])
    .describe('Of the version in force; not asked where it need not be accepted, and of who has left'),
  due: Moment.nullable(),
});

const reads = { permission: 'people.read', bounds: 'clipped', answer: 'kept', method: 'GET', tag: 'People' } as const;

export const people = {
  list: endpoint({ ...reads, path: '/people', summary: 'Everybody HR tells of, those who left included, and how many accounts are theirs' })
    .input(
      z.strictObject({
        state: z.enum(['to come', 'employed', 'left']).optional(),
        text: z.string().min(1).max(200).optional().describe('Somewhere in name, id, address, title or department'),
        ...at,
        ...page,
        skip,
      }),
    )
    .output(z.object({ ...gaps, count: z.int(), people: z.array(Person).readonly(), next: Next })),

  read: endpoint({
    ...reads,
    path: '/people/{id}',
    summary: 'One person: every account in every system, all that happened from joining to leaving, and which policies they have accepted',
  })
    .input(z.strictObject({ id, ...at }))
    .output(
      z.object({
        ...gaps,
        person: Person.extend({ engagements: z.array(Engagement).readonly(), lanes: z.array(Lane).readonly(), events: z.array(Event).readonly() }),
        policies: z
          .object({
            covered: z.boolean().describe('Whether everybody who works here, all policies and all acceptances were told'),
            gaps: z.array(z.string()).readonly(),
            lines: z.array(Policy).readonly(),
          })
          .describe('What they have accepted of the policies, and what they owe'),
        findings: z
          .array(z.object({ check: z.string(), control: z.string(), verdict: z.enum(['deviates', 'unknown']), item: Item, because: z.string(), from: Bound }))
          .readonly()
          .describe('What deviates or is unknown of them and their accounts'),
      }),
    ),

  accounts: endpoint({
    ...reads,
    path: '/accounts',
    summary: 'Accounts of all systems; those that are nobody’s (orphans); those of machines, shared or of people outside (services)',
  })
    .input(
      z.strictObject({
        of: z.enum(['all', 'orphans', 'services']).default('all'),
        system: z.string().min(1).max(100).optional(),
        status: AccountStatus.optional(),
        ...at,
        ...page,
        skip,
      }),
    )
    .output(z.object({ ...gaps, count: z.int(), accounts: z.array(Account).readonly(), next: Next })),
};
