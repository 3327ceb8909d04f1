import { openMetrics, type Metrics } from '../app/metrics.ts';
import { secretsOf } from '../app/secrets.ts';
import type { JobHooks, JobTrouble, RunningWorker } from '../app/job-views.ts';
import type { Workspace } from '../app/views.ts';
import { type Duration, seconds } from '../core/instant.ts';
import { spokenInstant } from '../core/spoken.ts';
import { type Journal, journal } from './journal.ts';
import type { Output } from './output.ts';

/** What `serve` and `worker` have in common: they run until they are told to stop, and say what they do. */
export interface Running {
  readonly journal: Journal;
  readonly metrics: Metrics;
  /** Lets this process work too. */
  work(options?: { readonly alone?: boolean; readonly hooks?: JobHooks }): Promise<void>;
  /** Resolves once the process is told to stop. */
  stopped: Promise<void>;
  /** Waits for jobs that run, and hands back what takes longer. */
  stop(): Promise<void>;
}

/** So long a job may take to end when its process is stopped: systemd and Kubernetes wait a little longer. */
const ENDING: Duration = seconds(25);
/** How often it is looked whether something stands in the way of the schedule. */
const WATCHDOG: Duration = seconds(15);

export function running(workspace: Workspace, { dir, output, format }: { readonly dir: string; readonly output: Output; readonly format: string }): Running {
  const told = journal({ format, output, secrets: secretsOf(dir), also: () => workspace.secretsSeen() });
  const metrics = openMetrics(workspace);
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  const timer = setInterval(watchdog(workspace, told), WATCHDOG);
  let worker: RunningWorker | null = null;
  return {
    journal: told,
    metrics,
    stopped,
    async work({ alone = false, hooks = {} } = {}) {
      worker = await workspace.jobs().work({
        alone,
        tell(event) {
          told.job(event);
          metrics.job(event);
        },
        hooks: {
          ...hooks,
          reported: async ({ month, record, artifact, sha256 }) =>
            told.note(`the access review of ${month} was made: ${artifact}, SHA-256 ${sha256}, record ${record}`, { event: 'report', month, record, sha256 }),
        },
      });
    },
    async stop() {
      clearInterval(timer);
      await worker?.stop(ENDING);
    },
  };
}

/** Tells of each trouble once when it begins, and once when it has ended. That it cannot look is one too. */
function watchdog(workspace: Workspace, told: Journal): () => void {
  let standing = new Map<string, JobTrouble>();
  let busy = false;
  const look = async () => {
    const now = new Map((await seen(workspace)).map((trouble) => [`${trouble.kind} ${trouble.what}`, trouble]));
    for (const [name, { kind, what, since, says }] of now)
      if (!standing.has(name)) told.warn(`trouble: ${says}`, { event: 'trouble', kind, what, since: spokenInstant(since) });
    for (const [name, { kind, what, says }] of standing) if (!now.has(name)) told.note(`no longer: ${says}`, { event: 'trouble-ended', kind, what });
    standing = now;
  };
  return () => {
    if (busy) return;
    busy = true;
    void look().finally(() => {
      busy = false;
    });
  };
}

async function seen(workspace: Workspace): Promise<readonly JobTrouble[]> {
  try {
    return await workspace.jobs().troubles();
  } catch (error) {
    const says = `it cannot be seen what is due: ${error instanceof Error ? error.message : String(error)}`;
    return [{ kind: 'queue', what: 'database', since: workspace.now(), says }];
  }
}
