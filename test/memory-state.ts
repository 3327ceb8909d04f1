import { IntegrityError } from '../src/core/error.ts';
import type { PayloadKeyRow, SharedState } from '../src/evidence/shared-state.ts';

/** What processes share, in memory: as a database keeps it, and gone with this process. */
export function memoryState(): (origin: string) => SharedState {
  const states = new Map<string, SharedState>();
  return (origin) => {
    const state = states.get(origin) ?? made();
    states.set(origin, state);
    return state;
  };
}

function made(): SharedState {
  let note: Buffer | null = null;
  let queue: Promise<unknown> = Promise.resolve();
  const secrets = new Map<string, Buffer>();
  const rows = new Map<string, PayloadKeyRow & { readonly era: string }>();
  const said = new Map<string, Buffer>();
  const versions = new Map<string, Awaited<ReturnType<SharedState['versions']['get']>>>();
  return {
    turn(act) {
      const turn = queue.then(act);
      queue = turn.catch(() => undefined);
      return turn;
    },
    coordination: {
      committed: async () => note,
      async commit(before, after) {
        if (before === null ? note !== null : !note?.equals(before)) throw new IntegrityError('RACE', 'another process has written to the log');
        note = after;
      },
    },
    secrets: {
      read: async (path) => secrets.get(path) ?? null,
      async make(path, bytes) {
        if (secrets.has(path)) return false;
        secrets.set(path, bytes);
        return true;
      },
      remove: async (path) => void secrets.delete(path),
    },
    payloadKeys: {
      byDigest: async (era, digest) => rows.get(`${era} ${digest}`) ?? null,
      byFingerprint: async (era, fingerprint) => rows.values().find((row) => row.era === era && row.fingerprint === fingerprint) ?? null,
      digests: async (era) => [...rows.values()].flatMap((row) => (row.era === era ? [row.digest] : [])),
      async add(era, its) {
        for (const row of its) if (!rows.has(`${era} ${row.digest}`)) rows.set(`${era} ${row.digest}`, { ...row, era });
      },
      async remove(era, digests, at) {
        if (at !== null && !note?.equals(at)) throw new IntegrityError('RACE', 'another process has written to the log');
        for (const [name, row] of rows) if (row.era === era && (digests === 'all' || digests.includes(row.digest))) rows.delete(name);
      },
    },
    versions: {
      async put(pins) {
        for (const [path, pin] of pins) versions.set(path, pin);
      },
      async add(pins) {
        for (const [path, pin] of pins) if (!versions.has(path)) versions.set(path, pin);
      },
      get: async (path) => versions.get(path) ?? null,
    },
    said: {
      read: async (path) => said.get(path) ?? null,
      list: async (folder) =>
        [...new Set([...said.keys()].flatMap((path) => (path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1).split('/')[0] ?? ''] : [])))].sort(),
      replace: async (path, bytes) => void said.set(path, Buffer.from(bytes)),
      async create(files) {
        for (const [path, bytes] of files) {
          if (said.get(path)?.equals(bytes) === false) throw new IntegrityError('IMMUTABLE', `${path} is there with other bytes`);
          said.set(path, Buffer.from(bytes));
        }
      },
    },
  };
}
