import { systems } from '../datasets/asset/systems.ts';
import { hardeningRules } from '../datasets/config/rules.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

/** How many resources a reason names; all of them are in the row. */
const NAMED = 3;

export const hardeningRulesKept = defineCheck({
  id: 'hardening-rules-kept',
  title: 'Every resource keeps the hardening rules',
  version: 1,
  asserts: 'Every hardening rule that is more than a remark was evaluated in every system in scope, and no resource broke it.',
  population: hardeningRules.where(({ severity }) => severity !== 'informational'),
  mustExist: true,
  with: { scope: systems.on('systemId') },
  parameters: { remarks: 'rules that the tool itself calls informational' },

  examine({ evaluated, failed, undecided, tool }, { scope }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (!evaluated) return deviates(`${tool} was to evaluate it, and did not`);
    if (failed.length > 0) return deviates(`broken by ${few(failed)}`);
    return undecided.length > 0 ? unknown(`${tool} does not say it of ${few(undecided)}`) : conforms();
  },
});

const few = (resources: readonly string[]): string =>
  `${resources.slice(0, NAMED).join(', ')}${resources.length > NAMED ? ` and ${resources.length - NAMED} more` : ''}`;
