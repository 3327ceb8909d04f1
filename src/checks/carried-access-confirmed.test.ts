import { checkTester } from '../../test/check-tester.ts';
import { decision, engagement, grant, jobChange, system } from '../../test/rows.ts';
import { days, instant } from '../core/instant.ts';
import { carriedAccessConfirmed } from './carried-access-confirmed.ts';

const scope = [system()];
const holders = [engagement()];
const moved = instant('2026-04-01T00:00:00Z');
const moves = [jobChange({ effectiveAt: moved })];
const item = grant({ grantedAt: instant('2026-02-01T00:00:00Z') });
const keep = (over: Parameters<typeof decision>[0] = {}) => decision({ right: 'GitHub', decidedAt: moved, knownBy: 'commit', ...over });
const because = 'given on 2026-02-01T00:00:00Z; its holder moved to Engineering on 2026-04-01T00:00:00Z, and nobody has decided since that it is kept';

checkTester(carriedAccessConfirmed, {
  conforms: {
    'nobody moved': { item, given: { scope, holders } },
    'kept by a decision, by name': { item, given: { scope, holders, moves, kept: [keep()] } },
    'kept by a decision, by id': { item, given: { scope, holders, moves, kept: [keep({ right: 'app1' })] } },
    'given after the move': { item: grant({ grantedAt: moved }), given: { scope, holders, moves } },
    'somebody else moved': { item, given: { scope, holders, moves: [jobChange({ workerId: 'W-2' })] } },
    'in the days for it': { item, given: { scope, holders, moves }, at: moved + days(22) - 1 },
    'a machine that somebody answers for': { item, given: { scope, holders: [engagement({ personId: null, ownerId: 'W-2' })], moves } },
    'an account nobody knows, while nobody moved': { item, given: { scope } },
  },
  deviates: {
    'what movers kept left no request behind': { item, given: { scope, holders, moves }, because, cites: { moves: [0] } },
    'decided before the move': { item, given: { scope, holders, moves, kept: [keep({ decidedAt: moved - 1 })] }, because, cites: { moves: [0] } },
    'another right was kept': { item, given: { scope, holders, moves, kept: [keep({ right: 'AWS' })] }, because, cites: { moves: [0] } },
    'in another system': { item, given: { scope, holders, moves, kept: [keep({ systemId: 'github' })] }, because, cites: { moves: [0] } },
    'the first of two moves': {
      item,
      given: { scope, holders, moves: [jobChange({ changeId: 'M-2', effectiveAt: moved + days(10) }), ...moves] },
      because,
      cites: { moves: [1] },
    },
  },
  unknown: {
    'an account nobody knows': { item, given: { scope, moves }, because: 'nobody knows whose account ines.duarte is, and so whether its holder moved' },
    'a source that does not date its grants': {
      item: grant({ grantedAt: null }),
      given: { scope, holders, moves },
      because: 'its holder moved to Engineering on 2026-04-01T00:00:00Z, and the source does not say whether it was given before',
    },
  },
  notYet: { 'a system out of scope': { item } },
  ignores: { 'what comes through a group': grant({ via: 'group' }), 'what cannot be used': grant({ status: 'inactive' }) },
});
