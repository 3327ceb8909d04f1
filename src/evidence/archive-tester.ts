import { describe, expect, it } from 'vitest';
import { madeRun } from '../../test/run-draft.ts';
import type { Archive } from './archive.ts';
import type { Draft } from './record.ts';

/** One archive in a place of its own, and the hands of somebody who can change what lies there. */
export interface ArchiveLab {
  open(): Promise<Archive>;
  /** Names in a folder of what is public. */
  list(path: string): Promise<readonly string[]>;
  /** Changes what is public, below every lock. */
  edit(path: string, change: (bytes: Buffer) => Buffer): Promise<void>;
  remove(path: string): Promise<void>;
  /** Changes or removes the note that says what is committed. */
  editLock(change: (bytes: Buffer) => Buffer | null): void;
}

export const draft = (text: string, name = 'acme'): Draft => madeRun({ body: { name, every: 86_400_000 }, artifacts: { members: text } });

/** The artifacts of all records, in order. */
export async function all(archive: Archive): Promise<readonly string[]> {
  const said: string[] = [];
  for await (const record of archive.records(0)) for (const subject of record.subjects) said.push(Buffer.from(await archive.payload(subject)).toString());
  return said;
}

/** What every archive must do, wherever its files lie. */
export function archiveTester(place: string, fresh: () => Promise<ArchiveLab>): void {
  describe(`an archive in ${place}`, () => {
    it('keeps what it was given, in order, over many sizes and reopenings', async () => {
      const lab = await fresh();
      const expected: string[] = [];
      for (const batch of [1, 2, 252, 1, 1, 300, 5]) {
        const archive = await lab.open();
        const texts = Array.from({ length: batch }, (_, at) => `${expected.length + at}`);
        const indexes = await archive.append(texts.map((text) => draft(text)));
        expect(indexes).toEqual(texts.map(Number));
        expected.push(...texts);
        expect((await archive.checkpoint()).size).toBe(expected.length);
        await archive.close();
      }
      const archive = await lab.open();
      expect(await all(archive)).toEqual(expected);
      const { problems, records } = await archive.verify();
      expect(problems).toEqual([]);
      expect(records).toBe(562);
      expect((await archive.record(3)).body).toMatchObject({ kind: 'run', name: 'acme' });
      expect((await archive.record(3)).seq).toBe(4);
      for (const index of [0, 255, 256, 561]) expect((await archive.proof(index)).checkpoint.size).toBe(562);
      await archive.close();
    }, 60_000);

    it('leaves only the newest partial tiles', async () => {
      const lab = await fresh();
      const archive = await lab.open();
      for (let count = 0; count < 5; count++) await archive.append([draft(`${count}`)]);
      await archive.close();
      expect(await lab.list('log/tile/0/000.p')).toEqual(['5']);
      expect(await lab.list('log/checkpoints')).toHaveLength(6);
    });

    it('is written by one process at a time: a second one hands its records over', async () => {
      const lab = await fresh();
      const [first, second] = [await lab.open(), await lab.open()];
      await first.append([draft('a')]);
      const handed = await Promise.all([second.append([draft('b', 'b')]), first.append([draft('c', 'c')]), second.append([draft('d', 'd')])]);
      expect(handed.flat().sort()).toEqual([1, 2, 3]);
      await first.close();
      await second.append([draft('e')]);
      expect((await all(second)).toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
      expect((await second.verify()).problems).toEqual([]);
      await second.close();
    });

    it('refuses a record that is not there', async () => {
      const archive = await (await fresh()).open();
      await expect(archive.record(0)).rejects.toMatchObject({ code: 'CONFIGURATION' });
      await archive.close();
    });

    it('tells a torn log from a whole one', async () => {
      const lab = await fresh();
      const archive = await lab.open();
      await archive.append([draft('a')]);
      await archive.close();
      let earlier: Buffer = Buffer.alloc(0);
      await lab.edit('log/checkpoint', (bytes) => {
        earlier = bytes;
        return bytes;
      });
      const again = await lab.open();
      await again.append([draft('b')]);
      await again.close();
      await lab.edit('log/checkpoint', () => earlier); // committed, not published, and the staging is gone
      const recovered = await lab.open();
      await recovered.append([draft('c')]);
      expect(await all(recovered)).toEqual(['a', 'b', 'c']);
      await recovered.close();
      await lab.remove('log/tile/0/000.p/3');
      const torn = await lab.open();
      await expect(torn.append([draft('d')])).rejects.toMatchObject({ code: 'MISSING' });
      await torn.close();
    });
  });
}

/** What of any damage to it verifying must name, and what keeps it from being written on. */
export function damageTester(place: string, fresh: () => Promise<ArchiveLab>): void {
  describe(`damage of an archive in ${place}`, () => {
    const damaged = async (change: (lab: ArchiveLab) => unknown) => {
      const lab = await sealed(fresh);
      await change(lab);
      const archive = await lab.open();
      const { problems } = await archive.verify();
      await archive.close();
      return problems.map(({ code }) => code);
    };
    const edit = (path: string, change: (bytes: Buffer) => Buffer) => (lab: ArchiveLab) => lab.edit(path, change);
    const remove = (path: string) => (lab: ArchiveLab) => lab.remove(path);

    it('is not seen where there is none', async () => expect(await damaged(() => undefined)).toEqual([]));

    it.each([
      ['a flipped bit in an entry', edit('log/tile/entries/000.p/4', flip(300)), 'ROOT'],
      ['a cut entry bundle', edit('log/tile/entries/000.p/4', (bytes) => bytes.subarray(0, -1)), 'BUNDLE'],
      ['an appended byte', edit('log/tile/entries/000.p/4', (bytes) => Buffer.concat([bytes, Buffer.from([0])])), 'BUNDLE'],
      ['a flipped bit in a statement', edit('log/statements/000.p/4', flip(600)), 'STATEMENT'],
      ['a cut statement bundle', edit('log/statements/000.p/4', (bytes) => bytes.subarray(0, -9)), 'BUNDLE'],
      ['a flipped bit in a tile', edit('log/tile/0/000.p/4', flip(40)), 'TILE'],
      ['a missing tile', remove('log/tile/0/000.p/4'), 'MISSING'],
      ['missing statements', remove('log/statements/000.p/4'), 'MISSING'],
      ['a flipped bit in the checkpoint', edit('log/checkpoint', flip(20)), 'SIGNATURE'],
      ['an altered payload', async (lab: ArchiveLab) => lab.edit(await pack(lab), () => Buffer.from('altered')), 'PAYLOAD_ALTERED'],
      ['a missing payload', async (lab: ArchiveLab) => lab.remove(await pack(lab)), 'PAYLOAD_MISSING'],
      ['an older checkpoint put back', rollBack, 'ROLLBACK'],
      [
        'a key that nobody published',
        edit('log/log.json', (bytes) =>
          Buffer.from(
            bytes
              .toString()
              .replace('github/organization', 'x')
              .replace(/"x": "[^"]+"/, '"x": "AAAA"'),
          ),
        ),
        'UNKNOWN_KEY',
      ],
    ])('%s is named', async (_, change, code) => expect(await damaged(change)).toContain(code));

    it.each([
      ['the published log is ahead of its lock', 'ROLLBACK', async (lab: ArchiveLab) => lab.editLock(await earlierCheckpoint(lab))],
      ['the lock is gone', 'LOCK', (lab: ArchiveLab) => lab.editLock(() => null)],
      ['the lock is signed by another', 'SIGNATURE', (lab: ArchiveLab) => lab.editLock(flip(3))],
    ])('nothing is written when %s', async (_, code, change) => {
      const lab = await sealed(fresh);
      await change(lab);
      const archive = await lab.open();
      await expect(archive.append([draft('x')])).rejects.toMatchObject({ code });
      await archive.close();
    });
  });
}

/** Four records under two checkpoints. */
async function sealed(fresh: () => Promise<ArchiveLab>): Promise<ArchiveLab> {
  const lab = await fresh();
  const archive = await lab.open();
  await archive.append(Array.from({ length: 3 }, (_, at) => draft(`${at}`)));
  await archive.append([draft('3')]);
  await archive.close();
  return lab;
}

const flip = (at: number) => (bytes: Buffer) => {
  const changed = Buffer.from(bytes);
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
};

async function pack(lab: ArchiveLab): Promise<string> {
  const [folder = ''] = await lab.list('packs');
  return `packs/${folder}/${(await lab.list(`packs/${folder}`))[0] ?? ''}`;
}

async function earlierCheckpoint(lab: ArchiveLab): Promise<() => Buffer> {
  const [, name = ''] = await lab.list('log/checkpoints');
  let earlier: Buffer = Buffer.alloc(0);
  await lab.edit(`log/checkpoints/${name}`, (bytes) => {
    earlier = bytes;
    return bytes;
  });
  return () => earlier;
}

async function rollBack(lab: ArchiveLab): Promise<void> {
  await lab.edit('log/checkpoint', await earlierCheckpoint(lab));
}
