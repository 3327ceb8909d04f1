import { type Profiler, Session } from 'node:inspector/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the time goes: a function, and the share of the time that was spent in it itself. */
export interface Hot {
  /** `claims src/engine/assess.ts:104` */
  readonly where: string;
  /** From 0 to 1. */
  readonly share: number;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** So long is sampled at least, in milliseconds. */
const ENOUGH = 400;

/** Acts under the sampling profiler of V8 (what `node --cpu-prof` writes) and sums it up; again and again, where once is short and `once` is not said. */
export async function profiled(act: () => unknown, once = false, most = 8): Promise<readonly Hot[]> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: 500 });
    await session.post('Profiler.start');
    const started = performance.now();
    do await act();
    while (!once && performance.now() - started < ENOUGH);
    const { profile } = await session.post('Profiler.stop');
    return summed(profile).slice(0, most);
  } finally {
    session.disconnect();
  }
}

function summed({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): readonly Hot[] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const spent = new Map<string, number>();
  samples.forEach((id, place) => {
    const name = names.get(id) ?? '';
    if (name !== '(idle)' && name !== '(program)' && !name.includes('node:inspector')) spent.set(name, (spent.get(name) ?? 0) + (timeDeltas[place] ?? 0));
  });
  const total = [...spent.values()].reduce((sum, time) => sum + time, 0);
  return [...spent].map(([where, time]) => ({ where, share: time / total })).sort((a, b) => b.share - a.share);
}

function nameOf({ functionName, url, lineNumber }: Profiler.Profile['nodes'][number]['callFrame']): string {
  if (url === '') return functionName || '(anonymous)';
  const path = url.startsWith('file:') ? relative(root, fileURLToPath(url)) : url;
  return `${functionName || '(anonymous)'} ${path}:${lineNumber + 1}`;
}
