import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openArchive } from '../src/evidence/directory.ts';
import { type LogDescription, logVerifier, parseDescription, statementPeriods } from '../src/log/description.ts';
import { type BundleAsked, verifyBundle } from '../src/verify/bundle.ts';
import { openBundle } from '../src/verify/bundle-files.ts';
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

async function bad(bytes: Buffer, asked: Pick<BundleAsked, 'key' | 'pin'>) {
  const file = join(root, 'examined.tar');
  writeFileSync(file, bytes);
  const files = openBundle(file);
  const { items } = await verifyBundle({ files, authorities: null, ...asked });
  files.close();
  return items.flatMap(({ item, word }) => (word === 'ALTERED' || word === 'MISSING' ? [item] : []));
}

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
