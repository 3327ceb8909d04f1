import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { utcDay } from '../../core/calendar.ts';
import { type Ternary, ternary } from '../../core/ternary.ts';
import { accessKeys } from '../../datasets/iam/access-keys.ts';
import { type KeyActivity, keyActivity } from '../../datasets/iam/key-activity.ts';
import { passwordPolicies } from '../../datasets/iam/password-policies.ts';
import { policies } from '../../datasets/iam/policies.ts';
import { type Principal, principals } from '../../datasets/iam/principals.ts';
import { roleActivity } from '../../datasets/iam/role-activity.ts';
import { rootAccounts } from '../../datasets/iam/root-accounts.ts';
import { type RootUse, rootUses } from '../../datasets/iam/root-uses.ts';
import { activity } from '../../datasets/identity/activity.ts';
import { eachOnce, memberships } from '../../datasets/identity/memberships.ts';
import { type MfaEnforcement, mfaEnforcement } from '../../datasets/identity/mfa-enforcement.ts';
import { mfaFactors } from '../../datasets/identity/mfa-factors.ts';
import { users } from '../../datasets/identity/users.ts';
import { pagesOf, wasAsked } from '../answers.ts';
import { events, type Of, type Table, table } from '../collector.ts';
import type { Artifact } from '../source.ts';
import type { AwsIamConfig } from './config.ts';
import { Details, policiesOf, principalsOf, roleUses } from './details.ts';
import { asksForMfa } from './documents.ts';
import { instantText, members, result, results } from './xml.ts';

const Summary = z.object({ SummaryMap: z.object({ entry: z.array(z.object({ key: z.string(), value: z.string() })) }) });
const Keys = z.object({
  AccessKeyMetadata: members(z.object({ UserName: z.string(), AccessKeyId: z.string().min(1), Status: z.string(), CreateDate: instantText })),
});
const Devices = z.object({ MFADevices: members(z.object({ SerialNumber: z.string().min(1), EnableDate: instantText })) });
const Report = z.object({ Content: z.string(), GeneratedTime: instantText });
const flag = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .optional();
const number = z.coerce.number().int().optional();
const PasswordRules = z.object({
  PasswordPolicy: z.object({
    MinimumPasswordLength: number,
    PasswordReusePrevention: number,
    MaxPasswordAge: number,
    RequireSymbols: flag,
    RequireNumbers: flag,
    RequireUppercaseCharacters: flag,
    RequireLowercaseCharacters: flag,
  }),
});

type Line = Readonly<Record<string, string>>;

/** What AWS answered, as rows. What the credential report says holds from when AWS made it, all else from when it was asked. */
export function tables(artifacts: readonly Artifact[], { config: { system }, partition }: Of<AwsIamConfig>): readonly Table[] {
  const pages = results(artifacts, 'authorization', 'GetAccountAuthorizationDetails', Details);
  const details: Details = {
    UserDetailList: pages.flatMap((page) => page.UserDetailList),
    GroupDetailList: pages.flatMap((page) => page.GroupDetailList),
    RoleDetailList: pages.flatMap((page) => page.RoleDetailList),
    Policies: pages.flatMap((page) => page.Policies),
  };
  const { lines, generated } = report(artifacts);
  const ours = { systemId: system, accountId: partition };
  const people = details.UserDetailList.map((user) => ({
    ...user,
    line: lines.get(user.Arn),
    keys: answered(artifacts, `keys of ${user.UserName}`, 'ListAccessKeys', Keys).flatMap((page) => page.AccessKeyMetadata),
    devices: answered(artifacts, `factors of ${user.UserName}`, 'ListMFADevices', Devices).flatMap((page) => page.MFADevices),
  }));
  const holding = principalsOf(details, ours);
  const written = policiesOf(details, ours);
  const documents = new Map(written.map(({ policyId, name, document }) => [policyId, { name, document }]));

  return [
    table(
      users,
      people.map(({ UserId, UserName: login, CreateDate, line }) => ({
        systemId: system,
        userId: UserId,
        login,
        handles: [...new Set([login.toLowerCase(), UserId.toLowerCase()])],
        emails: login.includes('@') ? [login.toLowerCase()] : [],
        displayName: null,
        hrId: null,
        kind: 'unknown',
        status: 'active',
        privileged: 'unknown',
        password: passwordOf(line),
        createdAt: CreateDate,
      })),
    ),
    table(
      activity,
      people.flatMap(({ UserId, line }) => (line ? [{ systemId: system, userId: UserId, lastUsedAt: lastUse(line) }] : [])),
      generated,
    ),
    table(
      mfaFactors,
      people.flatMap(({ UserId, devices }) =>
        devices.map(({ SerialNumber, EnableDate }) => ({
          systemId: system,
          userId: UserId,
          factorId: SerialNumber,
          type: factorType(SerialNumber),
          status: 'active' as const,
          enrolledAt: EnableDate,
        })),
      ),
    ),
    table(
      mfaEnforcement,
      people.map(({ UserId, Arn, devices }) => ({
        systemId: system,
        userId: UserId,
        enrolled: ternary(devices.length > 0),
        ...enforcement(
          holding.find((principal) => principal.principalId === Arn),
          documents,
        ),
      })),
    ),
    table(
      memberships,
      eachOnce([
        ...people.flatMap(({ UserId, GroupList }) =>
          GroupList.map((name) => ({ systemId: system, userId: UserId, kind: 'group' as const, name, role: 'member', privileged: false })),
        ),
        ...people.flatMap(({ UserId, AttachedManagedPolicies, UserPolicyList }) =>
          [...AttachedManagedPolicies, ...UserPolicyList].map(({ PolicyName }) => ({
            systemId: system,
            userId: UserId,
            kind: 'role' as const,
            name: `policy ${PolicyName}`,
            role: 'attached',
            privileged: false,
          })),
        ),
      ]),
    ),
    table(principals, holding),
    table(policies, written),
    table(roleActivity, roleUses(details)),
    table(
      accessKeys,
      people.flatMap(({ UserId, UserName: login, keys }) =>
        keys.map(({ AccessKeyId, Status, CreateDate }) => ({
          ...ours,
          userId: UserId,
          login,
          keyId: AccessKeyId,
          status: Status === 'Active' ? ('active' as const) : Status === 'Inactive' ? ('inactive' as const) : ('unknown' as const),
          createdAt: CreateDate,
        })),
      ),
    ),
    table(
      keyActivity,
      people.flatMap(({ keys, line }) => keys.flatMap(({ AccessKeyId, CreateDate }) => keyUse(AccessKeyId, CreateDate, line))),
      generated,
    ),
    table(rootAccounts, [{ ...ours, ...rootOf(result(artifacts, 'summary', 'GetAccountSummary', Summary)) }]),
    // The newest use stands for the time since the reading before, as long as that was made when it was due.
    events(rootUses, rootUsesOf(ours, lines, generated), { from: generated - rootUses.freshness, to: generated }),
    table(passwordPolicies, [{ ...ours, policyId: 'account', inForce: 'yes', ...passwordRules(artifacts) }]),
  ];
}

/** Of a question that is left out where the credential report settles it. */
const answered = <Answer>(artifacts: readonly Artifact[], question: string, action: string, schema: z.ZodType<Answer>): readonly Answer[] =>
  wasAsked(artifacts, question) ? results(artifacts, question, action, schema) : [];

export function report(artifacts: readonly Artifact[]): { readonly lines: ReadonlyMap<string, Line>; readonly generated: number } {
  const { Content, GeneratedTime } = result(artifacts, 'report', 'GetCredentialReport', Report);
  const records: Line[] = parse(new TextDecoder().decode(Uint8Array.from(atob(Content.replace(/\s/g, '')), (sign) => sign.charCodeAt(0))), {
    columns: true,
    trim: true,
    relax_column_count: true,
  });
  return { lines: new Map(records.map((line) => [line.arn ?? '', line])), generated: GeneratedTime };
}

const passwordOf = (line: Line | undefined): Ternary => (line?.password_enabled === 'true' ? 'yes' : line?.password_enabled === 'false' ? 'no' : 'unknown');
const instantOf = (text: string | undefined): number | null => (text === undefined || Number.isNaN(Date.parse(text)) ? null : Date.parse(text));

/** The newest of password and keys: the report says `N/A` or `no_information` where there was none. */
function lastUse(line: Line): number | null {
  const uses = [line.password_last_used, line.access_key_1_last_used_date, line.access_key_2_last_used_date].flatMap((text) => instantOf(text) ?? []);
  return uses.length === 0 ? null : utcDay(Math.max(...uses));
}

/** The report has no ids of keys: a key is the one in the slot that was filled when it was made. */
function keyUse(keyId: string, createdAt: number, line: Line | undefined): KeyActivity[] {
  const slots = [1, 2].flatMap((slot) =>
    Math.floor((instantOf(line?.[`access_key_${slot}_last_rotated`]) ?? -1) / 1000) === Math.floor(createdAt / 1000) ? [slot] : [],
  );
  if (slots.length !== 1) return []; // not to be told apart: unknown, by having no row
  const used = instantOf(line?.[`access_key_${slots[0]}_last_used_date`]);
  return [{ keyId, lastUsedAt: used === null ? null : utcDay(used) }];
}

/** Of each credential of root its newest use; none of one that was never used. */
function rootUsesOf(ours: Pick<RootUse, 'systemId' | 'accountId'>, lines: ReadonlyMap<string, Line>, generated: number): RootUse[] {
  const line = [...lines.values()].find(({ user }) => user === '<root_account>');
  if (!line) return [{ ...ours, credential: 'any', told: false, usedAt: generated }];
  const read = {
    password: line.password_last_used,
    'access-key-1': line.access_key_1_last_used_date,
    'access-key-2': line.access_key_2_last_used_date,
  } as const;
  return Object.entries(read).flatMap(([name, text = '']): RootUse[] => {
    const credential = name as RootUse['credential'];
    const usedAt = instantOf(text);
    if (usedAt !== null) return [{ ...ours, credential, told: true, usedAt }];
    return NEVER_USED.includes(text) ? [] : [{ ...ours, credential, told: false, usedAt: generated }];
  });
}

const NEVER_USED = ['N/A', 'no_information'];

function factorType(serial: string): 'totp' | 'webauthn' | 'hardware-otp' {
  if (serial.includes(':mfa/')) return 'totp';
  return serial.includes(':u2f/') ? 'webauthn' : 'hardware-otp';
}

function enforcement(
  principal: Principal | undefined,
  documents: ReadonlyMap<string, { readonly name: string; readonly document: string }>,
): Pick<MfaEnforcement, 'enforced' | 'by' | 'bypasses'> {
  const held = (principal?.policyIds ?? []).map((id) => documents.get(id));
  const asking = held.flatMap((policy) => (policy ? [{ name: policy.name, asks: asksForMfa(policy.document) }] : []));
  const by = asking.flatMap(({ name, asks }) => (asks === 'no' ? [] : [`policy ${name}`]));
  if (asking.some(({ asks }) => asks === 'yes')) return { enforced: 'yes', by, bypasses: [] };
  if (by.length > 0) return { enforced: 'no', by, bypasses: ['long-term access keys: the policy tests Bool, not BoolIfExists'] };
  return { enforced: held.includes(undefined) || !principal ? 'unknown' : 'no', by: [], bypasses: [] };
}

function rootOf({ SummaryMap }: z.infer<typeof Summary>): { readonly credentials: Ternary; readonly mfa: Ternary; readonly keys: Ternary } {
  const counted = (name: string): Ternary => {
    const value = SummaryMap.entry.find(({ key }) => key === name)?.value;
    return value === undefined ? 'unknown' : ternary(Number(value) > 0);
  };
  return { credentials: counted('AccountPasswordPresent'), mfa: counted('AccountMFAEnabled'), keys: counted('AccountAccessKeysPresent') };
}

function passwordRules(artifacts: readonly Artifact[]) {
  const [answer] = pagesOf(artifacts, 'password-policy');
  if (answer?.status === 404)
    return {
      exists: false,
      minLength: null,
      reusePrevention: null,
      maxAgeDays: null,
      symbols: 'unknown' as const,
      numbers: 'unknown' as const,
      uppercase: 'unknown' as const,
      lowercase: 'unknown' as const,
      lockoutAttempts: null,
    };
  const { PasswordPolicy: rules } = result(artifacts, 'password-policy', 'GetAccountPasswordPolicy', PasswordRules);
  return {
    exists: true,
    minLength: rules.MinimumPasswordLength ?? null,
    reusePrevention: rules.PasswordReusePrevention ?? null,
    maxAgeDays: rules.MaxPasswordAge ?? null,
    symbols: ternary(rules.RequireSymbols),
    numbers: ternary(rules.RequireNumbers),
    uppercase: ternary(rules.RequireUppercaseCharacters),
    lowercase: ternary(rules.RequireLowercaseCharacters),
    lockoutAttempts: null,
  };
}
