import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { draft } from '../../test/log/drafts.ts';
import { open } from '../../test/log/examine.ts';
import { logVerifier, parseDescription } from '../log/description.ts';
import { LogReader } from '../log/reader.ts';
import { lineOf } from '../log/statement.ts';
import { statementsPath, TILE_WIDTH } from '../log/tiles.ts';
import { Files } from './files.ts';
import { Lines } from './lines.ts';
import type { Draft } from './record.ts';

const root = mkdtempSync(join(tmpdir(), 'lines-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const SIZE = 1500;
/** Of a log in which every 100th record is a hold, all others runs of one line. */
const isHold = (index: number): boolean => index % 100 === 7;
const HOLDS = Array.from({ length: SIZE }, (_, index) => index).filter(isHold);
const LINE = lineOf(draft('1').body);
const NOTED = 310;
const notedAt = (size: number) => ({
  size,
  lines: { [LINE]: { seq: size - 4, digest: 'ab'.repeat(32), recent: [] }, hold: { seq: 4, digest: 'cd'.repeat(32), recent: [] } },
  about: HOLDS.filter((index) => index < size),
});

const hold: Draft = {
  body: { kind: 'hold', step: 'placed', what: { records: [0] }, placed: null, reason: null, by: null },
  demo: true,
  retention: 'configuration',
  subjects: [],
};

async function log(name: string): Promise<{ readonly dir: string; readonly files: Files; readonly reader: LogReader }> {
  const dir = join(root, name);
  const archive = await open(dir);
  await archive.append(Array.from({ length: SIZE }, (_, index) => (isHold(index) ? hold : draft(`${index}`))));
  await archive.close();
  const files = new Files(dir);
  const description = (await files.read('log/log.json')) ?? Buffer.alloc(0);
  return { dir, files, reader: new LogReader(files, logVerifier(parseDescription(description))) };
}

it('goes on from what was noted with the statements after it, each once', async () => {
  const { files, reader } = await log('noted');
  await files.replace('log/.state/lines', Buffer.from(JSON.stringify(notedAt(NOTED))));
  const lines = await Lines.read(files, reader, SIZE);
  expect([lines.last(LINE).seq, lines.last('hold').seq]).toEqual([SIZE - HOLDS.length, HOLDS.length]);
  await lines.take(lines.draft(null), SIZE + 5000); // so that it is noted again
  expect(JSON.parse((await files.read('log/.state/lines'))?.toString() ?? '')).toMatchObject({ size: SIZE + 5000, about: HOLDS });
});

it('refuses to go on where one of them is not what was sealed', async () => {
  const { dir, files, reader } = await log('altered');
  const path = join(dir, `log/${statementsPath(0, TILE_WIDTH)}`);
  chmodSync(path, 0o644);
  const bytes = readFileSync(path);
  bytes.writeUInt8(bytes.readUInt8(100_000) ^ 1, 100_000);
  writeFileSync(path, bytes);
  await expect(Lines.read(files, reader, SIZE)).rejects.toMatchObject({ code: 'STATEMENT' });
});
