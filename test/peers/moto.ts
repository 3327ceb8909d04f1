import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { freePort } from '../postgres.ts';

/** The moto server of this machine, or `null`. */
export function motoServer(): string | null {
  return spawnSync('moto_server', ['--help'], { timeout: 60_000 }).status === 0 ? 'moto_server' : null;
}

export interface Moto {
  readonly endpoint: string;
  readonly process: ChildProcess;
  stop(): void;
}

/**
 * An AWS emulator that nobody here wrote, on a free port of this machine.
 *
 * @param managed with the thousand policies of AWS itself: each listing of them takes seconds
 */
export async function startMoto(program: string, { managed = false }: { readonly managed?: boolean } = {}): Promise<Moto> {
  const port = await freePort();
  const child = spawn(program, ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
    env: { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: String(managed) },
    detached: true,
  });
  const endpoint = `http://127.0.0.1:${port}`;
  for (let attempt = 0; attempt < 300; attempt++) {
    const up = await fetch(`${endpoint}/moto-api/`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (up) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    endpoint,
    process: child,
    stop() {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    },
  };
}
