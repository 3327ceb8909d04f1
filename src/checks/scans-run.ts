import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { scans } from '../datasets/vulnerability/scans.ts';
import { conforms, defineCheck, deviates, span } from './check.ts';
import { outOfScope } from './scope.ts';

const FAILED = { failed: 'the last scan failed, or told nothing of it', partial: 'the last scan did not examine all of it' } as const;

export const scansRun = defineCheck({
  id: 'scans-run',
  title: 'Everything that is to be scanned is scanned every {interval}',
  version: 1,
  asserts: 'Every scan that reports to Tickmark ended within the last {interval}, and did not say that it failed or was partial.',
  population: scans,
  mustExist: true,
  with: { scope: systems.on('systemId') },
  parameters: { interval: span('8 days') },

  examine({ outcome, finishedAt }, { at, scope }, { interval }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (outcome === 'failed' || outcome === 'partial') return deviates(`${FAILED[outcome]} (${iso(finishedAt)})`);
    const due = finishedAt + interval;
    return at < due ? conforms({ until: due }) : deviates(`was last scanned on ${iso(finishedAt)}`);
  },
});
