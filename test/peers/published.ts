import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * One file of a package on npm, as its vendor published it, or `null` where no registry can be reached. Such packages are
 * large, or bring dozens of others: only the file is wanted. Throws `RangeError` where the package is not the one that is named.
 */
export function publishedFile(name: string, sha512: string, path: string): string | null {
  const dir = mkdtempSync(join(tmpdir(), 'published-'));
  try {
    const file = execFileSync('npm', ['pack', '--silent', name], { cwd: dir, encoding: 'utf8', timeout: 120_000 }).trim();
    const digest = createHash('sha512')
      .update(readFileSync(join(dir, file)))
      .digest('base64');
    if (digest !== sha512) throw new RangeError(`${name} is not what it was`);
    return execFileSync('tar', ['xzOf', file, `package/${path}`], { cwd: dir, encoding: 'utf8', maxBuffer: 2 ** 28 });
  } catch (error) {
    if (error instanceof RangeError) throw error;
    return null;
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/**
 * Unpacks a package of npm as its vendor published it into a folder, and gives that; `null` where no registry can be reached. What it
 * asks for does not come with it. Throws `RangeError` where the package is not the one that is named.
 */
export function publishedPackage(name: string, sha512: string, folder: string): string | null {
  const dir = mkdtempSync(join(tmpdir(), 'published-'));
  try {
    const file = execFileSync('npm', ['pack', '--silent', name], { cwd: dir, encoding: 'utf8', timeout: 120_000 }).trim();
    const digest = createHash('sha512')
      .update(readFileSync(join(dir, file)))
      .digest('base64');
    if (digest !== sha512) throw new RangeError(`${name} is not what it was`);
    mkdirSync(folder, { recursive: true });
    execFileSync('tar', ['xzf', join(dir, file), '--strip-components=1', '-C', folder]);
    return folder;
  } catch (error) {
    if (error instanceof RangeError) throw error;
    return null;
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** A folder below the packages that are installed here: what a published package imports is found among them. */
export const amongOurs = (name: string): string => join(import.meta.dirname, '../../node_modules/.cache/tickmark-published', name.replaceAll(/[^\w.-]/g, '-'));

/**
 * The folder of a Go module as its proxy gives it, or `null` where the proxy cannot be reached. `sum` is what go.sum says of it.
 * Throws `RangeError` where the module is not the one that is named.
 */
export function publishedModule(go: string, module: string, sum: string): string | null {
  const dir = mkdtempSync(join(tmpdir(), 'published-'));
  const { status, stdout } = spawnSync(go, ['mod', 'download', '-json', module], {
    cwd: dir,
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, GOFLAGS: '-mod=mod' },
  });
  rmSync(dir, { recursive: true });
  if (status !== 0) return null;
  const { Dir, Sum } = JSON.parse(stdout) as { readonly Dir: string; readonly Sum: string };
  if (Sum !== sum) throw new RangeError(`${module} is not what it was`);
  return Dir;
}

/** One file of a wheel on PyPI, in the same way. Nothing of it is run. */
export function publishedWheelFile(name: string, sha256: string, path: string): string | null {
  const dir = mkdtempSync(join(tmpdir(), 'published-'));
  try {
    execFileSync('pip', ['download', '--quiet', '--no-deps', '--only-binary=:all:', '--ignore-requires-python', name], {
      cwd: dir,
      stdio: 'ignore',
      timeout: 120_000,
    });
    const [file = ''] = readdirSync(dir);
    if (
      createHash('sha256')
        .update(readFileSync(join(dir, file)))
        .digest('hex') !== sha256
    )
      throw new RangeError(`${name} is not what it was`);
    const read = 'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))';
    return execFileSync('python3', ['-c', read, file, path], { cwd: dir, encoding: 'utf8', maxBuffer: 2 ** 28 });
  } catch (error) {
    if (error instanceof RangeError) throw error;
    return null;
  } finally {
    rmSync(dir, { recursive: true });
  }
}
