import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AGAIN, ASKED, type Asked, MUTANTS, type Mutant, NOW, type Now, TRIED, type Tried } from './asked.ts';

/** To so many cases properties are held, for each mutant. */
export const CASES = process.env.CASES ?? '8';

/** How one process ended. */
interface Ended {
  readonly hung: boolean;
  /** Somebody ended it. */
  readonly stopped: boolean;
  readonly status: number | null;
}

/**
 * One process tries them all. Where a mutant hangs it, or brings it down, it is ended, and another goes on behind that
 * mutant; where one leaves something behind, another goes on with it. Whoever stops it keeps what was tried.
 */
export async function attempts(
  asked: Asked,
  work: string,
  add: (tried: Tried) => void,
): Promise<{ readonly mutants: readonly Mutant[]; readonly stopped: boolean }> {
  const known = new Set(asked.known);
  const take = (tried: readonly Tried[]) => {
    for (const it of tried) if (!known.has(it.key)) add(it);
    for (const { key } of tried) known.add(key);
  };
  for (;;) {
    for (const name of [NOW, TRIED, AGAIN]) rmSync(join(work, name), { force: true });
    writeFileSync(join(work, ASKED), JSON.stringify({ ...asked, known: [...known] }));
    const { hung, stopped, status } = await attempt(work, () => take(saidIn(work)));
    take(saidIn(work));
    const at = nowIn(work)?.key;
    const mutants = existsSync(join(work, MUTANTS)) ? (JSON.parse(readFileSync(join(work, MUTANTS), 'utf8')) as readonly Mutant[]) : [];
    if (stopped) return { mutants, stopped };
    if (existsSync(join(work, AGAIN))) continue;
    if (!hung && status === 0) return { mutants, stopped };
    if (at === undefined || known.has(at)) throw new Error(`the tests did not pass on the code as it is (${status}): see above`);
    take([{ key: at, outcome: 'endless' }]);
  }
}

async function attempt(work: string, heard: () => void): Promise<Ended> {
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/mutation/vitest.config.ts'];
  const child = spawn(process.execPath, vitest, { stdio: 'inherit', env: { ...process.env, QUICK: '1', CASES, TICKMARK_MUTATE: work } });
  const end = () => {
    const { pid } = nowIn(work) ?? {};
    child.kill('SIGKILL');
    if (pid !== undefined) kill(pid); // the process that tests: in a loop it does not hear that its parent is gone
  };
  let stopped = false;
  const stop = () => {
    stopped = true;
    end();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  let hung = false;
  const watch = setInterval(() => {
    heard();
    if (Date.now() < (nowIn(work)?.until ?? Infinity)) return;
    hung = true;
    end();
  }, 1000);
  const status = await new Promise<number | null>((resolve) => void child.on('exit', resolve));
  clearInterval(watch);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
  return { hung, stopped, status };
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {} // it is gone
}

/** The mutant that is being tried, by which process, and until when it may be. */
function nowIn(work: string): Now | undefined {
  const text = existsSync(join(work, NOW)) ? readFileSync(join(work, NOW), 'utf8') : '';
  return text.endsWith('}') ? (JSON.parse(text) as Now) : undefined;
}

/** The lines that are written to their end. */
function saidIn(work: string): readonly Tried[] {
  const text = existsSync(join(work, TRIED)) ? readFileSync(join(work, TRIED), 'utf8') : '';
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Tried);
}
