import type { Ternary } from '../core/ternary.ts';
import { systems } from '../datasets/asset/systems.ts';
import { repositories } from '../datasets/repo/repositories.ts';
import { type Coverage, secretsCoverage } from '../datasets/secrets/coverage.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

const SCANS: readonly (readonly [name: string, of: (row: Coverage) => Ternary])[] = [
  ['scanning for credentials', ({ secretScanning }) => secretScanning],
  ['protection at push', ({ pushProtection }) => pushProtection],
  ['alerts for dependencies', ({ dependencyAlerts }) => dependencyAlerts],
];

export const scanningEnabled = defineCheck({
  id: 'scanning-enabled',
  title: 'Repositories are scanned for credentials and weak dependencies',
  version: 1,
  asserts:
    'Every repository that is not archived is scanned for credentials, stops a push that holds one, and has its dependencies compared with known advisories.',
  population: repositories.where(({ archived }) => !archived),
  mustExist: true,
  with: { scope: systems.on('systemId'), told: secretsCoverage.on('repoId') },

  examine({ systemId }, { scope, told }) {
    const out = outOfScope(scope);
    if (out) return out;
    const [row] = told.filter((it) => it.systemId === systemId);
    if (!row) return unknown('it is not known what the repository is scanned for');
    const named = (state: Ternary) => SCANS.flatMap(([name, of]) => (of(row) === state ? [name] : [])).join(', ');
    if (named('no') !== '') return deviates(`off: ${named('no')}`, { cites: [row] });
    return named('unknown') === '' ? conforms() : unknown(`not known: ${named('unknown')}`);
  },
});
