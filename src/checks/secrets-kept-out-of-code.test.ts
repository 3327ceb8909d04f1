import { checkTester } from '../../test/check-tester.ts';
import { resource } from '../../test/rows.ts';
import { secretsKeptOutOfCode } from './secrets-kept-out-of-code.ts';

checkTester(secretsKeptOutOfCode, {
  conforms: {
    'nothing secret in it': { item: resource() },
    'a secret that comes from elsewhere': { item: resource({ attributes: '{"password":{"$expression":"var.db_password"}}' }) },
  },
  deviates: {
    'a password in the clear': {
      item: resource({ type: 'aws_db_instance', attributes: '{"engine":"postgres","password":{"$sensitive":true}}' }),
      because: 'password is written in the code',
    },
    'several, deeper down': {
      item: resource({ attributes: '{"environment":[{"variables":{"TOKEN":{"$sensitive":true}}}],"a":{"$sensitive":true}}' }),
      because: 'a, environment.0.variables.TOKEN are written in the code',
    },
  },
  ignores: { 'a state, which holds them by its nature': resource({ origin: 'state', attributes: '{"password":{"$sensitive":true}}' }) },
});
