import { spoken } from '../time.ts';

const INSTANT = /\b\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z/g;

/** A sentence of the API as it stands on a page: instants as `2026-11-20 23:00 UTC`, and no full stop, for more may follow it. */
export const told = (text: string): string =>
  text.replace(INSTANT, (instant) => (Number.isNaN(Date.parse(instant)) ? instant : spoken(instant))).replace(/\.+$/, '');
