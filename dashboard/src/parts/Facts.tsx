import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTime } from '../time.ts';

/** One of the facts below a heading. */
export const Fact = ({ name, className, children }: { readonly name: string; readonly className?: string | undefined; readonly children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd className={className}>{children}</dd>
  </div>
);

/** What is over a column: its name; `num` of one whose figures stand to the right, `listen` of one that is named for who listens alone. */
type Heading = string | { readonly num: string } | { readonly listen: string };

/** The head of a table. */
export const Head = ({ of }: { readonly of: readonly Heading[] }) => (
  <thead>
    <tr>
      {of.map((heading) =>
        typeof heading === 'string' ? (
          <th key={heading} scope="col">
            {heading}
          </th>
        ) : 'num' in heading ? (
          <th key={heading.num} scope="col" className="num">
            {heading.num}
          </th>
        ) : (
          <th key={heading.listen} scope="col">
            <span className="listen">{heading.listen}</span>
          </th>
        ),
      )}
    </tr>
  </thead>
);

/** Controls, each a link to its page. */
export function ControlTags({ of }: { readonly of: readonly string[] }) {
  const time = useTime();
  return of.map((id) => (
    <Link key={id} className="tag" to="/controls/$id" params={{ id }} search={time}>
      {id}
    </Link>
  ));
}

/** Parts of a page of which one is shown. What is shown belongs into a `tabpanel` of the same name. */
export function Tabs<Name extends string>({
  label,
  names,
  shown,
  onShow,
}: {
  readonly label: string;
  readonly names: Readonly<Record<Name, string>>;
  readonly shown: Name;
  readonly onShow: (name: Name) => void;
}) {
  return (
    <div className="tabs" role="tablist" aria-label={label}>
      {(Object.entries(names) as [Name, string][]).map(([name, says]) => (
        <button key={name} type="button" role="tab" id={`tab-${name}`} aria-selected={shown === name} aria-controls="tabpanel" onClick={() => onShow(name)}>
          {says}
        </button>
      ))}
    </div>
  );
}
