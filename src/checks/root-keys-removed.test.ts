import { checkTester } from '../../test/check-tester.ts';
import { root } from '../../test/rows.ts';
import { rootKeysRemoved } from './root-keys-removed.ts';

checkTester(rootKeysRemoved, {
  conforms: { 'no key': { item: root() } },
  deviates: { 'a key, active or not': { item: root({ keys: 'yes' }), because: 'root has access keys' } },
  unknown: { 'a silent summary': { item: root({ keys: 'unknown' }), because: 'the account summary does not say whether root has keys' } },
});
