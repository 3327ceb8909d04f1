import { dlpPolicies } from '../datasets/dlp/policies.ts';
import { conforms, defineCheck, deviates } from './check.ts';

export const dlpPoliciesEnforced = defineCheck({
  id: 'dlp-policies-enforced',
  title: 'Rules on where data may go are enforced',
  version: 1,
  asserts: 'Every rule on where data may go that must be there is on, and blocks or warns.',
  population: dlpPolicies.where(({ required }) => required),
  mustExist: true,

  examine({ enabled, enforcement, channel }) {
    if (!enabled || enforcement === 'off') return deviates(`is off; nothing watches ${channel}`);
    return enforcement === 'monitor' ? deviates(`only watches ${channel} and stops nothing`) : conforms();
  },
});
