import type { Ternary } from '../core/ternary.ts';
import { all, any } from './claims.ts';
import { held } from './conditions.ts';
import type { Context } from './context.ts';
import { hasOnly, isObject, listOf, OF_DOCUMENT, objectOf, type Test, testsOf, texts, VERSIONS } from './document.ts';
import { type Decision, decide, type Policies, type Policy } from './evaluate.ts';
import { fits, prepared } from './pattern.ts';
import { atMostBy, type Holder } from './rights.ts';

/** A role that somebody may take. */
export interface Takeable {
  readonly arn: string;
  readonly accountId: string;
  /** Its trust policy, canonical JSON; `null` where nobody told it. */
  readonly trust: string | null;
}

/** Whether a principal may take a role, and the condition keys on which that hangs where it cannot be said. */
export interface Taking {
  readonly answer: Ternary;
  readonly keys: readonly string[];
}

/** One statement of a trust policy that bears on `sts:AssumeRole`. */
interface Statement {
  readonly effect: 'Allow' | 'Deny';
  /** Users, roles, sessions and accounts it names, and `*`; `null` where it names all but some. */
  readonly principals: readonly string[] | null;
  readonly tests: readonly Test[];
}
interface Trust {
  readonly statements: readonly Statement[];
  readonly variables: boolean;
}

const ACT = 'sts:AssumeRole';
const NOBODY: Taking = { answer: 'no', keys: [] };
const OPEN: Taking = { answer: 'unknown', keys: [] };

/** Whether users and roles are trusted at all, or may be: not where it trusts services and identity providers alone. */
export function trustsPrincipals(trust: string | null): boolean {
  const read = trust === null ? null : readOnce(trust);
  return read === null || read.statements.some(({ effect, principals }) => effect === 'Allow' && (principals === null || principals.length > 0));
}

/**
 * Whether a user or a role may take a role (IAM user guide, "Cross-account policy evaluation logic", "How resource-based
 * policies work with implicit denies"). The role must trust it. Where the role trusts the whole account, or another
 * account, its own policies must allow it too; where the role names it, within one account, nothing may deny it.
 * @param known what the request carries; what the holder can bring about, unless said
 */
export function mayTake(policies: Policies, holder: Holder, role: Takeable, known: Context = atMostBy(holder)): Taking {
  const trust = role.trust === null ? null : readOnce(role.trust);
  if (trust === null) return OPEN;
  const context: Context = new Map([...known, ['aws:resourceaccount', [role.accountId]]]);
  const named = trustedAs(trust, context, (principal) => ownName(principal, holder));
  const account = trustedAs(trust, context, (principal) => yes(accountOf(principal) === holder.accountId));
  const anybody = trustedAs(trust, context, (principal) => yes(principal === '*'));
  const trusted = any([named, account, anybody].map(({ allow }) => allow));
  const refused = any([named, account, anybody].map(({ deny }) => deny));
  if (trusted === 'no' || refused === 'yes') return NOBODY;

  const request = { action: ACT, resource: role.arn, context };
  const own = decide(policies, request);
  const within = holder.accountId === role.accountId;
  const undenied = decide(liftedFor(policies, holder), request);
  // Whether trust in anybody is trust in this one AWS does not say.
  const alone = within ? any([all([named.allow, claim(undenied)]), weaker(all([anybody.allow, claim(undenied)]))]) : 'no';
  const answer = all([opposite(refused), any([all([trusted, claim(own)]), alone])]);
  const keys = [...named.keys, ...account.keys, ...anybody.keys, ...own.keys, ...undenied.keys];
  return { answer, keys: answer === 'unknown' ? [...new Set(keys)].sort() : [] };
}

const yes = (so: boolean): Ternary => (so ? 'yes' : 'no');
const claim = ({ verdict }: Decision): Ternary => (verdict === 'allowed' ? 'yes' : verdict === 'denied' ? 'no' : 'unknown');
const opposite = (its: Ternary): Ternary => (its === 'unknown' ? its : its === 'yes' ? 'no' : 'yes');
const weaker = (its: Ternary): Ternary => (its === 'no' ? 'no' : 'unknown');

const EVERYTHING: Policy = {
  name: 'everything',
  document: {
    statements: [{ effect: 'Allow', actions: ['*'], patterns: [prepared('*')], notActions: false, resources: ['*'], notResources: false, tests: [] }],
    variables: false,
  },
};

/** The same where silence denies nothing: of its own policies, and of a user's boundary. A role's boundary limits it all the same. */
const liftedFor = ({ identity, boundary, controls }: Policies, { kind }: Holder): Policies => ({
  identity: [...identity, EVERYTHING],
  boundary: boundary !== null && kind === 'user' ? [...boundary, EVERYTHING] : boundary,
  controls,
});

interface Trusted {
  readonly allow: Ternary;
  readonly deny: Ternary;
  readonly keys: readonly string[];
}

/** What a trust policy says of whoever meets a description. Of one that names all but some it cannot be said. */
function trustedAs({ statements, variables }: Trust, context: Context, meets: (principal: string) => Ternary): Trusted {
  const keys: string[] = [];
  const claims: Record<Statement['effect'], Ternary[]> = { Allow: [], Deny: [] };
  for (const { effect, principals, tests } of statements) {
    const who = principals === null ? 'unknown' : any(principals.map(meets));
    if (who === 'no') continue;
    const under = held(tests, context, variables);
    claims[effect].push(all([who, under.answer]));
    keys.push(...under.keys);
  }
  return { allow: any(claims.Allow), deny: any(claims.Deny), keys };
}

/** Of a session of a role it is known whose it may be, not whether it will be called that. */
function ownName(principal: string, { arn, kind, name, accountId }: Holder): Ternary {
  if (principal === arn) return 'yes';
  return kind === 'role' && new RegExp(`^arn:[\\w-]+:sts::${accountId}:assumed-role/`).test(principal) && principal.split('/')[1] === name ? 'unknown' : 'no';
}

const accountOf = (principal: string): string | null => /^(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?$/.exec(principal)?.[1] ?? null;

const READ = new Map<string, Trust | null>();
/** More than the roles of any account; beyond it documents are read again, not wrongly. */
const MOST = 20_000;

function readOnce(text: string): Trust | null {
  const known = READ.get(text);
  if (known !== undefined) return known;
  if (READ.size >= MOST) READ.clear();
  const trust = read(text);
  READ.set(text, trust);
  return trust;
}

/** `null` where it is nothing that AWS would take as a trust policy: then nothing is known of whom the role trusts. */
function read(text: string): Trust | null {
  const document = objectOf(text);
  if (document === null || !hasOnly(document, OF_DOCUMENT) || !VERSIONS.includes(document.Version) || document.Statement === undefined) return null;
  const statements = listOf(document.Statement).map(statementOf);
  if (statements.includes(null)) return null;
  return { statements: statements.flatMap((statement) => statement ?? []), variables: document.Version === '2012-10-17' };
}

const OF_STATEMENT = ['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Condition'];

/** Nothing where it bears on another act, such as that of an identity provider. */
function statementOf(written: unknown): readonly Statement[] | null {
  if (!isObject(written) || !hasOnly(written, OF_STATEMENT)) return null;
  const { Effect: effect, Principal, NotPrincipal, Action, NotAction, Condition } = written;
  if (effect !== 'Allow' && effect !== 'Deny') return null;
  if ((Action === undefined) === (NotAction === undefined) || (Principal === undefined) === (NotPrincipal === undefined)) return null;
  const [actions, tests, principals] = [texts(Action ?? NotAction), testsOf(Condition), principalsOf(Principal ?? NotPrincipal)];
  if (actions === null || tests === null || principals === null) return null;
  const covers = actions.some((action) => fits(prepared(action.toLowerCase()), ACT.toLowerCase()));
  return covers === (Action === undefined) ? [] : [{ effect, principals: Principal === undefined ? null : principals, tests }];
}

/** Those of AWS; services, identity providers and canonical users are nobody who takes a role by this act. */
function principalsOf(written: unknown): readonly string[] | null {
  if (written === '*') return ['*'];
  if (!isObject(written) || !hasOnly(written, ['AWS', 'Service', 'Federated', 'CanonicalUser'])) return null;
  return written.AWS === undefined ? [] : texts(written.AWS);
}
