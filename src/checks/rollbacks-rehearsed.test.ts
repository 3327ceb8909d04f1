import { checkTester } from '../../test/check-tester.ts';
import { rollbackTest } from '../../test/operation-rows.ts';
import { system } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { rollbacksRehearsed } from './rollbacks-rehearsed.ts';

const web = system({ systemId: 'web', name: 'Web', deployed: 'yes' });
const winter = instant('2025-11-01T10:00:00Z');

checkTester(rollbacksRehearsed, {
  conforms: {
    'rehearsed in the half year': { item: web, given: { tests: [rollbackTest()] } },
    'in earnest, after an attempt that failed': {
      item: web,
      given: { tests: [rollbackTest({ real: true }), rollbackTest({ testId: 'RB-2', result: 'failure', performedAt: instant('2026-04-01T10:00:00Z') })] },
    },
    'an hour to the minute': { item: web, given: { tests: [rollbackTest({ minutes: 60 })] } },
  },
  deviates: {
    never: { item: web, because: 'no successful rollback is on record' },
    'trap 52: tried, and failed': { item: web, given: { tests: [rollbackTest({ result: 'failure' })] }, because: 'no successful rollback is on record' },
    'too long ago': { item: web, given: { tests: [rollbackTest({ performedAt: winter })] }, because: 'was last rolled back on 2025-11-01T10:00:00Z' },
    'too slow': {
      item: web,
      given: { tests: [rollbackTest({ minutes: 61 })] },
      because: 'its last rollback, on 2026-03-10T10:00:00Z, took 61 minutes',
    },
    'planned and not done yet': {
      item: web,
      given: { tests: [rollbackTest({ performedAt: instant('2026-06-02T10:00:00Z') })] },
      because: 'no successful rollback is on record',
    },
  },
  unknown: {
    'nobody declares whether it is deployed to': {
      item: system({ systemId: 'web' }),
      because: 'whether it is a production system that is deployed to is not declared',
    },
    'nobody declares what it is for': {
      item: system({ systemId: 'web', deployed: 'yes', environment: 'unknown' }),
      because: 'whether it is a production system that is deployed to is not declared',
    },
    'nobody tells how long it took': {
      item: web,
      given: { tests: [rollbackTest({ minutes: null })] },
      because: 'how long its last rollback took is not told',
    },
  },
  ignores: { 'what is bought': system({ deployed: 'no' }), 'what is no production': system({ deployed: 'yes', environment: 'nonproduction' }) },
});
