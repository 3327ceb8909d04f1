import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
}

it('says of each package where it lies and what its bytes are, so that an install asks for nothing else', () => {
  const { packages } = JSON.parse(readFileSync(join(import.meta.dirname, '../package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, Locked>>;
  };
  const installed = Object.entries(packages).filter(([path, { link }]) => path.includes('node_modules/') && link !== true);
  expect(installed.length).toBeGreaterThan(500);
  const lacking = installed.flatMap(([path, { version = '', resolved = '', integrity = '' }]) =>
    resolved.startsWith('https://registry.npmjs.org/') && resolved.endsWith(`-${version}.tgz`) && integrity.startsWith('sha512-') ? [] : [path],
  );
  expect(lacking).toEqual([]);
});
