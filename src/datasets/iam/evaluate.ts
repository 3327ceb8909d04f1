import type { Ternary } from '../../core/ternary.ts';

/** One statement of a policy document, as far as identities are concerned. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly notActions: boolean;
  readonly resources: readonly string[];
  readonly notResources: boolean;
  readonly conditional: boolean;
  /** A deny of whoever signed in without a second factor: it asks for one, and takes nothing from who has one. */
  readonly asksForFactor: boolean;
}

const parsed = new Map<string, readonly Statement[] | null>();

/** The statements of a document; parsed once for each text. `null` where it cannot be read: then nothing is known of it. */
export function statements(document: string): readonly Statement[] | null {
  const known = parsed.get(document);
  if (known !== undefined) return known;
  const read = readStatements(document);
  parsed.set(document, read);
  return read;
}

function readStatements(document: string): readonly Statement[] | null {
  const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);
  const texts = (value: unknown): readonly string[] => list(value).map(String);
  const { Statement } = JSON.parse(document) as { readonly Statement?: unknown };
  const all = list(Statement) as readonly Readonly<Record<string, unknown>>[];
  if (all.some(({ Effect, Action, NotAction }) => (Effect !== 'Allow' && Effect !== 'Deny') || (Action === undefined) === (NotAction === undefined)))
    return null;
  return all.map(({ Effect, Action, NotAction, Resource, NotResource, Condition }) => ({
    effect: Effect === 'Allow' ? 'Allow' : 'Deny',
    actions: texts(Action ?? NotAction),
    notActions: Action === undefined,
    resources: texts(NotResource ?? Resource ?? '*'),
    notResources: NotResource !== undefined,
    conditional: Condition !== undefined && Object.keys(Condition as object).length > 0,
    asksForFactor: Effect === 'Deny' && /^\{"Bool(IfExists)?":\{"aws:MultiFactorAuthPresent":(\[?"?false"?\]?)\}\}$/i.test(JSON.stringify(Condition ?? null)),
  }));
}

/** `*` and `?`, letter case aside. */
export function matches(pattern: string, text: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 'i').test(text);
}

const covers = (patterns: readonly string[], not: boolean, text: string): boolean => patterns.some((pattern) => matches(pattern, text)) !== not;

/** Whether a statement speaks of an action on a resource. */
export const speaksOf = ({ actions, notActions, resources, notResources }: Statement, action: string, resource: string): boolean =>
  covers(actions, notActions, action) && covers(resources, notResources, resource);

/**
 * Whether policies grant an action on a resource, denies first. A condition cannot be decided here: an allow or a deny
 * under one leaves it open.
 */
export function grants(all: readonly Statement[], action: string, resource: string): Ternary {
  const its = all.filter((statement) => !statement.asksForFactor && speaksOf(statement, action, resource));
  if (its.some(({ effect, conditional }) => effect === 'Deny' && !conditional)) return 'no';
  const [sure, perhaps] = [its.some(({ effect, conditional }) => effect === 'Allow' && !conditional), its.some(({ effect }) => effect === 'Allow')];
  if (!perhaps) return 'no';
  return sure && !its.some(({ effect }) => effect === 'Deny') ? 'yes' : 'unknown';
}

/** Both must grant: the identity's policies, and its boundary where it has one. */
export const both = (a: Ternary, b: Ternary): Ternary => (a === 'no' || b === 'no' ? 'no' : a === 'yes' && b === 'yes' ? 'yes' : 'unknown');
export const all = (claims: readonly Ternary[]): Ternary => claims.reduce(both, 'yes');
export const any = (claims: readonly Ternary[]): Ternary => (claims.includes('yes') ? 'yes' : claims.includes('unknown') ? 'unknown' : 'no');
