import { expect, it } from 'vitest';
import { type Check, conforms, defineCheck, deviates } from '../src/checks/check.ts';
import { days } from '../src/core/instant.ts';
import { activity } from '../src/datasets/identity/activity.ts';
import { accessKeys } from '../src/datasets/iam/access-keys.ts';
import { type Case, LAWS } from './check-tester.ts';
import { AT, activity as use, key } from './rows.ts';

const base = { id: 'bad', title: 'Bad', version: 1, asserts: 'It is bad.', population: accessKeys } as const;
const good: Case<never, never>[] = [{ item: key() as never }, { item: key({ createdAt: 0 }) as never }];
const withUse = { ...base, with: { use: activity.where(({ lastUsedAt }) => lastUsedAt !== null).on('userId') } };
const anyUse = defineCheck({ ...withUse, examine: (_, { use }) => (use.length > 0 ? conforms() : deviates('is not used')) });
const tolerant = defineCheck({ ...base, tolerates: 0.5, examine: ({ createdAt }) => (createdAt > 0 ? conforms() : deviates('has no date')) });
const two = [use({ lastUsedAt: 1 }), use({ lastUsedAt: 2, systemId: 'x' })];

/** A check that breaks each law, with the cases that show it. */
const BROKEN: Readonly<Record<string, readonly [check: unknown, cases: readonly unknown[]]>> = {
  'rows fit their datasets': [defineCheck({ ...base, examine: () => conforms() }), [{ item: key({ keyId: '' }) }]],
  'joined rows are admitted by the join': [
    defineCheck({ ...withUse, examine: () => conforms() }),
    [{ item: key(), given: { use: [use({ lastUsedAt: null })] } }],
  ],
  'the order of rows does not matter': [
    defineCheck({ ...withUse, examine: (_, { use: [first] }) => deviates(`was used at ${first?.lastUsedAt}`) }),
    [{ item: key(), given: { use: two } }],
  ],
  'until that instant nothing changes': [
    defineCheck({ ...base, examine: ({ createdAt }, { at }) => (at < createdAt + days(90) ? conforms() : deviates('is too old')) }),
    [{ item: key(), at: AT }],
  ],
  'reasons name instants, never ages': [defineCheck({ ...base, examine: () => deviates('is 91 days old') }), good],
  'what it cites was joined to it': [
    defineCheck({ ...withUse, examine: () => deviates('is used', { cites: [use()] }) }),
    [{ item: key(), given: { use: two } }],
  ],
  'trap 65: without one of its datasets it is unknown': [anyUse, [{ item: key(), given: { use: [use({ userId: 'somebody else' })] } }]],
  'one more item never turns fail into pass': [tolerant, good],
  'it tells what conforms from what deviates': [defineCheck({ ...base, examine: () => conforms() }), good],
};

it.each(Object.keys(LAWS))('a check that breaks it is caught: %s', (law) => {
  const [check, cases] = BROKEN[law] ?? [];
  expect(LAWS[law]?.(check as Check, (cases ?? []) as never).length).toBeGreaterThan(0);
});

/** Checks that say one `until` and forget another, or change for a moment only. */
const FORGETFUL: Readonly<Record<string, Parameters<typeof defineCheck>[0]['examine']>> = {
  'the second of two': ({ createdAt }, { at }) => {
    const due = Number(createdAt) + days(90);
    if (at < due) return conforms({ until: due });
    return at < due + days(1200) ? deviates('is too old') : conforms();
  },
  'of a term that lasts a minute': ({ createdAt }, { at }) => {
    const from = Number(createdAt) + days(365);
    return at >= from && at < from + 60_000 ? deviates('has its day') : conforms();
  },
  'said too late by a millisecond': ({ createdAt }, { at }) => {
    const due = Number(createdAt) + days(90);
    return at < due ? conforms({ until: due + 1 }) : deviates('is too old');
  },
};

it.each(Object.keys(FORGETFUL))('a check that forgot an "until" is caught: %s', (name) => {
  const check = defineCheck({ ...base, examine: FORGETFUL[name] } as never);
  expect(LAWS['until that instant nothing changes']?.(check as unknown as Check, [{ item: key({ createdAt: AT - days(10) }), at: AT }] as never)).not.toEqual(
    [],
  );
});

it('a check that says every "until" breaks no law', () => {
  const examine = ({ createdAt }: { readonly createdAt: number }, { at }: { readonly at: number }) => {
    const due = createdAt + days(90);
    return at < due ? conforms({ until: due }) : deviates('is too old');
  };
  const check = defineCheck({ ...base, examine } as never);
  expect(LAWS['until that instant nothing changes']?.(check as unknown as Check, [{ item: key({ createdAt: AT - days(10) }), at: AT }] as never)).toEqual([]);
});
