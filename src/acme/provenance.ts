import { type Instant, iso, minutes } from '../core/instant.ts';
import { type Change, changesOf, shaOf } from './changes.ts';
import { DEPLOYED } from './github-deployments.ts';
import type { World } from './world.ts';

export const PROVENANCE = 'builds/provenance.jsonl';
export const workflowOf = (repo: string): string => `https://github.com/acme/${repo}/.github/workflows/release.yml@refs/heads/main`;

/** Newest builds of each repository of which the file tells: what runs is among them. */
const KEPT = 4;
/** From landing to the image, which is before it is deployed. */
const BUILDING = minutes(10);
/** How often the pipeline writes the file. */
const WRITTEN = minutes(5);

/** The image that is built of a commit, by its digest. */
export const digestOf = (repo: string, sha: string): string => `sha256:${shaOf(`image of ${repo} ${sha}`)}${shaOf(`rest of ${repo} ${sha}`).slice(0, 24)}`;
export const imageOf = (repo: string, sha: string): string => `registry.acme.example/${repo}:${sha.slice(0, 12)}`;

/** What the pipeline says of its newest builds, each statement in an envelope, as a job writes them once it has verified their signatures. */
export function provenanceOf(world: World, at: Instant): string {
  const made = Math.floor(at / WRITTEN) * WRITTEN;
  const built = changesOf(world).filter(({ landedAt }) => landedAt + BUILDING <= made);
  const newest = DEPLOYED.flatMap((repo) => built.filter((change) => change.repo === repo).slice(-KEPT));
  return [`# generated ${iso(made)}`, ...newest.map((change) => JSON.stringify(envelope(statement(change)))), ''].join('\n');
}

const envelope = (payload: object) => ({
  payloadType: 'application/vnd.in-toto+json',
  payload: btoa(JSON.stringify(payload)),
  signatures: [{ keyid: '', sig: 'bWFkZSB1cA==' }],
});

const statement = ({ repo, sha, landedAt }: Change) => ({
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: imageOf(repo, sha), digest: { sha256: digestOf(repo, sha).slice('sha256:'.length) } }],
  predicateType: 'https://slsa.dev/provenance/v1',
  predicate: {
    buildDefinition: {
      buildType: 'https://actions.github.io/buildtypes/workflow/v1',
      externalParameters: { workflow: { ref: 'refs/heads/main', repository: `https://github.com/acme/${repo}`, path: '.github/workflows/release.yml' } },
      resolvedDependencies: [{ uri: `git+https://github.com/acme/${repo}@refs/heads/main`, digest: { gitCommit: sha } }],
    },
    runDetails: { builder: { id: workflowOf(repo) }, metadata: { finishedOn: iso(landedAt + BUILDING) } },
  },
});
