import { hours, type Instant, iso } from '../../src/core/instant.ts';
import type { WireAnswer, WireRequest } from '../../src/sources/wire.ts';
import type { User } from '../iam/year.ts';

export const ACCOUNT = '123456789012';
const PAGE = 1000;

const tag = (name: string, value: string): string => `<${name}>${value}</${name}>`;
const list = (name: string, entries: readonly string[]): string => tag(name, entries.map((entry) => tag('member', entry)).join(''));
const arn = ({ id }: Pick<User, 'id'>): string => `arn:aws:iam::${ACCOUNT}:user/${id}`;

/** What AWS IAM says of these users, as XML. */
export function awsOf(users: readonly User[]): (request: WireRequest, at: Instant) => WireAnswer {
  const known = new Map(users.map((user) => [user.id, user]));
  return ({ body }, at) => {
    const asked = new URLSearchParams(Buffer.from(body ?? []).toString());
    const action = asked.get('Action') ?? '';
    const user = known.get(asked.get('UserName') ?? '');
    const result = resultOf(action, { users, user, from: Number(asked.get('Marker') ?? 0), at });
    const space = action === 'GetCallerIdentity' ? 'https://sts.amazonaws.com/doc/2011-06-15/' : 'https://iam.amazonaws.com/doc/2010-05-08/';
    const text = `<${action}Response xmlns="${space}">${tag(`${action}Result`, result)}<ResponseMetadata><RequestId>bench</RequestId></ResponseMetadata></${action}Response>`;
    return { status: 200, headers: { 'content-type': 'text/xml', date: new Date(at).toUTCString() }, body: Buffer.from(text) };
  };
}

interface Asked {
  readonly users: readonly User[];
  readonly user: User | undefined;
  /** Where the page begins. */
  readonly from: number;
  readonly at: Instant;
}

function resultOf(action: string, { users, user, from, at }: Asked): string {
  switch (action) {
    case 'GetCallerIdentity':
      return tag('Arn', `arn:aws:iam::${ACCOUNT}:user/reader`) + tag('UserId', 'AIDABENCH') + tag('Account', ACCOUNT);
    case 'GetAccountSummary':
      return tag(
        'SummaryMap',
        [
          ['Users', users.length],
          ['AccountMFAEnabled', 1],
          ['AccountPasswordPresent', 1],
          ['AccountAccessKeysPresent', 0],
        ]
          .map(([key, value]) => tag('entry', tag('key', String(key)) + tag('value', String(value))))
          .join(''),
      );
    case 'GetAccountPasswordPolicy':
      return tag(
        'PasswordPolicy',
        tag('MinimumPasswordLength', '14') +
          ['RequireSymbols', 'RequireNumbers', 'RequireUppercaseCharacters', 'RequireLowercaseCharacters', 'AllowUsersToChangePassword']
            .map((name) => tag(name, 'true'))
            .join('') +
          tag('ExpirePasswords', 'false'),
      );
    case 'GetAccountAuthorizationDetails': {
      const more = from + PAGE < users.length;
      const described = users
        .slice(from, from + PAGE)
        .map(
          (it) =>
            tag('Path', '/') +
            tag('UserName', it.id) +
            tag('UserId', `AIDA${it.id}`) +
            tag('Arn', arn(it)) +
            tag('CreateDate', iso(it.passwordAt)) +
            list('GroupList', []) +
            '<AttachedManagedPolicies/><UserPolicyList/>',
        );
      return `${list('UserDetailList', described)}<GroupDetailList/><RoleDetailList/><Policies/>${tag('IsTruncated', String(more))}${more ? tag('Marker', String(from + PAGE)) : ''}`;
    }
    case 'ListAccessKeys':
      return (
        tag('IsTruncated', 'false') +
        list(
          'AccessKeyMetadata',
          user
            ? keysOf(user).map(([id, madeAt]) => tag('UserName', user.id) + tag('AccessKeyId', id) + tag('Status', 'Active') + tag('CreateDate', iso(madeAt)))
            : [],
        )
      );
    case 'ListMFADevices':
      return (
        tag('IsTruncated', 'false') +
        list(
          'MFADevices',
          user?.mfa ? [tag('UserName', user.id) + tag('SerialNumber', `arn:aws:iam::${ACCOUNT}:mfa/${user.id}`) + tag('EnableDate', iso(user.passwordAt))] : [],
        )
      );
    case 'GenerateCredentialReport':
      return tag('State', 'COMPLETE');
    case 'GetCredentialReport':
      return (
        tag('Content', Buffer.from(report(users)).toString('base64')) +
        tag('ReportFormat', 'text/csv') +
        tag('GeneratedTime', iso(Math.floor(at / hours(4)) * hours(4)))
      );
    default:
      return '';
  }
}

const keysOf = ({ id, key1, key1At, key2, key2At }: User): readonly (readonly [string, Instant])[] => [
  ...(key1 ? [[`AKIABENCH${id}1`.toUpperCase(), key1At] as const] : []),
  ...(key2 ? [[`AKIABENCH${id}2`.toUpperCase(), key2At] as const] : []),
];

const SLOTS = [1, 2].flatMap((slot) =>
  ['active', 'last_rotated', 'last_used_date', 'last_used_region', 'last_used_service'].map((what) => `access_key_${slot}_${what}`),
);
const HEAD = [
  'user',
  'arn',
  'user_creation_time',
  'password_enabled',
  'password_last_used',
  'password_last_changed',
  'password_next_rotation',
  'mfa_active',
  ...SLOTS,
  'cert_1_active',
  'cert_1_last_rotated',
  'cert_2_active',
  'cert_2_last_rotated',
];

function report(users: readonly User[]): string {
  const none = ['false', 'N/A', 'N/A', 'N/A', 'N/A'];
  const certificates = ['false', 'N/A', 'false', 'N/A'];
  const slot = (active: boolean, at: Instant) => (active ? ['true', iso(at), 'N/A', 'N/A', 'N/A'] : none);
  const root = [
    '<root_account>',
    `arn:aws:iam::${ACCOUNT}:root`,
    '2020-01-01T00:00:00Z',
    'not_supported',
    'no_information',
    'not_supported',
    'not_supported',
    'true',
    ...none,
    ...none,
    ...certificates,
  ];
  const lines = users.map((user) => {
    const { id, password, passwordAt, mfa, key1, key1At, key2, key2At } = user;
    return [
      id,
      arn(user),
      iso(passwordAt),
      String(password),
      password ? 'no_information' : 'N/A',
      'N/A',
      'N/A',
      String(mfa && password),
      ...slot(key1, key1At),
      ...slot(key2, key2At),
      ...certificates,
    ];
  });
  return [HEAD, root, ...lines].map((cells) => cells.join(',')).join('\n');
}
