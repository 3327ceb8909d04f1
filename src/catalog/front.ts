import { LineCounter, parse, parseDocument } from 'yaml';
import { z } from 'zod';
import { CADENCES } from '../core/cadence.ts';
import { ConfigurationError } from '../core/error.ts';
import { SEVERITIES } from '../core/severity.ts';

const text = z.string().min(1);
const CRITERION = /^(CC\d\.\d|A1\.\d|C1\.\d|PI1\.\d|P\d\.\d)$/;
const ITEM = /^[REFQV]\d{1,2}(\.[a-z])?$/;

/** `catalog/criteria/*.yaml`. */
export const Series = z.strictObject({
  series: text,
  title: text,
  category: text,
  criteria: z.array(z.strictObject({ id: z.string().regex(CRITERION), title: text, summary: text, gap: text.optional() })).min(1),
});

/** `catalog/required-items.yaml`. */
export const RequiredItems = z.strictObject({
  items: z.array(z.strictObject({ id: z.string().regex(ITEM), group: text, parent: z.string().regex(ITEM).optional(), text })).min(1),
});

/** What has to happen once in every calendar period, and which rows show that it did. */
export const Occurs = z.strictObject({
  duty: text,
  dataset: text,
  where: z.record(text, text).optional(),
  /** The field of the row that says when; of events it is their own time. */
  at: text.optional(),
  cadence: z.enum(CADENCES),
  grace: z
    .string()
    .regex(/^\d{1,3}d$/, 'expected days, like 14d')
    .optional(),
});

/** What has to be looked at completely, by every source that is expected to tell of it, once in every calendar period. */
const Captures = z.strictObject({ duty: text, dataset: text, cadence: z.enum(CADENCES) });

const front = {
  title: text,
  criteria: z.array(z.string().regex(CRITERION)).min(1),
  /** Why it maps to more than four criteria. */
  broad: text.optional(),
  owner: text,
  family: text,
  cadence: text,
  /** Whether machines operate it, people do, or both. */
  kind: z.enum(['automated', 'manual', 'hybrid']).optional(),
  /** Items of `required-items.yaml` that it answers. */
  answers: z.array(z.string().regex(ITEM, 'expected the id of a required item, like R2.c')).optional(),
  /** The policy whose words it carries out. */
  policy: text.optional(),
  /** How much a deviation matters; medium unless said. It says by when one is to be fixed. */
  severity: z.enum(SEVERITIES).optional(),
  occurs: z.array(Occurs).optional(),
  captures: z.array(Captures).optional(),
  checks: z.array(text),
  /** Numbers of its checks, by check and name, each with its unit: `{ access-keys-rotated: { maxAge: 90 days } }`. */
  parameters: z.record(text, z.record(text, z.union([text, z.number()]).transform(String))).optional(),
  /** What an auditor may ask of it that none of its checks examines. */
  unexamined: z.array(text).optional(),
  /** What an auditor asks for. */
  evidence: z.array(text).optional(),
};
export const ControlHead = z.strictObject({ id: z.string().regex(/^[A-Z]{2,5}-\d{2,3}$/, 'expected an id like AC-03'), ...front });
/** What a company may lay over a control: any of it, or leave it out with a reason. */
export const OverlayHead = ControlHead.partial()
  .required({ id: true })
  .extend({ excluded: z.strictObject({ because: text, approvedBy: text }).optional() });

/** A Markdown file with front matter between two lines of three hyphens. */
export function matter(file: string, body: string): { readonly head: unknown; readonly line: number; readonly rest: string } {
  const [, head, rest] = /^---\r?\n([\s\S]*?)\r?\n---\r?\n?([\s\S]*)$/.exec(body) ?? [];
  if (head === undefined || rest === undefined) throw new ConfigurationError(`${file}:1: it does not begin with front matter between two lines of ---`);
  return { head: parse(head), line: 2, rest };
}

/** A value by its schema. Throws `ConfigurationError` with file and line. */
export function checked<Shape>(schema: z.ZodType<Shape>, file: string, body: string, value: unknown, firstLine: number): Shape {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : (issue?.path ?? []);
  throw new ConfigurationError(`${file}:${lineOf(body, path, firstLine)}: ${path.join('.')}: ${issue?.message ?? 'cannot be read'}`);
}

function lineOf(body: string, path: readonly PropertyKey[], firstLine: number): number {
  const lines = new LineCounter();
  const yaml = firstLine === 1 ? body : body.replace(/^---\r?\n/, '').replace(/\r?\n---[\s\S]*$/, '');
  const document = parseDocument(yaml, { lineCounter: lines });
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true) as { readonly range?: readonly number[] | null } | undefined;
    if (node?.range) return lines.linePos(node.range[0] ?? 0).line + firstLine - 1;
  }
  return firstLine;
}
