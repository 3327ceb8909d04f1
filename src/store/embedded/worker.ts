// Worker thread: PGlite blocks the thread it runs on, so it never runs on the main one.
import { rmSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { fsyncs, openDurable } from './durable.ts';
import { listen } from './mux.ts';

const { dir, socket, like, program } = workerData as {
  readonly dir: string;
  readonly socket: string;
  readonly like: string | null;
  readonly program: WebAssembly.Module;
};

try {
  const { db, close } = await openDurable(dir, like, program);
  if (process.platform !== 'win32') rmSync(socket, { force: true }); // the lock is ours, so a socket file here is a dead one
  const server = await listen(db, socket);
  parentPort?.on('message', async (message: string) => {
    if (message === 'fsyncs') return parentPort?.postMessage({ fsyncs: fsyncs() });
    server.close();
    await close();
    parentPort?.postMessage('closed');
    return process.exit(0);
  });
  parentPort?.postMessage('ready');
} catch (error) {
  parentPort?.postMessage({ failed: error instanceof Error ? error.message : String(error) });
}
