import { z } from 'zod';
import { File } from './schema.ts';

/** JSON Schema of `tickmark.yaml`, for editors. */
export function jsonSchema(): string {
  return `${JSON.stringify({ title: 'tickmark.yaml', ...z.toJSONSchema(File, { io: 'input', unrepresentable: 'any' }) }, null, 2)}\n`;
}
