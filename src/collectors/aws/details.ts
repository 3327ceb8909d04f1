import { z } from 'zod';
import { utcDay } from '../../core/calendar.ts';
import type { Policy } from '../../datasets/iam/policies.ts';
import type { Principal } from '../../datasets/iam/principals.ts';
import type { RoleActivity } from '../../datasets/iam/role-activity.ts';
import { decodeDocument } from './documents.ts';
import { instantText, members } from './xml.ts';

const Attached = z.object({ PolicyName: z.string(), PolicyArn: z.string() });
const Inline = z.object({ PolicyName: z.string(), PolicyDocument: z.string().transform(decodeDocument) });
const Boundary = z.object({ PermissionsBoundaryArn: z.string().optional() }).or(z.literal('')).optional();
const Holder = { Arn: z.string().min(1), CreateDate: instantText, AttachedManagedPolicies: members(Attached) };
const UserDetail = z.object({
  ...Holder,
  UserName: z.string().min(1),
  UserId: z.string().min(1),
  GroupList: members(z.string()),
  UserPolicyList: members(Inline),
  PermissionsBoundary: Boundary,
});
const GroupDetail = z.object({ ...Holder, GroupName: z.string().min(1), GroupPolicyList: members(Inline) });
const RoleDetail = z.object({
  ...Holder,
  RoleName: z.string().min(1),
  RoleId: z.string().min(1),
  AssumeRolePolicyDocument: z.string().transform(decodeDocument),
  RolePolicyList: members(Inline),
  PermissionsBoundary: Boundary,
  RoleLastUsed: z.object({ LastUsedDate: instantText.optional() }).or(z.literal('')).optional(),
});
const Version = z.object({ Document: z.string().transform(decodeDocument), IsDefaultVersion: z.string() });
const Managed = z.object({
  PolicyName: z.string().optional(),
  Arn: z.string(),
  AttachmentCount: z.coerce.number().int().optional(),
  PermissionsBoundaryUsageCount: z.coerce.number().int().optional(),
  PolicyVersionList: members(Version),
});
export const Details = z.object({
  UserDetailList: members(UserDetail),
  GroupDetailList: members(GroupDetail),
  RoleDetailList: members(RoleDetail),
  Policies: members(Managed),
});
export type Details = z.infer<typeof Details>;

/** Every user and role, with the policies it holds. */
export function principalsOf({ UserDetailList, GroupDetailList, RoleDetailList }: Details, ours: Pick<Principal, 'systemId' | 'accountId'>): Principal[] {
  const identifiers = (arn: string, attached: readonly z.infer<typeof Attached>[], inline: readonly z.infer<typeof Inline>[]) => [
    ...attached.map(({ PolicyArn }) => PolicyArn),
    ...inline.map(({ PolicyName }) => `${arn}#${PolicyName}`),
  ];
  const ofGroup = new Map(
    GroupDetailList.map(({ GroupName, Arn, AttachedManagedPolicies, GroupPolicyList }) => [
      GroupName,
      identifiers(Arn, AttachedManagedPolicies, GroupPolicyList),
    ]),
  );
  const throughGroup = (group: string): readonly string[] => ofGroup.get(group) ?? [`group ${group} that AWS did not describe`];
  const boundary = (it: z.infer<typeof Boundary>) => (it === undefined || it === '' ? null : (it.PermissionsBoundaryArn ?? null));
  return [
    ...UserDetailList.map(
      ({ Arn, UserId, UserName: name, CreateDate, GroupList, AttachedManagedPolicies, UserPolicyList, PermissionsBoundary }): Principal => ({
        ...ours,
        principalId: Arn,
        userId: UserId,
        kind: 'user',
        name,
        policyIds: [...new Set([...identifiers(Arn, AttachedManagedPolicies, UserPolicyList), ...GroupList.flatMap(throughGroup)])].sort(),
        directPolicyIds: identifiers(Arn, AttachedManagedPolicies, UserPolicyList).sort(),
        groupPolicies: GroupList.flatMap((group) => throughGroup(group).map((id) => `${group} ${id}`)).sort(),
        groups: GroupList.toSorted(),
        boundaryId: boundary(PermissionsBoundary),
        trust: null,
        createdAt: CreateDate,
      }),
    ),
    ...RoleDetailList.map(
      ({ Arn, RoleName, CreateDate, AssumeRolePolicyDocument, AttachedManagedPolicies, RolePolicyList, PermissionsBoundary }): Principal => ({
        ...ours,
        principalId: Arn,
        userId: Arn,
        kind: 'role',
        name: RoleName,
        policyIds: identifiers(Arn, AttachedManagedPolicies, RolePolicyList).sort(),
        directPolicyIds: identifiers(Arn, AttachedManagedPolicies, RolePolicyList).sort(),
        groupPolicies: [],
        groups: [],
        boundaryId: boundary(PermissionsBoundary),
        trust: AssumeRolePolicyDocument,
        createdAt: CreateDate,
      }),
    ),
  ];
}

/** Every managed policy in its default version, and every inline one. */
export function policiesOf({ UserDetailList, GroupDetailList, RoleDetailList, Policies }: Details, ours: Pick<Policy, 'systemId' | 'accountId'>): Policy[] {
  const inline = (arn: string, list: readonly z.infer<typeof Inline>[]): Policy[] =>
    list.map(({ PolicyName, PolicyDocument }) => ({
      ...ours,
      policyId: `${arn}#${PolicyName}`,
      name: PolicyName,
      managedBy: 'inline',
      attachments: 1,
      boundaries: 0,
      document: PolicyDocument,
    }));
  return [
    ...Policies.map(({ Arn, PolicyName, AttachmentCount, PermissionsBoundaryUsageCount, PolicyVersionList }): Policy => {
      const version = PolicyVersionList.find(({ IsDefaultVersion }) => IsDefaultVersion === 'true');
      if (!version) throw new RangeError(`AWS names no default version of the policy ${Arn}`);
      return {
        ...ours,
        policyId: Arn,
        name: PolicyName ?? Arn.slice(Arn.lastIndexOf('/') + 1),
        managedBy: /^arn:aws[\w-]*:iam::aws:/.test(Arn) ? 'provider' : 'customer',
        attachments: AttachmentCount ?? 0,
        boundaries: PermissionsBoundaryUsageCount ?? 0,
        document: version.Document,
      };
    }),
    ...UserDetailList.flatMap(({ Arn, UserPolicyList }) => inline(Arn, UserPolicyList)),
    ...GroupDetailList.flatMap(({ Arn, GroupPolicyList }) => inline(Arn, GroupPolicyList)),
    ...RoleDetailList.flatMap(({ Arn, RolePolicyList }) => inline(Arn, RolePolicyList)),
  ];
}

/** When each role was last assumed, by the day. AWS remembers 400 days; a role it tells of no use was not used since, or never. */
export function roleUses({ RoleDetailList }: Details): RoleActivity[] {
  return RoleDetailList.flatMap(({ Arn, RoleLastUsed }) => {
    if (RoleLastUsed === undefined) return []; // not told
    const used = RoleLastUsed === '' ? undefined : RoleLastUsed.LastUsedDate;
    return [{ principalId: Arn, lastUsedAt: used === undefined ? null : utcDay(used) }];
  });
}
