import { createRequire } from 'node:module';
import type { Engine, NestedCondition } from 'json-rules-engine';
import { days } from '../../src/core/instant.ts';
import type { Test } from './checks.ts';
import type { User } from './year.ts';

// Its ES module build exports nothing that Node can name: the other build is asked for.
const { Engine: RulesEngine } = createRequire(import.meta.url)('json-rules-engine') as { readonly Engine: typeof Engine };

const is = (fact: keyof User, value: boolean | number, operator = 'equal'): NestedCondition => ({ fact, operator, value });

const RULES: Readonly<Record<string, NestedCondition>> = {
  'mfa-off': { all: [is('password', true), is('mfa', false)] },
  'password-old': is('password', true),
  'key1-old': is('key1', true),
  'key2-old': is('key2', true),
  'two-keys': { all: [is('key1', true), is('key2', true)] },
  'direct-policies': is('policies', 0, 'greaterThan'),
  'admin-without-mfa': { all: [is('admin', true), is('mfa', false)] },
  unused: { any: [is('password', true), is('key1', true)] },
  'password-and-key': { all: [is('password', true), is('key1', true)] },
  'no-group': is('groups', 0),
};

/** The ten tests as rules of json-rules-engine. Yields test and user of each that fails. */
export function byRules(tests: readonly Test[], users: readonly User[], at: number): () => Promise<readonly (readonly [number, string])[]> {
  const engine = new RulesEngine();
  tests.forEach(({ id, since }, test) => {
    const condition = RULES[id];
    if (!condition) throw new RangeError(`no rule for ${id}`);
    const due = since ? [is(since.field, at - days(since.days), 'lessThanInclusive')] : [];
    engine.addRule({ conditions: { all: [condition, ...due] }, event: { type: String(test) } });
  });
  return async () => {
    const failing: (readonly [number, string])[] = [];
    for (const user of users) for (const { type } of (await engine.run(user)).events) failing.push([Number(type), user.id]);
    return failing;
  };
}
