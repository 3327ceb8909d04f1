import { days, hours, type Instant, iso, minutes } from '../core/instant.ts';
import { roles, STANDING, trustOf } from './aws-roles.ts';
import { AUDITORS } from './review-stories.ts';
import { CAST, DAYS, during, since } from './stories.ts';
import { type Person, person, type World } from './world.ts';

export const ACCOUNT = '123456789012';
const arn = (rest: string) => `arn:aws:iam::${ACCOUNT}:${rest}`;
const ADMIN = 'arn:aws:iam::aws:policy/AdministratorAccess';
const EVERYTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
const MFA = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'NothingWithoutSecondFactor',
      Effect: 'Deny',
      NotAction: ['iam:ChangePassword', 'iam:CreateVirtualMFADevice', 'iam:EnableMFADevice', 'iam:GetUser', 'iam:ListMFADevices', 'sts:GetSessionToken'],
      Resource: '*',
      Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
    },
  ],
};
const READ = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['ec2:Describe*', 's3:ListAllMyBuckets', 'cloudwatch:Get*'], Resource: '*' }] };
const BOUNDARY = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['s3:*', 'logs:*', 'ec2:Describe*'], Resource: '*' }] };
const MACHINE = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::acme-artifacts/*' }],
};

interface Key {
  readonly id: string;
  readonly madeAt: Instant;
  readonly usedAt: Instant | null;
}
export interface CloudUser {
  readonly name: string;
  readonly id: string;
  readonly createdAt: Instant;
  readonly groups: readonly string[];
  readonly console: boolean;
  readonly usedAt: Instant | null;
  readonly keys: readonly Key[];
  readonly factorAt: Instant | null;
  readonly inline: Readonly<Record<string, unknown>>;
  readonly boundary: string | null;
}

/** Engineers with access to AWS. */
const CONSOLE = [1, 2, 8, 9, 10, 16, 17, 18, 22, 24, 26, 32, 40] as const;

/** Users of the account at an instant, people first. */
export function users(world: World, at: Instant): readonly CloudUser[] {
  const morning = Math.floor(at / days(1)) * days(1) - hours(15);
  const people = CONSOLE.map((place) => person(world, place)).filter((it) => it.startAt <= at && at < removal(world, it));
  return [
    ...people.map((it): CloudUser => {
      const bounded = it.id === person(world, CAST.bounded).id && during(world, at, DAYS.boundedWildcard);
      const extra = it.id === person(world, CAST.extraAdmin).id && during(world, at, DAYS.extraAdmin);
      const standing = at < world.ago(DAYS.standingAdmins.to) && STANDING.some((place) => person(world, place).id === it.id);
      const admin = standing || extra;
      const unused = it.id === person(world, CAST.dormant).id && during(world, at, { from: DAYS.dormant.lastLogin - 1, to: DAYS.dormant.back });
      return {
        name: it.email,
        id: `AIDAACME${it.id.replace('-', '')}`,
        createdAt: it.startAt,
        groups: ['everyone', ...(admin ? ['administrators'] : ['readers']), ...(isAuditor(world, it, at) ? ['auditors'] : [])],
        console: true,
        usedAt: Math.max(it.startAt, Math.min(unused ? world.ago(DAYS.dormant.lastLogin, 9) : morning, (it.endAt ?? at) - hours(9))),
        keys: [],
        factorAt: it.startAt,
        inline: bounded ? { debugging: EVERYTHING } : {},
        boundary: bounded ? arn('policy/developer-boundary') : null,
      };
    }),
    machine(
      'ci-deploy',
      world.ago(800),
      since(world, at, DAYS.overdueKey.replaced)
        ? [{ id: 'AKIAACMEDEPLOY000002', madeAt: world.ago(DAYS.overdueKey.replaced, 9), usedAt: morning }]
        : rotated('DEPLOY', world.ago(DAYS.overdueKey.made, 9), at, morning),
    ),
    machine('backup-runner', world.ago(790), rotated('BACKUP', world.ago(DAYS.oldKey.made, 9), at, morning)),
    ...(at < world.ago(DAYS.idleKey.removed, 14)
      ? [machine('metrics-export', world.ago(780), rotated('METRIC', world.ago(DAYS.idleKey.made, 9), at, Math.min(morning, world.ago(DAYS.idleKey.used, 11))))]
      : []),
  ];
}

/** Some read along for an audit, until a review takes that away. */
const isAuditor = (world: World, { id }: Person, at: Instant): boolean =>
  AUDITORS.some(
    ({ place, from, to, again }) =>
      id === person(world, place).id &&
      (during(world, at, { from, to: to ?? -10_000 }) || (again !== null && during(world, at, { from: again[0], to: again[1] }))),
  );

function removal(world: World, { id, endAt }: Person): Instant {
  if (id === person(world, CAST.lateLeaver).id) return world.ago(DAYS.lateAwsRemoval.removed, 10);
  return endAt === null ? Infinity : endAt + hours(1);
}

/** Until the key of the story is made, the ones before it are replaced in time. */
function rotated(name: string, madeAt: Instant, at: Instant, usedAt: Instant): readonly Key[] {
  if (at >= madeAt) return [{ id: `AKIAACME${name}000001`, madeAt, usedAt: Math.max(usedAt, madeAt) }];
  const turn = Math.ceil((madeAt - at) / days(80));
  const made = madeAt - turn * days(80);
  return [{ id: `AKIAACME${name}9${String(turn).padStart(5, '0')}`, madeAt: made, usedAt: Math.max(made, Math.floor(at / days(1)) * days(1) - hours(15)) }];
}

const machine = (name: string, createdAt: Instant, keys: readonly Key[]): CloudUser => ({
  name,
  id: `AIDAACME${name.replace('-', '').toUpperCase()}`,
  createdAt,
  groups: ['machines'],
  console: false,
  usedAt: null,
  keys,
  factorAt: null,
  inline: {},
  boundary: null,
});

const text = (value: string): string => value.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign] ?? sign);
const tag = (name: string, value: string): string => `<${name}>${value}</${name}>`;
const list = (name: string, entries: readonly string[]): string =>
  entries.length === 0 ? `<${name}/>` : tag(name, entries.map((entry) => tag('member', entry)).join(''));
const document = (policy: unknown): string => text(encodeURIComponent(JSON.stringify(policy)));
const answer = (action: string, result: string, namespace = 'https://iam.amazonaws.com/doc/2010-05-08/'): string =>
  `<${action}Response xmlns="${namespace}">${tag(`${action}Result`, result)}<ResponseMetadata><RequestId>acme-${action.toLowerCase()}</RequestId></ResponseMetadata></${action}Response>`;
const attached = (policyArn: string): string => tag('PolicyName', policyArn.split('/').at(-1) ?? '') + tag('PolicyArn', policyArn);

const GROUPS: readonly (readonly [name: string, policies: readonly string[]])[] = [
  ['everyone', [arn('policy/second-factor')]],
  ['administrators', [ADMIN]],
  ['readers', [arn('policy/reader')]],
  ['auditors', [arn('policy/reader')]],
  ['machines', [arn('policy/machine')]],
];

/** What IAM answers, as XML. `null`: an operation that Acme does not know. */
export function aws(world: World, at: Instant, action: string, parameters: URLSearchParams): { readonly status: number; readonly body: string } | null {
  const all = users(world, at);
  const ok = (result: string, namespace?: string) => ({ status: 200, body: answer(action, result, namespace) });
  const asked = all.find(({ name }) => name === parameters.get('UserName'));
  switch (action) {
    case 'GetCallerIdentity':
      return ok(
        tag('Arn', `arn:aws:sts::${ACCOUNT}:assumed-role/TickmarkReader/tickmark`) + tag('UserId', 'AROAACME:tickmark') + tag('Account', ACCOUNT),
        'https://sts.amazonaws.com/doc/2011-06-15/',
      );
    case 'GetAccountSummary':
      return ok(
        tag(
          'SummaryMap',
          Object.entries({
            Users: all.length,
            AccountMFAEnabled: 1,
            AccountPasswordPresent: 1,
            AccountAccessKeysPresent: during(world, at, DAYS.rootKey) ? 1 : 0,
          })
            .map(([key, value]) => tag('entry', tag('key', key) + tag('value', String(value))))
            .join(''),
        ),
      );
    case 'GetAccountPasswordPolicy':
      return ok(
        tag(
          'PasswordPolicy',
          Object.entries({
            MinimumPasswordLength: 14,
            RequireSymbols: true,
            RequireNumbers: true,
            RequireUppercaseCharacters: true,
            RequireLowercaseCharacters: true,
            AllowUsersToChangePassword: true,
            ExpirePasswords: false,
            PasswordReusePrevention: 24,
          })
            .map(([key, value]) => tag(key, String(value)))
            .join(''),
        ),
      );
    case 'GetAccountAuthorizationDetails':
      return ok(details(world, at, all, parameters));
    case 'ListAccessKeys':
      return ok(
        tag('IsTruncated', 'false') +
          list(
            'AccessKeyMetadata',
            (asked?.keys ?? []).map(
              ({ id, madeAt }) => tag('UserName', text(asked?.name ?? '')) + tag('AccessKeyId', id) + tag('Status', 'Active') + tag('CreateDate', iso(madeAt)),
            ),
          ),
      );
    case 'ListMFADevices':
      return ok(
        tag('IsTruncated', 'false') +
          list(
            'MFADevices',
            asked && asked.factorAt !== null
              ? [tag('UserName', text(asked.name)) + tag('SerialNumber', arn(`u2f/user/${asked.name}/key`)) + tag('EnableDate', iso(asked.factorAt))]
              : [],
          ),
      );
    case 'GenerateCredentialReport':
      return ok(tag('State', 'COMPLETE'));
    case 'GetCredentialReport':
      return ok(
        tag('Content', btoa(report(world, all, Math.floor(at / hours(4)) * hours(4)))) +
          tag('ReportFormat', 'text/csv') +
          tag('GeneratedTime', iso(Math.floor(at / hours(4)) * hours(4))),
      );
    default:
      return null;
  }
}

/** Two pages, so that paging is always walked: people first, then all else. */
function details(world: World, at: Instant, all: readonly CloudUser[], parameters: URLSearchParams): string {
  if (parameters.get('Marker') !== 'acme-2') {
    const described = all.map(({ name, id, createdAt, groups, inline, boundary }) =>
      [
        tag('Path', '/'),
        tag('UserName', text(name)),
        tag('UserId', id),
        tag('Arn', arn(`user/${name}`)),
        tag('CreateDate', iso(createdAt)),
        list('GroupList', groups),
        '<AttachedManagedPolicies/>',
        list(
          'UserPolicyList',
          Object.entries(inline).map(([policy, body]) => tag('PolicyName', policy) + tag('PolicyDocument', document(body))),
        ),
        boundary === null ? '' : tag('PermissionsBoundary', tag('PermissionsBoundaryType', 'Policy') + tag('PermissionsBoundaryArn', boundary)),
      ].join(''),
    );
    return `${list('UserDetailList', described)}<GroupDetailList/><RoleDetailList/><Policies/>${tag('IsTruncated', 'true')}${tag('Marker', 'acme-2')}`;
  }
  const groups = GROUPS.map(([name, policies]) =>
    [
      tag('Path', '/'),
      tag('GroupName', name),
      tag('GroupId', `AGPAACME${name.toUpperCase()}`),
      tag('Arn', arn(`group/${name}`)),
      tag('CreateDate', iso(world.ago(900))),
      list('AttachedManagedPolicies', policies.map(attached)),
      '<GroupPolicyList/>',
    ].join(''),
  );
  const described = roles(world, at, { admin: ADMIN, reader: arn('policy/reader') }).map(({ name, id, createdAt, attached: held, inline, usedAt }) =>
    [
      tag('Path', '/'),
      tag('RoleName', name),
      tag('RoleId', id),
      tag('Arn', arn(`role/${name}`)),
      tag('CreateDate', iso(createdAt)),
      tag('AssumeRolePolicyDocument', document(trustOf(world, at, name, arn))),
      list('AttachedManagedPolicies', held.map(attached)),
      list(
        'RolePolicyList',
        Object.entries(inline).map(([its, body]) => tag('PolicyName', its) + tag('PolicyDocument', document(body))),
      ),
      '<InstanceProfileList/>',
      usedAt === null ? '<RoleLastUsed/>' : tag('RoleLastUsed', tag('LastUsedDate', iso(usedAt)) + tag('Region', 'eu-central-1')),
    ].join(''),
  );
  const policy = (policyArn: string, body: unknown, held: number, bounds = 0) =>
    [
      tag('PolicyName', policyArn.split('/').at(-1) ?? ''),
      tag('Arn', policyArn),
      tag('AttachmentCount', String(held)),
      tag('PermissionsBoundaryUsageCount', String(bounds)),
      list('PolicyVersionList', [tag('Document', document(body)) + tag('VersionId', 'v1') + tag('IsDefaultVersion', 'true')]),
    ].join('');
  const bounds = all.filter(({ boundary }) => boundary !== null).length;
  const policies = [
    policy(ADMIN, EVERYTHING, 3),
    policy(arn('policy/second-factor'), MFA, 1),
    policy(arn('policy/reader'), READ, 3),
    policy(arn('policy/machine'), MACHINE, 1),
    policy(arn('policy/developer-boundary'), BOUNDARY, 0, bounds),
  ];
  return `<UserDetailList/>${list('GroupDetailList', groups)}${list('RoleDetailList', described)}${list('Policies', policies)}${tag('IsTruncated', 'false')}`;
}

const HEAD =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated';

/** Root is used in an emergency, and goes on being what AWS remembers of it. */
function report(world: World, all: readonly CloudUser[], at: Instant): string {
  const usedAt = world.ago(DAYS.rootUse, 2) + minutes(20);
  const root = [
    '<root_account>',
    arn('root'),
    iso(world.ago(1000)),
    'not_supported',
    usedAt <= at ? iso(usedAt) : 'no_information',
    'not_supported',
    'not_supported',
    'true',
    'false',
    'N/A',
    'N/A',
    'N/A',
    'N/A',
    'false',
    'N/A',
    'N/A',
    'N/A',
    'N/A',
    'false',
    'N/A',
    'false',
    'N/A',
  ];
  const lines = all.map(({ name, createdAt, console, usedAt, factorAt, keys: [key] }) => {
    const slot = key ? ['true', iso(key.madeAt), key.usedAt === null ? 'N/A' : iso(key.usedAt), 'eu-central-1', 's3'] : ['false', 'N/A', 'N/A', 'N/A', 'N/A'];
    return [
      name,
      arn(`user/${name}`),
      iso(createdAt),
      String(console),
      console ? (usedAt === null ? 'no_information' : iso(usedAt)) : 'N/A',
      'N/A',
      'N/A',
      String(factorAt !== null),
      ...slot,
      'false',
      'N/A',
      'N/A',
      'N/A',
      'N/A',
      'false',
      'N/A',
      'false',
      'N/A',
    ];
  });
  return [HEAD, ...[root, ...lines].map((cells) => cells.join(','))].join('\n');
}
