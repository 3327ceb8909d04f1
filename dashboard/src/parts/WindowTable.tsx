import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { Loading, Refused } from '../api/answer.tsx';
import { ask, type Problem, type Query } from '../api/ask.ts';
import { LongRows, useRowsInSight } from './LongRows.tsx';
import type { Column } from './Rows.tsx';

/** What the server answers: a part of a list, how long the list is, and what further parts of the same list are asked with. */
interface Part {
  readonly count: number;
  /** Of which instant it is. */
  readonly asOf?: string;
  /** How long the log was. */
  readonly size?: number;
}

const WINDOW = 100;
/** Windows that were left are kept for a moment, so that somebody who turns back finds them. */
const KEPT = 10_000;
/** Whoever drags the scrollbar passes many windows: asked is for the one where they rest. */
const REST = 60;

/**
 * A list of any length as of one instant, with a scrollbar over all of it: the windows that are in sight are asked for,
 * wherever that is. What becomes known meanwhile is told, and moves nothing until somebody asks for it.
 */
export function WindowTable<Out extends Part, Row>({
  path,
  query,
  rowsOf,
  columns,
  label,
  empty,
  sort = '',
  onSort,
  onOpen,
}: {
  readonly path: string;
  readonly query: Query;
  readonly rowsOf: (part: Out) => readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly label: string;
  readonly empty: ReactNode;
  readonly sort?: string;
  readonly onSort?: (sort: string) => void;
  readonly onOpen?: (row: Row) => void;
}) {
  const newest = useQuery<Out, Problem>({
    queryKey: [path, 'window', query],
    queryFn: ({ signal }) => ask<Out>(path, { ...query, limit: WINDOW }, signal),
    placeholderData: keepPreviousData,
  });
  const [held, setHeld] = useState<Out | undefined>();
  const asked = JSON.stringify(query);
  const [of, setOf] = useState(asked);
  if (newest.data && !newest.isPlaceholderData && (held === undefined || of !== asked || held.count === newest.data.count)) {
    if (held !== newest.data) setHeld(newest.data);
    if (of !== asked) setOf(asked);
  }
  const first = held ?? newest.data;
  const count = first?.count ?? 0;
  const sight = useRowsInSight(count);
  const wanted = useRested(windowsOf(sight.first, sight.last, sight.held));
  const pinned = first && { ...(first.asOf === undefined ? {} : { asOf: first.asOf }), ...(first.size === undefined ? {} : { size: first.size }) };
  const parts = useQueries({
    queries: wanted.map((place) => ({
      queryKey: [path, 'window', query, pinned, place],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) => ask<Out>(path, { ...query, ...pinned, limit: WINDOW, skip: place * WINDOW }, signal),
      enabled: pinned !== undefined && place > 0,
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: KEPT,
    })),
  });
  const rows = new Map<number, readonly Row[]>(first ? [[0, rowsOf(first)]] : []);
  for (const [at, { data }] of parts.entries()) if (data && wanted[at] !== undefined && wanted[at] > 0) rows.set(wanted[at], rowsOf(data as Out));
  const problem = newest.error ?? parts.find(({ error }) => error)?.error;

  if (problem && !first) return <Refused problem={problem as Problem} />;
  if (!first) return <Loading />;
  if (count === 0) return <p className="none">{empty}</p>;
  const later = newest.data && newest.data.count !== first.count ? newest.data.count - first.count : 0;

  return (
    <LongRows
      sight={sight}
      columns={columns}
      label={label}
      total={count}
      loaded={[...rows].toSorted(([a], [b]) => a - b).map(([place, its]) => [place * WINDOW, its])}
      rowAt={(index) => rows.get(Math.floor(index / WINDOW))?.[index % WINDOW]}
      isOlder={newest.isPlaceholderData}
      sort={sort}
      onSort={onSort}
      onOpen={onOpen}
      above={later !== 0 && <Later count={later} onShow={() => setHeld(newest.data)} />}
      foot={
        <>
          {count.toLocaleString('en')} in all
          {problem ? ` · ${problem.message}` : ''}
        </>
      }
    />
  );
}

const Later = ({ count, onShow }: { readonly count: number; readonly onShow: () => void }) => (
  <p className="later" role="status">
    {count > 0 ? `There are ${count.toLocaleString('en')} more by now.` : `There are ${(-count).toLocaleString('en')} fewer by now.`}{' '}
    <button type="button" className="linkish" onClick={onShow}>
      Show them as they are
    </button>
  </p>
);

/** The windows that some rows lie in, and the one of the row that has the focus; more than three are never in sight. */
function windowsOf(from: number, to: number, held: number | null): readonly number[] {
  const first = Math.floor(from / WINDOW);
  const seen = Array.from({ length: Math.min(3, Math.floor(to / WINDOW) - first + 1) }, (_, place) => first + place);
  return [...new Set([...seen, ...(held === null ? [] : [Math.floor(held / WINDOW)])])];
}

/** The same once they have rested. */
function useRested(windows: readonly number[]): readonly number[] {
  const [rested, setRested] = useState(windows);
  const text = windows.join();
  useEffect(() => {
    const timer = setTimeout(() => setRested(text.split(',').map(Number)), REST);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}
