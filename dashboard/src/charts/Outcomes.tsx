import { Link } from '@tanstack/react-router';
import { several } from '../../../src/core/spoken.ts';
import { Answered, useAnswer } from '../api/answer.tsx';
import type { Answer } from '../api/ask.ts';
import { Glyph } from '../parts/Status.tsx';
import { asked, useTime } from '../time.ts';
import { Bars } from './Bars.tsx';
import { Figure } from './Figure.tsx';

type Outcomes = Answer<'charts', 'outcomes'>;
type Check = Outcomes['checks'][number];

const PARTS = [
  ['deviates', 's-fail', 'deviate'],
  ['unknown', 's-unknown', 'unknown'],
  ['waived', 's-waived', 'waived'],
  ['conforms', 's-pass', 'conform'],
] as const;

/** How the items of some checks stand, check by check: the protection of devices, the courses of people. */
export function OutcomeChart({
  checks,
  title,
  controlOf,
}: {
  readonly checks: readonly string[];
  readonly title: string;
  /** The control that a check belongs to. */
  readonly controlOf: (check: string) => string | undefined;
}) {
  const time = useTime();
  const answer = useAnswer<Outcomes>('/charts/outcomes', { ...asked(time), check: checks });
  if (checks.length === 0) return null;
  return (
    <Answered answer={answer}>
      {({ checks: its }) => (
        <Figure
          title={title}
          note="every item of each check"
          says={saying(its)}
          signs={PARTS.map(([, className, name]) => ({ className, name }))}
          twin={() => ({
            head: ['Check', ...PARTS.map(([, , name]) => ({ num: name })), 'Population'],
            rows: its.map((check) => ({
              id: check.check,
              cells: [check.title, ...PARTS.map(([kind]) => check[kind]), check.covered ? 'covered' : 'not covered: there may be more'],
            })),
          })}
        >
          <Bars
            label={title}
            bars={its.map((check) => {
              const control = controlOf(check.check);
              return {
                id: check.check,
                name:
                  control === undefined ? (
                    check.title
                  ) : (
                    <Link to="/controls/$id" params={{ id: control }} search={time}>
                      {check.title}
                    </Link>
                  ),
                parts: PARTS.map(([kind, className, name]) => ({ className, value: check[kind], name })),
                figures: <Figures of={check} />,
              };
            })}
          />
        </Figure>
      )}
    </Answered>
  );
}

function Figures({ of }: { readonly of: Check }) {
  const all = PARTS.reduce((sum, [kind]) => sum + of[kind], 0);
  return (
    <>
      {of.deviates > 0 && <b className="c-fail">{of.deviates} deviate</b>} {of.unknown > 0 && <b className="c-unknown">{of.unknown} unknown</b>}{' '}
      {of.deviates + of.unknown === 0 && all > 0 && <Glyph of={of.waived > 0 ? 'waived' : 'pass'} />} of {all}
      {!of.covered && <b className="c-unknown"> not covered</b>}
    </>
  );
}

function saying(checks: readonly Check[]): string {
  const bad = checks.filter(({ deviates }) => deviates > 0);
  const open = checks.filter(({ unknown, covered }) => unknown > 0 || !covered);
  const worst = bad.toSorted((a, b) => b.deviates - a.deviates)[0];
  if (checks.length === 0) return 'Nothing is examined here yet.';
  const first = worst ? `Most deviate from "${worst.title}": ${worst.deviates}` : `Nothing deviates from ${several(checks.length, 'check')}`;
  return `${first}${open.length > 0 ? `; of ${several(open.length, 'check')} not everything is known` : ''}.`;
}
