import type { Files } from '../files.ts';
import type { Pin, PinOf, SharedVersions, Versions } from '../objects.ts';
import { digestInName } from './kinds.ts';

const PRIVATE = 0o600;
const CHUNK = 1024 * 1024;
const FILE = 'bucket/versions';
const LINE = /^([0-9a-f]{64}) (\S+) (\S+)$/;
const UNVERSIONED = '-';
/** Ends a line that was cut off, so that the part that is there is no shorter path. */
const SPOILT = ' cut off\n';

/** Pins of the folder, until it shares its log. */
export interface OwnVersions extends Versions {
  /** Moves them to where all processes that share the log find them. Interrupted anywhere it is taken up again: the folder's go last. */
  share(shared: SharedVersions): Promise<void>;
}

export function ownVersions(files: Files): OwnVersions {
  const own = fileVersions(files);
  let its: Versions = own;
  return {
    put: (pins) => its.put(pins),
    get: (path) => its.get(path),
    async share(shared) {
      const pins = await own.all();
      if (pins.length > 0) await move(pins, shared);
      await files.remove(FILE);
      its = shared;
    },
  };
}

/** A pin that is there was put by a process that shares the log already, and counts; but what was blanked once is never whole again. */
async function move(pins: readonly PinOf[], shared: SharedVersions): Promise<void> {
  const blanked: PinOf[] = [];
  for (const [path, pin] of pins) {
    const whole = digestInName(path);
    if (whole !== null && pin.digest !== whole && (await shared.get(path))?.digest === whole) blanked.push([path, pin]);
  }
  await shared.put(blanked);
  await shared.add(pins);
}

/** Pins in a file of lines, which only grows: `<digest> <version> <path>`. A line that was cut off by a power cut is nobody's. */
export function fileVersions(files: Files, path = FILE): Versions & { all(): Promise<readonly PinOf[]> } {
  const pins = new Map<string, Pin>();
  let [size, rest] = [0, ''];

  /** Takes in what has been added, by this process or another. */
  async function refresh(): Promise<void> {
    for (;;) {
      const chunk = await files.readPart(path, size, CHUNK);
      if (!chunk || chunk.length === 0) return;
      size += chunk.length;
      const lines = (rest + chunk.toString('latin1')).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const [, digest, version, its] = LINE.exec(line) ?? [];
        if (digest !== undefined && its !== undefined) pins.set(its, { digest, versionId: version === UNVERSIONED ? null : (version ?? null) });
      }
    }
  }

  return {
    async put(added) {
      await refresh();
      const lines = [...added].flatMap(([its, { digest, versionId }]) => {
        const known = pins.get(its);
        return known?.digest === digest && known.versionId === versionId ? [] : [`${digest} ${versionId ?? UNVERSIONED} ${its}\n`];
      });
      if (lines.length === 0) return;
      await files.append(path, Buffer.from(`${rest === '' ? '' : SPOILT}${lines.join('')}`, 'latin1'), PRIVATE);
      await refresh();
    },

    async get(its) {
      if (!pins.has(its)) await refresh();
      return pins.get(its) ?? null;
    },

    async all() {
      await refresh();
      return [...pins];
    },
  };
}
