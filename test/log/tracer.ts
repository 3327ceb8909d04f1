import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What is asked of the kernel about files, and may be refused. */
const SYSCALLS = 'openat,mkdir,rename,unlink,fsync,fdatasync,write,pwrite64,read,pread64,statx,fstat,newfstatat,getdents64,ftruncate,fcntl,close,bind,listen';

export type Injection = 'signal=KILL' | 'error=EIO' | 'error=ENOSPC';

/** One call of one name, counted by strace for each thread on its own. */
export interface Point {
  readonly syscall: string;
  readonly nth: number;
}

export interface Outcome {
  readonly acknowledged: boolean;
  /** The code of the error that the victim was answered, if it was. */
  readonly refused: string | null;
  readonly signal: NodeJS.Signals | null;
  /** Calls that the tracer did hit: none means that the case has proved nothing. */
  readonly hits: readonly string[];
}

/** `null` where strace is there and may trace, otherwise what is amiss. */
export function cannotTrace(): string | null {
  const version = spawnSync('strace', ['-V'], { encoding: 'utf8' });
  if (version.status !== 0) return 'strace is not on this machine; install strace';
  const traced = spawnSync('strace', ['-e', 'trace=openat', '-e', 'inject=openat:error=EIO:when=1', 'true'], { encoding: 'utf8' });
  return traced.stderr.includes('(INJECTED)') ? null : `strace may not trace here: ${traced.stderr.trim()}`;
}

/** Runs the victim on a folder with one call of it failing, or being its last. */
export async function strike(dir: string, variant: string, { syscall, nth }: Point, injection: Injection, log: string): Promise<Outcome> {
  const traced = await trace(dir, variant, ['-e', `trace=${syscall}`, '-e', `inject=${syscall}:${injection}:when=${nth}`], log);
  const lines = readFileSync(log, 'utf8').split('\n');
  const hits = injection === 'signal=KILL' ? lines.filter((line) => line.includes('killed by SIGKILL')) : lines.filter((line) => line.includes('(INJECTED)'));
  return { ...traced, hits };
}

/** Runs it undisturbed, and names every call that concerns the folder. */
export async function points(dir: string, variant: string, log: string): Promise<readonly Point[]> {
  const { acknowledged } = await trace(dir, variant, ['-y', '-e', `trace=${SYSCALLS}`], log);
  if (!acknowledged) throw new Error(`undisturbed, "${variant}" appended nothing in ${dir}`);
  const counts = new Map<string, number>();
  const found = new Map<string, Point>();
  for (const line of readFileSync(log, 'utf8').split('\n')) {
    const [, thread, syscall = ''] = /^(\d+)\s+(\w+)\(/.exec(line) ?? [];
    if (thread === undefined) continue;
    const nth = (counts.get(`${thread} ${syscall}`) ?? 0) + 1;
    counts.set(`${thread} ${syscall}`, nth);
    if (line.includes(dir) || /^\d+\s+(bind|listen)/.test(line)) found.set(`${syscall} ${nth}`, { syscall, nth });
  }
  return [...found.values()];
}

/** The victim first starts up and waits; the counting begins where the tracer joins it. */
function trace(dir: string, variant: string, options: readonly string[], log: string): Promise<Omit<Outcome, 'hits'>> {
  return new Promise((resolve, reject) => {
    const victim = spawn('sh', ['-c', 'ulimit -c 0; exec "$0" "$@"', process.execPath, join(import.meta.dirname, 'victim.ts'), dir, variant], {
      env: { ...process.env, UV_THREADPOOL_SIZE: '1', NODE_NO_WARNINGS: '1', NODE_COMPILE_CACHE: join(tmpdir(), 'tickmark-victims') },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    victim.stdin.on('error', () => undefined); // it may be gone
    let [said, ended, left] = ['', null as NodeJS.Signals | null, 2];
    const end = () => {
      left--;
      if (left > 0) return;
      resolve({ acknowledged: said.includes('acknowledged\n'), refused: /^refused (.*)$/m.exec(said)?.[1] ?? null, signal: ended });
    };
    victim.once('error', reject).once('close', (_, signal) => {
      ended = signal;
      end();
    });
    victim.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said !== 'ready\n') return;
      const tracer = spawn('strace', ['-f', '-o', log, ...options, '-p', String(victim.pid)], { stdio: ['ignore', 'ignore', 'pipe'] });
      let heard = '';
      tracer.stderr.on('data', (text: Buffer) => {
        heard += text.toString();
        if (/ attached/.test(heard)) victim.stdin.end('x');
      });
      tracer.once('error', reject).once('close', () => {
        if (!/ attached/.test(heard)) victim.kill('SIGKILL');
        if (/ attached/.test(heard)) end();
        else reject(new Error(`strace could not join the victim: ${heard}`));
      });
    });
  });
}
