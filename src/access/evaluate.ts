import type { Ternary } from '../core/ternary.ts';
import { all, any } from './claims.ts';
import { held } from './conditions.ts';
import { type Context, fitsFilled } from './context.ts';
import type { Document, Statement } from './document.ts';
import { fits } from './pattern.ts';

/** A policy with a name; its document is `null` where it cannot be read. */
export interface Policy {
  readonly name: string;
  readonly document: Document | null;
}

/** All that decides what an identity may do, but for what resources themselves say. */
export interface Policies {
  /** What it holds: inline, attached, and through its groups. */
  readonly identity: readonly Policy[];
  /** Its permissions boundary; `null` where it has none. It grants nothing: it limits. */
  readonly boundary: readonly Policy[] | null;
  /** Service control policies, a list for each level from the root of the organization down to the account. Each level must allow. */
  readonly controls: readonly (readonly Policy[])[];
}

/** One act: `s3:GetObject` on an ARN. */
export interface Request {
  readonly action: string;
  readonly resource: string;
  readonly context: Context;
}

export interface Decision {
  readonly verdict: 'allowed' | 'denied' | 'unknown';
  /** A deny that certainly applies: nothing can allow it. */
  readonly explicit: boolean;
  /** Condition keys and variables on which it hangs, where it is unknown. */
  readonly keys: readonly string[];
  /** Policies that cannot be read and might change it, where it is unknown. */
  readonly unreadable: readonly string[];
  /** Policies of the identity that allow it, or might. */
  readonly by: readonly string[];
}

/**
 * What the policies of an identity make of a request (IAM user guide, "Policy evaluation logic", for one account): a deny
 * anywhere decides; else the identity's policies, its boundary and every level of service control policies must each allow.
 */
export function decide({ identity, boundary, controls }: Policies, request: Request): Decision {
  const own = said(identity, request);
  const limits = [...(boundary === null ? [] : [boundary]), ...controls].map((policies) => said(policies, request));
  const every = [own, ...limits];
  const deny = any(every.map((one) => one.deny));
  const allow = all(every.map((one) => one.allow));
  const verdict = deny === 'yes' || allow === 'no' ? 'denied' : deny === 'unknown' || allow === 'unknown' ? 'unknown' : 'allowed';
  const open = verdict === 'unknown' ? every : [];
  return {
    verdict,
    explicit: deny === 'yes',
    keys: [...new Set(open.flatMap(({ keys }) => keys))].sort(),
    unreadable: [...new Set(open.flatMap(({ unreadable }) => unreadable))].sort(),
    by: verdict === 'denied' ? [] : own.by,
  };
}

/** What one set of policies says of a request, whatever others say. */
interface Said {
  readonly allow: Ternary;
  readonly deny: Ternary;
  readonly keys: readonly string[];
  readonly unreadable: readonly string[];
  readonly by: readonly string[];
}

function said(policies: readonly Policy[], request: Request): Said {
  const folded = { ...request, action: request.action.toLowerCase() };
  const unreadable = policies.filter(({ document }) => document === null).map(({ name }) => name);
  const claims: { Allow: Ternary; Deny: Ternary } = unreadable.length > 0 ? { Allow: 'unknown', Deny: 'unknown' } : { Allow: 'no', Deny: 'no' };
  const keys: string[] = [];
  const by = new Set<string>();
  for (const { name, document } of policies) {
    for (const statement of document?.statements ?? []) {
      const its = applies(statement, folded, document?.variables ?? false);
      if (its.answer === 'no') continue;
      claims[statement.effect] = any([claims[statement.effect], its.answer]);
      keys.push(...its.keys);
      if (statement.effect === 'Allow') by.add(name);
    }
  }
  return { allow: claims.Allow, deny: claims.Deny, keys, unreadable, by: [...by].sort() };
}

interface Applies {
  readonly answer: Ternary;
  readonly keys: readonly string[];
}
const NOT: Applies = { answer: 'no', keys: [] };

function applies(statement: Statement, { action, resource, context }: Request, variables: boolean): Applies {
  if (statement.patterns.some((pattern) => fits(pattern, action)) === statement.notActions) return NOT;
  const on = resourceFits(statement, resource, context, variables);
  if (on.answer === 'no') return NOT;
  const under = held(statement.tests, context, variables);
  return { answer: all([on.answer, under.answer]), keys: under.answer === 'no' ? [] : [...on.keys, ...under.keys] };
}

function resourceFits({ resources, notResources }: Statement, resource: string, context: Context, variables: boolean): Applies {
  const found = resources.map((pattern) => fitsFilled(pattern, resource, context, { variables, turned: notResources }));
  const one = any(found.map(({ answer }) => answer));
  const answer = !notResources || one === 'unknown' ? one : one === 'yes' ? 'no' : 'yes';
  return { answer, keys: one === 'unknown' ? found.flatMap(({ key }) => key ?? []) : [] };
}
