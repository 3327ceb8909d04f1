import { cloudAccounts } from '../datasets/asset/cloud-accounts.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';

export const cloudAccountsSeparated = defineCheck({
  id: 'cloud-accounts-separated',
  title: 'Production lies in cloud accounts of its own',
  version: 1,
  asserts: 'Every cloud account in use is for one known purpose, and production shares none with other work.',
  population: cloudAccounts.where(({ status }) => status !== 'closed'),
  mustExist: true,

  examine({ environment, mixed }) {
    if (mixed === 'yes') return deviates('holds production together with other work');
    if (environment === 'unknown') return unknown('what it is for is not stated');
    return mixed === 'no' ? conforms() : unknown('whether production shares it with other work is not stated');
  },
});
