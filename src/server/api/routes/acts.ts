import { type FindingAct, statementOf } from '../../../app/finding-acts.ts';
import type { Case } from '../../../app/findings.ts';
import type { Statement } from '../../../app/attest.ts';
import { may } from '../../../auth/roles.ts';
import { ConfigurationError } from '../../../core/error.ts';
import { iso } from '../../../core/instant.ts';
import { type Asking, implementing, principalOf } from '../asking.ts';
import { findingActs as contract } from '../contract/acts.ts';
import { notFound, problem } from '../problem.ts';
import { stated } from '../stating.ts';

const endpoints = implementing(contract);

export const findingActRoutes = endpoints.router({
  act: endpoints.act.handler(async ({ input: { id, act }, context }) => {
    const its = (await context.reads.cases({})).cases.byId(id);
    if (!its) throw notFound(`finding ${id}`, 'now');
    await refuse(context, act);
    return done(context, [[its, statementOf(its, act, await asking(context))]], []);
  }),

  actOnAll: endpoints.actOnAll.handler(async ({ input: { of, act }, context }) => {
    await refuse(context, act);
    const { cases } = await context.reads.cases('ids' in of ? {} : { state: of.state, ...(of.control === undefined ? {} : { control: of.control }) });
    const meant = 'ids' in of ? cases.where({ ids: of.ids }) : cases;
    if (meant.count > MOST)
      throw problem('cannot-be-answered', `These are ${meant.count} findings, and at most ${MOST} are acted on at once. Narrow it down by a control.`);
    const there = new Set(Iterator.from(meant).map(({ id }) => id));
    const strange = 'ids' in of ? of.ids.filter((id) => !there.has(id)) : [];
    const refused = strange.map((finding) => ({ finding, says: 'there is no such finding now' }));
    const by = await asking(context);
    const statements: Meant[] = [];
    for (const one of meant) {
      try {
        statements.push([one, statementOf(one, act, by)]);
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
        refused.push({ finding: one.id, says: error.message });
      }
    }
    return done(context, statements, refused);
  }),

  approveWaiver: endpoints.approveWaiver.handler(({ input: { id }, context }) => decided(context, id, { kind: 'waivers', act: 'approve', entry: { id } })),

  refuseWaiver: endpoints.refuseWaiver.handler(({ input: { id, reason }, context }) =>
    decided(context, id, { kind: 'waivers', act: 'withdraw', entry: { id, withdrawn: reason } }),
  ),

  owners: endpoints.owners.handler(async ({ context }) => ({ owners: await employed(context) })),
});

const MOST = 500;
type Meant = readonly [finding: Case, statement: Omit<Statement, 'by'>];

/** A waiver is asked for by whoever may state things, and nobody is named who is not there. */
async function refuse(context: Asking, act: FindingAct): Promise<void> {
  const principal = principalOf(context);
  if (!may(principal, 'statements.make') && act.do !== 'note' && act.do !== 'assign')
    throw problem('not-permitted', `This is a statement, and needs the permission statements.make. ${principal.name} has the role ${principal.role}.`);
  if (act.do === 'assign' && !(await employed(context)).some(({ id }) => id === act.owner))
    throw problem('invalid-request', `HR knows nobody by the id ${act.owner} who is employed now.`, [
      { name: 'act.owner', says: 'is the id of nobody employed now' },
    ]);
}

/** When, and by whom to HR. */
async function asking(context: Asking) {
  const { workspace } = context.services;
  const [worker = null] = await workspace.workersOf(principalOf(context).email ?? '');
  return { now: workspace.now(), worker };
}

async function employed({ services }: Asking) {
  const { people } = await services.workspace.people();
  return people.filter(({ state }) => state === 'employed').map(({ id, name, title, emails }) => ({ id, name, title, email: emails[0] ?? null }));
}

async function done(context: Asking, meant: readonly Meant[], refused: readonly { readonly finding: string; readonly says: string }[]) {
  const controls = [...new Set(meant.flatMap(([finding]) => finding.controls))];
  const made =
    meant.length === 0
      ? []
      : await stated(
          context,
          meant.map(([, statement]) => statement),
          controls,
        );
  return { done: made.map(({ entry, record }, place) => ({ finding: meant[place]?.[0].id ?? '', entry, record })), refused };
}

async function decided(context: Asking, id: string, statement: Omit<Statement, 'by'>) {
  const line = (await context.reads.waivers()).find((it) => it.id === id && it.statement !== null && it.state !== 'withdrawn');
  if (!line) throw notFound(`waiver ${id}`, 'that was asked for here; one of a file is decided where the file is');
  const [made] = await stated(context, [statement]);
  if (!made) throw new RangeError('a decision that was sealed has no record');
  return { entry: made.entry, record: made.record, by: made.by, at: iso(made.at) };
}
