import { checkTester } from '../../test/check-tester.ts';
import { lifecycleEvent } from '../../test/rows.ts';
import { adminRolesGrantedByOthers } from './admin-roles-granted-by-others.ts';

checkTester(adminRolesGrantedByOthers, {
  conforms: {
    'granted by another administrator': { item: lifecycleEvent({ actorId: '00u0boss' }) },
    'granted by a service': { item: lifecycleEvent({ actorId: '0oa0sync', actorKind: 'automation' }) },
  },
  deviates: {
    'granted to oneself': {
      item: lifecycleEvent({ actorId: '00u0maria', actor: 'maria@acme.example' }),
      because: 'maria@acme.example granted themselves Super Administrator',
    },
  },
  unknown: {
    'an actor of no known kind': { item: lifecycleEvent({ actorKind: 'unknown', actor: 'x' }), because: 'the log does not say what kind of actor x is' },
    'an outcome nobody told': { item: lifecycleEvent({ succeeded: 'unknown' }), because: 'the log does not say whether the grant took effect' },
  },
});
