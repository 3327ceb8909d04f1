import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { id, Moment } from './fields.ts';

const text = z.string().trim().min(1).max(2000);
const Act = z
  .discriminatedUnion('do', [
    z.strictObject({ do: z.literal('assign'), owner: id.describe('Worker id') }),
    z.strictObject({ do: z.literal('note'), text }),
    z.strictObject({ do: z.literal('remediate'), text: text.describe('What is done about it') }),
    z.strictObject({ do: z.literal('done'), text: text.describe('What was done: it awaits its proof from then on') }),
    z.strictObject({ do: z.literal('close'), text: text.describe('What was done about what happened') }),
    z.strictObject({ do: z.literal('waive'), text: text.describe('Why it is to be accepted'), until: z.iso.date().describe('The last day on which it is') }),
  ])
  .describe('`close` is for events, which no evidence undoes; it and `waive` count once another approved them');

const Done = z.object({
  done: z.array(z.object({ finding: z.string(), entry: z.string(), record: z.int() })).readonly(),
  refused: z.array(z.object({ finding: z.string(), says: z.string() })).readonly(),
});
const Decided = z.object({ entry: z.string(), record: z.int(), by: z.string(), at: Moment });

const acts = { bounds: 'refused', answer: 'fresh', method: 'POST', tag: 'Findings', status: 201 } as const;

export const findingActs = {
  act: endpoint({
    ...acts,
    permission: 'findings.act',
    path: '/findings/{id}/acts',
    summary: 'Does something about a finding: names an owner, notes, says that it is worked on, asks for a waiver',
    description: 'Each is a statement, sealed under the name of who is signed in. Only evidence moves a finding to fixed.',
  })
    .input(z.strictObject({ id, act: Act }))
    .output(Done),

  actOnAll: endpoint({
    ...acts,
    permission: 'findings.act',
    path: '/findings/acts',
    summary: 'Does the same about several findings: those named, or all that a question finds',
    description: 'At most 500 at once. Those to which it cannot be done are named with the reason, and nothing is done to them.',
  })
    .input(
      z.strictObject({
        of: z.union([
          z.strictObject({ ids: z.array(id).min(1).max(500) }),
          z.strictObject({ state: z.enum(['open', 'in remediation', 'overdue']), control: id.optional() }),
        ]),
        act: Act,
      }),
    )
    .output(Done),

  approveWaiver: endpoint({
    ...acts,
    permission: 'statements.approve',
    path: '/waivers/{id}/approve',
    summary: 'Approves a waiver that another asked for: the deviation shows as waived from then on',
    description: 'It takes a session with a second factor, of somebody who did not ask for it and whom the item does not belong to.',
  })
    .input(z.strictObject({ id }))
    .output(Decided),

  refuseWaiver: endpoint({
    ...acts,
    permission: 'statements.approve',
    path: '/waivers/{id}/refuse',
    summary: 'Refuses a waiver that another asked for, or revokes one that was approved',
  })
    .input(z.strictObject({ id, reason: text }))
    .output(Decided),

  owners: endpoint({
    permission: 'findings.act',
    bounds: 'refused',
    answer: 'fresh',
    method: 'GET',
    tag: 'Findings',
    path: '/findings/owners',
    summary: 'Who can be named to answer for a finding: whoever is employed now',
  })
    .input(z.strictObject({}))
    .output(
      z.object({ owners: z.array(z.object({ id: z.string(), name: z.string(), title: z.string().nullable(), email: z.string().nullable() })).readonly() }),
    ),
};
