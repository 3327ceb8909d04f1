import type { Hono } from 'hono';
import { keep } from '../app/keep.ts';
import { openAny } from '../app/open-any.ts';
import type { RunResult, Workspace } from '../app/views.ts';
import { changeLines } from '../app/watch.ts';
import { api } from '../server/api/api.ts';
import type { Companies } from '../server/api/asking.ts';
import { alertChanged, askedTeller, postureChanged, runEnded } from '../server/api/happenings.ts';
import { hub } from '../server/api/hub.ts';
import { dashboard } from '../server/dashboard.ts';
import { hostsOf } from '../server/hosts.ts';
import { site } from '../server/server.ts';
import { howToComeIn, keepTelling, signInOf } from '../server/sign-in/serve.ts';
import type { Output } from './output.ts';
import { type Running, running } from './running.ts';

/** One workspace while it is served: what answers for it, and what it does by itself. */
export interface Door {
  readonly workspace: Workspace;
  readonly its: Running;
  /** Its sign-in, API and dashboard. */
  readonly app: Hono;
  /** Where the server listens. */
  listens(url: string): void;
  /** How its owner comes in; `null` where people have their ways already. */
  link(): ReturnType<typeof howToComeIn>;
  /** Watches, raises alerts and does what is due. */
  begin(how: { readonly worker: boolean }): Promise<void>;
  close(): Promise<void>;
}

export interface DoorOptions {
  readonly dir: string;
  readonly output: Output;
  readonly log: string;
  /** Under which people reach it; that of the configuration unless said. */
  readonly url: string | undefined;
  readonly companies: Companies | null;
}

/** What other processes have sealed is seen within so long; deadlines are met on their instant. */
const LOOK = 60_000;

export async function openDoor({ dir, output, log, url, companies }: DoorOptions): Promise<Door> {
  const workspace = await openAny({ dir });
  const its = running(workspace, { dir, output, format: log });
  const { journal } = its;
  const happenings = hub();
  const failed = (error: unknown, instance: string) => journal.warn(`${instance}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  const signIn = signInOf(workspace, url ?? workspace.url);
  const served = api({ services: { workspace, hub: happenings, signIn: signIn.means, companies, failed }, principalOf: signIn.principalOf });
  const ends: (() => unknown)[] = [];

  return {
    workspace,
    its,
    app: signIn.over(site({ hosts: hostsOf(url ?? workspace.url), api: served, dashboard: dashboard() })),
    listens: (at) => signIn.listens(at),
    link: () => howToComeIn(signIn.means),

    async begin({ worker }) {
      workspace.onChange((changed) => {
        for (const line of changeLines(changed)) journal.note(line, { event: 'change' });
      });
      workspace.onChange((changed) => happenings.tell(postureChanged(changed)));
      const kept = keep(workspace, {
        after: (milliseconds, act) => {
          const timer = setTimeout(act, milliseconds);
          return () => clearTimeout(timer);
        },
        say: (line) => journal.note(line, { event: 'alert' }),
        troubles: () => workspace.jobs().troubles(),
        failed: (error) => journal.warn(`what changed could not be told: ${error instanceof Error ? error.message : String(error)}`),
      });
      const tellNoMore = keepTelling(signIn.means, (error) => failed(error, 'failed sign-ins could not be told'));
      workspace.alerts.onAct((act, alert) => happenings.tell(alertChanged(act, alert)));
      await kept.look();
      const collected = (result: RunResult) => {
        happenings.tell(runEnded(result, workspace.now()));
        void kept.look();
      };
      if (worker) await its.work({ hooks: { collected, asked: askedTeller(happenings, workspace.now) } });
      const take = takingUp(workspace, (says) => journal.warn(says));
      const timer = setInterval(() => void take().then(() => kept.look()), LOOK);
      ends.push(
        () => clearInterval(timer),
        tellNoMore,
        () => kept.stop(),
      );
    },

    async close() {
      for (const end of ends) await end();
      await its.stop();
      await workspace.close();
    },
  };
}

/** Takes up `tickmark.yaml` where somebody has changed it by hand. What stands in the way is said once. */
export function takingUp(workspace: Pick<Workspace, 'connecting'>, warn: (says: string) => void): () => Promise<void> {
  let said = '';
  const say = (says: string) => {
    if (says !== said && says !== '') warn(says);
    said = says;
  };
  return async () => {
    try {
      const { restart } = await workspace.connecting.reconfigure();
      say(restart.length === 0 ? '' : `tickmark.yaml has changed, and is taken up when this process begins anew: ${restart.join(', ')}.`);
    } catch (error) {
      say(`tickmark.yaml has changed and cannot be taken up; what was in force stays: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
}
