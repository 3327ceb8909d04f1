import { useNavigate } from '@tanstack/react-router';
import { several } from '../../../src/core/spoken.ts';
import { Answered, useAnswer } from '../api/answer.tsx';
import type { Answer } from '../api/ask.ts';
import { asked, spoken, useTime } from '../time.ts';
import { Columns } from './Columns.tsx';
import { Figure } from './Figure.tsx';
import { countTicks, monthName, niceMax } from './scale.ts';

type Merges = Answer<'charts', 'merges'>;
type Week = Merges['weeks'][number];

const WAYS = [
  ['bypassed', 's-fail', 'past every pull request'],
  ['unapproved', 'sev-critical', 'without another’s approval'],
  ['unknown', 's-unknown', 'nobody can tell'],
  ['reviewed', 'pass-block', 'approved by somebody else'],
] as const;

const DAY = 86_400_000;
const SHOWN = 26;

/** How changes reached default branches, week by week. */
export function MergeChart() {
  const time = useTime();
  const navigate = useNavigate();
  const answer = useAnswer<Merges>('/charts/merges', asked(time));
  return (
    <Answered answer={answer}>
      {({ weeks }) => {
        const shown = weeks.slice(-SHOWN);
        const total = (week: Week) => WAYS.reduce((sum, [way]) => sum + week[way], 0);
        const max = niceMax(Math.max(0, ...shown.map(total)));
        return (
          <Figure
            title="Changes by how they came"
            note={`week by week${weeks.length > SHOWN ? `, the last ${SHOWN} of ${weeks.length}` : ''}`}
            says={saying(weeks)}
            signs={WAYS.map(([, className, name]) => ({ className, name }))}
            twin={() => ({
              head: ['Week from', ...WAYS.map(([, , name]) => ({ num: name }))],
              rows: weeks.toReversed().map((week) => ({ id: week.from, cells: [spoken(week.from).slice(0, 10), ...WAYS.map(([way]) => week[way])] })),
            })}
          >
            <Columns
              label={`Changes by how they came: ${saying(weeks)}`}
              ticks={countTicks(max).map((value) => ({ value, name: String(value) }))}
              columns={shown.map((week, place) => ({
                id: week.from,
                name: nameOf(week, shown[place - 1]),
                parts: WAYS.map(([way, className]) => ({ className, value: week[way] })),
                reading: `Week from ${spoken(week.from).slice(0, 10)}: ${WAYS.map(([way, , name]) => `${week[way]} ${name}`).join(', ')}`,
              }))}
              onOpen={(from) => {
                const week = weeks.find((its) => its.from === from);
                if (week) void navigate({ to: '.', search: { ...time, period: `${week.from}..${week.to}` } });
              }}
            />
          </Figure>
        );
      }}
    </Answered>
  );
}

/** The month, below the first week that begins in it. */
function nameOf({ from }: Week, before: Week | undefined): string {
  const at = new Date(Date.parse(from) + DAY / 2);
  return before && new Date(Date.parse(before.from) + DAY / 2).getUTCMonth() === at.getUTCMonth() ? '' : monthName(at.getUTCMonth());
}

const was = (count: number): string => (count === 1 ? 'was' : 'were');

function saying(weeks: readonly Week[]): string {
  const sum = (way: (typeof WAYS)[number][0]) => weeks.reduce((total, week) => total + week[way], 0);
  const all = WAYS.reduce((total, [way]) => total + sum(way), 0);
  if (all === 0) return 'No change reached a default branch in this period, by what was told.';
  const last = weeks.findLast(({ bypassed, unapproved }) => bypassed + unapproved > 0);
  return `Of ${several(all, 'change')}, ${sum('reviewed')} ${was(sum('reviewed'))} approved by somebody else, ${sum('unapproved')} ${was(sum('unapproved'))} not, ${sum(
    'bypassed',
  )} came past every pull request, and of ${sum('unknown')} nobody can tell.${last ? ` The last without approval came in the week from ${spoken(last.from).slice(0, 10)}.` : ''}`;
}
