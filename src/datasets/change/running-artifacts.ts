import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { maybeText, systemId, text } from '../fields.ts';

const RunningArtifact = z.object({
  systemId,
  environment: z.enum(['production', 'nonproduction', 'unknown']).describe('What it runs for'),
  workload: text('What runs it: account, region, cluster and service'),
  artifact: text('Which part of that it is: the container'),
  image: text('Where it was taken from, as the definition names it: a tag, or a digest'),
  digest: maybeText('Digest of what runs (sha256:…), as the platform observed it; null where it does not say'),
  foreign: z.boolean().describe('It is made by somebody else, by the configuration: no pipeline of the company builds it'),
});
export type RunningArtifact = z.infer<typeof RunningArtifact>;

export const runningArtifacts = defineDataset<RunningArtifact>({
  id: 'change.running-artifacts',
  title: 'One image that runs in one workload, with the digest that the platform observed',
  row: RunningArtifact,
  key: ({ workload, artifact, image, digest }) => `${workload}/${artifact}/${digest ?? image}`,
  label: ({ workload, artifact, image }) => `${artifact} of ${workload} (${image})`,
  freshness: hours(36),
});
