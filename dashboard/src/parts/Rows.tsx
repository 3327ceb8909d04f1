import { memo, type ReactNode } from 'react';

export interface Column<Row> {
  readonly name: string;
  /** A share of the width, like `2fr`, or so many pixels. */
  readonly width: string;
  readonly number?: boolean;
  readonly cell: (row: Row) => ReactNode;
  /** The field by which the server sorts, where it has one. */
  readonly sort?: string;
}

/** Pixels that every row is high. */
export const ROW = 32;

/** How wide the columns are, as a grid says it. */
export const templateOf = (columns: readonly Pick<Column<never>, 'width'>[]): string =>
  columns.map(({ width }) => (width.endsWith('fr') ? `minmax(0, ${width})` : width)).join(' ');

/** Pixels between columns, beside them, and of a column that takes a share where there is little room. */
const [GAP, BESIDE, SHARE] = [14, 32, 120];

/** Pixels below which columns would vanish: on a phone the table is scrolled sideways instead. */
export const leastOf = (columns: readonly Pick<Column<never>, 'width'>[]): number =>
  columns.reduce((sum, { width }) => sum + (width.endsWith('fr') ? SHARE : Number.parseFloat(width)) + GAP, BESIDE - GAP);

interface Line<Row> {
  /** Nothing while it is asked for. */
  readonly row: Row | undefined;
  /** From 0, among all rows. */
  readonly index: number;
  readonly columns: readonly Column<Row>[];
  readonly template: string;
  /** Pixels from the first row; absent: it stands below the one before it. */
  readonly start?: number;
  readonly onOpen?: ((row: Row) => void) | undefined;
}

/** One row of a long table. It is drawn anew where something of it has changed, and not because others pass by. */
export const RowLine = memo(function RowLine<Row>({ row, index, columns, template, start, onOpen }: Line<Row>) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a link in the row has the keys
    <div
      role="row"
      tabIndex={-1}
      className={`lrow${row === undefined ? ' waits' : ''}${onOpen ? ' opens' : ''}`}
      data-row
      aria-rowindex={index + 2}
      style={{ gridTemplateColumns: template, height: ROW, ...(start === undefined ? {} : { transform: `translateY(${start}px)` }) }}
      onClick={onOpen && row !== undefined ? ({ target }) => !(target as HTMLElement).closest('a,button') && onOpen(row) : undefined}
    >
      {columns.map(({ name, number, cell }) => (
        <span key={name} role="cell" className={number ? 'num' : undefined}>
          {row === undefined ? null : cell(row)}
        </span>
      ))}
    </div>
  );
}) as <Row>(its: Line<Row>) => ReactNode;

/** What is over the columns; by those that the server sorts by, a button each. */
export const RowHead = <Row,>({
  columns,
  template,
  sort = '',
  onSort,
}: {
  readonly columns: readonly Column<Row>[];
  readonly template: string;
  readonly sort?: string;
  readonly onSort?: ((sort: string) => void) | undefined;
}) => (
  <div role="rowgroup">
    {/* biome-ignore lint/a11y/useFocusableInteractive: the head of a table is not walked */}
    <div role="row" className="lhead" style={{ gridTemplateColumns: template }} aria-rowindex={1}>
      {columns.map((column) => (
        <Heading key={column.name} column={column} sort={sort} onSort={onSort} />
      ))}
    </div>
  </div>
);

function Heading<Row>({
  column: { name, number, sort: field },
  sort,
  onSort,
}: {
  readonly column: Column<Row>;
  readonly sort: string;
  readonly onSort: ((sort: string) => void) | undefined;
}) {
  const down = sort === `-${field}`;
  const sorted = field !== undefined && (down || sort === field);
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: its button is focused
    <span role="columnheader" className={number ? 'num' : undefined} aria-sort={sorted ? (down ? 'descending' : 'ascending') : undefined}>
      {field === undefined || !onSort ? (
        name
      ) : (
        <button type="button" className="sorts" onClick={() => onSort(sort === field ? `-${field}` : down ? '' : field)}>
          {name}
          {sorted && <i aria-hidden="true">{down ? ' ↓' : ' ↑'}</i>}
        </button>
      )}
    </span>
  );
}
