import type { Resource } from '../datasets/config/resources.ts';

export type Attributes = Readonly<Record<string, unknown>>;

export const attributesOf = ({ attributes }: Resource): Attributes => JSON.parse(attributes) as Attributes;

/** Every value of the path, each block of a list for itself. */
export function valuesAt(value: unknown, [step, ...rest]: readonly string[]): readonly unknown[] {
  if (step === undefined) return [value];
  if (Array.isArray(value)) return value.length === 0 ? [undefined] : value.flatMap((its) => valuesAt(its, [step, ...rest]));
  if (typeof value !== 'object' || value === null) return [undefined];
  return '$expression' in value ? [value] : valuesAt((value as Attributes)[step], rest);
}
