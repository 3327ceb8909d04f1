import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[], exclude: string[] = []) => ({
  test: { name, include, exclude: ['node_modules/**', 'dist/**', ...exclude], testTimeout: 180_000, hookTimeout: 300_000 },
});

export default defineConfig({
  test: {
    maxWorkers: 2, // one fewer than there are cores, unless said: half of a small machine would idle
    projects: [
      project('unit', ['src/**/*.test.ts', 'test/**/*.test.ts', 'tools/**/*.test.ts'], ['**/*.peers.test.ts', '**/*.browser.test.ts']),
      project('peers', ['src/**/*.peers.test.ts', 'test/**/*.peers.test.ts']),
      project('browser', ['src/**/*.browser.test.ts', 'test/**/*.browser.test.ts']),
    ],
  },
});
