import { expect, it } from 'vitest';
import { hours, instant } from '../../core/instant.ts';
import type { Artifact } from '../source.ts';
import { AwsIamConfig } from './config.ts';
import { tables } from './rows.ts';

const GENERATED = '2026-05-10T04:00:00Z';
const HEAD = 'user,arn,password_enabled,password_last_used,access_key_1_last_used_date,access_key_2_last_used_date';

/** What the collector reads of root from a credential report of these lines. */
function read(...lines: readonly string[]) {
  const answer = (question: string, action: string, result: string): Artifact =>
    ({
      name: question,
      request: { operation: action },
      status: 200,
      headers: {},
      startedAt: generated,
      finishedAt: generated,
      body: new TextEncoder().encode(`<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`),
    }) as unknown as Artifact;
  const artifacts = [
    answer('summary', 'GetAccountSummary', '<SummaryMap><entry><key>Users</key><value>0</value></entry></SummaryMap>'),
    answer('password-policy', 'GetAccountPasswordPolicy', '<PasswordPolicy><MinimumPasswordLength>14</MinimumPasswordLength></PasswordPolicy>'),
    answer(
      'authorization',
      'GetAccountAuthorizationDetails',
      '<UserDetailList/><GroupDetailList/><RoleDetailList/><Policies/><IsTruncated>false</IsTruncated>',
    ),
    answer('report', 'GetCredentialReport', `<Content>${btoa([HEAD, ...lines].join('\n'))}</Content><GeneratedTime>${GENERATED}</GeneratedTime>`),
  ];
  const config = AwsIamConfig.parse({ accounts: [{ id: '123456789012' }] });
  const told = tables(artifacts, { config, partition: '123456789012', at: 0, after: null, since: 0, timezone: 'UTC' });
  const table = told.find(({ dataset }) => dataset.id === 'iam.root-uses');
  const used = told.find(({ dataset }) => dataset.id === 'identity.activity');
  return { at: used?.at, polled: table?.polled, rows: table?.rows.map(({ credential, told: its, usedAt }) => [credential, its, usedAt]) };
}
const generated = instant(GENERATED);
const root = (...cells: readonly string[]) => `<root_account>,arn:aws:iam::123456789012:root,not_supported,${cells.join(',')}`;

it.each([
  ['nobody ever used it', root('no_information', 'N/A', 'N/A'), []],
  ['a sign-in, to the second', root('2026-05-09T02:20:31+00:00', 'N/A', 'N/A'), [['password', true, instant('2026-05-09T02:20:31Z')]]],
  [
    'each credential by itself, so that one does not hide another',
    root('2026-05-09T02:20:00+00:00', '2026-05-08T10:00:00+00:00', '2024-01-01T00:00:00+00:00'),
    [
      ['password', true, instant('2026-05-09T02:20:00Z')],
      ['access-key-1', true, instant('2026-05-08T10:00:00Z')],
      ['access-key-2', true, instant('2024-01-01T00:00:00Z')],
    ],
  ],
  ['what cannot be read is not taken for never', root('not_supported', 'N/A', 'N/A'), [['password', false, generated]]],
  ['no line of root', 'ada,arn:aws:iam::123456789012:user/ada,true,2026-05-09T02:20:31+00:00,N/A,N/A', [['any', false, generated]]],
])('trap 10: tells of root, as of when the report was made: %s', (_, line, rows) =>
  expect(read(line)).toEqual({ at: generated, rows, polled: { from: generated - hours(36), to: generated } }),
);
