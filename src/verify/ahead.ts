import { type Payload, payloadName, type Unsealed } from '../log/statement.ts';
import type { BundleFiles } from './bundle-files.ts';
import type { Opened, Opener } from './opening.ts';
import { lockedIn } from './payload.ts';

/** A record whose statement was read, and what opening its payloads gave, by `payloadName`. */
export interface Ready {
  readonly index: number;
  readonly there: boolean;
  readonly statement: Unsealed | null;
  readonly opened: ReadonlyMap<string, Opened>;
}

type Read = Omit<Ready, 'opened'>;

export interface Ahead {
  readonly files: BundleFiles;
  readonly opener: Opener;
  readonly size: number;
  read(index: number): Promise<Read>;
  /** Whether a payload of a record has to be opened to say what it is. */
  opens(statement: Unsealed, payload: Payload): boolean;
}

/** So much is read and opened together: whatever a bundle declares, no more of it is held than this and one payload. */
const TOGETHER = { records: 256, bytes: 16 * 1024 * 1024 };

/** Details that several records name are opened for each, up to so many bytes of all of them: honest records have one of their own. */
const AGAIN = 64 * 1024 * 1024;

interface Begun {
  readonly names: Set<string>;
  again: number;
}

/** Every record in order. The next ones are read and opened while those before them are looked at. */
export async function* readAhead(ahead: Ahead): AsyncGenerator<Ready> {
  const begun = { names: new Set<string>(), again: 0 };
  const parts = partsOf(ahead);
  const take = async () => {
    const { value, done } = await parts.next();
    return done ? null : open(ahead, value, begun);
  };
  for (let next = take(); ; ) {
    const part = await next;
    if (!part) return;
    next = take();
    next.catch(() => undefined); // told to whoever waits for it
    yield* part;
  }
}

/** Records whose payloads are held at once. */
async function* partsOf({ size, read }: Ahead): AsyncGenerator<readonly Read[]> {
  for (let from = 0; from < size; from += TOGETHER.records) {
    const all = Array.from({ length: Math.min(TOGETHER.records, size - from) }, (_, place) => read(from + place));
    let [part, bytes] = [[] as Read[], 0];
    for (const one of await Promise.all(all)) {
      const its = (one.there && one.statement?.payloads.reduce((sum, { size: plain, place }) => sum + plain + place.length, 0)) || 0;
      if (part.length > 0 && bytes + its > TOGETHER.bytes) {
        yield part;
        [part, bytes] = [[], 0];
      }
      part.push(one);
      bytes += its;
    }
    yield part;
  }
}

/** The same payload, named by many records, is opened once; a detail for its bytes, within a bound. */
async function open({ files, opener, opens }: Ahead, part: readonly Read[], begun: Begun): Promise<readonly Ready[]> {
  const asked = part.flatMap(({ there, statement }) =>
    there && statement
      ? statement.payloads
          .map((payload, place) => ({ statement, payload, detail: place === 0 }))
          .filter(({ payload, detail }) => opens(statement, payload) && isDue(begun, payload, detail))
      : [],
  );
  const locked = [];
  for (const { payload, detail } of asked) locked.push(await lockedIn(files, payload, detail));
  const opened = await opener.open(locked);
  const its = new Map<Unsealed, Map<string, Opened>>();
  asked.forEach(({ statement, payload }, place) => {
    const known = its.get(statement) ?? new Map<string, Opened>();
    its.set(statement, known.set(payloadName(payload), opened[place] as Opened));
  });
  return part.map((one) => ({ ...one, opened: (one.statement && its.get(one.statement)) ?? new Map() }));
}

function isDue(begun: Begun, payload: Payload, detail: boolean): boolean {
  const name = payloadName(payload);
  if (!begun.names.has(name)) {
    begun.names.add(name);
    return true;
  }
  const bytes = payload.size + payload.place.length;
  if (!detail || begun.again + bytes > AGAIN) return false;
  begun.again += bytes;
  return true;
}
