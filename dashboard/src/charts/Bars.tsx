import type { ReactNode } from 'react';

export interface Bar {
  readonly id: string;
  readonly name: ReactNode;
  readonly parts: readonly { readonly className: string; readonly value: number; readonly name: string }[];
  /** Beside it: the figures, each a link where there is something to go to. */
  readonly figures: ReactNode;
}

const HEIGHT = 16;

/** Counts side by side, from nothing on, all on one scale. */
export function Bars({ bars, label }: { readonly bars: readonly Bar[]; readonly label: string }) {
  const sum = ({ parts }: Bar) => parts.reduce((total, { value }) => total + value, 0);
  const max = Math.max(1, ...bars.map(sum));
  return (
    <ul className="bars" aria-label={label}>
      {bars.map((bar) => {
        let before = 0;
        return (
          <li key={bar.id}>
            <span className="bname">{bar.name}</span>
            <svg
              width="100%"
              height={HEIGHT}
              role="img"
              aria-label={
                bar.parts
                  .filter(({ value }) => value > 0)
                  .map(({ value, name }) => `${value} ${name}`)
                  .join(', ') || 'none'
              }
            >
              <line className="base" x1="0.5" x2="0.5" y1="0" y2={HEIGHT} />
              {bar.parts.map(({ className, value, name }) => {
                const x = (before / max) * 100;
                before += value;
                return value > 0 ? (
                  <rect
                    key={name}
                    className={className}
                    x={`${x}%`}
                    width={`${(value / max) * 100}%`}
                    y={className === 's-pass' ? HEIGHT / 2 - 2.5 : 1}
                    height={className === 's-pass' ? 5 : HEIGHT - 2}
                  >
                    <title>{`${value} ${name}`}</title>
                  </rect>
                ) : null;
              })}
            </svg>
            <span className="bfigures">{bar.figures}</span>
          </li>
        );
      })}
    </ul>
  );
}
