import { describe, expect, it } from 'vitest';
import { asksForMfa, decodeDocument } from './documents.ts';

const deny = (Condition: object | undefined, over: object = {}) => ({
  Effect: 'Deny',
  NotAction: ['iam:ChangePassword', 'sts:GetSessionToken'],
  Resource: '*',
  ...(Condition ? { Condition } : {}),
  ...over,
});
const present = (operator: string, value: unknown = 'false', key = 'aws:MultiFactorAuthPresent') => ({ [operator]: { [key]: value } });
const asked = (...Statement: readonly object[]) => asksForMfa(JSON.stringify({ Statement }));

describe('whether a policy asks for a second factor', () => {
  it.each([
    ['trap 9: of everybody, by BoolIfExists', [deny(present('BoolIfExists'))], 'yes'],
    ['trap 9: not of long-term keys, by Bool: they carry no such value', [deny(present('Bool'))], 'no keys'],
    ['trap 9: of everybody, where one of two statements says BoolIfExists', [deny(present('Bool')), deny(present('BoolIfExists'))], 'yes'],
    ['for every action', [deny(present('BoolIfExists'), { NotAction: undefined, Action: '*' })], 'yes'],
    ['by a list of values, and a key in other letters', [deny(present('BoolIfExists', ['false'], 'AWS:multifactorauthpresent'))], 'yes'],
    ['a value that is no text', [deny(present('BoolIfExists', false))], 'yes'],
    ['of some actions alone', [deny(present('BoolIfExists'), { NotAction: undefined, Action: ['s3:*'] })], 'no'],
    ['all but what does harm', [deny(present('BoolIfExists'), { NotAction: ['s3:*'] })], 'no'],
    ['of some resources alone', [deny(present('BoolIfExists'), { Resource: 'arn:aws:s3:::a' })], 'no'],
    ['where it allows, it asks nothing of what others allow', [deny(present('BoolIfExists', 'true'), { Effect: 'Allow' })], 'no'],
    ['of those who have one', [deny(present('BoolIfExists', 'true'))], 'no'],
    ['by another operator', [deny(present('StringEquals'))], 'no'],
    ['by Null, which long-term keys would meet, and a session without one would not', [deny(present('Null', 'true'))], 'no'],
    ['under one more condition', [deny({ ...present('BoolIfExists'), IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })], 'no'],
    ['under one more key', [deny({ BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false', 'aws:SecureTransport': 'false' } })], 'no'],
    ['under no condition', [deny(undefined)], 'no'],
  ])('%s', (_, statements, expected) => expect(asked(...statements)).toBe(expected));

  it('reads a statement that stands alone', () => expect(asksForMfa(JSON.stringify({ Statement: deny(present('BoolIfExists')) }))).toBe('yes'));
});

it('keeps a document as canonical text, however it was sent', () => {
  const text = '{"Statement":[],"Version":"2012-10-17"}';
  expect(decodeDocument('{ "Version": "2012-10-17", "Statement": [] }')).toBe(text);
  expect(decodeDocument(encodeURIComponent('{"Version": "2012-10-17", "Statement": []}').replaceAll('%20', '+'))).toBe(text);
});
