import { useState } from 'react';
import { several, spokenDuration } from '../../../src/core/spoken.ts';
import { Answered, useAnswer } from '../api/answer.tsx';
import type { Answer } from '../api/ask.ts';
import { asked, useTime } from '../time.ts';
import { Columns } from './Columns.tsx';
import { Figure } from './Figure.tsx';
import { durationTicks, monthName } from './scale.ts';

type Responses = Answer<'charts', 'responses'>;
type Month = Responses['months'][number];
type What = 'acknowledge' | 'resolve';

/** Mean times to acknowledge and to resolve alerts, by the month in which they were raised. */
export function ResponseChart() {
  const time = useTime();
  const [system, setSystem] = useState('');
  const answer = useAnswer<Responses>('/charts/responses', { ...asked(time), system: system === '' ? undefined : system });
  return (
    <Answered answer={answer}>
      {({ systems, months }) => (
        <>
          {systems.length > 1 && (
            <div className="chips">
              <label>
                Alerts of{' '}
                <select value={system} onChange={({ target }) => setSystem(target.value)}>
                  <option value="">all systems</option>
                  {systems.map((id) => (
                    <option key={id} value={id}>
                      {id}
                    </option>
                  ))}
                </select>
              </label>
            </div>
          )}
          <div className="half">
            <Times what="acknowledge" title="Mean time to acknowledge" note="until a person took it" months={months} />
            <Times what="resolve" title="Mean time to resolve" note="until it was over" months={months} />
          </div>
        </>
      )}
    </Answered>
  );
}

function Times({ what, title, note, months }: { readonly what: What; readonly title: string; readonly note: string; readonly months: readonly Month[] }) {
  const ticks = durationTicks(Math.max(0, ...months.map((month) => month[what].mean ?? 0)));
  return (
    <Figure
      title={title}
      note={note}
      says={saying(months, what)}
      signs={
        months.some(({ raised }) => raised > 0)
          ? [
              { className: 'plain', name: 'mean of the month' },
              { className: 's-unknown', name: 'below the line: of some no time is known' },
            ]
          : []
      }
      twin={() => ({
        head: ['Month', { num: 'Raised' }, { num: 'Mean' }, { num: 'Longest' }, { num: 'Not done' }, { num: 'Not told' }],
        rows: months.toReversed().map((month) => ({ id: month.month, cells: cellsOf(month, what) })),
      })}
    >
      {months.some(({ raised }) => raised > 0) && (
        <Columns
          label={`${title} by month: ${saying(months, what)}`}
          ticks={ticks.map((value) => ({ value, name: value === 0 ? '0' : spokenDuration(value) }))}
          columns={months.slice(-24).map((month) => ({
            id: month.month,
            name: monthName(Number(month.month.slice(5)) - 1),
            parts: [{ className: 'plain', value: month[what].mean ?? 0 }],
            uncertain: month[what].open + month[what].unknown > 0,
            reading: readingOf(month, what),
          }))}
        />
      )}
    </Figure>
  );
}

function cellsOf(month: Month, what: What): readonly (string | number)[] {
  const { mean, longest, open, unknown } = month[what];
  return [month.month, month.raised, mean === null ? '' : spokenDuration(mean), longest === null ? '' : spokenDuration(longest), open, unknown];
}

function readingOf(month: Month, what: What): string {
  const { mean, longest, count, open, unknown } = month[what];
  const done = what === 'acknowledge' ? 'acknowledged by a person' : 'resolved';
  const parts = [
    `${month.month}: ${several(month.raised, 'alert')} raised`,
    `${count} ${done}${mean === null ? '' : `, on average after ${spokenDuration(mean)}, at the latest after ${spokenDuration(longest ?? mean)}`}`,
    ...(open > 0 ? [`${open} not ${done}`] : []),
    ...(unknown > 0 ? [`of ${unknown} the source does not tell`] : []),
  ];
  return parts.join('; ');
}

function saying(months: readonly Month[], what: What): string {
  const sum = (of: (month: Month) => number) => months.reduce((total, month) => total + of(month), 0);
  const raised = sum((month) => month.raised);
  if (raised === 0) return 'No alert was raised in this period, by what was told.';
  const count = sum((month) => month[what].count);
  const mean = count === 0 ? null : sum((month) => (month[what].mean ?? 0) * month[what].count) / count;
  const [open, unknown] = [sum((month) => month[what].open), sum((month) => month[what].unknown)];
  const done = what === 'acknowledge' ? 'acknowledged by a person' : 'resolved';
  return `Of ${several(raised, 'alert')}, ${count} were ${done}${mean === null ? '' : `, on average after ${spokenDuration(mean)}`}; ${open} were not${
    unknown > 0 ? `, and of ${unknown} the source does not tell` : ''
  }.`;
}
