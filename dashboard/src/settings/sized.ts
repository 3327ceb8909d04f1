const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `1.4 MiB`. */
export function sized(bytes: number): string {
  let [left, unit] = [bytes, 0];
  while (left >= 1024 && unit < UNITS.length - 1) [left, unit] = [left / 1024, unit + 1];
  return `${unit === 0 ? left.toLocaleString('en') : left.toFixed(left < 10 ? 1 : 0)} ${UNITS[unit]}`;
}
