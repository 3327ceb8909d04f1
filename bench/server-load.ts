import { Agent, get } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

const { url, readers, seconds, again } = workerData as { readonly url: string; readonly readers: number; readonly seconds: number; readonly again: boolean };
const agent = new Agent({ keepAlive: true, maxSockets: readers });
const times: number[] = [];
const begun = performance.now();

/** Asks once, and resolves to the ETag when all of it came. */
const ask = (etag: string | undefined): Promise<string | undefined> =>
  new Promise((resolve, reject) => {
    get(url, { agent, headers: again && etag !== undefined ? { 'if-none-match': etag } : {} }, (response) => {
      if (response.statusCode !== 200 && response.statusCode !== 304) reject(new Error(`${url}: ${response.statusCode}`));
      response.on('data', () => undefined);
      response.once('end', () => resolve(response.headers.etag));
    }).once('error', reject);
  });

await Promise.all(
  Array.from({ length: readers }, async () => {
    let etag = await ask(undefined);
    while (performance.now() - begun < seconds * 1000) {
      const asked = performance.now();
      etag = await ask(etag);
      times.push(performance.now() - asked);
    }
  }),
);
agent.destroy();
parentPort?.postMessage({ times, seconds: (performance.now() - begun) / 1000 });
