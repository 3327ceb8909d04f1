import type { Instant } from '../../src/core/instant.ts';
import type { Wire, WireAnswer, WireRequest } from '../../src/sources/wire.ts';
import { random } from '../harness/random.ts';

/** A source with a network and a limit in front, in time that is only counted. */
export interface Throttled {
  readonly wire: Wire;
  readonly clock: () => Instant;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Requests that went out, those refused included. */
  calls(): number;
  /** Milliseconds of counted time since it was made. */
  elapsed(): number;
  /** Whether the request that is always refused was made. */
  lost(): boolean;
}

const LATENCY = 20;
const PER_SECOND = 10;
const BURST = 10;
const REFUSED = 0.05;

/** @param lost the place of a request that is refused, however often it is asked; from 0 */
export function throttled(answers: (request: WireRequest, at: Instant) => WireAnswer, start: Instant, lost: number | null = null): Throttled {
  const its = random(42);
  let [now, calls, tokens, filled] = [start, 0, BURST, start];
  let gone = false;
  const met: string[] = [];
  const refused = (status: number): WireAnswer => ({ status, headers: { 'retry-after': '1' }, body: Buffer.from('slow down') });
  const place = (name: string) => (met.includes(name) ? met.indexOf(name) : met.push(name) - 1);
  return {
    clock: () => now,
    sleep: async (milliseconds) => {
      now += milliseconds;
    },
    calls: () => calls,
    elapsed: () => now - start,
    lost: () => gone,
    async wire(request) {
      calls++;
      now += LATENCY;
      tokens = Math.min(BURST, tokens + ((now - filled) / 1000) * PER_SECOND);
      filled = now;
      if (lost !== null && place(`${request.url} ${Buffer.from(request.body ?? []).toString()}`) === lost) {
        gone = true;
        return refused(503);
      }
      if (tokens < 1 || its.often(REFUSED)) return refused(429);
      tokens--;
      return answers(request, now);
    },
  };
}
