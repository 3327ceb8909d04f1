import { expect, it } from 'vitest';
import { NEVER } from '../core/instant.ts';
import { type Assessed, Assessor, exceeds } from './assess.ts';
import { accountsOwned } from './testing/checks/accounts-owned.ts';
import { day, ground, WAIVER } from './testing/six-days.ts';

const check = accountsOwned as never;
const PERIOD = { from: day(0), to: day(30) };
/** Three that overlap: what lasts longest marks first. */
const WAIVERS = [
  { ...WAIVER, id: 'L-2', from: day(2), to: day(4) },
  { ...WAIVER, id: 'L-3', from: day(6), to: day(12) },
  { ...WAIVER, id: 'L-1', from: day(3), to: day(9) },
];
function assessor() {
  const { engine, coverage } = ground();
  return new Assessor(engine, coverage, WAIVERS);
}
const partsOf = (deviations: readonly Assessed[]) =>
  deviations.filter(({ item }) => item === WAIVER.item).map(({ from, to, waiver }) => [from, to, waiver?.id]);

it('marks each part of a deviation with the waiver that lasts longest', () => {
  expect(partsOf(assessor().over(check, PERIOD, day(20)).deviations)).toEqual([
    [day(0), day(2), undefined],
    [day(2), day(3), 'L-2'],
    [day(3), day(6), 'L-1'],
    [day(6), day(12), 'L-3'],
    [day(12), NEVER, undefined],
  ]);
  expect(partsOf(assessor().over(check, { from: day(2), to: day(3) }, day(20)).deviations)).toEqual([[day(2), day(3), 'L-2']]);
});

it('tells at an instant since when an item deviates, and whether it is waived then', () => {
  const at = (count: number) => partsOf(assessor().at(check, day(count), PERIOD).deviations);
  expect(at(1)).toEqual([[day(0), day(2), undefined]]);
  expect(at(3.5)).toEqual([[day(0), NEVER, 'L-1']]);
  expect(at(12.5)).toEqual([[day(0), NEVER, undefined]]);
});

it('knows nothing of a period that has not begun, nor of an item that nobody told of', () => {
  expect(assessor().over(check, { from: day(3), to: day(4) }, day(2))).toMatchObject({
    status: 'unknown',
    alert: 'unknown',
    items: 0,
    gaps: [{ from: day(3), to: day(4) }],
    deviating: [],
    unknown: [],
    deviations: [],
    unknowns: [],
  });
  expect(assessor().over(check, { from: day(2), to: day(4) }, day(2)).status).toBe('fail');
  expect(assessor().claims(check, 'okta/main/nobody')).toEqual([]);
  expect(assessor().claims(check, WAIVER.item)).toEqual([
    { kind: 'deviates', from: day(0), to: NEVER, because: 'login-b in okta belongs to nobody', records: [101], uncovered: [] },
  ]);
});

it('takes a share of the items for what it is in decimals', () => {
  expect([exceeds(0.29, 29, 100), exceeds(0.29, 30, 100), exceeds(0, 0, 0), exceeds(0, 1, 1)]).toEqual([false, true, false, true]);
});
