import { hours } from '../core/instant.ts';
import { changesOf } from './changes.ts';
import { DAYS, type Story } from './stories.ts';
import { trackedOf } from './tracker.ts';
import { TRACKER_STORIES, type TrackerWrong } from './tracker-stories.ts';
import { WORKFORCE_CAST, WORKFORCE_STORIES, type WorkforceStory } from './workforce-stories.ts';
import { person, type World } from './world.ts';

/** By which check each story of the trackers is found. What is missing here is no deviation of itself. */
const BY_TICKET: Readonly<Partial<Record<TrackerWrong, readonly string[]>>> = {
  selfApproved: ['change-tickets-completed'],
  lateApproval: ['change-tickets-completed'],
  withdrawn: ['change-tickets-completed'],
  neverClosed: ['change-tickets-completed'],
  noRollback: ['rollback-plans-recorded'],
  emergencyUnreviewed: ['emergency-changes-reviewed', 'emergency-changes-few'],
};

/** The same of devices and training: the check, whether the device or the person is the item, and whether it lasts to this day. */
const BY_WORKER: Readonly<Partial<Record<WorkforceStory, readonly (readonly [check: string, of: 'device' | 'person', open: boolean])[]>>> = {
  unencrypted: [['devices-encrypted', 'device', true]],
  unenrolled: [
    ['devices-managed', 'device', false],
    ['workers-equipped', 'person', false],
  ],
  silent: [['devices-managed', 'device', false]],
  unlocked: [['devices-locked', 'device', false]],
  outdated: [['devices-supported', 'device', false]],
  sticks: [['removable-media-blocked', 'device', false]],
  unprotected: [['devices-protected', 'device', false]],
  nobodys: [
    ['devices-assigned', 'device', false],
    ['workers-equipped', 'person', false],
  ],
  noDevice: [['workers-equipped', 'person', false]],
  lateTraining: [
    ['joiners-trained', 'person', false],
    ['workers-trained', 'person', false],
    ['training-topics-covered', 'person', false],
  ],
  lateCoding: [['role-courses-completed', 'person', false]],
  untrained: [
    ['workers-trained', 'person', true],
    ['training-topics-covered', 'person', true],
  ],
  failedTraining: [
    ['workers-trained', 'person', false],
    ['training-topics-covered', 'person', false],
  ],
};

/** What goes wrong with tickets, devices and training, and what happened of itself because of it. */
export function workplaceStories(world: World): readonly Story[] {
  const tickets = TRACKER_STORIES.flatMap(({ name, tells }) =>
    (BY_TICKET[name] ?? []).map((check) => ({ name: `${name} by ${check}`, tells, check, item: ticketOf(world, name), open: true })),
  );
  const workers = WORKFORCE_STORIES.flatMap(({ name, tells }) =>
    (BY_WORKER[name] ?? []).map(([check, of, open]) => {
      const { id } = person(world, WORKFORCE_CAST[name]);
      return { name: `${name} by ${check}`, tells, check, item: of === 'device' ? `laptop-${id.slice(2)} ` : `(${id})`, open };
    }),
  );
  return [...tickets, ...workers, ...mergedStories(world), ...OTHERS];
}

const ticketOf = (world: World, name: TrackerWrong): string => {
  const { key = name } = trackedOf(world).changes.find(({ wrong }) => wrong === name) ?? {};
  return `${key} `;
};

/** What was merged though its ticket or the rules of the branch did not allow it, in whichever repository that was. */
function mergedStories(world: World): readonly Story[] {
  const merged = (name: string, tells: string, check: string, repo: string): Story => ({ name, tells, check, item: ` in acme/${repo}`, open: true });
  const under = (wrong: TrackerWrong): string => / in (\S+)$/.exec(trackedOf(world).changes.find((it) => it.wrong === wrong)?.title ?? '')?.[1] ?? wrong;
  const widened = world.ago(DAYS.bypass.since);
  const soon = changesOf(world).filter(({ landedAt }) => widened <= landedAt && landedAt < widened + hours(36));
  return [
    merged(
      'merged under a late ticket',
      'a change was merged under a ticket that was approved the day after',
      'change-tickets-approved',
      under('lateApproval'),
    ),
    merged('merged under no approval', 'a change was merged under a ticket whose approval had been taken back', 'change-tickets-approved', under('withdrawn')),
    merged('merged unruled', 'changes reached a branch while no rule bound it', 'changes-landed-under-rules', 'billing'),
    ...[...new Set(soon.map(({ repo }) => repo))].map((repo) =>
      merged(`merged in ${repo} under looser rules`, 'and others in the hours after who may go around them was widened', 'changes-landed-under-rules', repo),
    ),
  ];
}

const OTHERS: readonly Story[] = [
  {
    name: 'emergency that was one',
    tells: 'a fix of double charges could not wait, and is one of few',
    check: 'emergency-changes-few',
    item: 'Stop double charges in billing',
    open: true,
  },
  {
    name: 'pushed and deployed',
    tells: 'what was pushed past the rules was deployed without any scan',
    check: 'security-checks-passed',
    item: 'acme/platform to production',
    open: true,
  },
  {
    name: 'department renamed',
    tells: 'for a week HR called a department otherwise than the course that is meant for it',
    check: 'course-audiences-known',
    item: 'Handling Personal Data',
    open: false,
  },
];

/** Checks of which something stays unknown at Acme, and why no better is told. */
export const UNTOLD: readonly { readonly check: string; readonly tells: string }[] = [
  { check: 'admin-factors-strong', tells: 'Google, GitHub and Slack do not tell of which kind a second factor is' },
  { check: 'devices-encrypted', tells: 'a laptop with Linux does not say whether its disk is encrypted' },
  { check: 'devices-protected', tells: 'Fleet does not tell when protection against malicious software last reported' },
  { check: 'dormant-accounts-disabled', tells: 'GitHub, Slack and the expense tool do not tell when an account was last used' },
  { check: 'joiners-trained', tells: 'KnowBe4 has refused since last week' },
  { check: 'local-passwords-removed', tells: 'GitHub and Google do not tell whether an account has a password of its own' },
  { check: 'revoked-access-kept-removed', tells: 'registers are read once a week, and who came since was in none of those reads' },
  { check: 'role-courses-completed', tells: 'KnowBe4 has refused since last week' },
  { check: 'service-accounts-owned', tells: 'GitHub does not tell whether the account of a machine has a password of its own' },
  { check: 'training-records-proven', tells: 'KnowBe4 does not tell whether a person entered that a course was passed' },
  { check: 'training-topics-covered', tells: 'KnowBe4 has refused since last week' },
  { check: 'workers-trained', tells: 'KnowBe4 has refused since last week' },
];

/** Checks of what has not happened in the half year that is observed, for it would deviate of itself: it happened before. */
export const BEFORE: readonly string[] = ['direct-pushes-reviewed', 'rule-bypasses-reviewed'];
