import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ACME_OVERLAY, acmeConfiguration } from '../acme/configuration.ts';
import { acmeWire } from '../acme/wire.ts';
import { configuredAt, makeWorld } from '../acme/world.ts';
import { readCatalog } from '../catalog/catalog.ts';
import { FILE_NAME } from '../configuration/read.ts';
import { initialFiles } from '../configuration/template.ts';
import { ConfigurationError } from '../core/error.ts';
import { type Instant, iso } from '../core/instant.ts';
import { openArchive } from '../evidence/directory.ts';
import { CALLS } from '../evidence/files.ts';
import { DESCRIPTION, FORMAT } from '../log/description.ts';
import { configured } from './configured.ts';
import { CREDENTIALS, type Told, tellOfAcme, writeFiles } from './demo-telling.ts';
import { demoStatements } from './demo-statements.ts';
import { adjustedProgram, inForceNow } from './in-force.ts';
import { IN_FORCE, inForceBytes } from './in-force-sealed.ts';
import { type OpenOptions, openWorkspace, originOf } from './open.ts';
import { DEMO, STATE } from './schedule.ts';
import { home } from './version.ts';
import type { Workspace } from './views.ts';

type Sealed = Pick<Told, 'at' | 'draft'>;

const THREADS = 4;
/** Stands in the state folder while Acme is laid in: whatever else is there then is half of it. */
const LOADING = 'demo.loading';

/** Whether Acme is to be laid in: there is nothing yet, or an Acme that an earlier version laid in and this one cannot read. */
export const needsDemo = (dir: string): boolean => !existsSync(join(resolve(dir), FILE_NAME)) || isOutdated(resolve(dir));

/** Nothing but the made-up company is ever taken away for it. */
function isOutdated(dir: string): boolean {
  const state = join(dir, STATE);
  if (!existsSync(join(state, DEMO)) || !existsSync(join(state, DESCRIPTION))) return false;
  const { format } = JSON.parse(readFileSync(join(state, DESCRIPTION), 'utf8')) as { readonly format: unknown };
  return Number(format) < FORMAT;
}

/** Opens the made-up company as it was laid in: its sources are answered by a world that goes on from its last day. */
export function openDemo(options: OpenOptions, lastDay: Instant): Promise<Workspace> {
  const world = makeWorld(lastDay);
  return openWorkspace({
    ...options,
    demo: { wire: acmeWire(world, options.clock ?? Date.now), credentials: CREDENTIALS, prepare: (at) => writeFiles(resolve(options.dir), world, at) },
  });
}

/** What was told, with those of the others before it whose time had come; they are taken out of where they wait. */
function amid(told: readonly Sealed[], waiting: Sealed[]): readonly Sealed[] {
  return told.flatMap((next) => {
    const due = waiting.filter(({ at }) => at <= next.at);
    waiting.splice(0, due.length);
    return [...due, next];
  });
}

/**
 * Lays Acme into an empty workspace: eight months of nightly runs up to now, asked of the made-up vendors by the real
 * collectors and sealed by Acme's own clock. Throws `ConfigurationError` where there is a workspace already.
 */
export async function loadDemo({
  dir: given,
  clock = Date.now,
  progress = () => undefined,
}: {
  readonly dir: string;
  readonly clock?: () => Instant;
  readonly progress?: (done: number, of: number) => void;
}): Promise<{ readonly records: number }> {
  const dir = resolve(given);
  if (isOutdated(dir)) {
    rmSync(join(dir, FILE_NAME), { force: true });
    rmSync(join(dir, STATE), { recursive: true });
  }
  if (existsSync(join(dir, FILE_NAME)))
    throw new ConfigurationError(`there is a ${FILE_NAME} in ${dir} already. Load the demo into an empty folder: tickmark demo --workspace acme`);
  const now = clock();
  const world = makeWorld(now);
  const state = join(dir, STATE);
  if (existsSync(join(state, LOADING))) rmSync(state, { recursive: true }); // the load before was interrupted: it is begun anew
  if (existsSync(join(state, 'log'))) throw new ConfigurationError(`there is a log in ${state} already. Load the demo into an empty folder.`);
  mkdirSync(state, { recursive: true, mode: 0o700 });
  writeFileSync(join(state, LOADING), iso(now));
  const text = acmeConfiguration(world);
  const sealing: Instant[] = []; // each record bears the time of its own night
  // A made-up history need not survive a power cut while it is laid in: nobody waits for the disk.
  const calls = { ...CALLS, fsync: async () => undefined };
  const archive = await openArchive({ dir: state, clock: () => sealing.shift() ?? now, origin: originOf('Acme', true), calls });
  const seal = async (batch: readonly Sealed[]) => {
    sealing.push(...batch.map(({ at }) => at));
    await archive.append(batch.map(({ draft }) => draft));
  };
  writeFiles(dir, world, world.firstDay);
  const catalog = readCatalog(join(home, 'catalog'), join(dir, 'controls'));
  const inForce = inForceBytes(inForceNow(catalog.digest, adjustedProgram(catalog)));
  const laid = Object.fromEntries(Object.entries(ACME_OVERLAY).map(([name, body]) => [name, Buffer.from(body)]));
  const [first, ...later] = configuredAt(world).map((at) => {
    const overlaid = Object.entries({ [FILE_NAME]: Buffer.from(acmeConfiguration(world, at)), ...laid, [IN_FORCE]: inForce });
    return { at, draft: configured(at, overlaid, true) };
  });
  if (!first) throw new RangeError('Acme has no configuration');
  await seal([first]);
  let records = 1;
  const people = demoStatements(world, archive.origin);
  for await (const { told, done, of } of tellOfAcme({ now, dir, threads: Math.min(THREADS, availableParallelism()) })) {
    const all = people.among(amid(told, later), records);
    await seal(all);
    records += all.length;
    progress(done, of);
  }
  await archive.close();
  const { [FILE_NAME]: _, ...others } = initialFiles({ company: 'Acme', timezone: 'UTC', from: '2026-01-01', to: '2027-01-01' });
  for (const [path, body] of Object.entries(others)) {
    if (existsSync(join(dir, path))) continue;
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), body);
  }
  writeFileSync(join(state, DEMO), JSON.stringify({ lastDay: world.lastDay, loadedAt: iso(now) }));
  // Last, for by this file a folder is a workspace: half a demo must never be taken for a company.
  writeFileSync(join(dir, FILE_NAME), text);
  rmSync(join(state, LOADING));
  return { records };
}
