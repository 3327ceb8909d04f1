import { defineConfig } from 'vitest/config';
import { LongFirst } from './test/long-first.ts';

/** One process runs many files, and reads what they share once: no file may leave anything behind in it. */
const project = (
  name: string,
  include: string[],
  exclude: string[] = [],
  more: { readonly env?: Record<string, string>; readonly globalSetup?: string } = {},
) => ({
  test: {
    ...more,
    name,
    include,
    exclude: ['node_modules/**', 'dist/**', ...exclude],
    testTimeout: 180_000,
    hookTimeout: 300_000,
    isolate: false,
    expect: { poll: { timeout: 15_000 } },
  },
});

const IN_MEMORY = { globalSetup: 'test/temporary.ts' };

export default defineConfig({
  test: {
    maxWorkers: 3, // a third works while others wait for the disk or for programs
    sequence: { sequencer: LongFirst },
    projects: [
      project(
        'unit',
        ['src/**/*.test.ts', 'dashboard/**/*.test.ts', 'test/**/*.test.ts', 'tools/**/*.test.ts'],
        ['**/*.peers.test.ts', '**/*.browser.test.ts', '**/*.release.test.ts'],
        IN_MEMORY,
      ),
      // What is tried before a release: whole installations and whole companies, each for minutes.
      project('release', ['test/**/*.release.test.ts']),
      project('peers', ['src/**/*.peers.test.ts', 'test/**/*.peers.test.ts']),
      // What `npm run test:faults` adds: the same harnesses as above, in their full form.
      project('faults', ['test/log/**/*.test.ts', 'test/jobs/**/*.test.ts'], [], { env: { TICKMARK_FAULTS: 'full' } }),
      project('browser', ['src/**/*.browser.test.ts', 'test/**/*.browser.test.ts'], [], IN_MEMORY),
    ],
  },
});
