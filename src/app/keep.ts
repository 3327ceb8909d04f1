import { alertKeeper, type Keeper } from './alert-keeper.ts';
import type { JobTrouble } from './job-views.ts';
import type { Workspace } from './views.ts';
import { keepWatch } from './watch.ts';

/** What a workspace does by itself while it is served: it watches, at each instant at which something changes too, and what it sees raises alerts. */
export interface Kept {
  /** Looks at once, or after whoever looks already, and once for all who ask until then: something was learned. Resolves once that was seen, and once nobody who asks for a list has to wait for what it is sorted by. */
  look(): Promise<void>;
  /** Resolves once what is under way is done. */
  stop(): Promise<void>;
}

export interface KeepOptions {
  /** Calls back after so many milliseconds, unless what it returns is called before. */
  readonly after: (milliseconds: number, act: () => void) => () => void;
  /** What alerts have to say for the journal. */
  readonly say: (line: string) => void;
  readonly troubles?: () => Promise<readonly JobTrouble[]>;
  readonly failed: (error: unknown) => void;
}

export function keep(
  workspace: Pick<Workspace, 'alerts' | 'onChange' | 'now' | 'observe' | 'nextChange' | 'ahead'>,
  { after, say, troubles, failed }: KeepOptions,
): Kept {
  const watch = keepWatch(workspace, { after, failed });
  const alerts: Keeper = alertKeeper(workspace, say, troubles);
  let stopped = false;
  let under = Promise.resolve();
  let next: Promise<void> | null = null;
  const step = async (): Promise<void> => {
    await watch.look();
    if (!stopped) await workspace.ahead().catch(failed);
  };
  return {
    look() {
      next ??= under.then(() => {
        next = null;
        return step();
      });
      under = next;
      return next;
    },
    async stop() {
      stopped = true;
      watch.stop();
      await Promise.all([alerts.stop(), under]);
    },
  };
}
