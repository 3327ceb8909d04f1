import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runDraft } from '../../test/archive.ts';
import { verifyLog } from '../verify/log.ts';
import type { Archive } from './archive.ts';
import { openArchive } from './directory.ts';
import { CALLS, type Calls, Files } from './files.ts';
import { lockFile } from './folder.ts';
import { Keys } from './keys.ts';
import { FileKeystore } from './keystore.ts';
import { Additions } from './lines.ts';
import { Payloads } from './payloads.ts';
import { type Draft, LONGEST } from './record.ts';
import { Writer } from './writer.ts';

/** How many batches are signed: what is signed is added to its line. So is what was read of the log of others. */
const signed = { batches: 0 };
const counted = new WeakSet<Additions>();
const { add } = Additions.prototype;

const root = mkdtempSync(join(tmpdir(), 'ahead-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let made = 0;
const NOW = Date.parse('2026-03-01T02:00:00Z');
/** As many as go under one checkpoint. */
const WHOLE = 256;
const LINES = 16;
const batch = (name: string): readonly Draft[] => Array.from({ length: WHOLE }, (_, at) => runDraft(`${name} ${at}`, { at: NOW, name: `line-${at % LINES}` }));
const named = (name: string) => batch(name).map((draft, at): Draft => ({ ...draft, id: Buffer.from(`${name} ${at}`).toString('hex') }));

beforeEach(() => {
  signed.batches = 0;
  vi.spyOn(Additions.prototype, 'add').mockImplementation(function (this: Additions, ...its) {
    if (!counted.has(this)) signed.batches++;
    counted.add(this);
    add.apply(this, its);
  });
});
afterEach(() => void vi.restoreAllMocks());

interface Lab {
  readonly dir: string;
  readonly archive: Archive;
  /** What happens before the next commit. */
  committing: (() => Promise<void>) | null;
  /** What happens before keys of payloads are kept the next time. */
  keeping: (() => Promise<void>) | null;
  /** How often the clock was asked: once for each record. */
  asked: number;
  /** Calls that change anything, since the lab was made. */
  changes: number;
  now: number;
}

/** An archive that holds a batch: with the first one keys are made and nothing is ahead. */
async function lab(): Promise<Lab> {
  const dir = join(root, `a${made++}`);
  const its: { -readonly [Key in keyof Lab]?: Lab[Key] } = { dir, committing: null, keeping: null, changes: 0, asked: 0, now: NOW };
  const { calls } = watched(its as Lab);
  const clock = () => {
    (its as Lab).asked++;
    return (its as Lab).now;
  };
  const abort = (error: unknown): never => {
    throw error;
  };
  its.archive = await openArchive({ dir, clock, origin: 'acme.example/test', calls, abort });
  await its.archive.append(batch('first'));
  return its as Lab;
}

/** Nobody waits for the disk. */
function watched(its: Pick<Lab, 'committing' | 'keeping' | 'changes'>): { readonly calls: Calls } {
  const changing =
    <Arguments extends readonly unknown[], Result>(call: (...all: Arguments) => Promise<Result>) =>
    (...all: Arguments) => {
      its.changes++;
      return call(...all);
    };
  const { open, write, unlink, mkdir } = CALLS;
  return {
    calls: {
      ...CALLS,
      fsync: async () => undefined,
      open: changing(async (path, flags, mode) => {
        const { keeping } = its;
        if (keeping && path.endsWith('/entries')) {
          its.keeping = null;
          await keeping();
        }
        return open(path, flags, mode);
      }),
      write: changing(write),
      unlink: changing(unlink),
      mkdir: changing(mkdir),
      async rename(from, to) {
        its.changes++;
        const { committing } = its;
        if (committing && to.endsWith('log/.state/lock')) {
          its.committing = null;
          await committing();
        }
        return CALLS.rename(from, to);
      },
    },
  };
}

/** Waits until so many batches are signed. */
const isSigned = (batches: number) => vi.waitFor(() => expect(signed.batches).toBe(batches), { timeout: 20_000 });
const problems = async (archive: Archive) => (await archive.verify()).problems.map(({ code, index }) => `${code} ${index}`);
const textOf = async (archive: Archive, index: number) => {
  const [subject] = (await archive.record(index)).subjects;
  return subject && Buffer.from(await archive.payload(subject)).toString();
};
const numbers = (from: number, count: number = WHOLE) => Array.from({ length: count }, (_, at) => from + at);

describe('a batch that is told of while the one before it is committed', () => {
  it('is signed meanwhile, and nothing of it is written until that one is there', async () => {
    const its = await lab();
    const { archive } = its;
    let [atFirst, written] = [0, -1];
    its.committing = async () => {
      atFirst = its.changes;
      await isSigned(3);
      written = its.changes - atFirst;
      expect((await archive.checkpoint()).size).toBe(WHOLE);
    };
    const receipts = await Promise.all([archive.append(batch('second')), archive.append(batch('third')), archive.append(batch('fourth'))]);
    expect(written).toBe(0);
    expect(receipts).toEqual([1, 2, 3].map((at) => numbers(at * WHOLE)));
    expect(signed.batches).toBe(4); // each of them once
    for (const [index, says] of [
      [WHOLE, 'second 0'],
      [2 * WHOLE, 'third 0'],
      [4 * WHOLE - 1, 'fourth 255'],
    ] as const)
      expect(await textOf(archive, index)).toBe(says);
    expect(await problems(archive)).toEqual([]);
    const { afterCheckpoint, seq } = await archive.record(2 * WHOLE);
    expect(afterCheckpoint.size).toBe(2 * WHOLE);
    expect(seq).toBe((2 * WHOLE) / LINES + 1);
    await archive.close();
  });

  it('is signed anew where that one fails, of which nothing is left in the log', async () => {
    const its = await lab();
    const { archive } = its;
    its.committing = async () => {
      await isSigned(3);
      throw new Error('refused');
    };
    const [second, third] = await Promise.allSettled([archive.append(batch('second')), archive.append(batch('third'))]);
    expect(second).toMatchObject({ status: 'rejected', reason: { message: 'refused' } });
    expect(third).toEqual({ status: 'fulfilled', value: numbers(WHOLE) });
    expect(signed.batches).toBe(4 + 1); // and the log was read again
    expect((await archive.record(WHOLE)).afterCheckpoint.size).toBe(WHOLE);
    expect(await archive.append(batch('second'))).toEqual(numbers(2 * WHOLE));
    expect(await problems(archive)).toEqual([]);
    expect([await textOf(archive, WHOLE), await textOf(archive, 2 * WHOLE)]).toEqual(['third 0', 'second 0']);
    await archive.close();
  });

  it('is refused for its own fault alone', async () => {
    const its = await lab();
    const { archive } = its;
    const [bad, ...rest] = batch('third');
    const broken = [...rest, { ...(bad as Draft), body: { ...(bad as Draft).body, slot: 0.5 } }];
    const settled = await Promise.allSettled([archive.append(batch('second')), archive.append(broken), archive.append(batch('fourth'))]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(settled[2]).toMatchObject({ value: numbers(2 * WHOLE) });
    expect(await problems(archive)).toEqual([]);
    await archive.close();
  });

  it('seals nothing again that is in that one, and keeps nothing again that it says', async () => {
    const its = await lab();
    const { archive } = its;
    let isEarly = false;
    const asked = its.asked + WHOLE;
    its.keeping = async () => {
      const ends = performance.now() + 1500;
      while (its.asked === asked && performance.now() < ends) await new Promise((resolve) => setTimeout(resolve, 10));
      isEarly = its.asked > asked;
    };
    its.committing = () => isSigned(3);
    const said = Array.from({ length: WHOLE }, (_, at) => runDraft(`second ${at}`, { at: NOW, name: 'again' }));
    const [first, again] = await Promise.all([archive.append(named('second')), archive.append([...named('second').slice(0, 10), ...said])]);
    expect(again).toEqual([...(first ?? []).slice(0, 10), ...numbers(2 * WHOLE)]);
    expect(isEarly, 'it was made before the payloads of that one were kept').toBe(false);
    for (const at of [0, 255]) expect((await archive.record(2 * WHOLE + at)).subjects[0]?.digest).toBe((await archive.record(WHOLE + at)).subjects[0]?.digest);
    expect(await problems(archive)).toEqual([]);
    await archive.close();
  });

  it.each([['log'], [{ statements: 'github/organization' }]] as const)('is signed anew where a key is rotated in between: %j', async (who) => {
    const its = await lab();
    const { archive } = its;
    const third: Promise<readonly number[]>[] = [];
    its.committing = () => isSigned(3);
    const second = archive.append(batch('second'));
    const rotated = archive.rotateKey(who, 0);
    third.push(archive.append(batch('third')));
    expect(await second).toEqual(numbers(WHOLE));
    expect(await rotated).toBe(2 * WHOLE);
    expect(await third[0]).toEqual(numbers(2 * WHOLE + 1));
    expect(signed.batches).toBe(5);
    expect(await problems(archive)).toEqual([]);
    await archive.close();
  });

  it.each([
    ['of a collector', () => runDraft('new', { at: NOW, collector: 'github/repositories' })],
    ['of an era', () => runDraft('new', { at: NOW, retention: 'incidents' })],
  ])('waits for its turn where a key %s has to be made', async (_, first) => {
    const its = await lab();
    const { archive } = its;
    let written = -1;
    its.committing = async () => {
      const atFirst = its.changes;
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(signed.batches).toBe(2);
      written = its.changes - atFirst;
    };
    await Promise.all([archive.append(batch('second')), archive.append([...batch('third'), first()])]);
    expect(written).toBe(0);
    expect(await textOf(archive, 3 * WHOLE)).toBe('new');
    expect(await problems(archive)).toEqual([]);
    await archive.close();
  });

  it('is of the quarter in which it was signed, and the one after it of the next', async () => {
    const its = await lab();
    const { archive } = its;
    its.committing = async () => {
      await isSigned(3);
      its.now = Date.parse('2026-04-01T00:00:00Z');
    };
    await Promise.all([archive.append(batch('second')), archive.append(batch('third')), archive.append(batch('fourth'))]);
    expect((await archive.record(2 * WHOLE)).detail.era).toBe('evidence/2026-Q1');
    expect((await archive.record(3 * WHOLE)).detail.era).toBe('evidence/2026-Q2');
    expect(await textOf(archive, 3 * WHOLE)).toBe('fourth 0');
    expect((await problems(archive)).filter((it) => !it.startsWith('LATE'))).toEqual([]); // they began a month before
    await archive.close();
  });

  describe('where something is disposed of', () => {
    const plan = (era: string, payloads: readonly string[]): Draft => ({
      body: { kind: 'disposal', step: 'planned', era, payloads, early: true, planned: null, reason: null, approver: null, policy: null, receipt: null },
      demo: true,
      retention: LONGEST,
      subjects: [],
    });
    const target = async (archive: Archive) => {
      const { era, digest } = (await archive.record(3)).subjects[0] ?? { era: '', digest: '' };
      return { era, digest, draft: runDraft('first 3', { at: NOW, name: 'again' }) };
    };

    it('by that one, does not rest on what goes', async () => {
      const { archive } = await lab();
      const { era, digest, draft } = await target(archive);
      const [second = [], third = []] = await Promise.all([
        archive.append([...batch('second'), plan(era, [digest])]),
        archive.append([draft, ...batch('third')]),
      ]);
      await archive.destroy(second.at(-1) ?? -1);
      expect((await archive.record(third[0] ?? -1)).subjects[0]?.digest).not.toBe(digest);
      expect(await textOf(archive, third[0] ?? -1)).toBe('first 3');
      expect(await problems(archive)).toEqual([]);
      await archive.close();
    });

    it('after that one and before it, does not rest on what has gone', async () => {
      const its = await lab();
      const { archive } = its;
      const { era, digest, draft } = await target(archive);
      const [planned = -1] = await archive.append([plan(era, [digest])]);
      its.committing = () => isSigned(4);
      const second = archive.append(batch('second'));
      const destroyed = archive.destroy(planned);
      const [index = -1] = await archive.append([draft, ...batch('third')]);
      await Promise.all([second, destroyed]);
      expect(signed.batches).toBe(4); // as it was made before the keys went
      expect(await textOf(archive, index)).toBe('first 3');
      expect(await problems(archive)).toEqual([]);
      await archive.close();
    });
  });

  it('is signed anew where another writer had its turn in between', async () => {
    const { dir, archive } = await lab();
    await archive.close();
    const its: Pick<Lab, 'committing' | 'keeping' | 'changes'> = { committing: null, keeping: null, changes: 0 };
    const files = new Files(dir, watched(its).calls);
    const payloads = new Payloads(files, new FileKeystore(files));
    const open = async () => {
      const keys = (await Keys.open(files, files)) as Keys;
      return Writer.open({ objects: files, coordination: lockFile(files), keys, payloads, clock: () => NOW });
    };
    const [one, other] = [await open(), await open()];
    signed.batches = 1; // and not what opening has read
    await one.append(batch('second'));
    const fourth = batch('fourth');
    its.committing = () => isSigned(4);
    const third = one.append(batch('third'));
    one.prepare(fourth, true);
    expect(await third).toEqual(numbers(2 * WHOLE));
    await other.refresh();
    expect(await other.append([runDraft('between', { at: NOW, name: 'line-0' })])).toEqual([3 * WHOLE]);
    await one.refresh();
    expect(await one.append(fourth)).toEqual(numbers(3 * WHOLE + 1));
    expect(signed.batches).toBe(6 + 2); // each of the two has read what the other wrote, at once
    expect((await verifyLog(files)).problems).toEqual([]);
    await Promise.all([one.tidied(), other.tidied()]);
  });
});
