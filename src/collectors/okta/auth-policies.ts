import { z } from 'zod';
import { ternary } from '../../core/ternary.ts';
import type { AuthPolicy as Row } from '../../datasets/identity/auth-policies.ts';
import { type Application, policyOf } from './application-rows.ts';

const ids = z.array(z.string().min(1)).nullish();
const some = z.object({ include: ids, exclude: ids }).nullish();
const People = z.object({ users: some, groups: some }).nullish();
const minutes = z.number().nullish();

/** GET /api/v1/policies?type=OKTA_SIGN_ON and ACCESS_POLICY */
export const AuthPolicy = z.object({
  id: z.string().min(1),
  type: z.string(),
  name: z.string().min(1),
  status: z.string().nullish(),
  priority: z.int().nullish(),
  conditions: z.looseObject({ people: People }).nullish(),
});
type AuthPolicy = z.infer<typeof AuthPolicy>;

/** GET /api/v1/policies/{id}/rules */
export const AuthRule = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  status: z.string().nullish(),
  priority: z.int().nullish(),
  conditions: z.looseObject({ people: People }).nullish(),
  actions: z
    .object({
      signon: z
        .object({
          access: z.string().nullish(),
          requireFactor: z.boolean().nullish(),
          factorPromptMode: z.string().nullish(),
          factorLifetime: minutes,
          session: z.object({ maxSessionLifetimeMinutes: minutes, maxSessionIdleMinutes: minutes, usePersistentCookie: z.boolean().nullish() }).nullish(),
        })
        .nullish(),
      appSignOn: z
        .object({
          access: z.string().nullish(),
          verificationMethod: z.object({ type: z.string().nullish(), factorMode: z.string().nullish(), reauthenticateIn: z.string().nullish() }).nullish(),
        })
        .nullish(),
    })
    .nullish(),
});
type AuthRule = z.infer<typeof AuthRule>;

interface Tenant {
  readonly system: string;
  /** Names of groups, by id. */
  readonly names: ReadonlyMap<string, string>;
}

/** One row for each rule; of a policy without any, one that says so. */
export function policyRows(policy: AuthPolicy, rules: readonly AuthRule[], apps: readonly Application[], { system, names }: Tenant): readonly Row[] {
  const kind = policy.type === 'ACCESS_POLICY' ? 'application' : 'session';
  const bound = kind === 'application' ? apps.flatMap((app) => (policyOf(app) === policy.id ? [app.id] : [])).sort() : [];
  return (rules.length > 0 ? rules : [null]).map((rule) => ({
    systemId: system,
    policyId: policy.id,
    ruleId: rule?.id ?? null,
    policy: policy.name,
    rule: rule?.name ?? null,
    kind,
    status: stateOf(policy, rule),
    policyPriority: policy.priority ?? null,
    rulePriority: rule?.priority ?? null,
    ...audience(policy, rule, names),
    applicationIds: bound,
    conditions: conditionsOf(policy, rule),
    ...(kind === 'application' ? signOnOf(rule) : sessionOf(rule)),
  }));
}

function stateOf(policy: AuthPolicy, rule: AuthRule | null): Row['status'] {
  const states = [policy.status, ...(rule === null ? [] : [rule.status])];
  if (states.includes('INACTIVE')) return 'disabled';
  return states.every((state) => state === 'ACTIVE') ? 'enforced' : 'unknown';
}

function audience(policy: AuthPolicy, rule: AuthRule | null, names: ReadonlyMap<string, string>) {
  const [wide, narrow] = [policy.conditions?.people, rule?.conditions?.people];
  const nearest = (kind: 'users' | 'groups') => {
    const its = narrow?.[kind]?.include ?? [];
    return [...(its.length > 0 ? its : (wide?.[kind]?.include ?? []))].sort();
  };
  const left = (kind: 'users' | 'groups') => [...new Set([...(wide?.[kind]?.exclude ?? []), ...(narrow?.[kind]?.exclude ?? [])])].sort();
  const groupIds = nearest('groups');
  return {
    groupIds,
    groups: groupIds.map((group) => names.get(group) ?? group),
    userIds: nearest('users'),
    exceptGroupIds: left('groups'),
    exceptUserIds: left('users'),
  };
}

/** What each condition says where it asks for nothing. */
const OPEN = ['ANYWHERE', 'ANY'];

/** Conditions beside the people, by name. One that says no more than "any" is none. */
const conditionsOf = (policy: AuthPolicy, rule: AuthRule | null): readonly string[] =>
  [
    ...new Set(
      [policy, rule].flatMap((it) => Object.entries(it?.conditions ?? {}).flatMap(([name, value]) => (name === 'people' || isOpen(value) ? [] : [name]))),
    ),
  ].sort();

/** Whether a condition asks for nothing. */
export function isOpen(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value === 'object') return Object.values(value).every(isOpen);
  return OPEN.includes(String(value));
}

type Decision = Pick<Row, 'access' | 'secondFactor' | 'rememberedFor' | 'sessionLifetimeMinutes' | 'sessionIdleMinutes' | 'persistentCookie'>;

function sessionOf(rule: AuthRule | null): Decision {
  const { access, requireFactor, factorPromptMode, factorLifetime, session } = rule?.actions?.signon ?? {};
  return {
    access: accessOf(access),
    secondFactor: access === 'ALLOW' ? ternary(requireFactor) : 'unknown',
    rememberedFor: requireFactor !== true ? null : factorPromptMode === 'ALWAYS' ? 0 : whole(factorLifetime),
    sessionLifetimeMinutes: whole(session?.maxSessionLifetimeMinutes),
    sessionIdleMinutes: whole(session?.maxSessionIdleMinutes),
    persistentCookie: ternary(session?.usePersistentCookie),
  };
}

function signOnOf(rule: AuthRule | null): Decision {
  const { access, verificationMethod } = rule?.actions?.appSignOn ?? {};
  const { factorMode, reauthenticateIn } = verificationMethod ?? {};
  return {
    access: accessOf(access),
    secondFactor: access === 'ALLOW' && factorMode ? (factorMode === '2FA' ? 'yes' : factorMode === '1FA' ? 'no' : 'unknown') : 'unknown',
    rememberedFor: inMinutes(reauthenticateIn),
    sessionLifetimeMinutes: null,
    sessionIdleMinutes: null,
    persistentCookie: 'unknown',
  };
}

const accessOf = (access: string | null | undefined): Row['access'] => (access === 'ALLOW' ? 'allow' : access === 'DENY' ? 'deny' : 'unknown');
const whole = (value: number | null | undefined): number | null => (typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null);

/** ISO 8601, as Okta writes it: `PT2H`, `PT0S`, `P30D`. A part of a minute counts as one. */
function inMinutes(duration: string | null | undefined): number | null {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration ?? '');
  if (!match || duration === 'P' || duration?.endsWith('T')) return null;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return days * 1440 + hours * 60 + minutes + Math.ceil(seconds / 60);
}
