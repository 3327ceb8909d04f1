import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ACME_OVERLAY, acmeConfiguration, acmeFiles, acmeRuns } from '../acme/configuration.ts';
import { acmeWire } from '../acme/wire.ts';
import { makeWorld, type World } from '../acme/world.ts';
import { readCatalog } from '../catalog/catalog.ts';
import { collectors } from '../collectors/index.ts';
import { FILE_NAME, parseConfiguration } from '../configuration/read.ts';
import { initialFiles } from '../configuration/template.ts';
import { startOfDay } from '../core/calendar.ts';
import { ConfigurationError } from '../core/error.ts';
import { days, duration, type Instant, iso } from '../core/instant.ts';
import { openArchive } from '../evidence/directory.ts';
import { CALLS } from '../evidence/files.ts';
import { DESCRIPTION, FORMAT } from '../log/description.ts';
import type { Draft } from '../evidence/record.ts';
import { openSource } from '../sources/open.ts';
import { type OpenOptions, openWorkspace, originOf } from './open.ts';
import { configured } from './configured.ts';
import { adjustedProgram, IN_FORCE, inForceBytes, inForceNow } from './in-force.ts';
import { STATE } from './schedule.ts';
import { home } from './version.ts';
import { perform } from './run.ts';
import type { Workspace } from './views.ts';

/** How many days of records are sealed under one checkpoint: a year of nights, each on its own, would take a minute. */
const DAYS_A_BATCH = 7;
const MARK = 'demo.json';
/** Stands in the state folder while Acme is laid in: whatever else is there then is half of it. */
const LOADING = 'demo.loading';
const CREDENTIALS = { token: 'acme', accessKeyId: 'acme', secretAccessKey: 'acme' };

/** Whether Acme is to be laid in: there is nothing yet, or an Acme that an earlier version laid in and this one cannot read. */
export const needsDemo = (dir: string): boolean => !existsSync(join(resolve(dir), FILE_NAME)) || isOutdated(resolve(dir));

/** Nothing but the made-up company is ever taken away for it. */
function isOutdated(dir: string): boolean {
  const state = join(dir, STATE);
  if (!existsSync(join(state, MARK)) || !existsSync(join(state, DESCRIPTION))) return false;
  const { format } = JSON.parse(readFileSync(join(state, DESCRIPTION), 'utf8')) as { readonly format: unknown };
  return Number(format) < FORMAT;
}

/** Opens a workspace, be it the made-up company or a real one. */
export async function openAny(options: OpenOptions): Promise<Workspace> {
  const mark = join(resolve(options.dir), STATE, MARK);
  if (!existsSync(mark)) return openWorkspace(options);
  const { lastDay } = JSON.parse(readFileSync(mark, 'utf8')) as { readonly lastDay: Instant };
  const clock = options.clock ?? Date.now;
  const world = makeWorld(lastDay);
  return openWorkspace({
    ...options,
    demo: { wire: acmeWire(world, clock), credentials: CREDENTIALS, prepare: (at) => writeFiles(resolve(options.dir), world, at) },
  });
}

/**
 * Lays Acme into an empty workspace: fourteen months of nightly runs up to now, asked of the made-up vendors by the real
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
  let at = world.firstDay;
  const sealing: Instant[] = []; // each record bears the time of its own night
  // A made-up history need not survive a power cut while it is laid in: nobody waits for the disk.
  const calls = { ...CALLS, fsync: async () => undefined };
  const archive = await openArchive({ dir: state, clock: () => sealing.shift() ?? at, origin: originOf('Acme', true), calls });
  const wire = acmeWire(world, () => at);
  const files = new Map<string, string>();
  writeFiles(dir, world, at, files);
  const { sources, file } = parseConfiguration(text, collectors);

  const runs = acmeRuns(world, now);
  const catalog = readCatalog(join(home, 'catalog'), join(dir, 'controls'));
  const overlaid = Object.entries({
    [FILE_NAME]: Buffer.from(text),
    ...Object.fromEntries(Object.entries(ACME_OVERLAY).map(([name, body]) => [name, Buffer.from(body)])),
    [IN_FORCE]: inForceBytes(inForceNow(catalog.digest, adjustedProgram(catalog))),
  });
  const marks = new Map<string, string>();
  let batch: { readonly at: Instant; readonly draft: Draft }[] = [{ at, draft: configured(at, overlaid, true) }];
  const seal = async () => {
    sealing.push(...batch.map((it) => it.at));
    await archive.append(batch.map(({ draft }) => draft));
    batch = [];
  };
  let began = at;
  let records = 1;
  for (const [place, run] of runs.entries()) {
    at = run.at;
    if (at - began >= days(DAYS_A_BATCH)) {
      await seal();
      began = at;
      progress(place, runs.length);
    }
    const source = sources.find(({ collector, name }) => `${collector.id}/${name}` === run.source);
    if (!source) throw new RangeError(`Acme has no source ${run.source}`);
    if (source.collector.transport === 'file') writeFiles(dir, world, at, files);
    for (const partition of source.collector.partitions(source.config)) {
      const line = `${run.source} ${partition}`;
      for (let more = true; more; ) {
        const order = {
          collector: source.collector,
          name: source.name,
          partition,
          config: source.config,
          endpoint: null,
          slot: at,
          every: duration(source.every),
          timezone: file.timezone,
          since: startOfDay(file.period.from, file.timezone),
          demo: true,
          after: marks.get(line) ?? null,
        };
        const options = {
          config: source.config,
          partition,
          credentials: CREDENTIALS,
          endpoint: null,
          root: dir,
          wire,
          clock: () => at,
          sleep: async () => undefined,
        };
        const ran = await perform(
          order,
          async () => openSource(source.collector, options),
          () => at,
        );
        more = ran.more;
        if (ran.draft.body.kind === 'run' && ran.draft.body.mark !== null) marks.set(line, ran.draft.body.mark);
        batch.push({ at, draft: ran.draft });
        records++;
        if (more) at += 1000; // no two runs begin at one instant
      }
    }
  }
  await seal();
  await archive.close();
  const { [FILE_NAME]: _, ...others } = initialFiles({ company: 'Acme', timezone: 'UTC', from: '2026-01-01', to: '2027-01-01' });
  for (const [path, body] of Object.entries(others)) {
    if (existsSync(join(dir, path))) continue;
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), body);
  }
  writeFileSync(join(state, MARK), JSON.stringify({ lastDay: world.lastDay, loadedAt: iso(now) }));
  // Last, for by this file a folder is a workspace: half a demo must never be taken for a company.
  writeFileSync(join(dir, FILE_NAME), text);
  rmSync(join(state, LOADING));
  progress(runs.length, runs.length);
  return { records };
}

/** As the files stood then; `known` holds what was written before, and is not written again. */
function writeFiles(dir: string, world: World, at: Instant, known?: Map<string, string>): void {
  for (const [name, text] of Object.entries(acmeFiles(world, at))) {
    const path = join(dir, name);
    if (known?.get(path) === text) continue;
    known?.set(path, text);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
