import { expect, it } from 'vitest';
import { memberships } from '../../datasets/identity/memberships.ts';
import type { Artifact } from '../source.ts';
import { AwsIamConfig } from './config.ts';
import { tables } from './rows.ts';

const ACCOUNT = '123456789012';
const ADA = `arn:aws:iam::${ACCOUNT}:user/ada`;
const OPEN = encodeURIComponent('{"Version":"2012-10-17","Statement":[]}');
const AT = '2026-05-10T04:00:00Z';
const at = Date.parse(AT);

function answer(name: string, action: string, result: string): Artifact {
  const body = new TextEncoder().encode(`<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`);
  return {
    name,
    request: { method: `iam:${action}`, url: 'https://iam.amazonaws.com/', body: null },
    status: 200,
    headers: {},
    startedAt: at,
    finishedAt: at,
    body,
  };
}

const list = (tag: string, ...entries: readonly string[]) => `<${tag}>${entries.map((entry) => `<member>${entry}</member>`).join('')}</${tag}>`;
const attached = (arn: string) => `<PolicyName>S3Access</PolicyName><PolicyArn>${arn}</PolicyArn>`;
const managed = (arn: string) =>
  `<Arn>${arn}</Arn><PolicyName>S3Access</PolicyName>${list('PolicyVersionList', `<Document>${OPEN}</Document><IsDefaultVersion>true</IsDefaultVersion>`)}`;

it('tells of policies of one name that a user holds as of one, and of each by its id', () => {
  const arns = ['arn:aws:iam::aws:policy/S3Access', `arn:aws:iam::${ACCOUNT}:policy/S3Access`];
  const user = [
    `<Arn>${ADA}</Arn><UserName>ada</UserName><UserId>AIDAADA</UserId><CreateDate>${AT}</CreateDate>`,
    list('AttachedManagedPolicies', ...arns.map(attached)),
    list('UserPolicyList', `<PolicyName>S3Access</PolicyName><PolicyDocument>${OPEN}</PolicyDocument>`),
  ].join('');
  const artifacts = [
    answer('summary', 'GetAccountSummary', '<SummaryMap><entry><key>Users</key><value>1</value></entry></SummaryMap>'),
    answer('password-policy', 'GetAccountPasswordPolicy', '<PasswordPolicy><MinimumPasswordLength>14</MinimumPasswordLength></PasswordPolicy>'),
    answer('authorization', 'GetAccountAuthorizationDetails', `${list('UserDetailList', user)}${list('Policies', ...arns.map(managed))}`),
    answer('report', 'GetCredentialReport', `<Content>${btoa('user,arn\n')}</Content><GeneratedTime>${AT}</GeneratedTime>`),
  ];
  const config = AwsIamConfig.parse({ accounts: [{ id: ACCOUNT }] });
  const told = tables(artifacts, { config, partition: ACCOUNT, at, after: null, since: 0, timezone: 'UTC' });
  const rows = (dataset: string) => told.find((table) => table.dataset.id === dataset)?.rows ?? [];
  expect(rows(memberships.id)).toEqual([{ systemId: 'aws', userId: 'AIDAADA', kind: 'role', name: 'policy S3Access', role: 'attached', privileged: false }]);
  expect(rows('iam.principals')).toMatchObject([{ policyIds: [...arns, `${ADA}#S3Access`].sort() }]);
  expect(rows('iam.policies')).toHaveLength(3);
  expect(rows('iam.password-policies')).toMatchObject([{ policyId: 'account', exists: true, inForce: 'yes' }]);
});
