import { ConfigurationError } from '../core/error.ts';
import type { Catalog, Control } from './catalog.ts';

/** Fields of every dataset that sources tell of, and whether it holds events, by id. */
export type Tables = Readonly<Record<string, { readonly fields: readonly string[]; readonly events: boolean }>>;

/** What must hold between catalogue and code. Throws `ConfigurationError` that names all that does not. */
export function checkCatalog({ criteria, controls, required }: Catalog, checks: readonly string[], datasets: Tables = {}): void {
  const known = { criteria: new Set(criteria.map(({ id }) => id)), required: new Set(required.map(({ id }) => id)), checks, datasets };
  const used = new Set(controls.flatMap((control) => control.checks));
  const problems = [
    ...controls.flatMap((control) => problemsOf(control, known).map((says) => `${control.file}: ${control.id}${says}`)),
    ...checks.filter((check) => !used.has(check)).map((check) => `no control uses the check ${check}`),
    ...criteria
      .filter(({ id, gap }) => gap === null && !controls.some((control) => control.criteria.includes(id)))
      .map(({ id }) => `${id} has neither a control nor a stated gap`),
    ...required
      .filter(({ parent }) => parent !== null && !known.required.has(parent))
      .map(({ id, parent }) => `the required item ${id} is part of ${parent}, which does not exist`),
  ];
  if (problems.length > 0) throw new ConfigurationError(problems.join('\n'));
}

interface Known {
  readonly criteria: ReadonlySet<string>;
  readonly required: ReadonlySet<string>;
  readonly checks: readonly string[];
  readonly datasets: Tables;
}

function problemsOf({ criteria, broad, checks, answers = [], occurs = [], captures = [], parameters = {} }: Control, known: Known): readonly string[] {
  return [
    ...criteria.filter((id) => !known.criteria.has(id)).map((id) => ` names the criterion ${id}, which does not exist`),
    ...answers.filter((id) => !known.required.has(id)).map((id) => ` answers the required item ${id}, which does not exist`),
    ...checks.filter((id) => !known.checks.includes(id)).map((id) => ` names the check ${id}, which does not exist. There are: ${known.checks.join(', ')}`),
    ...Object.keys(parameters)
      .filter((id) => !checks.includes(id))
      .map((id) => ` sets parameters of ${id}, which is none of its checks: ${checks.join(', ') || 'it has none'}`),
    ...(Object.keys(known.datasets).length === 0 ? [] : occurs.flatMap((duty) => dutyProblem(duty, known.datasets).map((says) => `: ${says}`))),
    ...(Object.keys(known.datasets).length === 0 ? [] : captures.flatMap((capture) => untold(capture, known.datasets).map((says) => `: ${says}`))),
    ...(criteria.length > 4 && broad === undefined ? [` maps to ${criteria.length} criteria: say why in "broad", or map it to fewer`] : []),
  ];
}

function dutyProblem({ duty, dataset, where = {}, at }: NonNullable<Control['occurs']>[number], datasets: Tables): readonly string[] {
  const table = datasets[dataset];
  if (!table) return untold({ duty, dataset }, datasets);
  const missing = [...Object.keys(where), ...(at === undefined ? [] : [at])].filter((field) => !table.fields.includes(field));
  if (missing.length > 0) return [`"${duty}" names ${missing.join(', ')}, which ${dataset} does not have. It has: ${table.fields.join(', ')}`];
  return at === undefined && !table.events ? [`"${duty}" does not say when it was done: name the field of ${dataset} that does under "at"`] : [];
}

const untold = ({ duty, dataset }: { readonly duty: string; readonly dataset: string }, datasets: Tables): readonly string[] =>
  datasets[dataset] ? [] : [`"${duty}" goes by the dataset ${dataset}, of which no source tells. There are: ${Object.keys(datasets).join(', ')}`];
