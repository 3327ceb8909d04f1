import { describe, expect, it } from 'vitest';
import { checkTester } from '../../test/check-tester.ts';
import { activity, permission, roleUse, system } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { statusOf, toleranceOf } from '../engine/assess.ts';
import { share } from './check.ts';
import { elevatedAccessUsed } from './elevated-access-used.ts';

const scope = [system({ systemId: 'aws' })];
const role = (over: Parameters<typeof permission>[0] = {}) => permission({ kind: 'role', userId: 'arn:1', name: 'Admin', ...over });
const winter = instant('2026-02-01T00:00:00Z');
const signedIn = activity({ systemId: 'aws' });

checkTester(elevatedAccessUsed, {
  conforms: {
    'a role that was assumed yesterday': { item: role(), given: { scope, assumed: [roleUse()] } },
    'a role made lately and not used yet': {
      item: role({ createdAt: instant('2026-05-20T00:00:00Z') }),
      given: { scope, assumed: [roleUse({ lastUsedAt: null })] },
    },
  },
  deviates: {
    'a role that was last assumed in winter': {
      item: role(),
      given: { scope, assumed: [roleUse({ lastUsedAt: winter })] },
      because: 'was last used on 2026-02-01T00:00:00Z',
      cites: { assumed: [0] },
    },
    'a role of which no use is recorded': {
      item: role(),
      given: { scope, assumed: [roleUse({ lastUsedAt: null })] },
      because: 'no use of it is recorded',
      cites: { assumed: [0] },
    },
    'a way to administration that nobody takes': {
      item: role({ admin: 'no', escalates: 'yes', ways: ['iam:PutRolePolicy'] }),
      given: { scope, assumed: [roleUse({ lastUsedAt: winter })] },
      because: 'was last used on 2026-02-01T00:00:00Z',
      cites: { assumed: [0] },
    },
    'a user who did not sign in since winter': {
      item: permission(),
      given: { scope, signedIn: [activity({ systemId: 'aws', lastUsedAt: winter })] },
      because: 'was last used on 2026-02-01T00:00:00Z',
      cites: { signedIn: [0] },
    },
  },
  unknown: {
    'a user who signed in: not use of this right': {
      item: permission(),
      given: { scope, signedIn: [signedIn] },
      because: 'AWS tells when a user last signed in, not whether he used these rights; of a role it does',
    },
    'a role of which nothing is told': { item: role(), given: { scope }, because: 'nothing tells when it was last used' },
    'a sign-in to another system': { item: permission(), given: { scope, signedIn: [activity()] }, because: 'nothing tells when it was last used' },
  },
  notYet: { 'a system out of scope': { item: role() } },
  ignores: { 'a reader': permission({ admin: 'no', level: 'read' }) },
});

describe('the rate of least privilege', () => {
  const status = (items: number, deviating: number, uncertain = false) => statusOf(elevatedAccessUsed, { items, deviating, uncertain });

  it('is met by 95 of 100, with those that deviate still counted, and missed by 94', () => {
    expect([status(100, 5), status(100, 6), status(20, 1), status(19, 1)]).toEqual(['pass', 'fail', 'pass', 'fail']);
    expect(toleranceOf(elevatedAccessUsed, { items: 100, deviating: 5, conform: 95 })).toEqual({
      share: 0.05,
      deviating: 5,
      conform: 95,
      of: 100,
      within: true,
    });
  });

  it('leaves open what is not known, however small its share', () => expect([status(100, 5, true), status(100, 6, true)]).toEqual(['unknown', 'fail']));

  it('may turn from fail to pass by an item more, as a check that tolerates nothing never does', () => {
    expect([status(19, 1), status(20, 1)]).toEqual(['fail', 'pass']);
    for (let items = 1; items < 200; items++)
      for (let more = 1; more < 3; more++)
        expect(statusOf({ tolerates: 0, mustExist: false }, { items: items + more, deviating: 1, uncertain: false })).toBe('fail');
  });

  it('is exact for every rate that can be written, whatever a product comes to in binary', () => {
    for (let least = 1; least < 100; least++) {
      const check = elevatedAccessUsed.adjusted({ rate: share(`${least} of 100`) });
      const of = (deviating: number) => statusOf(check, { items: 100, deviating, uncertain: false });
      expect([of(100 - least), of(101 - least)]).toEqual(['pass', 'fail']);
    }
  });
});
