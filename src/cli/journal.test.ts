import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { secretsOf } from '../app/secrets.ts';
import { journal } from './journal.ts';

const SLOT = Date.parse('2026-03-10T09:00:00Z');

function told(format: string, secrets: readonly string[]) {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  return { lines, journal: journal({ format, secrets, output: { note: write, quiet: false }, write }) };
}

it('says in JSON what a job came to, a line each', () => {
  const { lines, journal: its } = told('json', []);
  its.job({ what: 'ended', schedule: 'collect a b', slot: SLOT, state: 'retry', note: 'no answer', attempt: 1, took: 42 });
  const { time, pid, ...rest } = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
  expect([typeof time, pid]).toEqual(['string', process.pid]);
  expect(rest).toEqual({
    level: 'warn',
    event: 'job-ended',
    schedule: 'collect a b',
    slot: '2026-03-10T09:00:00Z',
    state: 'retry',
    attempt: 1,
    took: 42,
    msg: 'no answer',
  });
});

it('never says a secret, in whatever spelling, whoever says it', () => {
  const secrets = ['tok"en-1234567', 'p%40ss word!', 'abc'];
  for (const format of ['json', 'text']) {
    const { lines, journal: its } = told(format, secrets);
    its.warn(`refused: Bearer tok"en-1234567, also p%40ss word! and ${encodeURIComponent('p%40ss word!')}; abc stays`, { header: 'tok"en-1234567' });
    its.job({ what: 'problem', note: 'the queue: postgres://tickmark:p%40ss word!@db' });
    const all = lines.join('\n');
    expect(all).not.toMatch(/tok.{0,2}en-1234567|p%40ss|p%2540ss/);
    expect(all).toContain('abc stays');
    expect(all.match(/\[redacted\]/g)?.length).toBe(format === 'json' ? 5 : 4);
  }
});

it('tells people what was collected, made or missed, and nothing of looks that found nothing', () => {
  const { lines, journal: its } = told('text', []);
  const ended = { what: 'ended', slot: SLOT, state: 'done', attempt: 0, took: 1 } as const;
  its.job({ ...ended, schedule: 'watch', note: 'no control changed' });
  its.job({ ...ended, schedule: 'collect a b', note: 'complete, record 7' });
  its.job({ what: 'skipped', schedule: 'watch', slot: SLOT, firstSlot: SLOT - 60_000, note: 'no worker was there' });
  its.job({ what: 'skipped', schedule: 'collect a b', slot: SLOT, firstSlot: SLOT, note: 'no worker was there' });
  expect(lines.map((line) => line.replace(/^\d{4}-\d\d-\d\d [\d:]+ UTC /, ''))).toEqual([
    'collect a b: complete, record 7',
    'collect a b: skipped the slot of 2026-03-10 09:00 UTC: no worker was there',
  ]);
});

it('refuses a format that there is none of', () => {
  expect(() => told('xml', [])).toThrow('--log xml: expected text or json.');
});

it('knows every secret that the process can reach', () => {
  const dir = mkdtempSync(join(tmpdir(), 'secrets-'));
  try {
    writeFileSync(join(dir, 'okta.token'), 'from-a-file\n');
    const source = 'sources:\n  - { collector: slack/users, name: a, config: { team: T0ACME }, credentials: { token: env:SLACK } }\n';
    writeFileSync(join(dir, 'tickmark.yaml'), `company: Acme\ntimezone: UTC\nperiod: { from: 2026-01-01, to: 2026-12-31 }\n${source}`);
    const env = { SLACK: 'xoxb-1', DATABASE_URL: 'postgres://u:p%40ss@db/t', AWS_SECRET_ACCESS_KEY: 'aws-secret', PATH: '/bin' };
    expect(secretsOf(dir, env)).toEqual(['xoxb-1', 'p%40ss', 'p@ss', 'aws-secret']);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
