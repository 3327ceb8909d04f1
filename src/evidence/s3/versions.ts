import type { Files } from '../files.ts';

/** Which version of a key was written, and what it holds. A name in a bucket can be written over and hidden; a version cannot. */
export interface Pin {
  /** `null` where the bucket keeps no versions. */
  readonly versionId: string | null;
  /** SHA-256 of the whole, hex. */
  readonly digest: string;
}

/** The versions of what is locked, kept where the bucket's keeper cannot reach. The newest pin of a path counts. */
export interface Versions {
  /** Durable once it resolves. */
  put(pins: Iterable<readonly [path: string, pin: Pin]>): Promise<void>;
  get(path: string): Promise<Pin | null>;
}

const PRIVATE = 0o600;
const CHUNK = 1024 * 1024;
const LINE = /^([0-9a-f]{64}) (\S+) (\S+)$/;
const UNVERSIONED = '-';
/** Ends a line that was cut off, so that the part that is there is no shorter path. */
const SPOILT = ' cut off\n';

/** Pins in a file of lines, which only grows: `<digest> <version> <path>`. A line that was cut off by a power cut is nobody's. */
export function fileVersions(files: Files, path = 'bucket/versions'): Versions {
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
  };
}
