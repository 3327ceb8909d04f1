import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Cosigner, openCosigner } from '../anchors/cosigner.ts';
import { ConfigurationError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';

export type { Cosigner } from '../anchors/cosigner.ts';

/** Opens the witness in a folder. A log is named by its key, or by the `log.json` that holds it. */
export const openWitness = async ({
  dir,
  name,
  logs,
  clock = Date.now,
}: {
  readonly dir: string;
  readonly name: string | undefined;
  readonly logs: readonly string[];
  readonly clock?: () => Instant;
}): Promise<Cosigner> => openCosigner({ dir: resolve(dir), name, logs: logs.map(keyOf), clock });

function keyOf(log: string): string {
  if (!existsSync(log)) return log;
  try {
    const { verifierKey } = JSON.parse(readFileSync(log, 'utf8')) as { readonly verifierKey?: unknown };
    if (typeof verifierKey === 'string') return verifierKey;
  } catch (cause) {
    throw new ConfigurationError(`${log} is not a log.json.`, cause);
  }
  throw new ConfigurationError(`${log} names no key of a log, under "verifierKey".`);
}
