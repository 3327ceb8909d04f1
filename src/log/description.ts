import { IntegrityError } from '../core/error.ts';
import { parseVerifierKey } from './note.ts';

export const DESCRIPTION = 'log/log.json';
/** Of statements and payloads: 2 keeps what a run says in confidence in encrypted payloads. */
export const FORMAT = 2;

/** What a verifier needs of a log: its name, its key, and the keys that may sign statements. Public. */
export interface LogDescription {
  readonly format: typeof FORMAT;
  readonly origin: string;
  readonly verifierKey: string;
  /** SPKI, base64, by who signs with it: a collector's id, or `workspace`. */
  readonly statementKeys: Readonly<Record<string, string>>;
}

export function parseDescription(bytes: Buffer): LogDescription {
  try {
    const description = JSON.parse(bytes.toString('utf8')) as LogDescription;
    if (Number(description.format) === 1) throw old();
    if (description.format !== FORMAT) throw new RangeError(`format ${String(description.format)}`);
    const { name } = parseVerifierKey(String(description.verifierKey));
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

const old = (): IntegrityError =>
  new IntegrityError(
    'FORMAT',
    'the log was written by an earlier version, which kept payloads in the clear (format 1), and this one does not write there. Move the state folder ".tickmark" away, keep it as it is (the version that wrote it verifies it), and begin a new log with "tickmark init".',
  );
