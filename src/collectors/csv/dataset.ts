import { z } from 'zod';
import { IncompleteError } from '../../core/error.ts';
import { instant, NEVER } from '../../core/instant.ts';
import type { Dataset, Row, Value } from '../../datasets/dataset.ts';
import { datasets } from '../../datasets/index.ts';
import { type Field, fieldsOf } from '../../datasets/written.ts';
import { defineCollector, events, type Of, table } from '../collector.ts';
import { type ExportLine, exportLines, generatedAt, isInstant, NOTHING } from '../export.ts';
import { cellValue } from './cells.ts';
import { Column } from './columns.ts';
import { RECIPES } from './recipes.ts';

/** What the configuration says may not be said a second time by a file, and what is derived follows from others. */
const FED = datasets.flatMap((dataset) => (dataset.derived === undefined && dataset.freshness !== NEVER ? [dataset] : []));

const name = z.string().min(1);
const CsvDataset = z
  .strictObject({
    path: name.describe('The file, below the workspace or absolute'),
    recipe: z.enum(Object.keys(RECIPES)).optional().describe('How an export of a known product is read: it says dataset and columns, to which `columns` adds'),
    dataset: name.optional().describe('Id of the dataset that its lines are rows of; that of the recipe unless said'),
    attestedBy: name.describe('Who attests that the file is true and whole: a worker id or an address'),
    columns: z
      .record(name, Column)
      .default({})
      .describe('By field of the dataset: the head of a column, `{ value: … }` for every line, or `{ header: …, map: { theirs: ours } }`'),
    company: name.default('company').describe('Whose data it is'),
    generatedAt: z
      .string()
      .refine(isInstant, 'expected an instant with its zone, like 2026-03-01T06:00:00Z')
      .optional()
      .describe('When the file was made, if it does not say so itself'),
    from: z
      .string()
      .refine(isInstant, 'expected an instant with its zone, like 2026-03-01T06:00:00Z')
      .optional()
      .describe('Of events: since when the file holds all of them; since the observation period began unless said'),
    delimiter: z.enum([',', ';', '\t']).default(','),
  })
  .superRefine((config, context) => {
    for (const { path, message } of problemsOf(config)) context.addIssue({ code: 'custom', path, message });
  });
type CsvDataset = z.infer<typeof CsvDataset>;

export const csvDataset = defineCollector<CsvDataset, 'file'>({
  id: 'csv/dataset',
  title: 'Rows of any dataset from a CSV file, column by column, under the name of who attests to it',
  version: 1,
  transport: 'file',
  hosts: () => [],
  operations: [],
  permissions: [{ right: 'read the file', why: 'its lines are the rows' }],
  credentials: {},
  every: '1d',
  config: CsvDataset,
  feeds: FED,
  feedsOf: (config) => [fed(readingOf(config).dataset)],
  cannotTell: [
    'whether the file is true and whole: a person made it, and attests to it under the name that the configuration gives',
    'of an empty cell, whether there is nothing or nobody wrote it down: it becomes nothing, or unknown, as the field allows',
  ],
  partitions: ({ company }) => [company],

  async *collect(source, of) {
    const artifact = await source.read('rows', of.config.path);
    generatedAt(artifact, of.config);
    rowsOf(exportLines(artifact, of.config.delimiter), of);
    yield artifact;
  },

  normalize(artifacts, of) {
    const [artifact] = artifacts;
    if (!artifact) throw new RangeError('there is no file');
    const dataset = fed(readingOf(of.config).dataset);
    const made = generatedAt(artifact, of.config);
    const rows = rowsOf(exportLines(artifact, of.config.delimiter), of);
    if (!dataset.happened) return [table(dataset, rows, made)];
    const from = of.config.from === undefined ? of.since : instant(of.config.from);
    return [events(dataset, rows, { from: Math.min(from, made), to: made })];
  },
});

function fed(id: string): Dataset {
  const found = FED.find((dataset) => dataset.id === id);
  if (!found) throw new RangeError(`no file can give rows of ${id}`);
  return found;
}

/** Which dataset, and which columns: by the recipe, and by what the configuration says beside it. */
function readingOf({ recipe, dataset, columns }: Pick<CsvDataset, 'recipe' | 'dataset' | 'columns'>): {
  readonly dataset: string;
  readonly columns: CsvDataset['columns'];
} {
  const known = recipe === undefined ? undefined : RECIPES[recipe];
  return { dataset: dataset ?? known?.dataset ?? '', columns: { ...known?.columns, ...columns } };
}

/** What is wrong with a mapping, before any file is read. */
function problemsOf(config: Pick<CsvDataset, 'recipe' | 'dataset' | 'columns'>): readonly { readonly path: string[]; readonly message: string }[] {
  const { dataset: id, columns } = readingOf(config);
  if (id === '') return [{ path: ['dataset'], message: `name a dataset, or a recipe: ${Object.keys(RECIPES).join(', ')}` }];
  const dataset = FED.find((known) => known.id === id);
  if (!dataset) {
    const derived = datasets.some((known) => known.id === id);
    const why = derived ? `${id} follows from others or from the configuration, and takes no file` : `there is no dataset ${id}`;
    return [{ path: ['dataset'], message: `${why}. Those that take one: ${FED.map((known) => known.id).join(', ')}` }];
  }
  const fields = fieldsOf(dataset);
  const missing = [...fields].flatMap(([field, { silence }]) => (silence === undefined && columns[field] === undefined ? [field] : []));
  return [
    ...Object.keys(columns).flatMap((field) =>
      fields.has(field) ? [] : [{ path: ['columns', field], message: `${id} has no field ${field}. It has: ${[...fields.keys()].join(', ')}` }],
    ),
    ...(missing.length === 0 ? [] : [{ path: ['columns'], message: `these fields of ${id} are never empty and have no column: ${missing.join(', ')}` }]),
  ];
}

function rowsOf(lines: readonly ExportLine[], { config, timezone }: Of<CsvDataset>): readonly Row[] {
  const { dataset: id, columns } = readingOf(config);
  const dataset = fed(id);
  const fields = [...fieldsOf(dataset)];
  const first = new Map<string, number>();
  return lines.map(({ record, info }) => {
    const fails = (where: string, why: string) => new IncompleteError(`${config.path}, line ${info.lines}${where}: ${why}`);
    const row: Row = Object.fromEntries(fields.map(([field, its]) => [field, cell(record, columns[field], its, timezone, fails)]));
    const read = dataset.row.safeParse(row);
    const [issue] = read.error?.issues ?? [];
    if (issue) throw fails(`, ${issue.path.join('.')}`, issue.message);
    const key = dataset.key(row);
    const other = first.get(key);
    if (other !== undefined) throw fails('', `it is about ${dataset.label(row)}, as line ${other} is: one of them has to go`);
    first.set(key, info.lines);
    return row;
  });
}

function cell(
  record: ExportLine['record'],
  column: CsvDataset['columns'][string] | undefined,
  field: Field,
  timezone: string,
  fails: (where: string, why: string) => Error,
): Value {
  if (column === undefined) return silence(field, () => new RangeError('a field without a column may not be empty'));
  const fixed = typeof column === 'object' && 'value' in column ? String(column.value) : null;
  const header = typeof column === 'string' ? column : 'header' in column ? column.header : 'value';
  const where = `, column ${header}`;
  const written = fixed ?? record[header];
  if (written === undefined) throw fails(where, `there is no such column (there are ${Object.keys(record).join(', ')})`);
  const text = (typeof column === 'object' && 'map' in column ? column.map[written] : undefined) ?? written;
  if (NOTHING.test(text) && !field.words.includes(text)) return silence(field, () => fails(where, 'is empty'));
  try {
    return cellValue(text, field, timezone);
  } catch (cause) {
    throw fails(where, cause instanceof Error ? cause.message : String(cause));
  }
}

function silence({ silence: said }: Field, fails: () => Error): Value {
  if (said === undefined) throw fails();
  return said;
}
