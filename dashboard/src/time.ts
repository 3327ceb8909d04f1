import { useSearch } from '@tanstack/react-router';
import { type Instant, instant, iso } from '../../src/core/instant.ts';

/** What every page obeys, and every link carries along: an instant, a period, and whether it is told as it was known then. */
export interface Time {
  /** ISO 8601; absent: now. */
  readonly at?: string;
  /** `FROM..TO`; absent: the observation period. */
  readonly period?: string;
  /** Index of the record up to which is known. */
  readonly known?: number;
  /** Which part of the page is shown; of that page alone, links to others leave it out. */
  readonly show?: string;
  /** How the rows of that page are filtered and sorted, likewise. */
  readonly filter?: string;
}

/** A longer one is none that a page has written. */
const LONGEST = 3000;

/** Reads the time from an address; what cannot be read is left out, and the time control says so. */
export function timeOf(search: Record<string, unknown>): Time {
  const { at, period, known, show, filter } = search;
  return {
    ...(typeof show === 'string' ? { show } : {}),
    ...(typeof filter === 'string' && filter.length <= LONGEST ? { filter } : {}),
    ...(typeof at === 'string' && parsed(at) !== null ? { at } : {}),
    ...(typeof period === 'string' && periodOf(period) !== null ? { period } : {}),
    ...(Number.isSafeInteger(Number(known)) && known !== undefined ? { known: Number(known) } : {}),
  };
}

/** As a query of the API says it. */
export const asked = ({ at, period, known }: Time) => ({ asOf: at, period, asKnownAt: known });
/** Of a question about an instant. */
export const askedAt = ({ at, known }: Time) => ({ asOf: at, asKnownAt: known });

/** What links carry along. */
export function useTime(): Time {
  const { show: _, filter: __, ...time } = timeOf(useSearch({ strict: false }));
  return time;
}

export const useFilterText = (): string => timeOf(useSearch({ strict: false })).filter ?? '';

export const useShown = (): string | undefined => timeOf(useSearch({ strict: false })).show;

export function parsed(text: string): Instant | null {
  try {
    return instant(text.trim());
  } catch {
    return null;
  }
}

export function periodOf(text: string): { readonly from: Instant; readonly to: Instant } | null {
  const [from = '', to = '', more] = text.split('..');
  const [begins, ends] = [parsed(from), parsed(to)];
  return more === undefined && begins !== null && ends !== null && begins < ends ? { from: begins, to: ends } : null;
}

/** `2026-11-06 23:00 UTC` of an instant as the API writes it. */
export const spoken = (text: string | null): string => {
  if (text === null) return 'now';
  const [date = '', time = ''] = iso(Date.parse(text)).slice(0, 19).split('T');
  return `${date} ${time.endsWith(':00') ? time.slice(0, 5) : time} UTC`;
};

/** The minute in which something was, where there is no room for more. */
export const spokenMinute = (text: string): string => `${spoken(text).slice(0, 16)} UTC`;
