import { randomBytes } from 'node:crypto';
import { hours, type Instant } from '../../core/instant.ts';
import { type Bucket, type Lock, passes, Refused, sha256base64 } from './bucket.ts';

/** One question to a provider of S3, what must come of it, and what did. */
export interface Answer {
  readonly probe: string;
  readonly expected: string;
  readonly saw: string;
  readonly right: boolean;
}

export interface SelfTest {
  readonly at: Instant;
  readonly answers: readonly Answer[];
  /** Objects of the test that are still locked; a test an hour later removes them. */
  readonly left: number;
}

export interface SelfTestOptions {
  readonly bucket: Bucket;
  /** Of the archive: the test writes below `<prefix>self-test/`. */
  readonly prefix: string;
  /** How long the objects of the test are locked, in seconds. They must still be while it runs. */
  readonly seconds?: number;
}

const RACERS = 20;
const FOLDER = 'self-test/';

/** Whether a provider may be trusted with what must not be lost. */
export const fit = ({ answers }: Pick<SelfTest, 'answers'>): boolean => answers.every(({ right }) => right);

/**
 * Asks a provider what Object Lock and conditional writes are worth with it. Emulators and gateways answer many of
 * these wrongly and say nothing, so that what the archive rests on is tried and not believed.
 */
export async function selfTest({ bucket, prefix, seconds = 60 }: SelfTestOptions): Promise<SelfTest> {
  const at = Date.now();
  await sweep(bucket, `${prefix}${FOLDER}`, (key) => isOver(key.slice(prefix.length + FOLDER.length), at));
  const until = Math.ceil(at / 1000 + seconds) * 1000;
  const place = `${prefix}${FOLDER}${at}-${randomBytes(8).toString('hex')}/`;
  const asked = probes(bucket, place, until);
  const answers: Answer[] = [];
  for (const [probe, { expected, ask }] of Object.entries(asked)) {
    const { saw, right } = await ask().catch((error: unknown) => {
      if (error instanceof Refused && (passes(error) || error.status === 0)) throw error; // no answer is no wrong answer
      return { saw: spoken(error), right: false };
    });
    answers.push({ probe, expected, saw, right });
  }
  return { at, answers, left: await sweep(bucket, place) };
}

interface Probe {
  readonly expected: string;
  ask(): Promise<Pick<Answer, 'saw' | 'right'>>;
}

function probes(bucket: Bucket, place: string, until: Instant): Readonly<Record<string, Probe>> {
  const [first, second] = [Buffer.from('what was written'), Buffer.from('something else')];
  const lock = (mode: Lock['mode']): Lock => ({ mode, until });
  const accepted = async (act: Promise<unknown>): Promise<Pick<Answer, 'saw' | 'right'>> => act.then(() => ({ saw: 'accepted', right: true }));
  const refused =
    (...statuses: readonly number[]) =>
    async (...acts: readonly (() => Promise<unknown>)[]): Promise<Pick<Answer, 'saw' | 'right'>> => {
      for (const act of acts) {
        const error = await act().then(
          () => null,
          (its: unknown) => its,
        );
        if (!(error instanceof Refused && statuses.includes(error.status))) return { saw: error === null ? 'accepted' : spoken(error), right: false };
      }
      return { saw: 'refused', right: true };
    };
  const denied = refused(403, 400, 409); // AWS says 403, others 400 or 409
  /** A locked object of its own for a probe, so that no probe stands on another. */
  const locked = async (name: string, mode: Lock['mode'] = 'COMPLIANCE') => {
    const [key, { versionId }] = [`${place}${name}`, await bucket.put(`${place}${name}`, first, { lock: lock(mode) })];
    if (versionId === null) throw new Error('the bucket keeps no versions');
    return { key, versionId };
  };
  const readable = async (key: string, versionId: string): Promise<Pick<Answer, 'saw' | 'right'>> => {
    const got = await bucket.get(key, { versionId });
    return got?.bytes.equals(first) ? { saw: 'its version is still read', right: true } : { saw: 'its version is gone or changed', right: false };
  };

  return {
    'object-lock': {
      expected: 'Object Lock is on in the bucket',
      ask: async () => ((await bucket.locks()) ? { saw: 'on', right: true } : { saw: 'off', right: false }),
    },
    versions: {
      expected: 'a write is told with its version',
      ask: async () =>
        (await bucket.put(`${place}versions`, first)).versionId === null ? { saw: 'no version', right: false } : { saw: 'a version', right: true },
    },
    create: { expected: 'a conditional write to a new key is accepted', ask: () => accepted(bucket.put(`${place}create`, first, { only: 'new' })) },
    'create-again': {
      expected: 'a conditional write to a key that exists is refused (412)',
      ask: () => refused(412)(() => bucket.put(`${place}create`, second, { only: 'new' })),
    },
    race: {
      expected: `of ${RACERS} conditional writes to one key at once, one is accepted`,
      async ask() {
        const race = Array.from({ length: RACERS }, (_, racer) => bucket.put(`${place}race`, Buffer.from(`racer ${racer}`), { only: 'new' }));
        const outcomes = await Promise.allSettled(race);
        const winners = outcomes.filter(({ status }) => status === 'fulfilled').length;
        const odd = outcomes.find((it) => it.status === 'rejected' && !(it.reason instanceof Refused && [412, 409].includes(it.reason.status)));
        if (odd?.status === 'rejected') throw odd.reason;
        return { saw: `${winners} accepted`, right: winners === 1 };
      },
    },
    swap: {
      expected: 'a write on condition of the current ETag is accepted',
      async ask() {
        const { etag } = await bucket.put(`${place}swap`, first);
        return accepted(bucket.put(`${place}swap`, second, { only: { etag } }));
      },
    },
    'stale-swap': {
      expected: 'a write on condition of an older ETag is refused (412)',
      async ask() {
        const { etag } = await bucket.put(`${place}stale-swap`, first);
        await bucket.put(`${place}stale-swap`, second);
        return refused(412)(() => bucket.put(`${place}stale-swap`, first, { only: { etag } }));
      },
    },
    checksum: {
      expected: 'bytes that are not those of the declared SHA-256 are refused (400)',
      ask: () => refused(400)(() => bucket.put(`${place}checksum`, first, { checksum: sha256base64(second) })),
    },
    retention: {
      expected: 'the lock that was asked for is the lock that is kept',
      async ask() {
        const { key, versionId } = await locked('retention');
        const kept = (await bucket.get(key, { versionId }))?.lock;
        const right = kept?.mode === 'COMPLIANCE' && kept.until >= until;
        return { saw: kept ? `${kept.mode}, ${right ? 'as asked' : 'another date'}` : 'no lock', right };
      },
    },
    'overwrite-locked': {
      expected: 'writing over a locked key leaves its version to be read',
      async ask() {
        const { key, versionId } = await locked('overwrite-locked');
        await bucket.put(key, second).catch((error: unknown) => (error instanceof Refused && error.status === 403 ? null : Promise.reject(error)));
        return readable(key, versionId);
      },
    },
    'hide-locked': {
      expected: 'deleting a locked key leaves its version to be read',
      async ask() {
        const { key, versionId } = await locked('hide-locked');
        await bucket.remove(key).catch((error: unknown) => (error instanceof Refused && error.status === 403 ? null : Promise.reject(error)));
        return readable(key, versionId);
      },
    },
    'delete-compliance': {
      expected: 'deleting a version under COMPLIANCE is refused, with and without bypass',
      async ask() {
        const { key, versionId } = await locked('delete-compliance');
        return denied(
          () => bucket.remove(key, { versionId }),
          () => bucket.remove(key, { versionId, bypass: true }),
        );
      },
    },
    'delete-governance': {
      expected: 'deleting a version under GOVERNANCE is refused without bypass',
      async ask() {
        const { key, versionId } = await locked('delete-governance', 'GOVERNANCE');
        return denied(() => bucket.remove(key, { versionId }));
      },
    },
    shorten: {
      expected: 'a COMPLIANCE lock cannot be shortened, with and without bypass',
      async ask() {
        const [{ key, versionId }, sooner] = [await locked('shorten'), { mode: 'COMPLIANCE', until: until - 5000 } as const];
        return denied(
          () => bucket.retain(key, versionId, sooner),
          () => bucket.retain(key, versionId, sooner, { bypass: true }),
        );
      },
    },
    weaken: {
      expected: 'COMPLIANCE cannot be turned into GOVERNANCE, with and without bypass',
      async ask() {
        const { key, versionId } = await locked('weaken');
        return denied(
          () => bucket.retain(key, versionId, lock('GOVERNANCE')),
          () => bucket.retain(key, versionId, lock('GOVERNANCE'), { bypass: true }),
        );
      },
    },
  };
}

/** Of a test that began more than an hour ago: that of another server, which is asking now, is not disturbed. */
const isOver = (name: string, now: Instant): boolean => now - Number(/^(\d+)-/.exec(name)?.[1] ?? 0) >= HOUR;
const HOUR = hours(1);

/** Removes what is not locked any more. Resolves to how much is. */
async function sweep(bucket: Bucket, prefix: string, isDue: (key: string) => boolean = () => true): Promise<number> {
  let left = 0;
  for await (const { key, versionId } of bucket.versions(prefix)) {
    if (!isDue(key)) continue;
    const gone = await bucket.remove(key, { versionId }).then(
      () => true,
      () => false,
    );
    if (!gone) left++;
  }
  return left;
}

const spoken = (error: unknown): string =>
  error instanceof Refused ? `${error.status} ${error.reason}` : error instanceof Error ? error.message : String(error);
