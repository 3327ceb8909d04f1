import { dataUsage } from '../datasets/env/data-usage.ts';
import { exceptions } from '../datasets/policy/exceptions.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { firstOf } from './until.ts';

export const productionDataKeptOutOfTest = defineCheck({
  id: 'production-data-kept-out-of-test',
  title: 'Production data stays out of test environments',
  version: 1,
  asserts:
    'Every set of data outside production was not copied from there, or is masked, or is allowed for a time by an exception that somebody else approved.',
  population: dataUsage.where(({ environment }) => environment === 'nonproduction'),
  with: { allowed: exceptions.on('subjectId') },

  examine({ fromProduction, masked }, { at, allowed }) {
    if (fromProduction === 'no' || masked === 'yes') return conforms();
    const until = firstOf(at, ...allowed.flatMap((exception) => [exception.until, exception.approvedAt]));
    const lasting = allowed.filter(({ until: end }) => end !== null && at < end);
    if (lasting.some(({ approvedAt, approverEmails }) => approverEmails.length > 0 && approvedAt !== null && approvedAt <= at)) return conforms(until);
    const untold = lasting.filter(({ approved }) => approved === 'unknown').map(({ exceptionId }) => exceptionId);
    if (untold.length > 0) return unknown(`who approved the exception ${untold.sort().join(', ')} is not told`, until);
    if (fromProduction === 'unknown') return unknown('whether it came from production is not stated', until);
    if (masked === 'unknown') return unknown('it came from production, and whether it is masked is not stated', until);
    return deviates('came from production, is not masked, and no approved exception allows it', until);
  },
});
