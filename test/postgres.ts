import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Folder of the newest PostgreSQL server on this machine, or `null`. */
export function postgresBinaries(): string | null {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const [newest] = versions.map((version) => join(root, version, 'bin')).filter((bin) => existsSync(join(bin, 'initdb')));
  return newest ?? null;
}

/** A server of its own on a free port of this machine. It refuses to run as root, so it runs as its own user then. */
export async function startPostgres(bin: string): Promise<{ readonly url: string; restart(): void; stop(): void }> {
  const dir = mkdtempSync(join(tmpdir(), 'postgres-'));
  const root = process.getuid?.() === 0;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }).trim());
  const [uid, gid] = root ? [id('-u'), id('-g')] : [undefined, undefined];
  if (uid !== undefined && gid !== undefined) chownSync(dir, uid, gid);
  const run = (program: string, ...rest: readonly string[]) =>
    execFileSync(join(bin, program), rest, { stdio: 'pipe', cwd: dir, ...(uid === undefined ? {} : { uid, gid }) });
  const port = await freePort();
  const data = join(dir, 'data');
  run('initdb', '-D', data, '-U', 'tickmark', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C');
  const options = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories=${dir}`;
  const start = () => run('pg_ctl', '-D', data, '-w', '-l', join(dir, 'log'), '-o', options, 'start');
  start();
  return {
    url: `postgres://tickmark@127.0.0.1:${port}/postgres`,
    /** As if its machine had lost power: nobody is told. */
    restart() {
      run('pg_ctl', '-D', data, '-m', 'immediate', 'stop');
      start();
    },
    stop() {
      run('pg_ctl', '-D', data, '-m', 'immediate', 'stop');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Says loudly that a lane was skipped; in CI, where everything is installed, that is a failure. */
export function missing(what: string, how: string): true {
  if (process.env.CI) throw new Error(`${what} is missing, and CI must have it: ${how}`);
  console.warn(`\n*** SKIPPED: ${what} is not on this machine. ${how} ***\n`);
  return true;
}
