import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { tamperDemo } from '../src/app/tamper.ts';
import { makeLog } from './made-log.ts';

const dir = mkdtempSync(join(tmpdir(), 'tamper-'));
afterAll(() => rmSync(dir, { recursive: true }));

it.each([3, 300])('a flipped bit in a copy of a log of %i records is refused by every verifier that looks at it', async (size) => {
  const state = join(dir, `${size}`);
  await (await makeLog(state, size, { batch: 100 })).close();
  const before = readFileSync(join(state, 'log/checkpoint'), 'utf8');
  const results = await tamperDemo(state, () => undefined);
  expect(results.map(({ what }) => what.replace(/\d+/, 'N'))).toEqual([
    'the entry of record N',
    'the statement of record N',
    'its payload',
    'the tile of hashes over it',
    'the root in the checkpoint',
  ]);
  for (const { what, file, verifiers } of results) {
    const [own, python, openssl] = verifiers;
    expect(own, what).toMatchObject({ verifier: 'tickmark log verify', verdict: 'refused' });
    expect(own?.says, what).toContain(file);
    expect(['refused', 'not installed'], `${what}: ${python?.says}`).toContain(python?.verdict);
    expect(['refused', 'not installed', 'not its part'], `${what}: ${openssl?.says}`).toContain(openssl?.verdict);
  }
  expect(readFileSync(join(state, 'log/checkpoint'), 'utf8')).toBe(before);
});
