import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { collectors } from '../collectors/index.ts';
import { resolveCredentials, type Source } from '../configuration/read.ts';
import { ConfigurationError } from '../core/error.ts';
import { days, type Duration, type Instant } from '../core/instant.ts';
import type { Draft } from '../evidence/record.ts';
import { openSource } from '../sources/open.ts';
import { keptFor } from './credentials.ts';
import { abandoned, idOf, perform } from './run.ts';
import { type Context, newestRun, orderOf, STATE } from './schedule.ts';
import { collectId } from './source-schedules.ts';
import { type Telling, tellingWire, type ToldCall } from './told-calls.ts';
import type { RunResult } from './run-result.ts';
import { inTurn } from './turn.ts';

export function chosen(sources: readonly Source[], only: string | undefined): readonly Source[] {
  const active = sources.filter(({ retired }) => retired === null);
  if (only === undefined) return active;
  const its = active.filter(({ collector, name }) => only === collector.id || only === `${collector.id}/${name}`);
  if (its.length === 0)
    throw new ConfigurationError(
      `--only ${only}: no source is called so. There are: ${active.map(({ collector, name }) => `${collector.id}/${name}`).join(', ') || 'none'}.`,
    );
  return its;
}

/** Of a process on another machine nobody here can tell whether it lives: after a day its run is taken for abandoned. */
const FORGOTTEN = days(1);

/** Runs that a process began and did not live to seal: each left a note. */
export async function sealAbandoned(context: Context): Promise<void> {
  const folder = join(context.dir, STATE, 'running');
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const note = JSON.parse(readFileSync(join(folder, name), 'utf8')) as {
      readonly id: string;
      readonly host?: string;
      readonly pid: number;
      readonly source: string;
      readonly partition: string;
      readonly startedAt: Instant;
      readonly slot?: Instant;
    };
    if ((note.host ?? hostname()) === hostname() ? note.pid !== process.pid && alive(note.pid) : context.clock() < note.startedAt + FORGOTTEN) continue;
    const source = context.configuration.sources.find(({ collector, name: its }) => `${collector.id}/${its}` === note.source);
    if (source)
      await context.archive.append([
        abandoned(orderOf(context, source, note.partition, note.slot ?? note.startedAt), note.id, note.startedAt, context.clock()),
      ]);
    rmSync(join(folder, name), { force: true });
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

export interface Asked {
  readonly source: Source;
  readonly partition: string;
  /** The slot of the schedule that it fills: of several servers that fill it at once, one is recorded. */
  readonly due: Instant | null;
  /** Of a job: how many attempts at the slot came before. */
  readonly attempt?: number;
  /** Asked for out of turn: `due` is when. */
  readonly byHand?: boolean;
  /** Told of each request as it is answered. */
  readonly told?: ((call: ToldCall) => void) | undefined;
  /** Aborted where somebody else fills the slot by now: nothing is sealed then. */
  readonly signal?: AbortSignal;
  /** A process that says nothing for so long is taken for dead, and the source may be asked by another. */
  readonly lasts?: Duration;
}

export const partitionsOf = (sources: readonly Source[]): readonly Asked[] =>
  sources.flatMap((source) => source.collector.partitions(source.config).map((partition) => ({ source, partition, due: null })));

/** Asks one partition after the other, each when no other process does, and seals what it said before the next may. */
export async function collect(context: Context, asked: readonly Asked[], { progress, waits }: Telling = {}): Promise<readonly RunResult[]> {
  const results: RunResult[] = [];
  const waiting = [...asked];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { source, partition } = next;
    const turn = { ...(next.signal ? { signal: next.signal } : {}), ...(next.lasts === undefined ? {} : { lasts: next.lasts }), ...(waits ? { waits } : {}) };
    const { draft, index } = await inTurn(context.turns, collectId(source, partition), turn, async (still) => {
      const its = await collectOne(context, next);
      next.signal?.throwIfAborted();
      await still();
      const [record = -1] = await context.archive.append([its.draft]);
      its.done();
      return { draft: its, index: record };
    });
    const { body } = draft.draft;
    const told = await describe(context, index);
    const result: RunResult = {
      collector: source.collector.id,
      name: source.name,
      partition,
      complete: body.kind === 'run' && body.outcome === 'success' && told.unreadable === null,
      rows: told.rows ?? {},
      record: index,
      reason: body.kind === 'run' ? (body.reason ?? told.unreadable) : null,
    };
    results.push(result);
    progress?.(result);
    if (result.complete && draft.more) waiting.push({ source, partition, due: null, told: next.told }); // a long history goes on when the others were asked
  }
  return results;
}

async function describe({ cache, archive }: Context, index: number) {
  await cache.sync();
  const { readRecord } = await import('./read-record.ts');
  return (await readRecord(await archive.record(index), (payload) => archive.payload(payload), collectors)).row;
}

/** Asks one partition, with a note on the disk that it is being asked. */
export async function collectOne(
  context: Context,
  { source, partition, due, attempt, byHand = false, told }: Asked,
): Promise<{ readonly draft: Draft; readonly more: boolean; done(): void }> {
  const { clock, dir, env, demo, wire, sleep } = context;
  const at = clock();
  demo?.prepare(at);
  // A wrong configuration is an error before anything is asked, not an incomplete run.
  const credentials = demo ? demo.credentials : resolveCredentials(source, dir, env, await keptFor(context.credentials, source));
  const id = randomBytes(16).toString('hex');
  const folder = join(dir, STATE, 'running');
  const note = join(
    folder,
    `${createHash('sha256').update(`${hostname()} ${process.pid} ${source.collector.id}/${source.name} ${partition}`).digest('hex').slice(0, 24)}.json`,
  );
  const slot = attempt === undefined || byHand ? at : (due ?? at);
  mkdirSync(folder, { recursive: true });
  const its = { id, host: hostname(), pid: process.pid, source: `${source.collector.id}/${source.name}`, partition, startedAt: at, slot };
  writeFileSync(note, JSON.stringify(its));
  const last = newestRun((await context.cache.sync()).engine, source, partition, true);
  const body = last ? (await context.archive.record(last.record)).body : null;
  const asking = told
    ? tellingWire(wire, Object.values(credentials === 'default' ? {} : credentials), (call) =>
        told({ ...call, collector: source.collector.id, name: source.name, partition }),
      )
    : wire;
  const order = { ...orderOf(context, source, partition, slot), after: body?.kind === 'run' ? body.mark : null };
  const { draft, more } = await perform(
    order,
    async () =>
      openSource(source.collector, { config: source.config, partition, credentials, endpoint: source.endpoint, root: dir, wire: asking, clock, sleep }),
    clock,
  );
  const outcome = draft.body.kind === 'run' ? draft.body.outcome : '';
  return { draft: { ...draft, id: due === null ? id : idOf(order, nameOf(outcome, attempt), due) }, more, done: () => rmSync(note, { force: true }) };
}

/** Of the attempts of a job each that failed has its record, and one that succeeded. */
const nameOf = (outcome: string, attempt: number | undefined): string =>
  attempt === undefined || outcome === 'success' ? `due ${outcome}` : `due ${outcome} ${attempt}`;
