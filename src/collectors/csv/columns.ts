import { z } from 'zod';

const name = z.string().min(1);

/** Where a field comes from: the head of a column, a value for every line, or a column with what its words mean. */
export const Column = z.union([
  name,
  z.strictObject({ value: z.union([z.string(), z.number(), z.boolean()]) }),
  z.strictObject({ header: name, map: z.record(z.string(), z.string()) }),
]);
export type Column = z.infer<typeof Column>;
