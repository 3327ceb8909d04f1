import { randomBytes } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectors } from '../collectors/index.ts';
import { withAlerts, withSettings, withSource, withSourceChanged, withSourceRetired, type Written } from '../configuration/edit.ts';
import { KEPT, readConfiguration, resolveCredentials, type Source, writtenIn } from '../configuration/read.ts';
import { localDate, startOfDay } from '../core/calendar.ts';
import { ConfigurationError } from '../core/error.ts';
import type { Resolve } from '../notify/guard.ts';
import type { Wire } from '../sources/wire.ts';
import { alertsForm } from './alert-settings.ts';
import { saveAlerts } from './alert-saving.ts';
import type { CatalogView } from './catalogue.ts';
import { collectorLines } from './collector-lines.ts';
import { CHANGED, editFile, editingOf } from './configuration-file.ts';
import { networksAllowed } from './guarded-wire.ts';
import { firmOf, type LiveConfiguration } from './live-configuration.ts';
import type { Connecting, Saved, Scope } from './connecting-views.ts';
import { checked, collectorOf, type Filled, referencesOf } from './source-entry.ts';
import type { Context } from './schedule.ts';
import { tryOut } from './trial.ts';
import type { Workspace } from './views.ts';

export interface ConnectingMeans {
  readonly context: Context;
  readonly configuration: LiveConfiguration;
  readonly wire: Wire;
  /** Looks up names; the system's way unless said. */
  readonly resolve: Resolve | undefined;
  readonly catalog: () => CatalogView;
  /** Seals the configuration where it is not what was sealed last. */
  readonly seal: () => Promise<void>;
  readonly recordActs: Workspace['recordActs'];
}

/** What the made-up company answers whoever wants to change it. */
const MADE_UP = 'Acme is made up, and so are its sources. Start with your own company to connect one.';

const MADE_UP_ALERTS = 'Acme is made up, and what it is alarmed about is not changed. Start with your own company to say whom alerts reach.';

export function connecting(means: ConnectingMeans): Connecting {
  const { context, configuration } = means;
  const { dir, env, credentials, clock, demo } = context;
  const guarded = () => ({ allowed: networksAllowed(env), resolve: means.resolve });
  const find = ({ collector, name }: { readonly collector: string; readonly name: string }): Source | null =>
    configuration.sources.find((source) => source.collector.id === collector && source.name === name) ?? null;

  async function save(edit: (text: string) => string, digest: string): Promise<Saved> {
    const edited = editFile(dir, env, digest, edit);
    if (edited === CHANGED) return { state: 'changed' };
    const { restart } = await reconfigure();
    return { state: 'saved', digest: editingOf(dir, env).digest, restart };
  }

  async function reconfigure() {
    const next = readConfiguration(dir, collectors);
    if (next.text === configuration.text) return { taken: false, restart: [] };
    const restart = firmOf(configuration.file, next.file);
    if (restart.length > 0) return { taken: false, restart };
    configuration.replace(next);
    await means.seal();
    return { taken: true, restart };
  }

  return {
    editing: () => (demo ? { ...editingOf(dir, env), refused: MADE_UP } : editingOf(dir, env)),
    collectors: () => collectorLines(means.catalog(), configuration),
    reconfigure,

    async trial(filled, by) {
      const was = find(filled);
      const its = demo ? tolerated(filled) : await checked(filled, was, guarded());
      if ('wrong' in its) return its;
      const { collector, config } = its;
      const [partition] = collector.partitions(config);
      if (partition === undefined) return { wrong: [{ name: 'config', says: 'it names nothing to ask' }] };
      await means.recordActs([
        { act: 'source-trial', by, target: `sources/${filled.collector}/${filled.name}`, says: { partition, endpoint: filled.endpoint } },
      ]);
      const { timezone, period } = configuration.file;
      const order = { collector, config, endpoint: filled.endpoint, partition, timezone, since: startOfDay(period.from, timezone) };
      return tryOut({ ...order, credentials: await secretsFor(filled, was, its.collector.id) }, { wire: means.wire, clock, root: dir });
    },

    form(source) {
      const entry = configuration.file.sources.find(({ collector, name }) => collector === source.collector && name === source.name);
      if (!entry) throw new ConfigurationError(`no source is called ${source.collector}/${source.name}.`);
      const { endpoint, ...config } = entry.config;
      return {
        config,
        endpoint: typeof endpoint === 'string' ? endpoint : null,
        every: entry.every ?? null,
        chain: entry.credentials === 'default',
        credentials: entry.credentials === 'default' ? {} : entry.credentials,
        digest: editingOf(dir, env).digest,
      };
    },

    async connect(filled, { by, digest, change }) {
      if (demo) throw new ConfigurationError(MADE_UP);
      const was = find(filled);
      if (change && was === null) throw new ConfigurationError(`no source is called ${filled.collector}/${filled.name}.`);
      if (!change && was !== null)
        return { state: 'wrong', wrong: [{ name: 'name', says: `there is a source ${filled.collector}/${filled.name} already. Choose another name` }] };
      const its = await checked(filled, was, guarded());
      if ('wrong' in its) return { state: 'wrong', wrong: its.wrong };
      const references = referencesOf(filled, its.collector, was);
      const typed = Object.fromEntries(Object.entries(filled.credentials).filter(([, value]) => value !== ''));
      const written: Written = {
        collector: filled.collector,
        name: filled.name,
        config: { ...filled.config, ...(filled.endpoint === null ? {} : { endpoint: filled.endpoint }) },
        credentials: references,
        every: filled.every,
      };
      const before = await credentials.of(filled);
      // The secret first: a file that refers to one that is not there would make every run fail.
      await credentials.keep(filled, typed);
      const saved = await save((text) => (change ? withSourceChanged : withSource)(text, written), digest).catch(async (error: unknown) => {
        await putBack(filled, before);
        throw error;
      });
      if (saved.state !== 'saved') {
        await putBack(filled, before);
        return saved;
      }
      await credentials.only(filled, references === 'default' ? [] : Object.keys(references).filter((name) => references[name] === KEPT));
      const says = {
        config: JSON.stringify(written.config),
        every: filled.every,
        credentials: references === 'default' ? references : { ...references },
        retyped: Object.keys(typed),
      };
      await means.recordActs([{ act: change ? 'source-change' : 'source-connect', by, target: `sources/${filled.collector}/${filled.name}`, says }]);
      return saved;
    },

    async retire(source, { by, digest, because }) {
      if (demo) throw new ConfigurationError(MADE_UP);
      const its = find(source);
      if (!its) throw new ConfigurationError(`no source is called ${source.collector}/${source.name}.`);
      if (its.retired !== null) throw new ConfigurationError(`${source.collector}/${source.name} is retired since ${its.retired} already.`);
      const at = localDate(clock(), configuration.file.timezone);
      const saved = await save((text) => withSourceRetired(text, source, { at, because }), digest);
      if (saved.state !== 'saved') return saved;
      await credentials.only(source, []);
      await means.recordActs([{ act: 'source-retire', by, target: `sources/${source.collector}/${source.name}`, says: { at, because } }]);
      return saved;
    },

    alerts: () => ({
      ...alertsForm(writtenIn(configuration.text, 'alerts'), configuration.file.timezone),
      ...editingOf(dir, env),
      ...(demo ? { refused: MADE_UP_ALERTS } : {}),
    }),

    async setAlerts(filled, { by, digest }) {
      if (demo) throw new ConfigurationError(MADE_UP_ALERTS);
      const written = writtenIn(configuration.text, 'alerts');
      return saveAlerts(filled, written, {
        ...{ credentials, by, recordActs: means.recordActs },
        guarded: { allowed: [...networksAllowed(env), ...(configuration.file.alerts?.allow ?? [])], resolve: means.resolve },
        save: (alerts) => save((text) => withAlerts(text, alerts), digest),
      });
    },

    async setScope({ period, categories, systems }, { by, digest }) {
      if (demo) throw new ConfigurationError(MADE_UP);
      const settings = {
        ...(period ? { period } : {}),
        ...(categories ? { categories } : {}),
        ...(systems ? { scope: { systems: mergedSystems(systems) } } : {}),
      };
      const saved = await save((text) => withSettings(text, settings), digest);
      if (saved.state === 'saved') await means.recordActs([{ act: 'scope-change', by, target: null, says: JSON.parse(JSON.stringify(settings)) }]);
      return saved;
    },

    async upload(name, text, by) {
      if (demo) throw new ConfigurationError(MADE_UP);
      if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,60}\.(csv|json|jsonl|sarif)$/.test(name))
        throw new ConfigurationError(`${name} is no name for a file here: letters, digits and hyphens, ending in .csv, .json, .jsonl or .sarif.`);
      const folder = join(dir, UPLOADS);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const beside = join(folder, `.${name}.${randomBytes(6).toString('hex')}.tmp`);
      writeFileSync(beside, text, { mode: 0o600, flush: true });
      renameSync(beside, join(folder, name));
      const path = `${UPLOADS}/${name}`;
      await means.recordActs([{ act: 'file-upload', by, target: path, says: { bytes: Buffer.byteLength(text) } }]);
      return path;
    },
  };

  /** What is there already and is not named stays: its owner, its class of data, what tells of it. */
  function mergedSystems(systems: NonNullable<Scope['systems']>) {
    const there = configuration.file.scope.systems;
    return systems.map((system) => ({ ...there.find(({ id }) => id === system.id), ...system }));
  }

  async function putBack(source: Filled, before: Readonly<Record<string, string>>): Promise<void> {
    await credentials.keep(source, before);
    await credentials.only(source, Object.keys(before));
  }

  async function secretsFor(filled: Filled, was: Source | null, collector: string) {
    if (demo) return demo.credentials;
    if (filled.chain) return 'default' as const;
    const typed = Object.entries(filled.credentials).filter(([, value]) => value !== '');
    const there =
      was === null || typed.length === Object.keys(collectorOf(collector).credentials).length
        ? {}
        : resolveCredentials(was, dir, env, await credentials.of(filled));
    return { ...(there === 'default' ? {} : there), ...Object.fromEntries(typed) };
  }
}

const UPLOADS = 'uploads';

/** The made-up vendors are asked by the made-up credentials: what was typed goes nowhere. */
function tolerated(filled: Filled) {
  const collector = collectorOf(filled.collector);
  const read = collector.config.safeParse(filled.config);
  if (read.success) return { collector, config: read.data };
  return { wrong: read.error.issues.map(({ path, message }) => ({ name: ['config', ...path.map(String)].join('.'), says: message })) };
}
