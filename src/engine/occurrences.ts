import { type Cadence, calendarPeriods, daysAfter } from '../core/cadence.ts';
import { type Duration, type Instant, iso, NEVER } from '../core/instant.ts';
import { holds, type Period, subtract } from '../core/interval.ts';
import type { Dataset, Row } from '../datasets/dataset.ts';
import type { Coverage } from './coverage.ts';
import { type Facts, type Look, streamId } from './facts.ts';

/** What a control says has to happen once in every calendar period. */
export type Recurring = Duty | Capture;

/** What every source that is expected to tell of a dataset has to be asked for, and to answer whole. */
export interface Capture {
  readonly shownBy: 'looks';
  /** What it is: `Capture of permission policies`. */
  readonly duty: string;
  readonly dataset: string;
  readonly cadence: Cadence;
}

/** What rows show to have been done. */
export interface Duty {
  readonly shownBy?: never;
  /** What it is: `Review of the vendor register`. */
  readonly duty: string;
  /** The dataset whose rows show that it happened, and which of its rows. */
  readonly dataset: string;
  readonly where: Readonly<Record<string, string>>;
  /** The field that says when; `null`: the event's own time. */
  readonly at: string | null;
  readonly cadence: Cadence;
  /** So many days after the period it may still be done. */
  readonly grace: number;
}

/** How often a source was to be asked for what, from its first configuration on. */
export interface Schedule extends Period {
  readonly source: string;
  readonly partition: string;
  readonly datasets: readonly string[];
  /** In order; each holds up to the next. */
  readonly steps: readonly { readonly from: Instant; readonly every: Duration }[];
}

export const OCCURRENCE_STATES = ['missed', 'unknown', 'due', 'met'] as const;
export type OccurrenceState = (typeof OCCURRENCE_STATES)[number];

/** One time that something had to happen. `from` up to `to` is when it was to be done, `due` when it was to be done at the latest. */
export interface Occurrence extends Period {
  readonly kind: 'collection' | 'duty';
  /** The source and its partition, or the duty. */
  readonly what: string;
  readonly controls: readonly string[];
  readonly due: Instant;
  readonly state: OccurrenceState;
  /** When it was done; `null` where it was not. */
  readonly at: Instant | null;
  /** Of one that was not done in time: when it was done next, be that for itself or for a later period; `null` where it was not. */
  readonly late: Instant | null;
  readonly because: string | null;
  /** Of one that was done, the records that show it; else those of the attempts. */
  readonly records: readonly number[];
}

interface Ground {
  readonly facts: Facts;
  readonly coverage: Coverage;
  readonly datasets: readonly Dataset[];
}

/**
 * The slots of a source that begin within a period. A slot is met by whole answers that begin before the word of the one
 * before it would be too old; nothing is missed while the source was not expected.
 */
export function collectionsOf(ground: Ground, schedule: Schedule, controls: readonly string[], within: Period, now: Instant): readonly Occurrence[] {
  const { source, partition, steps } = schedule;
  const what = source.endsWith(`/${partition}`) ? source : `${source} (${partition})`;
  const feeds = ground.datasets.filter(({ id, freshness }) => schedule.datasets.includes(id) && freshness !== NEVER);
  const streams = feeds.map((dataset) => ({ freshness: dataset.freshness, runs: ground.facts.runs(dataset, streamId(source, partition)) }));
  if (streams.length === 0) return [];
  const freshness = Math.min(...feeds.map((dataset) => dataset.freshness));
  return steps.flatMap(({ from, every }, place) => {
    const end = Math.min(steps[place + 1]?.from ?? NEVER, schedule.to, within.to, now + 1);
    const first = from + Math.max(0, Math.ceil((within.from - from) / every)) * every;
    const slots: Occurrence[] = [];
    for (let slot = first; slot < end; slot += every) {
      const due = slot + freshness;
      // What was told just before it was first asked for, such as an export that lay there, is not asked for again at once.
      const since = slot === schedule.from ? slot - freshness : slot;
      const whole = streams.map(({ runs }) => lookIn(runs, since, Math.min(due, now + 1), true));
      const met = whole.every((look) => look !== undefined);
      if (!met && due > schedule.to) continue; // retired before it was due
      const tried = met ? undefined : streams.map(({ runs }) => lookIn(runs, slot, Math.min(due, now + 1), false)).find((look) => look !== undefined);
      const told = whole.flatMap((look) => look ?? []);
      slots.push({
        kind: 'collection',
        what,
        controls,
        from: slot,
        to: slot + every,
        due,
        state: met ? 'met' : due <= now ? 'missed' : 'due',
        at: met ? Math.max(...told.map(({ at }) => at)) : null,
        late: null,
        because: met ? null : (tried?.reason ?? (due <= now ? 'nothing was told' : null)),
        records: [...new Set(met ? told.map(({ record }) => record) : tried ? [tried.record] : [])].sort((a, b) => a - b),
      });
    }
    return slots;
  });
}

/** The first whole answer begun in `[from, to)`, or the last that was not whole. */
function lookIn(runs: readonly Look[], from: Instant, to: Instant, complete: boolean): Look | undefined {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((runs[middle]?.at ?? NEVER) < from) low = middle + 1;
    else high = middle;
  }
  let last: Look | undefined;
  for (let place = low; place < runs.length; place++) {
    const run = runs[place];
    if (!run || run.at >= to) break;
    if (run.complete !== complete) continue;
    if (complete) return run;
    last = run;
  }
  return last;
}

/** An act that shows that a duty was done: when, when that was first told, and by which record. */
interface Act {
  readonly at: Instant;
  readonly told: Instant;
  readonly records: readonly number[];
}

/** The calendar periods of what recurs that begin within a period. */
export const recurringOf = (ground: Ground, recurring: Recurring, control: string, timezone: string, within: Period, now: Instant): readonly Occurrence[] =>
  recurring.shownBy === 'looks' ? capturesOf(ground, recurring, control, timezone, within, now) : dutiesOf(ground, recurring, control, timezone, within, now);

/**
 * The calendar periods of a capture that begin within a period and in which something was expected from beginning to end.
 * One is met by a whole answer of each source within it: there is no grace, for what is seen later is a later state.
 */
function capturesOf(ground: Ground, capture: Capture, control: string, timezone: string, within: Period, now: Instant): readonly Occurrence[] {
  const dataset = ground.datasets.find(({ id }) => id === capture.dataset);
  if (!dataset) throw new RangeError(`${control}: no dataset is called ${capture.dataset}`);
  const began = ground.coverage.expected(dataset.id)[0]?.from ?? NEVER;
  const span = { from: Math.max(began, within.from, -8.64e15), to: Math.min(within.to, now + 1) };
  if (span.from >= span.to) return [];
  return calendarPeriods(capture.cadence, timezone, span).flatMap((period): Occurrence[] => {
    const asked = ground.coverage.asked(dataset.id, period).filter(({ from, to }) => from <= period.from && period.to <= to);
    if (period.from < within.from || asked.length === 0) return [];
    const looks = asked.map(({ source, partition, runs }) => ({
      who: source.endsWith(`/${partition}`) ? source : `${source} (${partition})`,
      runs,
      whole: lookIn(runs, period.from, Math.min(period.to, now + 1), true),
    }));
    const common = { kind: 'duty' as const, what: capture.duty, controls: [control], ...period, due: period.to };
    const found = looks.flatMap(({ whole }) => whole ?? []);
    const records = [...new Set(found.map(({ record }) => record))].sort((a, b) => a - b);
    const lacking = looks.filter(({ whole }) => whole === undefined);
    if (lacking.length === 0) return [{ ...common, state: 'met', at: Math.max(...found.map(({ at }) => at)), late: null, because: null, records }];
    if (now < period.to) return [{ ...common, state: 'due', at: null, late: null, because: null, records: [] }];
    const next = lacking.map(({ runs }) => lookIn(runs, period.to, now + 1, true)?.at ?? NEVER);
    const late = Math.max(...next);
    const because = `${lacking.map(({ who }) => who).join(', ')} gave no whole answer from ${iso(period.from)} up to ${iso(period.to)}`;
    return [{ ...common, state: 'missed', at: null, late: late === NEVER ? null : late, because, records: [] }];
  });
}

/**
 * The calendar periods of a duty that begin within a period. Acts are given to them in order, the earliest first, and
 * one serves one period only; what was done on one local day is one act.
 */
export function dutiesOf(ground: Ground, duty: Duty, control: string, timezone: string, within: Period, now: Instant): readonly Occurrence[] {
  const dataset = ground.datasets.find(({ id }) => id === duty.dataset);
  if (!dataset) throw new RangeError(`${control}: no dataset is called ${duty.dataset}`);
  const expected = ground.coverage.expected(dataset.id);
  const began = expected[0]?.from ?? NEVER;
  const last = Math.min(within.to, now + 1);
  if (began >= last) return [];
  const late = dataset.happened ? NEVER : dataset.freshness;
  const all = actsOf(ground.facts, dataset, duty, timezone, now);
  let acts = all;
  const occurrences: Occurrence[] = [];
  for (const period of calendarPeriods(duty.cadence, timezone, { from: Math.max(began, -8.64e15), to: last })) {
    const due = daysAfter(period.to, duty.grace, timezone);
    // Told long after its end, it may have been dated back: that shows nothing.
    const act = acts.find(({ at, told }) => period.from <= at && at < due && told <= due + late);
    if (act) acts = acts.filter((other) => other !== act);
    if (period.from < within.from || subtract([period], expected).length > 0) continue;
    const common = { kind: 'duty' as const, what: duty.duty, controls: [control], ...period, due };
    if (act) {
      occurrences.push({ ...common, state: 'met', at: act.at, late: null, because: null, records: act.records });
      continue;
    }
    const next = all.find(({ at, told }) => due <= at && told <= at + late);
    occurrences.push({ ...common, at: null, late: next?.at ?? null, records: [], ...unmet(ground.coverage, dataset, period.from, due, now) });
  }
  return occurrences;
}

/** What no act shows is missed only where evidence would have shown it. */
function unmet(coverage: Coverage, dataset: Dataset, from: Instant, due: Instant, now: Instant): Pick<Occurrence, 'state' | 'because'> {
  if (now < due) return { state: 'due', because: null };
  const [gap] = subtract([{ from, to: due }], coverage.dataset(dataset.id));
  if (gap) return { state: 'unknown', because: coverage.explain(dataset.id, gap.from).join(' ') };
  const asked = coverage.lookedSince(dataset.id, due)[0]?.from ?? NEVER;
  if (asked <= now) return { state: 'missed', because: `by evidence without a gap nothing was done from ${iso(from)} up to ${iso(due)}` };
  const covered = coverage.dataset(dataset.id).some((period) => holds(period, now));
  return covered
    ? { state: 'due', because: `the evidence has not been collected since ${iso(due)}` }
    : { state: 'unknown', because: coverage.explain(dataset.id, now).join(' ') };
}

/** The acts up to an instant, in time, one for each local day. */
function actsOf(facts: Facts, dataset: Dataset, { where, at: field }: Duty, timezone: string, now: Instant): readonly Act[] {
  const fits = (row: Row) => Object.entries(where).every(([name, value]) => String(row[name]) === value);
  const acts = [...facts.items({ dataset })].flatMap((item) =>
    facts.of({ dataset }, item).flatMap(({ row, from: told, records }): Act[] => {
      const at = field === null ? dataset.happened?.(row) : row[field];
      return fits(row) && typeof at === 'number' && at <= now && told <= now ? [{ at, told, records }] : [];
    }),
  );
  const days = new Map<string, Act>();
  for (const act of acts.sort((a, b) => a.at - b.at || a.told - b.told)) {
    const day = dayOf(act.at, timezone);
    if (!days.has(day)) days.set(day, act);
  }
  return [...days.values()];
}

/** The local date, by one formatter for each zone. */
function dayOf(at: Instant, timezone: string): string {
  const known = formats.get(timezone) ?? new Intl.DateTimeFormat('en-CA', { timeZone: timezone, year: 'numeric', month: '2-digit', day: '2-digit' });
  formats.set(timezone, known);
  return known.format(at);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** In the order of their time, then of what they are about. */
export const inOrder = (occurrences: readonly Occurrence[]): readonly Occurrence[] =>
  [...occurrences].sort((a, b) => a.from - b.from || (a.what < b.what ? -1 : a.what > b.what ? 1 : 0));

/** How often one thing had to happen, and how often it did. */
export interface OccurrenceSeries {
  readonly kind: Occurrence['kind'];
  readonly what: string;
  readonly controls: readonly string[];
  readonly expected: number;
  readonly met: number;
  readonly missed: number;
  readonly unknown: number;
  readonly due: number;
}

/** Duties first, then collections, each by name. */
export function seriesOf(occurrences: readonly Occurrence[]): readonly OccurrenceSeries[] {
  const series = new Map<string, OccurrenceSeries>();
  for (const { kind, what, controls, state } of occurrences) {
    const name = `${kind === 'duty' ? 0 : 1} ${what} ${controls.join()}`;
    const known = series.get(name) ?? { kind, what, controls, expected: 0, met: 0, missed: 0, unknown: 0, due: 0 };
    series.set(name, { ...known, expected: known.expected + 1, [state]: known[state] + 1 });
  }
  return [...series].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, its]) => its);
}
