import { get } from 'node:http';
import { Worker } from 'node:worker_threads';
import { Hono } from 'hono';
import type { Workspace } from '../src/app/views.ts';
import type { Principal } from '../src/auth/roles.ts';
import { api } from '../src/server/api/api.ts';
import { hub } from '../src/server/api/hub.ts';
import { listen, site } from '../src/server/server.ts';
import { signInMeans } from '../src/server/sign-in/means.ts';
import { quantile } from './harness/measure.ts';
import { figure } from './harness/render.ts';

export type Line = readonly [what: string, measured: string, goal: string];
export const READERS = 50;
const SECONDS = 8;

const READER: Principal = { id: 'u', kind: 'user', name: 'u', email: null, role: 'auditor', scopes: null, bounds: null, strong: true, vouched: null };

/** Has a workspace answer, over HTTP, whoever asks. */
export async function served(workspace: Workspace, measure: (url: string) => Promise<readonly Line[]>): Promise<readonly Line[]> {
  const failed = (error: unknown) => console.error(error);
  const signIn = signInMeans(workspace, () => 'http://127.0.0.1');
  const its = api({ services: { workspace, hub: hub(), signIn, failed }, principalOf: async () => READER });
  const server = await listen(site({ api: its, dashboard: new Hono() }), 0);
  try {
    return await measure(server.url);
  } finally {
    await server.close();
    await workspace.close();
  }
}

/** Asks each page once, one after another. */
export async function cold(url: string, paths: readonly string[]) {
  const asked: { readonly path: string; readonly ms: number; readonly cpu: number; readonly bytes: number }[] = [];
  for (const path of paths) {
    const [begun, before] = [performance.now(), process.threadCpuUsage()];
    const bytes = await read(`${url}${path}`);
    asked.push({ path, ms: performance.now() - begun, cpu: cpuSince(before), bytes });
  }
  return asked;
}

/** On a connection of its own: whoever waited long finds an old one closed. Resolves to how many bytes came. */
function read(address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(address, { agent: false }, (response) => {
      let bytes = 0;
      if (response.statusCode !== 200) reject(new Error(`${address}: ${response.statusCode}`));
      response.on('data', (chunk: Buffer) => (bytes += chunk.length));
      response.once('end', () => resolve(bytes));
    }).once('error', reject);
  });
}

/** Milliseconds that this thread computed. */
export function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

export interface Loaded {
  readonly times: readonly number[];
  readonly seconds: number;
}

export const timed = ({ times, seconds }: Loaded): string =>
  `${figure(quantile(times, 0.95))} ms (median ${figure(quantile(times, 0.5))}, ${Math.round(times.length / seconds)} a second)`;

/** Readers that ask one after another, each on a connection of its own, in a thread beside the server's. */
export function load(url: string, again = false): Promise<Loaded> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./server-load.ts', import.meta.url), { workerData: { url, readers: READERS, seconds: SECONDS, again } });
    worker.once('message', (loaded: Loaded) => resolve(loaded));
    worker.once('error', reject);
  });
}
