import { memo, type ReactNode } from 'react';
import { spokenDuration } from '../../../src/core/spoken.ts';
import { spoken } from '../time.ts';
import { AsTable } from './AsTable.tsx';
import { useReading } from './reading.ts';
import { ORDER, type Shown, shownAs, WORDS } from './Status.tsx';

export interface StripInterval {
  readonly status: Exclude<Shown, 'waived'>;
  readonly alert: Exclude<Shown, 'waived'>;
  readonly from: string | null;
  readonly to: string | null;
}

/** The period that a strip is drawn over, and up to where something is said. ISO 8601. */
export interface Scale {
  readonly from: string;
  readonly to: string;
  readonly until: string;
}

const HEIGHT = 22;
/** What is drawn last is never covered. */
const DRAWN: readonly Shown[] = ORDER.toReversed();
const SHAPES: Readonly<Record<Shown, readonly [y: number, height: number]>> = {
  fail: [0, HEIGHT],
  unknown: [0, HEIGHT],
  waived: [9, HEIGHT - 9],
  pass: [HEIGHT - 5, 5],
  empty: [HEIGHT - 4.5, 4],
  excluded: [HEIGHT / 2 - 0.5, 1],
};
const RISES: readonly Shown[] = ['fail', 'unknown', 'waived'];

interface Segment {
  readonly of: Shown;
  readonly from: number;
  readonly to: number;
}

/** A period as a line of intervals; the eye falls on what rises. Arrows and the pointer read it out, and Enter filters by what is read. */
function Strip({
  scale,
  laid: { at, segments, until },
  label,
  onPick,
}: {
  readonly scale: Scale;
  readonly laid: ReturnType<typeof laidOut>;
  readonly label: string;
  readonly onPick?: (period: string) => void;
}) {
  const picked = ({ from, to }: Segment) => onPick?.(`${iso(from)}..${iso(to)}`);
  const { read, on } = useReading(
    segments.length,
    (percent) => segments.findLastIndex(({ from }) => at(from) <= percent),
    (place) => segments[place] && picked(segments[place]),
  );
  const said = read === null ? undefined : segments[read];
  return (
    <div className="stripbox">
      <svg className="strip" width="100%" height={HEIGHT} role="img" aria-label={`${label}: ${summaryOf(segments)}`} {...on}>
        {until < Date.parse(scale.to) && (
          <>
            <line className="s-future" x1={`${at(Math.max(until, Date.parse(scale.from)))}%`} x2="100%" y1={HEIGHT - 1} y2={HEIGHT - 1} />
            {at(until) > 0 && <line className="s-now" x1={`${at(until)}%`} x2={`${at(until)}%`} y1="0" y2={HEIGHT} />}
          </>
        )}
        {segments
          .map((segment, place) => ({ segment, place }))
          .sort((a, b) => DRAWN.indexOf(a.segment.of) - DRAWN.indexOf(b.segment.of))
          .map(({ segment, place }) => (
            <Drawn key={place} of={segment.of} x={at(segment.from)} width={at(segment.to) - at(segment.from)} read={place === read} />
          ))}
      </svg>
      <span className="said" role="status">
        {said ? reading(said) : ''}
      </span>
    </div>
  );
}

const Drawn = memo(({ of, x, width, read }: { readonly of: Shown; readonly x: number; readonly width: number; readonly read: boolean }) => {
  const [y, height] = SHAPES[of];
  return (
    <>
      <rect className={read ? `s-${of} read` : `s-${of}`} x={`${x}%`} y={y} width={`${width}%`} height={height} />
      {width < 1 && RISES.includes(of) && <line className={`l-${of}`} x1={`${x}%`} x2={`${x}%`} y1={y} y2={HEIGHT} />}
    </>
  );
});

/** Where everything lies: percent of the width, to a thousandth. */
function laidOut({ from, to, until }: Scale, intervals: readonly StripInterval[]) {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  const at = (instant: number) => Math.round(((Math.min(Math.max(instant, start), end) - start) / (end - start)) * 100_000) / 1000;
  const segments = intervals.map(
    (it): Segment => ({ of: shownAs(it), from: it.from === null ? start : Date.parse(it.from), to: it.to === null ? end : Date.parse(it.to) }),
  );
  return { at, segments, until: Date.parse(until) };
}

const iso = (at: number) => new Date(at).toISOString();

const reading = ({ of, from, to }: Segment): string => `${WORDS[of]}, ${spoken(iso(from))} up to ${spoken(iso(to))}, ${spokenDuration(to - from)}`;

/** How long what held: `fail 9 d 3 h, unknown 3 d 11 h`. */
function summaryOf(segments: readonly Segment[]): string {
  if (segments.length === 0) return 'the period has not begun';
  const lasted = (of: Shown) => segments.reduce((sum, it) => (it.of === of ? sum + it.to - it.from : sum), 0);
  const parts = (['fail', 'unknown', 'waived', 'excluded'] as const).filter((of) => lasted(of) > 0).map((of) => `${of} ${spokenDuration(lasted(of))}`);
  if (parts.length > 0) return parts.join(', ');
  return lasted('pass') > 0 ? 'no deviation noted' : 'nothing occurred';
}

/** One line: what it is about, its strip, what it comes to. */
export function StripRow({
  scale,
  id,
  name,
  status,
  intervals,
  whole = false,
  onPick,
}: {
  readonly scale: Scale;
  readonly id: string;
  readonly name: ReactNode;
  readonly status: ReactNode;
  readonly intervals: readonly StripInterval[];
  readonly whole?: boolean;
  readonly onPick?: (period: string) => void;
}) {
  const laid = laidOut(scale, intervals);
  return (
    <div className={whole ? 'srow sum' : 'srow'}>
      <div className="lbl">
        {status}
        <span>{name}</span>
      </div>
      <Strip scale={scale} laid={laid} label={id} {...(onPick ? { onPick } : {})} />
      <div className="out">{summaryOf(laid.segments)}</div>
    </div>
  );
}

/** What strips show, as a table: for whoever listens, prints or copies. */
export const StripTable = ({ scale, of }: { readonly scale: Scale; readonly of: readonly Stripped[] }) => (
  <AsTable
    title="Statuses over the period"
    of={() => ({
      head: ['Of', 'Status', 'From', 'Up to', 'Lasted'],
      rows: of.flatMap(({ id, intervals }) =>
        laidOut(scale, intervals).segments.map((segment) => ({
          id: `${id} ${segment.from}`,
          cells: [id, WORDS[segment.of], spoken(iso(segment.from)), spoken(iso(segment.to)), spokenDuration(segment.to - segment.from)],
        })),
      ),
    })}
  />
);

interface Stripped {
  readonly id: string;
  readonly intervals: readonly StripInterval[];
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The months above the strips, and where now is. */
export function StripAxis({ scale, timezone }: { readonly scale: Scale; readonly timezone: string }) {
  const { at, until } = laidOut(scale, []);
  const [from, to] = [Date.parse(scale.from), Date.parse(scale.to)];
  const running = until < to && until > from;
  const hidden = (x: number) => running && x > at(until) - 7 && x < at(until) + 3;
  return (
    <div className="axis" aria-hidden="true">
      <span>{timezone}</span>
      <svg width="100%" height="20">
        {monthsOf(from, to).map(({ month, name }, place) => (
          <g key={month} className={place % 2 === 0 ? 'even' : 'odd'}>
            <line x1={`${at(month)}%`} x2={`${at(month)}%`} y1="4" y2="20" />
            {!hidden(at(month)) && (
              <text x={`${at(month)}%`} dx="4" y="15">
                {name}
              </text>
            )}
          </g>
        ))}
        {running && (
          <text className="now" x={`${at(until)}%`} y="15" textAnchor="middle">
            now
          </text>
        )}
      </svg>
      <span />
    </div>
  );
}

/** The first days of months, in UTC: every one, or every third, sixth or twelfth where there are many. */
function monthsOf(from: number, to: number): readonly { readonly month: number; readonly name: string }[] {
  const first = new Date(from);
  const all = Array.from({ length: Math.min(1200, Math.ceil((to - from) / 2.4e9) + 2) }, (_, place) =>
    Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + place, 1),
  );
  const inside = all.filter((month) => from <= month && month < to);
  const step = [1, 3, 6, 12].find((every) => inside.length / every <= 14) ?? 60;
  return inside
    .filter((month) => new Date(month).getUTCMonth() % step === 0 || step > 12)
    .map((month) => ({
      month,
      name: new Date(month).getUTCMonth() === 0 ? String(new Date(month).getUTCFullYear()) : (MONTHS[new Date(month).getUTCMonth()] ?? ''),
    }));
}

/** The patterns that strips are filled with, once a page. */
export const StripPatterns = () => (
  <svg className="defs" width="0" height="0" aria-hidden="true">
    <defs>
      <pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect className="hatch-ground" width="5" height="5" />
        <rect className="hatch-line" width="1.6" height="5" />
      </pattern>
      <pattern id="dots" width="5" height="5" patternUnits="userSpaceOnUse">
        <rect className="dots-ground" width="5" height="5" />
        <circle className="dots-dot" cx="2.5" cy="2.5" r="1.1" />
      </pattern>
    </defs>
  </svg>
);

const LEGEND: readonly (readonly [Shown, string])[] = [
  ['fail', 'Fail: a full block'],
  ['unknown', 'Unknown: hatched'],
  ['waived', 'Waived: dotted, lower'],
  ['pass', 'Pass: a low line'],
  ['empty', 'Empty: a hollow line'],
  ['excluded', 'Excluded: a thin line in the middle'],
];

export const StripLegend = () => (
  <ul className="legend">
    {LEGEND.map(([of, says]) => (
      <li key={of}>
        <svg className="key" width="18" height={HEIGHT} aria-hidden="true">
          <rect className={`s-${of}`} x="0" y={SHAPES[of][0]} width="100%" height={SHAPES[of][1]} />
        </svg>
        {says}
      </li>
    ))}
    <li>
      <svg className="key" width="18" height={HEIGHT} aria-hidden="true">
        <line className="s-future" x1="0" x2="100%" y1={HEIGHT - 1} y2={HEIGHT - 1} />
      </svg>
      Not yet: dashed
    </li>
  </ul>
);
