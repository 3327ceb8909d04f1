import { z } from 'zod';

const name = z.string().min(1);
const names = z.array(name).min(1);

/** Which issues are of a kind. A label says more than the type of an issue, and counts before it. */
const Match = z
  .strictObject({ types: names.optional(), labels: names.optional() })
  .refine(({ types, labels }) => types !== undefined || labels !== undefined, 'name "types", "labels" or both');
export type Match = z.infer<typeof Match>;

/** Where something is written in an issue: a field of its own, a label that begins so, or below a heading of the description. */
const Place = z.union([z.strictObject({ field: name }), z.strictObject({ label: name }), z.strictObject({ heading: name })]);
export type Place = z.infer<typeof Place>;

const statuses = names.describe('Names of statuses: coming into one of them is it');
const Approval = z.union([
  z.strictObject({ statuses, rejected: names.default([]).describe('Statuses that refuse, or take an approval back') }),
  z.strictObject({ field: name.describe('Field of approvals of Jira Service Management: customfield_10100') }),
]);
export type Approval = z.infer<typeof Approval>;
/** Who carried it out is who moved the issue there, or to whom it is assigned. */
const Done = z.strictObject({ statuses, by: z.enum(['transition', 'assignee']).default('transition') });
const words = (meaning: string) =>
  z
    .record(z.string(), z.enum(['low', 'medium', 'high']))
    .default({})
    .describe(meaning);

export const Changes = z.strictObject({
  normal: Match.optional().describe('Changes that are approved one by one'),
  standard: Match.optional().describe('Changes that are approved beforehand for their kind'),
  emergency: Match.optional().describe('Changes that are made first and reviewed afterwards'),
  approval: Approval.optional(),
  implementation: Done.optional(),
  review: z.strictObject({ statuses }).optional().describe('The look at it after it was implemented'),
  risk: z.strictObject({ at: Place, words: words('What their words mean, beside low, medium and high') }).optional(),
  rollback: Place.optional(),
  impact: z
    .strictObject({ at: Place, yes: names, no: names.default([]) })
    .optional()
    .describe('Whether customers will notice'),
});
export type Changes = z.infer<typeof Changes>;

const KINDS = ['joiner', 'additional', 'temporary', 'mover-review', 'emergency'] as const;
export const Requests = z.strictObject({
  issues: Match.describe('Which issues are requests for access'),
  kinds: z.partialRecord(z.enum(KINDS), Match).default({}),
  approval: Approval.optional(),
  fulfilment: z.strictObject({ statuses }).optional(),
  beneficiary: z
    .union([z.literal('requester'), Place])
    .optional()
    .describe('Who is to get the access: a field with a person or an address, or whoever asks'),
  target: z
    .strictObject({ at: Place, systems: z.record(z.string(), name).default({}).describe('Ids in the scope, by the words of the tracker') })
    .optional()
    .describe('The system that access is asked for'),
  role: Place.optional(),
  until: Place.optional().describe('Date on which the access is to end'),
});
export type Requests = z.infer<typeof Requests>;

/** What every tracker is asked for. */
export const TRACKED = {
  changes: Changes.optional().describe('Which issues are changes, and where their history shows it. Without it no ticket is told'),
  requests: Requests.optional().describe('Which issues are requests for access. Without it none is told'),
};
export interface Tracked {
  readonly changes?: Changes | undefined;
  readonly requests?: Requests | undefined;
}

export const tracksSomething = ({ changes, requests }: Tracked): boolean => changes !== undefined || requests !== undefined;
export const NOTHING_TRACKED = 'name "changes", "requests" or both: without them nothing is told';

/** The names of statuses that the configuration relies on: one that the tracker does not know would never be come into. */
export function statusesOf({ changes, requests }: Tracked): readonly string[] {
  const approvals = [changes?.approval, requests?.approval].flatMap((it) => (it && 'statuses' in it ? [...it.statuses, ...it.rejected] : []));
  const rest = [changes?.implementation, changes?.review, requests?.fulfilment].flatMap((it) => it?.statuses ?? []);
  return [...new Set([...approvals, ...rest])];
}

/** The fields of their own that the configuration relies on. */
export function fieldsOf({ changes, requests }: Tracked): readonly string[] {
  const places = [changes?.risk?.at, changes?.rollback, changes?.impact?.at, requests?.beneficiary, requests?.target?.at, requests?.role, requests?.until];
  const approvals = [changes?.approval, requests?.approval];
  return [...new Set([...places, ...approvals].flatMap((it) => (it && it !== 'requester' && 'field' in it ? [it.field] : [])))];
}
