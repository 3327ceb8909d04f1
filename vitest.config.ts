import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[], exclude: string[] = [], env: Record<string, string> = {}) => ({
  test: { name, include, env, exclude: ['node_modules/**', 'dist/**', ...exclude], testTimeout: 180_000, hookTimeout: 300_000 },
});

export default defineConfig({
  test: {
    maxWorkers: 3, // a third works while others wait for the disk or for programs
    projects: [
      project('unit', ['src/**/*.test.ts', 'test/**/*.test.ts', 'tools/**/*.test.ts'], ['**/*.peers.test.ts', '**/*.browser.test.ts']),
      project('peers', ['src/**/*.peers.test.ts', 'test/**/*.peers.test.ts']),
      // What `npm run test:faults` adds: the same harnesses as above, in their full form.
      project('faults', ['test/log/**/*.test.ts'], [], { TICKMARK_FAULTS: 'full' }),
      project('browser', ['src/**/*.browser.test.ts', 'test/**/*.browser.test.ts']),
    ],
  },
});
