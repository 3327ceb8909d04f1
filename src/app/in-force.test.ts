import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCatalog } from '../catalog/catalog.ts';
import { days, instant } from '../core/instant.ts';
import { adjustedProgram, changesIn, inForceNow } from './in-force.ts';
import { type InForce, inForceBytes, readInForce } from './in-force-sealed.ts';
import { staleOf } from './units.ts';
import { PROGRAM } from './version.ts';

const shipped = join(import.meta.dirname, '../../catalog');
const laid = (id: string, head: string) => readCatalog(shipped, [{ file: `controls/${id}.md`, body: `---\nid: ${id}\n${head}\n---\n` }]);
const KEYS = 'parameters: { access-keys-rotated: { maxAge: 60 days } }';

describe('the program with a company’s parameters', () => {
  it('is that of the code where the catalogue sets nothing else', () => {
    const program = adjustedProgram(readCatalog(shipped));
    expect(program.units).toEqual(PROGRAM.units);
    expect(program.checks.map(({ parameters }) => parameters)).toEqual(PROGRAM.checks.map(({ parameters }) => parameters));
  });

  it('examines again the check whose parameter differs, and no other', () => {
    const { checks, units } = adjustedProgram(laid('AC-15', KEYS));
    expect(checks.find(({ id }) => id === 'access-keys-rotated')?.parameters).toEqual({ maxAge: '60 days' });
    expect([...staleOf(PROGRAM.units, units).checks]).toEqual(['access-keys-rotated']);
    expect(staleOf(PROGRAM.units, units).house).toBe(false);
    // The same value is no other unit, however it is written.
    expect(staleOf(PROGRAM.units, adjustedProgram(laid('AC-15', KEYS.replace('60 days', '2160 hours'))).units).checks.size).toBe(0);
  });

  it('takes the rate that a company asks for, and another status follows', () => {
    const { checks, units } = adjustedProgram(laid('AC-11', 'parameters: { elevated-access-used: { rate: 98 of 100 } }'));
    expect(checks.find(({ id }) => id === 'elevated-access-used')).toMatchObject({ tolerates: 0.02, parameters: { rate: '98 of 100 that must conform' } });
    expect([...staleOf(PROGRAM.units, units).checks]).toEqual(['elevated-access-used']);
  });

  it.each([
    ['maxAge: 60', 'controls/AC-15.md: AC-15: access-keys-rotated, maxAge: 60: expected a span of time, like 90 days, 24 hours, 15 minutes or 2 weeks'],
    ['age: 60 days', 'controls/AC-15.md: AC-15: access-keys-rotated, age: 60 days: there is no such parameter. Those that can be set: maxAge'],
  ])('refuses %s', (set, says) => {
    expect(() => adjustedProgram(laid('AC-15', `parameters: { access-keys-rotated: { ${set} } }`))).toThrow(says);
  });

  it('refuses what is part of a check, and two values for one', () => {
    expect(() => adjustedProgram(laid('EN-02', 'parameters: { tls-versions-current: { current: TLS 1.0 } }'))).toThrow(
      'controls/EN-02.md: EN-02: tls-versions-current, current: TLS 1.0: it cannot be set: it is part of the check. Those that can be: none',
    );
    const both = readCatalog(shipped, [
      { file: 'RM-02.md', body: '---\nid: RM-02\nparameters: { register-entries-reviewed: { interval: 90 days } }\n---\n' },
      { file: 'VN-02.md', body: '---\nid: VN-02\nparameters: { register-entries-reviewed: { interval: 80 days } }\n---\n' },
    ]);
    expect(() => adjustedProgram(both)).toThrow(
      'VN-02: register-entries-reviewed, interval: 80 days: RM-02 sets it to 90 days. A check has one value: set it in one control',
    );
  });
});

describe('changes in a period', () => {
  const base = inForceNow('c1', PROGRAM);
  const from = instant('2026-01-01T00:00:00Z');
  const sealed = (day: number, inForce: InForce | null) => ({ at: from + days(day), record: day + 100, inForce });
  const set = (check: string, more: Partial<InForce['checks'][string]>): InForce => ({
    ...base,
    checks: { ...base.checks, [check]: { ...(base.checks[check] ?? { version: 1, digest: '', parameters: {} }), ...more } },
  });
  const controls = [{ id: 'AC-15', checks: ['access-keys-rotated'] }];
  const period = { from, to: from + days(90) };

  it('are told with their instant, record and controls', () => {
    const strict = set('access-keys-rotated', { parameters: { maxAge: '60 days' } });
    const history = [sealed(-20, base), sealed(10, strict), sealed(20, { ...strict, catalog: 'c2' })];
    expect(changesIn(history, period, controls)).toEqual([
      {
        at: from + days(10),
        record: 110,
        what: 'parameter',
        check: 'access-keys-rotated',
        name: 'maxAge',
        before: '90 days',
        after: '60 days',
        controls: ['AC-15'],
      },
      { at: from + days(20), record: 120, what: 'catalogue', check: null, name: null, before: 'c1', after: 'c2', controls: [] },
    ]);
  });

  it('tell a check that was rewritten, came or went', () => {
    const { 'admins-few': _, ...without } = base.checks;
    const rewritten = set('access-keys-rotated', { version: 7, digest: 'f'.repeat(64) });
    const told = changesIn([sealed(0, { ...base, checks: without }), sealed(5, base), sealed(6, { ...rewritten, program: 'p' })], period, controls);
    expect(
      told.map(({ what, check, before, after }) => [what, check, before?.replace(/[0-9a-f]{12}$/, 'X') ?? null, after?.replace(/[0-9a-f]{12}$/, 'X') ?? null]),
    ).toEqual([
      ['check', 'admins-few', null, 'version 2, code X'],
      ['program', null, base.program.replace(/[0-9a-f]{12}$/, 'X'), 'p'],
      ['check', 'access-keys-rotated', 'version 2, code X', 'version 7, code X'],
    ]);
  });

  it('are none before the period, after it, or where no record says what was in force', () => {
    const strict = set('access-keys-rotated', { parameters: { maxAge: '60 days' } });
    expect(changesIn([sealed(-20, base), sealed(-10, strict)], period, controls)).toEqual([]);
    expect(changesIn([sealed(-20, strict), sealed(90, base)], period, controls)).toEqual([]);
    expect(changesIn([sealed(-20, null), sealed(10, strict)], period, controls)).toEqual([]);
  });

  it('are read from the bytes that were sealed', () => {
    expect(readInForce(inForceBytes(base))).toEqual(base);
  });
});
