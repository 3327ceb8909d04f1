import { type Ternary, ternary } from '../core/ternary.ts';
import { all, any } from './claims.ts';
import { type Context, filled } from './context.ts';
import type { Test } from './document.ts';
import { fits, literal } from './pattern.ts';

/** Whether the conditions of a statement hold, and the keys on which that hangs where it cannot be said. */
export interface Held {
  readonly answer: Ternary;
  readonly keys: readonly string[];
}

/** Every test must hold (IAM user guide, "IAM JSON policy elements: Condition operators"). */
export function held(tests: readonly Test[], context: Context, variables: boolean): Held {
  let answer: Ternary = 'yes';
  const keys: string[] = [];
  for (const test of tests) {
    const one = holds(test, context, variables);
    if (one === 'no') return { answer: 'no', keys: [] };
    if (one === 'unknown') {
      answer = 'unknown';
      keys.push(test.key);
    }
  }
  return { answer, keys };
}

/** Whether a value meets what a policy asks for: a pattern made ready. `null`: the two cannot be compared. */
type Comparison = (pattern: string, value: string) => boolean | null;
const plain =
  (compare: (asked: string, value: string) => boolean | null): Comparison =>
  (pattern, value) =>
    compare(literal(pattern), value);
const measured = (measure: (text: string) => number, compare: (asked: number, value: number) => boolean): Comparison =>
  plain((asked, value) => (Number.isNaN(measure(asked)) || Number.isNaN(measure(value)) ? null : compare(measure(asked), measure(value))));
const folded = (text: string): string => text.toLowerCase();
const amount = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));
const instant = (text: string): number => (/^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text));

/** Operators by name, in lower case, without what they may begin and end with. */
const COMPARISONS: Readonly<Record<string, Comparison>> = {
  stringequals: plain((asked, value) => asked === value),
  stringequalsignorecase: plain((asked, value) => folded(asked) === folded(value)),
  stringlike: fits,
  numericequals: measured(amount, (asked, value) => value === asked),
  numericlessthan: measured(amount, (asked, value) => value < asked),
  numericlessthanequals: measured(amount, (asked, value) => value <= asked),
  numericgreaterthan: measured(amount, (asked, value) => value > asked),
  numericgreaterthanequals: measured(amount, (asked, value) => value >= asked),
  dateequals: measured(instant, (asked, value) => value === asked),
  datelessthan: measured(instant, (asked, value) => value < asked),
  datelessthanequals: measured(instant, (asked, value) => value <= asked),
  dategreaterthan: measured(instant, (asked, value) => value > asked),
  dategreaterthanequals: measured(instant, (asked, value) => value >= asked),
  bool: plain((asked, value) => folded(asked) === folded(value)),
  binaryequals: plain((asked, value) => asked === value),
  ipaddress: plain(inNetwork),
  arnequals: arnFits,
  arnlike: arnFits,
};
const NEGATED: Readonly<Record<string, string>> = {
  stringnotequals: 'stringequals',
  stringnotequalsignorecase: 'stringequalsignorecase',
  stringnotlike: 'stringlike',
  numericnotequals: 'numericequals',
  datenotequals: 'dateequals',
  notipaddress: 'ipaddress',
  arnnotequals: 'arnequals',
  arnnotlike: 'arnlike',
};

function holds({ operator, key, values }: Test, context: Context, variables: boolean): Ternary {
  const [, quantifier = '', name = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/i.exec(operator) ?? [];
  const given = context.get(folded(key));
  if (given === undefined) return 'unknown';
  if (folded(name) === 'null') return values.some((value) => (folded(value) === 'true') === (given === null || given.length === 0)) ? 'yes' : 'no';
  const [base, negated] = [NEGATED[folded(name)] ?? folded(name), folded(name) in NEGATED];
  const compare = COMPARISONS[base];
  if (compare === undefined) return 'unknown';
  const every = folded(quantifier) === 'forallvalues';
  if (given === null || given.length === 0) return ifExists !== undefined || every || (negated && quantifier === '') ? 'yes' : 'no';
  const asked = values.map((value) => filled(value, context, variables));
  const meets = (value: string): Ternary =>
    any(
      asked.map((its): Ternary => {
        if (its.kind === 'pattern') return ternary(compare(its.pattern, value));
        return (its.kind === 'unknown' || negated) && compare(its.widest, value) !== false ? 'unknown' : 'no';
      }),
    );
  const turned = (answer: Ternary): Ternary => (!negated || answer === 'unknown' ? answer : answer === 'yes' ? 'no' : 'yes');
  const answers = given.map((value) => turned(meets(value)));
  return every ? all(answers) : any(answers);
}

/** Part by part: a wildcard reaches over none of the first five colons. */
function arnFits(pattern: string, value: string): boolean {
  const [asked, given] = [arnParts(pattern), arnParts(value)];
  return asked.length === given.length && asked.every((part, place) => fits(part, given[place] ?? ''));
}

function arnParts(arn: string): readonly string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), ...(parts.length > 5 ? [parts.slice(5).join(':')] : [])];
}

/** An address within a network; both IPv4, or both IPv6. */
function inNetwork(network: string, address: string): boolean | null {
  const [base = '', length] = network.split('/');
  const [whole, its] = [bitsOf(base), bitsOf(address)];
  if (whole === null || its === null) return null;
  const size = length === undefined ? whole.length : Number(length);
  return whole.length === its.length && size <= whole.length && whole.slice(0, size) === its.slice(0, size);
}

function bitsOf(address: string): string | null {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) return bits(address.split('.').map(Number), 8);
  const [head = '', tail, more] = address.split('::');
  if (!/^[\da-f:]*$/i.test(address) || !address.includes(':') || more !== undefined) return null;
  const groups = (text: string | undefined) => (text ? text.split(':').map((group) => Number.parseInt(group, 16)) : []);
  const [before, after] = [groups(head), groups(tail)];
  const missing = 8 - before.length - after.length;
  if (missing < 0 || (tail === undefined && missing > 0)) return null;
  return bits([...before, ...Array<number>(missing).fill(0), ...after], 16);
}

function bits(groups: readonly number[], size: number): string | null {
  if (groups.some((group) => Number.isNaN(group) || group >= 2 ** size)) return null;
  return groups.map((group) => group.toString(2).padStart(size, '0')).join('');
}
