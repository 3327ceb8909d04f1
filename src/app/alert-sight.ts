import type { Complaint, Deadline, JobTrouble, Sight, Silence } from '../alerts/signals.ts';
import type { Attended } from '../anchors/attended.ts';
import type { Duration, Instant } from '../core/instant.ts';
import { worstSeverity } from '../core/severity.ts';
import { casesAt } from '../engine/cases.ts';
import { streamId } from '../engine/facts.ts';
import type { Posture } from '../engine/posture.ts';
import { turning } from '../engine/upcoming.ts';
import type { Scrubbed } from '../evidence/scrub.ts';
import { viewOccurrences } from './findings.ts';
import type { Ground } from './grounds.ts';

export interface Seen {
  readonly ground: Ground;
  readonly posture: Posture;
  readonly timezone: string;
  readonly attended: Attended;
  readonly scrubbed: Scrubbed;
  readonly jobs: readonly JobTrouble[];
  readonly undelivered: Sight['undelivered'];
}

const ALERT_EVENTS = 'alert.events';

/** All that rules look at, as it is now. */
export function sightOf({ ground, posture, timezone, attended, scrubbed, jobs, undelivered }: Seen): Sight {
  const now = ground.asOf;
  const occurrences = viewOccurrences(ground, { period: { from: ground.period.from, to: now + 1 }, controls: null }, timezone, now);
  const due = occurrences.filter(({ kind, state }) => kind === 'duty' && state === 'due');
  return {
    now,
    posture,
    occurrences,
    silences: silencesOf(ground, now),
    deadlines: remembered((within) => [
      ...findingsDue(ground),
      ...itemsTurning(ground, now, within),
      ...due.map(({ what, due: at, controls }): Deadline => ({ what: 'occurrence', of: what, at, controls, checks: [], ...placeOf(ground, controls) })),
    ]),
    complaints: [...attended.complaints, ...damages(scrubbed)],
    jobs,
    undelivered,
  };
}

/** Several rules look equally far ahead. */
function remembered(deadlines: (within: Duration) => readonly Deadline[]): Sight['deadlines'] {
  const known = new Map<Duration, readonly Deadline[]>();
  return (within) => {
    const its = known.get(within) ?? deadlines(within);
    known.set(within, its);
    return its;
  };
}

function silencesOf({ schedules, engine }: Ground, now: Instant): readonly Silence[] {
  return schedules.flatMap(({ source, partition, datasets, from, to, steps }) => {
    const every = steps.findLast((step) => step.from <= now)?.every;
    if (every === undefined || to <= now || from > now) return [];
    const read = datasets.filter((dataset) => engine.facts.reads(dataset));
    // As old as the oldest of what it tells.
    const whole = read.map((id) => engine.facts.runs({ id }, streamId(source, partition)).findLast(({ complete, at }) => complete && at <= now)?.at ?? from);
    if (whole.length === 0) return [];
    const since = Math.min(...whole);
    return [{ source, partition, since, due: since + every }];
  });
}

/** What has to be fixed by one instant is told as one. */
function findingsDue(ground: Ground): readonly Deadline[] {
  return casesAt(ground, ground.asOf, null)
    .cases.dueAfter(ground.asOf)
    .map(({ check, title, controls, severity, due, count }): Deadline => {
      return { what: 'finding', of: title, at: due, path: '/findings', severity, controls, checks: [check], count };
    });
}

/** Items that conform now and will not, though nothing is learned: a key turns too old, a certificate ends. */
function itemsTurning(ground: Ground, now: Instant, within: Duration): readonly Deadline[] {
  // What alerts themselves deviate by is for people to see: an alert about alerts would raise the next one.
  const checks = ground.checks.filter(({ population }) => population.dataset.id !== ALERT_EVENTS);
  return turning({ engine: ground.engine, checks }, now, within).map(({ check, at, count }): Deadline => {
    const controls = ground.catalog.controls.filter((control) => control.checks.includes(check)).map(({ id }) => id);
    const of = checks.find(({ id }) => id === check)?.title ?? check;
    return { what: 'item', of, at, controls, checks: [check], count, ...placeOf(ground, controls) };
  });
}

function placeOf({ catalog }: Ground, ids: readonly string[]): Pick<Deadline, 'path' | 'severity'> {
  const controls = catalog.controls.filter(({ id }) => ids.includes(id));
  return { path: controls[0] ? `/controls/${controls[0].id}` : '/', severity: worstSeverity(controls.map(({ severity }) => severity)) };
}

/** What reading the log again found: each kind of damage once. */
function damages({ running, last }: Scrubbed): readonly Complaint[] {
  const codes = new Set((running ?? last)?.problems.map(({ code }) => code));
  return [...codes].map((code) => ({ code, grave: true }));
}
