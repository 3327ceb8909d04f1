import { z } from 'zod';
import { canonical, type Json } from '../../core/canonical.ts';
import type { Instant } from '../../core/instant.ts';
import { type Resource, resources } from '../../datasets/config/resources.ts';
import { textOf } from '../answers.ts';
import { defineCollector, table } from '../collector.ts';
import { generatedAt, generatedField, splitGenerated } from '../exported.ts';
import type { Artifact } from '../source.ts';
import { redactTerraform } from './redact.ts';

export const TerraformState = z.strictObject({
  path: z
    .string()
    .min(1)
    .describe('The file, below the workspace or absolute: a state of version 4, or what "terraform show -json" prints of a state or a plan'),
  state: z.string().min(1).default('default').describe('Your name for this state; rows are known by it'),
  generatedAt: generatedField,
  systems: z
    .record(z.string(), z.string().min(1))
    .default({})
    .describe('Id in the scope by prefix of a resource type, where it is not the prefix itself: { google: gcp }'),
});
type TerraformState = z.infer<typeof TerraformState>;

const members = z.record(z.string(), z.unknown());
const index = z.union([z.string(), z.number()]);
const mode = z.enum(['managed', 'data']);
const Instance = z.object({ index_key: index.nullish(), deposed: z.string().nullish(), attributes: members.nullish(), attributes_flat: members.nullish() });
const State = z.object({
  version: z.literal(4),
  resources: z.array(z.object({ module: z.string().nullish(), mode, type: z.string().min(1), name: z.string().min(1), instances: z.array(Instance) })),
});
const Planned = z.object({ address: z.string().min(1), mode, type: z.string().min(1), name: z.string().min(1), values: members.nullish() });
type Planned = z.infer<typeof Planned>;
interface Module {
  readonly resources?: readonly Planned[] | null | undefined;
  readonly child_modules?: readonly Module[] | null | undefined;
}
const Module: z.ZodType<Module> = z.object({
  resources: z.array(Planned).nullish(),
  get child_modules() {
    return z.array(Module).nullish();
  },
});
const Values = z.object({ root_module: Module.nullish() });
const Shown = z.object({
  format_version: z.string(),
  timestamp: z.string().nullish(),
  values: Values.nullish(),
  planned_values: Values.nullish(),
  prior_state: z.object({ values: Values.nullish() }).nullish(),
  resource_changes: z.array(z.object({ address: z.string(), change: z.object({ after_unknown: z.unknown() }) })).nullish(),
});
type Shown = z.infer<typeof Shown>;

export const terraformState = defineCollector<TerraformState, 'file'>({
  id: 'terraform/state',
  title: 'Resources as a Terraform or OpenTofu state or plan tells them',
  version: 2,
  transport: 'file',
  hosts: () => [],
  operations: [],
  permissions: [{ right: 'read the file', why: 'it holds secrets in the clear: they are taken out before anything is kept' }],
  credentials: {},
  every: '1d',
  config: TerraformState,
  feeds: [resources],
  cannotTell: [
    'what was made or changed by hand since the state was written',
    'resources of any other state, or made without Terraform',
    'values that are secret: they are replaced by {"$sensitive": true} before the file is kept',
  ],
  partitions: ({ state }) => [state],

  async *collect(source, { config }) {
    const artifact = await source.read('state', config.path, redactTerraform);
    generated(artifact, config);
    yield artifact;
  },

  normalize(artifacts, { config }) {
    const [artifact] = artifacts;
    if (!artifact) throw new RangeError('there is no state');
    return [table(resources, rowsOf(JSON.parse(splitGenerated(textOf(artifact)).rest) as Json, config), generated(artifact, config))];
  },
});

const Plan = z.object({ timestamp: z.string().nullish() });

/** A plan says when it was made; a state does not. */
function generated(artifact: Artifact, { path, generatedAt: configured }: TerraformState): Instant {
  const { said, rest } = splitGenerated(textOf(artifact));
  const { timestamp } = Plan.parse(JSON.parse(rest));
  return generatedAt(path, said, timestamp, configured);
}

interface Told {
  readonly address: string;
  readonly origin: 'state' | 'plan';
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  readonly attributes: unknown;
}

function rowsOf(document: Json, config: TerraformState): readonly Resource[] {
  const told = typeof document === 'object' && document !== null && 'format_version' in document ? shown(Shown.parse(document)) : stored(document);
  return told.map(({ address, attributes, type, ...rest }) => ({
    ...rest,
    systemId: config.systems[type.split('_')[0] ?? type] ?? type.split('_')[0] ?? type,
    resourceId: `${config.state} ${address}`,
    address,
    type,
    module: /^module\.[^.[]+/.exec(address)?.[0] ?? null,
    state: config.state,
    attributes: canonical(exact(attributes as Json)),
    file: null,
    firstLine: null,
    lastLine: null,
    commit: null,
  }));
}

function stored(document: Json): readonly Told[] {
  return State.parse(document).resources.flatMap(({ module, mode: how, type, name, instances }) =>
    instances.map(({ index_key: key, deposed, attributes, attributes_flat: flat }): Told => {
      const place = key === null || key === undefined ? '' : `[${JSON.stringify(key)}]`;
      const address = `${module ? `${module}.` : ''}${how === 'data' ? 'data.' : ''}${type}.${name}${place}${deposed ? ` (deposed ${deposed})` : ''}`;
      return { address, origin: 'state', mode: how, type, name, attributes: attributes ?? flat ?? {} };
    }),
  );
}

/** Of a plan what will be, with what is known only after it; what a plan only reads stands in its prior state. */
function shown({ values, planned_values: planned, prior_state: prior, resource_changes: changes }: Shown): readonly Told[] {
  const open = new Map((changes ?? []).map(({ address, change }) => [address, change.after_unknown]));
  const all = (module: Module | null | undefined): readonly Planned[] => [...(module?.resources ?? []), ...(module?.child_modules ?? []).flatMap(all)];
  const made = all((planned ?? values)?.root_module);
  const known = new Set(made.map(({ address }) => address));
  const read = all(prior?.values?.root_module).flatMap((it) => (it.mode === 'data' && !known.has(it.address) ? [it] : []));
  return [...made, ...read].map(({ values: its, ...rest }) => ({
    ...rest,
    origin: planned ? 'plan' : 'state',
    attributes: laidOver((its ?? {}) as Json, (open.get(rest.address) ?? false) as Json),
  }));
}

const LATER = { $expression: '(known after apply)' } as const;

function laidOver(value: Json | undefined, open: Json): Json {
  if (open === true) return LATER;
  if (Array.isArray(open))
    return Array.isArray(value) ? (value as readonly Json[]).map((its, place) => laidOver(its, (open[place] ?? false) as Json)) : (value ?? null);
  if (typeof open !== 'object' || open === null) return value ?? null;
  const base = (typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}) as Readonly<Record<string, Json>>;
  const later = Object.entries(open).flatMap(([key, its]) =>
    base[key] !== undefined || holdsOpen(its as Json) ? [[key, laidOver(base[key], its as Json)] as const] : [],
  );
  return { ...base, ...Object.fromEntries(later) };
}

const holdsOpen = (open: Json): boolean =>
  open === true || (typeof open === 'object' && open !== null && Object.values(open).some((its) => holdsOpen(its as Json)));

/** Numbers that are not safe integers are given as their digits. */
function exact(value: Json): Json {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : String(value);
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value)
    ? (value as readonly Json[]).map(exact)
    : Object.fromEntries(Object.entries(value).map(([key, its]) => [key, exact(its as Json)]));
}
