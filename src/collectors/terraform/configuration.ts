import { z } from 'zod';
import { canonical } from '../../core/canonical.ts';
import { IncompleteError } from '../../core/error.ts';
import { type Resource, resources } from '../../datasets/config/resources.ts';
import { textOf } from '../answers.ts';
import { defineCollector, table } from '../collector.ts';
import type { Artifact } from '../source.ts';
import { certain, type Declared, overridden, readFile, settled } from './declared.ts';

export const TerraformConfiguration = z.strictObject({
  repository: z.string().min(1).describe('Folder of the repository, below the workspace or absolute'),
  folder: z
    .string()
    .regex(/^(?![-/])(?!.*(^|\/)\.\.(\/|$))[^\0]*[^\0/]$|^$/, 'expected a folder within the repository, like infrastructure/production')
    .default('')
    .describe('The folder within it that holds the code, with all folders below; all of it unless said'),
  ref: z
    .string()
    .regex(/^[A-Za-z0-9][\w./-]*$/, 'expected the name of a branch, a tag or a commit')
    .default('HEAD')
    .describe('Branch, tag or commit that is read; what is checked out unless said'),
  state: z.string().min(1).optional().describe('Name of the state (terraform/state) that the folder is applied to: it tells what modules from elsewhere made'),
  systems: z
    .record(z.string(), z.string().min(1))
    .default({})
    .describe('Id in the scope by prefix of a resource type, where it is not the prefix itself: { google: gcp }'),
});
type TerraformConfiguration = z.infer<typeof TerraformConfiguration>;

const placeOf = ({ repository, folder }: TerraformConfiguration): string => (folder === '' ? repository : `${repository}/${folder}`);

/** Reads files as they are committed; what lies uncommitted in the folder is nobody's yet. */
export const terraformConfiguration = defineCollector<TerraformConfiguration, 'git'>({
  id: 'terraform/configuration',
  title: 'Resources as Terraform or OpenTofu code declares them',
  version: 2,
  transport: 'git',
  hosts: () => [],
  operations: [],
  permissions: [{ right: 'read the clone', why: 'files are read as they are committed; nothing is run, and nothing of Terraform is needed' }],
  credentials: {},
  repository: ({ repository }) => repository,
  every: '1d',
  config: TerraformConfiguration,
  feeds: [resources],
  cannotTell: [
    'whether the code was applied, or what was changed by hand since: see terraform/state',
    'what a module that lies elsewhere declares: each call of one is a row of its own, so that it is not forgotten',
    'values that come from variables, other resources or functions: they stay expressions',
    'whether the clone is up to date: whoever keeps it fetches before',
  ],
  partitions: (config) => [placeOf(config)],

  async *collect(source, { config }) {
    const commit = await source.run('commit', ['rev-parse', '--verify', `${config.ref}^{commit}`]);
    yield commit;
    const listing = await source.run('files', ['ls-tree', '-r', '-z', '--full-tree', shaOf(commit), ...(config.folder === '' ? [] : [config.folder])]);
    yield listing;
    const files = filesOf(listing);
    if (files.length === 0) throw new IncompleteError(`there is no Terraform code in ${placeOf(config)} as of ${config.ref}: is it the right folder?`);
    for (const { path, mode, sha } of files) {
      if (mode === '120000') throw new IncompleteError(`${path} is a symbolic link, and links are not followed: what it points to is not read`);
      yield await source.run(`file ${path}`, ['cat-file', 'blob', sha]);
    }
  },

  normalize(artifacts, { config }) {
    const commit = shaOf(asked(artifacts, 'commit'));
    const folders = Map.groupBy(filesOf(asked(artifacts, 'files')), ({ path }) => path.slice(0, Math.max(path.lastIndexOf('/'), 0)));
    const rows = [...folders].flatMap(([folder, files]) => {
      const read = files.map(({ path }) => readFile(path, textOf(asked(artifacts, `file ${path}`))));
      const locals = certain(read.flatMap((it) => it.locals));
      return overridden(read.map(({ declared }) => declared)).map((it) => rowOf(it, folder, locals, commit, config));
    });
    return [table(resources, rows)];
  },
});

function asked(artifacts: readonly Artifact[], question: string): Artifact {
  const found = artifacts.find(({ name }) => name === question);
  if (!found) throw new RangeError(`nothing was asked under the name ${question}`);
  return found;
}

function shaOf(artifact: Artifact): string {
  const sha = textOf(artifact).trim();
  if (!/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(sha)) throw new RangeError(`"${artifact.name}" is no commit: ${sha.slice(0, 80)}`);
  return sha;
}

/** Terraform reads `*.tf` and `*.tf.json`; a name that begins with a dot or ends like a backup of an editor is no such file to it either. */
function filesOf(listing: Artifact): readonly { readonly mode: string; readonly sha: string; readonly path: string }[] {
  return textOf(listing)
    .split('\0')
    .flatMap((line) => {
      if (line === '') return [];
      const [, mode, sha, path] = /^(\d+) \w+ ([0-9a-f]+)\t([\s\S]+)$/.exec(line) ?? [];
      if (mode === undefined || sha === undefined || path === undefined) throw new RangeError(`not an entry of a tree: ${line.slice(0, 80)}`);
      return /(^|\/)[^./][^/]*\.tf(\.json)?$/.test(path) ? [{ mode, sha, path }] : [];
    });
}

function rowOf(it: Declared, folder: string, locals: ReturnType<typeof certain>, commit: string, config: TerraformConfiguration): Resource {
  const { mode, type, name, file, firstLine, lastLine } = it;
  const address = mode === 'module' ? `module.${name}` : `${mode === 'data' ? 'data.' : ''}${type}.${name}`;
  const below = folder === config.folder ? '' : config.folder === '' ? folder : folder.slice(config.folder.length + 1);
  const provider = type.split('_')[0] ?? type;
  return {
    systemId: mode === 'module' ? 'terraform' : (config.systems[provider] ?? provider),
    resourceId: `${placeOf(config)}${below === '' ? '' : `/${below}`} ${address}`,
    origin: 'code',
    address,
    mode,
    type,
    name,
    module: below === '' ? null : below,
    state: below === '' ? (config.state ?? null) : null,
    attributes: canonical(settled(it.attributes, locals)),
    file,
    firstLine,
    lastLine,
    commit,
  };
}
