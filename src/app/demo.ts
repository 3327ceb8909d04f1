import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { acmeConfiguration, acmeFiles, acmeRuns } from '../acme/configuration.ts';
import { acmeWire } from '../acme/wire.ts';
import { makeWorld, type World } from '../acme/world.ts';
import { collectors } from '../collectors/index.ts';
import { FILE_NAME, readConfiguration } from '../configuration/read.ts';
import { initialFiles } from '../configuration/template.ts';
import { startOfDay } from '../core/calendar.ts';
import { ConfigurationError } from '../core/error.ts';
import { days, type Instant, iso } from '../core/instant.ts';
import { openArchive } from '../evidence/directory.ts';
import type { Draft } from '../evidence/record.ts';
import { openSource } from '../sources/open.ts';
import { type OpenOptions, openWorkspace, originOf, STATE } from './open.ts';
import { perform } from './run.ts';
import type { Workspace } from './views.ts';

/** How many days of records are sealed under one checkpoint: each night its own. */
const DAYS_A_BATCH = 1;
const MARK = 'demo.json';
const CREDENTIALS = { token: 'acme', accessKeyId: 'acme', secretAccessKey: 'acme' };

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
  if (existsSync(join(dir, FILE_NAME)))
    throw new ConfigurationError(`there is a ${FILE_NAME} in ${dir} already. Load the demo into an empty folder: tickmark demo --workspace acme`);
  const now = clock();
  const world = makeWorld(now);
  const state = join(dir, STATE);
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const text = acmeConfiguration(world);
  let at = world.firstDay;
  const archive = await openArchive({ dir: state, clock: () => at, origin: originOf('Acme', true) });
  const wire = acmeWire(world, () => at);
  writeFiles(dir, world, at);
  writeFileSync(join(dir, FILE_NAME), text);
  const { sources, file } = readConfiguration(dir, collectors);

  const runs = acmeRuns(world, now);
  const configured: Draft = {
    demo: true,
    body: { kind: 'configuration', at },
    subjects: [
      {
        name: FILE_NAME,
        mediaType: 'application/yaml',
        request: { method: 'READ', url: FILE_NAME, body: null },
        status: 200,
        headers: {},
        startedAt: at,
        finishedAt: at,
        bytes: Buffer.from(text),
      },
    ],
  };
  const marks = new Map<string, string>();
  let batch: Draft[] = [configured];
  let began = at;
  for (const [place, run] of runs.entries()) {
    at = run.at;
    if (at - began >= days(DAYS_A_BATCH)) {
      await archive.append(batch);
      [batch, began] = [[], at];
      progress(place, runs.length);
    }
    const source = sources.find(({ collector, name }) => `${collector.id}/${name}` === run.source);
    if (!source) throw new RangeError(`Acme has no source ${run.source}`);
    if (source.collector.transport === 'file') writeFiles(dir, world, at);
    for (const partition of source.collector.partitions(source.config)) {
      const order = {
        collector: source.collector,
        name: source.name,
        partition,
        config: source.config,
        endpoint: null,
        slot: at,
        timezone: file.timezone,
        since: startOfDay(file.period.from, file.timezone),
        demo: true,
        after: marks.get(`${run.source} ${partition}`) ?? null,
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
      const { draft } = await perform(
        order,
        async () => openSource(source.collector, options),
        () => at,
      );
      if (draft.body.kind === 'run' && draft.body.mark !== null) marks.set(`${run.source} ${partition}`, draft.body.mark);
      batch.push(draft);
    }
  }
  await archive.append(batch);
  await archive.close();
  for (const [path, body] of Object.entries(initialFiles({ company: 'Acme', timezone: 'UTC', from: '2026-01-01', to: '2027-01-01' }))) {
    if (existsSync(join(dir, path))) continue;
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), body);
  }
  writeFileSync(join(state, MARK), JSON.stringify({ lastDay: world.lastDay, loadedAt: iso(now) }));
  progress(runs.length, runs.length);
  return { records: runs.length + 1 };
}

function writeFiles(dir: string, world: World, at: Instant): void {
  for (const [name, text] of Object.entries(acmeFiles(world, at))) {
    const path = join(dir, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
