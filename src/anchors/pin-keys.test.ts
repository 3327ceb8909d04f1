import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runDraft } from '../../test/archive.ts';
import { pinLog } from '../app/pin.ts';
import { days } from '../core/instant.ts';
import { openArchive } from '../evidence/directory.ts';
import { CALLS, Files } from '../evidence/files.ts';
import { readCheckpoint, signCheckpoint } from '../log/checkpoint.ts';
import { logVerifier, parseDescription } from '../log/description.ts';
import { noteSigner, type NoteSigner } from '../log/note.ts';
import { verifyLog } from '../verify/log.ts';

const root = mkdtempSync(join(tmpdir(), 'pin-keys-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let made = 0;
const fresh = () => join(root, `k${made++}`);

const ORIGIN = 'acme.example/keys';
let now = Date.parse('2026-03-01T02:00:00Z');

/** A log in a folder, and the auditor's file about it. */
async function opened(dir = fresh()) {
  const archive = await openArchive({ dir, clock: () => (now += 60_000), origin: ORIGIN, calls: { ...CALLS, fsync: async () => undefined } });
  const key = () => parseDescription(readFileSync(join(dir, 'log/log.json'))).verifierKey;
  return {
    dir,
    archive,
    key,
    signer: () => noteSigner(ORIGIN, readFileSync(join(dir, 'keys/log.pem'), 'utf8')),
    append: (text: string) => archive.append([runDraft(text, { at: now })]),
    async replaceKey() {
      const [from, record] = [key(), await archive.rotateKey('log', 0)];
      await archive.retireKey();
      return { record, replaces: from, key: key(), checkpoint: record + 1 };
    },
    codes: async () => (await verifyLog(new Files(dir))).problems.map(({ code }) => code),
  };
}

const noteOf = (dir: string, size: number): string => {
  const name = readdirSync(join(dir, 'log/checkpoints')).find((it) => Number(it.slice(0, 20)) === size);
  return join(dir, 'log/checkpoints', name ?? `no checkpoint of size ${size}`);
};

/** As whoever has every file of the log, and this key: the same checkpoint, signed with it alone. */
function signAnew(dir: string, file: string, signer: NoteSigner): void {
  const checkpoint = readCheckpoint(readFileSync(file), logVerifier(parseDescription(readFileSync(join(dir, 'log/log.json')))));
  writeFileSync(file, signCheckpoint(checkpoint, signer));
}

describe('a pin, where the key of the log was replaced', () => {
  it('goes on with the key that took its place, and says which record shows it', async () => {
    const log = await opened();
    const file = fresh();
    const pin = (key?: string) => pinLog({ log: log.dir, file, key });
    await log.append('a');
    await pin();
    const first = await log.replaceKey();
    await log.append('b');
    expect(await pin()).toMatchObject({ before: { size: 1 }, checkpoint: { size: 4 }, verifierKey: first.key, followed: [first] });
    expect(readFileSync(file, 'utf8')).toContain(`log ${first.key}\n`);
    expect(await pin()).toMatchObject({ verifierKey: first.key, followed: [] });
    await log.archive.close();
  });

  it('follows several at once, from a key that was told alone too, and takes the newest one told beside it', async () => {
    const log = await opened();
    const [file, old] = [fresh(), log.key()];
    await log.append('a');
    await pinLog({ log: log.dir, file, key: undefined });
    const first = await log.replaceKey();
    await log.append('b');
    const second = await log.replaceKey();
    await log.append('c');
    expect(second.replaces).toBe(first.key);
    const followed = [first, second];
    expect(await pinLog({ log: log.dir, file: fresh(), key: old })).toMatchObject({ before: null, verifierKey: second.key, followed });
    expect(await pinLog({ log: log.dir, file: fresh(), key: first.key })).toMatchObject({ followed: [second] });
    expect(await pinLog({ log: log.dir, file, key: second.key })).toMatchObject({ before: { size: 1 }, verifierKey: second.key, followed });
    expect(await log.codes()).toEqual([]);
    await log.archive.close();
  });

  it('stays with the old key while both sign, and goes on afterwards by its own checkpoint, whatever the archive has lost', async () => {
    const log = await opened();
    const file = fresh();
    const pin = () => pinLog({ log: log.dir, file, key: undefined });
    await log.append('a');
    const old = log.key();
    const record = await log.archive.rotateKey('log', days(30));
    await log.append('b');
    expect(await pin()).toMatchObject({ verifierKey: old, followed: [] });
    now += days(31);
    await log.archive.retireKey();
    await log.append('c');
    for (const size of [2, 3, 4]) rmSync(noteOf(log.dir, size));
    expect(await pin()).toMatchObject({ checkpoint: { size: 5 }, followed: [{ record, replaces: old, checkpoint: 3 }] });
    await log.archive.close();
  });

  it('needs the statements of the log for that, and says so', async () => {
    const log = await opened();
    const file = fresh();
    await log.append('a');
    await pinLog({ log: log.dir, file, key: undefined });
    await log.replaceKey();
    await log.append('b');
    await log.archive.close();
    const held = readFileSync(file, 'utf8');
    rmSync(join(log.dir, 'log/statements'), { recursive: true });
    await expect(pinLog({ log: log.dir, file, key: undefined })).rejects.toMatchObject({
      code: 'SIGNATURE',
      message: expect.stringMatching(/statements\/000\.p\/4 is missing\. Take a copy of the whole folder/),
    });
    expect(readFileSync(file, 'utf8')).toBe(held);
  });
});

describe('a key that was not introduced under the one before it', () => {
  /** A log whose key was replaced, with what the auditor held before; and the same log as it would have gone on without. */
  async function replaced() {
    const log = await opened();
    const file = fresh();
    await log.append('a');
    await pinLog({ log: log.dir, file, key: undefined });
    await log.archive.close();
    const honest = fresh();
    cpSync(log.dir, honest, { recursive: true });
    const again = await opened(log.dir);
    const old = again.signer();
    const { record } = await again.replaceKey();
    await again.append('b');
    await again.archive.close();
    return { log: again, file, honest, old, record };
  }
  const refused = async (dir: string, file: string) => {
    const held = readFileSync(file, 'utf8');
    const error: unknown = await pinLog({ log: dir, file, key: undefined }).catch((it: unknown) => it);
    expect(readFileSync(file, 'utf8')).toBe(held);
    return error;
  };

  it('is refused where no checkpoint of the old key holds its record', async () => {
    const { log, file } = await replaced();
    for (const size of [2, 3]) rmSync(noteOf(log.dir, size));
    expect(await refused(log.dir, file)).toMatchObject({
      code: 'SIGNATURE',
      exit: 3,
      message: expect.stringMatching(/Record 1 says .* the checkpoint of size 2 /),
    });
  });

  it('is refused where it signed those checkpoints itself, and the log says so of its own', async () => {
    const { log, file } = await replaced();
    for (const size of [2, 3]) signAnew(log.dir, noteOf(log.dir, size), log.signer());
    expect(await refused(log.dir, file)).toMatchObject({ code: 'SIGNATURE', message: expect.stringContaining('anybody could have written it') });
    expect(await log.codes()).toEqual(expect.arrayContaining(['KEY_SUCCESSION']));
  });

  it('is refused where the old key signed a checkpoint of that size over another history', async () => {
    const { log, file, honest } = await replaced();
    const other = await opened(honest);
    await other.append('what was sealed in fact');
    await other.append('and after that');
    await other.archive.close();
    for (const size of [2, 3]) writeFileSync(noteOf(log.dir, size), readFileSync(noteOf(honest, size)));
    expect(await refused(log.dir, file)).toMatchObject({ code: 'SIGNATURE', message: expect.stringContaining('Record 1 says') });
  });

  it('is refused where the old key signed over it only after it was retired', async () => {
    const { log, file, old } = await replaced();
    const [two, three] = [noteOf(log.dir, 2), noteOf(log.dir, 3)];
    for (const note of [two, three]) rmSync(note);
    signAnew(log.dir, noteOf(log.dir, 4), old);
    expect(await refused(log.dir, file)).toMatchObject({ code: 'SIGNATURE', message: expect.stringContaining('Record 1 says') });
    cpSync(noteOf(log.dir, 4), two); // under the name of one that it did sign in its time
    expect(await refused(log.dir, file)).toMatchObject({ code: 'SIGNATURE', message: expect.stringContaining('Record 1 says') });
  });

  it('is refused where no record introduces it', async () => {
    const log = await opened();
    const file = fresh();
    await log.append('a');
    await pinLog({ log: log.dir, file, key: undefined });
    await log.archive.close();
    const stranger = (await opened()).signer;
    signAnew(log.dir, join(log.dir, 'log/checkpoint'), stranger());
    expect(await refused(log.dir, file)).toMatchObject({ code: 'SIGNATURE', message: expect.stringContaining('no record introduces a key') });
  });
});
