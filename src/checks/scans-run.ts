import { days, iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { scans } from '../datasets/vulnerability/scans.ts';
import { conforms, defineCheck, deviates } from './check.ts';
import { outOfScope } from './scope.ts';

const INTERVAL = days(8);
const FAILED = { failed: 'the last scan failed, or told nothing of it', partial: 'the last scan did not examine all of it' } as const;

export const scansRun = defineCheck({
  id: 'scans-run',
  title: 'Everything that is to be scanned is scanned each week',
  version: 1,
  asserts: 'Every scan that reports to Tickmark ended within the last 8 days, and did not say that it failed or was partial.',
  population: scans,
  mustExist: true,
  with: { scope: systems.on('systemId') },
  parameters: { interval: '8 days' },

  examine({ outcome, finishedAt }, { at, scope }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (outcome === 'failed' || outcome === 'partial') return deviates(`${FAILED[outcome]} (${iso(finishedAt)})`);
    const due = finishedAt + INTERVAL;
    return at < due ? conforms({ until: due }) : deviates(`was last scanned on ${iso(finishedAt)}`);
  },
});
