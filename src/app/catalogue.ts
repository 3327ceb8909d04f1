import { join } from 'node:path';
import { type Catalog, type Control, readCatalog } from '../catalog/catalog.ts';
import { checkCatalog } from '../catalog/laws.ts';
import type { Check } from '../checks/check.ts';
import { type Collector, fedBy } from '../collectors/collector.ts';
import { attestedKinds, CONFIGURED } from '../configuration/normalize.ts';
import { type Configuration, readConfiguration } from '../configuration/read.ts';
import { bases } from '../engine/derive.ts';
import { tables } from './grounds.ts';
import { adjustedProgram } from './in-force.ts';
import { home, PROGRAM } from './version.ts';

/** A dataset that a check reads, and who tells of it. */
export interface Feed {
  readonly dataset: string;
  /** Configured sources that tell of it: `okta/users/main`. `null` where there is no workspace to ask. */
  readonly sources: readonly string[] | null;
  /** Collectors that could. */
  readonly collectors: readonly string[];
}

export interface CheckLine {
  readonly id: string;
  readonly title: string;
  readonly version: number;
  readonly controls: readonly string[];
  /** Whether a source that is configured tells of everything it reads; `null` where there is no workspace to ask. */
  readonly fed: boolean | null;
  readonly reads: readonly Feed[];
  readonly parameters: Readonly<Record<string, string>>;
}

/** What has to be done, or looked at whole by every source, once in every calendar period. */
export interface DutyLine {
  readonly control: string;
  readonly duty: string;
  /** Whose rows show that it was done, or whose sources have to be looked at. */
  readonly dataset: string;
  readonly cadence: string;
}

export interface ControlLine {
  readonly id: string;
  readonly title: string;
  readonly statement: string;
  readonly criteria: readonly string[];
  readonly owner: string;
  readonly family: string;
  readonly cadence: string;
  readonly kind: string | null;
  readonly policy: string | null;
  readonly answers: readonly string[];
  readonly checks: readonly string[];
  /** What people have to do once in every period. */
  readonly occurs: readonly DutyLine[];
  /** What has to be looked at once in every period. */
  readonly captures: readonly DutyLine[];
  readonly unexamined: readonly string[];
  readonly evidence: readonly string[];
  readonly overPeriod: string;
  /** As its file says; whether that counts, the status of the control tells. */
  readonly excluded: Catalog['controls'][number]['excluded'];
  /** Whether it has a check, and every check of it is fed; `null` where there is no workspace to ask. */
  readonly fed: boolean | null;
}

export interface RequiredLine {
  readonly id: string;
  readonly group: string;
  readonly parent: string | null;
  readonly text: string;
  readonly controls: readonly string[];
  /** Of these controls. */
  readonly checks: readonly string[];
  /** What people have to do under these controls once in every period. */
  readonly occurs: readonly DutyLine[];
  /** What has to be looked at under these controls once in every period: a snapshot that is asked for is one of them, and no check. */
  readonly captures: readonly DutyLine[];
  /** What these controls leave open. */
  readonly unexamined: readonly string[];
}

/** The catalogue as it is read: what is to be shown, which controls answer it, and what examines them. */
export interface CatalogView {
  readonly requiredItems: readonly RequiredLine[];
  readonly criteria: readonly (Pick<Catalog['criteria'][number], 'id' | 'title' | 'category' | 'gap'> & { readonly controls: readonly string[] })[];
  readonly checks: readonly CheckLine[];
  readonly controls: readonly ControlLine[];
  readonly digest: string;
}

/** The catalogue that ships, without a workspace. */
export const shippedCatalog = (): CatalogView => viewCatalog(readCatalog(join(home, 'catalog')), PROGRAM.checks, PROGRAM.collectors, null);

/** The catalogue with the overlay of a workspace, all laws checked. Throws `ConfigurationError` that names whatever is wrong. */
export function catalogOf(dir: string): Catalog {
  const catalog = readCatalog(join(home, 'catalog'), join(dir, 'controls'));
  checkCatalog(
    catalog,
    PROGRAM.checks.map(({ id }) => id),
    tables,
  );
  return catalog;
}

/** The catalogue of a workspace as its files stand; its log is neither read nor written. */
export function workspaceCatalog(dir: string): CatalogView {
  const catalog = catalogOf(dir);
  const { checks, collectors } = adjustedProgram(catalog);
  return viewCatalog(catalog, checks, collectors, readConfiguration(dir, collectors));
}

/** @param configuration `null`: nothing is configured, so nobody knows what feeds a check */
export function viewCatalog(
  { criteria, controls, required, digest }: Catalog,
  checks: readonly Check[],
  collectors: readonly Collector[],
  configuration: Pick<Configuration, 'sources' | 'file'> | null,
): CatalogView {
  const lines = checks.map((check) => checkLine(check, controls, collectors, configuration));
  const fedOf = (ids: readonly string[]) => (configuration === null ? null : ids.length > 0 && ids.every((id) => lines.find((line) => line.id === id)?.fed));
  return {
    requiredItems: required.map((item) => requiredLine(item, controls)),
    criteria: criteria.map(({ id, title, category, gap }) => {
      const its = controls.filter((control) => control.criteria.includes(id)).map((control) => control.id);
      return { id, title, controls: its, category, gap: its.length > 0 ? null : gap };
    }),
    checks: lines,
    controls: controls.map((control) => ({ ...controlLine(control), fed: fedOf(control.checks) })),
    digest,
  };
}

function requiredLine({ id, group, parent, text }: Catalog['required'][number], controls: Catalog['controls']): RequiredLine {
  const its = controls.filter(({ answers = [] }) => answers.includes(id));
  return {
    id,
    text,
    controls: its.map((control) => control.id),
    checks: [...new Set(its.flatMap((control) => control.checks))].sort(),
    occurs: its.flatMap((control) => duties(control, control.occurs)),
    captures: its.flatMap((control) => duties(control, control.captures)),
    group,
    parent,
    unexamined: its.flatMap(({ unexamined = [] }) => unexamined),
  };
}

const duties = ({ id }: Pick<Control, 'id'>, of: readonly Omit<DutyLine, 'control'>[] = []): readonly DutyLine[] =>
  of.map(({ duty, dataset, cadence }) => ({ control: id, duty, dataset, cadence }));

function controlLine(control: Catalog['controls'][number]): Omit<ControlLine, 'fed'> {
  const { id, title, statement, criteria, owner, family, cadence, checks, overPeriod, excluded } = control;
  const { kind, policy, answers = [], unexamined = [], evidence = [] } = control;
  return {
    id,
    title,
    statement,
    criteria,
    owner,
    family,
    cadence,
    kind: kind ?? null,
    policy: policy ?? null,
    answers,
    checks,
    occurs: duties(control, control.occurs),
    captures: duties(control, control.captures),
    unexamined,
    evidence,
    overPeriod,
    excluded,
  };
}

function checkLine(
  { id, title, version, parameters, population, with: joins }: Check,
  controls: Catalog['controls'],
  collectors: readonly Collector[],
  configuration: Pick<Configuration, 'sources' | 'file'> | null,
): CheckLine {
  const read = [population, ...Object.values(joins).map(({ rows }) => rows)].flatMap(({ dataset }) => bases(dataset));
  const reads = [...new Set(read)].sort().map((dataset): Feed => feedOf(dataset, collectors, configuration));
  return {
    id,
    fed: configuration === null ? null : reads.every(({ sources }) => sources !== null && sources.length > 0),
    title,
    version,
    controls: controls.filter((control) => control.checks.includes(id)).map((control) => control.id),
    reads,
    parameters,
  };
}

/** What the workspace declares feeds itself, and kinds that people state feed theirs; a source that is retired feeds nothing any more. */
function feedOf(dataset: string, collectors: readonly Collector[], configuration: Pick<Configuration, 'sources' | 'file'> | null): Feed {
  const tells = (its: readonly { readonly id: string }[]) => its.some(({ id }) => id === dataset);
  const declared = tells(CONFIGURED) ? ['tickmark.yaml'] : [];
  const sources = (configuration?.sources ?? []).filter(({ collector, config, retired }) => retired === null && tells(fedBy(collector, config)));
  const stated = configuration === null ? [] : attestedKinds(configuration.file).flatMap((kind) => (kind.dataset === dataset ? [kind.source] : []));
  return {
    dataset,
    sources: configuration === null ? null : [...declared, ...stated, ...sources.map(({ collector, name }) => `${collector.id}/${name}`)],
    collectors: collectors.filter(({ feeds }) => tells(feeds)).map(({ id }) => id),
  };
}
