import { Link, useNavigate } from '@tanstack/react-router';
import { several, spokenDuration } from '../../../src/core/spoken.ts';
import { Answered, useAnswer } from '../api/answer.tsx';
import type { Answer } from '../api/ask.ts';
import { Records } from '../parts/Panel.tsx';
import { asked, spoken, useTime } from '../time.ts';
import { useReading } from '../parts/reading.ts';
import { Figure, Said } from './Figure.tsx';
import { percent } from './scale.ts';

type Removals = Answer<'charts', 'removals'>;
type Leaver = Removals['leavers'][number];

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Lengths of time at equal distances: most is decided within hours, the worst in months. */
const MARKS = [0, HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY, 30 * DAY, 90 * DAY, 365 * DAY];
const NAMES = ['at once', '1 h', '6 h', '1 d', '3 d', '7 d', '30 d', '90 d', '1 y'];
const RADIUS = 5;
const [BASE, STEP] = [104, 11];
const HEIGHT = 118;
/** Dots that lie so close, in percent of the width, stand upon each other. */
const CLOSE = 1.6;

/** How long accounts could be used after their people had left, a dot for each person, against the deadline. */
export function RemovalChart() {
  const time = useTime();
  const answer = useAnswer<Removals>('/charts/removals', asked(time));
  return <Answered answer={answer}>{(removals) => <Drawn removals={removals} />}</Answered>;
}

function Drawn({ removals: { leavers, deadline, covered, gaps, period } }: { readonly removals: Removals }) {
  const time = useTime();
  const navigate = useNavigate();
  const timed = leavers.filter((leaver) => leaver.took !== null).toSorted((a, b) => (a.took ?? 0) - (b.took ?? 0));
  const unknown = leavers.filter(({ state }) => state === 'unknown');
  const isLate = ({ state, took }: Leaver) => state === 'still' || (deadline !== null && (took ?? 0) > deadline);
  const late = timed.filter(isLate);
  const longest = Math.max(deadline ?? 0, ...timed.map(({ took }) => took ?? 0));
  const marks = MARKS.slice(0, Math.max(4, MARKS.findIndex((mark) => mark >= longest) + 1) || MARKS.length);
  const x = (length: number) => placeOf(length, marks);
  const dots = stacked(timed.map(({ took }) => x(took ?? 0)));
  const { read, on } = useReading(
    timed.length,
    (at) =>
      nearest(
        dots.map((dot) => dot.x),
        at,
      ),
    (place) => {
      const id = timed[place]?.workerId;
      if (id !== undefined) void navigate({ to: '/people/$id', params: { id }, search: time });
    },
  );
  const said = read === null ? undefined : timed[read];
  return (
    <Figure
      title="Time to remove access"
      note={`people who left from ${spoken(period.from).slice(0, 10)} up to ${spoken(period.to).slice(0, 10)}`}
      says={saying(leavers, late, unknown, deadline)}
      signs={[
        { className: 'dot-good', name: 'within the deadline' },
        { className: 's-fail', name: 'later, or still usable' },
        { className: 's-unknown', name: 'nobody can tell' },
      ]}
      twin={() => ({
        head: ['Person', 'Left', 'Access', { num: 'After' }, 'Last account', 'Records'],
        rows: leavers.map((leaver) => ({
          id: `${leaver.workerId} ${leaver.leftAt}`,
          cells: [
            <Link key="person" to="/people/$id" params={{ id: leaver.workerId }} search={time}>
              <bdi>{leaver.name}</bdi>
            </Link>,
            spoken(leaver.leftAt),
            STATES[leaver.state],
            leaver.took === null ? '' : spokenDuration(leaver.took),
            <bdi key="account">{leaver.account ?? ''}</bdi>,
            <Records key="records" of={leaver.records} most={2} />,
          ],
        })),
      })}
    >
      {!covered &&
        gaps.map((gap) => (
          <p key={gap} className="notice" role="note">
            {gap}
          </p>
        ))}
      {leavers.length > 0 && (
        <>
          <svg
            className="steps dots"
            width="100%"
            height={HEIGHT + 22}
            role="img"
            aria-label={`Time from leaving to the end of access of ${several(timed.length, 'person', 'people')}; ${late.length} later than the deadline`}
            {...on}
          >
            <line className="rule" x1="0" x2="100%" y1={BASE + RADIUS + 2} y2={BASE + RADIUS + 2} />
            {marks.map((mark, place) => (
              <g key={mark} className={place % 2 === 0 ? 'even' : 'odd'}>
                <line className="rule" x1={`${x(mark)}%`} x2={`${x(mark)}%`} y1={BASE + RADIUS + 2} y2={BASE + RADIUS + 7} />
                <text x={`${x(mark)}%`} y={HEIGHT + 14} textAnchor={place === 0 ? 'start' : place === marks.length - 1 ? 'end' : 'middle'}>
                  {NAMES[place]}
                </text>
              </g>
            ))}
            {deadline !== null && (
              <>
                <line className="deadline" x1={`${x(deadline)}%`} x2={`${x(deadline)}%`} y1="0" y2={BASE + RADIUS + 2} />
                <text className="named" x={`${x(deadline)}%`} dx="6" y="11">
                  deadline {spokenDuration(deadline)}
                </text>
              </>
            )}
            {timed.map((leaver, place) => (
              <circle
                key={`${leaver.workerId} ${leaver.leftAt}`}
                className={`${isLate(leaver) ? 'dot-bad' : 'dot-good'}${leaver.state === 'still' ? ' still' : ''}${place === read ? ' read' : ''}`}
                cx={`${Math.min(Math.max(dots[place]?.x ?? 0, 0.7), 99.3)}%`}
                cy={BASE - (dots[place]?.above ?? 0) * STEP}
                r={RADIUS}
              />
            ))}
          </svg>
          <Said>
            {said
              ? `${said.name} left on ${spoken(said.leftAt)}; ${said.state === 'still' ? `${said.account} can still be used, ${spokenDuration(said.took ?? 0)} later` : said.took === 0 ? 'no account could be used any more' : `${said.account} was seen gone ${spokenDuration(said.took ?? 0)} later`}.`
              : ''}
          </Said>
        </>
      )}
      {unknown.length > 0 && (
        <p className="pad uncertain">
          <svg className="key" width="16" height="12" aria-hidden="true">
            <rect className="s-unknown" width="16" height="12" />
          </svg>{' '}
          Nobody can tell of {unknown.length}:{' '}
          {unknown.slice(0, 12).map(({ workerId, name }, place) => (
            <span key={workerId}>
              {place > 0 && ', '}
              <Link to="/people/$id" params={{ id: workerId }} search={time}>
                <bdi>{name}</bdi>
              </Link>
            </span>
          ))}
          {unknown.length > 12 && ` and ${unknown.length - 12} more`}.
        </p>
      )}
    </Figure>
  );
}

const STATES: Readonly<Record<Leaver['state'], string>> = {
  removed: 'seen gone',
  still: 'still usable',
  unknown: 'nobody can tell',
  none: 'no account was theirs',
};

function saying(leavers: readonly Leaver[], late: readonly Leaver[], unknown: readonly Leaver[], deadline: number | null): string {
  if (leavers.length === 0) return 'Nobody left in this period, by what HR has told.';
  const still = late.filter(({ state }) => state === 'still').length;
  const within = deadline === null ? 'at once' : `within ${spokenDuration(deadline)}`;
  const parts = [
    `Of ${several(leavers.length, 'person who left', 'people who left')}, ${late.length === 0 ? `none kept access for longer than ${deadline === null ? 'that' : spokenDuration(deadline)}` : `${late.length} did not lose all access ${within}`}`,
    ...(still > 0 ? [`${still} can still use an account`] : []),
    ...(unknown.length > 0 ? [`of ${unknown.length} nobody can tell`] : []),
  ];
  return `${parts.join('; ')}.`;
}

/** Between two marks in proportion. */
function placeOf(length: number, marks: readonly number[]): number {
  const next = marks.findIndex((mark) => mark > length);
  if (next < 0) return 100;
  const [low, high] = [marks[next - 1] ?? 0, marks[next] ?? 1];
  const share = 100 / (marks.length - 1);
  return (next - 1) * share + (percent(length, low, high) / 100) * share;
}

/** Where each dot of an ascending row stands, and how many lie below it. */
function stacked(places: readonly number[]): readonly { readonly x: number; readonly above: number }[] {
  let [since, above] = [-100, 0];
  return places.map((x) => {
    if (x - since < CLOSE) above = (above + 1) % 9;
    else [since, above] = [x, 0];
    return { x: since, above };
  });
}

function nearest(places: readonly number[], at: number): number {
  return places.reduce((best, place, index) => (Math.abs(place - at) < Math.abs((places[best] ?? 1000) - at) ? index : best), 0);
}
