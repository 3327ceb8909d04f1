import { describe, expect, it } from 'vitest';
import { days, hours, minutes } from '../core/instant.ts';
import { type Act, type Alert, after, type Deed, folded } from './alert.ts';
import { byAbsence, bySignal, keyOf, refusal } from './course.ts';
import { byTime, dueNotices, nextStep } from './steps.ts';
import { AT, policy, signal } from './testing/made.ts';

const MARIA = 'maria.lopez@acme.example';
const does = (alert: Alert, at: number, deed: Deed, by = MARIA): Alert => after(alert.id, alert, { seq: alert.seq + 1, at, by, deed });
const raised = folded('A-1', [{ seq: 1, at: AT, by: 'tickmark', deed: { do: 'raise', signal: signal() } }]);
const resolve = { do: 'resolve', conclusion: 'true_positive', cause: 'the key was left in a script', incident: null } as const;

describe('what makes two alerts the same', () => {
  it('is the rule and what it is about, and not how it is worded', () => {
    expect(keyOf(signal({ title: 'otherwise' }))).toBe(keyOf(signal()));
    expect(new Set([signal(), signal({ rule: 'another' }), signal({ key: 'control AC-03' })].map(keyOf)).size).toBe(3);
  });

  it('says nothing new while it lasts, and is told anew where there is more of it or it is more urgent', () => {
    const deviations = (magnitude: number, severity: 'high' | 'critical' = 'high') => signal({ magnitude, severity });
    const alert = folded('A-1', [{ seq: 1, at: AT, by: 'tickmark', deed: { do: 'raise', signal: deviations(3) } }]);
    expect(bySignal(alert, deviations(3), policy(), AT)).toBeNull();
    expect(bySignal(alert, deviations(2), policy(), AT)).toBeNull();
    expect(bySignal(alert, deviations(4), policy(), AT)).toEqual({ do: 'grow', signal: deviations(4) });
    expect(bySignal(alert, deviations(2, 'critical'), policy(), AT)).toEqual({ do: 'grow', signal: deviations(3, 'critical') });
    const grown = does(does(alert, AT, { do: 'acknowledge' }), AT + 1, { do: 'grow', signal: deviations(4) });
    expect([grown.state, grown.round, grown.openedAt, grown.firstAcknowledged?.at]).toEqual(['open', 2, AT + 1, AT]);
    expect(bySignal(grown, deviations(3), policy(), AT)).toBeNull(); // back and forth is no news
  });
});

describe('the end of a cause', () => {
  const ended = does(raised, AT + hours(2), { do: 'end', because: 'its cause has ended' }, 'tickmark');

  it('resolves an alert, and says so', () => {
    expect(byAbsence(raised, policy())).toEqual({ do: 'end', because: 'its cause has ended' });
    expect(byAbsence(raised, policy({ rules: [] }))).toEqual({ do: 'end', because: 'its rule was taken out of the configuration' });
    expect(ended).toMatchObject({ state: 'resolved', lasts: false, resolved: { by: 'tickmark', conclusion: 'auto_resolved', cause: 'its cause has ended' } });
    expect(byAbsence(ended, policy())).toBeNull();
  });

  it('is reopened where the cause comes back soon, and is another alert where it comes back later', () => {
    expect(bySignal(ended, signal(), policy(), AT + hours(2) + hours(24) - 1)?.do).toBe('reopen');
    expect(bySignal(ended, signal(), policy(), AT + hours(2) + hours(24))?.do).toBe('raise');
    const again = does(ended, AT + hours(3), { do: 'reopen', signal: signal() }, 'tickmark');
    expect(again).toMatchObject({ state: 'open', round: 2, reopened: 1, resolved: null, lasts: true, openedAt: AT + hours(3), raisedAt: AT });
  });

  it('does not take back what a person concluded', () => {
    const concluded = does(raised, AT + hours(1), resolve);
    const over = does(concluded, AT + hours(2), { do: 'end', because: 'its cause has ended' }, 'tickmark');
    expect([over.state, over.lasts, over.resolved?.conclusion, over.resolved?.by]).toEqual(['resolved', false, 'true_positive', MARIA]);
  });
});

describe('resolved by a person while the cause lasts', () => {
  it('stands for as long as evidence may take, and is then reopened', () => {
    const alert = does(raised, AT + hours(1), resolve);
    expect(bySignal(alert, signal(), policy(), AT + hours(1) + hours(36) - 1)).toBeNull();
    expect(bySignal(alert, signal(), policy(), AT + hours(1) + hours(36))?.do).toBe('reopen');
  });

  it('stands for longer where it was no real alarm, and not where there is more of it', () => {
    const alert = does(raised, AT, { ...resolve, conclusion: 'false_positive' });
    expect(bySignal(alert, signal(), policy(), AT + days(29))).toBeNull();
    expect(bySignal(alert, signal(), policy(), AT + days(30))?.do).toBe('reopen');
    expect(bySignal(alert, signal({ magnitude: 2 }), policy(), AT + days(1))?.do).toBe('grow');
    expect(does(alert, AT + days(1), { do: 'grow', signal: signal({ magnitude: 2 }) })).toMatchObject({ state: 'open', resolved: null, reopened: 1 });
  });
});

describe('what people do', () => {
  it('stops the escalation, which goes on where nothing comes of it', () => {
    const taken = does(raised, AT + minutes(10), { do: 'acknowledge' });
    expect(dueNotices(taken, policy(), AT + days(1))).toEqual([]);
    expect(byTime(taken, policy(), AT + minutes(10) + hours(8) - 1)).toBeNull();
    expect(byTime(taken, policy(), AT + minutes(10) + hours(8))).toBe('resume');
    expect(nextStep(taken, policy(), AT + hours(1))).toBe(AT + minutes(10) + hours(8));
    const resumed = does(taken, AT + hours(9), { do: 'resume' }, 'tickmark');
    expect(dueNotices(resumed, policy(), AT + hours(9)).map(({ id }) => id)).toEqual(['A-1.2.0.chat']);
    expect(resumed.firstAcknowledged).toEqual({ at: AT + minutes(10), by: MARIA });
  });

  it('puts it off, and no longer than said', () => {
    const put = does(raised, AT, { do: 'snooze', until: AT + hours(3), text: 'the fix is rolled out tonight' });
    expect(dueNotices(put, policy(), AT + hours(4))).toEqual([]);
    expect([byTime(put, policy(), AT + hours(3) - 1), byTime(put, policy(), AT + hours(3))]).toEqual([null, 'wake']);
    const taken = does(put, AT, { do: 'acknowledge' });
    expect([byTime(taken, policy(), AT + hours(3) - 1), byTime(taken, policy(), AT + hours(3))]).toEqual([null, 'wake']);
    expect(does(put, AT + hours(3), { do: 'wake' }, 'tickmark')).toMatchObject({ state: 'open', snoozedUntil: null, round: 2 });
  });

  it.each<[string, Alert, Deed, string | null]>([
    ['acknowledged twice', does(raised, AT, { do: 'acknowledge' }), { do: 'acknowledge' }, 'A-1 is acknowledged already'],
    ['acknowledged when it is over', does(raised, AT, resolve), { do: 'acknowledge' }, 'A-1 is resolved already'],
    ['resolved twice', does(raised, AT, resolve), resolve, 'A-1 is resolved already'],
    ['put off when it is over', does(raised, AT, resolve), { do: 'snooze', until: AT + 9, text: '-' }, 'A-1 is resolved: there is nothing to put off'],
    ['put off into the past', raised, { do: 'snooze', until: AT, text: '-' }, 'a snooze ends in the future'],
    [
      'put off for less',
      does(raised, AT, { do: 'snooze', until: AT + 9, text: '-' }),
      { do: 'snooze', until: AT + 8, text: '-' },
      'A-1 is put off for longer already',
    ],
    ['a note when it is over', does(raised, AT, resolve), { do: 'note', text: 'seen again in staging' }, null],
    ['resolved without being acknowledged', raised, resolve, null],
  ])('%s', (_, alert, deed, says) => expect(refusal(alert, deed, AT)).toBe(says));
});

it('keeps what is said of each notification, and who was told', () => {
  const told = (step: number, channel: string): Act['deed'] => ({
    do: 'notify',
    delivery: { round: 1, step, channel, says: 'raised', attempts: 1, because: null },
  });
  const first = does(raised, AT, told(0, 'chat'), 'tickmark');
  expect([first.told, first.escalatedAt]).toEqual([['chat'], null]);
  const second = does(does(first, AT + minutes(30), told(1, 'chat'), 'tickmark'), AT + minutes(31), told(1, 'pager'), 'tickmark');
  expect([second.told, second.escalatedAt]).toEqual([['chat', 'pager'], AT + minutes(30)]);
});

it('takes no act that cannot follow', () => {
  expect(() => after('A-1', null, { seq: 1, at: AT, by: MARIA, deed: { do: 'acknowledge' } })).toThrow('alert A-1 does not begin with being raised');
  expect(() => after('A-1', raised, { seq: 3, at: AT, by: MARIA, deed: { do: 'acknowledge' } })).toThrow('alert A-1: act 3 after act 1');
  expect(() => does(raised, AT, { do: 'raise', signal: signal() })).toThrow('alert A-1 is raised twice');
  expect(() => folded('A-1', [])).toThrow('alert A-1 has no act');
});

it('does not ask the channel that fails to say so', () => {
  const failing = folded('A-1', [{ seq: 1, at: AT, by: 'tickmark', deed: { do: 'raise', signal: signal({ avoid: 'chat' }) } }]);
  expect(dueNotices(failing, policy(), AT + hours(2)).map(({ channel, step }) => `${step} ${channel}`)).toEqual(['1 pager', '2 mail']);
});
