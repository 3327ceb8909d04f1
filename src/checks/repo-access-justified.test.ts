import { checkTester } from '../../test/check-tester.ts';
import { engagement, repoRights, system } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { repoAccessJustified } from './repo-access-justified.ts';

const scope = [system({ systemId: 'github' })];
const tie = (over: Parameters<typeof engagement>[0] = {}) => engagement({ systemId: 'github', userId: 'g1', login: 'ines-duarte', ...over });
const outsider = tie({ kind: 'external', personId: null, ownerId: 'W-2' });
const owner = { role: 'owner', level: 'admin', ways: ['admin on every repository, as owner of acme'] } as const;

checkTester(repoAccessJustified, {
  conforms: {
    'somebody who works here, through a team': { item: repoRights(), given: { scope, ties: [tie()] } },
    'somebody who will leave': { item: repoRights(), given: { scope, ties: [tie({ endAt: instant('2026-07-01T00:00:00Z') })] } },
    'an outsider for whom somebody answers': {
      item: repoRights({ role: 'outside-collaborator', ways: ['write on acme/web, as outside collaborator'], direct: ['acme/web'] }),
      given: { scope, ties: [outsider] },
    },
    'a machine that was given its right': {
      item: repoRights({ direct: ['acme/web'] }),
      given: { scope, ties: [tie({ kind: 'service', personId: null, ownerId: 'W-2' })] },
    },
  },
  deviates: {
    'an owner of whom no team list tells, and nobody knows whose it is': {
      item: repoRights(owner),
      given: { scope, ties: [tie({ kind: 'unknown', personId: null })] },
      because: 'nobody knows whose it is',
      cites: { ties: [0] },
    },
    'declared to somebody whom HR does not know': {
      item: repoRights(),
      given: { scope, ties: [tie({ personId: 'W-99', emails: [], department: null, startAt: null })] },
      because: 'HR does not know W-99, whose it is',
      cites: { ties: [0] },
    },
    'a leaver by the base permission alone': {
      item: repoRights({ level: 'read', ways: ['read on every repository, by the base permission of acme'] }),
      given: { scope, ties: [tie({ endAt: instant('2026-05-01T00:00:00Z') })] },
      because: 'W-1, whose it is, left on 2026-05-01T00:00:00Z',
      cites: { ties: [0] },
    },
    'a person who was given the right himself': {
      item: repoRights({ direct: ['acme/infrastructure', 'acme/web'] }),
      given: { scope, ties: [tie()] },
      because: 'was given the right to write itself, not through a team: acme/infrastructure, acme/web',
      cites: { ties: [0] },
    },
    'an outsider who administers': {
      item: repoRights({ role: 'outside-collaborator', level: 'admin' }),
      given: { scope, ties: [outsider] },
      because: 'an outsider administers a repository',
      cites: { ties: [0] },
    },
  },
  unknown: {
    'the base permission is not told': {
      item: repoRights({ undecided: ['GitHub does not say what every member of acme may do'] }),
      given: { scope, ties: [tie()] },
      because: 'GitHub does not say what every member of acme may do',
    },
    'trap 22: teams in teams that are not described': {
      item: repoRights({ undecided: ['GitHub does not describe the team above Core'] }),
      given: { scope, ties: [tie()] },
      because: 'GitHub does not describe the team above Core',
    },
    'added himself, and in a team that explains it': {
      item: repoRights({ directUndecided: ['acme/web'] }),
      given: { scope, ties: [tie()] },
      because: 'was added itself to acme/web, and GitHub tells only the highest of its rights there',
    },
    'an account that is in no list': { item: repoRights(), given: { scope }, because: 'github lists no such account, so nothing tells whose it is' },
  },
  notYet: { 'a system out of scope': { item: repoRights() } },
  ignores: { 'an account without any right': repoRights({ level: 'none', ways: [] }) },
});
