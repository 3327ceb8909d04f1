import { ConfigurationError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';
import { holds, type Period } from '../core/interval.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { holdsInstant } from '../datasets/fields.ts';
import { datasets } from '../datasets/index.ts';
import { bases } from '../engine/derive.ts';
import type { Ground, Then } from './grounds.ts';
import { type Condition, type RowList, rowList } from './row-list.ts';

export type { Condition, Operator, RowKeys, RowLine, RowList } from './row-list.ts';
export { OPERATORS, spelledValue } from './row-list.ts';

export interface FieldLine {
  readonly name: string;
  readonly meaning: string;
  /** Milliseconds in a row; spelled in ISO 8601 wherever people read it. */
  readonly isInstant: boolean;
}

/** A table of facts, and whether all of its sources speak now. */
export interface DatasetLine {
  readonly id: string;
  readonly title: string;
  readonly kind: 'states' | 'events';
  readonly derived: boolean;
  readonly fields: readonly FieldLine[];
  /** Whether evidence is complete and fresh at the instant; of a derived one, of all that it follows from. */
  readonly covered: boolean;
  /** Why it is not, a sentence for each source that did not speak. */
  readonly gaps: readonly string[];
}

export interface RowsQuery {
  readonly dataset: string;
  readonly asOf?: Instant;
  /** Rows that held, or events that happened, at any time in it. Without it, states at `asOf`, and events of the observation period up to it. */
  readonly period?: Period;
  readonly then?: Then;
  readonly where?: readonly Condition[];
  /** Somewhere in the label or a text, whatever the case. */
  readonly text?: string;
  /** A field, with `-` before it from the largest down; the label unless said. */
  readonly sort?: string;
}

export interface RowsView extends DatasetLine {
  readonly asOf: Instant;
  /** The time that is spoken of; `null`: the instant. */
  readonly period: Period | null;
  readonly rows: RowList;
}

/** What a workspace answers about what it was told, row by row. */
export interface Tables {
  datasets(asOf?: Instant): Promise<readonly DatasetLine[]>;
  /** Throws `ConfigurationError` where there is no such dataset, no such field, or a value that a field cannot be compared with. */
  rows(query: RowsQuery): Promise<RowsView>;
}

/** The same list is paged through, and read by several: so many are remembered while nothing more is known. */
const LISTS = 8;

export function tablesOf(grounds: (then?: Then) => Promise<Ground>): Tables {
  const remembered = new Map<string, { readonly of: unknown; readonly rows: RowList }>();

  const listed = (on: Ground, dataset: Dataset, { then, where = [], text, sort, ...query }: RowsQuery, asOf: Instant): Pick<RowsView, 'period' | 'rows'> => {
    const fields = fieldsOf(dataset);
    const named = [...where.map(({ field }) => field), ...(sort === undefined ? [] : [sort.replace(/^-/, '')])];
    const strange = named.find((name) => !fields.some((field) => field.name === name));
    if (strange !== undefined) throw new ConfigurationError(`${dataset.id} has no field ${strange}. It has: ${fields.map(({ name }) => name).join(', ')}.`);
    const period = query.period ?? (dataset.happened ? on.period : null);
    const name = JSON.stringify([dataset.id, asOf, period, where, text ?? null, sort ?? null, then?.record ?? null]);
    const known = remembered.get(name);
    if (known?.of === on.periods) return { period, rows: known.rows };
    const instants = new Set(fields.filter(({ isInstant }) => isInstant).map((field) => field.name));
    const rows = rowList(on, dataset, { asOf, period, where, text, sort, isInstant: (field) => instants.has(field) });
    remembered.delete(name);
    remembered.set(name, { of: on.periods, rows });
    const [oldest] = remembered.keys();
    if (remembered.size > LISTS && oldest !== undefined) remembered.delete(oldest);
    return { period, rows };
  };

  return {
    async datasets(asOf) {
      const on = await grounds();
      return datasets.map((dataset) => lineOf(on, dataset, asOf ?? on.asOf));
    },

    async rows(query) {
      const on = await grounds(query.then);
      const dataset = datasets.find(({ id }) => id === query.dataset);
      if (!dataset) throw new ConfigurationError(`no dataset is called ${query.dataset}. There are: ${datasets.map(({ id }) => id).join(', ')}.`);
      const asOf = query.asOf ?? on.asOf;
      return { ...lineOf(on, dataset, asOf), asOf, ...listed(on, dataset, query, asOf) };
    },
  };
}

function lineOf({ coverage }: Ground, dataset: Dataset, at: Instant): DatasetLine {
  const told = bases(dataset);
  const silent = told.filter((id) => !coverage.dataset(id).some((span) => holds(span, at)));
  const { id, title, happened, derived } = dataset;
  return {
    id,
    title,
    kind: happened ? 'events' : 'states',
    derived: derived !== undefined,
    fields: fieldsOf(dataset),
    covered: silent.length === 0,
    gaps: silent.flatMap((its) => coverage.explain(its, at)),
  };
}

/** The fields of a dataset, as its rows have them. */
export const fieldsOf = ({ row }: Dataset): readonly FieldLine[] =>
  Object.entries(shapeOf(row)).map(([name, field]) => ({ name, meaning: field.description ?? '', isInstant: holdsInstant(field) }));

const shapeOf = (row: unknown) => (row as { readonly shape: Readonly<Record<string, { readonly description?: string | undefined }>> }).shape;
