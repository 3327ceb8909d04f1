import type { Scrubbed } from '../../../app/views.ts';
import { days, iso, seconds as secondsOf } from '../../../core/instant.ts';
import { type Asking, implementing, principalOf } from '../asking.ts';
import { confirmed } from '../confirmed.ts';
import { settings as contract } from '../contract/settings.ts';
import { saved } from '../saved.ts';
import { spelled } from '../spelled.ts';

const endpoints = implementing(contract);

export const settingsRoutes = endpoints.router({
  notifications: endpoints.notifications.handler(({ context: { services } }) => {
    const { quiet, resume, reopen, recheck } = services.workspace.alerts.rules().policy;
    return { quiet: quiet && { ...quiet, from: clockOf(quiet.from), to: clockOf(quiet.to) }, resume, reopen, recheck };
  }),

  notificationsForm: endpoints.notificationsForm.handler(({ context: { services } }) => {
    const { alerts, secrets, ...about } = services.workspace.connecting.alerts();
    return { alerts: { ...alerts }, secrets: copied(secrets), ...about };
  }),

  changeNotifications: endpoints.changeNotifications.handler(async ({ input: { digest, ...filled }, context }) => {
    await confirmed(context);
    const { connecting } = context.services.workspace;
    return saved(context, await connecting.setAlerts(filled, { by: principalOf(context).name, digest }));
  }),

  keys: endpoints.keys.handler(async ({ context: { services } }) => {
    const { began, ...keys } = await services.workspace.standing.keys();
    return { ...spelled({ asOf: services.workspace.now(), ...keys }), began: began === null ? null : iso(began) };
  }),

  rotate: endpoints.rotate.handler(async ({ input: { who, overlapDays }, context }) => {
    await confirmed(context);
    await told(context, 'key-rotate', `keys/${who}`, who === 'log' ? { overlapDays } : null);
    const { workspace } = context.services;
    return { record: await (who === 'log' ? workspace.rotateKey('log', days(overlapDays)) : workspace.rotateKey({ statements: who }, 0)) };
  }),

  room: endpoints.room.handler(({ context: { services } }) => services.workspace.standing.room()),

  readAgain: endpoints.readAgain.handler(async ({ context: { services } }) => shown(await services.workspace.scrubbed())),

  readOn: endpoints.readOn.handler(async ({ input: { seconds }, context }) => {
    await told(context, 'log-read-again', null, { seconds });
    return shown(await context.services.workspace.scrub(secondsOf(seconds)));
  }),

  attend: endpoints.attend.handler(async ({ context }) => {
    await told(context, 'log-attend', null, null);
    const { workspace } = context.services;
    await workspace.attend({ patient: false });
    const { witnessed, timestamped } = (await workspace.logStatus()).attended;
    return { witnessed, timestamped };
  }),
});

/** Seals who asked for it before it is done. */
async function told(context: Asking, act: string, target: string | null, says: Readonly<Record<string, number>> | null): Promise<void> {
  await context.services.workspace.recordActs([{ act, by: principalOf(context).name, target, says }]);
}

const copied = (secrets: Readonly<Record<string, Readonly<Record<string, string>>>>) =>
  Object.fromEntries(Object.entries(secrets).map(([channel, its]) => [channel, { ...its }]));

const clockOf = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

const shown = ({ running, last }: Scrubbed) => ({ running: shownPass(running), last: shownPass(last) });

/** So many problems are shown; a log that has more is looked at with the command line. */
const SHOWN = 200;

const shownPass = (pass: Scrubbed['running']) =>
  pass && {
    ...pass,
    startedAt: iso(pass.startedAt),
    finishedAt: pass.finishedAt === null ? null : iso(pass.finishedAt),
    problems: pass.problems.slice(0, SHOWN),
  };
