import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import type { z } from 'zod';
import { ConfigurationError } from '../core/error.ts';
import { ControlHead, checked, matter, OverlayHead, RequiredItems, Series } from './front.ts';

export interface Criterion {
  readonly id: string;
  readonly category: string;
  readonly series: string;
  readonly seriesTitle: string;
  readonly title: string;
  readonly summary: string;
  readonly gap: string | null;
}

/** What a first examination fails on, or a company must be able to show. */
export interface RequiredItem {
  readonly id: string;
  readonly group: string;
  /** The item that it is part of. */
  readonly parent: string | null;
  readonly text: string;
}

export interface Control extends z.infer<typeof ControlHead> {
  /** The first paragraph: what the company does. */
  readonly statement: string;
  /** What its file says on how operation is shown over a period; empty where it says nothing. */
  readonly overPeriod: string;
  /** Where it is written. */
  readonly file: string;
  /** Why the company leaves it out, by its overlay. Whether that counts is for the register of exclusions to say. */
  readonly excluded: { readonly because: string; readonly approvedBy: string } | null;
}

export interface Catalog {
  readonly criteria: readonly Criterion[];
  readonly controls: readonly Control[];
  readonly required: readonly RequiredItem[];
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
  const files = (folder: string, fits: (name: string) => boolean) =>
    (existsSync(folder) ? readdirSync(folder) : [])
      .filter(fits)
      .sort()
      .map((name) => take(name, join(folder, name), readFileSync(join(folder, name), 'utf8')));
  const markdown = (name: string) => name.endsWith('.md');

  const criteria = files(join(dir, 'criteria'), (name) => name.endsWith('.yaml')).flatMap(({ file, body }) => {
    const { series, title: seriesTitle, category, criteria: its } = once(file, body, () => checked(Series, file, body, parse(body), 1));
    return its.map(({ gap, ...criterion }): Criterion => ({ ...criterion, series, seriesTitle, category, gap: gap ?? null }));
  });
  const required = files(dir, (name) => name === 'required-items.yaml').flatMap(({ file, body }) =>
    once(file, body, () => checked(RequiredItems, file, body, parse(body), 1)).items.map(({ parent = null, ...item }): RequiredItem => ({ ...item, parent })),
  );
  const controls = new Map<string, Control>();
  for (const { file, body } of files(join(dir, 'controls'), markdown)) {
    const control = once(file, body, () => controlOf(file, body));
    if (controls.has(control.id)) throw new ConfigurationError(`${file}:1: another file has the control ${control.id}`);
    controls.set(control.id, control);
  }
  const laid = typeof overlay === 'string' ? files(overlay, markdown) : (overlay ?? []).map(({ file, body }) => take(basename(file), file, body));
  for (const { file, body } of laid) lay(controls, file, body);
  return {
    criteria: criteria.sort((a, b) => order(a.id) - order(b.id)),
    controls: [...controls.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    required,
    digest: digest.digest('hex'),
  };
}

const READ = new Map<string, { readonly body: string; readonly says: unknown }>();

/** What a file of the catalogue says, worked out anew where it was changed: every company of a process reads the same files, and so does every look back. */
function once<Says>(file: string, body: string, read: () => Says): Says {
  const known = READ.get(file);
  if (known?.body === body) return known.says as Says;
  const says = read();
  READ.set(file, { body, says });
  return says;
}

/** As the engine reads it: which criteria are in scope by their category. */
export function forEngine({ criteria, controls }: Catalog, categories: readonly string[]) {
  const scope = new Set(categories.map((category) => category.toLowerCase()));
  return {
    criteria: criteria.map((criterion) => ({ ...criterion, inScope: scope.has(criterion.category.toLowerCase()) })),
    controls: controls.map(
      ({
        id,
        title,
        statement,
        criteria: its,
        owner,
        policy = null,
        severity = 'medium',
        occurs = [],
        captures = [],
        checks,
        unexamined = [],
        excluded,
        file,
      }) => ({
        id,
        title,
        statement,
        criteria: its,
        owner,
        policy,
        severity,
        occurs: [
          ...occurs.map(({ duty, dataset, where = {}, at = null, cadence, grace = '0d' }) => ({
            duty,
            dataset,
            where,
            at,
            cadence,
            grace: Number.parseInt(grace, 10),
          })),
          ...captures.map((capture) => ({ shownBy: 'looks' as const, ...capture })),
        ],
        checks,
        unexamined,
        leftOut: excluded && { ...excluded, file },
      }),
    ),
  };
}

function controlOf(file: string, body: string): Control {
  const { head, line, rest } = matter(file, body);
  return { ...checked(ControlHead, file, body, head, line), ...said(rest), file, excluded: null };
}

function lay(controls: Map<string, Control>, file: string, body: string): void {
  const { head, line, rest } = matter(file, body);
  const { excluded = null, ...over } = checked(OverlayHead, file, body, head, line);
  const base = controls.get(over.id);
  if (!base) {
    if (excluded) throw new ConfigurationError(`${file}:${line}: ${over.id} is excluded, but the catalogue has no such control`);
    controls.set(over.id, controlOf(file, body));
    return;
  }
  const { statement, overPeriod } = said(rest);
  controls.set(over.id, {
    ...base,
    ...Object.fromEntries(Object.entries(over).filter(([, value]) => value !== undefined)),
    ...(base.parameters || over.parameters ? { parameters: laidOver(ofChecks(base.parameters, over.checks ?? base.checks), over.parameters) } : {}),
    statement: statement || base.statement,
    overPeriod: overPeriod || base.overPeriod,
    file,
    excluded,
  });
}

type Parameters = NonNullable<Control['parameters']>;

/** A check that the company takes away takes its numbers along. */
const ofChecks = (parameters: Parameters = {}, checks: readonly string[]): Parameters =>
  Object.fromEntries(Object.entries(parameters).filter(([check]) => checks.includes(check)));

/** One number changed leaves the others as they are. */
const laidOver = (base: Parameters = {}, over: Parameters = {}): Parameters =>
  Object.fromEntries([...new Set([...Object.keys(base), ...Object.keys(over)])].map((check) => [check, { ...base[check], ...over[check] }]));

function said(markdown: string): Pick<Control, 'statement' | 'overPeriod'> {
  const [before = '', after = ''] = markdown.split(/^## How it is shown over a period\s*$/m);
  return { statement: paragraph(before), overPeriod: paragraph(after) };
}

const paragraph = (markdown: string): string => (markdown.trim().split(/\n\s*\n/)[0] ?? '').replace(/\s+/g, ' ').trim();

/** CC before A before C before PI before P, then by number. */
function order(id: string): number {
  const [, letters = '', major = '0', minor = '0'] = /^([A-Z]+)(\d+)\.(\d+)$/.exec(id) ?? [];
  return ['CC', 'A', 'C', 'PI', 'P'].indexOf(letters) * 10_000 + Number(major) * 100 + Number(minor);
}
