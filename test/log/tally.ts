import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';
import { TestRunner } from 'vitest';

/** What one harness did: how many cases it ran, of how many there are, and how many were not as they must be. */
export interface Tally {
  readonly harness: string;
  readonly what: string;
  readonly cases: number;
  readonly failures: number;
  /** Whether failures are what was hoped for: a wrong archive, found out. */
  readonly control: boolean;
  readonly says: string;
}

declare module 'vitest' {
  interface TaskMeta {
    tallies?: Tally[];
  }
}

/** Leaves a line for the table that ends `npm run test:faults`. */
export function tally(harness: string, what: string, cases: number, failures: number, more: { readonly control?: boolean; readonly says?: string } = {}): void {
  const meta = TestRunner.getCurrentTest()?.meta;
  if (meta) meta.tallies = [...(meta.tallies ?? []), { harness, what, cases, failures, control: more.control ?? false, says: more.says ?? '' }];
}

/** Prints the table. */
export default class implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tallies = modules.flatMap(({ children }) => [...children.allTests()].flatMap((test) => test.meta().tallies ?? []));
    if (process.env.TICKMARK_TALLY) writeFileSync(process.env.TICKMARK_TALLY, JSON.stringify(tallies));
    const width = (of: (tally: Tally) => string) => Math.max(0, ...tallies.map((tally) => of(tally).length));
    const [first, second] = [width(({ harness }) => harness), width(({ what }) => what)];
    console.log('\nFaults');
    for (const { harness, what, cases, failures, control, says } of tallies) {
      const verdict = control ? `${failures} found out (must be some)` : `${failures} failures (must be none)`;
      console.log(`  ${harness.padEnd(first)}  ${what.padEnd(second)}  ${String(cases).padStart(7)} cases  ${verdict}${says === '' ? '' : `  ${says}`}`);
    }
  }
}
