import type { Ternary } from '../core/ternary.ts';
import { all, any } from './claims.ts';
import { type Context, contextOf, filled } from './context.ts';
import { nameOf, WAYS } from './escalation.ts';
import { type Decision, decide, type Policies } from './evaluate.ts';
import { type Access, EXAMPLES_OF_ALL, type Example, examplesOf } from './levels.ts';
import { exampleOf } from './pattern.ts';

/** Whose policies they are. */
export interface Holder {
  readonly kind: 'user' | 'role';
  readonly arn: string;
  readonly name: string;
  readonly accountId: string;
}

export type Level = 'admin' | 'write' | 'read' | 'none';

/** What the policies of an identity come to. */
export interface Rights {
  /** The highest that they surely give. */
  readonly level: Level;
  /** The highest that they may give, where conditions turn out so, or what cannot be read says so. */
  readonly atMost: Level;
  /** Everything on everything, or all of the rights that give themselves the rest. */
  readonly admin: Ternary;
  /** Whether one who is no administrator may make himself one, and by which acts; where it is unknown, by which he might. */
  readonly escalates: Ternary;
  readonly ways: readonly string[];
  /** In words, by service and access: `write on everything: s3, sqs`. */
  readonly grants: readonly string[];
  /** Condition keys and variables on which any of it hangs. */
  readonly keys: readonly string[];
  /** Policies that cannot be read. */
  readonly unreadable: readonly string[];
}

/** An arbitrary resource and actions of services that have nothing to do with each other: only "everything" covers them all. */
const EVERYTHING = [
  'iam:CreateUser',
  'ec2:TerminateInstances',
  's3:DeleteBucket',
  'kms:ScheduleKeyDeletion',
  'organizations:LeaveOrganization',
  'tickmark:Anything',
];
/** Whoever may do all of this, to anybody, may give himself all the rest. */
const TAKES_ALL = ['user CreateUser', 'user AttachUserPolicy', 'user PutUserPolicy', 'user CreateAccessKey', 'role PassRole', 'role UpdateAssumeRolePolicy'];

export function rightsOf(policies: Policies, holder: Holder): Rights {
  const context = atMostBy(holder);
  const admin = administers(policies, holder);
  const { escalates, ways, keys: onWays } = admin.answer === 'yes' ? { escalates: 'no' as const, ways: [], keys: [] } : escalation(policies, holder);
  const marks = admin.answer === 'yes' ? [] : marked(policies, holder, context);
  const unreadable = [policies.identity, policies.boundary ?? [], ...policies.controls]
    .flat()
    .flatMap(({ name, document }) => (document === null ? [name] : []));
  const highest = (its: readonly Mark[], most: Ternary): Level => {
    if (most === 'yes') return 'admin';
    if (its.some(({ access }) => access !== 'read')) return 'write';
    return its.length > 0 ? 'read' : 'none';
  };
  return {
    level: highest(
      marks.filter(({ keys }) => keys === null),
      admin.answer,
    ),
    atMost: highest(marks, admin.answer === 'unknown' ? 'yes' : admin.answer),
    admin: admin.answer,
    escalates,
    ways,
    grants: admin.answer === 'yes' ? ['everything on everything'] : inWords(marks),
    keys: [...new Set([...admin.keys, ...onWays, ...marks.flatMap(({ keys }) => keys ?? [])])].sort(),
    unreadable: [...new Set(unreadable)].sort(),
  };
}

/** Whether policies make an administrator of whoever holds them. */
export function administers(policies: Policies, holder: Holder): { readonly answer: Ternary; readonly keys: readonly string[] } {
  const context = atMostBy(holder);
  const anything = `arn:aws:tickmark:region:${holder.accountId}:any/thing`;
  const every = EVERYTHING.map((action) => decide(policies, { action, resource: anything, context }));
  const takes = TAKES_ALL.map((act) => {
    const [kind = '', name = ''] = act.split(' ');
    return decide(policies, { action: `iam:${name}`, resource: `arn:aws:iam::${holder.accountId}:${kind}/tickmark`, context });
  });
  const answer = any([every, takes].map((its) => all(its.map(claim))));
  return { answer, keys: answer === 'unknown' ? keysOf([...every, ...takes]) : [] };
}

function escalation(policies: Policies, holder: Holder): Pick<Rights, 'escalates' | 'ways' | 'keys'> {
  const context = atMostBy(holder);
  const tried = WAYS.map((way) => {
    const decisions = way.acts.map(({ action, resource, carries = {} }) =>
      decide(policies, { action, resource: resource.replace('ACCOUNT', holder.accountId), context: new Map([...context, ...contextOf(carries)]) }),
    );
    return { name: nameOf(way), answer: all(decisions.map(claim)), keys: keysOf(decisions) };
  });
  const escalates = any(tried.map(({ answer }) => answer));
  const its = tried.filter(({ answer }) => answer === escalates && answer !== 'no');
  return { escalates, ways: [...new Set(its.map(({ name }) => name))].sort(), keys: [...new Set(its.flatMap(({ keys }) => keys))].sort() };
}

const claim = ({ verdict }: Decision): Ternary => (verdict === 'allowed' ? 'yes' : verdict === 'denied' ? 'no' : 'unknown');
const keysOf = (decisions: readonly Decision[]): readonly string[] => [...new Set(decisions.flatMap(({ keys }) => keys))].sort();

/**
 * What a request of the holder carries where he does what he can: it goes over TLS, and he signed in with a second
 * factor. Where he is, when it is, and what tags he and the resource bear is not known.
 */
export function atMostBy({ kind, arn, name, accountId }: Holder): Context {
  return contextOf({
    'aws:PrincipalArn': arn,
    'aws:PrincipalAccount': accountId,
    'aws:PrincipalType': kind === 'user' ? 'User' : 'AssumedRole',
    'aws:username': kind === 'user' ? name : null,
    'aws:SecureTransport': 'true',
    'aws:MultiFactorAuthPresent': 'true',
    'aws:PrincipalIsAWSService': 'false',
    'aws:PrincipalServiceName': null,
    'aws:ViaAWSService': 'false',
    'aws:CalledVia': null,
    'aws:ResourceAccount': accountId,
  });
}

/** Access to a service that was found: on everything or on something, and the keys it hangs on; `null` where it hangs on nothing. */
interface Mark {
  readonly service: string;
  readonly access: Access;
  readonly everything: boolean;
  readonly keys: readonly string[] | null;
}

/**
 * Everything that a holder may do is covered by a pattern of something that allows it, or that a deny leaves out. So
 * examples of each such pattern are tried, on anything and on examples of each resource that is named, against all that
 * decides: what denies and limits takes them away.
 */
function marked(policies: Policies, { accountId }: Holder, context: Context): readonly Mark[] {
  const found = new Map<string, Mark>();
  const rankOf = ({ service, access }: Example): number => rank(found.get(`${service} ${access}`));
  const note = (example: Example, resource: string, everything: boolean) => {
    const { service, access, action } = example;
    const decision = decide(policies, { action, resource, context });
    if (decision.verdict === 'denied') return;
    const mark = { service, access, everything, keys: decision.verdict === 'allowed' ? null : decision.keys };
    if (rankOf(example) < rank(mark)) found.set(`${service} ${access}`, mark);
  };
  const { examples, resources } = namedIn(policies, context);
  for (const example of examples) {
    const [service = ''] = example.action.split(':');
    if (rankOf(example) === BEST) continue;
    note(example, `arn:aws:${service}:us-east-1:${accountId}:tickmark/tickmark`, true);
    note(example, `arn:aws:${service}:::tickmark/tickmark`, true);
    for (const resource of resources) if (rankOf(example) <= OPEN && isOf(resource, service)) note(example, resource, false);
  }
  return [...found.values()];
}

/** How much a mark tells: 3 and 4 are sure, 2 and 4 are of everything. */
const rank = (mark: Mark | undefined): number => (mark === undefined ? 0 : (mark.keys === null ? 3 : 1) + (mark.everything ? 1 : 0));
const [OPEN, BEST] = [2, 4];

function namedIn(
  { identity, boundary, controls }: Policies,
  context: Context,
): { readonly examples: readonly Example[]; readonly resources: readonly string[] } {
  const statements = [identity, boundary ?? [], ...controls]
    .flat()
    .flatMap(({ document }) => (document?.statements ?? []).map((statement) => ({ ...statement, variables: document?.variables ?? false })));
  const [examples, resources] = [new Map<string, Example>(), new Set<string>()];
  for (const { effect, actions, notActions, resources: its, notResources, variables } of statements) {
    const named = (effect === 'Deny') === notActions ? actions.flatMap(examplesOf) : effect === 'Allow' ? EXAMPLES_OF_ALL : [];
    for (const example of named) examples.set(`${example.service} ${example.action}`, example);
    if ((effect === 'Deny') === notResources)
      for (const written of its) for (const resource of exampleFor(written, context, variables)) resources.add(resource);
  }
  return { examples: [...examples.values()], resources: [...resources] };
}

function exampleFor(written: string, context: Context, variables: boolean): readonly string[] {
  const its = filled(written, context, variables);
  return its.kind === 'never' ? [] : [exampleOf('pattern' in its ? its.pattern : its.widest, 'tickmark')];
}

/** Whether a resource may be of a service. */
function isOf(resource: string, service: string): boolean {
  const [, , its] = resource.split(':');
  return its === undefined || its === service || its.includes('tickmark');
}

/** More services than these are counted, not named. */
const NAMED = 12;

function inWords(marks: readonly Mark[]): readonly string[] {
  const lines = Map.groupBy(
    marks,
    ({ access, everything, keys }) =>
      `${access === 'permissions' ? 'permission management' : access} on ${everything ? 'everything' : 'some resources'}${underKeys(keys)}`,
  );
  return [...lines].map(([what, its]) => `${what}: ${servicesIn(its)}`).sort();
}

const underKeys = (keys: readonly string[] | null): string =>
  keys === null ? '' : keys.length > 0 ? `, under ${keys.join(', ')}` : ', which cannot be decided';

function servicesIn(marks: readonly Mark[]): string {
  const services = [...new Set(marks.map(({ service }) => service))].sort();
  if (services.includes('*')) return 'every service that is not denied';
  return services.length > NAMED ? `${services.length} services` : services.join(', ');
}
