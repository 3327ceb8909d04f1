import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTime } from '../time.ts';

/** A group of a page: what it is, what it counts, and where there is more. */
export function Panel({
  title,
  note = null,
  more,
  aside,
  children,
}: {
  readonly title: string;
  readonly note?: ReactNode;
  readonly more?: { readonly to: string; readonly text: string };
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}) {
  const time = useTime();
  return (
    <section className="panel">
      <div className="sec">
        <h2>{title}</h2>
        {note !== null && <span className="note">{note}</span>}
        {aside}
        {more && (
          <Link className="link more" to={more.to} search={time}>
            {more.text}
          </Link>
        )}
      </div>
      {children}
    </section>
  );
}

/** Records that something rests on, each a link to its bytes. */
export function Records({ of, most = 4 }: { readonly of: readonly number[]; readonly most?: number }) {
  const time = useTime();
  return (
    <span className="records">
      {of.slice(0, most).map((index) => (
        <Link key={index} className="link" to="/log/$index" params={{ index: String(index) }} search={time}>
          #{index}
        </Link>
      ))}
      {of.length > most && <span className="faint">and {of.length - most} more</span>}
    </span>
  );
}
