import { checkTester } from '../../test/check-tester.ts';
import { dataUsage, exception } from '../../test/operation-rows.ts';
import { instant } from '../core/instant.ts';
import { productionDataKeptOutOfTest } from './production-data-kept-out-of-test.ts';

const copy = dataUsage({ fromProduction: 'yes' });
const allowed = (over: Parameters<typeof exception>[0] = {}) => ({
  allowed: [exception({ subjectId: 'staging/orders', until: instant('2026-06-10T00:00:00Z'), ...over })],
});
const raw = 'came from production, is not masked, and no approved exception allows it';

checkTester(productionDataKeptOutOfTest, {
  conforms: {
    'made up': { item: dataUsage() },
    'copied and masked': { item: dataUsage({ fromProduction: 'yes', masked: 'yes' }) },
    'allowed for a time': { item: copy, given: allowed() },
  },
  deviates: {
    'a copy as it was': { item: copy, because: raw },
    'the exception has ended': { item: copy, given: allowed({ until: instant('2026-05-31T00:00:00Z') }), because: raw },
    'an exception without an end': { item: copy, given: allowed({ until: null }), because: raw },
    'an exception that nobody else approved': { item: copy, given: allowed({ approved: 'no', approverEmails: [], approvedAt: null }), because: raw },
  },
  unknown: {
    'nobody states where it came from': { item: dataUsage({ fromProduction: 'unknown' }), because: 'whether it came from production is not stated' },
    'nobody tells who approved the exception': {
      item: copy,
      given: allowed({ approved: 'unknown', approverEmails: [], approvedAt: null }),
      because: 'who approved the exception EX-1 is not told',
    },
    'nobody states whether it is masked': {
      item: dataUsage({ fromProduction: 'yes', masked: 'unknown' }),
      because: 'it came from production, and whether it is masked is not stated',
    },
  },
  ignores: { 'production itself': dataUsage({ environment: 'production' }) },
});
