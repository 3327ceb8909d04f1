import { collectors } from '../collectors/index.ts';
import type { Permission } from '../collectors/collector.ts';
import { ConfigurationError } from '../core/error.ts';

export interface LeastPrivilege {
  /** The IAM policy document, for collectors of AWS. */
  readonly policy: { readonly Version: string; readonly Statement: readonly unknown[] } | null;
  readonly rights: readonly Permission[];
  readonly credentials: Readonly<Record<string, string>>;
  readonly cannotTell: readonly string[];
}

/** What the credential of a collector must be allowed, and no more. Throws `ConfigurationError` for an unknown collector. */
export function leastPrivilege(id: string): LeastPrivilege {
  const collector = collectors.find((known) => known.id === id);
  if (!collector) throw new ConfigurationError(`no collector is called ${id}. There are: ${collectors.map((known) => known.id).join(', ')}.`);
  const { operations, permissions: rights, credentials, cannotTell } = collector;
  const policy =
    operations.length === 0
      ? null
      : { Version: '2012-10-17', Statement: [{ Sid: 'TickmarkReads', Effect: 'Allow', Action: [...operations].sort(), Resource: '*' }] };
  return { policy, rights, credentials, cannotTell };
}
