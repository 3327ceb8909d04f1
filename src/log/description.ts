import { IntegrityError } from '../core/error.ts';
import type { LogVerifier } from './checkpoint.ts';
import { parseVerifierKey } from './note.ts';

export const DESCRIPTION = 'log/log.json';
/** Of statements and payloads: 2 keeps what a run says in confidence in encrypted payloads, 3 encrypts each under a symmetric key to which its statement commits. */
export const FORMAT = 3;

/** What a verifier needs of a log: its name, its key, and the keys that may sign statements. Public. */
export interface LogDescription {
  readonly format: typeof FORMAT;
  readonly origin: string;
  readonly verifierKey: string;
  /** SPKI, base64, by who signs with it: a collector's id, or `workspace`. */
  readonly statementKeys: Readonly<Record<string, string>>;
  /** Of signers whose key was ever replaced: each key, and from where to where it signs. Who is not among them has one key, that signs from the beginning. */
  readonly periods?: readonly DescribedKey[];
}

export interface DescribedKey {
  readonly role: 'log' | 'statement';
  /** The origin, or who signs statements with it. */
  readonly who: string;
  /** As in `verifierKey`, or in `statementKeys`. */
  readonly key: string;
  /** Of the log's keys, sizes of checkpoints; of the others, indexes of records: `[from, to)`, `null` while it signs. */
  readonly from: number;
  readonly to: number | null;
}

/** The log's keys, the one that verifies the newest checkpoint first. */
export function logVerifier({ origin, verifierKey, periods = [] }: Pick<LogDescription, 'origin' | 'verifierKey' | 'periods'>): LogVerifier {
  const its = periods.filter(({ role, who }) => role === 'log' && who === origin);
  // A key that no record introduces signs only where none was ever replaced.
  const known = its.length > 0 ? its : [{ key: verifierKey, from: 0, to: null }];
  return { ...parseVerifierKey(verifierKey), keys: known.map(({ key, from, to }) => ({ ...parseVerifierKey(key), from, to })) };
}

type SigningPeriods = readonly Pick<DescribedKey, 'who' | 'from' | 'to'>[];
const PERIODS = new WeakMap<LogDescription, Map<string, SigningPeriods>>();

/** Where a key signs statements: `[from, to)` of the records of one signer; empty where `log.json` does not name it. Looked up once: a log has few keys and many statements. */
export function statementPeriods(description: LogDescription, key: string): SigningPeriods {
  const known = PERIODS.get(description) ?? new Map<string, SigningPeriods>();
  PERIODS.set(description, known);
  const its = known.get(key) ?? periodsIn(description, key);
  if (known.size < KEYS) known.set(key, its);
  return its;
}

/** Whatever keys statements name, no more of them are remembered. */
const KEYS = 1000;

function periodsIn({ statementKeys, periods = [] }: LogDescription, key: string): SigningPeriods {
  const its = periods.filter((it) => it.role === 'statement' && it.key === key);
  const plain = Object.entries(statementKeys).filter(([who, its]) => its === key && !periods.some((it) => it.role === 'statement' && it.who === who));
  return [...its, ...plain.map(([who]) => ({ who, from: 0, to: null }))];
}

export function parseDescription(bytes: Buffer): LogDescription {
  try {
    const description = JSON.parse(bytes.toString('utf8')) as LogDescription;
    const before = EARLIER[Number(description.format)];
    if (before !== undefined) throw old(Number(description.format), before);
    if (description.format !== FORMAT) throw new RangeError(`format ${String(description.format)}`);
    const { name } = logVerifier({ ...description, verifierKey: String(description.verifierKey) });
    if (description.origin !== name) throw new RangeError(`origin ${String(description.origin)}, and the key is of ${name}`);
    const named: unknown = description.statementKeys;
    if (typeof named !== 'object' || named === null || Array.isArray(named) || !Object.values(named).every((key) => typeof key === 'string'))
      throw new RangeError('statementKeys does not name keys');
    return description;
  } catch (cause) {
    if (cause instanceof IntegrityError && cause.code === 'FORMAT') throw cause;
    throw new IntegrityError('DESCRIPTION', 'log/log.json cannot be read: it names the key of the log, so nothing can be verified without it', cause);
  }
}

/** What logs of earlier formats did otherwise. */
const EARLIER: Readonly<Record<number, string>> = {
  1: 'kept payloads in the clear',
  2: 'kept payloads as age files',
};

const old = (format: number, did: string): IntegrityError =>
  new IntegrityError(
    'FORMAT',
    `the log was written by an earlier version, which ${did} (format ${format}), and this one does not write there. Move the state folder ".tickmark" away, keep it as it is (the version that wrote it verifies it), and begin a new log with "tickmark init".`,
  );
