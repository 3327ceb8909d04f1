import { checkTester } from '../../test/check-tester.ts';
import { account, lifecycleEvent, system } from '../../test/rows.ts';
import { adminRolesGrantedByOthers } from './admin-roles-granted-by-others.ts';

const scope = [system()];
const grant = lifecycleEvent({ userId: '00u0maria', login: 'maria@acme.example', actorId: '00u0boss', actor: 'boss@acme.example' });
const maria = account({ userId: '00u0maria', login: 'maria@acme.example', personId: 'W-1' });
const boss = account({ userId: '00u0boss', login: 'boss@acme.example', personId: 'W-2' });
const elsewhere = account({ systemId: 'github', userId: '00u0boss', personId: 'W-1' });

checkTester(adminRolesGrantedByOthers, {
  conforms: {
    'granted by another person': { item: grant, given: { scope, takers: [maria], givers: [elsewhere, boss] } },
    'granted by a service': { item: { ...grant, actorId: '0oa0sync', actorKind: 'automation' }, given: { scope } },
  },
  deviates: {
    'granted to oneself': {
      item: { ...grant, actorId: '00u0maria', actor: 'maria@acme.example' },
      given: { scope, takers: [maria], givers: [maria] },
      because: 'maria@acme.example granted themselves Super Administrator',
      cites: { takers: [0], givers: [0] },
    },
    'granted to oneself, by an account that no list holds': {
      item: { ...grant, actorId: '00u0maria', actor: 'maria@acme.example', detail: null },
      given: { scope },
      because: 'maria@acme.example granted themselves an administrator role',
    },
    'granted to a second account of the same person': {
      item: grant,
      given: { scope, takers: [maria], givers: [{ ...boss, personId: 'W-1' }] },
      because: 'boss@acme.example granted Super Administrator to maria@acme.example, and both are of W-1',
      cites: { takers: [0], givers: [0] },
    },
    'granted to a service that the giver answers for': {
      item: grant,
      given: { scope, takers: [{ ...maria, kind: 'service', personId: null, ownerId: 'W-2' }], givers: [boss] },
      because: 'boss@acme.example granted Super Administrator to maria@acme.example, and both are of W-2',
      cites: { takers: [0], givers: [0] },
    },
  },
  unknown: {
    'a giver nobody knows': { item: grant, given: { scope, takers: [maria] }, because: 'nobody knows which person boss@acme.example is' },
    'a shared giver': {
      item: grant,
      given: { scope, takers: [maria], givers: [{ ...boss, kind: 'shared', personId: null, ownerId: 'W-2' }] },
      because: 'nobody knows which person boss@acme.example is',
    },
    'a taker nobody knows': { item: grant, given: { scope, givers: [boss] }, because: 'nobody knows whose account maria@acme.example is' },
    'an actor of no known kind': {
      item: { ...grant, actorKind: 'unknown' },
      given: { scope },
      because: 'the log does not say what kind of actor boss@acme.example is',
    },
    'an outcome nobody told': { item: { ...grant, succeeded: 'unknown' }, given: { scope }, because: 'the log does not say whether the grant took effect' },
  },
  notYet: { 'a system out of scope': { item: grant } },
  ignores: { 'a grant that failed': { ...grant, succeeded: 'no' }, 'another event': lifecycleEvent({ type: 'group-added' }) },
});
