import type { Instant } from '../core/instant.ts';
import type { Joins, Row, Rows, Selection } from '../datasets/dataset.ts';
import { amountOf, type Parameter, spokenParameter } from './parameter.ts';

export { count, share, span } from './parameter.ts';

/** What a check says of one item, and until when the mere passage of time cannot change it. */
export type Verdict = { readonly until?: Instant } & (
  | { readonly kind: 'conforms' }
  | { readonly kind: 'notYet'; readonly rests?: readonly string[] }
  | { readonly kind: 'unknown'; readonly because: string }
  | { readonly kind: 'deviates'; readonly because: string; readonly cites?: readonly Row[] }
);

type Until = { readonly until?: Instant };

export const conforms = (until: Until = {}): Verdict => ({ kind: 'conforms', ...until });
/**
 * Not in the population before `until`. Without an `until` it is left out for good, by what rows say or because they are
 * not there: so it needs all that the check reads covered, as `conforms` does, and is unknown where it is not. `rests`
 * names the joins that decide, where those are fewer; none, where its own row and the clock do.
 */
export const notYet = (more: Until & { readonly rests?: readonly string[] } = {}): Verdict => ({ kind: 'notYet', ...more });
export const unknown = (because: string, until: Until = {}): Verdict => ({ kind: 'unknown', because, ...until });
/**
 * The joined rows it cites prove the deviation. Of a join it cites no row of, it rests on what is *absent* there, so it
 * needs that dataset covered, as `conforms` does of every join.
 */
export const deviates = (because: string, more: Until & { readonly cites?: readonly Row[] } = {}): Verdict => ({ kind: 'deviates', because, ...more });

/**
 * Examines one item at one instant. Pure: its arguments are all it knows, so an auditor can perform it again.
 * A reason names instants, never ages. It sees one item; the engine owns the loop, the counting, coverage and status.
 */
export interface Check<Item extends Row = Row, With extends Joins = Joins> {
  /** Its file's name; the good state in past participle: `mfa-enforced`. */
  readonly id: string;
  readonly title: string;
  /** Raised whenever the check changes what it says of the same rows. */
  readonly version: number;
  /** The one sentence that is true when every item conforms. Printed in the report. */
  readonly asserts: string;
  /** Every item it applies to, those that ended included; whatever is left out is counted by its dataset. */
  readonly population: Selection<Item>;
  /** True where a population without an item is no evidence (workers, systems): its status is then unknown, not empty. */
  readonly mustExist: boolean;
  readonly with: With;
  /**
   * The share of items that may deviate before the status fails; each stays listed. Where it is not nothing, one more
   * item that conforms may turn fail into pass, which no other check allows: so results tell the rate and both counts.
   */
  readonly tolerates: number;
  /** What its numbers are, by name and in words: `{ maxAge: '90 days' }`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Those of them that a company may set otherwise. */
  readonly adjustable: Readonly<Record<string, Parameter>>;
  /** The same check with other numbers. */
  adjusted(parameters: Readonly<Record<string, Parameter>>): Check<Item, With>;
  examine(item: Item, given: { readonly at: Instant } & Rows<With>): Verdict;
}

type Parameters = Readonly<Record<string, string | Parameter>>;
/** The numbers behind parameters: milliseconds, how many, or a share. */
type Values<P extends Parameters> = { readonly [Name in keyof P as P[Name] extends Parameter ? Name : never]: number };
type Made = 'adjustable' | 'adjusted' | 'parameters' | 'examine';
type Optional = 'with' | 'mustExist';

/** As its file writes it: `{name}` in title and assertion stands for a parameter, words among the parameters for what nobody can set otherwise. */
type Definition<Item extends Row, With extends Joins, P extends Parameters> = Omit<Check<Item, With>, Optional | Made | 'tolerates'> &
  Partial<Pick<Check<Item, With>, Optional>> & {
    readonly parameters?: P;
    /** A share, or the parameter that is one. */
    readonly tolerates?: number | (keyof Values<P> & string);
    examine(item: Item, given: { readonly at: Instant } & Rows<With>, parameters: Values<P>): Verdict;
  };

// biome-ignore lint/complexity/noBannedTypes: no joins, and no parameters, are the empty object
export function defineCheck<Item extends Row, With extends Joins<keyof Item & string> = {}, P extends Parameters = {}>(
  definition: Definition<Item, With, P>,
): Check<Item, With> {
  return made(definition, {});
}

function made<Item extends Row, With extends Joins, P extends Parameters>(
  definition: Definition<Item, With, P>,
  set: Readonly<Record<string, Parameter>>,
): Check<Item, With> {
  const parameters: Parameters = { ...definition.parameters, ...set };
  const adjustable = Object.fromEntries(Object.entries(parameters).flatMap(([name, its]) => (typeof its === 'string' ? [] : [[name, its] as const])));
  const values = Object.fromEntries(Object.entries(adjustable).map(([name, its]) => [name, its.value])) as Values<P>;
  const { tolerates = 0 } = definition;
  const filled = (text: string) => text.replace(/\{(\w+)\}/g, (_, name: string) => (adjustable[name] ? amountOf(adjustable[name]) : name));
  return {
    mustExist: false,
    with: {} as With,
    ...definition,
    tolerates: typeof tolerates === 'string' ? values[tolerates] : tolerates,
    title: filled(definition.title),
    asserts: filled(definition.asserts),
    parameters: Object.fromEntries(Object.entries(parameters).map(([name, its]) => [name, typeof its === 'string' ? its : spokenParameter(its)])),
    adjustable,
    adjusted: (more) => made(definition, { ...set, ...more }),
    examine: (item, given) => definition.examine(item, given, values),
  };
}
