import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { filesWith, runDraft } from '../../test/archive.ts';
import { failing } from '../../test/cut-calls.ts';
import { days } from '../core/instant.ts';
import { readCheckpoint } from '../log/checkpoint.ts';
import { type LogDescription, parseDescription } from '../log/description.ts';
import { parseNote, parseVerifierKey } from '../log/note.ts';
import type { Archive } from './archive.ts';
import { openArchive } from './directory.ts';
import { CALLS, type Calls } from './files.ts';

const root = mkdtempSync(join(tmpdir(), 'rotation-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let made = 0;
const fresh = () => join(root, `r${made++}`);
let now = Date.parse('2026-03-01T02:00:00Z');
const quick: Calls = { ...CALLS, fsync: async () => undefined };
const open = (dir: string, calls = quick): Promise<Archive> =>
  openArchive({
    dir,
    clock: () => now,
    origin: 'acme.example/test',
    calls,
    abort: (error) => {
      throw error;
    },
  });
const described = (dir: string): LogDescription => parseDescription(readFileSync(join(dir, 'log/log.json')));
const published = (dir: string) => readFileSync(join(dir, 'log/checkpoint'));
const append = (archive: Archive, text: string) => archive.append([runDraft(text, { at: now })]);
const problems = async (archive: Archive) => (await archive.verify()).problems.map(({ code, index }) => `${code} ${index}`);

describe('a new key of the log', () => {
  it('signs beside the old one for a time, then alone; who knows only the old one goes on verifying until then', async () => {
    const dir = fresh();
    const archive = await open(dir);
    await append(archive, 'a');
    const old = parseVerifierKey(described(dir).verifierKey);

    expect(await archive.rotateKey('log', days(30))).toBe(1);
    await expect(archive.rotateKey('log', days(30))).rejects.toMatchObject({ code: 'CONFIGURATION', message: /being replaced since record 1/ });
    await append(archive, 'b');
    expect(parseNote(published(dir)).signatures).toHaveLength(2);
    expect(readCheckpoint(published(dir), old).size).toBe(3);
    const [, next] = described(dir).periods ?? [];
    expect(described(dir).periods).toEqual([
      { role: 'log', who: 'acme.example/test', key: described(dir).verifierKey, from: 0, to: null },
      { role: 'log', who: 'acme.example/test', key: next?.key, from: 3, to: null },
    ]);
    expect(readCheckpoint(published(dir), parseVerifierKey(next?.key ?? '')).size).toBe(3);
    expect(await archive.retireKey()).toBe(null);

    now += days(31);
    expect(await archive.retireKey()).toBe(3);
    expect(parseNote(published(dir)).signatures).toHaveLength(2);
    expect(described(dir).verifierKey).toBe(next?.key);
    await append(archive, 'c');
    expect(parseNote(published(dir)).signatures).toHaveLength(1);
    expect(() => readCheckpoint(published(dir), old)).toThrow(expect.objectContaining({ code: 'SIGNATURE' }));
    expect(readCheckpoint(published(dir), parseVerifierKey(next?.key ?? '')).size).toBe(5);
    expect(await problems(archive)).toEqual([]);
    await archive.close();
    const again = await open(dir);
    await append(again, 'd');
    expect(await problems(again)).toEqual([]);
    expect(filesWith(join(dir, 'keys'), 'PRIVATE KEY').filter((name) => name.startsWith('log'))).toEqual(['log.pem']);
    await again.close();
  });

  it('is followed by a process that had the log open, and does not write', async () => {
    const dir = fresh();
    const [writer, reader] = [await open(dir), await open(dir)];
    await append(writer, 'a');
    await writer.rotateKey('log', 0);
    await writer.retireKey();
    await append(writer, 'b');
    expect((await reader.checkpoint()).size).toBe(4);
    expect(await problems(reader)).toEqual([]);
    await reader.close();
    await writer.close();
  });

  it('is no key for what came after it was retired', async () => {
    const dir = fresh();
    const archive = await open(dir);
    await append(archive, 'a');
    const stolen = readFileSync(join(dir, 'keys/log.pem'));
    await archive.rotateKey('log', 0);
    await archive.retireKey();
    await append(archive, 'b');
    await archive.close();
    // Whoever has the old key signs the log as it is, with it alone.
    const { noteSigner } = await import('../log/note.ts');
    const { signCheckpoint } = await import('../log/checkpoint.ts');
    const checkpoint = readCheckpoint(published(dir), parseVerifierKey(described(dir).verifierKey));
    const forged = signCheckpoint(checkpoint, noteSigner('acme.example/test', stolen.toString()));
    writeFileSync(join(dir, 'log/checkpoint'), forged);
    const opened = await open(dir);
    await expect(opened.checkpoint()).rejects.toMatchObject({ code: 'KEY_PERIOD' });
    expect(await problems(opened)).toEqual(['KEY_PERIOD null']);
    await opened.close();
  });
});

describe('a new key of a collector', () => {
  it('signs from its record on, and the old one signs nothing more', async () => {
    const dir = fresh();
    const archive = await open(dir);
    await append(archive, 'a');
    const old = described(dir).statementKeys['github/organization'];
    expect(await archive.rotateKey({ statements: 'github/organization' }, 0)).toBe(1);
    expect(await archive.rotateKey({ statements: 'workspace' }, 0)).toBe(2);
    await append(archive, 'b');
    const { statementKeys, periods } = described(dir);
    expect(statementKeys['github/organization']).not.toBe(old);
    expect(periods?.filter(({ who }) => who === 'github/organization')).toEqual([
      { role: 'statement', who: 'github/organization', key: old, from: 0, to: 2 },
      { role: 'statement', who: 'github/organization', key: statementKeys['github/organization'], from: 2, to: null },
    ]);
    expect(await problems(archive)).toEqual([]);
    await expect(archive.rotateKey({ statements: 'nobody' }, 0)).rejects.toMatchObject({ code: 'CONFIGURATION' });
    await archive.close();
  });

  it('is noticed where the old one goes on signing, where it is not introduced, and where it speaks for another', async () => {
    const dir = fresh();
    const archive = await open(dir);
    await append(archive, 'a');
    await archive.append([{ body: { kind: 'configuration', at: now }, demo: true, subjects: [] }]);
    const [path, before] = [join(dir, 'keys/github%2Forganization.pem'), readFileSync(join(dir, 'log/log.json'))];
    const old = readFileSync(path);
    await archive.rotateKey({ statements: 'github/organization' }, 0);
    await archive.close();

    const describedAs = async (change: (description: LogDescription) => unknown, key?: Buffer) => {
      const copy = fresh();
      cpSync(dir, copy, { recursive: true });
      const whole = readFileSync(join(copy, 'log/log.json'));
      if (key) {
        // The old key is put back, with a description that allows it, and signs a record; then the right description is put back.
        writeFileSync(join(copy, 'keys/github%2Forganization.pem'), key);
        const { Keys } = await import('./keys.ts');
        const settle = Keys.prototype.settle;
        Keys.prototype.settle = async () => undefined;
        writeFileSync(join(copy, 'log/log.json'), before);
        const writer = await open(copy);
        await append(writer, 'late');
        await writer.close();
        Keys.prototype.settle = settle;
      }
      writeFileSync(join(copy, 'log/log.json'), JSON.stringify(change(JSON.parse(whole.toString()) as LogDescription)));
      const opened = await open(copy);
      const found = await problems(opened);
      await opened.close();
      return found;
    };
    expect(await describedAs((it) => it, old)).toEqual(['KEY_PERIOD 3']);
    expect(await describedAs(({ periods: _, ...it }) => it)).toEqual(['UNKNOWN_KEY 0', 'KEY_RECORDS null']);
    expect(
      await describedAs((it) => ({
        ...it,
        statementKeys: { ...it.statementKeys, workspace: it.statementKeys['github/organization'], x: it.statementKeys.workspace },
      })),
    ).toEqual(['WRONG_KEY 1', 'WRONG_KEY 2']);
  });
});

it('is finished where it was cut off at any call: the keys that sign are those that the log names', async () => {
  class Cut extends Error {}
  const from = fresh();
  const sound = await open(from);
  await append(sound, 'a');
  await sound.rotateKey('log', 0);
  await sound.close();
  for (let at = 1; ; at += 7) {
    const dir = fresh();
    cpSync(from, dir, { recursive: true });
    const { calls } = failing(
      quick,
      (call) => call >= at,
      () => new Cut(),
    );
    const cut = await open(dir, calls);
    const whole = await (async () => {
      await cut.retireKey();
      await cut.rotateKey({ statements: 'github/organization' }, 0);
      return true;
    })().catch(() => false);
    await cut.close();
    rmSync(join(dir, 'log/.state/unconfirmed'), { force: true });
    const after = await open(dir);
    await append(after, 'after');
    await after.retireKey();
    await append(after, 'after that');
    expect(await problems(after), `call ${at}`).toEqual([]);
    expect(parseNote(published(dir)).signatures, `call ${at}`).toHaveLength(1);
    await after.close();
    expect(existsSync(join(dir, 'keys/log.pem')) && readdirSync(join(dir, 'keys')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    rmSync(dir, { recursive: true });
    if (whole) break;
  }
}, 120_000);
