import { createHash } from 'node:crypto';
import type { Catalog } from '../catalog/catalog.ts';
import type { Check } from '../checks/check.ts';
import { adjusted, type Parameter, spokenParameter } from '../checks/parameter.ts';
import { ConfigurationError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import type { Change } from '../engine/period-posture.ts';
import type { InForce } from './in-force-sealed.ts';
import type { Program } from './units.ts';
import { PROGRAM } from './version.ts';

/**
 * The program with the parameters that the catalogue and its overlay set. A check whose number differs from that of its
 * code is another unit: what it said is examined again. Throws `ConfigurationError` that names every parameter that cannot be set.
 */
export function adjustedProgram({ controls }: Catalog, program: Program = PROGRAM): Program {
  const set = new Map<string, Map<string, { readonly parameter: Parameter; readonly by: string }>>();
  const problems: string[] = [];
  for (const { id, file, parameters = {} } of controls) {
    for (const [name, values] of Object.entries(parameters)) {
      const check = program.checks.find((it) => it.id === name);
      for (const [key, text] of check ? Object.entries(values) : []) {
        const read = readParameter(check as Check, key, text);
        const known = set.get(name)?.get(key);
        if (typeof read === 'string') problems.push(`${file}: ${id}: ${name}, ${key}: ${text}: ${read}`);
        else if (known && known.parameter.value !== read.value)
          problems.push(
            `${file}: ${id}: ${name}, ${key}: ${text}: ${known.by} sets it to ${spokenParameter(known.parameter)}. A check has one value: set it in one control`,
          );
        else set.set(name, (set.get(name) ?? new Map()).set(key, { parameter: read, by: id }));
      }
    }
  }
  if (problems.length > 0) throw new ConfigurationError(problems.join('\n'));
  const changed = new Map([...set].flatMap(([id, values]) => differing(program, id, values)));
  return {
    ...program,
    checks: program.checks.map((check) => (changed.has(check.id) ? check.adjusted(changed.get(check.id) ?? {}) : check)),
    units: program.units.map((unit) => (unit.kind === 'check' ? { ...unit, digest: digestWith(unit.digest, changed.get(unit.id)) } : unit)),
  };
}

function readParameter({ adjustable, parameters }: Check, name: string, text: string): Parameter | string {
  const its = adjustable[name];
  if (!its) {
    const there = Object.keys(adjustable).join(', ') || 'none';
    return name in parameters
      ? `it cannot be set: it is part of the check. Those that can be: ${there}`
      : `there is no such parameter. Those that can be set: ${there}`;
  }
  try {
    return adjusted(its, text);
  } catch (error) {
    return (error as RangeError).message;
  }
}

/** The values that are not those of the code anyway. */
function differing({ checks }: Program, id: string, values: ReadonlyMap<string, { readonly parameter: Parameter }>) {
  const usual = checks.find((check) => check.id === id)?.adjustable ?? {};
  const its = [...values].filter(([name, { parameter }]) => usual[name]?.value !== parameter.value).map(([name, { parameter }]) => [name, parameter] as const);
  return its.length === 0 ? [] : [[id, Object.fromEntries(its)] as const];
}

function digestWith(digest: string, parameters: Readonly<Record<string, Parameter>> | undefined): string {
  if (!parameters) return digest;
  const lines = Object.entries(parameters).map(([name, { value }]) => `${name} ${value}`);
  return createHash('sha256')
    .update([digest, ...lines.sort()].join('\n'))
    .digest('hex');
}

/** What is in force, as a configuration record seals it. `checks` are adjusted, the digests those of their code. */
export function inForceNow(catalog: string, { checks }: Pick<Program, 'checks'>, program: Program = PROGRAM): InForce {
  const digestOf = (id: string) => program.units.find((unit) => unit.kind === 'check' && unit.id === id)?.digest ?? '';
  const its = checks.map(({ id, version, parameters }) => [id, { version, digest: digestOf(id), parameters }] as const);
  return { program: program.code, catalog, checks: Object.fromEntries(its) };
}

type History = readonly { readonly at: Instant; readonly record: number; readonly inForce: InForce | null }[];

/** What was sealed last before a period began, and whatever was sealed in it. */
export function inForceIn<Sealed extends { readonly at: Instant }>(history: readonly Sealed[], { from, to }: Period): readonly Sealed[] {
  const first = history.findLast(({ at }) => at <= from);
  return history.filter((it) => it === first || (from < it.at && it.at < to));
}

/** What became another in a period: parameters, checks, catalogue and program. Nothing is told of what no record says. */
export function changesIn(
  history: History,
  period: Period,
  controls: readonly { readonly id: string; readonly checks: readonly string[] }[],
): readonly Change[] {
  const told = inForceIn(history, period).flatMap((sealed) => (sealed.inForce ? [{ ...sealed, inForce: sealed.inForce }] : []));
  const of = (check: string | null) => (check === null ? [] : controls.filter(({ checks }) => checks.includes(check)).map(({ id }) => id));
  return told.slice(1).flatMap(({ at, record, inForce }, place) => {
    const before = (told[place] as (typeof told)[number]).inForce;
    return differences(before, inForce).map((change) => ({ at, record, ...change, controls: of(change.check) }));
  });
}

type Difference = Omit<Change, 'at' | 'record' | 'controls'>;

function differences(was: InForce, is: InForce): readonly Difference[] {
  const whole = (what: 'program' | 'catalogue', before: string, after: string): Difference[] =>
    before === after ? [] : [{ what, check: null, name: null, before, after }];
  const ids = [...new Set([...Object.keys(was.checks), ...Object.keys(is.checks)])].sort();
  return [
    ...whole('program', was.program, is.program),
    ...whole('catalogue', was.catalog, is.catalog),
    ...ids.flatMap((check) => ofCheck(check, was.checks[check], is.checks[check])),
  ];
}

type Sealed = InForce['checks'][string];

function ofCheck(check: string, was: Sealed | undefined, is: Sealed | undefined): readonly Difference[] {
  const [before, after] = [was, is].map((its) => (its ? `version ${its.version}, code ${its.digest.slice(0, 12)}` : null));
  const code: Difference[] = before === after ? [] : [{ what: 'check', check, name: null, before: before ?? null, after: after ?? null }];
  if (!was || !is) return code;
  const names = [...new Set([...Object.keys(was.parameters), ...Object.keys(is.parameters)])].sort();
  return [
    ...code,
    ...names
      .filter((name) => was.parameters[name] !== is.parameters[name])
      .map((name): Difference => ({ what: 'parameter', check, name, before: was.parameters[name] ?? null, after: is.parameters[name] ?? null })),
  ];
}
