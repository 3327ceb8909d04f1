import { z } from 'zod';
import { CONCLUSIONS, type Alert, TICKMARK } from '../alerts/alert.ts';
import { OWN_ALERTS, WHOLE } from '../configuration/normalize.ts';
import { SEVERITIES } from '../core/severity.ts';
import { type AlertEvent, alertEvents } from '../datasets/alert/events.ts';
import type { Run } from '../engine/facts.ts';
import type { Act } from '../evidence/record.ts';
import type { Disposed } from '../log/disposal.ts';

const at = z.int().nullable();
const Who = z.object({ at: z.int(), by: z.string() }).nullable();

/** How an alert stood after an act, as the record of the act says. */
const Stood = z.object({
  rule: z.string(),
  title: z.string(),
  severity: z.enum(SEVERITIES),
  raisedAt: z.int(),
  acknowledged: Who,
  escalatedAt: at,
  resolved: z.object({ at: z.int(), by: z.string(), conclusion: z.enum([...CONCLUSIONS, 'auto_resolved']), incident: z.string().nullable() }).nullable(),
  notes: z.int(),
  told: z.int(),
});
export type Stood = z.infer<typeof Stood>;

export function stoodOf({ signal, raisedAt, firstAcknowledged, escalatedAt, resolved, notes, told }: Alert): Stood {
  return {
    rule: signal.rule,
    title: signal.title,
    severity: signal.severity,
    raisedAt,
    acknowledged: firstAcknowledged,
    escalatedAt,
    resolved: resolved && { at: resolved.at, by: resolved.by, conclusion: resolved.conclusion, incident: resolved.incident },
    notes: notes.length,
    told: told.length,
  };
}

const TARGET = /^alerts\/(A-[a-z0-9]{10})$/;

/** The alert that an act was done to; `null` of any other act. */
export const alertOf = ({ act, target }: Pick<Act, 'act' | 'target'>): string | null =>
  act.startsWith('alert-') ? (TARGET.exec(target ?? '')?.[1] ?? null) : null;

/** Of an act on an alert whose record was disposed of nobody can tell which alert it was: up to the first configuration after that nothing is known of all of them. */
export function lostAlertRuns({ act, at: from }: Act, record: number, { at: to }: Disposed, reason: string): readonly Run[] {
  if (!act.startsWith('alert-')) return [];
  return [{ source: OWN_ALERTS, partition: WHOLE, dataset: alertEvents.id, at: from, complete: false, reason, polled: { from, to }, rows: [], record }];
}

/** What an act on an alert tells of it, as a row: each alert is told apart from all others, and its newest act counts. */
export function alertRuns(body: Act, record: number): readonly Run[] {
  const id = alertOf(body);
  const stood = id === null ? null : Stood.safeParse(body.says?.alert);
  if (id === null || !stood?.success) return [];
  const run = { source: OWN_ALERTS, partition: `alert ${id}`, dataset: alertEvents.id, at: body.at, complete: true, reason: null, record };
  return [{ ...run, rows: [rowOf(id, stood.data)] }];
}

function rowOf(id: string, { rule, title, severity, raisedAt, acknowledged, escalatedAt, resolved, notes, told }: Stood): AlertEvent {
  return {
    systemId: TICKMARK,
    alertId: id,
    title,
    rule,
    severity,
    told: ['acknowledgement', 'escalation', 'conclusion'],
    firedAt: raisedAt,
    acknowledgedAt: acknowledged?.at ?? null,
    acknowledgedByKind: acknowledged ? kindOf(acknowledged.by) : 'none',
    acknowledgedBy: acknowledged?.by ?? null,
    escalatedAt,
    resolvedAt: resolved?.at ?? null,
    resolvedByKind: resolved ? kindOf(resolved.by) : 'none',
    conclusion: resolved?.conclusion ?? 'none',
    investigation: notes > 0 ? `alerts/${id}` : null,
    incidentId: resolved?.incident ?? null,
    notified: told,
  };
}

/** A token is a machine, on whosever behalf it acts. */
const kindOf = (by: string): 'human' | 'automation' => (by === TICKMARK || by.startsWith('token ') ? 'automation' : 'human');
