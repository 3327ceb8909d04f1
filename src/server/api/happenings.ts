import type { Alert, KeptAct } from '../../app/alerts.ts';
import type { RunResult, ToldCall } from '../../app/views.ts';
import type { Changed } from '../../app/watch.ts';
import type { Instant } from '../../core/instant.ts';
import type { Happening, Hub } from './hub.ts';

/** That items deviate or are unknown since, or no longer, and which controls stand otherwise. */
export function postureChanged({ at, cause, opened, ended, controls }: Changed): Happening {
  const told = ({ count, named }: Changed['opened']) => {
    return { count, items: named.map(({ check, control, verdict, item, because }) => ({ check, control, verdict, label: item.label, because })) };
  };
  const about = new Set([...controls.map(({ id }) => id), ...opened.controls, ...ended.controls]);
  return {
    type: 'posture',
    at,
    permission: 'posture.read',
    controls: [...about],
    data: {
      cause,
      controls: controls.map(({ id, before, after }) => ({ id, before, after })),
      opened: told(opened),
      ended: told(ended),
    },
  };
}

/** That a source was asked, and whether it told all. */
export const runEnded = ({ collector, name, partition, complete, record, reason, rows }: RunResult, at: Instant): Happening => ({
  type: 'run',
  at,
  permission: 'sources.read',
  controls: null,
  data: { collector, name, partition, complete, record, reason, rows },
});

/** So often it is told how far a run has come, in milliseconds: whoever watches reads no faster. */
const OFTEN = 250;

/** Tells how far runs have come: how many requests were answered, and how many entries came. The first and every failure are told at once. */
export function askedTeller(hub: Pick<Hub, 'tell'>, now: () => Instant): (call: ToldCall) => void {
  const counts = new Map<string, { calls: number; entries: number; told: number }>();
  return ({ collector, name, partition, method, url, status, items, says }) => {
    const key = `${collector}/${name} ${partition}`;
    const its = counts.get(key) ?? { calls: 0, entries: 0, told: -OFTEN };
    counts.set(key, its);
    its.calls += 1;
    its.entries += items ?? 0;
    const refused = status === null || status >= 400;
    if (!refused && performance.now() - its.told < OFTEN) return;
    its.told = performance.now();
    const data = { collector, name, partition, calls: its.calls, entries: its.entries, last: `${method} ${url}`, status, says };
    hub.tell({ type: 'asked', at: now(), permission: 'sources.read', controls: null, data });
  };
}

/** That something was done to an alert, by its cause, by a person or by time. */
export const alertChanged = ({ seq, at, by, deed, record }: KeptAct, { id, state, signal }: Alert): Happening => ({
  type: 'alert',
  at,
  permission: 'alerts.read',
  controls: signal.controls,
  data: { id, state, severity: signal.severity, title: signal.title, act: deed.do, seq, by, record },
});
