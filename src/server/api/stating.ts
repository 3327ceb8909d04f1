import type { Stated, Statement } from '../../app/attest.ts';
import { may } from '../../auth/roles.ts';
import { iso } from '../../core/instant.ts';
import { type Asking, principalOf } from './asking.ts';
import { problem } from './problem.ts';

type Unsaid = Omit<Statement, 'by'>;

/** Who makes a statement: whoever is signed in, and what the server says of that. */
export function whoStates(context: Pick<Asking, 'principal'>): Extract<Statement['by'], { readonly vouched: unknown }> | { readonly email: string } {
  const { email, name, vouched } = principalOf(context);
  if (email === null) throw problem('not-permitted', `A statement is somebody's, and ${name} belongs to nobody. Sign in, or use a token of your own.`);
  return vouched ? { email, vouched } : { email };
}

/** Seals what somebody states, and tells all who listen. */
export async function stated(context: Asking, statements: readonly Unsaid[], controls: readonly string[] | null = null): Promise<readonly Stated[]> {
  await refuseOthers(context, statements);
  const by = whoStates(context);
  return told(context, await context.services.workspace.attest(statements.map((statement) => ({ ...statement, by }))), controls);
}

/** Tells what was stated, so that pages that are open ask anew. */
export function told(context: Asking, made: readonly Stated[], controls: readonly string[] | null): readonly Stated[] {
  for (const { kind, entry, act, record, at } of made)
    context.services.hub.tell({ type: 'statement', at, permission: 'statements.read', controls, data: { kind, entry, act, record, at: iso(at) } });
  return made;
}

/** What another is known to have stated is approved, corrected and taken back by those who may approve, and by nobody else. */
export async function refuseOthers(context: Asking, statements: readonly Unsaid[]): Promise<void> {
  const { email, name, role } = principalOf(context);
  if (may(principalOf(context), 'statements.approve')) return;
  if (statements.some(({ act }) => act === 'approve'))
    throw problem('not-permitted', `Approving needs the permission statements.approve. ${name} has the role ${role}.`);
  for (const kind of new Set(statements.map((statement) => statement.kind))) {
    const ids = new Set(statements.flatMap((statement) => (statement.kind === kind ? [String(statement.entry.id ?? '')] : [])));
    const others = (await context.services.workspace.statements(kind)).find((it) => ids.has(it.entry) && it.authenticated && it.by !== email);
    if (others)
      throw problem('not-permitted', `${others.kind}/${others.entry} was stated by ${others.by}: another changes it with the permission statements.approve.`);
  }
}
