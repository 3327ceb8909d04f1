import { stringify } from 'csv-stringify/sync';
import { type Condition, type FieldLine, type Operator, OPERATORS, type RowKeys, type RowLine, spelledValue } from '../../../app/rows.ts';
import type { Value } from '../../../app/views.ts';
import { given, thenGiven } from '../asked.ts';
import { type Asking, implementing } from '../asking.ts';
import { families as contract } from '../contract/families.ts';
import { cursorOf, placeOf } from '../cursor.ts';
import { streamReply } from '../files.ts';
import { either } from '../pages.ts';
import { notFound, problem } from '../problem.ts';
import { spelled, spelledInstant, spelledMoment, spelledRow } from '../spelled.ts';

const endpoints = implementing(contract);

export const familyRoutes = endpoints.router({
  datasets: endpoints.datasets.handler(async ({ input: { asOf }, context: { reads } }) => ({ datasets: await reads.datasets(asOf) })),

  rows: endpoints.rows.handler(async ({ input: { limit, cursor, skip, ...asked }, context: { reads } }) => {
    either(cursor, skip);
    const place = placeOf(asked, cursor);
    const { asOf, period, rows, ...about } = await rowsOf(reads, { ...asked, asOf: place?.asOf ?? asked.asOf });
    const first = place ? rows.behind(place.after as RowKeys) : (skip ?? 0);
    const lines = rows.window(first, limit);
    const last = lines.at(-1);
    return {
      ...about,
      asOf: spelledMoment(asOf),
      period: period && spelled(period),
      count: rows.count,
      rows: lines.map((line) => spelledRow(line, about.fields)),
      next: last && first + limit < rows.count ? cursorOf(asked, { after: rows.keysOf(last), asOf }) : null,
    };
  }),

  values: endpoints.values.handler(async ({ input: { field, limit, ...asked }, context: { reads } }) => {
    const { rows, fields, id } = await rowsOf(reads, asked);
    known(id, fields, field, 'field');
    return rows.values(field, limit);
  }),

  file: endpoints.file.handler(async ({ input, context }) => {
    const { id, fields, rows } = await rowsOf(context.reads, input);
    context.reply = streamReply(`${id}.csv`, 'text/csv; charset=utf-8', csvOf(fields, rows.each()));
  }),
});

interface Of {
  readonly dataset: string;
  readonly where?: readonly string[] | undefined;
  readonly text?: string | undefined;
  readonly sort?: string | undefined;
  readonly period?: { readonly from: number; readonly to: number } | undefined;
  readonly asOf?: number | undefined;
  readonly asKnownAt?: number | undefined;
}

async function rowsOf(reads: Asking['reads'], { dataset, where = [], text, sort, period, asOf, asKnownAt }: Of) {
  const about = (await reads.datasets()).find(({ id }) => id === dataset);
  if (!about) throw notFound(`dataset ${dataset}`, 'among those you may see');
  const conditions = where.map(conditionOf);
  for (const { field } of conditions) known(dataset, about.fields, field, 'where');
  if (sort !== undefined) known(dataset, about.fields, sort.replace(/^-/, ''), 'sort');
  return reads.rows({ dataset, where: conditions, ...given({ text, period, asOf, sort }), ...thenGiven(asKnownAt) });
}

function known(dataset: string, fields: readonly FieldLine[], name: string, says: string): void {
  if (fields.some((field) => field.name === name)) return;
  throw problem('invalid-request', `${dataset} has no field ${name}.`, [
    { name: says, says: `expected one of ${fields.map((field) => field.name).join(', ')}` },
  ]);
}

/** Of `status:active` the first sign that is no letter says how it is compared. */
function conditionOf(condition: string): Condition {
  const end = condition.search(/[:!~<>]/);
  return {
    field: condition.slice(0, end),
    operator: (OPERATORS.find((its) => its === condition[end]) ?? ':') satisfies Operator,
    value: condition.slice(end + 1),
  };
}

/** So many rows are spelled at once. */
const BATCH = 1000;

async function* csvOf(fields: readonly FieldLine[], rows: Iterable<RowLine>): AsyncIterable<string> {
  const options = { escape_formulas: true, record_delimiter: 'windows' } as const;
  const cellsOf = ({ source, partition, key, label, from, to, row, records }: RowLine): readonly string[] => [
    ...[source, partition, key, label, spelledInstant(from) ?? '', spelledInstant(to) ?? ''],
    ...fields.map(({ name, isInstant }) => spelledCell(row[name] ?? null, isInstant)),
    records.join(' '),
  ];
  yield stringify([['source', 'partition', 'key', 'label', 'from', 'to', ...fields.map(({ name }) => name), 'records']], options);
  let batch: (readonly string[])[] = [];
  for (const row of rows) {
    if (batch.push(cellsOf(row)) < BATCH) continue;
    yield stringify(batch as string[][], options);
    batch = [];
  }
  if (batch.length > 0) yield stringify(batch as string[][], options);
}

const spelledCell = (value: Value, isInstant: boolean): string => (Array.isArray(value) ? value.join(' ') : spelledValue(value, isInstant));
