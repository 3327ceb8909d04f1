import { describe, expect, it } from 'vitest';
import { parsed } from './document.ts';
import type { Policies } from './evaluate.ts';
import type { Holder } from './rights.ts';
import { mayTake, trustsPrincipals } from './trust.ts';

const ACCOUNT = '123456789012';
const OTHER = '210987654321';
const ada: Holder = { kind: 'user', arn: `arn:aws:iam::${ACCOUNT}:user/ada`, name: 'ada', accountId: ACCOUNT };
const eve: Holder = { kind: 'user', arn: `arn:aws:iam::${OTHER}:user/eve`, name: 'eve', accountId: OTHER };
const web: Holder = { kind: 'role', arn: `arn:aws:iam::${ACCOUNT}:role/web`, name: 'web', accountId: ACCOUNT };
const ROLE = `arn:aws:iam::${ACCOUNT}:role/Administrator`;

type Written = Readonly<Record<string, unknown>>;
const document = (...statements: readonly Written[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const policy = (...statements: readonly Written[]) => ({ name: 'p', document: parsed(document(...statements)) });
const holding = (...identity: readonly Written[]): Policies => ({ identity: [policy(...identity)], boundary: null, controls: [] });
const allow = (Resource: string = ROLE) => ({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource });
const deny = { Effect: 'Deny', Action: 'sts:*', Resource: '*' };
const reads = { Effect: 'Allow', Action: 's3:Get*', Resource: '*' };
const trusting = (principal: unknown, more: Written = {}) => ({ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole', ...more });
const toAccount = trusting({ AWS: `arn:aws:iam::${ACCOUNT}:root` });
const toAda = trusting({ AWS: ada.arn });
const taking = (policies: Policies, holder: Holder, ...trust: readonly Written[]) =>
  mayTake(policies, holder, { arn: ROLE, accountId: ACCOUNT, trust: document(...trust) });

const [NOTHING, RIGHT] = [holding(reads), holding(allow())];
const limited = (of: Policies, ...boundary: readonly Written[]): Policies => ({ ...of, boundary: [policy(...boundary)] });

describe('a role may be taken', () => {
  it.each<[string, 'yes' | 'no' | 'unknown', Policies, Holder, readonly Written[]]>([
    ['by whom it names, who holds no right of his own', 'yes', NOTHING, ada, [toAda]],
    ['by an account, of those who hold the right', 'yes', RIGHT, ada, [toAccount]],
    ['by an account by its number', 'yes', RIGHT, ada, [trusting({ AWS: ACCOUNT })]],
    ['not of those who do not', 'no', NOTHING, ada, [toAccount]],
    ['not where the right is to another role', 'no', holding(allow(`${ROLE}2`)), ada, [toAccount]],
    ['not by whom it does not name', 'no', holding({ Effect: 'Allow', Action: '*', Resource: '*' }), ada, [trusting({ AWS: `${ada.arn}m` })]],
    ['not where a policy of his own denies it, though it names him', 'no', holding(deny), ada, [toAda]],
    ['nor where his boundary does', 'no', limited(RIGHT, deny), ada, [toAda]],
    ['where a boundary is silent, by a user whom it names', 'yes', limited(NOTHING, reads), ada, [toAda]],
    ['not by one of an account that it trusts', 'no', limited(RIGHT, reads), ada, [toAccount]],
    ['nor by a role that it names', 'no', limited(NOTHING, reads), web, [trusting({ AWS: web.arn })]],
    ['by a role that it names', 'yes', NOTHING, web, [trusting({ AWS: web.arn })]],
    ['by a session that may be one of the role', 'unknown', NOTHING, web, [trusting({ AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/web/night` })]],
    ['not by a session of another role', 'no', RIGHT, web, [trusting({ AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/app/night` })]],
    ['from another account by both words', 'yes', RIGHT, eve, [trusting({ AWS: OTHER })]],
    ['from another account that names him, not without his own', 'no', NOTHING, eve, [trusting({ AWS: eve.arn })]],
    ['not from an account that it does not trust', 'no', RIGHT, eve, [toAccount]],
    ['not where it denies somebody it trusts', 'no', RIGHT, ada, [toAccount, { ...toAda, Effect: 'Deny' }]],
    ['by anybody who holds the right', 'yes', RIGHT, ada, [trusting('*')]],
    ['of anybody, by one who does not, nobody knows', 'unknown', NOTHING, ada, [trusting({ AWS: '*' })]],
    ['not from outside by anybody who does not', 'no', NOTHING, eve, [trusting({ AWS: '*' })]],
    ['with a second factor', 'yes', RIGHT, ada, [{ ...toAccount, Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }]],
    ['under a condition that cannot hold', 'no', RIGHT, ada, [{ ...toAccount, Condition: { StringEquals: { 'aws:username': 'ben' } } }]],
    ['by all but some, of whom it cannot be said', 'unknown', RIGHT, ada, [{ Effect: 'Allow', NotPrincipal: { AWS: web.arn }, Action: 'sts:AssumeRole' }]],
    ['not by another act', 'no', RIGHT, ada, [{ ...toAccount, Action: ['sts:TagSession', 'sts:SetSourceIdentity'] }]],
    ['by every act', 'yes', RIGHT, ada, [{ ...toAccount, Action: 'STS:*' }]],
    ['by all acts but another', 'yes', RIGHT, ada, [{ Effect: 'Allow', Principal: toAccount.Principal, NotAction: 'sts:TagSession' }]],
    ['not by a service alone', 'no', RIGHT, ada, [trusting({ Service: 'ec2.amazonaws.com' })]],
    ['nor by those whom an identity provider lets in', 'no', RIGHT, ada, [trusting({ Federated: 'cognito-identity.amazonaws.com' })]],
  ])('%s: %s', (_, answer, policies, holder, trust) => expect(taking(policies, holder, ...trust).answer).toBe(answer));

  it('under a condition that nobody can decide: the key is named', () => {
    const condition = { Condition: { StringEquals: { 'sts:ExternalId': 'secret' }, IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } };
    expect(taking(RIGHT, ada, { ...toAccount, ...condition })).toEqual({ answer: 'unknown', keys: ['aws:SourceIp', 'sts:ExternalId'] });
    expect(taking(RIGHT, ada, { ...toAda, ...condition, Effect: 'Deny' }, toAccount)).toEqual({ answer: 'unknown', keys: ['aws:SourceIp', 'sts:ExternalId'] });
    expect(taking(NOTHING, ada, { ...toAccount, ...condition })).toEqual({ answer: 'no', keys: [] });
  });

  it.each([
    ['was not told', null],
    ['is no document', 'x'],
    ['has a statement that AWS would not take', document({ ...toAda, Resource: '*' })],
    ['has a principal of no known kind', document(trusting({ Robot: 'x' }))],
    ['names both a principal and all but one', document({ ...toAda, NotPrincipal: '*' })],
    ['is of a version to come', JSON.stringify({ Version: '2030-01-01', Statement: [toAda] })],
  ])('cannot be said where its trust %s', (_, trust) => {
    expect(mayTake(RIGHT, ada, { arn: ROLE, accountId: ACCOUNT, trust }).answer).toBe('unknown');
    expect(trustsPrincipals(trust)).toBe(true);
  });

  it('cannot be said where a policy of the holder cannot be read', () => {
    const unreadable: Policies = { identity: [{ name: 'p', document: null }], boundary: null, controls: [] };
    expect(taking(unreadable, ada, toAccount).answer).toBe('unknown');
    expect(taking(unreadable, ada, toAda).answer).toBe('unknown');
  });
});

it('trusts nobody of whom a policy could speak where it trusts services alone', () => {
  expect(trustsPrincipals(document(trusting({ Service: 'ec2.amazonaws.com' })))).toBe(false);
  expect(trustsPrincipals(document({ ...toAda, Effect: 'Deny' }))).toBe(false);
  expect(trustsPrincipals(document(toAda))).toBe(true);
});
