import { type Duration, type Instant, minutes } from '../core/instant.ts';
import { type Severity, worstSeverity } from '../core/severity.ts';
import { several, spokenInstant } from '../core/spoken.ts';
import type { Occurrence } from '../engine/occurrences.ts';
import type { ControlPosture, Posture } from '../engine/posture.ts';
import { oneLine } from '../notify/inert.ts';
import type { Signal } from './alert.ts';
import type { Policy, Rule } from './policy.ts';

/** What is wrong with a job, by the word of whoever watches jobs. */
export interface JobTrouble {
  readonly kind: string;
  readonly what: string;
  readonly since: Instant;
  readonly says: string;
}

/** Evidence that is not whole: of a source, or of one of its partitions. */
export interface Silence {
  readonly source: string;
  readonly partition: string;
  /** When it last told all; from when it is expected, where it never did. */
  readonly since: Instant;
  /** By when the next was to come. */
  readonly due: Instant;
}

/** Something that is due, or will deviate by the mere passage of time, at an instant ahead. */
export interface Deadline {
  readonly what: 'finding' | 'item' | 'occurrence';
  /** What it is of: the title of a check, or the occurrence. Those of one are told together. */
  readonly of: string;
  readonly at: Instant;
  readonly path: string;
  readonly severity: Severity;
  readonly controls: readonly string[];
  readonly checks: readonly string[];
  /** So many at once; one, unless said. */
  readonly count?: number;
}

/** What the log's keepers complain of. */
export interface Complaint {
  readonly code: string;
  readonly grave: boolean;
}

/** All that rules look at. What could not be read is absent as a whole, and says nothing of its cause. */
export interface Sight {
  readonly now: Instant;
  readonly posture: Pick<Posture, 'controls' | 'checks' | 'unwaived'>;
  readonly silences: readonly Silence[];
  /** Those within so long from now; others may be among them. */
  readonly deadlines: (within: Duration) => readonly Deadline[];
  readonly occurrences: readonly Occurrence[];
  readonly complaints: readonly Complaint[];
  readonly jobs: readonly JobTrouble[];
  /** Channels that took no notification since so long. */
  readonly undelivered: readonly { readonly channel: string; readonly since: Instant }[];
}

/** What is so by every rule. Titles name items and controls and nothing that a source said beyond them. */
export const signalsOf = (sight: Sight, { rules }: Policy): readonly Signal[] => rules.flatMap((rule) => BY_CAUSE[rule.on](rule, sight));

const BY_CAUSE: Readonly<Record<Rule['on'], (rule: Rule, sight: Sight) => readonly Signal[]>> = {
  'control-fails': (rule, { posture }) =>
    posture.controls
      .filter((control) => control.alert === 'fail' && concerns(rule, [control.id], control.checks))
      .map((control) =>
        signal(rule, control.severity, {
          key: `control ${control.id}`,
          title: `${control.id} fails: ${control.title}`,
          path: `/controls/${control.id}`,
          controls: [control.id],
        }),
      ),

  deviations: (rule, { posture }) =>
    posture.checks.flatMap((check) => {
      const controls = posture.controls.filter(({ checks }) => checks.includes(check.id));
      const magnitude = posture.unwaived.get(check.id) ?? 0;
      const enough = magnitude >= rule.count && (rule.share === null || magnitude >= rule.share * check.examined);
      if (magnitude === 0 || !enough || !concerns(rule, idsOf(controls), [check.id])) return [];
      const title = `${several(magnitude, 'item')} of ${check.examined} ${magnitude === 1 ? 'deviates' : 'deviate'}: ${check.title}`;
      return [signal(rule, severest(controls), { key: `check ${check.id}`, title, path: pathOf(controls, check.id), controls: idsOf(controls), magnitude })];
    }),

  'evidence-gap': (rule, { silences, now }) =>
    silences
      .filter(({ due }) => due + rule.after <= now)
      .map(({ source, partition, since }) => {
        const what = source.endsWith(`/${partition}`) ? source : `${source} (${partition})`;
        return signal(rule, 'high', { key: `source ${what}`, title: `${what} has told nothing whole since ${spokenInstant(since)}`, path: '/sources' });
      }),

  deadline: (rule, { deadlines, now }) => {
    const ahead = deadlines(rule.within).filter(({ at, controls, checks }) => now < at && at <= now + rule.within && concerns(rule, controls, checks));
    return [...Map.groupBy(ahead, ({ what, of, checks, controls }) => `${what} of ${checks[0] ?? `${of} ${controls.join(' ')}`}`)].map(([key, its]) => {
      const first = its.reduce((least, it) => (it.at < least.at ? it : least));
      const magnitude = its.reduce((sum, { count = 1 }) => sum + count, 0);
      return signal(rule, severest(its), { key, title: comingTitle(first, magnitude), path: first.path, controls: first.controls, magnitude });
    });
  },

  'missed-occurrence': (rule, { occurrences, posture }) =>
    occurrences
      .filter(({ kind, state, late, controls }) => kind === 'duty' && state === 'missed' && late === null && concerns(rule, controls, []))
      .map(({ what, controls, due, from }) => {
        const its = posture.controls.filter(({ id }) => controls.includes(id));
        const title = `${what} was due ${spokenInstant(due)} and was not done`;
        return signal(rule, severest(its), { key: `duty ${controls.join(' ')} ${what} ${from}`, title, path: pathOf(its, null), controls });
      }),

  'log-integrity': (rule, { complaints }) =>
    complaints.map(({ code, grave }) =>
      signal(rule, grave ? 'critical' : 'medium', {
        key: `log ${code}`,
        title: grave ? `The log is not what was sealed (${code})` : `The log is not confirmed outside as it should be (${code})`,
        path: '/records',
      }),
    ),

  'job-trouble': (rule, { jobs }) =>
    jobs.map(({ kind, what, since }) =>
      signal(rule, 'medium', { key: `job ${kind} ${what}`, title: `${what}: ${kind} since ${spokenInstant(since)}`, path: '/jobs' }),
    ),

  delivery: (rule, { undelivered }) =>
    undelivered.map(({ channel, since }) =>
      signal(rule, 'high', {
        key: `channel ${channel}`,
        title: `The channel ${channel} has taken no notification since ${spokenInstant(since)}`,
        path: '/alerts',
        avoid: channel,
      }),
    ),
};

function comingTitle({ what, of, at }: Deadline, count: number): string {
  if (what === 'occurrence') return `${of} is due ${spokenInstant(at)}`;
  if (what === 'finding') return `${several(count, 'finding')} ${count === 1 ? 'is' : 'are'} to be fixed soon, the first by ${spokenInstant(at)}: ${of}`;
  return `${several(count, 'item')} will deviate unless something is done, the first from ${spokenInstant(at)} on: ${of}`;
}

function signal(
  { name, on, severity, route, quiet }: Rule,
  usual: Severity,
  its: Pick<Signal, 'key' | 'title' | 'path'> & Partial<Pick<Signal, 'controls' | 'magnitude' | 'avoid'>>,
): Signal {
  return {
    rule: name,
    on,
    route,
    quiet,
    severity: severity ?? usual,
    controls: [],
    magnitude: 1,
    avoid: null,
    ...its,
    key: oneLine(its.key),
    title: oneLine(its.title),
  };
}

const concerns = ({ controls, checks }: Rule, itsControls: readonly string[], itsChecks: readonly string[]): boolean =>
  (controls === null || itsControls.some((id) => controls.includes(id))) && (checks === null || itsChecks.some((id) => checks.includes(id)));

const idsOf = (controls: readonly ControlPosture[]): readonly string[] => controls.map(({ id }) => id);
const severest = (all: readonly { readonly severity: Severity }[]): Severity => worstSeverity(all.map(({ severity }) => severity));
const pathOf = ([first]: readonly ControlPosture[], check: string | null): string =>
  first ? `/controls/${first.id}${check === null ? '' : `#${check}`}` : '/findings';

/** A check of the whole looks at least so often: deadlines and silences come by time alone. */
export const LOOK_EVERY = minutes(5);
