import { z } from 'zod';
import type { CloudChange } from '../../datasets/config/cloud-changes.ts';

export const LookedUp = z.object({ Events: z.array(z.object({ EventId: z.string(), CloudTrailEvent: z.string() })) });

const text = z.string().nullish();
/** Fields of a CloudTrail record, as AWS describes its contents (record version 1.x). */
export const TrailEvent = z.object({
  eventID: z.string().min(1),
  eventTime: z.iso.datetime(),
  eventSource: z.string().min(1),
  eventName: z.string().min(1),
  eventType: text,
  errorCode: text,
  userIdentity: z.object({
    type: text,
    principalId: text,
    arn: text,
    userName: text,
    invokedBy: text,
    sessionContext: z.object({ sessionIssuer: z.object({ userName: text, arn: text }).nullish(), sourceIdentity: text }).nullish(),
  }),
});
export type TrailEvent = z.infer<typeof TrailEvent>;

interface Reading {
  readonly pipelines: readonly string[];
  readonly machines: readonly string[];
  readonly projects: readonly string[];
  readonly system: string;
}

/** Nothing is left out: what was refused, what the pipeline did and what AWS did by itself are told as such. */
export function changeOf(event: TrailEvent, reading: Reading, accountId: string, region: string): CloudChange {
  const { eventID, eventTime, eventSource, eventName, errorCode, userIdentity: identity } = event;
  const role = identity.sessionContext?.sessionIssuer?.userName || null;
  const source = identity.sessionContext?.sourceIdentity || null;
  const actor = actorOf(event);
  const names = [source, actor].flatMap((name) => name ?? []);
  return {
    systemId: reading.system,
    eventId: eventID,
    accountId,
    region,
    action: `${eventSource.replace(/\.amazonaws\.com$/, '')}:${eventName}`,
    happenedAs: HAPPENED[event.eventType ?? ''] ?? 'unknown',
    outcome: errorCode ? 'refused' : 'success',
    actorKind: kindOf(event, role, actor, reading),
    actor,
    role,
    actorEmail: names.find((name) => /^[^@\s]+@[^@\s]+$/.test(name))?.toLowerCase() ?? null,
    ticketId: ticketIn(names, reading.projects),
    happenedAt: Date.parse(eventTime),
  };
}

function ticketIn(names: readonly string[], projects: readonly string[]): string | null {
  const project = projects.length === 0 ? '[A-Z][A-Z0-9_]+' : `(?:${projects.join('|')})`;
  const key = new RegExp(`(?<![A-Za-z0-9])${project}-\\d+(?![A-Za-z0-9])`);
  return names.flatMap((name) => key.exec(name)?.[0] ?? [])[0] ?? null;
}

const HAPPENED: Readonly<Record<string, CloudChange['happenedAs']>> = {
  AwsApiCall: 'call',
  AwsConsoleAction: 'call',
  AwsConsoleSignIn: 'sign-in',
  AwsServiceEvent: 'service',
};

/** The user, or what the session of a role is called: `AROAEXAMPLE:maria.lopez@acme.example` is the role's id and that. */
function actorOf({ userIdentity: { type, principalId, arn, userName, invokedBy } }: TrailEvent): string {
  if (type === 'Root') return 'root';
  const session = /^[^:]+:(.+)$/.exec(principalId ?? '')?.[1];
  return session || userName || arn || principalId || invokedBy || type || 'unknown';
}

/**
 * A role that the configuration does not name is nobody's pipeline: people act through roles too. What a person's session
 * has a service do (`invokedBy`) is the person's still; what a role of the service does is the cloud's.
 */
function kindOf({ userIdentity: { type, sessionContext } }: TrailEvent, role: string | null, actor: string, reading: Reading): CloudChange['actorKind'] {
  const name = role ?? actor;
  if (reading.pipelines.includes(name)) return 'pipeline';
  if (reading.machines.includes(name)) return 'machine';
  if (type === 'AWSService' || /:role\/aws-service-role\//.test(sessionContext?.sessionIssuer?.arn ?? '')) return 'cloud';
  return type === 'IAMUser' || type === 'Root' || type === 'IdentityCenterUser' || name.startsWith('AWSReservedSSO_') ? 'person' : 'unknown';
}
