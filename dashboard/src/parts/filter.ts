import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { timeOf, useFilterText } from '../time.ts';

/** How the rows of a table are chosen and shown. It stands in the address, so that it can be sent, kept and gone back to. */
export interface Filter {
  /** `FIELD:VALUE` and the like, as the API takes it. */
  readonly where: readonly string[];
  readonly text: string;
  /** A field, with `-` before it from the largest down; empty: the label. */
  readonly sort: string;
  /** Fields that are shown; empty: the first of them. */
  readonly columns: readonly string[];
}

/** How a condition reads: `status is active`. */
export const OPERATORS = [
  [':', 'is'],
  ['!', 'is not'],
  ['~', 'has'],
  ['<', 'is before or less than'],
  ['>', 'is not before or less than'],
] as const;

export function filterOf(text: string): Filter {
  const said = new URLSearchParams(text);
  return { where: said.getAll('where'), text: said.get('text') ?? '', sort: said.get('sort') ?? '', columns: said.getAll('column') };
}

/** The same in one spelling; empty where nothing is chosen. */
export function filterText({ where, text, sort, columns }: Filter): string {
  const said = new URLSearchParams();
  for (const condition of where) said.append('where', condition);
  if (text !== '') said.set('text', text);
  if (sort !== '') said.set('sort', sort);
  for (const column of columns) said.append('column', column);
  return said.toString();
}

export function conditionWords(condition: string): string {
  const end = condition.search(/[:!~<>]/);
  const value = condition.slice(end + 1);
  const operator = OPERATORS.find(([sign]) => sign === condition[end])?.[1] ?? 'is';
  return `${condition.slice(0, end)} ${operator} ${value === '' ? 'nothing' : value}`;
}

/** Writes a member of the address beside the others, without a step in the history. */
function useWriting() {
  const navigate = useNavigate();
  const search = timeOf(useSearch({ strict: false }));
  return (filter: string) => {
    const { filter: _, ...rest } = search;
    void navigate({ to: '.', search: filter === '' ? rest : { ...rest, filter }, replace: true });
  };
}

/** The filter of the page, and how it is changed. */
export function useFilter(): readonly [filter: Filter, change: (change: Partial<Filter>) => void] {
  const text = useFilterText();
  const write = useWriting();
  const filter = filterOf(text);
  return [filter, (change) => write(filterText({ ...filter, ...change }))];
}

/** What somebody has chosen on a page that has a choice of its own. */
export function useChosen<Value extends string>(name: string): readonly [chosen: Value | undefined, choose: (value: Value | undefined) => void] {
  const said = new URLSearchParams(useFilterText());
  const write = useWriting();
  return [
    (said.get(name) ?? undefined) as Value | undefined,
    (value) => {
      if (value === undefined || value === '') said.delete(name);
      else said.set(name, value);
      write(said.toString());
    },
  ];
}

/** Whoever types is not waited for. */
const PAUSE = 250;

/** Text that is typed: at hand at once, in the address a moment after the last letter. */
export function useTyped(name: string): readonly [text: string, type: (text: string) => void] {
  const [chosen = '', choose] = useChosen<string>(name);
  const [text, type] = useState(chosen);
  useEffect(() => type(chosen), [chosen]); // somebody went back, or took a view
  useEffect(() => {
    if (text.trim() === chosen) return;
    const timer = setTimeout(() => choose(text.trim()), PAUSE);
    return () => clearTimeout(timer);
  });
  return [text, type];
}
