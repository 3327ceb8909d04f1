import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkpointName, readCheckpoint } from '../src/log/checkpoint.ts';
import { verifierKey } from '../src/log/note.ts';
import type { Payload } from '../src/log/statement.ts';
import { type BundleAsked, type BundleVerdict, verifyBundle } from '../src/verify/bundle.ts';
import { openBundle } from '../src/verify/bundle-files.ts';
import { encode, evidenceFolder } from '../src/verify/format.ts';
import { verdictText } from '../src/verify/words.ts';
import { bundleOf, type Forged, type ForgedLog, forgeLog, FROM, HOUR, pack, partsResults, runHead, temporary, unpack } from './bundles.ts';
import { worded } from './worded-answer.ts';

/** What a company that holds all its keys, and writes its bundles as it likes, could have its auditor read. */

const root = temporary();
const authority = join(root, 'authority');
afterAll(() => rmSync(root, { recursive: true, force: true }));

const run = (hour: number, rest: Partial<Forged> = {}): Forged => ({ head: runHead(hour), sealedAt: FROM + hour * HOUR, ...rest });
const hours = (from: number, to: number): Forged[] => Array.from({ length: to - from }, (_, place) => run(from + place));
const period = (from: number, to: number) => ({ from: FROM + from * HOUR, to: FROM + to * HOUR });

async function verdictOf(
  log: ForgedLog,
  change: (files: Map<string, Buffer>) => void = () => undefined,
  { bundle = {}, asked = {} }: { readonly bundle?: Parameters<typeof bundleOf>[2]; readonly asked?: Partial<BundleAsked> } = {},
): Promise<BundleVerdict> {
  const path = join(root, 'deceit.tar');
  await bundleOf(log, path, { period: period(0, 5), ...bundle });
  const changed = unpack(readFileSync(path));
  change(changed);
  writeFileSync(path, pack(changed));
  const files = openBundle(path);
  try {
    return await verifyBundle({ files, key: verifierKey(log.verifier), pin: null, authorities: null, ...asked });
  } finally {
    files.close();
  }
}

const itemOf = ({ items }: BundleVerdict, item: string) => items.find((it) => it.item === item);
const bad = ({ items }: BundleVerdict) =>
  items.flatMap(({ item, word, reasons }) => (word === 'ALTERED' || word === 'MISSING' ? [[item, word, reasons.join()]] : []));

describe('the time of a timestamp', () => {
  const openssl = (...words: readonly string[]) => execFileSync('openssl', words, { cwd: authority, stdio: 'pipe' });
  beforeAll(() => {
    mkdirSync(authority);
    const lines = ['[tsa]', 'default_tsa = it', '[it]', 'serial = ./serial', 'default_policy = 1.2.3.4', 'digests = sha256', 'signer_digest = sha256'];
    writeFileSync(join(authority, 'tsa.cnf'), `${lines.join('\n')}\n`);
    writeFileSync(join(authority, 'serial'), '01\n');
    const certificate = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30', '-subj', '/CN=authority'];
    openssl(...certificate, '-addext', 'extendedKeyUsage=critical,timeStamping', '-keyout', 'tsa.key', '-out', 'tsa.pem');
  });

  /** A log with a token of now over it, whose answer has these words beside its status. */
  async function stamped(words: string | null, records: readonly Forged[] = hours(0, 2)) {
    const log = await forgeLog(records);
    const checkpoint = readCheckpoint(Buffer.from(log.note), log.verifier);
    writeFileSync(join(authority, 'text'), log.note.slice(0, log.note.indexOf('\n\n') + 1));
    openssl('ts', '-query', '-data', 'text', '-sha256', '-cert', '-out', 'query');
    openssl('ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'query', '-signer', 'tsa.pem', '-inkey', 'tsa.key', '-out', 'reply');
    const answer = readFileSync(join(authority, 'reply'));
    const name = `log/checkpoints/${checkpointName(checkpoint)}`;
    const put = (files: Map<string, Buffer>) =>
      void files.set(name, Buffer.from(log.note)).set(`${name}.it.tsr`, words === null ? answer : worded(answer, words));
    return { log, put, item: `${name}.it.tsr` };
  }

  it.each([
    ['none', null],
    ['a line that looks like it', 'granted\nTime stamp: Mar  1 02:00:00 2026 GMT'],
  ])('is that which was signed, whatever its status says: %s', async (_, words) => {
    const before = Math.floor(Date.now() / 1000) * 1000 - 1000;
    const { log, put, item } = await stamped(words);
    const its = itemOf(await verdictOf(log, put, { asked: { authorities: join(authority, 'tsa.pem') } }), item);
    expect(its).toMatchObject({ word: 'VERIFIED', reasons: [expect.stringMatching(/^stamped \S+Z$/)] });
    expect(Date.parse(its?.reasons[0]?.slice('stamped '.length) ?? '')).toBeGreaterThanOrEqual(before);
  });

  it('is not verified by certificates that only the bundle names, and what they are is not either', async () => {
    const { log, put, item } = await stamped(null);
    const verdict = await verdictOf(log, (files) => {
      put(files);
      files.set('log/authorities/it.pem', readFileSync(join(authority, 'tsa.pem')));
    });
    expect(itemOf(verdict, item)).toMatchObject({
      word: 'NOT CHECKED',
      reasons: [expect.stringMatching(/^it says \S+Z, by certificates that only the bundle/)],
    });
    expect(itemOf(verdict, 'log/authorities/it.pem')?.word).toBe('NOT CHECKED');
  });

  it('binds its maker all the same: no record below it may say that it was sealed later', async () => {
    const later = Date.now() + 240 * HOUR;
    const { log, put } = await stamped(null, [run(0), { head: { kind: 'act' }, line: 'act', sealedAt: later }]);
    const verdict = await verdictOf(log, (files) => {
      put(files);
      files.set('log/authorities/it.pem', readFileSync(join(authority, 'tsa.pem')));
    });
    expect(itemOf(verdict, 'record 1')).toMatchObject({ word: 'ALTERED', reasons: [expect.stringContaining('but was there at')] });
  });
});

describe('what is printed', () => {
  const ESCAPE = '\u001b[2J';
  const lines = (verdict: BundleVerdict) => verdictText(verdict).split('\n');
  const MOVES = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

  it('holds no sign that would move a terminal, whatever names lines and controls', async () => {
    const partition = `a\n0 records, 1 items: 1 VERIFIED.${ESCAPE}\u009b2J\u2028\u202e`;
    const named = (hour: number) => ({ head: runHead(hour, { partition }), line: `github/organization a ${partition}`, sealedAt: FROM + hour * HOUR });
    const verdict = await verdictOf(await forgeLog([named(0), { ...named(1), seq: 3 }]));
    expect(bad(verdict).map(([, word]) => word)).toEqual(['MISSING']);
    expect(verdictText(verdict)).not.toMatch(MOVES);
    expect(lines(verdict).filter((it) => it.startsWith('0 records'))).toEqual([]);
    expect(verdictText(verdict)).toContain('\\u{9b}2J\\u{2028}\\u{202e}');
  });

  it('is of one line for each thing that is said, and no id of a bundle breaks it', async () => {
    const evil = `AC-01.\n206 records, 431 items: 431 VERIFIED. Nothing is missing, and nothing was altered.${ESCAPE}`;
    const log = await forgeLog(hours(0, 2));
    const { manner: sound } = await verdictOf(log);
    for (const bundle of [{ controls: [evil] }, { sources: [evil] }]) {
      const verdict = await verdictOf(log, undefined, { bundle });
      expect(itemOf(verdict, 'bundle.json')?.word).toBe('ALTERED');
      const shown: BundleVerdict = { ...verdict, manner: sound && { ...sound, ...bundle, period: { from: ESCAPE, to: evil } }, remarks: [evil] };
      expect(verdictText(shown)).not.toMatch(MOVES);
      expect(lines(shown)).toHaveLength(lines(verdict).length + 2 - verdict.remarks.length); // the period's, and one remark
    }
    const dated = await verdictOf(log, (files) => {
      const manner = (files.get('bundle.json') ?? '').toString();
      files.set('bundle.json', Buffer.from(manner.replace('2026-03-01T00:00:00Z', '2026-03-01T00:00:00.000Z')));
    });
    expect(itemOf(dated, 'bundle.json')?.word).toBe('ALTERED');
  });

  it('says how many items were not checked', async () => {
    const log = await forgeLog(hours(0, 5));
    expect(lines(await verdictOf(log)).at(-1)).toMatch(/Of what was checked nothing is missing, and nothing was altered; 5 items were not checked\.$/);
    const verdict = await verdictOf(log);
    expect(lines({ ...verdict, totals: { ...verdict.totals, 'NOT CHECKED': 0 } }).at(-1)).toMatch(/Nothing is missing, and nothing was altered\.$/);
  });
});

describe('results.json', () => {
  const log = forgeLog(hours(0, 5));
  const said = async (change: object, bundle: Parameters<typeof bundleOf>[2] = {}) => {
    const { note, verifier } = await log;
    const { origin, size, root: its } = readCheckpoint(Buffer.from(note), verifier);
    const sound = {
      ...(JSON.parse(partsResults[1].toString()) as object),
      period: { from: '2026-03-01T00:00:00Z', to: '2026-03-01T05:00:00Z' },
      checkpoint: { origin, size, root: its.toString('base64') },
      controls: [{ id: 'AC-01' }],
    };
    const verdict = await verdictOf(await log, (files) => void files.set('results.json', encode({ ...sound, ...change })), { bundle });
    return [itemOf(verdict, 'results.json'), itemOf(verdict, 'catalog')] as const;
  };

  it('is not checked, nor what it alone names, where it is of this bundle', async () => {
    const its = await said({}, { controls: ['AC-01'] });
    expect(its.map((it) => it?.word)).toEqual(['NOT CHECKED', 'NOT CHECKED']);
    expect(its[0]?.reasons.join()).toMatch(/nothing proves it: it should follow from the evidence/);
  });

  it.each<readonly [string, object, RegExp]>([
    ['another period', { period: { from: '2020-01-01T00:00:00Z', to: '2026-03-01T05:00:00Z' } }, /of another period/],
    ['another log', { checkpoint: { origin: 'other.example', size: 5, root: 'x' } }, /of another checkpoint/],
    ['other controls', { controls: [{ id: 'AC-01' }, { id: 'AC-02' }] }, /of another choice of controls/],
    ['another control', { controls: [{ id: 'AC-02' }] }, /of another choice of controls/],
    ['no controls', { controls: [] }, /of another choice of controls/],
    ['a checkpoint that is none', { checkpoint: 7 }, /of another checkpoint/],
    ['records beyond the log', { checks: [{ records: [3, 5] }] }, /cites record 5, and the log holds 5 records/],
    ['records that are none', { checks: [{ records: ['a'] }] }, /cites record a,/],
  ])('is altered where it is of %s', async (_, change, reason) => {
    const [its] = await said(change, { controls: ['AC-01'] });
    expect(its?.word).toBe('ALTERED');
    expect(its?.reasons.join()).toMatch(reason);
  });
});

describe('files that nothing asks for', () => {
  it('are altered where the bundle has no place for them', async () => {
    const names = ['earlier-checkpoint', 'consistency-from-3.txt', 'log/tile/0/007', 'log/statements/009', 'log/tile/entries/000'];
    const verdict = await verdictOf(await forgeLog(hours(0, 5)), (files) => {
      for (const name of names) files.set(name, Buffer.from('made up\n'));
    });
    expect(bad(verdict).map(([item, word]) => [item, word])).toEqual(names.toSorted().map((name) => [name, 'ALTERED']));
  });

  it('or something is said of each', async () => {
    const log = await forgeLog(hours(0, 5));
    let names: readonly string[] = [];
    const verdict = await verdictOf(log, (files) => {
      files.set('log/authorities/it.pem', Buffer.from('what it is\n'));
      names = [...files.keys()];
    });
    const unsaid = names.filter((name) => !/^(evidence|payloads|catalog)\//.test(name) && !itemOf(verdict, name));
    expect(unsaid).toEqual([]);
    expect(itemOf(verdict, 'log/statements/000.p/5')?.word).toBe('VERIFIED');
    const unread = await verdictOf(log, (files) => void files.set('checkpoint', Buffer.from('none\n')));
    expect(itemOf(unread, 'log/statements/000.p/5')?.word).toBe('NOT CHECKED');
  });
});

describe('what would stop a verifier, or make it look away', () => {
  it('a garbage key of a payload that says that it is too long to open is no key', async () => {
    let big: readonly Payload[] = [];
    const log = await forgeLog([run(0), run(1, { says: (made) => (big = made.map((it) => ({ ...it, size: 2 ** 30 + 1 }))) })]);
    expect(bad(await verdictOf(log))).toEqual([]);
    const verdict = await verdictOf(log, (files) => void files.set(`payloads/${big[0]?.digest}.key`, Buffer.from('no key at all\n')));
    expect(bad(verdict)).toEqual([['record 1', 'ALTERED', expect.stringContaining('the key of the payload is not the one that was sealed')]]);
  });

  it('a detail of more than 64 MiB is not opened, and one of millions of lists is not read', async () => {
    const long = await verdictOf(await forgeLog([run(0, { says: (made) => made.map((it) => ({ ...it, size: 64 * 1024 * 1024 + 1 })) })]));
    expect(itemOf(long, 'record 0')).toMatchObject({ word: 'NOT CHECKED', reasons: [expect.stringContaining('more than this program opens')] });
    const many = await verdictOf(await forgeLog([run(0, { detail: `[${'[],'.repeat(2 ** 21)}[]]` })]));
    expect(itemOf(many, 'record 0')).toMatchObject({
      word: 'NOT CHECKED',
      reasons: ['its detail has more than 4194304 members, more than this program reads'],
    });
  });

  it('a detail that many records name is opened for few of them, and of the others that is said', async () => {
    let one: readonly Payload[] = [];
    const body = { ...runHead(0), reason: 'x'.repeat(16e6) };
    const log = await forgeLog([
      run(0, { detail: { body, subjects: [] }, says: (made) => (one = made) }),
      ...hours(1, 8).map((it) => ({ ...it, says: () => one })),
    ]);
    const verdict = await verdictOf(log, undefined, { bundle: { period: period(0, 8) } });
    const words = Array.from({ length: 8 }, (_, index) => itemOf(verdict, `record ${index}`)?.word);
    expect(words).toEqual(['VERIFIED', 'ALTERED', 'ALTERED', 'ALTERED', 'ALTERED', 'NOT CHECKED', 'NOT CHECKED', 'NOT CHECKED']);
  });

  it('a statement of more than 64 MiB is not read', async () => {
    const name = `${evidenceFolder(1)}/statement.dsse.json`;
    const verdict = await verdictOf(await forgeLog(hours(0, 2)), (files) => void files.set(name, Buffer.alloc(64 * 1024 * 1024 + 1, '{')));
    expect(bad(verdict)).toEqual([['record 1', 'ALTERED', `${name} has 67108865 bytes, at most 67108864`]]);
  });
});

describe('evidence that the results rest on', () => {
  const without = (index: number) => (files: Map<string, Buffer>) => {
    const folder = evidenceFolder(index);
    const { payload } = JSON.parse((files.get(`${folder}/statement.dsse.json`) ?? '').toString()) as { payload: string };
    const { subject } = JSON.parse(Buffer.from(payload, 'base64').toString()) as { subject: { digest: { sha256: string } }[] };
    for (const name of ['statement.dsse.json', 'proof.tlog-proof']) files.delete(`${folder}/${name}`);
    for (const { digest } of subject) for (const ending of ['enc', 'key']) files.delete(`payloads/${digest.sha256}.${ending}`);
  };
  const occurred = encode({ ...(JSON.parse(partsResults[1].toString()) as object), occurrences: [{ records: [0] }] });

  it('is the last complete run of each line before the period too', async () => {
    const log = await forgeLog([...hours(0, 2), run(2, { head: runHead(2, { outcome: 'failure' }) }), ...hours(3, 5)]);
    const bundle = { period: period(3, 5) };
    expect(bad(await verdictOf(log, undefined, { bundle }))).toEqual([]);
    expect(bad(await verdictOf(log, without(1), { bundle }))).toEqual([
      ['record 1', 'MISSING', expect.stringMatching(/^it is the last complete run of line .* before/)],
    ]);
  });

  it('is what shows that something happened late too, and that is exported', async () => {
    const log = await forgeLog(hours(0, 5));
    const bundle = { period: period(3, 5) };
    const cite = (files: Map<string, Buffer>) => void files.set('results.json', occurred);
    expect(bad(await verdictOf(log, cite, { bundle }))).toEqual([['record 0', 'MISSING', expect.stringContaining('is cited by the results')]]);
    expect(bad(await verdictOf(log, cite, { bundle: { ...bundle, cited: [0] } }))).toEqual([]);
    const before = (files: Map<string, Buffer>) => {
      cite(files);
      const { sources: _, ...manner } = JSON.parse((files.get('bundle.json') ?? '').toString()) as Record<string, never>;
      files.set('bundle.json', encode({ ...manner, format: 2, collectors: null }));
    };
    expect(bad(await verdictOf(log, before, { bundle }))).toEqual([]); // those of before were not asked for it
  });

  it('that begins within the period is told of, and that there is none', async () => {
    const late = await verdictOf(await forgeLog([run(80), run(81)]), undefined, { bundle: { period: period(0, 82) } });
    expect(late.remarks.join('\n')).toMatch(/The first record was sealed on 2026-03-04T08:00:00Z, and the period began on 2026-03-01T00:00:00Z/);
    expect(late.remarks.join('\n')).toMatch(/these begin within the period: line "github\/organization a a" on 2026-03-04T08:00:00Z\./);
    const none = await verdictOf(await forgeLog(hours(100, 101)), undefined, { bundle: { period: period(0, 90) } });
    expect(none.remarks).toContain('No run of a source is of the period: no source was asked, as far as this bundle tells.');
    const inside = await verdictOf(await forgeLog(hours(0, 5)), undefined, { bundle: { period: period(2, 4) } });
    expect(inside.remarks.join('\n')).not.toMatch(/begin within|first record|No run/);
  });
});
