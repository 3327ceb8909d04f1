import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A repository of its own, without anyone's settings. */
export interface Repository {
  readonly dir: string;
  commit(name: string, text: string): void;
  run(...args: readonly string[]): string;
}

export function repository(dir: string): Repository {
  mkdirSync(dir, { recursive: true });
  const env = { PATH: process.env.PATH, HOME: dir, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  const run = (...args: readonly string[]) =>
    execFileSync('git', args, { cwd: dir, env, encoding: 'utf8', maxBuffer: 2 ** 30, stdio: ['ignore', 'pipe', 'pipe'] });
  run('init', '-q');
  run('config', 'user.name', 'bench');
  run('config', 'user.email', 'bench@acme.example');
  run('config', 'gc.auto', '0');
  return {
    dir,
    run,
    commit(name, text) {
      writeFileSync(join(dir, name), text);
      run('add', name);
      run('commit', '-q', '--allow-empty', '-m', name);
    },
  };
}
