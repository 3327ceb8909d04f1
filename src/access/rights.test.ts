// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policies have variables of that form
import { expect, it } from 'vitest';
import { parsed } from './document.ts';
import type { Policy } from './evaluate.ts';
import { accessOf, examplesOf } from './levels.ts';
import { type Holder, type Rights, rightsOf } from './rights.ts';
import { grantsWidely } from './wildcards.ts';

const holder: Holder = { kind: 'user', arn: 'arn:aws:iam::123456789012:user/ada', name: 'ada', accountId: '123456789012' };
const allow = (Action: unknown, Resource: unknown = '*', Condition?: unknown) => ({ Effect: 'Allow', Action, Resource, Condition });
const deny = (Action: unknown, Resource: unknown = '*', Condition?: unknown) => ({ Effect: 'Deny', Action, Resource, Condition });
const policy = (...Statement: readonly object[]): Policy => ({ name: 'p', document: parsed(JSON.stringify({ Version: '2012-10-17', Statement })) });
const rights = (identity: readonly object[], boundary: readonly object[] | null = null, controls: readonly (readonly object[])[] = []): Rights =>
  rightsOf(
    { identity: [policy(...identity)], boundary: boundary === null ? null : [policy(...boundary)], controls: controls.map((its) => [policy(...its)]) },
    holder,
  );
const office = { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } };
const READ_ALL = 'read on everything: every service that is not denied';

it.each<[string, Rights, Partial<Rights>]>([
  ['everything', rights([allow('*')]), { level: 'admin', atMost: 'admin', escalates: 'no', grants: ['everything on everything'] }],
  ['nothing', rights([]), { level: 'none', atMost: 'none', grants: [] }],
  ['reading', rights([allow(['ec2:Describe*', 's3:Get*', 's3:List*'])]), { level: 'read', grants: ['read on everything: ec2, s3'] }],
  [
    'one bucket',
    rights([allow(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::a/*')]),
    { level: 'write', grants: ['read on some resources: s3', 'write on some resources: s3'] },
  ],
  [
    'permissions of a bucket',
    rights([allow('s3:PutBucketPolicy', 'arn:aws:s3:::a')]),
    { level: 'write', grants: ['permission management on some resources: s3'] },
  ],
  [
    'what a boundary leaves',
    rights([allow('*')], [allow(['s3:Get*', 'ec2:StartInstances'])]),
    { level: 'write', admin: 'no', grants: ['read on everything: s3', 'write on everything: ec2'] },
  ],
  [
    'what a control leaves',
    rights([allow('*')], null, [[allow('*'), { Effect: 'Deny', NotAction: 'sqs:Send*', Resource: '*' }]]),
    { level: 'write', grants: ['write on everything: sqs'] },
  ],
  ['a wildcard of which all is denied', rights([allow('s3:*'), deny('s3:*')]), { level: 'none', atMost: 'none', grants: [] }],
  ['a wildcard of which writing is left', rights([allow('sqs:*'), deny(['sqs:Get*', 'sqs:List*'])]), { level: 'write' }],
  [
    'from the office',
    rights([allow('ec2:Describe*'), allow('sqs:SendMessage', '*', office)]),
    { level: 'read', atMost: 'write', grants: ['read on everything: ec2', 'write on everything, under aws:SourceIp: sqs'], keys: ['aws:SourceIp'] },
  ],
  ['all but one service', rights([{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }]), { level: 'write', admin: 'no' }],
])('tells what is granted: %s', (_, said, expected) => expect(said).toMatchObject(expected));

it('counts services rather than name dozens', () =>
  expect(rights([allow(Array.from({ length: 40 }, (_, place) => `service${place}:Describe*`))]).grants).toEqual(['read on everything: 40 services']));

it.each<[string, readonly object[], Rights['escalates'], readonly string[]]>([
  ['a new version of any policy', [allow('iam:CreatePolicyVersion')], 'yes', ['iam:CreatePolicyVersion']],
  ['any policy for any user of the account', [allow('iam:AttachUserPolicy', 'arn:aws:iam::123456789012:user/*')], 'yes', ['iam:AttachUserPolicy']],
  ['keys for oneself', [allow('iam:*AccessKey*', 'arn:aws:iam::*:user/${aws:username}')], 'no', []],
  ['keys for others', [allow('iam:*AccessKey*', 'arn:aws:iam::*:user/*')], 'yes', ['iam:CreateAccessKey']],
  ['passing roles, and nothing to pass them to', [allow('iam:PassRole')], 'no', []],
  ['a machine with any role', [allow(['iam:PassRole', 'ec2:RunInstances'])], 'yes', ['iam:PassRole with ec2:RunInstances']],
  ['a machine with one role', [allow('iam:PassRole', 'arn:aws:iam::123456789012:role/web'), allow('ec2:RunInstances')], 'no', []],
  [
    'roles passed to functions alone',
    [
      allow('iam:PassRole', '*', { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } }),
      allow(['ec2:RunInstances', 'lambda:CreateFunction', 'lambda:InvokeFunction']),
    ],
    'yes',
    ['iam:PassRole with lambda:CreateFunction with lambda:InvokeFunction'],
  ],
  ['a new version of any policy, denied', [allow('iam:CreatePolicyVersion'), deny('iam:*')], 'no', []],
  ['a new version of any policy, from the office', [allow('iam:CreatePolicyVersion', '*', office)], 'unknown', ['iam:CreatePolicyVersion']],
  ['reading', [allow(['iam:Get*', 'iam:List*'])], 'no', []],
])('tells who may make himself an administrator: %s', (_, its, escalates, ways) => expect(rights(its)).toMatchObject({ escalates, ways }));

it('leaves everything open where a policy cannot be read', () => {
  const said = rightsOf({ identity: [policy(allow('sqs:SendMessage')), { name: 'broken', document: null }], boundary: null, controls: [] }, holder);
  expect(said).toMatchObject({ level: 'none', atMost: 'admin', admin: 'unknown', escalates: 'unknown', unreadable: ['broken'] });
});

it('lets a holder sign in as well as he can', () => {
  const factor = { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } };
  expect(rights([allow('*'), deny('*', '*', factor)]).admin).toBe('yes');
  expect(rights([allow('*', '*', { Bool: { 'aws:SecureTransport': 'true' } })]).admin).toBe('yes');
  expect(rights([allow('*', '*', { StringEquals: { 'aws:PrincipalArn': 'arn:aws:iam::123456789012:user/ben' } })]).admin).toBe('no');
});

it('classes actions as AWS does, and those of tomorrow by their verb', () => {
  expect(
    ['s3:GetObject', 'S3:putobject', 's3:PutBucketPolicy', 'iam:PassRole', 'sts:GetFederationToken', 'new:GetThing', 'new:MakeThing', 'new:Getaway'].map(
      accessOf,
    ),
  ).toEqual(['read', 'write', 'permissions', 'write', 'write', 'read', 'write', 'write']);
  expect(examplesOf('sqs:*').map(({ access }) => access)).toEqual(expect.arrayContaining(['read', 'write', 'permissions']));
  expect(new Set(examplesOf('s3:Get*').map(({ access }) => access))).toEqual(new Set(['read']));
  expect(examplesOf('s3:*Acl').map(({ action }) => action)).toEqual(expect.arrayContaining(['s3:PutBucketAcl', 's3:PutObjectAcl']));
  expect(examplesOf('*')).toContainEqual({ service: '*', action: 'tickmark:Tickmark', access: 'write' });
  expect(rights([allow('*', '*'), deny('*')]).grants).not.toContain(READ_ALL);
});

it('says what no single policy should grant', () => {
  const wide = (...its: readonly object[]) => grantsWidely(policy(...its).document ?? { statements: [], variables: true });
  expect(wide(allow('ec2:*'))).toBe('yes');
  expect(wide(allow('ec2:**'))).toBe('yes');
  expect(wide(allow('ec2:Describe*'))).toBe('no');
  expect(wide(allow('ec2:*', '*', office))).toBe('unknown');
  expect(wide({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' })).toBe('yes');
});
