import { alertKeeper, type Keeper } from './alert-keeper.ts';
import type { JobTrouble } from './job-views.ts';
import type { Workspace } from './views.ts';
import { keepWatch } from './watch.ts';

/** What a workspace does by itself while it is served: it watches, at each instant at which something changes too, and what it sees raises alerts. */
export interface Kept {
  /** Looks at once: something was learned. Resolves once that was seen, and once nobody who asks for a list has to wait for what it is sorted by. */
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
  return {
    async look() {
      await watch.look();
      await workspace.ahead().catch(failed);
    },
    async stop() {
      watch.stop();
      await alerts.stop();
    },
  };
}
