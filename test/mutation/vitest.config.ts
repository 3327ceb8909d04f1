import { defineConfig } from 'vitest/config';

/** The tests that decide whether a mutant of a check or of the engine lives: those beside the code, nothing that needs a program or Acme. */
export default defineConfig({
  test: { include: ['src/checks/**/*.test.ts', 'src/engine/**/*.test.ts'], exclude: ['**/*.peers.test.ts'], testTimeout: 60_000 },
});
