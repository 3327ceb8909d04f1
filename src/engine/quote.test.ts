import { describe, expect, it } from 'vitest';
import { days, hours, instant, NEVER } from '../core/instant.ts';
import type { CheckResults, ControlResults } from './period-posture.ts';
import { quoteOf, spokenPeriod } from './quote.ts';

const [FROM, TO] = [instant('2026-01-01T00:00:00Z'), instant('2026-04-01T00:00:00Z')];
const about = { period: { from: FROM, to: TO }, until: TO, asOf: TO + days(3), when: '2026 Q1' };
type Control = Parameters<typeof quoteOf>[1];
const control: Control = { id: 'AC-01', title: 'Joiners', status: 'pass', excluded: null, duties: [] };

const check: CheckResults = {
  ...{ id: 'owned', title: 'Owned', status: 'pass', alert: 'pass', intervals: [], asserts: '', version: 1, parameters: {}, dataset: 'accounts' },
  ...{ population: { kind: 'states', start: 5, joined: 0, left: 0, end: 5 }, examined: 5, conform: 5, deviate: 0, undetermined: 0, tolerance: null, waived: 0 },
  ...{ deviations: [], unknowns: [], unknownTime: { total: 0, intervals: [] }, gaps: [], looks: [] },
};
const quote = (checks: readonly Partial<CheckResults>[], its: Partial<Control> = {}, over: Partial<typeof about> = {}) =>
  quoteOf(
    { ...about, ...over },
    { ...control, ...its },
    checks.map((one) => ({ ...check, ...one })),
  );
const LEAD = 'AC-01 (Joiners), 2026 Q1';
const FIVE = 'owned examined 5 of 5 items of accounts (5 conform, 0 deviate, 0 could not be determined)';
const NONE = ' No deviations noted in the evidence examined.';

describe('what is counted', () => {
  it('stands beside the words that no deviation was noted', () => {
    expect(quote([{}])).toBe(`${LEAD}: ${FIVE}.${NONE}`);
  });

  it('is told of each check, and one that deviates takes those words from all', () => {
    expect(quote([{}, { id: 'left', examined: 2, conform: 1, deviate: 1 }])).toBe(
      `${LEAD}: ${FIVE}; left examined 2 of 2 items of accounts (1 conforms, 1 deviates, 0 could not be determined).`,
    );
  });

  it('says one item as one', () => {
    expect(quote([{ examined: 1, conform: 1 }])).toBe(
      `${LEAD}: owned examined 1 of 1 item of accounts (1 conforms, 0 deviate, 0 could not be determined).${NONE}`,
    );
  });

  it('says of waived deviations that they are deviations', () => {
    expect(quote([{ examined: 9, conform: 4, deviate: 3, undetermined: 2, waived: 2 }])).toBe(
      `${LEAD}: owned examined 9 of 9 items of accounts (4 conform, 3 deviate (2 under a waiver, and still a deviation), 2 could not be determined).`,
    );
  });

  it('tells the rate beside its counts where deviations are tolerated', () => {
    const tolerance = { share: 0.1, deviating: 1, conform: 9, of: 10, within: true };
    expect(quote([{ tolerance }])).toMatch(/0 could not be determined; [^)]*9 of 10/);
  });

  it('tells how many events cannot be decided yet, where there are any', () => {
    const events = (open: number) => quote([{ population: { kind: 'events', events: 7, open } }]);
    expect(events(2)).toContain('0 could not be determined; 2 more events cannot be decided yet)');
    expect(events(1)).toContain('; 1 more event cannot be decided yet)');
    expect(events(0)).toBe(`${LEAD}: ${FIVE}.${NONE}`);
  });
});

describe('what is not examined', () => {
  it('says that nothing occurred, and does not praise it', () => {
    expect(quote([{ status: 'empty', examined: 0, conform: 0 }])).toBe(
      `${LEAD}: owned found no occurrences according to accounts, covered without gap, so that operation could not be examined.`,
    );
    expect(quote([{}, { id: 'none', status: 'empty', examined: 0 }])).not.toContain('No deviations');
  });

  it('says of a population of nobody that its status is unknown, and that there cannot be none where nothing is missing', () => {
    const gaps = [{ from: FROM, to: TO, because: 'it was never asked' }];
    expect(quote([{ status: 'unknown', examined: 0, conform: 0 }])).toBe(
      `${LEAD}: owned examined no item of accounts, which cannot be without any, and its status is unknown.${NONE}`,
    );
    expect(quote([{ status: 'unknown', examined: 0, conform: 0, gaps }])).toContain('examined no item of accounts, and its status is unknown.');
  });

  it('says of a control without a check that nothing is known of it from here', () => {
    expect(quote([])).toBe(`${LEAD}: no check examines this control, so whether it operated is not known from here.`);
  });

  it('says of a period that has not begun that nothing is known of it', () => {
    expect(quote([{}], {}, { until: FROM, asOf: FROM - hours(1) })).toBe(
      `${LEAD}: the period had not begun at 2025-12-31 23:00 UTC, so nothing is known of it.`,
    );
  });
});

it('says up to when it was known while the period lasts', () => {
  const asOf = FROM + days(9);
  expect(quote([{}], {}, { until: asOf + 1, asOf })).toBe(`${LEAD}, as far as it was known at 2026-01-10 00:00 UTC: ${FIVE}.${NONE}`);
});

describe('evidence that is missing', () => {
  const gap = (from: number, because: string) => ({ from: FROM + days(from), to: FROM + days(from + 1), because });

  it('is told once for all checks, in the order of time, with the first clause of its reason', () => {
    const said = quote([
      { gaps: [gap(7, 'Okta answered 503: try again'), gap(2, 'nothing was asked. It was switched off.')] },
      { id: 'left', gaps: [gap(2, 'nothing was asked. It was switched off.'), gap(4, 'github.com said: "no"')] },
    ]);
    expect(said.slice(said.indexOf(' Evidence'))).toBe(
      [
        ' Evidence missing 2026-01-03 00:00 UTC up to 2026-01-04 00:00 UTC because nothing was asked; status unknown.',
        ' Evidence missing 2026-01-05 00:00 UTC up to 2026-01-06 00:00 UTC because github.com said; status unknown.',
        ' Evidence missing 2026-01-08 00:00 UTC up to 2026-01-09 00:00 UTC because Okta answered 503; status unknown.',
      ].join(''),
    );
  });

  it('ends a reason with its last word, be that followed by a stop or not', () => {
    for (const because of ['nothing was asked', 'nothing was asked.'])
      expect(quote([{ gaps: [gap(0, because)] }])).toContain('because nothing was asked; status unknown.');
  });
});

describe('a duty that recurs', () => {
  const duty = (over: object) => ({ what: 'Review of access', status: 'fail', from: FROM + days(9), to: FROM + days(11), because: '', ...over });
  const withDuties = (checks: readonly Partial<CheckResults>[], ...duties: object[]) =>
    quote(checks, { duties: duties as unknown as ControlResults['duties'] });

  it('is a deviation from when it was due to when it was done, or from then on', () => {
    expect(withDuties([{}], duty({}))).toBe(
      `${LEAD}: ${FIVE}. Review of access: not done by 2026-01-10 00:00 UTC, done on 2026-01-12 00:00 UTC; a deviation in between.`,
    );
    expect(withDuties([{}], duty({ to: NEVER }))).toContain('not done by 2026-01-10 00:00 UTC, and not since; a deviation in between.');
  });

  it('is told of a control without a check too, and of two one after the other', () => {
    const said = withDuties([], duty({}), duty({ what: 'Drill', status: 'unknown', because: 'no record tells' }));
    expect(said).toBe(
      `${LEAD}: no check examines this control, so whether it operated is not known from here. Review of access: not done by 2026-01-10 00:00 UTC, done on 2026-01-12 00:00 UTC; a deviation in between. Drill: no record tells; status unknown.`,
    );
  });
});

describe('a control that is left out', () => {
  const excluded = { since: FROM + days(30), because: 'no office', by: 'ann' } as ControlResults['excluded'];
  const OUT = ' Excluded by the company since 2026-01-31 00:00 UTC because "no office", approved by ann; nothing is said of its operation from then on.';

  it('says nothing but that', () => {
    expect(quote([{}], { status: 'excluded', excluded })).toBe(`${LEAD}:${OUT}`);
  });

  it('says how it operated before, where it did', () => {
    expect(quote([{}], { excluded })).toBe(`${LEAD}: ${FIVE}.${NONE}${OUT}`);
    expect(quote([], { excluded })).toContain(`not known from here.${OUT}`);
  });
});

it('says whole days as auditors do, and anything else as it is reckoned', () => {
  expect(spokenPeriod({ from: FROM, to: TO }, 'UTC')).toBe(
    '1 January 2026 to 31 March 2026, both days included (UTC; [2026-01-01T00:00:00Z, 2026-04-01T00:00:00Z))',
  );
  expect(spokenPeriod({ from: FROM, to: TO }, 'Europe/Berlin')).toBe('[2026-01-01T00:00:00Z, 2026-04-01T00:00:00Z) (Europe/Berlin)');
  for (const [from, to] of [
    [FROM + 1, TO],
    [FROM, TO - 1],
  ] as const)
    expect(spokenPeriod({ from, to }, 'UTC')).toMatch(/^\[2026-.*\) \(UTC\)$/);
});
