import type { Family } from '../../../src/core/families.ts';
import type { Answer } from '../api/ask.ts';
import { MergeChart } from './Merges.tsx';
import { OutcomeChart } from './Outcomes.tsx';
import { DeviationsOverTime } from './OverTime.tsx';
import { RemovalChart } from './Removals.tsx';
import { ResponseChart } from './Responses.tsx';

type Posture = Answer<'posture', 'read'>;

/** The one chart that says most of a family; what deviates over time, where none says more. */
export function FamilyChart({
  family: { chart, title },
  controls,
  now,
}: {
  readonly family: Family;
  readonly controls: Posture['controls'];
  readonly now: string;
}) {
  if (chart === 'removal') return <RemovalChart />;
  if (chart === 'merges') return <MergeChart />;
  if (chart === 'responses') return <ResponseChart />;
  if (chart !== undefined)
    return (
      <OutcomeChart
        title={`${title} by what is asked of them`}
        checks={chart.outcomes.filter((check) => controls.some((control) => control.checks.includes(check)))}
        controlOf={(check) => controls.find((control) => control.checks.includes(check))?.id}
      />
    );
  return <DeviationsOverTime controls={controls.map(({ id }) => id)} now={now} title={`${title}: deviations`} />;
}
