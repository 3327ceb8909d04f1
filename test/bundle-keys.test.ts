import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openArchive } from '../src/evidence/directory.ts';
import { readCheckpoint, signCheckpoint } from '../src/log/checkpoint.ts';
import { type LogDescription, logVerifier, parseDescription, statementPeriods } from '../src/log/description.ts';
import { noteSigner, parseNote } from '../src/log/note.ts';
import { type BundleAsked, verifyBundle } from '../src/verify/bundle.ts';
import { openBundle } from '../src/verify/bundle-files.ts';
import type { Item } from '../src/verify/verdict.ts';
import { verdictText } from '../src/verify/words.ts';
import { bundleOf, FROM, HOUR, pack, runDraft, temporary, unpack } from './bundles.ts';
import { HASTY } from './made-log.ts';

const root = temporary();
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A log whose own key, and that of a collector, were replaced; and the checkpoint that the first key signed. */
async function rotated(name: string) {
  let now = FROM - HOUR;
  const dir = join(root, name);
  const archive = await openArchive({ dir, clock: () => (now += HOUR), origin: 'acme.example/keys', calls: HASTY });
  await archive.append([runDraft(0)]);
  const held = (await archive.files.read('log/checkpoint')) ?? Buffer.alloc(0);
  await archive.rotateKey({ statements: 'github/organization' }, 0);
  await archive.rotateKey('log', 0);
  await archive.retireKey();
  await archive.append([runDraft(3)]);
  const { verifierKey } = parseDescription(readFileSync(join(dir, 'log/log.json')));
  return { archive, held, key: verifierKey };
}

async function verdictOf(bytes: Buffer, asked: Pick<BundleAsked, 'key' | 'pin'>) {
  const file = join(root, 'examined.tar');
  writeFileSync(file, bytes);
  const files = openBundle(file);
  const verdict = await verifyBundle({ files, authorities: null, ...asked });
  files.close();
  return verdict;
}

const isWrong = ({ word }: Item) => word === 'ALTERED' || word === 'MISSING';
const bad = async (bytes: Buffer, asked: Pick<BundleAsked, 'key' | 'pin'>) =>
  (await verdictOf(bytes, asked)).items.flatMap((it) => (isWrong(it) ? [it.item] : []));

it('what a key of the log has signed before it was replaced is verified by who knows the new one', async () => {
  const { archive, held, key } = await rotated('log');
  const file = join(root, 'log.tar');
  await bundleOf(archive, file, { earlier: held });
  await archive.close();
  const bytes = readFileSync(file);
  expect(await bad(bytes, { key, pin: held })).toEqual([]);
  expect(await bad(bytes, { key: null, pin: held })).toEqual([]);

  const forged = unpack(bytes);
  const { periods = [], ...description } = JSON.parse(forged.get('log/log.json')?.toString() ?? '') as LogDescription;
  forged.set(
    'log/log.json',
    Buffer.from(`${JSON.stringify({ ...description, periods: periods.map((it) => ({ ...it, to: it.role === 'log' ? null : it.to })) }, null, 2)}\n`),
  );
  expect(await bad(pack(forged), { key, pin: null })).toContain('log/log.json'); // as if the first key had never been retired
});

it('a bundle of a checkpoint from before a key was replaced has the keys of its own time', async () => {
  const { archive, held, key } = await rotated('before');
  const file = join(root, 'before.tar');
  await bundleOf(archive, file, { note: held.toString() });
  await archive.close();
  expect(await bad(readFileSync(file), { key: null, pin: null })).toEqual([]);
  expect(key).not.toBe(parseDescription(unpack(readFileSync(file)).get('log/log.json') ?? Buffer.alloc(0)).periods?.[0]?.key);
});

it('a key that no record introduces does not sign for whom another was replaced', async () => {
  const { archive } = await rotated('third');
  const description = parseDescription((await archive.files.read('log/log.json')) ?? Buffer.alloc(0));
  await archive.close();
  const third = { ...description, statementKeys: { ...description.statementKeys, 'github/organization': 'third' } };
  expect(statementPeriods(third, 'third')).toEqual([]);
  expect(statementPeriods({ ...third, periods: [] }, 'third')).toHaveLength(1);
  const known = logVerifier({ ...description, periods: description.periods?.filter(({ to }) => to !== null) ?? [] });
  expect(known.keys.every(({ to }) => to !== null)).toBe(true);
});

describe('a reader who knows only a key that was replaced', () => {
  /** The bundle of a log whose key was replaced twice, and the private keys, oldest first. */
  async function twice(name: string) {
    let now = FROM - HOUR;
    const dir = join(root, name);
    const archive = await openArchive({ dir, clock: () => (now += HOUR), origin: 'acme.example/keys', calls: HASTY });
    const signer = () => noteSigner('acme.example/keys', readFileSync(join(dir, 'keys/log.pem'), 'utf8'));
    const described = () => parseDescription(readFileSync(join(dir, 'log/log.json')));
    await archive.append([runDraft(0)]);
    const held = readFileSync(join(dir, 'log/checkpoint'));
    const [keys, signers] = [[described().verifierKey], [signer()]];
    for (const hour of [3, 6]) {
      await archive.rotateKey('log', 0);
      await archive.retireKey();
      await archive.append([runDraft(hour)]);
      keys.push(described().verifierKey);
      signers.push(signer());
    }
    const file = join(root, `${name}.tar`);
    await bundleOf(archive, file);
    await archive.close();
    const [oldest = '', middle = '', newest = ''] = keys;
    return { bytes: readFileSync(file), held, oldest, middle, newest, signers, verifier: logVerifier(described()) };
  }
  const noteIn = (files: ReadonlyMap<string, Buffer>, size: number): string =>
    [...files.keys()].find((name) => name.startsWith(`log/checkpoints/${String(size).padStart(20, '0')}-`)) ?? `none of size ${size}`;

  it('is led to the one that signs now, by the records under each before it, and is told so', async () => {
    const { bytes, held, oldest, middle, newest } = await twice('led');
    const [first, second] = [
      { record: 1, key: middle, replaces: oldest, checkpoint: 2 },
      { record: 4, key: newest, replaces: middle, checkpoint: 5 },
    ];
    const verdict = await verdictOf(bytes, { key: oldest, pin: held });
    expect(verdict).toMatchObject({ sound: true, key: { verifierKey: newest, given: true, followed: [first, second] } });
    expect(verdictText(verdict)).toContain(`Key ${newest}, in the place of the one you brought.`);
    expect(verdict.remarks.slice(0, 2)).toEqual(
      [first, second].map(({ record, key, replaces }) =>
        expect.stringContaining(`The key ${replaces} was replaced: record ${record} introduces ${key}, below`),
      ),
    );
    expect(await verdictOf(bytes, { key: middle, pin: held })).toMatchObject({ sound: true, key: { verifierKey: newest, followed: [second] } });
    expect(await verdictOf(bytes, { key: newest, pin: held })).toMatchObject({
      sound: true,
      key: { followed: [] },
      remarks: [expect.not.stringContaining('was replaced'), expect.not.stringContaining('was replaced')],
    });
    expect(await verdictOf(bytes, { key: null, pin: held })).toMatchObject({ sound: true, key: { given: false, followed: [first, second] } });
  });

  it('is not led by a key that signed the checkpoint over its own record, nor by one of another history', async () => {
    const { bytes, held, oldest, signers, verifier } = await twice('astray');
    const [, middle = signers[0]] = signers;
    const files = unpack(bytes);
    const name = noteIn(files, 2);
    const checkpoint = readCheckpoint(files.get(name) ?? Buffer.alloc(0), verifier);
    const forged = async (note: Buffer | null, asked: Pick<BundleAsked, 'key' | 'pin'>) => {
      const changed = new Map(files);
      if (note) changed.set(name, note);
      else changed.delete(name);
      const { items, sound } = await verdictOf(pack(changed), asked);
      return { sound, ...Object.fromEntries(items.flatMap((it) => (isWrong(it) ? [[it.item, it.reasons.join('; ')]] : []))) };
    };
    const [brought, kept] = [
      { key: oldest, pin: null },
      { key: null, pin: held },
    ];
    const unled = expect.stringMatching(/the newest checkpoint is not signed by .*Record 1 says .*anybody could have written it\. Ask the company/);
    expect(await forged(null, brought)).toEqual({ sound: false, checkpoint: unled });
    expect(await forged(null, kept)).toEqual({ sound: false, 'your checkpoint': unled });
    const own = Buffer.from(signCheckpoint(checkpoint, middle as NonNullable<typeof middle>));
    expect(await forged(own, brought)).toMatchObject({ sound: false, checkpoint: unled });
    expect(await forged(own, kept)).toMatchObject({ sound: false, 'your checkpoint': unled });
    const another = Buffer.from(signCheckpoint({ ...checkpoint, root: Buffer.alloc(32) }, signers[0] as NonNullable<typeof middle>));
    expect(await forged(another, brought)).toMatchObject({ sound: false, checkpoint: unled });
  });

  it('does not take what that key signs after it was retired', async () => {
    const { bytes, oldest, signers, verifier } = await twice('retired');
    const files = unpack(bytes);
    const newest = files.get('checkpoint') ?? Buffer.alloc(0);
    const note = Buffer.from(signCheckpoint(readCheckpoint(newest, verifier), signers[0] as NonNullable<(typeof signers)[0]>));
    for (const [name, its] of files)
      if (name === 'checkpoint' || name.endsWith('.tlog-proof'))
        files.set(name, Buffer.from(its.toString('latin1').replace(newest.toString('latin1'), note.toString('latin1')), 'latin1'));
    expect(parseNote(note).signatures).toHaveLength(1);
    const { items } = await verdictOf(pack(files), { key: oldest, pin: null });
    expect(items.filter(isWrong)).toEqual([
      { item: 'checkpoint', word: 'ALTERED', reasons: ['the checkpoint of size 7 is signed by a key of acme.example/keys that does not sign at that size'] },
    ]);
  });

  it('goes on with it while both sign', async () => {
    let now = FROM - HOUR;
    const dir = join(root, 'both');
    const archive = await openArchive({ dir, clock: () => (now += HOUR), origin: 'acme.example/keys', calls: HASTY });
    await archive.append([runDraft(0)]);
    const old = parseDescription(readFileSync(join(dir, 'log/log.json'))).verifierKey;
    await archive.rotateKey('log', 99 * HOUR);
    await archive.append([runDraft(3)]);
    const file = join(root, 'both.tar');
    await bundleOf(archive, file);
    const { periods = [] } = parseDescription(readFileSync(join(dir, 'log/log.json')));
    await archive.close();
    for (const { key } of periods)
      expect(await verdictOf(readFileSync(file), { key, pin: null })).toMatchObject({ sound: true, key: { verifierKey: key, followed: [] } });
    expect(periods.map(({ key }) => key)).toEqual([old, expect.any(String)]);
  });
});
