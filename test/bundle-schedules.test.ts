import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { verifierKey } from '../src/log/note.ts';
import { verifyBundle } from '../src/verify/bundle.ts';
import { openBundle } from '../src/verify/bundle-files.ts';
import { verifyLog } from '../src/verify/log.ts';
import { bundleOf, type Forged, forgeLog, FROM, HOUR, runHead, temporary } from './bundles.ts';

/** Schedules that are changed, truly or in order to drop slots, as both verifiers tell of them. */

const root = temporary();
afterAll(() => rmSync(root, { recursive: true, force: true }));

type More = Readonly<Record<string, string | number | null>>;
const run = (hour: number, more: More = {}, sealed = hour): Forged => ({ head: runHead(hour, more), sealedAt: FROM + sealed * HOUR });
const configured = (hour: number): Forged => ({ head: { kind: 'configuration', at: FROM + hour * HOUR }, sealedAt: FROM + hour * HOUR });
/** The same source, asked every so many hours; `null` of one that is retired. */
const every = (hours: number | null): More => ({ every: hours === null ? null : hours * HOUR });
const skip = (slot: number | string, more: More = {}): More => ({ outcome: 'skip', slot, ...more });

async function told(records: readonly Forged[], until = 1000) {
  const log = await forgeLog(records);
  const path = join(root, 'told.tar');
  await bundleOf(log, path, { note: log.note, period: { from: FROM, to: FROM + until * HOUR } });
  const files = openBundle(path);
  const { items, remarks } = await verifyBundle({ files, key: verifierKey(log.verifier), pin: null, authorities: null });
  files.close();
  const verified = await verifyLog(log.files);
  return {
    bundle: items.flatMap(({ item, word, reasons }) => (word === 'MISSING' || word === 'ALTERED' ? [`${item} ${word} ${reasons.join('; ')}`] : [])),
    log: verified.problems.flatMap(({ code, index }) => (code === 'MISSING' || code === 'CHECKPOINT_MISSING' ? [] : [`${code} ${index}`])),
    remarks: remarks.filter((it) => it.startsWith('The schedule')),
    changes: verified.remarks,
  };
}

const SILENT = /^line "github\/organization a a" MISSING slots of its schedule passed/;

describe('slots that were dropped', () => {
  it.each<readonly [string, readonly Forged[], readonly string[]]>([
    ['and nothing said', [run(0), run(1), run(500), run(501)], ['SLOT 2']],
    [
      'behind one that was skipped in the far future',
      [run(0), run(0, skip(8.64e15, { every: 8.64e15 }), 0.1), run(1), run(500), run(501)],
      ['AHEAD 1', 'SCHEDULE 1', 'SCHEDULE 2', 'SLOT 3'],
    ],
    [
      'behind one that is retired, and yet to come',
      [run(0), run(900, { outcome: 'skip', every: null }, 0.1), run(500), run(501)],
      ['SCHEDULE 1', 'SCHEDULE 2', 'SLOT 2'],
    ],
    ['by the run after them, which says that it is asked seldom', [run(0), run(1), run(500, every(300)), run(501)], ['SCHEDULE 2', 'SCHEDULE 3', 'SLOT 2']],
    ['by the run before them, which says that it is the last', [run(0), run(1, every(null)), run(500), run(501)], ['SCHEDULE 1', 'SCHEDULE 2', 'SLOT 2']],
    [
      'by a word of an earlier slot that the source is retired',
      [run(0), run(1), run(0.5, { outcome: 'skip', every: null }, 2), run(500), run(501)],
      ['SCHEDULE 2', 'SCHEDULE 3', 'SLOT 3'],
    ],
    [
      'at the end, behind a word that the source is retired',
      [run(0), run(1, every(null)), { head: { kind: 'act' }, sealedAt: FROM + 90 * HOUR }],
      ['SCHEDULE 1', 'SILENT 1'],
    ],
    ['with a configuration from before the first run', [configured(0), run(0), run(1), run(500, every(300)), run(501)], ['SCHEDULE 3', 'SCHEDULE 4', 'SLOT 3']],
    [
      'with one of weeks before them',
      [run(0), configured(0), ...Array.from({ length: 250 }, (_, hour) => run(hour + 1)), run(500, every(300))],
      ['SCHEDULE 252', 'SLOT 252'],
    ],
    ['with a configuration of days after them', [run(0), run(500, every(300)), configured(600)], ['SCHEDULE 1', 'SLOT 1', 'SILENT 1']],
  ])('are missing: %s', async (_, records, expected) => {
    const { bundle, log } = await told(records);
    expect(log.toSorted()).toEqual(expected.toSorted());
    expect(bundle).toContainEqual(expect.stringMatching(SILENT));
    for (const said of expected.filter((it) => it.startsWith('SCHEDULE')))
      expect(bundle).toContainEqual(expect.stringMatching(new RegExp(`^record ${said.split(' ')[1]} ALTERED .*no configuration was sealed`)));
  });
});

describe('a schedule that was changed', () => {
  const weekly = every(7 * 24);
  it.each<readonly [string, readonly Forged[], readonly string[]]>([
    [
      'while the server ran',
      [run(0), run(1), configured(1.5), run(168, weekly), run(336, weekly)],
      ['asked every hour before, and is asked every 7 days from then on'],
    ],
    ['while the server was away', [run(0), run(1), configured(200), run(168, skip(FROM + 168 * HOUR, weekly), 200)], ['asked every hour before']],
    ['by a process that tells before it has sealed', [run(0), run(1), run(168, weekly), configured(168), run(336, weekly)], ['The configuration of record 3']],
    [
      'by such a process, and nothing is due yet',
      [run(0), run(1), run(168, weekly), configured(168), { head: { kind: 'act' }, sealedAt: FROM + 300 * HOUR }],
      ['is asked every 7 days from then on'],
    ],
    ['by one process while another did not know', [run(0), configured(1), run(1), run(2), run(170, weekly)], ['The configuration of record 1']],
    ['to be shorter', [run(0, weekly), configured(1), run(24), run(25)], ['asked every 7 days before, and is asked every hour']],
    [
      'to its end, from a day on that is yet to come',
      [run(0), configured(0.2), run(700, { outcome: 'skip', every: null }, 0.3)],
      ['is not asked any more from then on'],
    ],
    [
      'to its end, and asked again',
      [run(0), configured(0.2), run(0.2, { outcome: 'skip', every: null }), configured(400), run(400), run(401)],
      ['not asked any more from', 'not asked any more before'],
    ],
  ])('is no fault, and is said: %s', async (_, records, expected) => {
    const { bundle, log, remarks, changes } = await told(records, 300);
    expect([bundle, log]).toEqual([[], []]);
    expect(changes).toHaveLength(expected.length);
    for (const says of expected) expect(changes).toContainEqual(expect.stringContaining(says));
    expect(remarks).toEqual(changes);
  });

  it('is told of a bundle whose period it bears on', async () => {
    const records = [run(0), run(1), configured(1), run(50, every(50)), run(100, every(50))];
    const { remarks, changes } = await told(records, 1);
    expect([remarks, changes.length]).toEqual([[], 1]);
    expect((await told(records, 2)).remarks).toEqual(changes);
  });

  it('is told twenty times, and then by number', async () => {
    const changes = Array.from({ length: 23 }, (_, hour) => [configured(hour), run(hour, every(1 + (hour % 2)))]).flat();
    const { bundle, remarks, changes: all } = await told([run(0), ...changes.slice(2)], 23);
    expect([bundle, all.length, remarks.slice(0, 20)]).toEqual([[], 22, all.slice(0, 20)]);
    expect(remarks.slice(20)).toEqual(['The schedules were changed 2 more times.']);
  });
});

describe('what a run says of itself', () => {
  it.each<readonly [string, readonly Forged[]]>([
    ['a slot that is no time', [run(0), run(1, skip('x'))]],
    ['a slot beyond all dates', [run(0), run(1, skip(9e15))]],
    ['a step of nothing', [run(0, { every: 0 })]],
    ['a step of less than nothing', [run(0, { every: -HOUR })]],
    ['a step in words', [run(0, { every: '1h' })]],
    ['no outcome', [run(0, { outcome: 'fine' })]],
    ['a name of two words', [run(0, { name: 'a a', partition: '' })]],
    ['a line of another', [run(0), { ...run(1, { name: 'b' }), line: 'github/organization a a' }]],
    ['a line of runs, and is none', [run(0), { head: { kind: 'act' }, line: 'github/organization a a', sealedAt: FROM + HOUR }]],
    ['an end beyond all dates', [run(0, { finishedAt: Number.MAX_SAFE_INTEGER })]],
    ['a checkpoint of nothing, and a root', [{ ...run(0), afterCheckpoint: { size: 0, root: `${'b'.repeat(42)}A=` } }]],
    ['a pack elsewhere', [{ ...run(0), says: (made) => made.map((it) => ({ ...it, place: { ...it.place, pack: '../../../etc/passwd' } })) }]],
  ])('is refused by both verifiers: %s', async (_, records) => {
    const { bundle, log } = await told(records);
    const last = records.length - 1;
    expect(log).toContain(`STATEMENT ${last}`);
    expect(bundle).toContainEqual(expect.stringMatching(new RegExp(`^record ${last} ALTERED .*(does not say what|stands in the line)`)));
  });

  it('is refused where it failed at another time than that of its slot, and so in no period', async () => {
    const failed = run(1, { outcome: 'failure', startedAt: 0, finishedAt: 0 });
    const { bundle, log } = await told([run(0), failed, run(2)]);
    expect([bundle.map((it) => it.slice(0, 16)), log]).toEqual([['record 1 ALTERED'], ['LATE 1']]);
  });

  it('is no reason for a verifier to stop', async () => {
    const { files } = await forgeLog([run(0), { head: { kind: 'run' }, line: 'github/organization a a', sealedAt: FROM }]);
    expect((await verifyLog(files)).problems).toContainEqual(expect.objectContaining({ code: 'STATEMENT', index: 1 }));
  });

  it('does not prove more of the past for a schedule that it makes up', async () => {
    const { log } = await told([run(0, every(400 * 24), 300 * 24)]);
    expect(log).toEqual(['LATE 0']);
  });

  it('names the log that stood before it, and no other', async () => {
    const after = (size: number, its: string): Forged => ({ ...run(1), afterCheckpoint: { size, root: its } });
    const other = Buffer.alloc(32, 7).toString('base64');
    expect((await told([run(0), after(5000, other)])).bundle).toEqual([
      expect.stringMatching(/^record 1 ALTERED it was made before record 1 was, and names .* 5000$/),
    ]);
    expect((await told([run(0), after(1, other)])).bundle).toEqual([
      expect.stringMatching(/^record 1 ALTERED it names a checkpoint of size 1 that the entries/),
    ]);
  });
});
