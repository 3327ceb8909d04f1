// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policies have variables of that form
import fc from 'fast-check';

/** One request, and all that decides it, in AWS's own shapes. */
export interface Case {
  readonly action: string;
  readonly resource: string;
  /** Context of the request; a key that is not named is absent. */
  readonly known: Readonly<Record<string, string | readonly string[]>>;
  readonly identity: readonly Document[];
  readonly boundary: readonly Document[] | null;
  readonly controls: readonly (readonly Document[])[];
  /** Trust policy of the role that is asked for. */
  readonly trust?: Document;
}
interface Document {
  readonly Version: string;
  readonly Statement: readonly Readonly<Record<string, unknown>>[];
}

const REQUESTS: readonly (readonly [action: string, resource: string])[] = [
  ['s3:GetObject', 'arn:aws:s3:::acme/home/ada/x'],
  ['s3:PutObject', 'arn:aws:s3:::acme/home/ben/x'],
  ['s3:ListBucket', 'arn:aws:s3:::acme'],
  ['iam:CreateUser', 'arn:aws:iam::123456789012:user/ada'],
  ['iam:PassRole', 'arn:aws:iam::123456789012:role/web'],
  ['sqs:SendMessage', 'arn:aws:sqs:eu-west-1:123456789012:orders'],
  ['dynamodb:GetItem', 'arn:aws:dynamodb:eu-west-1:123456789012:table/Orders'],
  ['ec2:DescribeInstances', '*'],
];
const ACTIONS = [
  '*',
  's3:*',
  's3:Get*',
  's3:?etObject',
  'S3:getobject',
  's3:PutObject',
  's3:List*',
  'iam:*',
  'iam:Create*',
  'iam:PassRole',
  'sqs:*',
  'dynamodb:*Item',
  'ec2:Describe*',
];
const RESOURCES = [
  '*',
  'arn:aws:s3:::acme',
  'arn:aws:s3:::acme/*',
  'arn:aws:s3:::acme/home/a?a/*',
  'arn:aws:s3:::acme/home/${aws:username}/*',
  'arn:aws:s3:::ACME/*',
  'arn:aws:iam::123456789012:user/${aws:username}',
  'arn:aws:iam::123456789012:*',
  'arn:aws:iam::*:role/*',
  'arn:aws:sqs:*:123456789012:o*',
  'arn:aws:dynamodb:eu-west-1:123456789012:table/Orders',
];
const PLAIN = RESOURCES.filter((resource) => !/[$?]/.test(resource));

const some = (of: readonly string[]) => fc.subarray([...of], { minLength: 1, maxLength: Math.min(of.length, 3) });
const one = <Value>(...of: readonly Value[]) => fc.constantFrom(...of);

const test = fc.oneof(
  fc.record({
    operator: one('StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringLike', 'StringNotLike'),
    key: fc.constant('aws:PrincipalTag/team'),
    values: some(['red', 'RED', 'b*', 'blue']),
  }),
  fc.record({
    operator: one('StringLike', 'StringEquals', 'StringNotEqualsIgnoreCase'),
    key: fc.constant('aws:username'),
    values: some(['ada', 'ADA', 'a?a', '*']),
  }),
  fc.record({
    operator: one('IpAddress', 'NotIpAddress'),
    key: fc.constant('aws:SourceIp'),
    values: some(['10.0.0.0/8', '192.0.2.7', '192.0.2.0/24', '2001:db8::/32']),
  }),
  fc.record({
    operator: one('Bool'),
    key: one('aws:SecureTransport', 'aws:MultiFactorAuthPresent'),
    values: some(['true', 'false']).map((values) => values.slice(0, 1)),
  }),
  fc.record({ operator: one('Null'), key: one('aws:MultiFactorAuthPresent', 'aws:PrincipalTag/team', 'aws:SourceIp'), values: one(['true'], ['false']) }),
  fc.record({
    operator: one('DateLessThan', 'DateGreaterThan', 'DateEquals'),
    key: fc.constant('aws:CurrentTime'),
    values: some(['2026-06-01T00:00:00Z', '2026-07-01T00:00:00Z']),
  }),
  fc.record({
    operator: one('NumericLessThan', 'NumericGreaterThanEquals', 'NumericEquals'),
    key: fc.constant('aws:MultiFactorAuthAge'),
    values: some(['60', '3600']),
  }),
  fc.record({
    operator: one('ArnLike', 'ArnEquals', 'ArnNotLike'),
    key: fc.constant('aws:PrincipalArn'),
    values: some(['arn:aws:iam::123456789012:user/*', 'arn:aws:iam::*:user/ada', 'arn:aws:iam::123456789012:role/*']),
  }),
  fc.record({
    operator: one('ForAllValues:StringEquals', 'ForAnyValue:StringEquals', 'ForAllValues:StringLike', 'ForAnyValue:StringLike'),
    key: fc.constant('aws:CalledVia'),
    values: some(['athena.amazonaws.com', 'cloudformation.*', 'glue.amazonaws.com']),
  }),
);
const tests = fc.array(fc.tuple(test, fc.boolean()), { maxLength: 2 }).map((its) => {
  const condition: Record<string, Record<string, readonly string[]>> = {};
  for (const [{ operator, key, values }, ifExists] of its) {
    const name = ifExists && operator !== 'Null' && !operator.startsWith('For') ? `${operator}IfExists` : operator;
    condition[name] = { ...condition[name], [key]: values };
  }
  return condition;
});

const statement = fc
  .record({ effect: one('Allow', 'Allow', 'Deny'), actions: some(ACTIONS), resources: some(RESOURCES), not: fc.integer({ min: 0, max: 7 }), tests })
  .map(({ effect, actions, resources, not, tests: condition }) => ({
    Effect: effect,
    [not === 0 ? 'NotAction' : 'Action']: actions,
    [not === 1 ? 'NotResource' : 'Resource']: resources,
    ...(Object.keys(condition).length > 0 ? { Condition: condition } : {}),
  }));
/** Half of them allow everything besides: else hardly any request would be allowed by all that must allow it. */
const documentOf = (of: fc.Arbitrary<Readonly<Record<string, unknown>>>) =>
  fc
    .tuple(fc.array(of, { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([its, wide]): Document => ({ Version: '2012-10-17', Statement: wide ? [...its, { Effect: 'Allow', Action: '*', Resource: '*' }] : its }));
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const known = fc
  .record({
    'aws:username': maybe(one('ada', 'ben')),
    'aws:PrincipalTag/team': maybe(one('red', 'blue')),
    'aws:SourceIp': maybe(one('10.1.2.3', '192.0.2.7', '2001:db8::7')),
    'aws:SecureTransport': one('true', 'false'),
    'aws:MultiFactorAuthPresent': maybe(one('true', 'false')),
    'aws:MultiFactorAuthAge': maybe(one('30', '60', '7200')),
    'aws:CurrentTime': one('2026-06-01T00:00:00Z', '2026-06-15T12:00:00Z'),
    'aws:PrincipalArn': one('arn:aws:iam::123456789012:user/ada'),
    'aws:CalledVia': maybe(some(['athena.amazonaws.com', 'cloudformation.amazonaws.com'])),
  })
  .map((its) => Object.fromEntries(Object.entries(its).filter(([, value]) => value !== undefined)) as Case['known']);

/** Everything that decides, at once: the same cases for the same seed. */
export const everyKind = (seed: number, count: number): readonly Case[] =>
  fc.sample(
    fc
      .tuple(
        one(...REQUESTS),
        known,
        fc.array(documentOf(statement), { minLength: 1, maxLength: 3 }),
        fc.option(fc.array(documentOf(statement), { minLength: 1, maxLength: 1 })),
        fc.array(fc.array(documentOf(statement), { minLength: 1, maxLength: 2 }), { maxLength: 2 }),
      )
      .map(([[action, resource], context, identity, boundary, controls]): Case => ({ action, resource, known: context, identity, boundary, controls })),
    { seed, numRuns: count },
  );

/** Requests for a role, by a user of its account and by one of another: what they hold, and whom the role trusts. */
export const forRoles = (seed: number, count: number): readonly Case[] => {
  const role = 'arn:aws:iam::123456789012:role/web';
  const acts = some(['sts:AssumeRole', 'sts:*', '*', 'sts:TagSession', 's3:Get*']);
  const held = fc
    .record({
      effect: one('Allow', 'Allow', 'Allow', 'Deny'),
      actions: acts,
      resources: some(['*', role, 'arn:aws:iam::*:role/w*', 'arn:aws:iam::123456789012:role/app']),
    })
    .map(({ effect, actions, resources }) => ({ Effect: effect, Action: actions, Resource: resources }));
  const ada = 'arn:aws:iam::123456789012:user/ada';
  const eve = 'arn:aws:iam::210987654321:user/eve';
  const trusted = one<unknown>(
    { AWS: ada },
    { AWS: eve },
    { AWS: [ada, eve] },
    { AWS: 'arn:aws:iam::123456789012:root' },
    { AWS: ['210987654321', '123456789012'] },
    { Service: 'ec2.amazonaws.com' },
  );
  const trust = fc
    .record({
      effect: one('Allow', 'Allow', 'Allow', 'Deny'),
      principal: trusted,
      actions: some(['sts:AssumeRole', 'sts:*', 'sts:TagSession']),
      tests: fc.oneof(fc.constant({}), tests),
    })
    .map(({ effect, principal, actions, tests: condition }) => ({
      ...{ Effect: effect, Principal: principal, Action: actions },
      ...(Object.keys(condition).length > 0 ? { Condition: condition } : {}),
    }));
  const documents = (of: fc.Arbitrary<Readonly<Record<string, unknown>>>) =>
    fc.array(of, { minLength: 1, maxLength: 2 }).map((Statement): Document => ({ Version: '2012-10-17', Statement }));
  return fc.sample(
    fc.tuple(one(ada, eve), known, documents(held), fc.option(documents(held)), documents(trust)).map(
      ([by, context, identity, boundary, whom]): Case => ({
        ...{ action: 'sts:AssumeRole', resource: role, known: { ...context, 'aws:PrincipalArn': by, 'aws:username': by === ada ? 'ada' : 'eve' } },
        ...{ identity: [identity], boundary: boundary === null ? null : [boundary], controls: [], trust: whom },
      }),
    ),
    { seed, numRuns: count },
  );
};

/** What moto evaluates: identities alone, no conditions, no `NotResource`, no `?`, and actions in AWS's own letter case. */
export const plain = (seed: number, count: number): readonly Case[] =>
  fc.sample(
    fc
      .tuple(
        one(...REQUESTS),
        fc.array(
          documentOf(
            fc
              .record({
                effect: one('Allow', 'Allow', 'Deny'),
                actions: some(ACTIONS.filter((action) => !/[?S]3|\?/.test(action))),
                resources: some(PLAIN),
                not: fc.integer({ min: 0, max: 5 }),
              })
              .map(({ effect, actions, resources, not }) => ({ Effect: effect, [not === 0 ? 'NotAction' : 'Action']: actions, Resource: resources })),
          ),
          { minLength: 1, maxLength: 3 },
        ),
      )
      .map(([[action, resource], identity]): Case => ({ action, resource, known: {}, identity, boundary: null, controls: [] })),
    { seed, numRuns: count },
  );
