import { type ReactNode, useState } from 'react';
import { Head } from './Facts.tsx';
import { PartsInTurn } from './InTurn.tsx';
import { usePrinting } from './printing.ts';

/** What a table twin holds: its head, and a line for each thing that is drawn. */
export interface Twin {
  readonly head: readonly (string | { readonly num: string })[];
  readonly rows: readonly { readonly id: string; readonly cells: readonly ReactNode[] }[];
}

/** More lines than anybody reads are in the files that the API gives. */
const MOST = 2000;
/** So many are drawn at once. */
const PART = 100;

/** What is drawn, as a table: for whoever listens, prints or copies. It is made when it is opened. */
export function AsTable({ of, title }: { readonly of: () => Twin; readonly title: string }) {
  const [open, setOpen] = useState(false);
  const shown = usePrinting() || open;
  return (
    <details className="astable" open={shown}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a summary is a button */}
      <summary
        onClick={(event) => {
          event.preventDefault();
          setOpen(!open);
        }}
      >
        As table
      </summary>
      {shown && <Table of={of()} title={title} />}
    </details>
  );
}

const Table = ({ of: { head, rows }, title }: { readonly of: Twin; readonly title: string }) => (
  <div className="scroll tall">
    <table>
      <caption className="listen">{title}</caption>
      <Head of={head} />
      <PartsInTurn of={rows.slice(0, MOST)} size={PART} placeholder={<tbody className="skeleton" />}>
        {(part) => (
          <tbody>
            {part.map(({ id, cells }) => (
              <tr key={id}>
                {cells.map((cell, place) => (
                  <td key={place} className={typeof head[place] === 'object' ? 'num' : undefined}>
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        )}
      </PartsInTurn>
    </table>
    {rows.length > MOST && (
      <p className="pad faint">
        The first {MOST.toLocaleString('en')} of {rows.length.toLocaleString('en')}.
      </p>
    )}
  </div>
);
