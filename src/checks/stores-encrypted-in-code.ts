import { systems } from '../datasets/asset/systems.ts';
import { type Resource, resources } from '../datasets/config/resources.ts';
import { type Attributes, attributesOf, valuesAt } from './attributes.ts';
import { conforms, defineCheck, deviates, unknown, type Verdict } from './check.ts';
import { outOfScope } from './scope.ts';
import { COPIES, STORES, type StoreRule } from './stores.ts';

/** A path that begins with a dot leads to a folder that is read itself. */
const callsElsewhere = (row: Resource): boolean => row.mode === 'module' && !/^\.{1,2}\//.test(String(attributesOf(row).source ?? ''));
const isStore = (row: Resource): boolean => row.mode === 'managed' && STORES[row.type] !== undefined && attributesOf(row).count !== 0;

export const storesEncryptedInCode = defineCheck({
  id: 'stores-encrypted-in-code',
  title: 'Stores are declared encrypted',
  version: 2,
  asserts: 'Every managed store that the code, the state or a plan of the infrastructure declares is encrypted at rest.',
  population: resources.where((row) => isStore(row) || callsElsewhere(row)),
  with: {
    scope: systems.on('systemId'),
    state: resources.where(({ origin, module }) => origin === 'state' && module !== null).on('module', 'address'),
  },

  examine(row, { scope, state }) {
    if (row.mode === 'module') {
      const { source } = attributesOf(row);
      const untold = `what the module ${typeof source === 'string' ? source : 'that it calls'} declares is not in this code`;
      if (state.some((made) => row.state !== null && made.state === row.state)) return conforms();
      if (state.length === 0) return unknown(`${untold}, and no state tells of it`);
      return unknown(`${untold}, and ${row.state === null ? 'no configuration says which state tells of it' : `the state ${row.state} does not tell of it`}`);
    }
    return outOfScope(scope) ?? judged(attributesOf(row), STORES[row.type] ?? { silent: 'unknown' });
  },
});

function judged(attributes: Attributes, { says, means = 'true', orSet, silent }: StoreRule): Verdict {
  if (says === undefined) return conforms();
  const key = orSet === undefined ? undefined : attributes[orSet];
  if (key !== undefined && key !== null && key !== '') return conforms();
  const values = valuesAt(attributes, says.split('.'));
  const open = values.find((value) => typeof value === 'object' && value !== null) as { readonly $expression?: string } | undefined;
  const plain = values.flatMap((value) => (value === undefined || value === null || typeof value === 'object' ? [] : [String(value)]));
  const off = plain.find((value) => value !== means);
  if (off !== undefined) return deviates(`${says} is ${off}`);
  if (open) return unknown(`${says} is ${open.$expression ?? 'a secret'}, which the code alone does not decide`);
  if (plain.length > 0 && plain.length === values.length) return conforms();
  if (silent === 'on') return conforms();
  const copied = COPIES.find((name) => attributes[name] !== undefined && attributes[name] !== null);
  if (silent === 'off' && copied === undefined) return deviates(`${says} is not set, and without it nothing is encrypted`);
  return unknown(`${says} is not set, and what holds then is not told by the code`);
}
