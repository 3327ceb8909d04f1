import { days, type Duration, hours, minutes } from '../core/instant.ts';

/** A number of a check, with its unit. */
export interface Parameter {
  /** Milliseconds of a span, or how many; of a share the part that is left over: 0.05 of `95 of 100`. */
  readonly value: number;
  /** The unit as it was written: `days`, `users`, `of 100`. */
  readonly unit: string;
  readonly kind: 'span' | 'count' | 'share';
  /** What it is reckoned from, or how: `after the end of the last day`. Empty where that goes without saying. */
  readonly of: string;
}

const UNITS: Readonly<Record<string, (count: number) => Duration>> = { minute: minutes, hour: hours, day: days, week: (count) => days(7 * count) };

/** A span of time: `span('24 hours', 'after the end of the last day')`. Throws `RangeError` on anything else. */
export function span(text: string, of = ''): Parameter {
  const [, number = '', unit = ''] = /^(\d+) (minute|hour|day|week)s?$/.exec(text.trim()) ?? [];
  const count = UNITS[unit];
  if (!count || Number(number) === 0) throw new RangeError('expected a span of time, like 90 days, 24 hours, 15 minutes or 2 weeks');
  return { kind: 'span', value: count(Number(number)), unit: `${unit}s`, of };
}

/** How many of something: `count(3, 'users')`. */
export const count = (value: number, unit: string, of = ''): Parameter => ({ kind: 'count', value, unit, of });

/** At least so many of so many: `share('95 of 100')`. Throws `RangeError` on anything else. */
export function share(text: string, of = ''): Parameter {
  const [, least = '', all = ''] = /^(\d{1,4}) of (\d{1,4})$/.exec(text.trim()) ?? [];
  if (Number(least) === 0 || Number(least) > Number(all)) throw new RangeError('expected how many of how many, like 95 of 100');
  return { kind: 'share', value: (Number(all) - Number(least)) / Number(all), unit: `of ${all}`, of };
}

/** `90 days`, `3 users`, `1 hour`, `95 of 100`. */
export function amountOf({ kind, value, unit }: Parameter): string {
  if (kind === 'share') return `${Math.round(Number(unit.slice(3)) * (1 - value))} ${unit}`;
  const number = kind === 'count' ? value : value / (UNITS[unit.slice(0, -1)]?.(1) ?? 1);
  return `${number} ${number === 1 ? unit.replace(/s$/, '') : unit}`;
}

export const spokenParameter = (parameter: Parameter): string => `${amountOf(parameter)}${parameter.of === '' ? '' : ` ${parameter.of}`}`;

/** Another number for a parameter, as a company writes it. Throws `RangeError` that says what was expected. */
export function adjusted(parameter: Parameter, text: string): Parameter {
  if (parameter.kind === 'span') return span(text, parameter.of);
  if (parameter.kind === 'share') return share(text, parameter.of);
  const { unit } = parameter;
  const [, number = '', its = unit] = /^(\d+)(?: (.+))?$/.exec(text.trim()) ?? [];
  if (number === '' || (its !== unit && `${its}s` !== unit)) throw new RangeError(`expected a whole number of ${unit}, like ${amountOf(parameter)}`);
  return { ...parameter, value: Number(number) };
}
