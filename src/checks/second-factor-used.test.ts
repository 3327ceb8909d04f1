import { expect, it } from 'vitest';
import { checkTester } from '../../test/check-tester.ts';
import { account, signIn, system } from '../../test/rows.ts';
import { instant, minutes } from '../core/instant.ts';
import { secondFactorUsed } from './second-factor-used.ts';

const scope = [system()];
const holders = [account()];
const opened = instant('2026-05-20T12:00:00Z');
const session = signIn({ occurredAt: opened });
const factor = signIn({ eventId: 'e9', kind: 'second-factor', factor: 'OKTA_VERIFY_PUSH', occurredAt: opened - 9000 });
const without = 'ines.duarte was let in on 2026-05-20T12:00:00Z without a second factor';

checkTester(secondFactorUsed, {
  conforms: {
    'asked for before': { item: session, given: { scope, holders, factors: [factor] }, at: opened },
    'asked for within a quarter of an hour': { item: session, given: { scope, holders, factors: [{ ...factor, occurredAt: opened + minutes(15) }] } },
    'one of two is named': { item: session, given: { scope, holders, factors: [{ ...factor, factor: null }, factor] } },
  },
  deviates: {
    'trap 6: somebody signed in with the account of a machine': {
      item: session,
      given: { scope, holders: [account({ systemId: 'github' }), account({ kind: 'service', password: 'unknown' })], factors: [factor] },
      because: 'a session was opened on 2026-05-20T12:00:00Z with ines.duarte, which is a machine’s',
      cites: { holders: [1] },
    },
    'trap 1: none was asked for, whatever is required': { item: session, given: { scope, holders }, because: without },
    'asked for hours later': { item: session, given: { scope, holders, factors: [{ ...factor, occurredAt: opened + minutes(15) + 1 }] }, because: without },
    'somebody else’s': { item: session, given: { scope, holders, factors: [{ ...factor, userId: 'u2' }] }, because: without },
    'no word of another identity provider': { item: { ...session, federated: 'unknown' }, given: { scope, holders }, because: without },
  },
  unknown: {
    'an account that no list holds': {
      item: session,
      given: { scope, holders: [account({ systemId: 'github' })], factors: [factor] },
      because: 'no list of accounts holds ines.duarte, and so nobody can tell whether it is a machine’s',
    },
    'a factor without a name': {
      item: session,
      given: { scope, holders, factors: [{ ...factor, factor: null }] },
      because: 'the log does not name the factor: it may have been the password',
    },
    'somebody else vouched': {
      item: { ...session, federated: 'yes' },
      given: { scope, holders },
      because: 'another identity provider let ines.duarte in, and what it asked for is not told here',
    },
    'a session without a name': { item: { ...session, sessionId: null }, given: { scope, holders }, because: 'the log does not say which session it was' },
    'an outcome nobody told': {
      item: { ...session, succeeded: 'unknown' },
      given: { scope, holders },
      because: 'the log does not say whether the session was opened',
    },
  },
  notYet: {
    'within a quarter of an hour': { item: session, given: { scope, holders }, at: opened + minutes(15) - 1 },
    'a system out of scope': { item: session },
  },
  ignores: { 'a session that was refused': { ...session, succeeded: 'no' }, 'a factor': factor },
});

it('never takes a password or a refused factor for a second one', () => {
  const { rows } = secondFactorUsed.with.factors;
  expect(rows.admits(factor)).toBe(true);
  expect(rows.admits({ ...factor, kind: 'password' })).toBe(false);
  expect(rows.admits({ ...factor, succeeded: 'no' })).toBe(false);
});
