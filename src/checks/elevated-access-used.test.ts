import { checkTester } from '../../test/check-tester.ts';
import { activity, permission, roleUse, system } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
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
    },
    'a role of which no use is recorded': { item: role(), given: { scope, assumed: [roleUse({ lastUsedAt: null })] }, because: 'no use of it is recorded' },
    'a way to administration that nobody takes': {
      item: role({ admin: 'no', escalates: 'yes', ways: ['iam:PutRolePolicy'] }),
      given: { scope, assumed: [roleUse({ lastUsedAt: winter })] },
      because: 'was last used on 2026-02-01T00:00:00Z',
    },
    'a user who did not sign in since winter': {
      item: permission(),
      given: { scope, signedIn: [activity({ systemId: 'aws', lastUsedAt: winter })] },
      because: 'was last used on 2026-02-01T00:00:00Z',
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
