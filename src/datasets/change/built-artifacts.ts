import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { maybeAt, maybeText, said, text } from '../fields.ts';

const BuiltArtifact = z.object({
  digest: text('Digest of what was built: sha256:…'),
  name: text('Name under which it was built'),
  repo: maybeText('Repository that it was built from'),
  sha: maybeText('Commit that it was built from'),
  builder: text('Who built it, as the provenance names them: a workflow, a service'),
  byPipeline: said('That builder is one that the configuration calls the pipeline'),
  builtAt: maybeAt('When it was built, or its provenance was written down'),
});
export type BuiltArtifact = z.infer<typeof BuiltArtifact>;

export const builtArtifacts = defineDataset<BuiltArtifact>({
  id: 'change.built-artifacts',
  title: 'One thing that was built, with what it was built from and who built it',
  row: BuiltArtifact,
  key: ({ digest, name, builder, sha }) => `${digest}/${name}/${builder}/${sha ?? ''}`,
  label: ({ name, digest }) => `${name} ${digest.slice(0, 19)}`,
  freshness: hours(36),
});
