import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Instant } from '../core/instant.ts';
import { type OpenOptions, openWorkspace } from './open.ts';
import { DEMO, STATE } from './schedule.ts';
import type { Workspace } from './views.ts';

/** Opens a workspace, be it the made-up company or a real one, which needs nothing of the made-up world. */
export async function openAny(options: OpenOptions): Promise<Workspace> {
  const mark = join(resolve(options.dir), STATE, DEMO);
  if (!existsSync(mark)) return openWorkspace(options);
  const { lastDay } = JSON.parse(readFileSync(mark, 'utf8')) as { readonly lastDay: Instant };
  const { openDemo } = await import('./demo.ts');
  return openDemo(options, lastDay);
}
