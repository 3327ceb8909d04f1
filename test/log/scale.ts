import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** `npm run test:faults` runs the full forms; every other run a reduced one, so that CI stays short. */
export const FULL = process.env.TICKMARK_FAULTS === 'full';

/** Which share of the full forms this is: `npm run test:faults` runs them one after the other. */
const [PART = 1, PARTS = 1] = (process.env.TICKMARK_PART ?? '1/1').split('/').map(Number);

/** How many cases: few in CI; of all of them this share. */
export const cases = (reduced: number, full: number): number => (FULL ? Math.ceil(full / PARTS) : reduced);

/** Where cases are drawn from: each share has its own. */
export const SEED = 20_260_301 + 1_000_003 * (PART - 1);

/** The items of this share: every so many. */
export const share = <Item>(items: readonly Item[]): readonly Item[] => items.filter((_, place) => place % PARTS === PART - 1);

/** At most `count` of them, spread evenly. */
export function spread<Item>(items: readonly Item[], count: number): readonly Item[] {
  if (items.length <= count) return items;
  return Array.from({ length: count }, (_, place) => items[Math.floor((place * items.length) / count)] as Item);
}

/** A folder that goes with the test. In memory where the system offers that, unless the disk itself is the matter. */
export function folder(where: string = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()): string {
  const dir = mkdtempSync(join(where, 'tickmark-faults-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Says loudly what this machine cannot do, in CI too: a container without loop devices or ptrace is no reason to be red. */
export function impossible(what: string, why: string): true {
  console.warn(`\n*** SKIPPED: ${what}: ${why} ***\n`);
  return true;
}
