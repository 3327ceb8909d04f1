import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openScratch } from '../store/scratch.ts';
import { spooled } from './spool.ts';

it('knows the size and the digest of a text before it is written, and gives it in pieces', () => {
  const dir = mkdtempSync(join(tmpdir(), 'spool-'));
  const scratch = openScratch(dir);
  try {
    const texts = Array.from({ length: 300 }, (_, number) => `${number} ä ${'x'.repeat(10_000)}\n`);
    const whole = Buffer.from(texts.join(''));
    const { size, digest, pieces } = spooled(scratch, texts);
    expect([size, digest]).toEqual([whole.length, createHash('sha256').update(whole).digest('hex')]);
    const given = [...pieces()];
    expect(given.length).toBe(3);
    expect(Buffer.concat(given).equals(whole)).toBe(true);
    expect(Buffer.concat([...spooled(scratch, []).pieces()])).toHaveLength(0);

    scratch.empty();
    expect(() => [...pieces()]).toThrow('evidence was disposed of while it was written. Ask for it again.');
  } finally {
    scratch.empty();
    rmSync(dir, { recursive: true });
  }
});
