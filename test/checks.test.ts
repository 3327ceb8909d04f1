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
  'it tells what conforms from what deviates': [defineCheck({ ...base, examine: () => conforms() }), good],
};

it.each(Object.keys(LAWS))('a check that breaks it is caught: %s', (law) => {
  const [check, cases] = BROKEN[law] ?? [];
  expect(LAWS[law]?.(check as Check, (cases ?? []) as never).length).toBeGreaterThan(0);
});
