import { expect, it } from 'vitest';
import type { LogStatus } from '../../app/views.ts';
import { instant } from '../../core/instant.ts';
import type { Frame } from '../shell.ts';
import { recordsPage } from './records.ts';

const at = instant('2026-03-01T02:00:00Z');
const posture = {
  company: 'Acme',
  demo: false,
  asOf: at,
  period: { from: at, to: at + 1 },
  timezone: 'UTC',
  checkpoint: { origin: 'acme.example', size: 7, root: 'AAAA' },
  catalog: 'c0ffee',
  code: '0.1',
  criteria: [],
  controls: [],
  checks: [],
  findings: [],
};
const frame: Frame = { posture, at: null, period: null, command: 'npx tickmark status' };
const NOBODY: LogStatus['attended'] = { size: 7, root: 'AAAA', standings: [], quorum: 0, witnessed: false, timestamped: false, complaints: [] };
const page = (attended: LogStatus['attended']) =>
  String(
    recordsPage(frame, [], {
      older: null,
      scrubbed: { running: null, last: null },
      status: { verifierKey: 'acme.example+00000000+AAAA', checkpoint: posture.checkpoint, sealedAt: at, attended },
    }),
  );

it('says plainly that nobody outside has confirmed the log', () => {
  expect(page(NOBODY)).toContain('Nobody outside has confirmed it: tickmark.yaml names no witness and no time-stamping authority.');
});

it('tells who confirmed it, up to where, and what is amiss', () => {
  const shown = page({
    ...NOBODY,
    quorum: 1,
    witnessed: true,
    standings: [
      { kind: 'witness', name: 'witness.example', url: 'https://witness.example/', newest: { size: 7, at }, current: true, ahead: null, trouble: null },
      {
        kind: 'authority',
        name: 'tsa.example',
        url: 'https://tsa.example/',
        newest: { size: 5, at },
        current: false,
        ahead: null,
        trouble: { since: at, code: 'TSA_DOWN', says: 'no answer within 20 s' },
      },
    ],
    complaints: [{ code: 'TSA_DOWN', says: 'tsa.example has not answered for an hour', grave: false }],
  });
  expect(shown).toContain('the newest checkpoint is witnessed (1 needed), untimestamped');
  expect(shown).toMatch(/witness\.example <span class="sub2">witness<\/span><\/td><td>size 7<\/td>/);
  expect(shown).toMatch(/tsa\.example <span class="sub2">time-stamping authority<\/span><\/td><td>size 5<\/td>/);
  expect(shown).toContain('<td>no answer within 20 s</td>');
  expect(shown).toContain('<b>TSA_DOWN</b> tsa.example has not answered for an hour.');
});
