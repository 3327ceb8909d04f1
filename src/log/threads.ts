import module from 'node:module';
import { isMainThread, parentPort, type Transferable, Worker, workerData } from 'node:worker_threads';

/** A thread beside this one, which answers what it is asked in the order in which it was asked. */
export interface Thread<Asked, Answer> {
  /** @param moved buffers of `asked` that this thread does without from then on */
  ask(asked: Asked, moved?: readonly ArrayBuffer[]): Promise<Answer>;
  end(): Promise<unknown>;
}

/** What a thread answers, and which of its buffers it gives away. */
export type Serve<Asked, Answer> = (asked: Asked) => readonly [answer: Answer, moved: readonly ArrayBuffer[]];

/**
 * Starts a thread in the module at `url`, which says {@link serveThread} with the same role. It keeps the process only
 * while it owes an answer.
 */
export function startThread<Asked, Answer>(url: string, role: string): Thread<Asked, Answer> {
  const worker = new Worker(new URL(url), { workerData: role, ...compiledHere() });
  const owed: { readonly done: (answer: Answer) => void; readonly failed: (error: unknown) => void }[] = [];
  let ended: unknown = null;
  const fail = (error: unknown) => {
    ended ??= error;
    for (const { failed } of owed.splice(0)) failed(error);
  };
  worker.unref();
  worker.on('message', (answer: Answer) => {
    owed.shift()?.done(answer);
    if (owed.length === 0) worker.unref();
  });
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error(`a thread (${role}) ended early`)));
  return {
    ask: (asked, moved = []) =>
      new Promise((done, failed) => {
        if (ended !== null) return failed(ended); // it would never answer
        worker.postMessage(asked, moved as readonly Transferable[]);
        owed.push({ done, failed });
        worker.ref();
        return undefined;
      }),
    end: () => worker.terminate(),
  };
}

/** Where this process keeps compiled code, where it does: its threads need not compile it again. */
export function compiledHere(): { readonly env?: NodeJS.ProcessEnv } {
  const cache = module.getCompileCacheDir?.();
  return cache === undefined ? {} : { env: { ...process.env, NODE_COMPILE_CACHE: cache } };
}

/** The role tells a thread what it is: in the verifier of one file, all code starts in the same place. */
export function serveThread<Asked, Answer>(role: string, serve: Serve<Asked, Answer>): void {
  if (isMainThread || workerData !== role) return;
  parentPort?.on('message', (asked: Asked) => {
    const [answer, moved] = serve(asked);
    parentPort?.postMessage(answer, moved as readonly Transferable[]);
  });
}

/** Bytes in one buffer of their own, so that nothing beside them goes from thread to thread. */
export interface Parcel {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly lengths: readonly number[];
}

export function parcel(parts: readonly Uint8Array[]): Parcel {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let place = 0;
  for (const part of parts) {
    bytes.set(part, place);
    place += part.length;
  }
  return { bytes, lengths: parts.map(({ length }) => length) };
}

export function unparcel({ bytes, lengths }: Parcel): readonly Buffer[] {
  let place = 0;
  return lengths.map((length) => {
    place += length;
    return Buffer.from(bytes.buffer, bytes.byteOffset + place - length, length);
  });
}
