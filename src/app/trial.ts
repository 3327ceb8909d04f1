import type { Collector, Of, Permission } from '../collectors/collector.ts';
import type { Artifact, Transports, Witness } from '../collectors/source.ts';
import { ConfigurationError, IncompleteError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';
import { several } from '../core/spoken.ts';
import { openSource } from '../sources/open.ts';
import type { Wire } from '../sources/wire.ts';
import { type Call, tellingWire } from './told-calls.ts';

/** A source that nobody has saved yet, as it would be asked. */
export interface TrialOrder {
  readonly collector: Collector;
  readonly config: unknown;
  readonly endpoint: string | null;
  readonly credentials: Readonly<Record<string, string>> | 'default';
  readonly partition: string;
  readonly since: Instant;
  readonly timezone: string;
}

export interface TrialMeans {
  readonly wire: Wire;
  readonly clock: () => Instant;
  /** Folder of the workspace. */
  readonly root: string;
  readonly limits?: Limits;
}

interface Limits {
  /** Milliseconds in all. */
  readonly time: number;
  readonly calls: number;
  readonly bytes: number;
}

export interface Trial {
  /** `stopped`: all that was asked was answered, and there is more than a trial waits for. */
  readonly outcome: 'complete' | 'stopped' | 'refused';
  /** One sentence. */
  readonly says: string;
  /** Rights of which one is probably missing: those that name what was refused first. */
  readonly missing: readonly Permission[];
  readonly calls: readonly Call[];
  /** By the source's own word. */
  readonly askedAs: string | null;
  readonly answeredBy: string | null;
  readonly granted: readonly string[] | null;
  /** Rows that a run would tell of now, by dataset; empty unless it is complete. */
  readonly rows: readonly { readonly dataset: string; readonly rows: number }[];
}

const LIMITS: Limits = { time: 25_000, calls: 150, bytes: 24 * 1024 * 1024 };

/** Asks as a run would, within bounds, and seals nothing. Never throws for what a source did. */
export async function tryOut(order: TrialOrder, { wire, clock, root, limits = LIMITS }: TrialMeans): Promise<Trial> {
  const calls: Call[] = [];
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), limits.time);
  const secrets = order.credentials === 'default' ? [] : Object.values(order.credentials);
  let bytes = 0;
  const told = tellingWire(wire, secrets, (call) => {
    calls.push(call);
    bytes += call.bytes;
  });
  const bounded: Wire = async (request) => {
    if (calls.length >= limits.calls || bytes >= limits.bytes) stop.abort();
    if (stop.signal.aborted) throw new IncompleteError('stopped');
    return until(stop.signal, told(request));
  };
  // Nobody waits before a form: what a run would ask again a minute later is an answer here.
  const sleep = async () => {
    throw new IncompleteError(stop.signal.aborted ? 'stopped' : waits(calls.at(-1)));
  };
  try {
    const found = await until(stop.signal, ask(order, { wire: bounded, clock, sleep, root }));
    return { outcome: 'complete', says: `${several(calls.length, 'call')}, and each was answered whole.`, missing: [], calls, ...found };
  } catch (error) {
    const nothing = { calls: [...calls], askedAs: null, answeredBy: null, granted: null, rows: [] };
    if (stop.signal.aborted) return { ...nothing, missing: [], ...stopped(calls, limits) };
    const says =
      error instanceof IncompleteError || error instanceof ConfigurationError
        ? error.message
        : `What was answered cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    return { ...nothing, outcome: 'refused', says: clean(says, secrets), missing: missingOf(order.collector, calls) };
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

async function ask(
  { collector, config, endpoint, credentials, partition, since, timezone }: TrialOrder,
  world: { readonly wire: Wire; readonly clock: () => Instant; readonly sleep: () => Promise<void>; readonly root: string },
) {
  const of: Of<unknown> = { config, partition, at: world.clock(), after: null, since, timezone };
  const { source } = openSource(collector, { config, partition, credentials, endpoint, ...world });
  const artifacts: Artifact[] = [];
  for await (const artifact of collector.collect(source as Transports[keyof Transports] as never, of)) artifacts.push(artifact);
  const witness: Pick<Witness, 'askedAs' | 'answeredBy' | 'granted' | 'totals'> = collector.witness?.(artifacts, of) ?? {
    askedAs: null,
    answeredBy: null,
    granted: null,
    totals: {},
  };
  const short = Object.entries(witness.totals).find(([, { received, total }]) => received < total);
  if (short)
    throw new IncompleteError(
      `"${short[0]}" gave ${short[1].received} entries, and the source counts ${short[1].total}: the credential may not see all of them.`,
    );
  const rows = collector.normalize(artifacts, of).map(({ dataset, rows: its }) => ({ dataset: dataset.id, rows: its.length }));
  return { askedAs: witness.askedAs, answeredBy: witness.answeredBy, granted: witness.granted, rows };
}

/** What was answered in time is told; a source that answers nothing in time is none that could be asked. */
const stopped = (calls: readonly Call[], { time }: Limits): Pick<Trial, 'outcome' | 'says'> =>
  calls.some(({ status }) => status !== null)
    ? { outcome: 'stopped', says: `${several(calls.length, 'call')} answered. There is more than a trial waits for: the first run asks for all of it.` }
    : { outcome: 'refused', says: `It gave no answer within ${time / 1000} s.` };

function until<Out>(signal: AbortSignal, doing: Promise<Out>): Promise<Out> {
  const late = new Promise<never>((_, fail) => {
    const stopped = () => fail(new IncompleteError('stopped'));
    if (signal.aborted) stopped();
    else signal.addEventListener('abort', stopped, { once: true });
  });
  doing.catch(() => undefined); // it may fail after it was given up
  return Promise.race([doing, late]);
}

const waits = (call: Call | undefined): string =>
  call === undefined
    ? 'there was no answer'
    : call.status === null
      ? `${call.method} ${call.url} gave no answer: ${call.says ?? 'the connection broke'}`
      : `${call.method} ${call.url} answered ${call.status}${call.says === null ? '' : ` (${call.says})`}, and asks to be asked again later`;

const clean = (text: string, secrets: readonly string[]): string =>
  secrets.filter((it) => it.length > 0).reduce((said, secret) => said.replaceAll(secret, '[secret]'), text);

/** The rights that speak of what was refused; all of them where none does. A refused sign-in is no missing right. */
function missingOf({ permissions }: Pick<Collector, 'permissions'>, calls: readonly Call[]): readonly Permission[] {
  const refused = calls.findLast(({ status }) => status === 403 || status === 404 || status === 400);
  if (!refused || !URL.canParse(refused.url)) return [];
  if (/^\w[\w-]*:\w+$/.test(refused.method)) return [{ right: refused.method, why: refused.says ?? 'it was refused' }];
  const asked = wordsOf(new URL(refused.url).pathname);
  const scored = permissions.map((permission) => ({
    permission,
    score: wordsOf(`${permission.right} ${permission.why}`).filter((word) => asked.includes(word)).length,
  }));
  const most = Math.max(0, ...scored.map(({ score }) => score));
  return most === 0 ? permissions : scored.filter(({ score }) => score === most).map(({ permission }) => permission);
}

/** Words of more than three letters, without their plural. */
const wordsOf = (text: string): readonly string[] => [
  ...new Set(
    text
      .toLowerCase()
      .split(/[^a-z]+/)
      .filter((word) => word.length > 3)
      .map((word) => word.replace(/(ies|s)$/, '')),
  ),
];
