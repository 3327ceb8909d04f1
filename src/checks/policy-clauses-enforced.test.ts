import { checkTester } from '../../test/check-tester.ts';
import { checkParameter, clause } from '../../test/source-rows.ts';
import { resource } from '../../test/rows.ts';
import { policyClausesEnforced } from './policy-clauses-enforced.ts';

const measured = [checkParameter({ parameter: null, value: null }), checkParameter()];
const state = (attributes: object) => [resource({ origin: 'state', address: 'aws_iam_account_password_policy.main', attributes: JSON.stringify(attributes) })];
const byState = clause({ checkId: null, parameter: null, resource: 'aws_iam_account_password_policy.main', attribute: 'minimum_password_length', value: '14' });

checkTester(policyClausesEnforced, {
  conforms: {
    'the check is examined with that value': { item: clause(), given: { measured } },
    'in another unit': { item: clause({ value: '2160 hours' }), given: { measured } },
    'with what it is reckoned from': {
      item: clause({ value: '1 day' }),
      given: { measured: [checkParameter({ value: '24 hours after the end of the last day' })] },
    },
    'a share': { item: clause({ value: '95 of 100' }), given: { measured: [checkParameter({ value: '95 of 100' })] } },
    'it promises that something is so': { item: clause({ value: null, parameter: null }), given: { measured } },
    'the setting has that value': { item: byState, given: { deployed: state({ minimum_password_length: 14 }) } },
    'a setting within a block': {
      item: clause({ ...byState, attribute: 'rule.enabled', value: null }),
      given: { deployed: state({ rule: [{ enabled: true }] }) },
    },
    'the resource is there': { item: clause({ ...byState, attribute: null, value: null }), given: { deployed: state({}) } },
  },
  deviates: {
    'bound to nothing': { item: clause({ checkId: null, parameter: null }), given: { measured }, because: 'it names neither a check nor a setting' },
    'a check that is none': { item: clause({ checkId: 'no-such' }), because: 'there is no check no-such' },
    'a parameter that is none': { item: clause({ parameter: 'age' }), given: { measured }, because: 'access-keys-rotated has no parameter age' },
    'no parameter is named': {
      item: clause({ parameter: null }),
      given: { measured },
      because: 'it names access-keys-rotated, and not which of its parameters is 90 days',
    },
    'no value is named': { item: clause({ value: null }), given: { measured }, because: 'it names access-keys-rotated, and no value' },
    'a looser check': {
      item: clause(),
      given: { measured: [checkParameter({ value: '180 days' })] },
      because: 'it promises 90 days, and maxAge of access-keys-rotated is 180 days',
      cites: { measured: [0] },
    },
    'a number that only begins alike': {
      item: clause({ value: '9' }),
      given: { measured: [checkParameter({ value: '90 users' })] },
      because: 'it promises 9, and maxAge of access-keys-rotated is 90 users',
      cites: { measured: [0] },
    },
    'nothing is deployed': { item: byState, because: 'no state of the infrastructure holds aws_iam_account_password_policy.main' },
    'set to something else': {
      item: byState,
      given: { deployed: state({ minimum_password_length: 8 }) },
      because: 'it promises 14, and minimum_password_length of aws_iam_account_password_policy.main is 8',
      cites: { deployed: [0] },
    },
    'not set': {
      item: byState,
      given: { deployed: state({}) },
      because: 'minimum_password_length of aws_iam_account_password_policy.main is not set',
      cites: { deployed: [0] },
    },
    'right in one state, wrong in the other': {
      item: byState,
      given: { deployed: [...state({ minimum_password_length: 14 }), ...state({ minimum_password_length: 6 })] },
      because: 'it promises 14, and minimum_password_length of aws_iam_account_password_policy.main is 6',
      cites: { deployed: [1] },
    },
    'which attribute is not named': {
      item: clause({ ...byState, attribute: null }),
      given: { deployed: state({}) },
      because: 'it names aws_iam_account_password_policy.main, and not which of its attributes is 14',
    },
  },
  unknown: {
    'what is set is a secret': {
      item: byState,
      given: { deployed: state({ minimum_password_length: { $sensitive: true } }) },
      because: 'what minimum_password_length of aws_iam_account_password_policy.main is set to is not told',
    },
  },
  ignores: { 'a clause that is no longer in force': clause({ active: false }) },
});
