import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Contradiction, follow, formatPin, parsePin } from '../anchors/pin.ts';
import { ConfigurationError, IntegrityError } from '../core/error.ts';
import type { CheckpointSummary } from '../evidence/archive.ts';
import { Files } from '../evidence/files.ts';
import type { Checkpoint } from '../log/checkpoint.ts';
import { verifierKey } from '../log/note.ts';
import type { Succeeded } from '../log/succession.ts';

export interface Pinned {
  readonly checkpoint: CheckpointSummary;
  readonly verifierKey: string;
  /** Where the log stood when it was pinned before; `null` the first time. */
  readonly before: CheckpointSummary | null;
  /** Keys that took the place of the known one since, in order; the last of them signs now. */
  readonly followed: readonly Succeeded[];
}

/**
 * What an auditor does with a copy of a log: demands that it continues the one pinned in `file`, and pins it in its place.
 * Throws `IntegrityError` with ROLLBACK or FORK, and leaves the note that proves it beside the pin; with SIGNATURE where another
 * key signs, and nothing shows that it took the place of the known one.
 */
export async function pinLog({ log, file: given, key }: { readonly log: string; readonly file: string; readonly key: string | undefined }): Promise<Pinned> {
  const file = resolve(given);
  const pins = new Files(dirname(file));
  const before = await pins.read(basename(file));
  const pinned = before ? parsePin(before.toString('utf8'), given) : null;
  try {
    const next = await follow(new Files(logFolder(log)), pinned, key);
    await pins.replace(basename(file), Buffer.from(formatPin(next)));
    return { checkpoint: summary(next.checkpoint), verifierKey: verifierKey(next.key), before: pinned && summary(pinned.checkpoint), followed: next.followed };
  } catch (error) {
    if (!(error instanceof Contradiction)) throw error;
    await pins.replace(`${basename(file)}.contradiction`, Buffer.from(error.note));
    throw new IntegrityError(
      error.code,
      `${error.message}. Keep ${given} and ${given}.contradiction: both are signed by the key of the log, and together they prove it.`,
      error,
    );
  }
}

/** The folder that holds the checkpoint: it, the state folder around it, or the workspace around that. */
function logFolder(given: string): string {
  const dir = resolve(given);
  const folder = [dir, join(dir, 'log'), join(dir, '.tickmark/log')].find(
    (it) => existsSync(join(it, 'checkpoint')) && statSync(join(it, 'checkpoint')).isFile(),
  );
  if (folder === undefined)
    throw new ConfigurationError(
      `there is no log in ${given}: no file "checkpoint" is there, nor in log, nor in .tickmark/log below it. Of a log in a bucket, make a copy of what lies below "log/" there, and name that with --log.`,
    );
  return folder;
}

const summary = ({ origin, size, root }: Checkpoint): CheckpointSummary => ({ origin, size, root: root.toString('base64') });
