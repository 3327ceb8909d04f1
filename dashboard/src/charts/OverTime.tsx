import { Link } from '@tanstack/react-router';
import { several, spokenDuration } from '../../../src/core/spoken.ts';
import { Answered, useAnswer } from '../api/answer.tsx';
import type { Answer } from '../api/ask.ts';
import { asked, spoken, type Time, useTime } from '../time.ts';
import type { Twin } from '../parts/AsTable.tsx';
import { Figure } from './Figure.tsx';
import { type Layer, type Step, StepChart } from './StepChart.tsx';

type Statuses = Answer<'charts', 'statuses'>;
type Deviations = Answer<'charts', 'deviations'>;

const DAYS = 90;

/** The period that is looked at, or the last 90 days. */
function spanOf(time: Time, now: string | undefined): { readonly period: string | undefined; readonly words: string } {
  if (time.period !== undefined || now === undefined) return { period: time.period, words: 'over the period' };
  const to = Date.parse(now) + 1;
  return { period: `${new Date(to - DAYS * 86_400_000).toISOString()}..${new Date(to).toISOString()}`, words: `in the last ${DAYS} days` };
}

type BadStatus = 'fail' | 'unknown' | 'waived';
const STATUSES: readonly Layer<BadStatus>[] = [
  { kind: 'fail', className: 's-fail', name: 'fail' },
  { kind: 'unknown', className: 's-unknown', name: 'unknown' },
  { kind: 'waived', className: 's-waived', name: 'waived' },
];
type Bad = 'deviates' | 'unknown' | 'waived' | 'gaps';
const DEVIATING: readonly Layer<Bad>[] = [
  { kind: 'deviates', className: 's-fail', name: 'deviate' },
  { kind: 'waived', className: 's-waived', name: 'waived' },
];
const UNKNOWN: readonly Layer<Bad>[] = [{ kind: 'unknown', className: 's-unknown', name: 'unknown' }];
const GAPS: Layer<Bad> = { kind: 'gaps', className: 's-unknown', name: 'populations not covered' };

/** How many criteria failed or were unknown, over the period or the last 90 days. @param now the instant that the page speaks of */
export function PostureOverTime({ now }: { readonly now: string }) {
  const time = useTime();
  const { period, words } = spanOf(time, now);
  const answer = useAnswer<Statuses>('/charts/statuses', { ...asked(time), period });
  return (
    <Answered answer={answer}>
      {({ criteria, controls, until, period: span }) => {
        const steps = criteria.length > 0 ? criteria : controls;
        const of = criteria.length > 0 ? 'criteria' : 'controls';
        const total = Object.values(steps[0]?.counts ?? {}).reduce((sum, count) => sum + count, 0);
        return (
          <Figure
            title={`${of === 'criteria' ? 'Criteria' : 'Controls'} ${words}`}
            note="that fail or are unknown, at every instant"
            says={saidOf(steps, total, of)}
            signs={STATUSES.map(({ className, name }) => ({ className, name }))}
            twin={() =>
              twinOf(
                steps,
                [
                  ['fail', 'Fail'],
                  ['unknown', 'Unknown'],
                  ['waived', 'Waived'],
                  ['pass', 'Pass'],
                  ['empty', 'Empty'],
                ],
                time,
              )
            }
          >
            <StepChart
              steps={steps}
              layers={STATUSES}
              scale={{ from: span.from, to: span.to, until }}
              label={`${of} that fail, are unknown or waived ${words}: ${saidOf(steps, total, of)}`}
              reading={(step) =>
                `${spoken(step.from)} up to ${spoken(step.to)}: ${step.counts.fail} fail, ${step.counts.unknown} unknown, ${step.counts.waived} waived of ${total}${hiding(step)}`
              }
            />
          </Figure>
        );
      }}
    </Answered>
  );
}

function saidOf(steps: Statuses['criteria'], total: number, of: string): string {
  const [first, last] = [steps[0], steps.at(-1)];
  if (!first || !last) return 'The period has not begun.';
  const worst = steps.reduce((bad, step) => (step.most.fail > bad.most.fail ? step : bad));
  const now = `${last.counts.fail} of ${total} ${of} fail at its end and ${last.counts.unknown} are unknown, ${first.counts.fail} and ${first.counts.unknown} at its beginning`;
  return worst.most.fail > last.counts.fail ? `${now}; the most that failed at once were ${worst.most.fail}, from ${spoken(worst.from)}.` : `${now}.`;
}

/** How many items deviated or were unknown, of some controls or of all. */
export function DeviationsOverTime({
  controls,
  now,
  title = 'Deviations',
}: {
  readonly controls?: readonly string[];
  readonly now: string;
  readonly title?: string;
}) {
  const time = useTime();
  const { period, words } = spanOf(time, now);
  const answer = useAnswer<Deviations>('/charts/deviations', { ...asked(time), period, control: controls });
  if (controls?.length === 0) return null;
  return (
    <Answered answer={answer}>
      {({ steps, until, period: span }) => (
        <Figure
          title={`${title} ${words}`}
          note="items that deviate or are unknown; an item that two checks examine counts twice"
          says={countedOf(steps)}
          signs={[
            ...[...DEVIATING, ...UNKNOWN].map(({ className, name }) => ({ className, name })),
            ...(steps.some(({ most }) => most.gaps > 0) ? [{ className: 's-unknown', name: 'below the line: a population is not covered by evidence' }] : []),
          ]}
          twin={() =>
            twinOf(
              steps,
              [
                ['deviates', 'Deviate'],
                ['unknown', 'Unknown'],
                ['waived', 'Waived'],
                ['gaps', 'Populations not covered'],
              ],
              time,
            )
          }
        >
          {steps.some(({ most }) => most.deviates + most.waived > 0) && (
            <StepChart
              steps={steps}
              layers={DEVIATING}
              scale={{ from: span.from, to: span.to, until }}
              label={`Items that deviate ${words}: ${countedOf(steps)}`}
              reading={readingOf}
            />
          )}
          {steps.some(({ most }) => most.unknown + most.gaps > 0) && (
            <StepChart
              steps={steps}
              layers={UNKNOWN}
              band={GAPS}
              scale={{ from: span.from, to: span.to, until }}
              label={`Items of which nobody can tell ${words}`}
              reading={readingOf}
            />
          )}
        </Figure>
      )}
    </Answered>
  );
}

const readingOf = (step: Step<Bad>): string =>
  `${spoken(step.from)} up to ${spoken(step.to)}: ${step.counts.deviates} deviate, ${step.counts.unknown} unknown, ${step.counts.waived} waived${
    step.most.gaps > 0 ? `; ${several(step.most.gaps, 'population')} not covered` : ''
  }${hiding(step)}`;

function countedOf(steps: Deviations['steps']): string {
  const last = steps.at(-1);
  if (!last) return 'The period has not begun.';
  const most = Math.max(...steps.map((step) => step.most.deviates));
  if (most === 0 && steps.every((step) => step.most.unknown + step.most.gaps + step.most.waived === 0)) return 'Nothing deviated and nothing was unknown.';
  const since = steps.findLast((step) => step.most.deviates !== last.counts.deviates);
  const lasting = since && last.counts.deviates > 0 ? ` (since ${spoken(since.to)})` : '';
  return `${last.counts.deviates} deviate${lasting} and ${last.counts.unknown} are unknown at its end; the most that deviated at once were ${most}.`;
}

const hiding = ({ hides, most, counts, from, to }: Step<string>): string =>
  hides === 0
    ? ''
    : `, at its worst; ${several(hides, 'more change')} within ${spokenDuration(Date.parse(to) - Date.parse(from))}, at most ${Object.keys(counts)
        .filter((kind) => (most[kind] ?? 0) > (counts[kind] ?? 0))
        .map((kind) => `${most[kind]} ${kind}`)
        .join(', ')}`.replace(/, at most $/, '');

/** Every step, the newest first: what is so now is what is asked most. */
function twinOf<Kind extends string>(steps: readonly Step<Kind>[], kinds: readonly (readonly [Kind, string])[], time: Time): Twin {
  return {
    head: ['From', 'Up to', ...kinds.map(([, name]) => ({ num: name }))],
    rows: steps.toReversed().map((step) => ({
      id: step.from,
      cells: [
        <Link key="from" to="/" search={{ ...time, at: step.from }}>
          {spoken(step.from)}
        </Link>,
        spoken(step.to),
        ...kinds.map(([kind]) => step.counts[kind]),
      ],
    })),
  };
}
