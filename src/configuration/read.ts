import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isMap, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { type Collector, fedBy } from '../collectors/collector.ts';
import { afterSpan, startOfDay } from '../core/calendar.ts';
import { ConfigurationError } from '../core/error.ts';
import { duration, iso, NEVER } from '../core/instant.ts';
import { meant } from '../core/near.ts';
import { parseWitnessKey } from '../log/cosignature.ts';
import { File, type SourceEntry } from './schema.ts';

export const FILE_NAME = 'tickmark.yaml';

/** A source as it is to be asked: its collector found, its configuration read by the collector's own schema. */
export interface Source {
  readonly collector: Collector;
  readonly name: string;
  readonly config: unknown;
  readonly endpoint: string | null;
  readonly credentials: SourceEntry['credentials'];
  /** Where it stands: `tickmark.yaml:12:5`. */
  readonly place: string;
  readonly every: string;
  /** The day from which nothing is expected of it: `2026-03-14`. */
  readonly retired: string | null;
  /** Class of what it says; `evidence` unless said. */
  readonly retention: string;
}

export interface Configuration {
  readonly text: string;
  readonly file: File;
  readonly sources: readonly Source[];
}

interface Problem {
  readonly path: readonly PropertyKey[];
  readonly says: string;
}

/** Reads `tickmark.yaml` of a workspace. Throws one `ConfigurationError` that names every problem with its line. */
export function readConfiguration(dir: string, collectors: readonly Collector[]): Configuration {
  const path = join(dir, FILE_NAME);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ConfigurationError(`there is no ${FILE_NAME} in ${dir}. Run "tickmark init" there, or name another folder with --workspace.`, cause);
  }
  return parseConfiguration(text, collectors);
}

export function parseConfiguration(text: string, collectors: readonly Collector[]): Configuration {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${FILE_NAME}:${line}:${col}`;
  };
  const [broken] = document.errors;
  if (broken) throw new ConfigurationError(`${at(broken.pos[0])}: not YAML: ${broken.message.split('\n')[0]}`);

  const where = ({ path }: Problem): string => {
    for (let depth = path.length; depth >= 0; depth--) {
      const parent = depth === 0 ? document.contents : document.getIn(path.slice(0, depth - 1), true);
      const key = path[depth - 1];
      const pair = isMap(parent) ? parent.items.find((item) => String(item.key) === String(key)) : undefined;
      const node = (pair?.key ?? (depth === 0 ? parent : document.getIn(path.slice(0, depth), true))) as
        | { readonly range?: readonly number[] | null }
        | undefined;
      if (node?.range) return at(node.range[0] ?? 0);
    }
    return `${FILE_NAME}:1:1`;
  };
  const fail = (problems: readonly Problem[]): never => {
    throw new ConfigurationError(problems.map((problem) => `${where(problem)}: ${name(problem.path)}${problem.says}`).join('\n'));
  };

  const read = File.safeParse(document.toJS() ?? {});
  if (!read.success) return fail(read.error.issues.flatMap((issue) => problemsOf(issue, [])));
  const { problems, sources } = readSources(read.data, collectors, (place) => where({ path: ['sources', place, 'credentials'], says: '' }));
  const all = [...problems, ...crossChecks(read.data)];
  if (all.length > 0) fail(all);
  return { text, file: read.data, sources };
}

const name = (path: readonly PropertyKey[]): string =>
  path.length === 0
    ? ''
    : `${path
        .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
        .join('')
        .replace(/^\./, '')}: `;

function problemsOf(issue: z.core.$ZodIssue, prefix: readonly PropertyKey[]): Problem[] {
  const path = [...prefix, ...issue.path];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...path, key], says: `there is no such setting${near(key, File)}. Take it away, or correct its name` }));
  if (issue.code === 'invalid_union' && issue.errors.length > 0)
    return issue.errors
      .flat()
      .filter(({ path: inner }) => inner.length > 0)
      .slice(0, 1)
      .map((inner) => ({ path: [...path, ...inner.path], says: inner.message }))
      .concat(
        issue.errors.flat().every(({ path: inner }) => inner.length === 0)
          ? [{ path, says: 'expected "default", or a map of references: env:NAME, file:PATH or kept. A secret itself must not stand in this file' }]
          : [],
      );
  return [{ path, says: issue.message.replace(/^Invalid input: /, '') }];
}

/** The setting that was probably meant. */
function near(key: string, schema: z.ZodType): string {
  const known = [...JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })).matchAll(/"properties":\{|"([a-zA-Z]+)":\{/g)].flatMap(
    ([, word]) => (word ? [word] : []),
  );
  return meant(key, new Set(known));
}

function readSources(
  { sources }: File,
  collectors: readonly Collector[],
  placeOf: (place: number) => string,
): { readonly problems: readonly Problem[]; readonly sources: readonly Source[] } {
  const problems: Problem[] = [];
  const read = sources.flatMap((entry, place): Source[] => {
    const at = (...path: readonly PropertyKey[]) => ['sources', place, ...path];
    const collector = collectors.find(({ id }) => id === entry.collector);
    if (!collector) {
      problems.push({ path: at('collector'), says: `no collector is called ${entry.collector}. There are: ${collectors.map(({ id }) => id).join(', ')}` });
      return [];
    }
    if (sources.findIndex((other) => other.collector === entry.collector && other.name === entry.name) < place)
      problems.push({ path: at('name'), says: `there is another source of ${entry.collector} with this name` });
    const { endpoint, ...config } = entry.config;
    const its = collector.config.safeParse(config);
    if (!its.success) problems.push(...its.error.issues.flatMap((issue) => problemsOf(issue, at('config'))));
    if (endpoint !== undefined && (typeof endpoint !== 'string' || !/^https?:\/\//.test(endpoint)))
      problems.push({ path: at('config', 'endpoint'), says: 'expected an address, like http://127.0.0.1:5000' });
    const every = entry.every ?? collector.every;
    for (const { id, freshness } of its.success ? fedBy(collector, its.data) : []) {
      if (freshness !== NEVER && duration(every) * 1.5 > freshness)
        problems.push({
          path: at('every'),
          says: `${every} is too seldom: the word of a source about ${id} counts for ${freshness / 3_600_000} hours, which must be at least 1.5 times the schedule. Write ${Math.floor(freshness / 1.5 / 3_600_000)}h or less`,
        });
    }
    if (typeof entry.credentials === 'object') {
      for (const key of Object.keys(entry.credentials))
        if (!(key in collector.credentials))
          problems.push({
            path: at('credentials', key),
            says: `${collector.id} needs no such credential. It needs: ${Object.keys(collector.credentials).join(', ') || 'none'}`,
          });
    }
    return [
      {
        collector,
        name: entry.name,
        config: its.data,
        endpoint: typeof endpoint === 'string' ? endpoint : null,
        credentials: entry.credentials,
        place: placeOf(place),
        every,
        retired: entry.retired?.at ?? null,
        retention: entry.retention ?? 'evidence',
      },
    ];
  });
  return { problems, sources: read };
}

function crossChecks({ period, timezone, scope, sources, people, witnesses, quorum, timestamps, archive, retention }: File): Problem[] {
  const problems: Problem[] = [];
  if (archive && archive.lock !== 'none' && archive.retentionDays === undefined)
    problems.push({
      path: ['archive'],
      says: 'say in retentionDays how long evidence must be kept: it is locked for as long, and nobody can shorten that. Or write "lock: none"',
    });
  if (archive?.lock === 'none' && archive.retentionDays !== undefined)
    problems.push({ path: ['archive', 'retentionDays'], says: 'nothing is locked with "lock: none". Take retentionDays away, or choose another lock' });
  for (const [name, span] of Object.entries(retention)) {
    if (afterSpan(0, span) > afterSpan(0, retention.configuration ?? span))
      problems.push({
        path: ['retention', name],
        says: `${span} is longer than what configurations are kept for (${retention.configuration}). Write that or more under "configuration"`,
      });
  }
  sources.forEach((source, place) => {
    if (source.retention !== undefined && !(source.retention in retention))
      problems.push({
        path: ['sources', place, 'retention'],
        says: `there is no retention class ${source.retention}. There are: ${Object.keys(retention).join(', ')}`,
      });
  });
  const day = (path: readonly PropertyKey[], date: string) => {
    try {
      return startOfDay(date, timezone);
    } catch {
      problems.push({ path, says: `there is no such day: ${date}` });
      return null;
    }
  };
  const [from, to] = [day(['period', 'from'], period.from), day(['period', 'to'], period.to)];
  if (from !== null && to !== null && from >= to) problems.push({ path: ['period', 'to'], says: `the period ends at ${iso(to)}, before it begins` });
  const known = new Set(sources.map(({ collector, name: its }) => `${collector}/${its}`));
  const systems = new Set(scope.systems.map(({ id }) => id));
  scope.systems.forEach((system, place) => {
    if (scope.systems.findIndex(({ id }) => id === system.id) < place)
      problems.push({ path: ['scope', 'systems', place, 'id'], says: `there is another system ${system.id}` });
    system.sources.forEach((source, index) => {
      if (!known.has(source))
        problems.push({
          path: ['scope', 'systems', place, 'sources', index],
          says: `no source is called ${source}. There are: ${[...known].join(', ') || 'none'}`,
        });
    });
  });
  for (const list of ['accounts', 'services', 'external', 'shared'] as const) {
    people[list].forEach(({ system }, place) => {
      if (!systems.has(system))
        problems.push({ path: ['people', list, place, 'system'], says: `the scope has no system ${system}. It has: ${[...systems].join(', ') || 'none'}` });
    });
  }
  return [...problems, ...anchorChecks({ witnesses, quorum, timestamps })];
}

function anchorChecks({ witnesses, quorum, timestamps }: Pick<File, 'witnesses' | 'quorum' | 'timestamps'>): Problem[] {
  const problems: Problem[] = [];
  const keys = witnesses.map(({ key }, place) => {
    try {
      return parseWitnessKey(key);
    } catch {
      problems.push({
        path: ['witnesses', place, 'key'],
        says: 'expected the key of a witness: name+id+base64, of an Ed25519 cosigner (c2sp.org/tlog-cosignature)',
      });
      return null;
    }
  });
  keys.forEach((key, place) => {
    if (key && keys.findIndex((other) => other?.name === key.name || other?.publicKey.equals(key.publicKey)) < place)
      problems.push({ path: ['witnesses', place, 'key'], says: 'there is another witness with this name or this key' });
  });
  if ((quorum ?? 0) > witnesses.length) problems.push({ path: ['quorum'], says: `${quorum} witnesses cannot sign where ${witnesses.length} are named` });
  timestamps.forEach(({ name: its }, place) => {
    if (timestamps.findIndex(({ name: other }) => other === its) < place)
      problems.push({ path: ['timestamps', place, 'name'], says: `there is another authority ${its}` });
  });
  return problems;
}

/** What a file that was read before says under a key, as it is written; nothing where it is not there. */
export function writtenIn(text: string, key: string): Readonly<Record<string, unknown>> {
  const said: unknown = parseDocument(text).toJS()?.[key];
  return typeof said === 'object' && said !== null ? (said as Readonly<Record<string, unknown>>) : {};
}

/** What stands in place of a reference where Tickmark itself keeps the secret. */
export const KEPT = 'kept';

/**
 * The secrets behind references. `kept` holds those that Tickmark keeps for this source. Throws `ConfigurationError`
 * that names what is missing, never what is there.
 */
export function resolveCredentials(
  { collector, name: source, credentials, place }: Source,
  dir: string,
  env: Readonly<Record<string, string | undefined>>,
  kept: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> | 'default' {
  if (credentials === 'default') return 'default';
  const missing = Object.keys(collector.credentials).filter((needed) => !(needed in credentials));
  if (missing.length > 0 && collector.transport === 'http')
    throw new ConfigurationError(
      `${place}: the source ${collector.id}/${source} names no credential "${missing[0]}" (${collector.credentials[missing[0] ?? ''] ?? ''}). Add it under credentials, as env:NAME or file:PATH.`,
    );
  if (collector.transport === 'aws' && Object.keys(credentials).length === 0) return 'default';
  return Object.fromEntries(
    Object.entries(credentials).map(([key, reference]) => {
      const whose = `${collector.id}/${source}, credential ${key}`;
      return [key, reference === KEPT ? keptSecret(kept, key, { place, whose }, 'Sources') : secret(reference, { place, whose }, dir, env)];
    }),
  );
}

/** A secret that Tickmark keeps. Throws `ConfigurationError` that says whose it is and where it is typed in. */
export function keptSecret(
  kept: Readonly<Record<string, string>>,
  key: string,
  { place, whose }: { readonly place: string; readonly whose: string },
  where: string,
): string {
  const value = kept[key];
  if (value === undefined)
    throw new ConfigurationError(
      `${place}: Tickmark keeps no such credential (${whose}). Type it in again under ${where}, or refer to it as env:NAME or file:PATH.`,
    );
  return value;
}

/** What a reference refers to. Throws `ConfigurationError` that says whose it is, and never what it is. */
export function secret(
  reference: string,
  { place, whose }: { readonly place: string; readonly whose: string },
  dir: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const [kind, ...rest] = reference.split(':');
  const target = rest.join(':');
  if (kind === 'env') {
    const value = env[target];
    if (value === undefined || value === '')
      throw new ConfigurationError(`${place}: the environment variable ${target} is not set (${whose}). Set it, or refer to a file with file:PATH.`);
    return value;
  }
  try {
    return readFileSync(resolve(dir, target), 'utf8').trim();
  } catch (cause) {
    throw new ConfigurationError(`${place}: the file ${target} cannot be read (${whose}).`, cause);
  }
}
