import { useReading } from '../parts/reading.ts';
import { Said } from './Figure.tsx';
import { Ticks } from './StepChart.tsx';

/** One span of time, and what came together in it. */
export interface Column {
  readonly id: string;
  /** Below it; empty where there is no room for a name. */
  readonly name: string;
  readonly parts: readonly { readonly className: string; readonly value: number }[];
  /** Something of it is not known: a hatched mark stands on the line, whatever the height. */
  readonly uncertain?: boolean;
  readonly reading: string;
}

const HEIGHT = 150;
const TOP = 8;
/** Share of a span that is filled. */
const FILLED = 0.72;

/** What came together in each of some spans of time, from nothing up, the worst at the bottom. */
export function Columns({
  columns,
  ticks,
  label,
  line,
  onOpen,
}: {
  readonly columns: readonly Column[];
  readonly ticks: readonly { readonly value: number; readonly name: string }[];
  readonly label: string;
  /** Something to compare with, across all of them. */
  readonly line?: { readonly value: number; readonly name: string };
  readonly onOpen?: (id: string) => void;
}) {
  const max = Math.max(1, ...ticks.map(({ value }) => value));
  const y = (value: number) => TOP + (1 - Math.min(value, max) / max) * (HEIGHT - TOP);
  const width = 100 / Math.max(columns.length, 1);
  const { read, on } = useReading(
    columns.length,
    (at) => Math.floor(at / width),
    onOpen &&
      ((place) => {
        const id = columns[place]?.id;
        if (id !== undefined) onOpen(id);
      }),
  );
  return (
    <>
      <div className="plot noends">
        <Ticks ticks={ticks.map(({ value, name }) => ({ at: y(value), name }))} />
        <svg className="steps" width="100%" height={HEIGHT + 10} role="img" aria-label={label} {...on}>
          {ticks.map(({ value }) => (
            <line key={value} className="rule" x1="0" x2="100%" y1={y(value)} y2={y(value)} />
          ))}
          {columns.map(({ id, parts, uncertain }, place) => {
            const x = (place + (1 - FILLED) / 2) * width;
            let below = 0;
            return (
              <g key={id} className={place === read ? 'read' : undefined}>
                {parts.map(({ className, value }) => {
                  const from = below;
                  below += value;
                  return value > 0 ? (
                    <rect
                      key={className}
                      className={className}
                      x={`${x}%`}
                      width={`${width * FILLED}%`}
                      y={y(below)}
                      height={Math.max(y(from) - y(below), 1.5)}
                    />
                  ) : null;
                })}
                {uncertain && <rect className="s-unknown" x={`${x}%`} width={`${width * FILLED}%`} y={HEIGHT + 3} height="7" />}
              </g>
            );
          })}
          {line && (
            <>
              <line className="deadline" x1="0" x2="100%" y1={y(line.value)} y2={y(line.value)} />
              <text className="named" x="100%" y={y(line.value) - 4} textAnchor="end">
                {line.name}
              </text>
            </>
          )}
        </svg>
        <svg className="times" width="100%" height="18" aria-hidden="true">
          {columns.map(({ id, name }, place) => (
            <text key={id} x={`${(place + 0.5) * width}%`} y="14" textAnchor={place === 0 && columns.length > 12 ? 'start' : 'middle'}>
              {name}
            </text>
          ))}
        </svg>
      </div>
      <Said>{read === null ? '' : columns[read]?.reading}</Said>
    </>
  );
}
