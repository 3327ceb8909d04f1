import type { TurnHolder } from '../store/turns.ts';
import type { RunResult } from './run-result.ts';
import type { Wire, WireAnswer, WireRequest } from '../sources/wire.ts';

/** One request to a source, as it may be shown: never with a secret. */
export interface Call {
  /** `GET`, or the operation of a cloud API: `iam:ListUsers`. */
  readonly method: string;
  readonly url: string;
  /** `null`: there was no answer. */
  readonly status: number | null;
  /** How many entries the answer holds, where it is a list. */
  readonly items: number | null;
  readonly bytes: number;
  /** Milliseconds. */
  readonly took: number;
  /** Why there was no answer, or what a refusal says. */
  readonly says: string | null;
}

/** A request of a run that is under way. */
export interface ToldCall extends Call {
  readonly collector: string;
  readonly name: string;
  readonly partition: string;
}

/** To whom it is told how a collection goes on. */
export interface Telling {
  readonly progress?: ((result: RunResult) => void) | undefined;
  /** Told where another process asks the source, and is waited for. */
  readonly waits?: ((what: string, who: TurnHolder) => void) | undefined;
}

/** The same wire, and each request told as it is answered. `secrets` are cut out of what is told. */
export function tellingWire(wire: Wire, secrets: readonly string[], tell: (call: Call) => void): Wire {
  const shown = (text: string) =>
    secrets
      .filter((it) => it.length > 0)
      .reduce((said, secret) => said.replaceAll(secret, '[secret]').replaceAll(encodeURIComponent(secret), '[secret]'), text);
  return async (request) => {
    const started = performance.now();
    const its = { method: operationOf(request), url: shown(request.url) };
    const took = () => Math.round(performance.now() - started);
    try {
      const answer = await wire(request);
      tell({ ...its, status: answer.status, items: itemsOf(answer), bytes: answer.body.length, took: took(), says: refusalIn(answer, shown) });
      return answer;
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      tell({ ...its, status: null, items: null, bytes: 0, took: took(), says: shown(cause instanceof Error ? cause.message : String(cause)) });
      throw error;
    }
  };
}

const textOf = (body: Uint8Array): string => Buffer.from(body).toString('utf8');

/** AWS names its operation in the form, or in a header of its services that speak JSON. */
function operationOf({ method, url, body, headers }: WireRequest): string {
  const target = Object.entries(headers).find(([name]) => name.toLowerCase() === 'x-amz-target')?.[1];
  const action = target?.split('.').at(-1) ?? (method === 'POST' && body !== null ? /(?:^|&)Action=(\w+)/.exec(textOf(body))?.[1] : undefined);
  if (action === undefined) return method;
  const scope = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(
    Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1] ?? '',
  )?.[1];
  return `${scope ?? new URL(url).hostname.split('.')[0]}:${action}`;
}

function itemsOf({ status, body }: WireAnswer): number | null {
  if (status !== 200) return null;
  const value = parsed(textOf(body));
  if (Array.isArray(value)) return value.length;
  if (typeof value !== 'object' || value === null) return null;
  const lists = Object.values(value).filter(Array.isArray);
  return lists.length === 1 ? (lists[0]?.length ?? null) : null;
}

function refusalIn({ status, body }: WireAnswer, shown: (text: string) => string): string | null {
  if (status < 400) return null;
  const text = textOf(body.subarray(0, 16_384));
  const said =
    /<Message>([^<]*)<\/Message>/.exec(text)?.[1] ?? /"(?:message|errorSummary|error_description|error|detail)"\s*:\s*"([^"]{0,200})/.exec(text)?.[1];
  return said === undefined ? null : shown(said);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // no JSON: nothing is counted
  }
}
