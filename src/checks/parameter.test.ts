import { describe, expect, it } from 'vitest';
import { AT, key, system } from '../../test/rows.ts';
import { days, hours } from '../core/instant.ts';
import { accessKeysRotated } from './access-keys-rotated.ts';
import { adminsFew } from './admins-few.ts';
import { elevatedAccessUsed } from './elevated-access-used.ts';
import { adjusted, amountOf, count, type Parameter, share, span, spokenParameter } from './parameter.ts';

describe('a parameter', () => {
  it('is a span of time or a number, in words', () => {
    expect(span('90 days')).toEqual({ kind: 'span', value: days(90), unit: 'days', of: '' });
    expect(span('1 hour', 'after it failed')).toEqual({ kind: 'span', value: hours(1), unit: 'hours', of: 'after it failed' });
    expect([span('1 hour', 'after it failed'), span('2 weeks'), count(3, 'users'), count(1, 'users')].map(spokenParameter)).toEqual([
      '1 hour after it failed',
      '2 weeks',
      '3 users',
      '1 user',
    ]);
    expect(amountOf(span('24 hours', 'after the end of the last day'))).toBe('24 hours');
  });

  it('is a rate, of which what may deviate is reckoned', () => {
    expect(share('95 of 100')).toEqual({ kind: 'share', value: 0.05, unit: 'of 100', of: '' });
    const written = ['95 of 100', '2 of 3', '1 of 1', '71 of 100', '999 of 1000'];
    expect(written.map((text) => spokenParameter(share(text)))).toEqual(written);
    expect(spokenParameter(adjusted(share('95 of 100', 'that must conform'), '9 of 10'))).toBe('9 of 10 that must conform');
  });

  it('is set otherwise in its own kind, and keeps what it is reckoned from', () => {
    expect(spokenParameter(adjusted(span('24 hours', 'after it failed'), '3 days'))).toBe('3 days after it failed');
    expect(['5', '5 users', '1 user'].map((text) => adjusted(count(3, 'users'), text).value)).toEqual([5, 5, 1]);
  });

  it.each<readonly [Parameter, string, string]>([
    [span('90 days'), '90', 'expected a span of time, like 90 days, 24 hours, 15 minutes or 2 weeks'],
    [span('90 days'), '0 days', 'expected a span of time, like 90 days, 24 hours, 15 minutes or 2 weeks'],
    [span('90 days'), 'three months', 'expected a span of time, like 90 days, 24 hours, 15 minutes or 2 weeks'],
    [count(3, 'users'), 'some', 'expected a whole number of users, like 3 users'],
    [count(3, 'users'), '-1', 'expected a whole number of users, like 3 users'],
    ...['95 %', '95', '0 of 100', '101 of 100', '0 of 0', '0.95'].map((text): readonly [Parameter, string, string] => [
      share('95 of 100'),
      text,
      'expected how many of how many, like 95 of 100',
    ]),
    [count(3, 'users'), '3 days', 'expected a whole number of users, like 3 users'],
  ])('is not set to what it cannot be: %o to %s', (parameter, text, says) => {
    expect(() => adjusted(parameter, text)).toThrow(says);
  });
});

describe('a check with another parameter', () => {
  const old = key({ createdAt: AT - days(70) });
  const given = { at: AT, scope: [system({ systemId: 'aws' })] };

  it('says otherwise of the same rows, and says so in its words', () => {
    const strict = accessKeysRotated.adjusted({ maxAge: span('60 days') });
    expect([accessKeysRotated.examine(old, given).kind, strict.examine(old, given).kind]).toEqual(['conforms', 'deviates']);
    expect([accessKeysRotated.parameters, strict.parameters]).toEqual([{ maxAge: '90 days' }, { maxAge: '60 days' }]);
    expect(strict.asserts).toBe('No access key that is not switched off is older than 60 days.');
    expect(strict.title).toBe('Access keys are replaced within 60 days');
    expect([strict.id, strict.version, strict.population]).toEqual([accessKeysRotated.id, accessKeysRotated.version, accessKeysRotated.population]);
  });

  it('tolerates another share where its rate is set', () => {
    const strict = elevatedAccessUsed.adjusted({ rate: share('99 of 100') });
    expect([elevatedAccessUsed.tolerates, strict.tolerates, elevatedAccessUsed.adjusted({ rate: share('1 of 1') }).tolerates]).toEqual([0.05, 0.01, 0]);
    expect(strict.parameters).toEqual({ idle: '90 days', rate: '99 of 100' });
    expect(strict.asserts).toContain('at least 99 of 100 used it');
  });

  it('is what it was with its own number again', () => {
    const back = adminsFew.adjusted({ most: count(9, 'users') }).adjusted({ most: count(3, 'users') });
    expect([back.asserts, back.parameters]).toEqual([adminsFew.asserts, adminsFew.parameters]);
  });
});
