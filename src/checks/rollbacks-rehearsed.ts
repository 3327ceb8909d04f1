import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { rollbackTests } from '../datasets/change/rollback-tests.ts';
import { conforms, defineCheck, deviates, span, unknown } from './check.ts';
import { firstOf } from './until.ts';

export const rollbacksRehearsed = defineCheck({
  id: 'rollbacks-rehearsed',
  title: 'Rollbacks are rehearsed',
  version: 1,
  asserts:
    'Every production system that the company deploys to was rolled back within {interval}, for practice or in earnest, successfully and within {duration}.',
  population: systems.where(({ deployed, environment }) => deployed !== 'no' && (environment === 'production' || environment === 'unknown')),
  mustExist: true,
  with: { tests: rollbackTests.on('systemId') },
  parameters: { interval: span('180 days'), duration: span('60 minutes', 'at most') },

  examine({ deployed, environment }, { at, tests }, { interval, duration }) {
    const until = firstOf(at, ...tests.flatMap(({ performedAt }) => [performedAt, performedAt + interval]));
    const succeeded = tests.filter(({ result, performedAt }) => result === 'success' && performedAt <= at).sort((a, b) => a.performedAt - b.performedAt);
    const recent = succeeded.filter(({ performedAt }) => at < performedAt + interval);
    if (recent.some(({ minutes }) => minutes !== null && minutes * 60_000 <= duration)) return conforms(until);
    if (deployed === 'unknown' || environment === 'unknown') return unknown('whether it is a production system that is deployed to is not declared', until);
    if (recent.some(({ minutes }) => minutes === null)) return unknown('how long its last rollback took is not told', until);
    const last = succeeded.at(-1);
    if (!last) return deviates('no successful rollback is on record', until);
    return recent.length > 0
      ? deviates(`its last rollback, on ${iso(last.performedAt)}, took ${last.minutes} minutes`, until)
      : deviates(`was last rolled back on ${iso(last.performedAt)}`, until);
  },
});
