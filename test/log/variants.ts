import { constants, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CALLS, type Calls } from '../../src/evidence/files.ts';

/** What a victim appends: it crosses the end of a tile, when the log before it holds 254. */
export const BATCH = ['b0', 'b1', 'b2', 'b3', 'b4'] as const;

/**
 * Archives that leave out one step of the protocol. Each must be found out by the harness that the real one passes: a
 * harness that cannot fail proves nothing. The first is the real one.
 */
export const VARIANTS: Readonly<Record<string, (dir: string, calls?: Calls) => Calls>> = {
  'as designed': (_, calls = CALLS) => calls,
  'no fsync of a file before its rename': (_, calls = CALLS) => withoutFsync(calls, (isFile) => isFile),
  'no fsync at all': (_, calls = CALLS) => withoutFsync(calls, () => true),
  'checkpoint published before the tiles': (dir, calls = CALLS) => checkpointFirst(dir, calls),
  'acknowledged before it is committed': (_, calls = CALLS) => calls, // the victim itself speaks too early
};

function withoutFsync(calls: Calls, skips: (isFile: boolean) => boolean): Calls {
  const files = new Map<number, boolean>();
  return {
    ...calls,
    async open(path, flags, mode) {
      const fd = await calls.open(path, flags, mode);
      files.set(fd, (flags & constants.O_CREAT) !== 0);
      return fd;
    },
    async fsync(fd) {
      if (!skips(files.get(fd) ?? false)) await calls.fsync(fd);
    },
  };
}

/** As soon as a batch is committed its checkpoint is shown, durably, while its tiles are still to be written. */
function checkpointFirst(dir: string, calls: Calls): Calls {
  return {
    ...calls,
    async rename(from, to) {
      await calls.rename(from, to);
      if (to !== join(dir, 'log/.state/lock')) return;
      const [final, temporary] = [join(dir, 'log/checkpoint'), join(dir, 'log/early.tmp')];
      await sync(await calls.open(dirname(to), constants.O_RDONLY, 0));
      const fd = await calls.open(temporary, constants.O_CREAT | constants.O_WRONLY, 0o644);
      await calls.write(fd, readFileSync(to));
      await sync(fd);
      await calls.rename(temporary, final);
      await sync(await calls.open(dirname(final), constants.O_RDONLY, 0));
    },
  };

  async function sync(fd: number): Promise<void> {
    await calls.fsync(fd);
    await calls.close(fd);
  }
}
