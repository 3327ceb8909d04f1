import { Fragment, memo, type ReactNode } from 'react';
import type { Scale } from '../parts/Strip.tsx';
import { useReading } from '../parts/reading.ts';
import { Said } from './Figure.tsx';
import { apart, countTicks, niceMax, percent, type Run, runsOf, timeTicks } from './scale.ts';

export interface Step<Kind extends string> {
  readonly from: string;
  readonly to: string;
  readonly counts: Readonly<Record<Kind, number>>;
  readonly most: Readonly<Record<Kind, number>>;
  readonly hides: number;
}

/** How one kind is drawn. */
export interface Layer<Kind extends string> {
  readonly kind: Kind;
  readonly className: string;
  /** Behind its figure: `fail`. */
  readonly name: string;
}

const HEIGHT = 150;
const TOP = 8;
/** What is narrower is drawn as a line besides, so that nothing vanishes. */
const NARROW = 0.35;
const LABEL = 15;
/** Percent of the width: what begins later has no room behind its line. */
const LATE = 97;

/** Counts over time: steps from nothing up, one kind upon the other, the worst at the bottom. Never smoothed: between two changes nothing changed. */
export function StepChart<Kind extends string>({
  steps,
  layers: all,
  band,
  scale,
  label,
  reading,
}: {
  readonly steps: readonly Step<Kind>[];
  /** Those of them that never occur are not drawn, but for the first. */
  readonly layers: readonly Layer<Kind>[];
  /** A kind that is counted in another unit, drawn as a band below the line where there is any. */
  readonly band?: Layer<Kind>;
  readonly scale: Scale;
  /** For who listens: what is drawn. */
  readonly label: string;
  readonly reading: (step: Step<Kind>) => string;
}) {
  const { layers, max, y } = raised(steps, all);
  const [from, to] = [Date.parse(scale.from), Date.parse(scale.to)];
  const x = (text: string) => percent(Date.parse(text), from, to);
  const { read, on } = useReading(steps.length, (at) => steps.findLastIndex((step) => x(step.from) <= at));
  const said = read === null ? undefined : steps[read];
  const last = steps.at(-1);

  return (
    <>
      <div className="plot">
        <Ticks ticks={countTicks(max).map((count) => ({ at: y(count), name: count.toLocaleString('en') }))} />
        <svg className="steps" width="100%" height={HEIGHT + 10} role="img" aria-label={label} {...on}>
          <Shapes steps={steps} all={all} band={band} from={from} to={to} />
          {x(scale.until) < 100 && <line className="s-future" x1={`${x(scale.until)}%`} x2="100%" y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />}
          {said && <line className="cursor" x1={`${x(said.from)}%`} x2={`${x(said.from)}%`} y1="0" y2={HEIGHT} />}
        </svg>
        <Ends layers={layers} counts={last?.counts} y={y} />
        <TimeAxis from={from} to={to} />
      </div>
      <Said>{said ? reading(said) : ''}</Said>
    </>
  );
}

/** All that does not change while it is read out. */
const Shapes = memo(function Shapes<Kind extends string>({ steps, all, band, from, to }: Shaped<Kind>) {
  const { layers, max, y } = raised(steps, all);
  const x = (text: string) => percent(Date.parse(text), from, to);
  const placed = (its: Pick<Run, 'from' | 'to'>) => ({ x: x(its.from), width: x(its.to) - x(its.from) });
  return (
    <>
      {countTicks(max).map((count) => (
        <line key={count} className="rule" x1="0" x2="100%" y1={y(count)} y2={y(count)} />
      ))}
      {layers.map(({ kind, className }, place) =>
        runsOf(steps, ({ counts }) => spanOf(layers.slice(0, place), kind, counts)).map((run) => {
          const at = placed(run);
          return (
            <Fragment key={`${kind} ${run.from}`}>
              <rect className={className} x={`${at.x}%`} width={`${at.width}%`} y={y(run.upper)} height={y(run.lower) - y(run.upper)} />
              {at.width < NARROW && <line className={className.replace('s-', 'l-')} x1={`${at.x}%`} x2={`${at.x}%`} y1={y(run.upper)} y2={y(run.lower)} />}
            </Fragment>
          );
        }),
      )}
      {runsOf(steps, ({ counts, most }) => [sumOf(layers, counts), sumOf(layers, most)]).map((run) => {
        const at = placed(run);
        return <line key={run.from} className="most" x1={`${at.x}%`} x2={`${at.x + Math.max(at.width, NARROW)}%`} y1={y(run.upper)} y2={y(run.upper)} />;
      })}
      {band &&
        runsOf(steps, ({ most }) => [0, Math.min(most[band.kind], 1)]).map((run) => {
          const at = placed(run);
          return <rect key={run.from} className={band.className} x={`${at.x}%`} width={`${Math.max(at.width, NARROW)}%`} y={HEIGHT + 3} height="7" />;
        })}
    </>
  );
}) as <Kind extends string>(its: Shaped<Kind>) => ReactNode;

interface Shaped<Kind extends string> {
  readonly steps: readonly Step<Kind>[];
  readonly all: readonly Layer<Kind>[];
  readonly band: Layer<Kind> | undefined;
  readonly from: number;
  readonly to: number;
}

const sumOf = <Kind extends string>(layers: readonly Layer<Kind>[], counts: Readonly<Record<Kind, number>>): number =>
  layers.reduce((total, { kind }) => total + counts[kind], 0);

function spanOf<Kind extends string>(below: readonly Layer<Kind>[], kind: Kind, counts: Readonly<Record<Kind, number>>): readonly [number, number] {
  const lower = sumOf(below, counts);
  return [lower, lower + counts[kind]];
}

/** The layers that occur, how high the drawing is, and where so many of something stand in it. */
function raised<Kind extends string>(steps: readonly Step<Kind>[], all: readonly Layer<Kind>[]) {
  const layers = all.filter(({ kind }, place) => place === 0 || steps.some(({ most }) => most[kind] > 0));
  const max = niceMax(Math.max(0, ...steps.map(({ most }) => sumOf(layers, most))));
  return { layers, max, y: (count: number) => TOP + (1 - count / max) * (HEIGHT - TOP) };
}

/** Beside the last step: how many there are of each. */
function Ends<Kind extends string>({
  layers,
  counts,
  y,
}: {
  readonly layers: readonly Layer<Kind>[];
  readonly counts: Readonly<Record<Kind, number>> | undefined;
  readonly y: (count: number) => number;
}) {
  if (!counts) return <span />;
  let below = 0;
  const heights = layers.map(({ kind }) => {
    const middle = y(below + counts[kind] / 2);
    below += counts[kind];
    return middle;
  });
  const placed = apart(heights, LABEL, HEIGHT - 4);
  return (
    <svg className="ends" width="100%" height={HEIGHT + 10} aria-hidden="true">
      {layers.map(({ kind, className, name }, place) => (
        <g key={kind}>
          <rect className={className} x="0" y={(placed[place] ?? 0) - 5} width="10" height="10" />
          <text x="15" y={(placed[place] ?? 0) + 4}>
            {counts[kind].toLocaleString('en')} {name}
          </text>
        </g>
      ))}
    </svg>
  );
}

/** The figures at the lines. */
export const Ticks = ({ ticks }: { readonly ticks: readonly { readonly at: number; readonly name: string }[] }) => (
  <svg className="ticks" width="100%" height={HEIGHT + 10} aria-hidden="true">
    {ticks.map(({ at, name }) => (
      <text key={name} x="100%" y={Math.max(at + 4, 11)} textAnchor="end">
        {name}
      </text>
    ))}
  </svg>
);

/** Days, weeks or months below the lines. */
export const TimeAxis = ({ from, to }: { readonly from: number; readonly to: number }) => (
  <svg className="times" width="100%" height="18" aria-hidden="true">
    {timeTicks(from, to).map(({ at, name }, place) => (
      <g key={at} className={place % 2 === 0 ? 'even' : 'odd'}>
        <line x1={`${percent(at, from, to)}%`} x2={`${percent(at, from, to)}%`} y1="0" y2="5" />
        <text x={`${percent(at, from, to)}%`} dx={percent(at, from, to) > LATE ? -3 : 3} y="14" textAnchor={percent(at, from, to) > LATE ? 'end' : 'start'}>
          {name}
        </text>
      </g>
    ))}
  </svg>
);
