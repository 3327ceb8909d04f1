import { z } from 'zod';
import { schemaOf } from './fields.ts';
import type { Kind } from './kind.ts';

/** JSON Schema of a register of a kind, for editors: a list of entries, or a mapping that holds one. */
export function registerSchema(kind: Kind): string {
  const { $schema, ...entry } = z.toJSONSchema(schemaOf(kind), { io: 'input', unrepresentable: 'any' });
  const list = { type: 'array', items: { $ref: '#/$defs/entry' } };
  const schema = {
    $schema,
    title: `${kind.id}.yaml`,
    description: kind.title,
    anyOf: [list, { type: 'object', properties: { entries: list }, required: ['entries'] }, { type: 'null' }],
    $defs: { entry },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** Where a register of a workspace finds its schema. */
export const schemaFile = (kind: Pick<Kind, 'id'>): string => `schema/${kind.id}.schema.json`;

/**
 * A register to begin with: what it is for, and one entry, commented out, for an example is no fact. A file of comments
 * alone says that there is nothing.
 */
export function exampleFile(kind: Kind): string {
  const lines = Object.entries(kind.example).map(([name, value], place) => `#${place === 0 ? '- ' : '  '}${name}: ${written(value)}`);
  const approval = kind.needsApproval ? '\n# It counts once somebody else than its author has merged it.' : '';
  return `# yaml-language-server: $schema=../.tickmark/${schemaFile(kind)}\n# ${kind.title}.${approval}\n# Take the signs "#" away from the entry, and write your own.\n${lines.join('\n')}\n`;
}

/** In YAML; whatever could be read otherwise stands in quotes. */
const written = (value: unknown): string =>
  typeof value === 'string' && /^(?!(true|false|null|yes|no|on|off)$)[A-Za-z][\w ,.@/-]*$/i.test(value) ? value : JSON.stringify(value);
