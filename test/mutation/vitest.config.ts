import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import { defineConfig } from 'vitest/config';
import { ASKED, type Asked, MUTANTS, type Mutant } from './asked.ts';

const root = join(import.meta.dirname, '../..');
const work = process.env.TICKMARK_MUTATE ?? '';
const SILENT = { isDebugEnabled: () => false, debug: () => undefined, info: () => undefined };

/** The files that are asked for, every mutant put into them at once, each behind a switch. */
const mutated = existsSync(join(work, ASKED)) ? await instrumented(JSON.parse(readFileSync(join(work, ASKED), 'utf8')) as Asked) : new Map<string, string>();

async function instrumented(asked: Asked): Promise<ReadonlyMap<string, string>> {
  const { files, mutants } = await new Instrumenter(SILENT as never).instrument(
    asked.files.map((name) => ({ name: join(root, name), mutate: true, content: readFileSync(join(root, name), 'utf8') })),
    { plugins: null, excludedMutations: [], ignorers: [] },
  );
  const places = new Map<string, number>();
  const told = mutants.map(({ id, fileName, mutatorName, replacement, location: { start } }): Mutant => {
    const file = relative(root, fileName);
    const place = places.get(file) ?? 0;
    places.set(file, place + 1);
    return { id, key: `${file}#${place}`, file, says: `${start.line + 1}:${start.column + 1} ${mutatorName}: ${replacement}` };
  });
  writeFileSync(join(work, MUTANTS), JSON.stringify(told));
  // What tests reach is counted once: counting goes on for every mutant otherwise, and is most of the time.
  return new Map(files.map(({ name, content }) => [name, content.replace('function cover() {', 'function cover() {\n    if (ns.quiet) return;')]));
}

export default defineConfig({
  plugins: [
    {
      name: 'mutants',
      enforce: 'pre',
      load: (id) => mutated.get(id.split('?')[0] ?? '') ?? null,
      // Tests tell their cases to our own list, which alone knows vitest itself.
      resolveId: (source, importer) =>
        source === 'vitest' && importer !== undefined && !importer.includes('/test/mutation/') ? join(import.meta.dirname, 'collected.ts') : null,
    },
  ],
  test: {
    include: ['test/mutation/mutants.mutate.ts'],
    testTimeout: 86_400_000,
    pool: 'forks',
    maxWorkers: 1,
    fsModuleCache: false, // it would hand one run the mutants of another
    reporters: [['dot', { summary: false }]],
  },
});
