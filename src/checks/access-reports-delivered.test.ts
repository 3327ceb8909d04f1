import { checkTester } from '../../test/check-tester.ts';
import { report } from '../../test/rows.ts';
import { days, instant } from '../core/instant.ts';
import { accessReportsDelivered } from './access-reports-delivered.ts';

const toAt = instant('2026-04-01T00:00:00Z');
const item = report({ toAt, generatedAt: toAt, deliveredAt: toAt + days(10), deliveredTo: ['boss@acme.example'] });

checkTester(accessReportsDelivered, {
  conforms: { 'on the last day': { item } },
  deviates: {
    'made before its time had ended': {
      item: { ...item, generatedAt: toAt - 1000 },
      because: 'it was made on 2026-03-31T23:59:59Z, before the time that it tells of had ended',
    },
    'made on demand, afterwards': {
      item: { ...item, generatedAt: toAt + days(10) + 1000 },
      because: 'it was made on 2026-04-11T00:00:01Z, and was due on 2026-04-11T00:00:00Z',
    },
    'delivered too late': {
      item: { ...item, deliveredAt: toAt + days(10) + 1000 },
      because: 'it was delivered on 2026-04-11T00:00:01Z, and was due on 2026-04-11T00:00:00Z',
    },
    'delivered to nobody': { item: { ...item, deliveredTo: [] }, because: 'nobody says to whom it was delivered, and when' },
    'not delivered': { item: { ...item, deliveredAt: null }, because: 'nobody says to whom it was delivered, and when' },
  },
  notYet: { 'trap 69: due, and the registers are yet to be read': { item: { ...item, deliveredAt: null }, at: toAt + days(18) - 1 } },
  ignores: { 'another report': report({ type: 'posture' }) },
});
