import { expect, it } from 'vitest';
import type { PeriodView } from '../../app/period.ts';
import { days, instant, NEVER } from '../../core/instant.ts';
import type { Change, ControlResults } from '../../engine/period-posture.ts';
import type { ControlPosture, Posture } from '../../engine/posture.ts';
import type { Frame } from '../shell.ts';
import { controlPage } from './control.ts';
import { posturePage } from './posture.ts';

const at = instant('2026-06-01T00:00:00Z');
const period = { from: instant('2026-01-01T00:00:00Z'), to: instant('2027-01-01T00:00:00Z') };
const CONTROL: ControlPosture = {
  id: 'AC-08',
  title: 'Access is reviewed',
  statement: 'Owners decide.',
  criteria: ['CC6.2'],
  owner: 'security',
  severity: 'medium',
  status: 'unknown',
  alert: 'unknown',
  checks: [],
  excluded: null,
  notExcluded: null,
  duties: [],
  unfed: [],
  unexamined: ['Whether each quarter had a campaign'],
};
const LEFT_OUT = { id: 'X-1', because: 'one <tenant>', by: 'Bob', since: at - days(9), records: [4] };

const stamp = {
  company: 'Acme',
  demo: false,
  asOf: at,
  period,
  timezone: 'UTC',
  checkpoint: { origin: 'acme.example', size: 7, root: 'AAAA' },
  catalog: 'c0ffee',
  code: '0.1',
  units: [],
};
const frame: Frame = { posture: stamp, at: null, period: null, command: 'npx tickmark status' };

function pages(more: Partial<ControlPosture>, intervals: ControlResults['intervals'] = [], changes: readonly Change[] = []) {
  const control = { ...CONTROL, ...more };
  const posture: Posture = { ...stamp, criteria: [], controls: [control], checks: [], findings: [] };
  const results: ControlResults = { ...control, intervals, quote: 'Q.', checks: [] };
  const view: PeriodView = { ...stamp, until: at + 1, controls: [results], configurations: [], populations: [], applied: 'present', changes, unrecorded: [3] };
  const statuses = { ...stamp, until: at + 1, criteria: [], controls: [{ ...control, intervals }], checks: [] };
  return { control: String(controlPage(frame, posture, control, { view, occurrences: [] })), posture: String(posturePage(frame, posture, statuses)) };
}

it('says of a control without a check that it is unknown, and what nothing examines', () => {
  const { control, posture } = pages({});
  expect(control).toContain('<h1>AC-08 Access is reviewed: unknown.</h1>');
  expect(control).toContain('No check examines this control yet: whether it operates is not known from here.');
  expect(control).toContain('<li>Whether each quarter had a campaign</li>');
  expect(posture).toContain('No check examines it.');
});

it('shows an exclusion as one, with reason, approver and date, and never as a pass', () => {
  const { control, posture } = pages({ status: 'excluded', alert: 'excluded', excluded: LEFT_OUT }, [
    { from: period.from, to: LEFT_OUT.since, status: 'pass', alert: 'pass' },
    { from: LEFT_OUT.since, to: at + 1, status: 'excluded', alert: 'excluded' },
  ]);
  const says =
    'Excluded since 2026-05-23 00:00 UTC because &quot;one &lt;tenant&gt;&quot;, approved by Bob. Nothing is said of its operation from then on, and that is no pass.';
  expect(control).toContain('excluded by the company.</h1>');
  expect(control).toContain(says);
  expect(control).toMatch(/class="s-excluded"/);
  expect(control).toMatch(/aria-label="AC-08: excluded 9 d"/);
  expect(posture).toContain('<h2>Left out by the company</h2>');
  expect(posture).toContain(says);
  expect(posture).toContain('aria-label="Excluded"');
  expect(posture).toContain('Every control passes, nothing occurred, or it is excluded.');
});

it('says why a control is not left out that was meant to be', () => {
  const { control, posture } = pages({ notExcluded: 'registers/exclusions.yaml:3: nobody else approved it.' });
  for (const page of [control, posture]) expect(page).toContain('registers/exclusions.yaml:3: nobody else approved it.');
  expect(control).not.toContain('excluded by the company.');
});

it('names what was not done in time where that is why it fails', () => {
  const duty = { what: 'Review', status: 'fail', because: 'it was not done by 2026-04-15T00:00:00Z', from: at - days(40), to: NEVER } as const;
  const { control, posture } = pages({ status: 'fail', alert: 'fail', duties: [duty] });
  expect(control).toContain('<h1>AC-08 Access is reviewed: 1 occurrence missed.</h1>');
  expect(control).toContain('Review: it was not done by 2026-04-15T00:00:00Z. A deviation of operation until it is.');
  expect(posture).toContain('Review: it was not done by 2026-04-15T00:00:00Z.');
});

it('says by which parameters the period is judged, and what changed in it', () => {
  const change: Change = { at, record: 12, what: 'parameter', check: 'k', name: 'maxAge', before: '90 days', after: '60 days', controls: ['AC-08'] };
  const { control } = pages({}, [], [change]);
  expect(control).toContain(
    'The parameters, the checks and the catalogue of now are applied to the whole period. In it 1 change is recorded. Which were in force under the configuration of #3 was not recorded.',
  );
  expect(control).toContain('2026-06-01 00:00 UTC: maxAge of k from 90 days to 60 days (<a class="link mono" href="/records/12">#12</a>)');
});
