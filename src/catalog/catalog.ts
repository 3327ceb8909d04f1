import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { LineCounter, parse, parseDocument } from 'yaml';
import { z } from 'zod';
import { CADENCES } from '../core/cadence.ts';
import { ConfigurationError } from '../core/error.ts';
import { SEVERITIES } from '../core/severity.ts';

const text = z.string().min(1);
const CRITERION = /^(CC\d\.\d|A1\.\d|C1\.\d|PI1\.\d|P\d\.\d)$/;

const Series = z.strictObject({
  series: text,
  title: text,
  category: text,
  criteria: z.array(z.strictObject({ id: z.string().regex(CRITERION), title: text, summary: text, gap: text.optional() })).min(1),
});

/** What has to happen once in every calendar period, and which rows show that it did. */
const Occurs = z.strictObject({
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

const front = {
  title: text,
  criteria: z.array(z.string().regex(CRITERION)).min(1),
  /** Why it maps to more than four criteria. */
  broad: text.optional(),
  owner: text,
  family: text,
  cadence: text,
  /** How much a deviation matters; medium unless said. It says by when one is to be fixed. */
  severity: z.enum(SEVERITIES).optional(),
  occurs: z.array(Occurs).optional(),
  checks: z.array(text),
  evidence: z.array(text).optional(),
};
const ControlHead = z.strictObject({ id: z.string().regex(/^[A-Z]{2,5}-\d{2,3}$/, 'expected an id like AC-03'), ...front });
/** What a company may lay over a control: any of it, or leave it out with a reason. */
const OverlayHead = ControlHead.partial()
  .required({ id: true })
  .extend({ excluded: z.strictObject({ because: text, approvedBy: text }).optional() });

export interface Criterion {
  readonly id: string;
  readonly category: string;
  readonly series: string;
  readonly seriesTitle: string;
  readonly title: string;
  readonly summary: string;
  readonly gap: string | null;
}

export interface Control extends z.infer<typeof ControlHead> {
  /** The first paragraph: what the company does. */
  readonly statement: string;
  /** Where it is written. */
  readonly file: string;
}

export interface Catalog {
  readonly criteria: readonly Criterion[];
  readonly controls: readonly Control[];
  /** SHA-256 over every file read, hex. */
  readonly digest: string;
}

/** Reads the catalogue and a company's overlay: from its folder, or as it was sealed. Throws `ConfigurationError` with file and line. */
export function readCatalog(dir: string, overlay?: string | readonly { readonly file: string; readonly body: string }[]): Catalog {
  const digest = createHash('sha256');
  const take = (name: string, file: string, body: string) => {
    digest.update(`${name}\n${Buffer.byteLength(body)}\n`).update(body);
    return { file, body };
  };
  const files = (folder: string, ending: string) =>
    (existsSync(folder) ? readdirSync(folder) : [])
      .filter((name) => name.endsWith(ending))
      .sort()
      .map((name) => take(name, join(folder, name), readFileSync(join(folder, name), 'utf8')));

  const criteria = files(join(dir, 'criteria'), '.yaml').flatMap(({ file, body }) => {
    const { series, title: seriesTitle, category, criteria: its } = checked(Series, file, body, parse(body), 1);
    return its.map(({ gap, ...criterion }): Criterion => ({ ...criterion, series, seriesTitle, category, gap: gap ?? null }));
  });
  const controls = new Map<string, Control>();
  for (const { file, body } of files(join(dir, 'controls'), '.md')) {
    const control = controlOf(file, body);
    if (controls.has(control.id)) throw new ConfigurationError(`${file}:1: another file has the control ${control.id}`);
    controls.set(control.id, control);
  }
  const laid = typeof overlay === 'string' ? files(overlay, '.md') : (overlay ?? []).map(({ file, body }) => take(basename(file), file, body));
  for (const { file, body } of laid) lay(controls, file, body);
  return {
    criteria: criteria.sort((a, b) => order(a.id) - order(b.id)),
    controls: [...controls.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    digest: digest.digest('hex'),
  };
}

/** Fields of every dataset that sources tell of, and whether it holds events, by id. */
export type Tables = Readonly<Record<string, { readonly fields: readonly string[]; readonly events: boolean }>>;

/** What must hold between catalogue and code. Throws `ConfigurationError` that names all that does not. */
export function checkCatalog({ criteria, controls }: Catalog, checks: readonly string[], datasets: Tables = {}): void {
  const known = new Set(criteria.map(({ id }) => id));
  const used = new Set(controls.flatMap((control) => control.checks));
  const problems = [
    ...controls.flatMap(({ id, file, criteria: its, broad, checks: named, occurs }) => [
      ...its.filter((criterion) => !known.has(criterion)).map((criterion) => `${file}: ${id} names the criterion ${criterion}, which does not exist`),
      ...named
        .filter((check) => !checks.includes(check))
        .map((check) => `${file}: ${id} names the check ${check}, which does not exist. There are: ${checks.join(', ')}`),
      ...(Object.keys(datasets).length === 0 ? [] : (occurs ?? []).flatMap((duty) => dutyProblem(duty, datasets).map((says) => `${file}: ${id}: ${says}`))),
      ...(its.length > 4 && broad === undefined ? [`${file}: ${id} maps to ${its.length} criteria: say why in "broad", or map it to fewer`] : []),
    ]),
    ...checks.filter((check) => !used.has(check)).map((check) => `no control uses the check ${check}`),
    ...criteria
      .filter(({ id, gap }) => gap === null && !controls.some((control) => control.criteria.includes(id)))
      .map(({ id }) => `${id} has neither a control nor a stated gap`),
  ];
  if (problems.length > 0) throw new ConfigurationError(problems.join('\n'));
}

function dutyProblem({ duty, dataset, where = {}, at }: z.infer<typeof Occurs>, datasets: Tables): readonly string[] {
  const table = datasets[dataset];
  if (!table) return [`"${duty}" goes by the dataset ${dataset}, of which no source tells. There are: ${Object.keys(datasets).join(', ')}`];
  const missing = [...Object.keys(where), ...(at === undefined ? [] : [at])].filter((field) => !table.fields.includes(field));
  if (missing.length > 0) return [`"${duty}" names ${missing.join(', ')}, which ${dataset} does not have. It has: ${table.fields.join(', ')}`];
  return at === undefined && !table.events ? [`"${duty}" does not say when it was done: name the field of ${dataset} that does under "at"`] : [];
}

/** As the engine reads it: which criteria are in scope by their category. */
export function forEngine({ criteria, controls }: Catalog, categories: readonly string[]) {
  const scope = new Set(categories.map((category) => category.toLowerCase()));
  const unanswered = (id: string) => !controls.some((control) => control.criteria.includes(id));
  return {
    criteria: criteria.map((criterion) => ({
      ...criterion,
      inScope: scope.has(criterion.category.toLowerCase()),
      gap: criterion.gap ?? (unanswered(criterion.id) ? 'The company has left out every control for this criterion.' : null),
    })),
    controls: controls.map(({ id, title, statement, criteria: its, owner, severity = 'medium', occurs = [], checks }) => ({
      id,
      title,
      statement,
      criteria: its,
      owner,
      severity,
      occurs: occurs.map(({ duty, dataset, where = {}, at = null, cadence, grace = '0d' }) => ({
        duty,
        dataset,
        where,
        at,
        cadence,
        grace: Number.parseInt(grace, 10),
      })),
      checks,
    })),
  };
}

function controlOf(file: string, body: string): Control {
  const { head, line, rest } = matter(file, body);
  return { ...checked(ControlHead, file, body, head, line), statement: statementOf(rest), file };
}

function lay(controls: Map<string, Control>, file: string, body: string): void {
  const { head, line, rest } = matter(file, body);
  const { excluded, ...over } = checked(OverlayHead, file, body, head, line);
  const base = controls.get(over.id);
  if (excluded) {
    if (!base) throw new ConfigurationError(`${file}:${line}: ${over.id} is excluded, but the catalogue has no such control`);
    controls.delete(over.id);
    return;
  }
  const statement = statementOf(rest);
  if (!base) controls.set(over.id, controlOf(file, body));
  else
    controls.set(over.id, {
      ...base,
      ...Object.fromEntries(Object.entries(over).filter(([, value]) => value !== undefined)),
      statement: statement || base.statement,
      file,
    });
}

/** Front matter between two lines of three hyphens. */
function matter(file: string, body: string): { readonly head: unknown; readonly line: number; readonly rest: string } {
  const [, head, rest] = /^---\r?\n([\s\S]*?)\r?\n---\r?\n?([\s\S]*)$/.exec(body) ?? [];
  if (head === undefined || rest === undefined) throw new ConfigurationError(`${file}:1: it does not begin with front matter between two lines of ---`);
  return { head: parse(head), line: 2, rest };
}

const statementOf = (markdown: string): string => (markdown.trim().split(/\n\s*\n/)[0] ?? '').replace(/\s+/g, ' ').trim();

function checked<Shape>(schema: z.ZodType<Shape>, file: string, body: string, value: unknown, firstLine: number): Shape {
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

/** CC before A before C before PI before P, then by number. */
function order(id: string): number {
  const [, letters = '', major = '0', minor = '0'] = /^([A-Z]+)(\d+)\.(\d+)$/.exec(id) ?? [];
  return ['CC', 'A', 'C', 'PI', 'P'].indexOf(letters) * 10_000 + Number(major) * 100 + Number(minor);
}
