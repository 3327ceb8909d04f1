import type { SlotRow } from '../../app/job-views.ts';
import { iso } from '../../core/instant.ts';
import type { Services } from './asking.ts';
import { askedTeller, runEnded } from './happenings.ts';
import { problem } from './problem.ts';

/** Workspaces whose sources this server asks for somebody, for want of a worker. */
const busy = new WeakSet<object>();
/** So often it is looked how jobs stand that somebody waits for, and so often at the most: two hours. */
const LOOK = 1000;
const LOOKS = 7200;

/** Hands sources to the queue, and tells of each job as it goes on. `null` where no worker lives. */
export async function handIn(services: Services, source: string | undefined, by: string, act: () => Promise<unknown>): Promise<readonly SlotRow[] | null> {
  const { workspace } = services;
  const jobs = await workspace.jobs().collect(source, by, act);
  if (jobs === null) return null;
  const say = telling(services, source);
  say('begun');
  for (const job of jobs) tellJob(services, job);
  void followed(services, jobs)
    .catch((error: unknown) => services.failed(error, 'collect'))
    .finally(() => say('ended'));
  return jobs;
}

/** Tells of each change, until all of them have ended. */
async function followed(services: Services, jobs: readonly SlotRow[]): Promise<void> {
  let before = jobs;
  for (let looks = 0; before.some(isOpen) && looks < LOOKS; looks++) {
    await new Promise((done) => setTimeout(done, LOOK).unref());
    const now = await services.workspace.jobs().follow(before);
    for (const job of now)
      if (!before.some((was) => was.schedule === job.schedule && was.state === job.state && was.attempt === job.attempt)) tellJob(services, job);
    before = now;
  }
}

const isOpen = ({ state }: SlotRow): boolean => state === 'queued' || state === 'running' || state === 'retry';

function tellJob({ hub, workspace }: Services, { schedule, slot, state, attempt, note, worker }: SlotRow): void {
  const data = { schedule, slot: iso(slot), state, attempt, note, worker };
  hub.tell({ type: 'job', at: workspace.now(), permission: 'sources.read', controls: null, data });
}

/** Asks sources in this process, one collection at a time, and returns once it has begun. */
export async function askHere(services: Services, source: string | undefined, act: () => Promise<unknown>): Promise<void> {
  const { workspace, hub, failed } = services;
  if (busy.has(workspace)) throw problem('busy', 'A collection that somebody asked for is still under way.');
  busy.add(workspace);
  const say = telling(services, source);
  try {
    await act();
  } catch (error) {
    busy.delete(workspace);
    throw error;
  }
  say('begun');
  workspace
    .collect(source, { progress: (run) => hub.tell(runEnded(run, workspace.now())), told: askedTeller(hub, workspace.now) })
    .then(() => workspace.observe())
    .catch((error: unknown) => failed(error, 'collect'))
    .finally(() => {
      busy.delete(workspace);
      say('ended');
    });
}

const telling =
  ({ hub, workspace }: Services, source: string | undefined) =>
  (state: 'begun' | 'ended'): void =>
    hub.tell({ type: 'collection', at: workspace.now(), permission: 'sources.read', controls: null, data: { state, source: source ?? null } });
