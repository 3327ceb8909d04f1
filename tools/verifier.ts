import { join } from 'node:path';
import { build } from 'rolldown';

/** Makes the verifier of bundles one file that rests on Node alone: whoever verifies installs nothing. */
export async function buildVerifier(file: string): Promise<void> {
  await build({
    input: join(import.meta.dirname, '../src/verify/main.ts'),
    platform: 'node',
    external: /^node:/,
    output: { file, format: 'esm', banner: '#!/usr/bin/env node' },
  });
}
