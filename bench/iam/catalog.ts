import type { Check } from '../../src/checks/check.ts';
import type { Instant } from '../../src/core/instant.ts';
import type { Catalog } from '../../src/engine/catalog.ts';
import { START } from './year.ts';

/** A catalogue in which each check has a control, and every control answers one criterion. */
export const catalogOf = (checks: readonly Check[]): Catalog => ({
  criteria: [
    { id: 'CC6.1', category: 'security', series: 'CC6', seriesTitle: 'Access', title: 'Access', summary: 'Access is restricted.', inScope: true, gap: null },
  ],
  controls: checks.map(({ id, title, asserts }, place) => ({
    id: `AC-${String(place + 1).padStart(2, '0')}`,
    title,
    statement: asserts,
    criteria: ['CC6.1'],
    owner: 'security',
    severity: 'high',
    occurs: [],
    checks: [id],
  })),
});

/** What a posture is stamped with. */
export const stampAt = (asOf: Instant) => ({
  company: 'Acme',
  demo: true,
  asOf,
  period: { from: START, to: asOf + 1 },
  timezone: 'UTC',
  checkpoint: { origin: 'bench.example', size: 1, root: '' },
  units: [],
  catalogDigest: '',
  code: 'bench',
});
