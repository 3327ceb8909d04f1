import { iso } from '../core/instant.ts';
import { endpoints } from '../datasets/asset/endpoints.ts';
import { workers } from '../datasets/people/workers.ts';
import { conforms, defineCheck, deviates, notYet, span, unknown } from './check.ts';
import { firstOf } from './until.ts';

export const workersEquipped = defineCheck({
  id: 'workers-equipped',
  title: 'Everybody works from a managed device',
  version: 1,
  asserts:
    'A device in use that the company manages is assigned to everybody who works here, contractors included, from {grace} after their start until they leave.',
  population: workers,
  mustExist: true,
  with: { devices: endpoints.where(({ status }) => status === 'active' || status === 'unknown').on('userEmails', 'emails') },
  parameters: { grace: span('7 days', 'after the first day') },

  examine({ startAt, terminationAt }, { at, devices }, { grace }) {
    if (terminationAt !== null && at >= terminationAt) return notYet({ rests: [] });
    if (at < startAt + grace) return notYet(firstOf(at, startAt + grace, terminationAt));
    const until = firstOf(at, terminationAt);
    if (devices.some(({ managed, status }) => managed === 'yes' && status === 'active')) return conforms(until);
    const open = devices.filter(({ managed }) => managed !== 'no').map(({ name }) => name);
    if (open.length > 0) return unknown(`whether ${open.sort().join(', ')} is managed and in use is not told`, until);
    if (devices.length === 0) return deviates(`began on ${iso(startAt)}, and no device in use is assigned to them`, until);
    const names = devices.map(({ name }) => name).sort();
    return deviates(`works from ${names.join(', ')}, which is not enrolled in device management`, { cites: devices, ...until });
  },
});
