import type { Json } from '../core/canonical.ts';
import type { Instant } from '../core/instant.ts';
import type { Severity } from '../core/severity.ts';
import type { Vouched } from '../core/vouched.ts';
import type { Cause } from './policy.ts';

/** Something that is so, as a rule sees it: what an alert is made of. Nothing of it is confidential but the name of an item. */
export interface Signal {
  readonly rule: string;
  readonly on: Cause;
  /** What makes two of one rule the same: `control AC-02`. */
  readonly key: string;
  readonly severity: Severity;
  readonly route: string;
  readonly quiet: boolean;
  /** One line. */
  readonly title: string;
  /** Page of Tickmark that says more: `/controls/AC-02`. */
  readonly path: string;
  /** Ids of the controls that it is about; none where it is about no control. */
  readonly controls: readonly string[];
  /** How much of it there is: items that deviate, else 1. More of it is told anew. */
  readonly magnitude: number;
  /** Of failed notifications: the channel that did not take them, which is not asked to say so. */
  readonly avoid: string | null;
}

/** What somebody found out. */
export const CONCLUSIONS = ['true_positive', 'false_positive', 'benign'] as const;
export type Conclusion = (typeof CONCLUSIONS)[number];

/** What happens to an alert, by its cause, by a person, or by time. */
export type Deed = Happens & {
  /** Of what a person does, what the server says of who that is; not there where nothing shows it, and of what Tickmark does. */
  readonly vouched?: Vouched;
};

type Happens =
  | { readonly do: 'raise' | 'reopen' | 'grow'; readonly signal: Signal }
  /** Its cause is gone: the words for it. */
  | { readonly do: 'end'; readonly because: string }
  | { readonly do: 'resume' | 'wake' }
  | { readonly do: 'acknowledge' }
  | { readonly do: 'note'; readonly text: string }
  | { readonly do: 'assign'; readonly to: string }
  | { readonly do: 'resolve'; readonly conclusion: Conclusion; readonly cause: string; readonly incident: string | null }
  | { readonly do: 'snooze'; readonly until: Instant; readonly text: string }
  | { readonly do: 'notify' | 'fail' | 'withhold'; readonly delivery: Delivered };

/** What became of one notification. */
export interface Delivered {
  readonly round: number;
  readonly step: number;
  readonly channel: string;
  readonly says: Saying;
  readonly attempts: number;
  /** Why it could not be brought, or was not; `null` of one that was. */
  readonly because: string | null;
}

/** What a notification says: that something is so, that somebody has taken it, that it is over. */
export type Saying = 'raised' | 'acknowledged' | 'resolved';

/** One deed, by whom and when. `by` is an address, `token NAME` or `tickmark`. */
export interface Act {
  readonly seq: number;
  readonly at: Instant;
  readonly by: string;
  readonly deed: Deed;
}

export const TICKMARK = 'tickmark';

/** How an alert stands: what follows from its acts, and nothing else. */
export interface Alert {
  readonly id: string;
  readonly signal: Signal;
  readonly state: 'open' | 'acknowledged' | 'resolved';
  readonly raisedAt: Instant;
  /** The latest time that people have to be told anew: its steps are reckoned from here. */
  readonly openedAt: Instant;
  readonly round: number;
  /** Whether the cause lasts, as it was seen last. */
  readonly lasts: boolean;
  /** When the cause ended last; `null` while it lasts. */
  readonly endedAt: Instant | null;
  readonly acknowledged: { readonly at: Instant; readonly by: string } | null;
  /** The first since it was raised; what came later does not change it. */
  readonly firstAcknowledged: { readonly at: Instant; readonly by: string } | null;
  /** When it was first passed on to a later step. */
  readonly escalatedAt: Instant | null;
  readonly assignee: string | null;
  readonly snoozedUntil: Instant | null;
  readonly resolved: {
    readonly at: Instant;
    readonly by: string;
    /** `auto_resolved`: its cause ended before anybody concluded. */
    readonly conclusion: Conclusion | 'auto_resolved';
    readonly cause: string;
    readonly incident: string | null;
  } | null;
  /** Notes of the investigation, the reason of a snooze and the cause of a resolution among them. */
  readonly notes: readonly { readonly at: Instant; readonly by: string; readonly text: string }[];
  readonly reopened: number;
  /** Channels that were told, in this round or before: they are told when it is over. */
  readonly told: readonly string[];
  /** Its newest act. */
  readonly seq: number;
  readonly changedAt: Instant;
}

/** An alert after one more act. Throws `RangeError` where the act cannot follow: what is kept is then not what was done. */
export function after(id: string, alert: Alert | null, { seq, at, by, deed }: Act): Alert {
  if (alert === null) {
    if (deed.do !== 'raise' || seq !== 1) throw new RangeError(`alert ${id} does not begin with being raised`);
    return raised(id, deed.signal, at);
  }
  if (seq !== alert.seq + 1) throw new RangeError(`alert ${id}: act ${seq} after act ${alert.seq}`);
  return { ...alert, ...changed(alert, at, by, deed), seq, changedAt: at };
}

const raised = (id: string, signal: Signal, at: Instant): Alert => ({
  id,
  signal,
  state: 'open',
  raisedAt: at,
  openedAt: at,
  round: 1,
  lasts: true,
  endedAt: null,
  acknowledged: null,
  firstAcknowledged: null,
  escalatedAt: null,
  assignee: null,
  snoozedUntil: null,
  resolved: null,
  notes: [],
  reopened: 0,
  told: [],
  seq: 1,
  changedAt: at,
});

function changed(alert: Alert, at: Instant, by: string, deed: Deed): Partial<Alert> {
  const again = { state: 'open', openedAt: at, round: alert.round + 1, acknowledged: null, snoozedUntil: null } as const;
  const noted = (text: string) => ({ notes: [...alert.notes, { at, by, text }] });
  switch (deed.do) {
    case 'raise':
      throw new RangeError(`alert ${alert.id} is raised twice`);
    case 'reopen':
    case 'grow':
      return { ...again, signal: deed.signal, lasts: true, endedAt: null, resolved: null, reopened: alert.reopened + Number(alert.state === 'resolved') };
    case 'end':
      return {
        lasts: false,
        endedAt: at,
        snoozedUntil: null,
        ...(alert.state === 'resolved' ? {} : { state: 'resolved', resolved: ended(at, by, deed.because) }),
      };
    case 'resume':
    case 'wake':
      return again;
    case 'acknowledge': {
      const acknowledged = { at, by };
      return { state: 'acknowledged', acknowledged, firstAcknowledged: alert.firstAcknowledged ?? acknowledged };
    }
    case 'note':
      return noted(deed.text);
    case 'assign':
      return { assignee: deed.to };
    case 'resolve':
      return {
        ...noted(deed.cause),
        state: 'resolved',
        snoozedUntil: null,
        resolved: { at, by, conclusion: deed.conclusion, cause: deed.cause, incident: deed.incident },
      };
    case 'snooze':
      return { ...noted(deed.text), snoozedUntil: deed.until };
    case 'notify':
      return {
        told: [...new Set([...alert.told, deed.delivery.channel])],
        ...(deed.delivery.says === 'raised' && deed.delivery.step > 0 ? { escalatedAt: alert.escalatedAt ?? at } : {}),
      };
    case 'fail':
    case 'withhold':
      return {};
  }
}

const ended = (at: Instant, by: string, cause: string): Alert['resolved'] => ({ at, by, conclusion: 'auto_resolved', cause, incident: null });

/** How an alert stands after all of these acts. */
export function folded(id: string, acts: readonly Act[]): Alert {
  const alert = acts.reduce<Alert | null>((before, act) => after(id, before, act), null);
  if (alert === null) throw new RangeError(`alert ${id} has no act`);
  return alert;
}

/** An act as the log keeps it, and back. */
export const written = (deed: Deed): Readonly<Record<string, Json>> => JSON.parse(JSON.stringify(deed)) as Readonly<Record<string, Json>>;
export const actName = (deed: Deed): string => `alert-${deed.do}`;
