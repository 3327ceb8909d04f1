import { resources } from '../datasets/config/resources.ts';
import { conforms, defineCheck, deviates } from './check.ts';

export const secretsKeptOutOfCode = defineCheck({
  id: 'secrets-kept-out-of-code',
  title: 'Infrastructure code holds no secrets',
  version: 1,
  asserts: 'No attribute that is a secret by its name or by its form is written in the clear in the code of the infrastructure.',
  population: resources.where(({ origin }) => origin === 'code'),

  examine({ attributes }) {
    const found = [...secretsIn(JSON.parse(attributes), [])].sort();
    return found.length === 0 ? conforms() : deviates(`${found.join(', ')} ${found.length === 1 ? 'is' : 'are'} written in the code`);
  },
});

/** The paths of what the collector found to be a secret and took out. */
function* secretsIn(value: unknown, path: readonly string[]): Iterable<string> {
  if (typeof value !== 'object' || value === null) return;
  if ('$sensitive' in value) yield path.join('.');
  else for (const [key, its] of Object.entries(value)) yield* secretsIn(its, [...path, key]);
}
