import { KEPT, type Source } from '../configuration/read.ts';
import { secretName } from '../evidence/shared-keys.ts';
import type { MasterKey } from '../evidence/master-key.ts';
import { type CredentialRows, credentialRows } from '../store/credentials.ts';
import type { Database } from '../store/database.ts';

type Its = { readonly collector: string; readonly name: string };

/** Credentials of sources that Tickmark keeps: typed in once, encrypted from then on, and never shown again. */
export interface Credentials {
  /** By name, in the clear: for who asks the source, and nobody else. */
  of(source: Its): Promise<Readonly<Record<string, string>>>;
  keep(source: Its, values: Readonly<Record<string, string>>): Promise<void>;
  /** Forgets those that are not among these. */
  only(source: Its, names: readonly string[]): Promise<void>;
  /** Those that this process has had in its hands: what no line of it may say. */
  seen(): readonly string[];
}

export interface CredentialMeans {
  /** Name of the log: what is wrapped for one opens in no other. */
  readonly origin: string;
  readonly database: () => Pick<Database, 'sql'>;
  readonly master: () => MasterKey;
}

export function credentialsOf({ origin, database, master }: CredentialMeans): Credentials {
  const rows: CredentialRows = credentialRows(origin, database);
  const seen = new Set<string>();
  return {
    async of(source) {
      const folder = folderOf(source);
      const opened = (await rows.below(folder)).map(
        ({ path, bytes }) => [path.slice(folder.length), master().unwrap(secretName(origin, path), bytes).toString('utf8')] as const,
      );
      for (const [, value] of opened) seen.add(value);
      return Object.fromEntries(opened);
    },
    async keep(source, values) {
      for (const [name, value] of Object.entries(values)) {
        seen.add(value);
        const path = `${folderOf(source)}${name}`;
        await rows.put(path, master().wrap(secretName(origin, path), Buffer.from(value)));
      }
    },
    async only(source, names) {
      const folder = folderOf(source);
      for (const { path } of await rows.below(folder)) if (!names.includes(path.slice(folder.length))) await rows.remove(path);
    },
    seen: () => [...seen],
  };
}

const folderOf = ({ collector, name }: Its): string => `credentials/${collector}/${name}/`;

/** What is kept for a source; nothing is opened where it refers to nothing that is. */
export const keptFor = async (credentials: Credentials, source: Source): Promise<Readonly<Record<string, string>>> =>
  source.credentials !== 'default' && Object.values(source.credentials).includes(KEPT)
    ? credentials.of({ collector: source.collector.id, name: source.name })
    : {};
