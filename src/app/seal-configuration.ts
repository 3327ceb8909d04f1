import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { FILE_NAME } from '../configuration/read.ts';
import { configured } from './configured.ts';
import { IN_FORCE } from './in-force-sealed.ts';
import type { Context } from './schedule.ts';

/** The file and the overlay, as they are now, and what is in force by them and by the program, whenever that is not what was sealed last. */
export async function sealConfiguration({ dir, archive, clock, cache, demo, configuration }: Context, inForce: Uint8Array): Promise<void> {
  const at = clock();
  const overlay = ['controls', 'policies', 'registers'].flatMap((folder) =>
    existsSync(join(dir, folder)) ? readdirSync(join(dir, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(dir, folder, name)) : [],
  );
  const files = [join(dir, FILE_NAME), ...overlay.filter((path) => /\.(md|ya?ml)$/.test(path)).sort()];
  const bytesOf = (path: string): readonly [string, Uint8Array] => [
    relative(dir, path).replaceAll('\\', '/'),
    path === join(dir, FILE_NAME) ? Buffer.from(configuration.text) : readFileSync(path),
  ];
  const draft = configured(at, [...files.map(bytesOf), [IN_FORCE, inForce]], demo !== null);
  const digests = draft.subjects.map(({ name, bytes }) => `${name} ${createHash('sha256').update(bytes).digest('hex')}`).join('\n');
  const last = (await cache.sync()).history.at(-1);
  const sealed = last && (await archive.record(last.record)).subjects;
  if (sealed?.map(({ name, sha256 }) => `${name} ${sha256}`).join('\n') === digests) return;
  await archive.append([draft]);
}
