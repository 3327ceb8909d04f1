import type { Instant } from '../core/instant.ts';
import { alertStories } from './alert-stories.ts';
import { auditStories } from './github-audit-stories.ts';
import { changeStories } from './change-stories.ts';
import { accessStories } from './okta-access-stories.ts';
import { logStories } from './okta-stories.ts';
import { registerStories } from './register-stories.ts';
import { DEPLOYMENT_STORIES } from './deployment-stories.ts';
import { ENDPOINT_STORIES } from './endpoints-stories.ts';
import { directoryStories } from './directory-stories.ts';
import { exportStories } from './export-stories.ts';
import { INFRASTRUCTURE_STORIES } from './infrastructure-stories.ts';
import { policyStories } from './policy-stories.ts';
import { reviewStories } from './review-stories.ts';
import { MOVES, statedStories } from './stated-stories.ts';
import { slackStories } from './slack-stories.ts';
import { watchStories } from './watch-stories.ts';
import { person, type World } from './world.ts';

/** One thing that goes wrong at Acme, and the deviation that must follow from it. */
export interface Story {
  readonly name: string;
  readonly tells: string;
  readonly check: string;
  /** Part of the label of the item. */
  readonly item: string;
  /** It lasts to this day, or it happened once and cannot be undone. */
  readonly open: boolean;
}

/**
 * When each thing happens, so many days before the last day. Systems and tests read the same table. What happens once
 * cannot be undone: but for what should be seen now, it lies more than 180 days back, before the half year that is observed.
 */
export const DAYS = {
  lateAwsRemoval: { left: 120, removed: 111 },
  openLeaver: { left: 6 },
  orphan: { from: 200, to: 184 },
  unownedOutsider: { from: 215, to: 140 },
  /** The one that replaced it is too old in five days. */
  overdueKey: { made: 181, replaced: 85 },
  oldKey: { made: 100 },
  idleKey: { made: 80, used: 70, removed: 9 },
  noFactor: { joined: 80, enrolled: 69, newcomerEnrolled: 3 },
  sharedLogin: { from: 700, to: 136 },
  zoneException: { from: 207, to: 186 },
  rootKey: { from: 130, to: 128 },
  /** Root was used in the emergency that session PS-1 is on record of. */
  rootUse: 92,
  dormant: { lastLogin: 130, back: 28 },
  unprotected: { from: 200, to: 195 },
  bypass: { since: 190 },
  boundedWildcard: { from: 34, to: 20 },
  extraAdmin: { from: 240, to: 205 },
  /** Up to then three people were administrators all day long; since then they take the role when they need it. */
  standingAdmins: { to: 138 },
  /** For a week a fourth could take the role of administrators. */
  fourthTaker: { from: 62, to: 55 },
  idleAdministration: { lastUsed: 112, removed: 15 },
  passesAnyRole: { from: 50, to: 43 },
  directRight: { from: 45, to: 38 },
  oktaOutage: { from: 100, to: 96 },
  githubRefusal: { from: 75, to: 74 },
  /** The token for the training system has ended, and nobody has made another. */
  trainingRefusal: { from: 6, to: -10_000 },
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
  fourthTaker: 40,
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
      tells: 'a leaver still has an account in Slack',
      check: 'leaver-access-removed',
      item: who(CAST.openLeaver).name,
      open: true,
    },
    { name: 'shared account', tells: 'operations shared a login in Okta', check: 'accounts-individual', item: 'ops-shared@acme.example', open: false },
    { name: 'orphan', tells: 'for two weeks nobody knew whose a GitHub account was', check: 'accounts-owned', item: 'ghost-42', open: false },
    { name: 'outsider', tells: 'nobody answered for an outside collaborator', check: 'outside-collaborators-owned', item: 'studio-kit', open: false },
    { name: 'overdue key', tells: 'a key was replaced six days late', check: 'access-keys-rotated', item: 'AKIAACMEDEPLOY000001', open: false },
    { name: 'old key', tells: 'a key is older than it may be', check: 'access-keys-rotated', item: 'AKIAACMEBACKUP000001', open: true },
    { name: 'silent log', tells: 'Okta was down for four days, and nobody read its log', check: 'identity-logs-collected', item: 'Okta', open: false },
    { name: 'idle key', tells: 'a key was not used any more, and stayed', check: 'unused-keys-removed', item: 'AKIAACMEMETRIC000001', open: false },
    {
      name: 'late factor',
      tells: 'a joiner enrolled a second factor after eleven days',
      check: 'mfa-enrolled',
      item: who(CAST.slowEnroller).email,
      open: false,
    },
    { name: 'no factor', tells: 'a joiner had no second factor for two days', check: 'mfa-enrolled', item: who(CAST.newcomer).email, open: false },
    {
      name: 'zone exception',
      tells: 'for three weeks the office network was let in with a password alone',
      check: 'mfa-enforced',
      item: who(1).email,
      open: false,
    },
    { name: 'root key', tells: 'root had an access key for two days', check: 'root-keys-removed', item: 'root of 123456789012', open: false },
    {
      name: 'dormant account',
      tells: 'a contractor did not sign in for months',
      check: 'dormant-accounts-disabled',
      item: who(CAST.dormant).email,
      open: false,
    },
    { name: 'owner left', tells: 'who answered for a machine account had left', check: 'service-accounts-owned', item: 'metrics-export', open: false },
    { name: 'rule removed', tells: 'a branch was unprotected for five days', check: 'branch-protection-enforced', item: 'acme/billing', open: false },
    { name: 'bypass', tells: 'somebody may go around the rules of a branch', check: 'branch-protection-unbypassable', item: 'acme/platform', open: true },
    {
      name: 'wildcard',
      tells: 'an inline policy granted everything; a boundary limited its holder, the policy was no better for it',
      check: 'policies-scoped',
      item: 'debugging',
      open: false,
    },
    ...alertStories(),
    ...changeStories(),
    ...auditStories(),
    ...DEPLOYMENT_STORIES,
    ...registerStories(),
    ...INFRASTRUCTURE_STORIES,
    { name: 'extra administrator', tells: 'for five weeks a fourth user was an administrator', check: 'admins-few', item: 'root of 123456789012', open: false },
    {
      name: 'fourth who could administer',
      tells: 'for a week the role of administrators trusted a fourth user',
      check: 'admins-few',
      item: 'root of 123456789012',
      open: false,
    },
    {
      name: 'policy of one user',
      tells: 'the same policy was written into a user, where no group shows it',
      check: 'grants-given-through-roles',
      item: who(CAST.bounded).email,
      open: false,
    },
    {
      name: 'idle administration',
      tells: 'a role of a migration that was long over still administered the account',
      check: 'elevated-access-used',
      item: 'data-migration',
      open: false,
    },
    {
      name: 'a way to administration',
      tells: 'for a week the pipeline could pass any role to a function of its own',
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
    { name: 'orphan with rights', tells: 'an account that nobody knew read every repository', check: 'repo-access-justified', item: 'ghost-42', open: false },
    ...logStories(world),
    ...accessStories(world),
    ...ENDPOINT_STORIES,
    ...directoryStories(world),
    ...slackStories(world),
    ...watchStories(world),
    ...exportStories(world),
    ...reviewStories(world),
    ...policyStories(world),
    ...statedStories(who(MOVES['M-3'].place).id, who(MOVES['M-3'].place).email),
    { name: 'key of nobody', tells: 'who answered for a key had left', check: 'access-keys-owned', item: 'AKIAACMEMETRIC000001', open: false },
  ];
}

export const during = (world: World, at: Instant, { from, to }: { readonly from: number; readonly to: number }): boolean =>
  world.ago(from) <= at && at < world.ago(to);
export const since = (world: World, at: Instant, count: number): boolean => world.ago(count) <= at;
