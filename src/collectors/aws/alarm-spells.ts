import { z } from 'zod';
import { type Instant, iso } from '../../core/instant.ts';
import type { AlertEvent } from '../../datasets/alert/events.ts';

const Severity = z.enum(['critical', 'high', 'medium', 'low']);

export const AlarmsConfig = z.strictObject({
  accounts: z
    .array(
      z.strictObject({
        id: z
          .string()
          .regex(/^\d{12}$/, 'expected the twelve digits of an account, in quotes')
          .describe('Account id'),
        roleArn: z
          .string()
          .regex(/^arn:aws[\w-]*:iam::\d{12}:role\/.+/, 'expected the ARN of a role')
          .optional()
          .describe('Role to assume to read this account'),
        regions: z
          .array(z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'expected a region, like eu-central-1'))
          .min(1)
          .describe('Every region that has alarms'),
      }),
    )
    .min(1)
    .describe('Every account that is to be read'),
  severities: z
    .record(z.string().min(1), Severity)
    .default({})
    .describe(
      'How urgent an alarm is, by how its name begins: { prod-: high, prod-login: critical }. The longest beginning counts; of any other it is unknown',
    ),
  system: z.string().min(1).default('cloudwatch').describe('Id of the system in the scope'),
});
export type AlarmsConfig = z.infer<typeof AlarmsConfig>;

const text = z.string().nullish();
const Alarm = z.object({
  AlarmName: z.string().min(1),
  AlarmDescription: text,
  StateValue: text,
  StateTransitionedTimestamp: z.number().nullish(),
  StateUpdatedTimestamp: z.number().nullish(),
});
export type Alarm = z.infer<typeof Alarm>;
export const Alarms = z.object({ MetricAlarms: z.array(Alarm).nullish(), CompositeAlarms: z.array(Alarm).nullish() });

const Item = z.object({
  AlarmName: z.string().min(1),
  Timestamp: z.number(),
  HistoryItemType: z.string().min(1),
  HistorySummary: text,
  HistoryData: text,
});
export const History = z.object({ AlarmHistoryItems: z.array(Item).nullish() });

const Data = z.object({
  type: text,
  actionState: text,
  newState: z.object({ stateValue: z.string() }).nullish(),
});

/** One entry of a history that matters: an alarm went into a state, told somebody, or was deleted. */
export interface Happened {
  readonly alarm: string;
  readonly at: Instant;
  readonly what: 'ALARM' | 'OK' | 'INSUFFICIENT_DATA' | 'told' | 'deleted';
}

/** An alarm that is not over, from one run to the next. */
const Still = z.strictObject({ alarm: z.string(), firedAt: z.int(), notified: z.int().nullable() });
export type Still = z.infer<typeof Still>;
export const Left = z.strictObject({ until: z.int(), open: z.array(Still).readonly() });
export type Left = z.infer<typeof Left>;

/** What an entry says; `null` of those that change nothing. Throws `RangeError` where it cannot be read. */
export function read({
  AlarmName: alarm,
  Timestamp,
  HistoryItemType: type,
  HistorySummary: summary,
  HistoryData: data,
}: z.infer<typeof Item>): Happened | null {
  const at = Math.round(Timestamp * 1000);
  const says = Data.parse(data ? JSON.parse(data) : {});
  if (type === 'StateUpdate') {
    const state = says.newState?.stateValue ?? /\bto ([A-Z_]+)$/.exec(summary ?? '')?.[1];
    if (state === 'ALARM' || state === 'OK' || state === 'INSUFFICIENT_DATA') return { alarm, at, what: state };
    throw new RangeError(`the history of ${alarm} does not say into which state it went at ${iso(at)}`);
  }
  if (type === 'Action')
    return says.actionState === 'Succeeded' || (summary ?? '').startsWith('Successfully executed action') ? { alarm, at, what: 'told' } : null;
  if (type === 'ConfigurationUpdate') return says.type === 'Delete' || / deleted$/.test(summary ?? '') ? { alarm, at, what: 'deleted' } : null;
  return null;
}

interface Reading {
  readonly alarms: readonly Alarm[];
  readonly happened: readonly Happened[];
  readonly open: readonly Still[];
  /** From when on the history is read. */
  readonly from: Instant;
  /** Nothing was read before. */
  readonly first: boolean;
  readonly config: AlarmsConfig;
}

/** Each time from going off to being over. What is not over is told as it stands, and handed to the next run. */
export function spellsOf(reading: Reading): { readonly rows: readonly AlertEvent[]; readonly open: readonly Still[] } {
  const { alarms, happened, open: before, config } = reading;
  const known = new Map(alarms.map((alarm) => [alarm.AlarmName, alarm]));
  const open = new Map([...before, ...earlier(reading)].map((still) => [still.alarm, still]));
  const rows: AlertEvent[] = [];
  const row = (still: Still, end: { readonly at: Instant; readonly kind: AlertEvent['resolvedByKind'] } | null) =>
    void rows.push(rowOf(still, end, known.get(still.alarm), config));
  for (const { alarm, at, what } of happened.toSorted((a, b) => a.at - b.at)) {
    const still = open.get(alarm);
    // Without data nobody knows that it is over: what follows goes on.
    if (what === 'ALARM' && !still) open.set(alarm, { alarm, firedAt: at, notified: 0 });
    if (what === 'told' && still) open.set(alarm, { ...still, notified: still.notified === null ? null : still.notified + 1 });
    if ((what === 'OK' || what === 'deleted') && still) {
      open.delete(alarm);
      row(still, { at, kind: what === 'OK' ? 'automation' : 'unknown' });
    }
  }
  for (const still of open.values()) {
    const end = endedUnseen(still, known.get(still.alarm), reading);
    if (end !== null) open.delete(still.alarm);
    row(still, end === null ? null : { at: end, kind: 'unknown' });
  }
  return { rows, open: [...open.values()] };
}

/** Alarms that went off before the history begins, and are not over: by the alarm's own word. How often they told somebody is not known. */
function earlier({ alarms, from, first }: Reading): readonly Still[] {
  if (!first) return [];
  return alarms.flatMap(({ AlarmName: alarm, StateValue, ...alarmTimes }) => {
    const at = transitionOf(alarmTimes);
    return StateValue === 'ALARM' && at !== null && at < from ? [{ alarm, firedAt: at, notified: null }] : [];
  });
}

/** When an alarm was over in a time that no history tells of any more; `null` where it is not over. */
function endedUnseen({ firedAt }: Still, alarm: Alarm | undefined, { from }: Reading): Instant | null {
  const at = alarm?.StateValue === 'OK' ? transitionOf(alarm) : null;
  return at !== null && firedAt < at && at < from ? at : null;
}

function transitionOf({
  StateTransitionedTimestamp,
  StateUpdatedTimestamp,
}: Pick<Alarm, 'StateTransitionedTimestamp' | 'StateUpdatedTimestamp'>): Instant | null {
  const at = StateTransitionedTimestamp ?? StateUpdatedTimestamp ?? null;
  return at === null ? null : Math.round(at * 1000);
}

function rowOf(
  { alarm, firedAt, notified }: Still,
  end: { readonly at: Instant; readonly kind: AlertEvent['resolvedByKind'] } | null,
  about: Alarm | undefined,
  { system, severities }: AlarmsConfig,
): AlertEvent {
  return {
    systemId: system,
    alertId: `${alarm} ${iso(firedAt)}`,
    title: about?.AlarmDescription || alarm,
    rule: alarm,
    severity: severityOf(alarm, severities),
    told: [],
    firedAt,
    acknowledgedAt: null,
    acknowledgedByKind: 'unknown',
    acknowledgedBy: null,
    escalatedAt: null,
    resolvedAt: end?.at ?? null,
    resolvedByKind: end?.kind ?? 'none',
    conclusion: end === null ? 'none' : end.kind === 'automation' ? 'auto_resolved' : 'unknown',
    investigation: null,
    incidentId: null,
    notified,
  };
}

function severityOf(alarm: string, severities: AlarmsConfig['severities']): AlertEvent['severity'] {
  let [longest, severity]: [string, AlertEvent['severity']] = ['', 'unknown'];
  for (const [beginning, its] of Object.entries(severities))
    if (alarm.startsWith(beginning) && beginning.length > longest.length) [longest, severity] = [beginning, its];
  return severity;
}
