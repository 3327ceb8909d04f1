import type { Command } from 'commander';
import { type Alert, type AlertView, CONCLUSIONS, type Deed, type KeptAct, TICKMARK } from '../../app/alerts.ts';
import { alertLine, alertState, deedLine, type ResponseTimes } from '../../app/alert-words.ts';
import { ConfigurationError } from '../../core/error.ts';
import { iso } from '../../core/instant.ts';
import { several, spokenDuration, spokenInstant } from '../../core/spoken.ts';
import { instantArgument, periodArgument, wordArgument } from '../arguments.ts';
import type { AddCommand, Given } from '../command.ts';
import { columns } from '../output.ts';
import { personBehind, TOKEN_OPTION } from '../person.ts';

interface By {
  readonly by?: string;
  readonly tokenFile?: string;
  readonly note?: string;
}

type Run = Parameters<AddCommand>[1];

export const addAlerts: AddCommand = (program, run) => {
  const alerts = program.command('alerts').description('what somebody has to look at: what is open, what was done about it, and how long that took');
  alerts.option('--all', 'those that are resolved as well').action(
    run<{ readonly all?: boolean }>(async ({ output, within }, { all }) => {
      const its = await within((workspace) => workspace.alerts.list(all !== true));

      await output.giveLong({ alerts: its.map(machine) });
      output.say(people(its, all === true));
      return its.some(({ state }) => state !== 'resolved') ? 1 : 0;
    }),
  );
  alerts
    .command('show')
    .description('one alert: every act, every notification, and the record of each')
    .argument('<ID>', 'its id: A-k3f…')
    .action(
      run(async ({ output, within }, _, id) => {
        const view = await within((workspace) => workspace.alerts.show(id ?? ''));

        output.give(machineView(view));
        output.say(() => story(view));
        return 0;
      }),
    );
  addActs(alerts, run);
  alerts
    .command('times')
    .description('how long it takes to acknowledge and to resolve: Tickmark’s own alerts, and those of every source that tells of some')
    .option('--period <FROM..TO>', 'alerts raised in this period; the observation period up to now, unless said')
    .action(
      run<{ readonly period?: string }>(async ({ output, within }, { period }) => {
        const asked = period === undefined ? null : periodArgument(period, '--period');
        const times = await within((workspace) => workspace.alerts.times(asked));

        output.give(machineTimes(times));
        output.say(timesInWords(times));
        return 0;
      }),
    );
  alerts
    .command('rules')
    .description('when alerts are raised, and whom they reach')
    .action(
      run(async ({ output, within }) => {
        const { policy, channels } = await within(async (workspace) => workspace.alerts.rules());

        output.give({ ...policy, channels });
        output.say(
          columns(policy.rules.map(({ name, on, severity, route }) => [name, on, severity ?? 'as its cause', route])) +
            `\n${policy.routes.map(({ name, steps }) => `${name}: ${steps.map(({ after, to }) => `after ${spokenDuration(after)} ${to.join(', ')}`).join('; ')}`).join('\n')}`,
        );
        return 0;
      }),
    );
  alerts
    .command('test')
    .description('send a trial to a channel')
    .argument('<CHANNEL>', 'its name under alerts.channels')
    .action(
      run(async ({ output, within }, _, name) => {
        const sent = await within((workspace) => workspace.alerts.test(name ?? ''));

        output.give({ channel: name, taken: sent.ok, because: sent.ok ? null : sent.because });
        output.say(sent.ok ? `The channel ${name} took it.` : `The channel ${name} did not take it: ${sent.because}.`);
        return sent.ok ? 0 : 1;
      }),
    );
};

function addActs(alerts: Command, run: Run): void {
  const act = (name: string, says: string) =>
    alerts
      .command(name)
      .description(says)
      .argument('<ID>', 'its id: A-k3f…')
      .option(...TOKEN_OPTION)
      .option('--by <EMAIL>', 'who does it, without a token: nothing shows it, and the record says so');
  act('ack', 'take an alert: its escalation stops')
    .option('--note <TEXT>', 'what is known or done so far')
    .action(
      run<By>(async (given, { note, ...who }, id) => {
        const deeds: readonly Deed[] = [{ do: 'acknowledge' }, ...(note === undefined ? [] : [{ do: 'note', text: note } as const])];
        return done(given, id, who, deeds);
      }),
    );
  act('note', 'write down what the investigation found')
    .option('--note <TEXT>', 'what was found')
    .action(run<By>(async (given, { note, ...who }, id) => done(given, id, who, [{ do: 'note', text: needed(note, '--note TEXT') }])));
  act('assign', 'name who investigates')
    .option('--to <EMAIL>', 'who')
    .action(run<By & { readonly to?: string }>(async (given, { to, ...who }, id) => done(given, id, who, [{ do: 'assign', to: needed(to, '--to EMAIL') }])));
  act('resolve', 'end an alert with a conclusion and its cause')
    .option('--conclusion <WORD>', CONCLUSIONS.join(', '))
    .option('--cause <TEXT>', 'why it happened, and what was done')
    .option('--incident <ID>', 'the incident that it became')
    .action(
      run<By & { readonly conclusion?: string; readonly cause?: string; readonly incident?: string }>(
        async (given, { conclusion, cause, incident, ...who }, id) => {
          const word = wordArgument(needed(conclusion, '--conclusion WORD'), '--conclusion', CONCLUSIONS);
          return done(given, id, who, [{ do: 'resolve', conclusion: word, cause: needed(cause, '--cause TEXT'), incident: incident ?? null }]);
        },
      ),
    );
  act('snooze', 'put an alert off')
    .option('--until <INSTANT>', 'when it comes back')
    .option('--note <TEXT>', 'why')
    .action(
      run<By & { readonly until?: string }>(async (given, { until, note, ...who }, id) => {
        const at = instantArgument(needed(until, '--until INSTANT'), '--until');
        return done(given, id, who, [{ do: 'snooze', until: at, text: needed(note, '--note TEXT') }]);
      }),
    );
}

async function done({ output, within }: Given, id: string | undefined, { by, tokenFile }: By, deeds: readonly Deed[]): Promise<0> {
  if (by !== undefined && tokenFile !== undefined) throw new ConfigurationError('--token-file says who you are: leave --by away.');
  const named = tokenFile === undefined ? needed(by, '--token-file FILE or --by EMAIL').toLowerCase() : null;
  if (named !== null && !/^\S+@\S+$/.test(named))
    throw new ConfigurationError(`--by ${named}: expected an address. It is kept with the record of what was done.`);
  const view = await within(async (workspace) => {
    const who = tokenFile === undefined ? { email: named ?? '', vouched: null } : await personBehind(workspace, tokenFile, 'alerts.act');
    for (const deed of deeds) await workspace.alerts.act(id ?? '', deed, who.email, who.vouched);
    return workspace.alerts.show(id ?? '');
  });

  output.give(machineView(view));
  output.say(() => alertLine(view.alert));
  return 0;
}

function needed(text: string | undefined, flag: string): string {
  if (text === undefined || text.trim() === '') throw new ConfigurationError(`${flag} is needed: it is kept with the record of what was done.`);
  return text;
}

const machine = ({ signal, ...alert }: Alert) => ({
  id: alert.id,
  state: alert.state,
  severity: signal.severity,
  title: signal.title,
  rule: signal.rule,
  cause: signal.on,
  path: signal.path,
  raisedAt: iso(alert.raisedAt),
  acknowledged: timed(alert.acknowledged),
  firstAcknowledged: timed(alert.firstAcknowledged),
  escalatedAt: alert.escalatedAt === null ? null : iso(alert.escalatedAt),
  assignee: alert.assignee,
  snoozedUntil: alert.snoozedUntil === null ? null : iso(alert.snoozedUntil),
  resolved: alert.resolved && { ...alert.resolved, at: iso(alert.resolved.at) },
  lasts: alert.lasts,
  reopened: alert.reopened,
  notes: alert.notes.map((note) => ({ ...note, at: iso(note.at) })),
});
const timed = (it: { readonly at: number; readonly by: string } | null) => it && { at: iso(it.at), by: it.by };

const machineView = ({ alert, acts, notices }: AlertView) => ({
  ...machine(alert),
  acts: acts.map(machineAct),
  notifications: notices.map(({ id, round, step, channel, says, due, state, attempts, error, doneAt }) => ({
    id,
    round,
    step,
    channel,
    says,
    due: iso(due),
    state,
    attempts,
    error,
    doneAt: doneAt === null ? null : iso(doneAt),
  })),
});
const machineAct = ({ seq, at, by, deed, record }: KeptAct) => ({ seq, at: iso(at), by, ...deed, record });

function people(alerts: readonly Alert[], all: boolean): string {
  if (alerts.length === 0) return all ? 'No alert was ever raised.' : 'No alert is open.';
  const open = alerts.filter(({ state }) => state !== 'resolved').length;
  const lines = alerts.map((alert) => [
    alertState(alert),
    alert.id,
    alert.signal.severity,
    spokenInstant(alert.raisedAt),
    alert.assignee ?? '',
    alert.signal.title,
  ]);
  return `${several(open, 'alert')} ${open === 1 ? 'is' : 'are'} not resolved.\n${columns(lines)}`;
}

/** Nothing shows who somebody is that a command was told by name alone. */
const whoDid = (by: string, { vouched }: Deed): string => (by === TICKMARK || vouched ? by : `${by} (not authenticated)`);

const story = ({ alert, acts, notices }: AlertView): string =>
  [
    alertLine(alert),
    columns(acts.map(({ at, by, deed, record }) => [spokenInstant(at), whoDid(by, deed), record === null ? 'not sealed yet' : `#${record}`, deedLine(deed)])),
    ...notices
      .filter(({ state }) => state === 'waiting')
      .map(
        ({ channel, due, attempts, error }) =>
          `waits for ${channel}, ${spokenInstant(due)}${attempts > 0 ? `, tried ${several(attempts, 'time')}: ${error ?? ''}` : ''}`,
      ),
  ].join('\n');

const machineTimes = (times: readonly ResponseTimes[]) =>
  times.map(({ system, severity, raised, acknowledge, resolve }) => ({ system, severity, raised, acknowledge, resolve }));

/** What nobody acknowledged or resolved has no time, so it is said beside the mean. */
function timesInWords(times: readonly ResponseTimes[]): string {
  if (times.length === 0) return 'No alert is recorded in this period.';
  const words = (what: string, { count, mean, longest, open, unknown }: ResponseTimes['resolve']) =>
    `${count} ${what}${mean === null ? '' : ` after ${spokenDuration(mean)} on average, ${spokenDuration(longest ?? 0)} at most`}, ${open} not${unknown > 0 ? `, ${unknown} not known` : ''}`;
  return times
    .map(
      ({ system, severity, raised, acknowledge, resolve }) =>
        `${system} ${severity}: ${raised} raised; ${words('acknowledged', acknowledge)}; ${words('resolved', resolve)}`,
    )
    .join('\n');
}
