import { type JobTrouble, LOOK_EVERY } from '../alerts/signals.ts';
import type { Duration } from '../core/instant.ts';
import type { Workspace } from './views.ts';

export interface Keeper {
  /** Looks at once: something has changed. */
  look(): void;
  /** Resolves once what is under way is done. */
  stop(): Promise<void>;
}

/** So often it is asked what time demands, at the most: another server may have begun something. */
const TICK: Duration = 15_000;

/**
 * Keeps alerts while a server runs: looks when the posture changes and every few minutes, and does what time demands
 * between. One after the other, so that nothing is done twice by one server.
 */
export function alertKeeper(
  workspace: Pick<Workspace, 'alerts' | 'onChange' | 'now'>,
  say: (line: string) => void,
  troubles: () => Promise<readonly JobTrouble[]> = async () => [],
): Keeper {
  const { alerts } = workspace;
  let [stopped, due, last] = [false, true, 0];
  let timer: NodeJS.Timeout | undefined;
  let under: Promise<void> = Promise.resolve();

  const step = async (): Promise<void> => {
    try {
      if (due || workspace.now() - last >= LOOK_EVERY) {
        due = false;
        last = workspace.now();
        await alerts.look(await troubles());
      }
      await alerts.tick();
    } catch (error) {
      say(`alerts could not be looked after, and are again in a moment: ${error instanceof Error ? error.message : String(error)}`);
    }
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(run, due ? 0 : TICK);
  };
  const run = () => {
    clearTimeout(timer);
    under = under.then(step);
  };
  const ignore = [alerts.onLine(say), workspace.onChange(() => void look())];
  const look = () => {
    due = true;
    if (!stopped) run();
  };

  run();
  return {
    look,
    async stop() {
      stopped = true;
      for (const end of ignore) end();
      clearTimeout(timer);
      await under;
    },
  };
}
