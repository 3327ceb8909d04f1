import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Archive } from '../src/evidence/archive.ts';
import { openArchive } from '../src/evidence/directory.ts';
import { cosign, withLine, witnessKey, witnessSigner } from '../src/log/cosignature.ts';
import { Files } from '../src/evidence/files.ts';
import { sha256hex } from '../src/log/merkle.ts';
import { verifierKey } from '../src/log/note.ts';
import type { Payload } from '../src/log/statement.ts';
import { trustedRoot } from '../src/log/trusted-root.ts';
import { type BundleAsked, type BundleVerdict, verifyBundle } from '../src/verify/bundle.ts';
import { openBundle } from '../src/verify/bundle-files.ts';
import type { Word } from '../src/verify/verdict.ts';
import { encode } from '../src/verify/format.ts';
import { verdictText } from '../src/verify/words.ts';
import { bundleOf, type Forged, forgeLog, FROM, HOUR, makeLog, pack, runDraft, runHead, temporary, unpack } from './bundles.ts';

const root = temporary();
afterAll(() => rmSync(root, { recursive: true, force: true }));

let key = '';
let whole: Buffer = Buffer.alloc(0);
let early: Buffer = Buffer.alloc(0); // the checkpoint after three records

beforeAll(async () => {
  const archive = await makeLog(join(root, 'log'), 2);
  early = (await archive.files.read('log/checkpoint')) ?? early;
  cpSync(join(root, 'log'), join(root, 'fork'), { recursive: true });
  await archive.append(Array.from({ length: 4 }, (_, place) => runDraft(place + 2)));
  key = verifierKey(archive.verifier);
  await bundleOf(archive, join(root, 'whole.tar'), { cited: [1], earlier: early });
  whole = readFileSync(join(root, 'whole.tar'));
  await archive.close();
  rmSync(join(root, 'log'), { recursive: true }); // a bundle is verified without the workspace it came from
});

async function verify(bytes: Buffer, asked: Partial<BundleAsked> = {}): Promise<BundleVerdict> {
  const path = join(root, 'examined.tar');
  writeFileSync(path, bytes);
  const files = openBundle(path);
  try {
    return await verifyBundle({ files, key, pin: null, authorities: null, ...asked });
  } finally {
    files.close();
  }
}

const madeWitness = (name: string) => witnessSigner(name, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
const witness = madeWitness('witness.example');

/** What is not as it should be, by item. */
const bad = ({ items }: BundleVerdict) =>
  Object.fromEntries(items.filter(({ word }) => word === 'ALTERED' || word === 'MISSING').map(({ item, word }) => [item, word]));
const wordOf = ({ items }: BundleVerdict, item: string) => items.find((it) => it.item === item)?.word;
const altered = (change: (files: Map<string, Buffer>) => void, manifest: 'again' | 'kept' = 'again'): Buffer => {
  const files = unpack(whole);
  change(files);
  return pack(files, manifest);
};

describe('a bundle', () => {
  it('is verified, item by item', async () => {
    const verdict = await verify(whole, { pin: early });
    expect(verdict.totals).toEqual({ VERIFIED: 21, DISPOSED: 0, 'NOT CHECKED': 5, MISSING: 0, ALTERED: 0 });
    expect(verdict.sound).toBe(true);
    expect(verdict.payloads).toEqual({ opened: 14, unopened: 0, disposed: 0 });
    expect(verdict.remarks).toEqual([
      expect.stringMatching(/^Of what lies before the first run of a source the bundle tells nothing, and these begin within the period: line /),
      expect.stringMatching(/^The newest record was sealed on 2026-03-01T05:00:00Z, and the period goes on/),
    ]);
    expect(verdict.items.filter(({ item }) => item.startsWith('record ')).map(({ item, word }) => [item, word])).toEqual(
      Array.from({ length: 7 }, (_, index) => [`record ${index}`, 'VERIFIED']),
    );
    expect(wordOf(verdict, 'your checkpoint')).toBe('VERIFIED');
    expect(wordOf(verdict, 'consistency-from-3.txt')).toBe('VERIFIED');
    expect(wordOf(verdict, 'results.json')).toBe('NOT CHECKED');
    expect(verdictText(verdict)).toMatch(
      /\n7 records, 26 items: 21 VERIFIED, 5 NOT CHECKED\. Of what was checked nothing is missing, and nothing was altered; 5 items were not checked\.$/,
    );
  });

  it('says whose word its key is', async () => {
    const verdict = await verify(whole, { key: null });
    expect(verdict.key).toEqual({ verifierKey: key, given: false, followed: [] });
    expect(verdict.remarks[0]).toMatch(/^The key of the log was taken from the bundle itself/);
    const other = (await forgeLog([{ head: runHead(0) }])).verifier;
    expect(bad(await verify(whole, { key: verifierKey(other) }))).toMatchObject({ checkpoint: 'ALTERED', 'log/log.json': 'ALTERED' });
  });

  it("hands the log's key to other people's verifiers, in their own spelling", async () => {
    const files = unpack(whole);
    expect(files.get('policy')?.toString()).toBe(`log ${key}\nquorum none\n`);
    expect(files.get('trusted_root.json')?.toString()).toBe(trustedRoot(key));
    const other = verifierKey((await forgeLog([{ head: runHead(0) }])).verifier);
    const changed = altered(
      (its) => void its.set('policy', Buffer.from(`log ${other}\nquorum none\n`)).set('trusted_root.json', Buffer.from(trustedRoot(other))),
    );
    expect(bad(await verify(changed))).toEqual({ policy: 'ALTERED', 'trusted_root.json': 'ALTERED' });
  });

  it('is what unpacking and packing again gives', () => {
    expect(pack(unpack(whole))).toEqual(whole);
  });
});

/** What a change of a file makes of which items, the manifest being made again by whoever changed it. */
function expected(name: string, gone: boolean): Record<string, Word> | 'nothing' | 'something' | 'anything' {
  const word = gone ? 'MISSING' : 'ALTERED';
  const [, index] = /^evidence\/(\d+)\//.exec(name) ?? [];
  if (index !== undefined) return { [`record ${Number(index)}`]: word };
  if (name.startsWith('payloads/')) {
    const records = payloadsOf().get(name.slice('payloads/'.length, -'.enc'.length)) ?? [];
    return Object.fromEntries(records.map((record) => [`record ${record}`, word]));
  }
  if (name.startsWith('catalog/')) return { catalog: 'ALTERED' };
  if (name === 'README-VERIFY.txt' || name === 'report.html') return 'nothing';
  if (gone && ['policy', 'trusted_root.json'].includes(name)) return 'nothing'; // bundles of before hold neither
  if (['bundle.json', 'results.json'].includes(name)) return 'anything'; // what it says may be another bundle's truth
  if (['checkpoint', 'log/log.json'].includes(name)) return 'something';
  return { [name]: word };
}

/** Which records name which payload. */
function payloadsOf(): Map<string, number[]> {
  const named = new Map<string, number[]>();
  for (const [name, bytes] of unpack(whole)) {
    const [, index] = /^evidence\/(\d+)\/statement/.exec(name) ?? [];
    if (index === undefined) continue;
    const { payload } = JSON.parse(bytes.toString()) as { payload: string };
    const { subject } = JSON.parse(Buffer.from(payload, 'base64').toString()) as { subject: { digest: { sha256: string } }[] };
    for (const { digest } of subject) named.set(digest.sha256, [...(named.get(digest.sha256) ?? []), Number(index)]);
  }
  return named;
}

type Change = readonly [how: string, change: (bytes: Buffer, seed: number) => Buffer | null];
const CHANGES: readonly Change[] = [
  ['a bit flipped', (bytes, seed) => Buffer.from(bytes.map((byte, place) => (place === seed % bytes.length ? byte ^ (1 << (seed % 7)) : byte)))],
  ['its end cut off', (bytes) => bytes.subarray(0, -1)],
  ['a byte added', (bytes) => Buffer.concat([bytes, Buffer.from('\n')])],
  ['emptied', () => Buffer.alloc(0)],
  ['removed', () => null],
];

describe('every change of every file', () => {
  it('is told of the right item with the right word', async () => {
    const names = [...unpack(whole).keys()];
    let tried = 0;
    for (const [place, name] of names.entries()) {
      if (name === 'manifest.sha256') continue; // it is made again
      for (const [how, change] of CHANGES) {
        const after = change(unpack(whole).get(name) ?? Buffer.alloc(0), place * 31 + 7);
        const what = expected(name, after === null);
        const verdict = await verify(altered((files) => void (after === null ? files.delete(name) : files.set(name, after))));
        if (what === 'nothing') expect(bad(verdict), `${name}, ${how}`).toEqual({});
        else if (what === 'something') expect(verdict.sound, `${name}, ${how}`).toBe(false);
        else if (what !== 'anything') expect(bad(verdict), `${name}, ${how}`).toEqual(what);
        tried++;
      }
    }
    expect(tried).toBe((names.length - 1) * CHANGES.length);
    expect(tried).toBeGreaterThan(250);
  });

  it('is told by the manifest that came with it, whatever the file', async () => {
    for (const name of unpack(whole).keys()) {
      if (name === 'manifest.sha256') continue;
      if (/^payloads\/[1-9a-f]/.test(name)) continue; // a few of them are enough
      const longer = await verify(altered((files) => void files.set(name, Buffer.concat([files.get(name) ?? Buffer.alloc(0), Buffer.from(' ')])), 'kept'));
      expect(wordOf(longer, name), name).toBe('ALTERED');
    }
    const removed = await verify(altered((files) => void files.delete('report.html'), 'kept'));
    expect(bad(removed)).toEqual({ 'report.html': 'MISSING' });
    const without = await verify(altered((files) => void files.set('manifest.sha256', Buffer.from('')), 'kept'));
    expect(wordOf(without, 'checkpoint')).toBe('ALTERED');
  });
});

describe('what a company could try', () => {
  const record = (index: number) => `evidence/${String(index).padStart(8, '0')}`;
  const dropped = (index: number) => (files: Map<string, Buffer>) => {
    files.delete(`${record(index)}/statement.dsse.json`);
    files.delete(`${record(index)}/proof.tlog-proof`);
  };

  it('cannot leave a record of the period out', async () => {
    expect(bad(await verify(altered(dropped(5))))).toEqual({ 'record 5': 'MISSING', ...unnamed(5) });
  });

  it('cannot leave a record out and say that the period was shorter without its account disagreeing', async () => {
    const verdict = await verify(
      altered((files) => {
        dropped(6)(files);
        const manner = (files.get('bundle.json') ?? '').toString();
        files.set('bundle.json', Buffer.from(manner.replace(/"to":"[^"]+"/, '"to":"2026-03-01T05:00:00Z"')));
      }),
    );
    expect(bad(verdict)).toMatchObject({ 'completeness.json': 'ALTERED' });
  });

  it('cannot put the evidence of one record in the place of another', async () => {
    const swapped = altered((files) => {
      const [first, second] = [files.get(`${record(3)}/statement.dsse.json`), files.get(`${record(4)}/statement.dsse.json`)];
      if (first && second) files.set(`${record(3)}/statement.dsse.json`, second).set(`${record(4)}/statement.dsse.json`, first);
    });
    expect(bad(await verify(swapped))).toEqual({ 'record 3': 'ALTERED', 'record 4': 'ALTERED' });
  });

  it('cannot add what the log does not hold', async () => {
    const verdict = await verify(
      altered(
        (files) =>
          void files
            .set('evidence/00000099/statement.dsse.json', Buffer.from('{}'))
            .set('notes.txt', Buffer.from('all is well'))
            .set(`payloads/${'0'.repeat(64)}.enc`, Buffer.from('x')),
      ),
    );
    expect(bad(verdict)).toEqual({ 'evidence/00000099/statement.dsse.json': 'ALTERED', 'notes.txt': 'ALTERED', [`payloads/${'0'.repeat(64)}.enc`]: 'ALTERED' });
  });

  const populated = (text: string, count: number, also: (files: Map<string, Buffer>) => void = () => undefined) =>
    altered((files) => {
      const named = JSON.parse((files.get('results.json') ?? '').toString()) as { populations: unknown };
      named.populations = [{ control: 'AC-01', check: 'made', count, digest: sha256hex(Buffer.from(text)) }];
      files.set('results.json', encode(named)).set('populations/AC-01.made.txt', Buffer.from(text));
      also(files);
    });

  it.each([
    ['ann\nbob\n', 2, undefined],
    ['', 0, undefined],
    ['\n', 1, undefined],
    ['ann\nbob\n', 3, 'it has 2 keys, and results.json says 3'],
    ['bob\nann\n', 2, 'its keys are not one a line, ascending, each once'],
    ['ann\nann\n', 2, 'its keys are not one a line, ascending, each once'],
    ['ann\nbob', 2, 'its keys are not one a line, ascending, each once'],
  ])('cannot spell a population in two ways: %j of %d', async (text, count, reason) => {
    const { items } = await verify(populated(text, count));
    expect(items.find(({ item }) => item === 'populations/AC-01.made.txt')).toEqual({
      item: 'populations/AC-01.made.txt',
      word: reason ? 'ALTERED' : 'NOT CHECKED',
      reasons: [reason ?? 'as results.json names it, which nothing proves'],
    });
  });

  it('cannot add a population to what its results name, nor take one away', async () => {
    expect(bad(await verify(altered((files) => void files.set('populations/AC-02.made.txt', Buffer.from('ann\n')))))).toEqual({
      'populations/AC-02.made.txt': 'ALTERED',
    });
    const without = (change: (results: { populations?: unknown }) => void) =>
      altered((files) => {
        const results = JSON.parse((files.get('results.json') ?? '').toString()) as { populations?: unknown };
        change(results);
        files.set('results.json', encode(results)).delete('populations/AC-01.made.txt');
      });
    expect(bad(await verify(without(() => undefined)))).toEqual({ 'populations/AC-01.made.txt': 'MISSING' });
    expect(bad(await verify(without((results) => delete results.populations)))).toEqual({}); // a bundle of before populations were written
    expect(
      bad(
        await verify(
          without((results) => {
            results.populations = 'none';
          }),
        ),
      ),
    ).toEqual({ 'results.json': 'ALTERED' });
  });

  it('cannot show a history other than the one its reader holds a checkpoint of', async () => {
    let now = FROM + HOUR;
    const archive = await openArchive({ dir: join(root, 'fork'), clock: () => (now += HOUR) });
    await archive.append([runDraft(2, Buffer.from('another'))]);
    const later = (await archive.files.read('log/checkpoint')) ?? Buffer.alloc(0);
    await expect(bundleOf(archive, join(root, 'never.tar'), { earlier: unpack(whole).get('checkpoint') ?? null })).rejects.toMatchObject({
      code: 'CONFIGURATION',
    });
    await archive.append(Array.from({ length: 6 }, (_, place) => runDraft(3 + place)));
    await expect(bundleOf(archive, join(root, 'never.tar'), { earlier: unpack(whole).get('checkpoint') ?? null })).rejects.toMatchObject({ code: 'FORK' });
    await bundleOf(archive, join(root, 'fork.tar'));
    await archive.close();
    const forked = readFileSync(join(root, 'fork.tar'));
    const held = unpack(whole).get('checkpoint') ?? Buffer.alloc(0);
    expect(wordOf(await verify(forked, { pin: early }), 'your checkpoint')).toBe('VERIFIED');
    expect(bad(await verify(forked, { pin: held }))).toEqual({ 'your checkpoint': 'ALTERED' });
    const verdict = await verify(whole, { pin: later });
    expect(bad(verdict)).toEqual({ 'your checkpoint': 'ALTERED' });
    expect(verdict.items.find(({ item }) => item === 'your checkpoint')?.reasons).toEqual([
      'the first 4 records are not those that it commits to: the log was rewritten',
    ]);
  });

  /** Payloads that only this record names: they belong to nobody then. */
  const unnamed = (index: number) =>
    Object.fromEntries(
      [...payloadsOf()]
        .filter(([, records]) => records.join() === String(index))
        .flatMap(([digest]) => [`payloads/${digest}.enc`, `payloads/${digest}.key`].map((name) => [name, 'ALTERED'])),
    );
});

describe('a log whose keys are in the wrong hands', () => {
  const forged = async (records: readonly Forged[], change: (log: Awaited<ReturnType<typeof forgeLog>>) => void = () => undefined) => {
    const log = await forgeLog(records);
    change(log);
    await bundleOf(log, join(root, 'forged.tar'));
    return verify(readFileSync(join(root, 'forged.tar')), { key: verifierKey(log.verifier) });
  };

  it('is sound where nothing was done to it', async () => {
    expect(
      bad(
        await forged([
          { head: runHead(0), artifacts: ['a'] },
          { head: runHead(1), artifacts: ['a', 'b'] },
        ]),
      ),
    ).toEqual({});
  });

  it.each<readonly [string, readonly Forged[], Record<string, Word>, RegExp]>([
    [
      'a number that is left out',
      [{ head: runHead(0) }, { head: runHead(1), seq: 3 }],
      { 'line "github/organization a a"': 'MISSING' },
      /record 3 .* follows its record 1: one was withheld/,
    ],
    [
      'a record that continues another',
      [{ head: runHead(0) }, { head: runHead(1), prev: 'ab'.repeat(32) }],
      { 'line "github/organization a a"': 'ALTERED' },
      /does not continue the one before it/,
    ],
    [
      'slots that passed in silence',
      [{ head: runHead(0) }, { head: runHead(5), sealedAt: FROM + 5 * HOUR }],
      { 'line "github/organization a a"': 'MISSING' },
      /slots of its schedule passed from 2026-03-01T00:00:00Z to 2026-03-01T05:00:00Z/,
    ],
    [
      'a source that fell silent',
      [{ head: runHead(0) }, { head: { kind: 'draw' }, line: 'draw', sealedAt: FROM + 9 * HOUR }],
      { 'line "github/organization a a"': 'MISSING' },
      /from 2026-03-01T00:00:00Z on, and no record/,
    ],
    [
      'a detail that says another outcome',
      [{ head: runHead(0), detail: { body: { ...runHead(0), outcome: 'failure' }, subjects: [] } }],
      { 'record 0': 'ALTERED' },
      /its detail says another "outcome" than its statement/,
    ],
    [
      'an artifact other than its detail tells of',
      [{ head: runHead(0), artifacts: ['a'], detail: { body: runHead(0), subjects: [{ sha256: '00' }] } }],
      { 'record 0': 'ALTERED' },
      /artifact 1 is not the one/,
    ],
    [
      'an artifact that its detail does not tell of',
      [{ head: runHead(0), artifacts: ['a'], detail: { body: runHead(0), subjects: [] } }],
      { 'record 0': 'ALTERED' },
      /tells of 0 artifacts, and its statement names 1/,
    ],
    [
      'a detail with a key that comes twice',
      [{ head: runHead(0), detail: '{"body":{},"body":{},"subjects":[]}' }],
      { 'record 0': 'ALTERED' },
      /could mean two things/,
    ],
    [
      'a detail with a lone surrogate',
      [{ head: runHead(0), detail: '{"body":{"a":"\\ud800"},"subjects":[]}' }],
      { 'record 0': 'ALTERED' },
      /a string with a lone surrogate/,
    ],
    [
      'a second thing said of the same bytes, by another key',
      [
        {
          head: runHead(0),
          artifacts: ['a'],
          detail: { body: runHead(0), subjects: [{ sha256: sha256hex(Buffer.from('a')) }, { sha256: sha256hex(Buffer.from('a')) }] },
          says: (made) => [...made, { ...(made[1] as Payload), keyDigest: 'ab'.repeat(32) }],
        },
      ],
      { 'record 0': 'ALTERED' },
      /does not open the payload: the key of the payload is not the one that was sealed/,
    ],
    ['a detail that is no JSON', [{ head: runHead(0), detail: '[[[[[[' }], { 'record 0': 'ALTERED' }, /cannot be read/],
    ['a run without a time', [{ head: { ...runHead(0), startedAt: 'noon' } }], { 'record 0': 'ALTERED' }, /does not say what a statement must/],
    [
      'a collector whose key signs for another',
      [{ head: { ...runHead(0), collector: { id: 'aws/iam' } } }],
      { 'record 0': 'ALTERED' },
      /not signed by the key that log\/log\.json names of "aws\/iam"/,
    ],
  ])('cannot hide %s', async (_, records, what, reason) => {
    const verdict = await forged(records);
    expect(bad(verdict)).toMatchObject(what);
    expect(
      verdict.items
        .filter(({ item }) => item in what)
        .flatMap(({ reasons }) => reasons)
        .join('\n'),
    ).toMatch(reason);
  });

  it('tells payloads that were disposed of from those that are missing', async () => {
    const run = { head: runHead(0), artifacts: ['personal'] };
    const disposal: Forged = {
      head: { kind: 'disposal', step: 'planned', era: 'evidence/2026-Q1', payloads: 'all', early: true },
      line: 'disposal',
      era: 'log/2026-Q1',
    };
    const lose = (log: Awaited<ReturnType<typeof forgeLog>>) => {
      for (const digest of [...log.secrets.keys()].slice(0, 2)) log.secrets.delete(digest);
    };
    const gone = await forged([run, disposal], lose);
    expect(gone.sound).toBe(true);
    expect(wordOf(gone, 'record 0')).toBe('DISPOSED');
    expect(wordOf(gone, 'record 1')).toBe('VERIFIED');
    expect(gone.items.find(({ item }) => item === 'record 0')?.reasons).toEqual(['disposed of in record 1 on 2026-03-01']);
    expect(gone.payloads).toEqual({ opened: 1, unopened: 0, disposed: 2 });
    expect(bad(await forged([run], lose))).toEqual({ 'record 0': 'MISSING' });
    // An era that was disposed of before says nothing of what was sealed after.
    expect(bad(await forged([disposal, run], (log) => void log.secrets.delete([...log.secrets.keys()][2] ?? '')))).toEqual({ 'record 1': 'MISSING' });
  });

  it('makes nobody decompress more than was sealed', async () => {
    const log = await forgeLog([{ head: runHead(0), artifacts: ['a'.repeat(5_000_000)] }]);
    await bundleOf(log, join(root, 'bomb.tar'));
    const files = unpack(readFileSync(join(root, 'bomb.tar')));
    const { payload } = JSON.parse((files.get('evidence/00000000/statement.dsse.json') ?? '').toString()) as { payload: string };
    expect(Buffer.from(payload, 'base64').toString()).toContain('"size":5000000');
    expect(Math.max(...[...files].filter(([name]) => name.endsWith('.enc')).map(([, bytes]) => bytes.length))).toBeLessThan(2000);
  });
});

describe('a hostile bundle', () => {
  const with_ = (name: string, bytes: Buffer | string) => altered((files) => void files.set(name, Buffer.from(bytes)));
  const note = () => (unpack(whole).get('checkpoint') ?? Buffer.alloc(0)).toString();

  it.each<readonly [string, () => string | Buffer, RegExp]>([
    ['a million signatures', () => `${note()}${`\u2014 x ${Buffer.alloc(8).toString('base64')}\n`.repeat(1_000_000)}`, /has \d+ bytes, at most 65536/],
    ['a thousand signatures', () => `${note()}${`\u2014 x ${Buffer.alloc(8).toString('base64')}\n`.repeat(1000)}`, /more than 100 signatures/],
    ['carriage returns', () => note().replaceAll('\n', '\r\n'), /control character/],
    ['base64 that is not canonical', () => note().replace(/=\n$/, '\n'), /malformed signature line/],
    ['a size with a leading zero', () => note().replace('\n7\n', '\n07\n'), /does not fit the note/],
    ['bytes that are not UTF-8', () => Buffer.concat([Buffer.from([0xff]), Buffer.from(note())]), /not UTF-8/],
  ])('with %s in its checkpoint is refused', async (_, change, reason) => {
    const verdict = await verify(with_('checkpoint', change()));
    expect(wordOf(verdict, 'checkpoint')).toBe('ALTERED');
    expect(verdict.items.find(({ item }) => item === 'checkpoint')?.reasons.join()).toMatch(reason);
  });

  it('with keys that come twice in its documents is refused', async () => {
    for (const name of ['bundle.json', 'results.json', 'completeness.json', 'disposed.json']) {
      const text = (unpack(whole).get(name) ?? '').toString();
      const twice = name.startsWith('bundle') || name === 'results.json' ? text.replace('{', '{"format":2,') : '[{"a":1,"a":1}]\n';
      expect(wordOf(await verify(with_(name, name === 'results.json' ? text.replace('{', '{"catalog":"x",') : twice)), name), name).toBe('ALTERED');
    }
  });

  it('that claims more entries than it can hold is refused before room is made for them', async () => {
    const log = await forgeLog([{ head: runHead(0) }]);
    const { noteSigner } = await import('../src/log/note.ts');
    const { signCheckpoint } = await import('../src/log/checkpoint.ts');
    const { generateKeyPairSync } = await import('node:crypto');
    const signer = noteSigner('acme.example/huge', generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    await bundleOf(log, join(root, 'huge.tar'));
    const files = unpack(readFileSync(join(root, 'huge.tar')));
    files.set('checkpoint', Buffer.from(signCheckpoint({ origin: signer.name, size: 2 ** 50, root: Buffer.alloc(32) }, signer)));
    const verdict = await verify(pack(files), { key: verifierKey(signer) });
    expect(verdict.items.find(({ item }) => item === 'checkpoint')?.reasons).toContain(
      'the checkpoint is of 1125899906842624 entries, and the bundle cannot hold as many',
    );
  });

  it('never makes the verifier fail, and never passes, whatever is done to its files', async () => {
    const names = [...unpack(whole).keys()].filter((name) => !/^(README|report|results|manifest|bundle)/.test(name));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }),
          fc.json().map((text) => Buffer.from(text)),
        ),
        async (name, bytes) => {
          const before = unpack(whole).get(name);
          const verdict = await verify(with_(name, Buffer.from(bytes)));
          expect(verdict.sound).toBe(before?.equals(Buffer.from(bytes)) === true);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('an export', () => {
  let archive: Archive;
  beforeAll(async () => {
    archive = await makeLog(join(root, 'exported'), 30, 7);
  });
  afterAll(() => archive.close());
  const hours = (from: number, to: number) => ({ from: FROM + from * HOUR, to: FROM + to * HOUR });
  const exported = async (asked: Parameters<typeof bundleOf>[2]) => {
    const told = await bundleOf(archive, join(root, 'out.tar'), asked);
    const bytes = readFileSync(join(root, 'out.tar'));
    const records = [...unpack(bytes).keys()].flatMap((name) => /^evidence\/(\d+)\/statement/.exec(name)?.[1] ?? []).map(Number);
    return { told, bytes, records, verdict: await verify(bytes, { key: verifierKey(archive.verifier) }) };
  };

  it('gives the same bytes twice, and others for another question', async () => {
    const [first, second, other] = [await exported({}), await exported({}), await exported({ period: hours(0, 20) })];
    expect(first.bytes.equals(second.bytes)).toBe(true);
    expect(first.bytes.equals(other.bytes)).toBe(false);
  });

  it('holds the runs of the period, the look that stood when it began, the configuration, and what is cited', async () => {
    const { records, verdict, told } = await exported({ period: hours(15, 20), cited: [2] });
    // Of the three lines the last whole looks before hour 15 are those of hours 12, 13 and 14.
    expect(records).toEqual([0, 2, 13, 14, 15, 16, 17, 18, 19, 20]);
    expect(told).toMatchObject({ size: 31, records: 10, disposed: 0, lost: [] });
    expect(bad(verdict)).toEqual({});
  });

  it('of some sources holds their runs only, and says so', async () => {
    const { records, verdict } = await exported({
      period: hours(15, 20),
      sources: ['github/organization/org-0', 'github/repositories/org-2'],
      controls: ['AC-01'],
    });
    expect(records).toEqual([0, 13, 15, 16, 18, 19]);
    expect(bad(verdict)).toEqual({});
    expect(verdict.remarks.join('\n')).toMatch(/Only records of 2 sources belong to this bundle: github\/organization\/org-0, github\/repositories\/org-2\./);
  });

  it('tells why runs were not complete', async () => {
    const { bytes } = await exported({ period: hours(15, 20) });
    const lines = JSON.parse((unpack(bytes).get('completeness.json') ?? '').toString()) as { line: string; incomplete: unknown[] }[];
    expect(lines.map(({ line, incomplete }) => [line, incomplete.length])).toEqual([
      ['github/organization org-0 org-0', 0],
      ['github/repositories org-1 org-1', 1],
      ['github/repositories org-2 org-2', 0],
    ]);
    expect(lines[1]?.incomplete).toEqual([{ at: '2026-03-01T19:00:00Z', index: 20, outcome: 'failure', reason: '503 in hour 19', seq: 7 }]);
  });

  it('may leave the keys out: what the payloads are is verified, what they say is not told', async () => {
    const { bytes, verdict } = await exported({ sealed: true });
    expect([...unpack(bytes).keys()].filter((name) => name.endsWith('.key'))).toEqual([]);
    expect(bad(verdict)).toEqual({});
    expect(verdict.payloads.opened).toBe(0);
    expect(verdict.remarks.join('\n')).toMatch(/The keys of the payloads were left out/);
    expect((unpack(bytes).get('completeness.json') ?? '').toString()).not.toContain('503');
  });

  it('copies what others confirmed of checkpoints, and what is amiss with it is told', async () => {
    const { note } = await archive.proof(0);
    const name = (await archive.files.list('log/checkpoints')).at(-1) ?? '';
    writeFileSync(join(root, 'exported/log/checkpoints', `${name}.cosigned`), `${note}\u2014 witness.example ${Buffer.alloc(76, 1).toString('base64')}\n`);
    writeFileSync(join(root, 'exported/log/checkpoints', `${name}.freetsa.tsr`), 'not a token');
    const { verdict } = await exported({});
    expect(wordOf(verdict, `log/checkpoints/${name}`)).toBe('VERIFIED');
    expect(verdict.items.find(({ item }) => item.endsWith('.cosigned'))).toMatchObject({
      word: 'NOT CHECKED',
      reasons: [expect.stringMatching(/^signed by witness\.example:/)],
    });
    expect(wordOf(verdict, `log/checkpoints/${name}.freetsa.tsr`)).toBe('NOT CHECKED');
    writeFileSync(
      join(root, 'exported/log/checkpoints', `${name}.cosigned`),
      withLine(note, witness, cosign(note.slice(0, note.indexOf('\n\n') + 1), witness, FROM)),
    );
    const cosigned = async (witnesses: readonly string[]) =>
      (await verify((await exported({})).bytes, { witnesses, key: verifierKey(archive.verifier) })).items.find(({ item }) => item.endsWith('.cosigned'));
    expect(await cosigned([witnessKey(witness)])).toMatchObject({ word: 'VERIFIED', reasons: ['seen by witness.example 2026-03-01T00:00:00.000Z'] });
    expect(await cosigned([witnessKey(madeWitness('witness.other'))])).toMatchObject({ word: 'NOT CHECKED' });
    await expect(cosigned(['witness.example'])).rejects.toMatchObject({ message: '--witness witness.example: not an Ed25519 witness key: witness.example' });
    const forged = cosign('acme.example/bundles\n9\n', witness, FROM);
    writeFileSync(join(root, 'exported/log/checkpoints', `${name}.cosigned`), withLine(note, witness, forged));
    expect(await cosigned([witnessKey(witness)])).toMatchObject({
      word: 'ALTERED',
      reasons: ['the cosignature of witness.example does not fit the checkpoint'],
    });
    rmSync(join(root, 'exported/log/checkpoints', `${name}.cosigned`));
    mkdirSync(join(root, 'beside'));
    const beside = new Files(join(root, 'beside'));
    await beside.replace(
      `log/checkpoints/${name}.cosigned`,
      Buffer.from(withLine(note, witness, cosign(note.slice(0, note.indexOf('\n\n') + 1), witness, FROM))),
    );
    const { bytes } = await exported({ beside });
    expect([...unpack(bytes).keys()].filter((it) => it.includes(name)).toSorted()).toEqual(
      ['', '.cosigned', '.freetsa.tsr'].map((ending) => `log/checkpoints/${name}${ending}`),
    );
    rmSync(join(root, 'exported/log/checkpoints', `${name}.freetsa.tsr`));
  });

  it('says what the log has lost, and hands the rest over', async () => {
    const lost = await bundleOf(
      { files: archive.files, verifier: archive.verifier, payload: (it) => archive.payload(it), secret: async () => null },
      join(root, 'lost.tar'),
    );
    expect(lost.lost).toHaveLength(lost.payloads);
    expect(lost.lost[0]).toMatch(/^record 0: the keystore has no key for payload [0-9a-f]{64} \(evidence\/2026-Q1\)$/);
    const verdict = await verify(readFileSync(join(root, 'lost.tar')), { key: verifierKey(archive.verifier) });
    expect(wordOf(verdict, 'record 0')).toBe('MISSING');
  });

  it('of a log that grows meanwhile is of the log as it stood', async () => {
    const note = (await archive.files.read('log/checkpoint'))?.toString() ?? '';
    const before = await exported({ note });
    await archive.append([runDraft(30), runDraft(31)]);
    const after = await exported({ note });
    expect(after.bytes.equals(before.bytes)).toBe(true);
  });
});
