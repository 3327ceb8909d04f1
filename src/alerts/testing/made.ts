import { duration, hours, minutes } from '../../core/instant.ts';
import type { Signal } from '../alert.ts';
import { CAUSES, type Policy, type Rule } from '../policy.ts';

export const AT = Date.parse('2026-03-04T12:00:00Z');

export const signal = (over: Partial<Signal> = {}): Signal => ({
  rule: 'control-fails',
  on: 'control-fails',
  key: 'control AC-02',
  severity: 'high',
  route: 'default',
  quiet: true,
  title: 'AC-02 fails: Multi-factor authentication is required of the workforce',
  path: '/controls/AC-02',
  controls: ['AC-02'],
  magnitude: 1,
  avoid: null,
  ...over,
});

export const rule = (over: Partial<Rule> = {}): Rule => ({
  name: over.on ?? 'control-fails',
  on: 'control-fails',
  severity: null,
  route: 'default',
  quiet: true,
  controls: null,
  checks: null,
  count: 1,
  share: null,
  after: hours(6),
  within: duration('7d'),
  ...over,
});

export const policy = (over: Partial<Policy> = {}): Policy => ({
  rules: CAUSES.map((on) => rule({ on })),
  routes: [
    {
      name: 'default',
      steps: [
        { after: 0, to: ['chat'] },
        { after: minutes(30), to: ['chat', 'pager'] },
        { after: minutes(60), to: ['mail'] },
      ],
    },
  ],
  quiet: null,
  resume: hours(8),
  reopen: hours(24),
  recheck: { real: hours(36), other: duration('30d') },
  ...over,
});
