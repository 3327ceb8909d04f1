import { expect, it } from 'vitest';
import { parsed } from './document.ts';

const allow = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
const document = (...Statement: readonly unknown[]) => JSON.stringify({ Version: '2012-10-17', Statement });

it('reads one statement or several, one entry or several, and every kind of value', () => {
  expect(parsed(JSON.stringify({ Statement: allow }))).toEqual({
    variables: false,
    statements: [
      { effect: 'Allow', actions: ['s3:GetObject'], patterns: ['s3:getobject'], notActions: false, resources: ['*'], notResources: false, tests: [] },
    ],
  });
  const denied = {
    Sid: 'a',
    Effect: 'Deny',
    NotAction: ['iam:*'],
    NotResource: 'arn:aws:s3:::a',
    Condition: { Bool: { 'aws:x': false }, NumericLessThan: { y: [1, '2'] } },
  };
  expect(parsed(document(allow, denied))?.statements[1]).toMatchObject({
    effect: 'Deny',
    actions: ['iam:*'],
    notActions: true,
    resources: ['arn:aws:s3:::a'],
    notResources: true,
    tests: [
      { operator: 'Bool', key: 'aws:x', values: ['false'] },
      { operator: 'NumericLessThan', key: 'y', values: ['1', '2'] },
    ],
  });
  expect(parsed(document(allow))?.variables).toBe(true);
});

it('reads the same text once', () => expect(parsed(document(allow))).toBe(parsed(document(allow))));

it.each([
  ['no JSON', '{'],
  ['a list', '[]'],
  ['no statement', '{"Version":"2012-10-17"}'],
  ['a version that is none', JSON.stringify({ Version: '2020-01-01', Statement: allow })],
  ['an element of the document that nobody knows', JSON.stringify({ Statement: allow, Statements: [] })],
  ['an element of the statement that nobody knows', document({ ...allow, Actions: '*' })],
  ['a principal, which identities have no use for', document({ ...allow, Principal: '*' })],
  ['an effect in lower case', document({ ...allow, Effect: 'allow' })],
  ['no action', document({ Effect: 'Allow', Resource: '*' })],
  ['both kinds of actions', document({ ...allow, NotAction: '*' })],
  ['no resource', document({ Effect: 'Allow', Action: '*' })],
  ['both kinds of resources', document({ ...allow, NotResource: '*' })],
  ['an action of no service', document({ ...allow, Action: 'GetObject' })],
  ['an action that is no text', document({ ...allow, Action: [1] })],
  ['a condition that is a list', document({ ...allow, Condition: [] })],
  ['an operator without keys', document({ ...allow, Condition: { Bool: 'true' } })],
  ['a value that is an object', document({ ...allow, Condition: { Bool: { a: {} } } })],
  ['one statement of two that cannot be read', document(allow, { Effect: 'Deny' })],
])('takes nothing from a document with %s', (_, text) => expect(parsed(text)).toBeNull());
