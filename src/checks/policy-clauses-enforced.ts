import { type CheckParameter, checkParameters } from '../datasets/config/parameters.ts';
import { type Resource, resources } from '../datasets/config/resources.ts';
import { type Clause, clauses } from '../datasets/policy/clauses.ts';
import { attributesOf, valuesAt } from './attributes.ts';
import { conforms, defineCheck, deviates, unknown, type Verdict } from './check.ts';
import { span } from './parameter.ts';

export const policyClausesEnforced = defineCheck({
  id: 'policy-clauses-enforced',
  title: 'Measurable clauses of policies are bound to what measures and enforces them',
  version: 1,
  asserts:
    'Every measurable clause of a policy names a check that is examined with the value it promises, or a resource of the deployed infrastructure that is set to that value, and each that it names holds it.',
  population: clauses.where(({ active }) => active),
  with: {
    measured: checkParameters.on('checkId'),
    deployed: resources.where(({ origin, mode }) => origin === 'state' && mode === 'managed').on('address', 'resource'),
  },

  examine(clause, { measured, deployed }) {
    if (clause.checkId === null && clause.resource === null) return deviates('it names neither a check nor a setting');
    return measuredBy(clause, measured) ?? enforcedBy(clause, deployed) ?? conforms();
  },
});

/** What is wrong with the check that measures it; `null` where nothing is. */
function measuredBy({ checkId, parameter, value }: Clause, measured: readonly CheckParameter[]): Verdict | null {
  if (checkId === null) return null;
  if (measured.length === 0) return deviates(`there is no check ${checkId}`);
  if (parameter === null && value === null) return null;
  if (parameter === null || value === null)
    return deviates(`it names ${checkId}, and ${value === null ? 'no value' : `not which of its parameters is ${value}`}`);
  const [its] = measured.filter((row) => row.parameter === parameter);
  if (!its) return deviates(`${checkId} has no parameter ${parameter}`);
  if (its.value !== null && sameAmount(value, its.value)) return null;
  return deviates(`it promises ${value}, and ${parameter} of ${checkId} is ${its.value ?? 'nothing'}`, { cites: [its] });
}

/** What is wrong with the setting that enforces it; `null` where nothing is. Two states may hold one address: each has to be right. */
function enforcedBy({ resource, attribute, value }: Clause, deployed: readonly Resource[]): Verdict | null {
  if (resource === null) return null;
  if (deployed.length === 0) return deviates(`no state of the infrastructure holds ${resource}`);
  if (attribute === null && value === null) return null;
  if (attribute === null) return deviates(`it names ${resource}, and not which of its attributes is ${value}`);
  const wanted = value ?? 'true';
  const verdicts = deployed.flatMap((row) => valuesAt(attributesOf(row), attribute.split('.')).map((its) => judged(its, row)));
  return verdicts.find((it) => it?.kind === 'deviates') ?? verdicts.find((it) => it !== null) ?? null;

  function judged(its: unknown, row: Resource): Verdict | null {
    if (its === undefined || its === null) return deviates(`${attribute} of ${resource} is not set`, { cites: [row] });
    if (typeof its === 'object') return unknown(`what ${attribute} of ${resource} is set to is not told`);
    return String(its) === wanted ? null : deviates(`it promises ${wanted}, and ${attribute} of ${resource} is ${String(its)}`, { cites: [row] });
  }
}

/** `1 day` is `24 hours`, and so is `24 hours after the end of the last day`. */
function sameAmount(promised: string, measured: string): boolean {
  const amount = (text: string): number | string => {
    const written = /^\d+ (minute|hour|day|week)s?(?= |$)/.exec(text)?.[0];
    return written === undefined || /^0 /.test(written) ? text : span(written).value;
  };
  return promised === measured || measured.startsWith(`${promised} `) || amount(promised) === amount(measured);
}
