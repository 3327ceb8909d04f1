import { hours, type Instant, iso, minutes } from '../core/instant.ts';
import { ACCOUNT } from './aws.ts';
import { shaOf } from './changes.ts';
import { deploymentsOf } from './github-deployments.ts';
import { DAYS } from './stories.ts';
import { trackedOf } from './tracker.ts';
import { WATCH_CAST, WATCH_DAYS } from './watch-stories.ts';
import { type Person, person, type World } from './world.ts';

interface Made {
  readonly at: Instant;
  readonly region: string;
  /** Service and operation: `ec2:RunInstances`. */
  readonly name: string;
  readonly identity: object;
  readonly type?: string;
}

interface TrailEntry {
  readonly at: Instant;
  readonly region: string;
  /** As CloudTrail gives it, its record written out. */
  readonly entry: object;
}

const HERE = 'eu-central-1';
const GLOBAL = 'us-east-1';
const kept = new WeakMap<World, readonly TrailEntry[]>();

/** Every change of the account of Acme that CloudTrail records, in the order in which they happen. */
export function trailOf(world: World): readonly TrailEntry[] {
  const known = kept.get(world);
  if (known) return known;
  const made = [...deployed(world), ...backups(world), ...byHand(world)].sort((a, b) => a.at - b.at).map(entryOf);
  kept.set(world, made);
  return made;
}

/** What the pipeline does: a deployment moves a service on. */
const deployed = (world: World): readonly Made[] =>
  deploymentsOf(world).flatMap(({ at, run }) =>
    run === null ? [] : [{ at: at + minutes(11), region: HERE, name: 'ecs:UpdateService', identity: session('Deploy', `run-${run}`) }],
  );

/** What a program does each Sunday. */
const backups = (world: World): readonly Made[] =>
  Array.from({ length: 50 }, (_, week) => ({
    ...{ at: world.ago(285 - 7 * week, 3), region: HERE },
    ...{ name: 'rds:CreateDBSnapshot', identity: session('BackupRunner', 'weekly') },
  }));

/** What people do by hand: under a ticket, in an emergency of which the register tells, and once under nothing. */
function byHand(world: World): readonly Made[] {
  const [lead, second] = [person(world, 1), person(world, 2)];
  const opener = person(world, WATCH_CAST.portOpener);
  const port = (minute: number, operation: string): Made => ({
    ...{ at: world.ago(WATCH_DAYS.byHand, 20) + minutes(minute), region: HERE },
    ...{ name: `ec2:${operation}`, identity: session('Operator', opener.email) },
  });
  const root = { type: 'Root', principalId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root`, accountId: ACCOUNT };
  return [
    port(0, 'AuthorizeSecurityGroupIngress'),
    port(50, 'RevokeSecurityGroupIngress'),
    ticketed(world, lead, world.ago(72, 9), 'iam:AttachRolePolicy', GLOBAL),
    ticketed(world, second, world.ago(118, 13), 'rds:ModifyDBInstance', HERE),
    ticketed(world, lead, world.ago(51, 15), 'iam:UpdateAssumeRolePolicy', GLOBAL),
    ticketed(world, second, world.ago(12, 10), 'kms:EnableKeyRotation', HERE),
    { at: world.ago(DAYS.rootUse, 2) + minutes(20), region: GLOBAL, name: 'signin:ConsoleLogin', identity: root, type: 'AwsConsoleSignIn' },
    { at: world.ago(DAYS.rootUse, 2) + minutes(31), region: HERE, name: 'ecs:UpdateService', identity: session('BreakGlass', second.email) },
  ];
}

/** Under the newest ticket of a change that was approved by then: the session is named by it. */
function ticketed(world: World, { email }: Person, at: Instant, name: string, region: string): Made {
  const ticket = trackedOf(world).changes.findLast(
    ({ wrong, steps, creator }) => wrong === null && creator !== null && steps.some((step) => step.to === 'Approved' && step.at < at - hours(1)),
  );
  return { at, region, name, identity: session('Operator', `${ticket?.key ?? 'ACME-0'}-${email.split('@')[0]}`, email) };
}

const session = (role: string, name: string, sourceIdentity?: string) => ({
  type: 'AssumedRole',
  principalId: `AROAACME${role.toUpperCase()}:${name}`,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${name}`,
  accountId: ACCOUNT,
  sessionContext: {
    sessionIssuer: {
      ...{ type: 'Role', principalId: `AROAACME${role.toUpperCase()}`, arn: `arn:aws:iam::${ACCOUNT}:role/${role}` },
      ...{ accountId: ACCOUNT, userName: role },
    },
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
  },
});

function entryOf({ at, region, name, identity, type = 'AwsApiCall' }: Made): TrailEntry {
  const [service = '', action = ''] = name.split(':');
  const digits = shaOf(`${at} ${name}`);
  const id = [8, 12, 16, 20, 32].map((end, place, ends) => digits.slice(ends[place - 1] ?? 0, end)).join('-');
  const record = {
    ...{ eventVersion: '1.11', userIdentity: identity, eventTime: iso(at), eventSource: `${service}.amazonaws.com`, eventName: action },
    ...{ awsRegion: region, eventID: id, readOnly: false, eventType: type, managementEvent: true, recipientAccountId: ACCOUNT, eventCategory: 'Management' },
  };
  return {
    ...{ at, region },
    entry: {
      ...{ EventId: id, EventName: action, ReadOnly: 'false', EventTime: at / 1000, EventSource: record.eventSource, Resources: [] },
      CloudTrailEvent: JSON.stringify(record),
    },
  };
}
