import { prepared } from './pattern.ts';

/** One test of a condition: `{ "StringLike": { "s3:prefix": ["a/*"] } }` is one. */
export interface Test {
  /** Operator as written: `ForAnyValue:StringLikeIfExists`. */
  readonly operator: string;
  /** Condition key as written. */
  readonly key: string;
  readonly values: readonly string[];
}

/** One statement of a policy document, as far as identities are concerned. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  /** Patterns of actions, as written. */
  readonly actions: readonly string[];
  /** The same, made ready to be matched, in lower case: letter case does not matter in actions. */
  readonly patterns: readonly string[];
  /** They are `NotAction`: all but these. */
  readonly notActions: boolean;
  readonly resources: readonly string[];
  readonly notResources: boolean;
  readonly tests: readonly Test[];
}

export interface Document {
  readonly statements: readonly Statement[];
  /** Version 2012-10-17: what stands in `${...}` is a variable. Before it, it is text. */
  readonly variables: boolean;
}

const PARSED = new Map<string, Document | null>();
/** More documents than any account may hold; an account beyond it is read more slowly, not wrongly. */
const MOST = 20_000;

/**
 * The statements of a policy document, read once for each text. `null` where it is not one that AWS would take as the
 * policy of an identity (IAM user guide, "Grammar of the IAM JSON policy language"): then nothing is known of what it grants
 * or denies.
 */
export function parsed(text: string): Document | null {
  const known = PARSED.get(text);
  if (known !== undefined) return known;
  if (PARSED.size >= MOST) PARSED.clear();
  const document = read(text);
  PARSED.set(text, document);
  return document;
}

export const VERSIONS: readonly unknown[] = [undefined, '2008-10-17', '2012-10-17'];
export const OF_DOCUMENT = ['Version', 'Id', 'Statement'];
const OF_STATEMENT = ['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'];

function read(text: string): Document | null {
  const document = objectOf(text);
  if (document === null || !hasOnly(document, OF_DOCUMENT) || !VERSIONS.includes(document.Version) || document.Statement === undefined) return null;
  const written = Array.isArray(document.Statement) ? (document.Statement as readonly unknown[]) : [document.Statement];
  const statements = written.map(statementOf);
  if (statements.includes(null)) return null;
  return { statements: statements.flatMap((statement) => statement ?? []), variables: document.Version === '2012-10-17' };
}

export function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function statementOf(written: unknown): Statement | null {
  if (!isObject(written) || !hasOnly(written, OF_STATEMENT)) return null;
  const { Effect: effect, Action, NotAction, Resource, NotResource, Condition } = written;
  if (effect !== 'Allow' && effect !== 'Deny') return null;
  if ((Action === undefined) === (NotAction === undefined) || (Resource === undefined) === (NotResource === undefined)) return null;
  const [actions, resources, tests] = [texts(Action ?? NotAction), texts(Resource ?? NotResource), testsOf(Condition)];
  if (actions === null || resources === null || tests === null || !actions.every((action) => action === '*' || /^[\w*?-]+:[\w*?-]+$/.test(action))) return null;
  const patterns = actions.map((action) => prepared(action.toLowerCase()));
  return { effect, actions, patterns, notActions: Action === undefined, resources, notResources: Resource === undefined, tests };
}

export function testsOf(condition: unknown): readonly Test[] | null {
  if (condition === undefined) return [];
  if (!isObject(condition)) return null;
  const tests = Object.entries(condition).flatMap(([operator, keys]): readonly (Test | null)[] =>
    isObject(keys)
      ? Object.entries(keys).map(([key, written]) => {
          const values = scalars(written);
          return values === null ? null : { operator, key, values };
        })
      : [null],
  );
  return tests.includes(null) ? null : tests.flatMap((test) => test ?? []);
}

export const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
export const hasOnly = (value: Record<string, unknown>, known: readonly string[]): boolean => Object.keys(value).every((name) => known.includes(name));
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

export function texts(value: unknown): readonly string[] | null {
  const list = listOf(value);
  return list.every((entry) => typeof entry === 'string') ? list : null;
}

function scalars(value: unknown): readonly string[] | null {
  const list = listOf(value);
  return list.every((entry) => ['string', 'number', 'boolean'].includes(typeof entry)) ? list.map(String) : null;
}
