import { spokenDuration } from '../../../src/core/spoken.ts';
import type { Answer } from '../api/ask.ts';
import { spoken } from '../time.ts';

type Alert = Answer<'alerts', 'read'>;

interface Step {
  readonly name: string;
  /** `null`: not yet, and nothing says when. */
  readonly at: string | null;
  readonly says: string;
  readonly toCome: boolean;
}

/** From being fired to being resolved on one line, with how long each step took; what is to come is dashed. */
export function AlertTimeline({ of }: { readonly of: Alert }) {
  const steps = stepsOf(of);
  return (
    <ol className="alert-line" aria-label="The course of this alert">
      {steps.map(({ name, at, says, toCome }, place) => {
        const before = steps[place - 1]?.at ?? null;
        const took = at !== null && before !== null && !toCome ? Date.parse(at) - Date.parse(before) : null;
        return (
          <li key={`${name} ${at ?? says}`} className={toCome ? 'to-come' : undefined}>
            <b>{name}</b>
            <span>{at === null ? 'not yet' : `${toCome ? 'on ' : ''}${spoken(at)}`}</span>
            <small className="faint">
              {took !== null && took > 0 ? `${spokenDuration(took)} later, ` : ''}
              <bdi>{says}</bdi>
            </small>
          </li>
        );
      })}
    </ol>
  );
}

function stepsOf({ raisedAt, rule, notifications, firstAcknowledged, acts, resolved, steps, state, snoozedUntil }: Alert): readonly Step[] {
  const sent = notifications.find((it) => it.state === 'sent' && it.says === 'raised');
  const note = acts.find(({ act }) => act === 'note');
  const done = (name: string, at: string, says: string): Step => ({ name, at, says, toCome: false });
  const waits = (name: string, says: string, at: string | null = null): Step => ({ name, at, says, toCome: true });
  const past = [
    done('Fired', raisedAt, `by the rule ${rule}`),
    ...(sent ? [done('Routed', sent.doneAt ?? sent.due, sent.channel)] : []),
    ...(firstAcknowledged ? [done('Acknowledged', firstAcknowledged.at, firstAcknowledged.by)] : []),
    ...(note ? [done('Investigated', note.at, note.by)] : []),
    ...(resolved ? [done('Resolved', resolved.at, resolved.by)] : []),
  ].sort((a, b) => (a.at ?? '').localeCompare(b.at ?? ''));
  if (state === 'resolved') return past;
  return [
    ...past,
    ...(snoozedUntil === null ? [] : [waits('Comes back', 'it was put off', snoozedUntil)]),
    ...steps.map(({ at, to }) => waits('Passed on', `to ${to.join(', ')} unless acknowledged`, at)),
    ...(firstAcknowledged ? [] : [waits('Acknowledged', 'by whoever takes it')]),
    ...(note ? [] : [waits('Investigated', 'by a note of what was found')]),
    waits('Resolved', 'with a conclusion and its cause'),
  ];
}
