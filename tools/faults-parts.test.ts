import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chosen, nameOf, PARTS, says, type Told, total } from './faults-parts.ts';

const tally = { harness: 'h', what: 'w', cases: 1500, failures: 0, control: false, says: '' };
const told = (more: Partial<Told> = {}): Told => ({ seconds: 90, failed: false, tallies: [tally], output: '', ...more });

describe('the parts of the fault harnesses', () => {
  it('have names of their own, and tests that are there', () => {
    expect(new Set(PARTS.map(nameOf)).size).toBe(PARTS.length);
    for (const { file, test } of PARTS) {
      const text = readFileSync(join(import.meta.dirname, '..', file), 'utf8');
      // A name that a table completes is there up to what it completes.
      const said = test
        .replace(/ of \d+ records$/, ' of %i records')
        .replace(/: a .*$/, ': %s')
        .replace(/^before /, 'before ');
      expect(text, `${file}: ${test}`).toContain(said);
    }
  });

  it('are chosen by how their names begin', () => {
    expect(chosen(PARTS, ['mutations, 1500', 'power cuts']).map(nameOf)).toEqual([
      ...[1, 2, 3, 4].map((part) => `mutations, 1500 ${part}/4`),
      'power cuts',
      'power cuts, controls',
    ]);
    expect(chosen(PARTS, [])).toBe(PARTS);
    expect(() => chosen(PARTS, ['rain'])).toThrow(/^no harness is called rain\. There are: cuts, new log; cuts, end of a tile;/);
  });

  it('say what came of them', () => {
    expect(says(null)).toBe('not run');
    expect(says(told())).toBe('held, 1,500 cases, 0 failures, 90 s');
    expect(says(told({ failed: true, tallies: [{ ...tally, failures: 2 }] }))).toBe('FAILED, 1,500 cases, 2 failures, 90 s');
    expect(says(told({ tallies: [{ ...tally, cases: 40, failures: 7, control: true }] }))).toBe(
      'held, 0 cases, 0 failures, 7 of 40 wrong ones found out, 90 s',
    );
  });

  it('say how far they have come, and how long the rest may take', () => {
    const parts = chosen(PARTS, ['mutations, 255', 'power cuts, controls']);
    const some = { 'mutations, 255 1/4': told(), 'mutations, 255 2/4': told({ seconds: 30 }) };
    expect(total(parts, some)).toBe('2 of 5 parts: 3,000 cases in 2 minutes; 3 left.');
    const most = { ...some, 'power cuts, controls': told({ failed: true }) };
    expect(total(parts, most)).toBe('3 of 5 parts: 4,500 cases in 4 minutes; 2 left, about 2 minutes.\nFAILED: power cuts, controls');
  });
});
