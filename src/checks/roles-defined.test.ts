import { checkTester } from '../../test/check-tester.ts';
import { role, roleDefinition, system, worker } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { rolesDefined } from './roles-defined.ts';

const scope = [system()];
const owners = [worker()];
const item = role();
const defined = (over: Parameters<typeof roleDefinition>[0] = {}) => roleDefinition({ approverEmails: ['boss@acme.example'], ...over });
const left = worker({ terminationAt: instant('2026-05-01T00:00:00Z') });

checkTester(rolesDefined, {
  conforms: {
    'by a right that it lists': { item, given: { scope, owners, definitions: [defined()] } },
    'by its id': { item, given: { scope, owners, definitions: [defined({ roleId: 'ROLE1', grants: [] })] } },
    'while its owner is here': { item, given: { scope, owners: [worker({ terminationAt: instant('2026-07-01T00:00:00Z') })], definitions: [defined()] } },
    'whose owner came back': { item, given: { scope, owners: [left, worker({ startAt: instant('2026-05-02T00:00:00Z') })], definitions: [defined()] } },
  },
  deviates: {
    'a matrix that carries other names than the systems': {
      item,
      given: { scope, owners, definitions: [defined({ grants: ['Supporters'] })] },
      because: 'no definition says what it is for and who answers for it',
    },
    'without a purpose': {
      item,
      given: { scope, owners, definitions: [defined({ description: null })] },
      because: 'its definition "Support" does not say what it is for',
      cites: { definitions: [0] },
    },
    'without an owner': {
      item,
      given: { scope, owners, definitions: [defined({ ownerId: null })] },
      because: 'nobody answers for its definition "Support"',
      cites: { definitions: [0] },
    },
    'approved by nobody': {
      item,
      given: { scope, owners, definitions: [defined({ approverEmails: [] })] },
      because: 'nobody but its author approved its definition "Support"',
      cites: { definitions: [0] },
    },
    'an owner HR does not know': {
      item,
      given: { scope, definitions: [defined()] },
      because: 'W-1, who answers for its definition "Support", is not known to HR',
    },
    'an owner who left': {
      item,
      given: { scope, owners: [left], definitions: [defined()] },
      because: 'W-1, who answers for its definition "Support", left on 2026-05-01T00:00:00Z',
      cites: { definitions: [0], owners: [0] },
    },
    'an owner who comes back later': {
      item: item,
      given: { scope, owners: [left, worker({ startAt: instant('2026-08-01T00:00:00Z') })], definitions: [defined()] },
      because: 'W-1, who answers for its definition "Support", left on 2026-05-01T00:00:00Z',
      cites: { definitions: [0], owners: [0, 1] },
    },
  },
  unknown: {
    'nobody can tell who approved': {
      item,
      given: { scope, owners, definitions: [defined({ approverEmails: [], approved: 'unknown' })] },
      because: 'nothing tells whether anybody but its author approved its definition "Support"',
    },
  },
  notYet: { 'a system out of scope': { item } },
});
