import type { ReactNode } from 'react';
import { AsTable, type Twin } from '../parts/AsTable.tsx';
import './charts.css';

/** A chart in its frame: what it shows, the sentence it comes to, its signs, and the same as a table. */
export function Figure({
  title,
  note,
  says,
  signs = [],
  twin,
  aside,
  children,
}: {
  readonly title: string;
  readonly note?: ReactNode;
  /** What there is to be seen, in a sentence with its figures. */
  readonly says: ReactNode;
  readonly signs?: readonly Sign[];
  readonly twin: () => Twin;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className="panel figure">
      <div className="sec">
        <h2>{title}</h2>
        {note !== undefined && <span className="note">{note}</span>}
        {aside}
      </div>
      <p className="pad says">{says}</p>
      <div className="drawn">{children}</div>
      {signs.length > 0 && (
        <ul className="signs">
          {signs.map(({ className, name }) => (
            <li key={name}>
              <svg className="key" width="16" height="12" aria-hidden="true">
                <rect className={className} width="16" height="12" />
              </svg>
              {name}
            </li>
          ))}
        </ul>
      )}
      <AsTable of={twin} title={title} />
    </section>
  );
}

export interface Sign {
  /** By which it is filled. */
  readonly className: string;
  readonly name: string;
}

/** What is read out, in a line of its own, so that nothing moves. */
export const Said = ({ children }: { readonly children: ReactNode }) => (
  <p className="read-out" role="status">
    {children}
  </p>
);
