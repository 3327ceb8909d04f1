import type { Instant } from '../core/instant.ts';
import { alertStories } from './alert-stories.ts';
import { AUDIT_CAST, auditStories } from './github-audit-stories.ts';
import { changeStories } from './change-stories.ts';
import { accessStories } from './okta-access-stories.ts';
import { logStories } from './okta-stories.ts';
import { registerStories } from './register-stories.ts';
import { DEPLOYMENT_STORIES } from './deployment-stories.ts';
import { ENDPOINT_STORIES } from './endpoints-stories.ts';
import { directoryStories } from './directory-stories.ts';
import { INFRASTRUCTURE_STORIES } from './infrastructure-stories.ts';
import { reviewStories } from './review-stories.ts';
import { MOVES, statedStories } from './stated-stories.ts';
import { slackStories } from './slack-stories.ts';
import { person, type World } from './world.ts';

/** One thing that goes wrong at Acme, and the deviation that must follow from it. */
export interface Story {
  readonly name: string;
  readonly tells: string;
  readonly check: string;
  /** Part of the label of the item. */
  readonly item: string;
  /** It lasts to this day. */
  readonly open: boolean;
}

/** When each thing happens, so many days before the last day. Systems and tests read the same table. */
export const DAYS = {
  lateAwsRemoval: { left: 120, removed: 111 },
  openLeaver: { left: 6 },
  orphan: { since: 200 },
  unownedOutsider: { since: 90 },
  overdueKey: { made: 111, replaced: 15 },
  oldKey: { made: 100 },
  idleKey: { made: 60, used: 50 },
  noFactor: { joined: 80, enrolled: 69 },
  zoneException: { from: 170, to: 150 },
  rootKey: { from: 230, to: 228 },
  /** Root was used in the emergency that session PS-1 is on record of. */
  rootUse: 92,
  dormant: { lastLogin: 130 },
  unprotected: { from: 60, to: 55 },
  bypass: { since: 12 },
  boundedWildcard: { since: 40 },
  extraAdmin: { from: 140, to: 110 },
  idleAdministration: { lastUsed: 130 },
  passesAnyRole: { from: 50, to: 30 },
  directRight: { from: 45, to: 38 },
  oktaOutage: { from: 160, to: 156 },
  githubRefusal: { from: 75, to: 74 },
} as const;

/** Places of the people that the stories are about. */
export const CAST = {
  lateLeaver: 22,
  openLeaver: 25,
  dormant: 8,
  slowEnroller: 54,
  newcomer: 59,
  ownerWhoLeft: 38,
  renamed: 12,
  extraAdmin: 10,
  bounded: 16,
  directRight: 17,
} as const;

export function stories(world: World): readonly Story[] {
  const who = (place: number) => person(world, place);
  return [
    {
      name: 'late removal',
      tells: 'the AWS user of a leaver stayed for nine days',
      check: 'leaver-access-removed',
      item: who(CAST.lateLeaver).name,
      open: false,
    },
    {
      name: 'leaver still there',
      tells: 'a leaver is still a member of the GitHub organization',
      check: 'leaver-access-removed',
      item: who(CAST.openLeaver).name,
      open: true,
    },
    { name: 'shared account', tells: 'operations share a login in Okta', check: 'accounts-individual', item: 'ops-shared@acme.example', open: true },
    { name: 'orphan', tells: 'nobody knows whose a GitHub account is', check: 'accounts-owned', item: 'ghost-42', open: true },
    { name: 'outsider', tells: 'nobody answers for an outside collaborator', check: 'outside-collaborators-owned', item: 'studio-kit', open: true },
    { name: 'overdue key', tells: 'a key was replaced six days late', check: 'access-keys-rotated', item: 'AKIAACMEDEPLOY000001', open: false },
    { name: 'old key', tells: 'a key is older than it may be', check: 'access-keys-rotated', item: 'AKIAACMEBACKUP000001', open: true },
    { name: 'idle key', tells: 'a key is not used any more', check: 'unused-keys-removed', item: 'AKIAACMEMETRIC000001', open: true },
    {
      name: 'late factor',
      tells: 'a joiner enrolled a second factor after eleven days',
      check: 'mfa-enrolled',
      item: who(CAST.slowEnroller).email,
      open: false,
    },
    { name: 'no factor', tells: 'a joiner has not enrolled a second factor', check: 'mfa-enrolled', item: who(CAST.newcomer).email, open: true },
    {
      name: 'zone exception',
      tells: 'for twenty days the office network was let in with a password alone',
      check: 'mfa-enforced',
      item: who(1).email,
      open: false,
    },
    { name: 'root key', tells: 'root had an access key for two days', check: 'root-keys-removed', item: 'root of 123456789012', open: false },
    {
      name: 'dormant account',
      tells: 'a contractor has not signed in for months',
      check: 'dormant-accounts-disabled',
      item: who(CAST.dormant).email,
      open: true,
    },
    { name: 'owner left', tells: 'who answers for a machine account has left', check: 'service-accounts-owned', item: 'metrics-export', open: true },
    { name: 'rule removed', tells: 'a branch was unprotected for five days', check: 'branch-protection-enforced', item: 'acme/billing', open: false },
    { name: 'bypass', tells: 'somebody may go around the rules of a branch', check: 'branch-protection-unbypassable', item: 'acme/platform', open: true },
    {
      name: 'wildcard',
      tells: 'an inline policy grants everything; a boundary limits its holder, the policy is no better for it',
      check: 'policies-scoped',
      item: 'debugging',
      open: true,
    },
    ...alertStories(),
    ...changeStories(),
    ...auditStories(who(AUDIT_CAST.ownerForADay).login),
    ...DEPLOYMENT_STORIES,
    ...registerStories(),
    ...INFRASTRUCTURE_STORIES,
    { name: 'extra administrator', tells: 'for a month a fourth user was an administrator', check: 'admins-few', item: 'root of 123456789012', open: false },
    {
      name: 'policy of one user',
      tells: 'the same policy is written into a user, where no group shows it',
      check: 'grants-given-through-roles',
      item: who(CAST.bounded).email,
      open: true,
    },
    {
      name: 'idle administration',
      tells: 'a role of a migration that is long over still administers the account',
      check: 'elevated-access-used',
      item: 'data-migration',
      open: true,
    },
    {
      name: 'a way to administration',
      tells: 'for twenty days the pipeline could pass any role to a function of its own',
      check: 'escalation-paths-closed',
      item: 'function-deployer',
      open: false,
    },
    {
      name: 'right given directly',
      tells: 'for a week an engineer could write to a repository of which his team only reads',
      check: 'repo-access-justified',
      item: who(CAST.directRight).login,
      open: false,
    },
    { name: 'orphan with rights', tells: 'an account that nobody knows reads every repository', check: 'repo-access-justified', item: 'ghost-42', open: true },
    ...logStories(world),
    ...accessStories(world),
    ...ENDPOINT_STORIES,
    ...directoryStories(world),
    ...slackStories(world),
    ...reviewStories(world),
    ...statedStories(who(MOVES['M-3'].place).id, who(MOVES['M-3'].place).email),
    { name: 'key of nobody', tells: 'who answered for a key has left', check: 'access-keys-owned', item: 'AKIAACMEMETRIC000001', open: true },
  ];
}

export const during = (world: World, at: Instant, { from, to }: { readonly from: number; readonly to: number }): boolean =>
  world.ago(from) <= at && at < world.ago(to);
export const since = (world: World, at: Instant, count: number): boolean => world.ago(count) <= at;
