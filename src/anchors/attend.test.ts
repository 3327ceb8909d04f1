import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { IncompleteError } from '../core/error.ts';
import { hours, type Instant, instant, minutes } from '../core/instant.ts';
import { Files } from '../evidence/files.ts';
import { readCheckpoint } from '../log/checkpoint.ts';
import { cosignatures, parseWitnessKey } from '../log/cosignature.ts';
import { type Anchors, attend } from './attend.ts';
import { attended } from './attended.ts';
import { type Cosigner, openCosigner } from './cosigner.ts';
import { failed, isDue, NEVER_VISITED } from './memory.ts';
import type { Post } from './post.ts';
import { entries, type TinyLog, tinyLog } from './testing/tiny-log.ts';
import { verifyAnchors } from './verify.ts';

const root = mkdtempSync(join(tmpdir(), 'attend-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let made = 0;
const fresh = () => join(root, `a${made++}`);
/** These logs hold no statements. */
const nobody = () => Promise.reject(new Error('not asked'));
const START = instant('2026-03-01T02:00:00Z');

describe('the newest checkpoint', () => {
  let [now, dir]: [Instant, string] = [START, ''];
  let log: TinyLog;
  let witnesses: readonly Cosigner[];
  let anchors: Anchors;
  const silent = new Set<string>();
  const bodies: string[] = [];
  /** Straight to the witnesses, by their names; whoever is silent, and every authority, is not reached. */
  const post: Post = async (url, _, body) => {
    const host = new URL(url).host;
    bodies.push(Buffer.from(body).toString('utf8'));
    const its = witnesses[Number(host.at(-1))];
    if (!its || silent.has(host)) throw new IncompleteError(`${url}: no answer within 20 s`);
    const { status, contentType, body: said } = await its.add(Buffer.from(body));
    return { status, contentType, body: Buffer.from(said) };
  };
  const visit = (patient = false) => attend(log.place(), anchors, { post, clock: () => now, patient });
  const stands = (since = now) => attended(log.place(), anchors, { now, since });

  beforeEach(async () => {
    [now, dir] = [START, fresh()];
    silent.clear();
    bodies.length = 0;
    log = tinyLog(dir);
    witnesses = await Promise.all(['w0', 'w1'].map((name) => openCosigner({ dir: fresh(), name, logs: [log.vkey], clock: () => now })));
    anchors = { witnesses: witnesses.map(({ vkey }, place) => ({ url: `http://w${place}/`, key: parseWitnessKey(vkey) })), quorum: 2, authorities: [] };
  });

  it('is brought to all witnesses, once, and their lines are kept in one note', async () => {
    const { name, note } = log.publish(entries(300));
    await visit();
    await visit(true);
    expect(bodies).toHaveLength(2);
    const kept = readFileSync(join(dir, 'log/checkpoints', `${name}.cosigned`));
    expect(kept.toString('utf8').startsWith(note)).toBe(true);
    expect(
      cosignatures(
        kept,
        anchors.witnesses.map(({ key }) => key),
      ),
    ).toMatchObject([{ name: 'w0' }, { name: 'w1' }]);
    expect(readCheckpoint(kept, log.signer).size).toBe(300);
    log.publish(entries(400));
    await visit();
    expect(bodies.slice(2).map((body) => body.split('\n')[0])).toEqual(['old 300', 'old 300']);
    expect(await stands()).toMatchObject({
      size: 400,
      witnessed: true,
      timestamped: false,
      complaints: [],
      standings: [{ current: true, newest: { size: 400, at: START } }, { current: true }],
    });
    expect(await verifyAnchors(log.place(), anchors, async function* () {}, nobody)).toEqual([]);
  });

  it('is shown again after an hour, and the newer word takes the place of the older', async () => {
    const { name } = log.publish(entries(3));
    await visit();
    now += hours(1) + 1000;
    await visit(true);
    expect(bodies.slice(2).map((body) => body.split('\n')[0])).toEqual(['old 3', 'old 3']);
    const kept = readFileSync(join(dir, 'log/checkpoints', `${name}.cosigned`));
    const keys = anchors.witnesses.map(({ key }) => key);
    expect(cosignatures(kept, keys).map(({ at }) => at)).toEqual([START + hours(1) + 1000, START + hours(1) + 1000]);
  });

  it('asks again by the size that the witness knows, where ours was forgotten', async () => {
    log.publish(entries(5));
    await visit();
    rmSync(join(dir, 'log/.state'), { recursive: true });
    log.publish(entries(9));
    await visit();
    expect(bodies.slice(2).map((body) => body.split('\n')[0])).toEqual(['old 0', 'old 0', 'old 5', 'old 5']);
    expect((await stands()).witnessed).toBe(true);
  });

  it('is unwitnessed while a witness is silent, which is reported after an hour and made good later', async () => {
    silent.add('w1');
    log.publish(entries(5));
    await visit();
    const [good, bad] = (await stands()).standings;
    expect(good).toMatchObject({ current: true, trouble: null });
    expect(bad).toMatchObject({
      current: false,
      newest: null,
      trouble: { since: START, code: 'INCOMPLETE', says: 'http://w1/add-checkpoint: no answer within 20 s' },
    });
    expect((await stands()).witnessed).toBe(false);
    expect((await stands()).complaints).toEqual([]);
    now = START + hours(1) + 1;
    expect((await stands(START)).complaints.map(({ code, grave }) => [code, grave])).toEqual([
      ['WITNESS_SILENT', false],
      ['UNWITNESSED', false],
    ]);
    expect((await stands(now)).complaints.map(({ code }) => code)).toEqual(['WITNESS_SILENT']); // newer records do not hide an old silence
    silent.clear();
    await visit();
    expect(await stands(START)).toMatchObject({ witnessed: true, complaints: [] });
  });

  it('leaves those alone that failed a moment ago, unless told to try', async () => {
    silent.add('w0').add('w1');
    log.publish(entries(5));
    await visit(true);
    await visit(true);
    expect(bodies).toHaveLength(2);
    now += minutes(0.5);
    await visit(true);
    expect(bodies).toHaveLength(4);
    now += minutes(0.5);
    await visit(true);
    expect(bodies).toHaveLength(4);
    await visit();
    expect(bodies).toHaveLength(6);
  });

  it('of a log that was rolled back is refused, and the witness is believed', async () => {
    log.publish(entries(300));
    await visit();
    log.publish(entries(200));
    await visit();
    const { complaints, witnessed } = await stands();
    expect(witnessed).toBe(false);
    expect(complaints.map(({ code, grave }) => [code, grave])).toEqual([
      ['ROLLBACK', true],
      ['ROLLBACK', true],
    ]);
    expect(complaints[0]?.says).toBe(
      'the witness w0 has signed this log at size 300, but it is brought at size 200: an older state was put back, and 100 records are gone',
    );
    log.publish(entries(400));
    await visit();
    expect((await stands()).complaints).toEqual([]);
  });

  it.each([
    ['longer', 400],
    ['of the same size', 300],
  ])('of a forked log, %s, is refused', async (_, size) => {
    log.publish(entries(300));
    await visit();
    log.publish(entries(size, 100));
    await visit();
    expect((await stands()).complaints).toMatchObject([
      { code: 'FORK', grave: true, says: 'the witness w0 has signed another history of this log: what it saw at size 300 is not what stands here' },
      { code: 'FORK', grave: true },
    ]);
  });

  it('is not called a fork where a tile of ours is damaged', async () => {
    log.publish(entries(300));
    await visit();
    log.publish(entries(400));
    const tile = join(dir, 'log/tile/0/001.p/144');
    const bytes = readFileSync(tile);
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    writeFileSync(tile, bytes);
    await visit();
    expect((await stands()).standings[0]?.trouble).toMatchObject({ code: 'TILE', says: expect.stringContaining('Run "tickmark log verify"') });
  });

  it('is brought in its newer form where another process was faster', async () => {
    log.publish(entries(3));
    const late: Post = async (url, type, body) => {
      if (bodies.length === 0) {
        log.publish(entries(8));
        await attend(log.place(), anchors, { post, clock: () => now, patient: false });
      }
      return post(url, type, body);
    };
    await attend(log.place(), { ...anchors, witnesses: anchors.witnesses.slice(0, 1) }, { post: late, clock: () => now, patient: false });
    expect(await stands()).toMatchObject({ size: 8, witnessed: true, complaints: [] });
  });

  it('is untimestamped while no authority answers', async () => {
    anchors = { witnesses: [], quorum: 0, authorities: [{ name: 'tsa', url: 'http://tsa', trust: { roots: [], intermediates: [] }, policy: null }] };
    log.publish(entries(3));
    await visit();
    now += hours(2);
    expect(await stands(START)).toMatchObject({ timestamped: false, complaints: [{ code: 'AUTHORITY_SILENT', grave: false }] });
  });

  it('is not believed by what is kept where that was changed', async () => {
    const { name } = log.publish(entries(3));
    await visit();
    const file = join(dir, 'log/checkpoints', `${name}.cosigned`);
    const kept = readFileSync(file, 'utf8');
    const place = kept.indexOf('\u2014 w0 ') + 40;
    writeFileSync(file, `${kept.slice(0, place)}${kept[place] === 'A' ? 'B' : 'A'}${kept.slice(place + 1)}`);
    const codes = (await verifyAnchors(log.place(), anchors, async function* () {}, nobody)).map(({ code, file: its }) => [code, its]);
    expect(codes).toEqual([['COSIGNATURE', `log/checkpoints/${name}.cosigned`]]);
    expect((await stands()).complaints.map(({ code }) => code)).toContain('COSIGNATURE');
  });

  it('of a log that lies in a bucket is compared with what is kept beside it', async () => {
    const { name } = log.publish(entries(3));
    const place = { store: new Files(mkdtempSync(join(root, 'state-'))), reader: log.place().reader };
    await attend(place, anchors, { post, clock: () => now, patient: false });
    expect(await attended(place, anchors, { now, since: now })).toMatchObject({ witnessed: true, complaints: [] });
    expect(await place.store.list('log/checkpoints')).toEqual([`${name}.cosigned`]);
    expect(await verifyAnchors(place, anchors, async function* () {}, nobody)).toEqual([]);
    rmSync(join(dir, 'log/checkpoints', name));
    const problems = await verifyAnchors(place, anchors, async function* () {}, nobody);
    expect(problems.map(({ code, says }) => [code, says])).toEqual([['MISSING', `log/checkpoints/${name} is missing`]]);
  });

  it('of an empty log is brought to nobody', async () => {
    log.publish([]);
    await visit();
    expect(bodies).toEqual([]);
  });
});

describe('memory', () => {
  it('waits longer after each failure, up to a quarter of an hour, and not for a clock that was put back', () => {
    let visit = NEVER_VISITED;
    const waits: number[] = [];
    for (let times = 1; times <= 8; times++) {
      visit = failed(visit, new IncompleteError('silence'), START);
      const wait = [30, 60, 120, 240, 480, 900].find((seconds) => isDue(visit, START + seconds * 1000)) ?? -1;
      waits.push(wait);
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 900, 900, 900]);
    expect(visit.failing).toMatchObject({ since: START, times: 8 });
    expect([isDue(visit, START + 1000), isDue(visit, START - 1000)]).toEqual([false, true]);
  });

  it('throws mistakes of ours on', () => expect(() => failed(NEVER_VISITED, new TypeError('ours'), START)).toThrow(TypeError));
});
