import { Link } from '@tanstack/react-router';
import { SEVERITIES } from '../../../src/core/severity.ts';
import { several, spokenDuration } from '../../../src/core/spoken.ts';
import { Answered, useAnswer } from '../api/answer.tsx';
import type { Answer } from '../api/ask.ts';
import { askedAt, useTime } from '../time.ts';
import { Bars } from './Bars.tsx';
import { Figure } from './Figure.tsx';

type Ages = Answer<'charts', 'ages'>;

const SIGNS = SEVERITIES.map((severity) => ({ className: `sev-${severity}`, name: severity }));

/** How old deviations are that nobody has undone, and how long it took to undo others. */
export function FindingCharts() {
  const time = useTime();
  const answer = useAnswer<Ages>('/charts/ages', askedAt(time));
  return (
    <Answered answer={answer}>
      {({ open, fixed }) => (
        <div className="half">
          <Open buckets={open} />
          <Fixed buckets={fixed} />
        </div>
      )}
    </Answered>
  );
}

const sum = (bySeverity: Ages['fixed'][number]['bySeverity']) => SEVERITIES.reduce((total, severity) => total + bySeverity[severity], 0);

const nameOf = ({ from, to }: Pick<Ages['fixed'][number], 'from' | 'to'>): string => {
  if (from === 0) return `less than ${spokenDuration(to ?? 0)}`;
  return to === null ? `${spokenDuration(from)} or more` : `${spokenDuration(from)} to ${spokenDuration(to)}`;
};

/** As the list of findings is filtered by it: `7-30`. */
const inDays = ({ from, to }: Pick<Ages['fixed'][number], 'from' | 'to'>): string => `${from / 86_400_000}-${to === null ? '' : to / 86_400_000}`;

function Open({ buckets }: { readonly buckets: Ages['open'] }) {
  const time = useTime();
  const total = (of: (bucket: Ages['open'][number]) => number) => buckets.reduce((all, bucket) => all + of(bucket), 0);
  const [open, overdue, old, unknown] = [
    total(({ bySeverity }) => sum(bySeverity)),
    total((bucket) => bucket.overdue),
    total(({ from, bySeverity }) => (from >= 30 * 86_400_000 ? sum(bySeverity) : 0)),
    total((bucket) => bucket.unknown),
  ];
  return (
    <Figure
      title="Open deviations by age"
      note="since they began the last time"
      says={
        open === 0
          ? 'No deviation is open.'
          : `${several(open, 'deviation')} ${open === 1 ? 'is' : 'are'} open, ${old} for 30 d or longer; ${overdue} ${overdue === 1 ? 'is' : 'are'} overdue.${
              unknown > 0 ? ` Of ${unknown} the evidence that would tell whether they still are so is missing.` : ''
            }`
      }
      signs={[...SIGNS, { className: 's-waived', name: 'waived' }]}
      twin={() => ({
        head: ['Age', ...SEVERITIES.map((severity) => ({ num: severity })), { num: 'waived' }, { num: 'evidence missing' }, { num: 'overdue' }],
        rows: buckets.map((bucket) => ({
          id: nameOf(bucket),
          cells: [nameOf(bucket), ...SEVERITIES.map((severity) => bucket.bySeverity[severity]), bucket.waived, bucket.unknown, bucket.overdue],
        })),
      })}
    >
      <Bars
        label="Open deviations by age"
        bars={buckets.map((bucket) => ({
          id: nameOf(bucket),
          name: nameOf(bucket),
          parts: [
            ...SEVERITIES.map((severity) => ({ className: `sev-${severity}`, value: bucket.bySeverity[severity], name: severity })),
            { className: 's-waived', value: bucket.waived, name: 'waived' },
          ],
          figures: (
            <Link to="/findings" search={{ ...time, show: 'all', filter: `age=${inDays(bucket)}` }}>
              {sum(bucket.bySeverity) + bucket.waived}
              {bucket.overdue > 0 && <b className="c-fail"> {bucket.overdue} overdue</b>}
              {bucket.unknown > 0 && <b className="c-unknown"> {bucket.unknown} unknown</b>}
            </Link>
          ),
        }))}
      />
    </Figure>
  );
}

function Fixed({ buckets }: { readonly buckets: Ages['fixed'] }) {
  const all = buckets.reduce((total, { bySeverity }) => total + sum(bySeverity), 0);
  const soon = buckets.reduce((total, { to, bySeverity }) => (to !== null && to <= 7 * 86_400_000 ? total + sum(bySeverity) : total), 0);
  return (
    <Figure
      title="Time to fix"
      note="from first opening to last end, of what is fixed"
      says={all === 0 ? 'Nothing was fixed yet.' : `Of ${several(all, 'deviation')} that ${all === 1 ? 'was' : 'were'} fixed, ${soon} took less than 7 d.`}
      signs={SIGNS}
      twin={() => ({
        head: ['Took', ...SEVERITIES.map((severity) => ({ num: severity }))],
        rows: buckets.map((bucket) => ({ id: nameOf(bucket), cells: [nameOf(bucket), ...SEVERITIES.map((severity) => bucket.bySeverity[severity])] })),
      })}
    >
      <Bars
        label="Time to fix"
        bars={buckets.map((bucket) => ({
          id: nameOf(bucket),
          name: nameOf(bucket),
          parts: SEVERITIES.map((severity) => ({ className: `sev-${severity}`, value: bucket.bySeverity[severity], name: severity })),
          figures: sum(bucket.bySeverity),
        }))}
      />
    </Figure>
  );
}
