import type { HardeningRule } from '../../datasets/config/rules.ts';

/** What a tool says of one rule and one resource. */
export interface Evaluated extends Pick<HardeningRule, 'systemId' | 'tool' | 'scope' | 'ruleId' | 'title' | 'severity'> {
  readonly resource: string;
  readonly outcome: 'pass' | 'fail' | 'unsaid';
}

const GRAVE: readonly HardeningRule['severity'][] = ['critical', 'high', 'medium', 'low', 'informational', 'unknown'];
const graver = (a: HardeningRule['severity'], b: HardeningRule['severity']) => (GRAVE.indexOf(a) <= GRAVE.indexOf(b) ? a : b);
const named = (its: readonly Evaluated[], outcome: Evaluated['outcome']): readonly string[] =>
  [...new Set(its.flatMap((it) => (it.outcome === outcome ? [it.resource] : [])))].sort();

/**
 * One row for each rule in each account, be it that nothing breaks it: a rule that is switched off is then seen to be gone.
 * `expected` are those that must be evaluated in every account; of one that was not there is a row that says so.
 */
export function rulesOf(evaluations: readonly Evaluated[], expected: readonly string[]): readonly HardeningRule[] {
  const rows = [...Map.groupBy(evaluations, ({ tool, scope, ruleId }) => JSON.stringify([tool, scope, ruleId])).values()].flatMap((its): HardeningRule[] => {
    const [first] = its;
    if (!first) return [];
    const { systemId, tool, scope, ruleId, title } = first;
    const severity = its.reduce((worst, it) => graver(worst, it.severity), first.severity);
    return [{ systemId, tool, scope, ruleId, title, severity, evaluated: true, failed: named(its, 'fail'), undecided: named(its, 'unsaid') }];
  });
  const accounts = [...Map.groupBy(rows, ({ tool, scope }) => JSON.stringify([tool, scope])).values()];
  const missing = accounts.flatMap((its) => {
    const there = new Set(its.map(({ ruleId }) => ruleId));
    const [{ systemId, tool, scope } = { systemId: '', tool: '', scope: '' }] = its;
    return [...new Set(expected)].flatMap((ruleId): HardeningRule[] =>
      there.has(ruleId) ? [] : [{ systemId, tool, scope, ruleId, title: ruleId, severity: 'unknown', evaluated: false, failed: [], undecided: [] }],
    );
  });
  return [...rows, ...missing];
}
