import { z } from 'zod';
import { OverlayHead } from './front.ts';

/** Where a workspace finds the schema of its controls, below its state. */
export const CONTROL_SCHEMA = 'schema/control.schema.json';

/** JSON Schema of the front matter of a control in `controls/`, for editors: all but the id may be left out of what is laid over the catalogue. */
export function controlSchema(): string {
  const schema = z.toJSONSchema(OverlayHead, { io: 'input', unrepresentable: 'any' });
  return `${JSON.stringify({ title: 'Front matter of a control', ...schema }, null, 2)}\n`;
}

/** The example is no control yet: only files that end in `.md` are read. */
export const EXAMPLE_CONTROL = 'controls/AC-15.md.example';

/** What a company may lay over a control of the catalogue, to be renamed and changed. */
export const exampleControl = (): string => `---
# yaml-language-server: $schema=../.tickmark/${CONTROL_SCHEMA}
# What is named here takes the place of what the catalogue says of the control; all else stays as it is. It counts once
# this file ends in ".md". "tickmark catalog" lists the controls and the parameters of their checks.
id: AC-15
owner: platform engineering
severity: high
policy: Access management
parameters:
  access-keys-rotated: { maxAge: 60 days }
---
`;
