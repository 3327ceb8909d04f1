import { type InfiniteData, keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useMemo } from 'react';
import { Loading, Refused } from '../api/answer.tsx';
import { ask, type Problem, type Query } from '../api/ask.ts';
import { LongRows, useRowsInSight } from './LongRows.tsx';
import type { Column } from './Rows.tsx';

const PAGE = 100;
/** So many rows before the last that is at hand, more are asked for. */
const AHEAD = 40;

/** A list of which nobody knows how long it is before it is read: page by page as they come into sight. */
export function LongTable<Out extends { readonly next: string | null }, Row>({
  path,
  query = {},
  rowsOf,
  columns,
  label,
  empty,
  onOpen,
}: {
  readonly path: string;
  readonly query?: Query;
  readonly rowsOf: (page: Out) => readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly label: string;
  /** What is said where nothing is there. */
  readonly empty: ReactNode;
  readonly onOpen?: (row: Row) => void;
}) {
  const { data, error, isPlaceholderData, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery<
    Out,
    Problem,
    InfiniteData<Out>,
    readonly unknown[],
    string | null
  >({
    queryKey: [path, 'pages', query],
    queryFn: ({ pageParam, signal }) => ask<Out>(path, { ...query, limit: PAGE, cursor: pageParam }, signal),
    initialPageParam: null,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
  // Which rows a page has follows from the page alone.
  const rows = useMemo(() => data?.pages.flatMap(rowsOf) ?? [], [data]);
  const sight = useRowsInSight(rows.length);
  const isNearEnd = sight.last >= rows.length - AHEAD;
  useEffect(() => {
    if (isNearEnd && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [isNearEnd, hasNextPage, isFetchingNextPage, fetchNextPage]);

  if (error && rows.length === 0) return <Refused problem={error} />;
  if (!data) return <Loading />;
  if (rows.length === 0 && !hasNextPage) return <p className="none">{empty}</p>;
  return (
    <LongRows
      sight={sight}
      columns={columns}
      label={label}
      total={hasNextPage ? null : rows.length}
      loaded={[[0, rows]]}
      rowAt={(index) => rows[index]}
      isOlder={isPlaceholderData}
      onOpen={onOpen}
      foot={
        <>
          {rows.length.toLocaleString('en')} shown{hasNextPage ? ', more below' : ', all there are'}
          {isFetchingNextPage && ' · reading on'}
        </>
      }
    />
  );
}
