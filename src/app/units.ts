import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Check } from '../checks/check.ts';
import { checks } from '../checks/index.ts';
import type { Collector } from '../collectors/collector.ts';
import { collectors } from '../collectors/index.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { datasets } from '../datasets/index.ts';
import type { Unit } from '../store/store.ts';

/** What keeps facts and verdicts, rather than what says them. Where it changes, everything is made again. */
const HOUSE = ['app/read-record', 'engine/engine', 'store/store'];
/** Where the digests lie in the built program: computed from the sources, so that both say the same. */
const BUILT = 'units.json';

/** What examines and normalizes, and which code that is. */
export interface Program {
  readonly checks: readonly Check[];
  readonly collectors: readonly Collector[];
  readonly datasets: readonly Dataset[];
  readonly units: readonly Unit[];
  /** In one line, as results print it. */
  readonly code: string;
}

/** Ids of what is to be made again, or has gone. */
export interface Stale {
  readonly checks: ReadonlySet<string>;
  readonly collectors: ReadonlySet<string>;
  readonly datasets: ReadonlySet<string>;
  /** All of it: what keeps it has changed. */
  readonly house: boolean;
}

/** What other code made than that of today, what is new, and what is no more. */
export function staleOf(kept: readonly Unit[], units: readonly Unit[]): Stale {
  const digests = (list: readonly Unit[]) => new Map(list.map(({ kind, id, version, digest }) => [`${kind} ${id}`, `${version} ${digest}`]));
  const [was, is] = [digests(kept), digests(units)];
  const stale = [...new Set([...was.keys(), ...is.keys()])].filter((name) => was.get(name) !== is.get(name));
  const of = (kind: Unit['kind']) => new Set(stale.filter((name) => name.startsWith(`${kind} `)).map((name) => name.slice(kind.length + 1)));
  return { checks: of('check'), collectors: of('collector'), datasets: of('dataset'), house: of('house').size > 0 };
}

/**
 * Every check, collector and dataset with a digest of its code: of its file, of all files that it imports, and of the
 * versions of the packages that those import.
 */
export function unitsOf(src: string, packages: Readonly<Record<string, string>>): readonly Unit[] {
  const digestOf = digests(src, packages);
  const unit = (kind: Unit['kind'], id: string, version: number, path: string): Unit => ({ kind, id, version, digest: digestOf([path]) });
  return [
    ...checks.map(({ id, version }) => unit('check', id, version, `checks/${id}`)),
    ...collectors.map(({ id, version }) => unit('collector', id, version, `collectors/${id}`)),
    ...datasets.map(({ id }) => unit('dataset', id, 1, `datasets/${id.replaceAll('.', '/')}`)),
    { kind: 'house', id: 'engine', version: 1, digest: digestOf(HOUSE) },
  ];
}

/** The same, of the program that runs. */
export function unitsOfProgram(home: string): readonly Unit[] {
  const built = join(import.meta.dirname, BUILT);
  if (existsSync(built)) return JSON.parse(readFileSync(built, 'utf8')) as readonly Unit[];
  const { dependencies } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { readonly dependencies: Readonly<Record<string, string>> };
  return unitsOf(join(home, 'src'), dependencies);
}

function digests(src: string, packages: Readonly<Record<string, string>>): (entries: readonly string[]) => string {
  const files = new Map<string, File>();
  const read = (path: string): File => {
    const known = files.get(path);
    if (known) return known;
    const text = readFileSync(path, 'utf8');
    const imports = importsOf(text);
    const others = imports.filter((name) => !name.startsWith('.') && !name.startsWith('node:'));
    const file = {
      lines: [
        `${relative(src, path).replaceAll('\\', '/')} ${createHash('sha256').update(text).digest('hex')}`,
        ...others.map((name) => `${name} ${versionOf(name, packages)}`),
      ],
      imports: imports.filter((name) => name.startsWith('.')).map((name) => resolve(dirname(path), name)),
    };
    files.set(path, file);
    return file;
  };
  return (entries) => {
    const lines = new Set<string>();
    const seen = new Set<string>();
    const waiting = entries.map((entry) => join(src, `${entry}.ts`));
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (seen.has(path)) continue;
      seen.add(path);
      const file = read(path);
      for (const line of file.lines) lines.add(line);
      waiting.push(...file.imports);
    }
    return createHash('sha256')
      .update([...lines].sort().join('\n'))
      .digest('hex');
  };
}

/** Read once, though hundreds of units import it. */
interface File {
  /** What it is, and of which version the packages are that it imports: a line each. */
  readonly lines: readonly string[];
  /** Files, absolute. */
  readonly imports: readonly string[];
}

/** What a file imports or hands on; of types alone nothing is left when it runs. */
function importsOf(text: string): readonly string[] {
  return [...text.matchAll(/^(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/gm)].flatMap(([, name]) => name ?? []);
}

function versionOf(name: string, packages: Readonly<Record<string, string>>): string {
  const of = name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
  const version = packages[of];
  if (version === undefined) throw new RangeError(`the package ${of} is not among the dependencies`);
  return version;
}
