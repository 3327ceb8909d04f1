import { parseArgs } from 'node:util';

/** What can be asked of a workload on the command line. What is not asked is as each workload takes it. */
export interface Options {
  /** Measured rounds; the warm-up comes on top. */
  readonly pairs: number | null;
  readonly users: number | null;
  readonly tests: number | null;
  readonly days: number | null;
  readonly records: number | null;
  /** Megabytes of old space: the workload runs again under this limit, and running out of memory is a failure. */
  readonly heap: number | null;
  /** `light`: only peers that run within this process, for quick tests of the benchmark itself. */
  readonly peers: 'all' | 'light';
}

export interface Asked extends Options {
  readonly workloads: readonly string[];
  /** File for the results of this run. */
  readonly json: string | null;
  /** Whether docs/benchmarks.md and the results behind it are written anew. */
  readonly write: boolean;
}

/** Options that are a whole number. */
export const NUMBERS = ['pairs', 'users', 'tests', 'days', 'records', 'heap'] as const;

/** Throws `RangeError` on what is not an option or not a number. */
export function readOptions(args: readonly string[]): Asked {
  const text = { type: 'string' } as const;
  const options = {
    ...(Object.fromEntries(NUMBERS.map((name) => [name, text])) as Record<(typeof NUMBERS)[number], typeof text>),
    json: text,
    peers: text,
    'no-write': { type: 'boolean' },
  } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  if (values.peers !== undefined && values.peers !== 'all' && values.peers !== 'light') throw new RangeError(`--peers is all or light, not ${values.peers}`);
  return {
    workloads: positionals.map((name) => name.toUpperCase()),
    ...(Object.fromEntries(NUMBERS.map((name) => [name, numberOf(name, values[name])])) as Record<(typeof NUMBERS)[number], number | null>),
    peers: values.peers === 'light' ? 'light' : 'all',
    json: values.json ?? null,
    write: values['no-write'] !== true,
  };
}

function numberOf(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new RangeError(`--${name} is a whole number from 1 on, not ${text}`);
  return Number(text);
}
