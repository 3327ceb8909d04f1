import { checkTester } from '../../test/check-tester.ts';
import { adminEvent, engagement, system } from '../../test/rows.ts';
import { days, instant } from '../core/instant.ts';
import { adminChangesAttributed } from './admin-changes-attributed.ts';

const scope = [system()];
const done = instant('2026-05-20T12:00:00Z');
const change = adminEvent({ type: 'zone.update', actorId: 'u1', actor: 'ines.duarte', occurredAt: done });
const orphan = engagement({ personId: null, emails: [], department: null, startAt: null });

checkTester(adminChangesAttributed, {
  conforms: {
    'a person whom HR knows': { item: change, given: { scope, actors: [engagement()] }, at: done },
    'a declared service': { item: change, given: { scope, actors: [engagement({ kind: 'service', personId: null, ownerId: 'W-2' })] } },
    'the provider itself': { item: { ...change, actorKind: 'automation' }, given: { scope } },
  },
  deviates: {
    'a shared account': {
      item: change,
      given: { scope, actors: [engagement({ kind: 'shared', personId: null, ownerId: 'W-2' })] },
      at: done,
      because: 'zone.update on 2026-05-20T12:00:00Z was done with ines.duarte, which several people share',
      cites: { actors: [0] },
    },
    'an account of nobody': {
      item: change,
      given: { scope, actors: [orphan] },
      because: 'zone.update on 2026-05-20T12:00:00Z was done with ines.duarte, which belongs to nobody whom HR knows',
      cites: { actors: [0] },
    },
    'an account that is declared to somebody whom HR does not know': {
      item: change,
      given: { scope, actors: [engagement({ personId: 'W-99', emails: [], department: null, startAt: null })] },
      because: 'zone.update on 2026-05-20T12:00:00Z was done with ines.duarte, which belongs to nobody whom HR knows',
      cites: { actors: [0] },
    },
    'an account that no list holds': {
      item: change,
      given: { scope, actors: [engagement({ systemId: 'github' })] },
      because: 'zone.update on 2026-05-20T12:00:00Z was done with ines.duarte, which belongs to nobody whom HR knows',
    },
  },
  unknown: {
    'an actor of no known kind': {
      item: { ...change, actorKind: 'unknown' },
      given: { scope },
      because: 'the log does not say what kind of actor ines.duarte is',
    },
    'an outcome nobody told': { item: { ...change, succeeded: 'unknown' }, given: { scope }, because: 'the log does not say whether the change took effect' },
  },
  notYet: {
    'it may still be tied to a person': { item: change, given: { scope, actors: [orphan] }, at: done + days(3) - 1 },
    'a system out of scope': { item: change },
  },
  ignores: { 'a change that failed': { ...change, succeeded: 'no' } },
});
