import { z } from 'zod';
import { days } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, list, maybeText, said, systemId, text } from '../fields.ts';

export const RepoCommit = z.object({
  systemId,
  repo: text('Owner and name of the repository, as the configuration says it'),
  sha: text('Commit'),
  branch: text('Default branch'),
  first: z.boolean().describe('It is on the first-parent line of the branch'),
  parents: list('Ids of the parents'),
  author: text('Name of the author, as written'),
  authorEmail: text('Address of the author, lower case'),
  committer: text('Name of the committer, as written'),
  committerEmail: text('Address of the committer, lower case'),
  coAuthorEmails: list('Addresses in Co-authored-by lines, lower case'),
  signature: z.enum(['pgp', 'ssh', 'x509', 'none', 'unknown']).describe('Kind of signature that it carries'),
  verified: said('The signature was checked here and is good by the key that made it; unknown where it could not be checked'),
  signerKey: maybeText('Fingerprint of that key, as git says it: SHA256:… of SSH, hex of OpenPGP. Whose it is, people.keys says; null where it is not told'),
  subject: text('First line of the message; (none) of an empty one'),
  authoredAt: at('Author date'),
  committedAt: at('Committer date'),
});
export type RepoCommit = z.infer<typeof RepoCommit>;

export const repoCommits = defineDataset<RepoCommit>({
  id: 'repo.commits',
  title: 'One commit of the default branch, as a clone of the repository holds it',
  row: RepoCommit,
  key: ({ repo, sha }) => `${repo}/${sha}`,
  label: ({ sha, repo }) => `${sha.slice(0, 12)} in ${repo}`,
  freshness: days(11),
  happened: ({ committedAt }) => committedAt,
});
