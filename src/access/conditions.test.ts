// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policies have variables of that form
import { describe, expect, it } from 'vitest';
import { held } from './conditions.ts';
import { contextOf } from './context.ts';

const context = contextOf({
  'aws:SourceIp': '10.1.2.3',
  'aws:username': 'ada',
  's3:prefix': 'home/ada/x',
  'aws:CurrentTime': '2026-06-01T12:00:00Z',
  'aws:EpochTime': '1780315200',
  's3:max-keys': '10',
  'aws:SecureTransport': 'true',
  'aws:SourceArn': 'arn:aws:sns:eu-west-1:123456789012:a:b',
  'aws:TagKeys': ['cost', 'team'],
  'aws:CalledVia': [],
  'aws:MultiFactorAuthPresent': null,
});
const answer = (operator: string, key: string, ...values: readonly string[]) => held([{ operator, key, values }], context, true).answer;

describe('one test of a condition', () => {
  it.each([
    ['StringEquals', 'aws:username', 'ada', 'yes'],
    ['StringEquals', 'aws:username', 'Ada', 'no'],
    ['StringEquals', 'AWS:UserName', 'ada', 'yes'],
    ['StringEquals', 'aws:username', 'ad*', 'no'],
    ['stringequalsignorecase', 'aws:username', 'ADA', 'yes'],
    ['StringLike', 's3:prefix', 'home/${aws:username}/*', 'yes'],
    ['StringLike', 's3:prefix', 'home/${aws:PrincipalTag/team}/*', 'unknown'],
    ['StringLike', 's3:prefix', 'home/${aws:MultiFactorAuthPresent}/*', 'no'],
    ['StringNotLike', 's3:prefix', 'other/*', 'yes'],
    ['StringEquals', 'aws:RequestedRegion', 'eu-west-1', 'unknown'],
    ['StringEqualsIfExists', 'aws:RequestedRegion', 'eu-west-1', 'unknown'],
    ['StringEquals', 'aws:MultiFactorAuthPresent', 'true', 'no'],
    ['StringNotEquals', 'aws:MultiFactorAuthPresent', 'true', 'yes'],
    ['BoolIfExists', 'aws:MultiFactorAuthPresent', 'false', 'yes'],
    ['Bool', 'aws:MultiFactorAuthPresent', 'false', 'no'],
    ['Bool', 'aws:SecureTransport', 'TRUE', 'yes'],
    ['Null', 'aws:MultiFactorAuthPresent', 'true', 'yes'],
    ['Null', 'aws:MultiFactorAuthPresent', 'false', 'no'],
    ['Null', 'aws:username', 'false', 'yes'],
    ['NumericLessThanEquals', 's3:max-keys', '10', 'yes'],
    ['NumericLessThan', 's3:max-keys', '10', 'no'],
    ['NumericGreaterThan', 's3:max-keys', 'many', 'unknown'],
    ['DateGreaterThan', 'aws:CurrentTime', '2026-06-01T00:00:00Z', 'yes'],
    ['DateLessThan', 'aws:EpochTime', '2026-06-01T00:00:00Z', 'no'],
    ['IpAddress', 'aws:SourceIp', '10.0.0.0/8', 'yes'],
    ['IpAddress', 'aws:SourceIp', '10.1.2.3', 'yes'],
    ['NotIpAddress', 'aws:SourceIp', '192.0.2.0/24', 'yes'],
    ['IpAddress', 'aws:SourceIp', '2001:db8::/32', 'no'],
    ['ArnLike', 'aws:SourceArn', 'arn:aws:sns:*:123456789012:a:*', 'yes'],
    ['ArnLike', 'aws:SourceArn', 'arn:aws:*:123456789012:a:b', 'no'],
    ['ArnNotLike', 'aws:SourceArn', 'arn:aws:sqs:*:*:*', 'yes'],
    ['NoSuchOperator', 'aws:username', 'ada', 'unknown'],
  ])('%s of %s: %s is %s', (operator, key, value, expected) => expect(answer(operator, key, value)).toBe(expected));

  it('asks for any of several values, and when it is turned round for none of them', () => {
    expect(answer('StringEquals', 'aws:username', 'ben', 'ada')).toBe('yes');
    expect(answer('StringNotEquals', 'aws:username', 'ben', 'ada')).toBe('no');
    expect(answer('StringNotEquals', 'aws:username', 'ben', 'cyd')).toBe('yes');
  });

  it('asks each of several values of the request, or any', () => {
    expect(answer('ForAllValues:StringEquals', 'aws:TagKeys', 'cost', 'team', 'x')).toBe('yes');
    expect(answer('ForAllValues:StringEquals', 'aws:TagKeys', 'cost')).toBe('no');
    expect(answer('ForAnyValue:StringEquals', 'aws:TagKeys', 'cost')).toBe('yes');
    expect(answer('ForAnyValue:StringNotEquals', 'aws:TagKeys', 'cost')).toBe('yes');
    expect(answer('ForAllValues:StringEquals', 'aws:CalledVia', 'x')).toBe('yes');
    expect(answer('ForAnyValue:StringEquals', 'aws:CalledVia', 'x')).toBe('no');
  });
});

it('knows addresses of version 6', () => {
  const from = (address: string, network: string) =>
    held([{ operator: 'IpAddress', key: 'aws:SourceIp', values: [network] }], contextOf({ 'aws:SourceIp': address }), true).answer;
  expect(from('2001:db8:1::7', '2001:db8::/32')).toBe('yes');
  expect(from('2001:db9::7', '2001:db8::/32')).toBe('no');
  expect(from('::1', '0:0:0:0:0:0:0:1/128')).toBe('yes');
  expect(from('2001:db8:::7', '2001:db8::/32')).toBe('unknown');
});

it('names the keys it hangs on, and none where another test fails', () => {
  const tests = [
    { operator: 'StringEquals', key: 'aws:RequestedRegion', values: ['eu-west-1'] },
    { operator: 'Bool', key: 'aws:SecureTransport', values: ['true'] },
  ];
  expect(held(tests, context, true)).toEqual({ answer: 'unknown', keys: ['aws:RequestedRegion'] });
  expect(held([...tests, { operator: 'StringEquals', key: 'aws:username', values: ['ben'] }], context, true)).toEqual({ answer: 'no', keys: [] });
});

it('takes what looks like a variable for text before version 2012-10-17', () =>
  expect(held([{ operator: 'StringEquals', key: 'aws:username', values: ['${aws:username}'] }], context, false).answer).toBe('no'));
