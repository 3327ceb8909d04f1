import { describe, expect, it } from 'vitest';
import { enforcementOf, Policy, PolicyRule, type SignOnPolicy } from './sign-on.ts';

const people = (groups: object) => ({ people: { groups } });
const allow = (requireFactor?: boolean, more: object = {}) => ({
  signon: { access: 'ALLOW', ...(requireFactor === undefined ? {} : { requireFactor }), ...more },
});
const rule = (name: string, actions: object | null, conditions: object | null = null, more: object = {}) =>
  PolicyRule.parse({ id: name, name, status: 'ACTIVE', priority: 1, actions, conditions, ...more });
const policy = (name: string, rules: SignOnPolicy['rules'], more: object = {}): SignOnPolicy => ({
  ...Policy.parse({ id: name, name, status: 'ACTIVE', priority: 1, conditions: people({ include: ['everyone'] }), ...more }),
  rules,
});
const ines = { id: 'u1', groups: ['everyone', 'finance'] };
const asks = rule('Ask', allow(true));
const office = { network: { connection: 'ZONE' } };

describe('what Okta asks of a person at sign-in', () => {
  it('is a second factor where the first rule that applies says so', () =>
    expect(enforcementOf([policy('All', [asks])], ines)).toEqual({ enforced: 'yes', by: ['All: Ask'], bypasses: [] }));

  it('is nothing but a refusal where nobody is let in', () =>
    expect(enforcementOf([policy('All', [rule('Never', { signon: { access: 'DENY' } })])], ines)).toEqual({
      enforced: 'yes',
      by: ['All: Never'],
      bypasses: [],
    }));

  it('trap 3: is not what a policy or rule asks that is not active', () => {
    const [reports, trial] = [
      policy('Report', [asks], { status: 'INACTIVE' }),
      policy('Trial', [rule('Ask', allow(true), null, { status: 'INACTIVE' }), rule('Any', allow(false))], { priority: 2 }),
    ];
    expect(enforcementOf([reports], ines)).toEqual({ enforced: 'unknown', by: [], bypasses: [] });
    expect(enforcementOf([reports, trial], ines)).toEqual({ enforced: 'no', by: [], bypasses: ['Trial: Any'] });
  });

  it('trap 3: is what the next policy asks of whom the first leaves out', () => {
    const strict = (out: object) => policy('Strict', [asks], { conditions: people({ include: ['everyone'], exclude: ['finance'] }), ...out });
    const loose = policy('Default', [rule('Any', allow(false))], { priority: 2 });
    expect(enforcementOf([loose, strict({})], ines)).toEqual({ enforced: 'no', by: [], bypasses: ['Default: Any'] });
    expect(enforcementOf([loose, strict({})], { id: 'u2', groups: ['everyone'] })).toMatchObject({ enforced: 'yes', by: ['Strict: Ask'] });
    expect(enforcementOf([strict({})], ines)).toEqual({ enforced: 'unknown', by: [], bypasses: [] });
    const byName = policy('Strict', [asks], { conditions: { people: { users: { exclude: ['u1'] }, groups: { include: ['everyone'] } } } });
    expect(enforcementOf([byName, loose], ines)).toMatchObject({ enforced: 'no', bypasses: ['Default: Any'] });
  });

  it('trap 3: is nothing where a rule of a trusted network comes first', () =>
    expect(enforcementOf([policy('All', [asks, rule('Office', allow(false), office, { priority: 0 })])], ines)).toEqual({
      enforced: 'no',
      by: ['All: Ask'],
      bypasses: ['All: Office (from a network zone)'],
    }));

  it('trap 3: is nothing where a looser rule comes first, and something where it comes after', () => {
    const loose = (priority: number) => policy('All', [asks, rule('Any', allow(false), null, { priority })]);
    expect(enforcementOf([loose(0)], ines)).toEqual({ enforced: 'no', by: [], bypasses: ['All: Any'] });
    expect(enforcementOf([loose(2)], ines)).toEqual({ enforced: 'yes', by: ['All: Ask'], bypasses: [] });
    const ofOthers = policy('All', [asks, rule('Any', allow(false), people({ include: ['sales'] }), { priority: 0 })]);
    expect(enforcementOf([ofOthers], ines)).toMatchObject({ enforced: 'yes', bypasses: [] });
  });

  it('trap 3: is asked once only of a remembered device', () =>
    expect(enforcementOf([policy('All', [rule('Ask', allow(true, { factorPromptMode: 'DEVICE' }))])], ines)).toEqual({
      enforced: 'no',
      by: ['All: Ask'],
      bypasses: ['All: Ask (a remembered device is not asked again)'],
    }));

  it('is what a rule says whose conditions say "any": they ask for nothing', () => {
    const open = {
      network: { connection: 'ANYWHERE' },
      authContext: { authType: 'ANY' },
      riskScore: { level: 'ANY' },
      identityProvider: { provider: 'ANY' },
      risk: { behaviors: [] },
    };
    expect(enforcementOf([policy('All', [rule('Ask', allow(true), open)])], ines)).toEqual({ enforced: 'yes', by: ['All: Ask'], bypasses: [] });
    expect(enforcementOf([policy('All', [rule('Any', allow(false), open), asks])], ines)).toEqual({ enforced: 'no', by: [], bypasses: ['All: Any'] });
    const narrow = [
      ['riskScore', { level: 'LOW' }],
      ['identityProvider', { provider: 'SPECIFIC_IDP', idpIds: ['0oa1'] }],
      ['risk', { behaviors: ['New country'] }],
    ] as const;
    for (const [name, condition] of narrow)
      expect(enforcementOf([policy('All', [rule('Ask', allow(true), { ...open, [name]: condition })])], ines)).toMatchObject({ enforced: 'unknown' });
  });

  it('is not known under the Identity Engine where a rule leaves the second factor to the applications', () => {
    const left = (primaryFactor: string, more: object = {}) => allow(false, { primaryFactor, ...more });
    const nothing = { enforced: 'unknown', by: [], bypasses: [] };
    expect(enforcementOf([policy('All', [rule('Any', left('PASSWORD_IDP_ANY_FACTOR'))])], ines)).toEqual(nothing);
    expect(enforcementOf([policy('All', [rule('Any', left('PASSWORD_IDP'))])], ines)).toEqual(nothing);
    const office = rule('Office', left('PASSWORD_IDP'), { network: { connection: 'ZONE' } }, { priority: 0 });
    expect(enforcementOf([policy('All', [office, rule('Ask', allow(true, { primaryFactor: 'PASSWORD_IDP' }))])], ines)).toEqual({
      enforced: 'unknown',
      by: ['All: Ask'],
      bypasses: [],
    });
    const remembered = allow(true, { primaryFactor: 'PASSWORD_IDP', factorPromptMode: 'DEVICE' });
    expect(enforcementOf([policy('All', [rule('Ask', remembered)])], ines)).toEqual({ enforced: 'unknown', by: ['All: Ask'], bypasses: [] });
    const always = allow(true, { primaryFactor: 'PASSWORD_IDP', factorPromptMode: 'ALWAYS' });
    expect(enforcementOf([policy('All', [rule('Ask', always)])], ines)).toEqual({ enforced: 'yes', by: ['All: Ask'], bypasses: [] });
    // Whatever applications ask for, nobody gets past a refusal.
    expect(enforcementOf([policy('All', [rule('Never', { signon: { access: 'DENY', primaryFactor: 'PASSWORD_IDP' } })])], ines)).toMatchObject({
      enforced: 'yes',
    });
  });

  it('is not known where a condition is not understood, nothing is said, or no policy is about the person', () => {
    const strange = rule('Risky', allow(), { riskScore: { level: 'HIGH' } }, { priority: 0 });
    expect(enforcementOf([policy('All', [rule('Strange', allow(true), { riskScore: { level: 'HIGH' } })])], ines)).toMatchObject({ enforced: 'unknown' });
    expect(enforcementOf([policy('All', [asks, strange])], ines)).toMatchObject({ enforced: 'no', bypasses: ['All: Risky (under a condition)'] });
    expect(enforcementOf([policy('All', [rule('Silent', null, null, { priority: 0 }), asks])], ines)).toMatchObject({ enforced: 'unknown' });
    expect(enforcementOf([policy('Sales', [asks], { conditions: people({ include: ['sales'] }) })], ines)).toEqual({
      enforced: 'unknown',
      by: [],
      bypasses: [],
    });
    expect(enforcementOf([], ines)).toEqual({ enforced: 'unknown', by: [], bypasses: [] });
  });
});
