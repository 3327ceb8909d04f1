import { z } from 'zod';
import type { MfaEnforcement } from '../../datasets/identity/mfa-enforcement.ts';
import { isOpen } from './auth-policies.ts';

const People = z.object({
  users: z.object({ include: z.array(z.string()).default([]), exclude: z.array(z.string()).default([]) }).nullish(),
  groups: z.object({ include: z.array(z.string()).default([]), exclude: z.array(z.string()).default([]) }).nullish(),
});

/** GET /api/v1/policies: of every type, with the settings that only password policies have. */
export const Policy = z.object({
  id: z.string().min(1),
  name: z.string(),
  status: z.string(),
  priority: z.int().nullish(),
  conditions: z.object({ people: People.nullish() }).nullish(),
  settings: z
    .object({
      password: z
        .object({
          complexity: z
            .object({
              minLength: z.int().optional(),
              minSymbol: z.int().optional(),
              minNumber: z.int().optional(),
              minUpperCase: z.int().optional(),
              minLowerCase: z.int().optional(),
            })
            .optional(),
          age: z.object({ maxAgeDays: z.int().optional(), historyCount: z.int().optional() }).optional(),
          lockout: z.object({ maxAttempts: z.int().optional() }).optional(),
        })
        .optional(),
    })
    .nullish(),
});

/** GET /api/v1/policies/{id}/rules */
export const PolicyRule = z.object({
  id: z.string().min(1),
  name: z.string(),
  status: z.string(),
  priority: z.int().nullish(),
  conditions: z
    .looseObject({
      people: People.nullish(),
      network: z.looseObject({ connection: z.string() }).nullish(),
      authContext: z.looseObject({ authType: z.string() }).nullish(),
    })
    .nullish(),
  actions: z
    .object({
      signon: z
        .looseObject({
          access: z.string(),
          requireFactor: z.boolean().optional(),
          factorPromptMode: z.string().nullish(),
          /** Told by the Identity Engine alone, where the policy of each application asks besides. */
          primaryFactor: z.string().nullish(),
        })
        .optional(),
    })
    .nullish(),
});

type Rule = z.infer<typeof PolicyRule>;
type SignOn = NonNullable<NonNullable<Rule['actions']>['signon']>;
export type SignOnPolicy = z.infer<typeof Policy> & { readonly rules: readonly Rule[] };
interface Person {
  readonly id: string;
  readonly groups: readonly string[];
}

/**
 * What the global session policies ask of a person at sign-in: the first policy that includes them decides, and in it
 * the first rule that applies. A rule that applies only in some places and lets in with a password alone is a bypass;
 * under the Identity Engine it leaves the second factor to the policies of applications, and what those ask is unknown.
 */
export function enforcementOf(policies: readonly SignOnPolicy[], person: Person): Pick<MfaEnforcement, 'enforced' | 'by' | 'bypasses'> {
  const policy = inOrder(policies).find((it) => includes(it.conditions?.people, person));
  if (!policy) return { enforced: 'unknown', by: [], bypasses: [] };
  const bypasses: string[] = [];
  let undecided = false;
  for (const rule of inOrder(policy.rules)) {
    const name = `${policy.name}: ${rule.name}`;
    const { network, authContext, people, ...others } = rule.conditions ?? {};
    if (!people || includes(people, person, true)) {
      const strange = !isOpen(others); // a condition that is not understood here
      const everywhere = (network?.connection ?? 'ANYWHERE') === 'ANYWHERE' && (authContext?.authType ?? 'ANY') === 'ANY' && !strange;
      const signon = rule.actions?.signon;
      if (!signon) undecided = true;
      else if (signon.access === 'ALLOW') {
        if (isLeftToApplications(signon)) undecided = true;
        else if (signon.requireFactor !== true) bypasses.push(everywhere ? name : `${name} (${where(rule)})`);
        else if (signon.factorPromptMode === 'DEVICE') bypasses.push(`${name} (a remembered device is not asked again)`);
        if (strange && signon.requireFactor === undefined) undecided = true;
      }
      if (everywhere && signon) {
        const enforced = bypasses.length > 0 ? 'no' : undecided ? 'unknown' : 'yes';
        return { enforced, by: signon.requireFactor === true || signon.access !== 'ALLOW' ? [name] : [], bypasses };
      }
    }
  }
  return { enforced: bypasses.length > 0 ? 'no' : 'unknown', by: [], bypasses };
}

const isLeftToApplications = ({ primaryFactor, requireFactor, factorPromptMode }: SignOn): boolean =>
  primaryFactor !== null && primaryFactor !== undefined && (requireFactor !== true || factorPromptMode === 'DEVICE');

const where = ({ conditions }: Rule): string =>
  conditions?.network && conditions.network.connection !== 'ANYWHERE'
    ? `from ${conditions.network.connection === 'ZONE' ? 'a network zone' : conditions.network.connection}`
    : 'under a condition';

function inOrder<Entry extends { readonly status: string; readonly priority?: number | null | undefined }>(entries: readonly Entry[]): readonly Entry[] {
  return entries.flatMap((entry) => (entry.status === 'ACTIVE' ? [entry] : [])).sort((a, b) => (a.priority ?? 1e9) - (b.priority ?? 1e9));
}

/** Whom a condition is about. A rule without groups is about everyone; a policy names its groups. */
function includes(people: z.infer<typeof People> | null | undefined, { id, groups }: Person, rule = false): boolean {
  if (people?.users?.exclude.includes(id) || people?.groups?.exclude.some((group) => groups.includes(group))) return false;
  const [named, among] = [people?.users?.include ?? [], people?.groups?.include ?? []];
  if (named.length === 0 && among.length === 0) return rule || people === null || people === undefined;
  return named.includes(id) || among.some((group) => groups.includes(group));
}
