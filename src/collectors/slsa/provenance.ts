import { z } from 'zod';
import { builtArtifacts } from '../../datasets/change/built-artifacts.ts';
import { textOf } from '../answers.ts';
import { defineCollector, type Of, table } from '../collector.ts';
import { generatedAt, generatedField, splitGenerated } from '../exported.ts';
import type { Artifact } from '../source.ts';
import { builtBy, statementOf } from './statements.ts';

const ProvenanceConfig = z.strictObject({
  path: z.string().min(1).describe('The file, below the workspace or absolute: a statement of provenance on each line, or a JSON list of them'),
  name: z.string().min(1).default('default').describe('Your name for this file; rows are known by it'),
  builders: z
    .array(z.string().min(1))
    .min(1)
    .describe('Beginnings of the ids of builders that are the pipeline: https://github.com/acme/web/.github/workflows/release.yml@refs/heads/main'),
  verifiedBy: z
    .string()
    .min(1)
    .describe('What verified the signatures before the file was written: a job that runs "gh attestation verify" or "cosign verify-attestation"'),
  generatedAt: generatedField,
});
type ProvenanceConfig = z.infer<typeof ProvenanceConfig>;

export const slsaProvenance = defineCollector<ProvenanceConfig, 'file'>({
  id: 'slsa/provenance',
  title: 'What the pipeline built, from statements of provenance (SLSA, in-toto)',
  version: 1,
  transport: 'file',
  hosts: () => [],
  operations: [],
  permissions: [{ right: 'read the file', why: 'each statement says what was built, from what and by whom' }],
  credentials: {},
  every: '1d',
  config: ProvenanceConfig,
  feeds: [builtArtifacts],
  cannotTell: [
    'whether the signature over a statement holds: the job that the configuration names verified it before it wrote the file',
    'whether statements were left out: what runs and has none is a deviation',
  ],
  partitions: ({ name }) => [name],

  async *collect(source, { config }) {
    const artifact = await source.read('statements', config.path);
    made(artifact, config);
    builtIn(artifact, config);
    yield artifact;
  },

  normalize(artifacts, of) {
    const [artifact] = artifacts;
    if (!artifact) throw new RangeError('there is no file');
    return [table(builtArtifacts, rowsOf(artifact, of), made(artifact, of.config))];
  },
});

const made = (artifact: Artifact, { path, generatedAt: configured }: ProvenanceConfig) => generatedAt(path, splitGenerated(textOf(artifact)).said, configured);

/** The same told by two statements is told once. */
const rowsOf = (artifact: Artifact, { config }: Of<ProvenanceConfig>) => [
  ...new Map(builtIn(artifact, config).map((row) => [builtArtifacts.key(row), row])).values(),
];

function builtIn(artifact: Artifact, { path, builders }: ProvenanceConfig) {
  return entriesOf(splitGenerated(textOf(artifact)).rest).flatMap((entry, place) => {
    try {
      return builtBy(statementOf(entry), builders);
    } catch (cause) {
      throw new RangeError(`${path}, statement ${place + 1}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  });
}

function entriesOf(text: string): readonly unknown[] {
  const trimmed = text.trim();
  if (trimmed.startsWith('[')) return JSON.parse(trimmed) as unknown[];
  return trimmed.split('\n').flatMap((line) => (line.trim() === '' ? [] : [JSON.parse(line) as unknown]));
}
