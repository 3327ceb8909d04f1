import { OTHER_READS, PERMISSIONS, READS, WRITES } from './actions.ts';
import { exampleOf, matches, prepared } from './pattern.ts';

/** What an action does, as AWS classes it: it reads (or lists), it writes (or tags), or it changes who may do what. */
export type Access = 'read' | 'write' | 'permissions';

/** An action that stands for others of its kind. */
export interface Example {
  /** `*` where it stands for services of which no policy speaks by name. */
  readonly service: string;
  readonly action: string;
  readonly access: Access;
}

const table = (text: string): ReadonlyMap<string, readonly string[]> =>
  new Map(
    text
      .trim()
      .split('\n')
      .map((line) => {
        const [service = '', ...actions] = line.split(' ');
        return [service, actions];
      }),
  );
const [PERMISSIONS_OF, WRITES_OF, READS_OF] = [table(PERMISSIONS), table(WRITES), table(OTHER_READS)];
const VERBS = READS.trim().split(' ');
const NAMED = new Map<string, Access>(
  (
    [
      ['permissions', PERMISSIONS_OF],
      ['write', WRITES_OF],
      ['read', READS_OF],
    ] as const
  ).flatMap(([access, its]) =>
    [...its].flatMap(([service, actions]) => actions.map((action): [string, Access] => [`${service}:${action}`.toLowerCase(), access])),
  ),
);

/** The access level of an action. One that AWS adds tomorrow is classed by the verb it begins with. */
export function accessOf(action: string): Access {
  const known = NAMED.get(action.toLowerCase());
  if (known) return known;
  const name = action.slice(action.indexOf(':') + 1);
  return VERBS.some((verb) => name.toLowerCase().startsWith(verb.toLowerCase()) && !/^[a-z]/.test(name.slice(verb.length))) ? 'read' : 'write';
}

/** A name that no policy and no service knows. */
const MADE_UP = 'Tickmark';
const EVERY_SERVICE = [...PERMISSIONS_OF].flatMap(([service, actions]) => actions.map((action) => `${service}:${action}`));

/** For each access level that a pattern of actions reaches, actions that it covers: those that are classed by name, and one that no other pattern is likely to name. */
export function examplesOf(pattern: string): readonly Example[] {
  const known = EXAMPLES.get(pattern) ?? tried(pattern);
  if (EXAMPLES.size >= MOST) EXAMPLES.clear();
  EXAMPLES.set(pattern, known);
  return known;
}

const EXAMPLES = new Map<string, readonly Example[]>();
/** More patterns than all policies of AWS and of a company name. */
const MOST = 50_000;

function tried(pattern: string): readonly Example[] {
  const [service = '*', name = '*'] = pattern.split(':');
  if (/[*?]/.test(service)) return everywhere(pattern);
  if (!/[*?]/.test(name)) return [{ service: service.toLowerCase(), action: pattern, access: accessOf(pattern) }];
  const its = (list: ReadonlyMap<string, readonly string[]>) =>
    (list.get(service.toLowerCase()) ?? []).filter((action) => matches(name.toLowerCase(), action.toLowerCase()));
  const made = exampleOf(prepared(name), MADE_UP);
  const found = [made, ...VERBS.map((verb) => verb + made)].filter((action) => matches(name, action)).map((action) => `${service}:${action}`);
  const first = (access: Access) => found.find((action) => accessOf(action) === access) ?? [];
  const named = [...its(PERMISSIONS_OF), ...its(WRITES_OF), ...its(READS_OF)].map((action) => `${service}:${action}`);
  return [first('read'), first('write'), ...named].flat().map((action) => ({ service: service.toLowerCase(), action, access: accessOf(action) }));
}

/** A pattern that reaches over services. */
function everywhere(pattern: string): readonly Example[] {
  const reached = (action: string) => matches(pattern.toLowerCase(), action.toLowerCase());
  return [...[`tickmark:Get${MADE_UP}`, `tickmark:${MADE_UP}`].filter(reached), ...EVERY_SERVICE.filter(reached)].map((action) => {
    const [service = ''] = action.split(':');
    return { service: service === 'tickmark' ? '*' : service, action, access: accessOf(action) };
  });
}

/** For a statement that names what it leaves out. */
export const EXAMPLES_OF_ALL: readonly Example[] = everywhere('*');
