import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type FocusEvent, type KeyboardEvent, type ReactNode, type RefObject, useRef } from 'react';
import { usePrinting } from './printing.ts';
import { type Column, leastOf, ROW, RowHead, RowLine, templateOf } from './Rows.tsx';
import './window-table.css';

/** Which rows of a list are in sight, and which one has the focus. */
interface RowsInSight {
  readonly box: RefObject<HTMLDivElement | null>;
  readonly items: readonly { readonly index: number; readonly start: number }[];
  /** Pixels of all of them. */
  readonly height: number;
  readonly first: number;
  readonly last: number;
  /** The row that has the focus stays in the document wherever it is scrolled to. */
  readonly held: number | null;
  readonly on: {
    readonly onFocus: (event: FocusEvent) => void;
    readonly onBlur: () => void;
    readonly onKeyDown: (event: KeyboardEvent) => void;
  };
}

/** Rows above and below what is in sight, so that nothing is blank while it is scrolled. */
const BEYOND = 10;
/** So long a row that is walked to is waited for. */
const FRAMES = 60;

export function useRowsInSight(count: number): RowsInSight {
  const box = useRef<HTMLDivElement>(null);
  const held = useRef<number | null>(null);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: BEYOND,
    rangeExtractor: (range) => [...new Set([...defaultRangeExtractor(range), ...(held.current !== null && held.current < count ? [held.current] : [])])],
  });

  const focus = (index: number) => {
    const row = box.current?.querySelector<HTMLElement>(`[aria-rowindex="${index + 2}"]`);
    (row?.querySelector<HTMLElement>('a,button') ?? row)?.focus();
    return row !== undefined && row !== null;
  };
  const walk = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const from = rowOf(event.target);
    if (step === 0 || from === null || from + step < 0 || from + step >= count) return;
    event.preventDefault();
    held.current = from + step;
    virtual.scrollToIndex(from + step);
    focusSoon(from + step, FRAMES);
  };
  /** A row that was out of sight is drawn some frames later. */
  const focusSoon = (index: number, frames: number) => {
    if (!focus(index) && frames > 0) requestAnimationFrame(() => focusSoon(index, frames - 1));
  };

  return {
    box,
    items: virtual.getVirtualItems(),
    height: virtual.getTotalSize(),
    first: Math.max(0, (virtual.range?.startIndex ?? 0) - BEYOND),
    last: Math.min(count, (virtual.range?.endIndex ?? 0) + BEYOND),
    held: held.current,
    on: {
      onFocus: ({ target }) => {
        held.current = rowOf(target) ?? held.current;
      },
      onBlur: () => {
        held.current = null;
      },
      onKeyDown: walk,
    },
  };
}

function rowOf(target: EventTarget): number | null {
  const row = (target as HTMLElement).closest('[data-row]')?.getAttribute('aria-rowindex');
  return row === undefined || row === null ? null : Number(row) - 2;
}

/** Rows that are at hand, from one on. */
type Loaded<Row> = readonly (readonly [first: number, rows: readonly Row[]])[];

/** More than anybody prints. */
const PRINTED = 2000;

/** A list of any length: rows of one height, never more of them in the document than are seen. On paper those that are at hand, and it says which. */
export function LongRows<Row>({
  sight,
  columns,
  label,
  total,
  loaded,
  rowAt,
  isOlder,
  above = null,
  foot,
  sort,
  onSort,
  onOpen,
}: {
  readonly sight: RowsInSight;
  readonly columns: readonly Column<Row>[];
  readonly label: string;
  /** How many there are; `null` where nobody knows yet. */
  readonly total: number | null;
  readonly loaded: Loaded<Row>;
  readonly rowAt: (index: number) => Row | undefined;
  readonly isOlder: boolean;
  readonly above?: ReactNode;
  readonly foot: ReactNode;
  readonly sort?: string;
  readonly onSort?: ((sort: string) => void) | undefined;
  readonly onOpen?: ((row: Row) => void) | undefined;
}) {
  const printing = usePrinting();
  const template = templateOf(columns);
  const printed = printing ? loaded.flatMap(([first, rows]) => rows.map((row, place) => ({ row, index: first + place }))).slice(0, PRINTED) : [];
  return (
    <div
      className={isOlder ? 'long older' : 'long'}
      role="table"
      aria-label={label}
      aria-rowcount={total === null ? -1 : total + 1}
      style={{ '--least': `${leastOf(columns)}px` } as CSSProperties}
    >
      {above}
      <RowHead columns={columns} template={template} {...(sort === undefined ? {} : { sort })} onSort={onSort} />
      <div ref={sight.box} className="lbox" role="rowgroup" tabIndex={0} aria-label={`Rows of ${label}`} {...sight.on}>
        {printing ? (
          printed.map((line) => <RowLine key={line.index} {...line} columns={columns} template={template} />)
        ) : (
          <div className="lrows" style={{ height: sight.height }}>
            {sight.items.map(({ index, start }, place) => (
              // Whoever drags the scrollbar passes thousands of rows that are not at hand: one place stands for all that pass it.
              <RowLine
                key={rowAt(index) === undefined && index !== sight.held ? `waits ${place}` : index}
                row={rowAt(index)}
                index={index}
                start={start}
                columns={columns}
                template={template}
                onOpen={onOpen}
              />
            ))}
          </div>
        )}
      </div>
      <p className="lfoot">{printing ? printedWords(printed, total) : foot}</p>
    </div>
  );
}

/** `Rows 1 to 200 and 4,001 to 4,200 of 100,000: those that were at hand.` */
function printedWords(printed: readonly { readonly index: number }[], total: number | null): string {
  const spans: [from: number, to: number][] = [];
  for (const { index } of printed) {
    const last = spans.at(-1);
    if (last?.[1] === index) last[1] = index + 1;
    else spans.push([index, index + 1]);
  }
  const words = spans.map(([from, to]) => `${(from + 1).toLocaleString('en')} to ${to.toLocaleString('en')}`).join(' and ');
  if (total !== null && printed.length === total) return `${total.toLocaleString('en')} in all.`;
  return `Rows ${words}${total === null ? '' : ` of ${total.toLocaleString('en')}`}: those that were at hand when this was printed.`;
}
